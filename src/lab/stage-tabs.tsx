// The stage of the lab: the system as a picture, or its messages on the wire.
import { lazy, Suspense, useState } from 'react';
import { Tabs } from '../app/components/tabs.tsx';
import { useLabMessages } from './messages/use-lab-messages.ts';
import type { Session } from './session.ts';
import { Stage } from './stage.tsx';

const Protocol = lazy(() => import('./protocol/protocol.tsx').then((m) => ({ default: m.Protocol })));
const TABS = ['system', 'protocol'] as const;

export function StageTabs({ session, onInspect }: { session: Session; onInspect: () => void }) {
  const words = useLabMessages();
  const [tab, setTab] = useState<(typeof TABS)[number]>('system');
  const tabs = <Tabs<(typeof TABS)[number]> label={words.stage} tabs={TABS.map((id) => ({ id, title: words[id] }))} value={tab} panelOf={() => 'stage-view'} onChange={setTab} />;
  return (
    <div id="stage-view" className="stage-view" role="tabpanel" aria-labelledby={`tab-${tab}`}>
      {tab === 'system' ? (
        <Stage session={session} tabs={tabs} onInspect={onInspect} />
      ) : (
        <section className="stage" aria-label={words.protocol}>
          <div className="stage-head">{tabs}</div>
          <Suspense fallback={<p className="quiet protocol-none">…</p>}>
            <Protocol session={session} />
          </Suspense>
        </section>
      )}
    </div>
  );
}
