// The stage of the lab: the system as a picture, its stream jobs, or its messages on the wire.
import { lazy, Suspense, useState } from 'react';
import { Tabs } from '../app/components/tabs.tsx';
import { LegendButton } from './legend/legend.tsx';
import { useLabMessages } from './messages/use-lab-messages.ts';
import type { Session } from './session.ts';
import { Stage } from './stage.tsx';
import { useSession } from './use-session.ts';

const Protocol = lazy(() => import('./protocol/protocol.tsx').then((m) => ({ default: m.Protocol })));
const Streams = lazy(() => import('./streams/streams.tsx').then((m) => ({ default: m.Streams })));
type Tab = 'system' | 'streams' | 'protocol';

export function StageTabs({ session, onInspect }: { session: Session; onInspect: () => void }) {
  const words = useLabMessages();
  const [chosen, setTab] = useState<Tab>('system');
  const hasJobs = useSession(session, (s) => !!s.universe?.scenario.streams);
  const shown: readonly Tab[] = hasJobs ? ['system', 'streams', 'protocol'] : ['system', 'protocol'];
  const tab = shown.includes(chosen) ? chosen : 'system';
  const titles = { system: words.system, streams: words.streams.tab, protocol: words.protocol };
  const tabs = <Tabs<Tab> label={words.stage} tabs={shown.map((id) => ({ id, title: titles[id] }))} value={tab} panelOf={() => 'stage-view'} onChange={setTab} />;
  return (
    <div id="stage-view" className="stage-view" role="tabpanel" aria-labelledby={`tab-${tab}`}>
      {tab === 'system' ? (
        <Stage session={session} tabs={tabs} onInspect={onInspect} />
      ) : (
        <section className="stage" aria-label={titles[tab]}>
          <div className="stage-head">
            {tabs}
            {tab === 'streams' && <span className="spring" />}
            {tab === 'streams' && <LegendButton streams />}
          </div>
          <Suspense fallback={<p className="quiet protocol-none">…</p>}>{tab === 'streams' ? <Streams session={session} onInspect={onInspect} /> : <Protocol session={session} />}</Suspense>
        </section>
      )}
    </div>
  );
}
