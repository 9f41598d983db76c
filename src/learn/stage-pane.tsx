// The stage of a lesson: what runs, the code that makes it run, and what they say on the wire. The first two stay alive while another is shown.
import { lazy, Suspense, useCallback } from 'react';
import type { Finding } from '../../lessons/contract.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { useLanguage } from '../app/preferences.ts';
import { Tabs } from '../app/components/tabs.tsx';
import { useLabMessages } from '../lab/messages/use-lab-messages.ts';
import { Stage } from '../lab/stage.tsx';
import { useSession } from '../lab/use-session.ts';
import { useLessonMessages } from './messages.ts';
import { useRoom, type StageTab } from './room.tsx';

/** Why the run on the stage could not be computed. */
function RunFailure() {
  const { session } = useRoom();
  const language = useLanguage();
  const failure = useSession(session, (state) => state.failure);
  return failure ? (
    <p className="run-failure" role="alert">
      {failure.message[language]}
    </p>
  ) : null;
}

const CodePane = lazy(() => import('../editor/code-pane.tsx').then((m) => ({ default: m.CodePane })));
const Protocol = lazy(() => import('../lab/protocol/protocol.tsx').then((p) => ({ default: p.Protocol })));
const Streams = lazy(() => import('../lab/streams/streams.tsx').then((s) => ({ default: s.Streams })));
const TABS: readonly StageTab[] = ['system', 'code', 'protocol'];
/** Where the experiment has stream jobs. */
const WITH_JOBS: readonly StageTab[] = ['system', 'streams', 'code', 'protocol'];

export function StagePane({ linkTo }: { linkTo: (universe: Universe, finding: Finding) => Promise<string | null> }) {
  const m = useLessonMessages().stage;
  const { kit, session, progress, tab, showTab, play, send } = useRoom();
  const hasJobs = useSession(session, (s) => !!s.universe?.scenario.streams);
  const titles = { ...m, streams: useLabMessages().streams.tab };

  const onRun = useCallback((files: Readonly<Record<string, string>>) => kit && play({ ...kit.experiment, faults: [], files }, 0), [kit, play]);
  const onShow = useCallback(
    (universe: Universe, finding: Finding) => {
      showTab('system', true);
      // Everything before the wrong event is shown, the event itself is the next step.
      session.load(universe, { timeUs: Math.max(0, finding.atUs - 1) });
    },
    [session, showTab],
  );
  const onGraded = useCallback((best: { quiet: number; faulted: number; of: number }) => send({ type: 'GRADED', best }), [send]);

  return (
    <section className="stage-pane" aria-label={m.label}>
      <Tabs label={m.label} tabs={(hasJobs ? WITH_JOBS : TABS).map((id) => ({ id, title: titles[id] }))} value={tab} panelOf={(id) => `stage-${id}`} onChange={(id) => showTab(id)} />
      <div id="stage-system" className="stage-tab" role="tabpanel" aria-labelledby="tab-system" tabIndex={-1} hidden={tab !== 'system'}>
        <RunFailure />
        <Stage session={session} />
      </div>
      {hasJobs && (
        <div id="stage-streams" className="stage-tab" role="tabpanel" aria-labelledby="tab-streams" hidden={tab !== 'streams'}>
          {tab === 'streams' && (
            <section className="stage" aria-label={titles.streams}>
              <Suspense fallback={<p className="editor-wait quiet">{m.loading}</p>}>
                <Streams session={session} />
              </Suspense>
            </section>
          )}
        </div>
      )}
      <div id="stage-code" className="stage-tab" role="tabpanel" aria-labelledby="tab-code" hidden={tab !== 'code'}>
        {kit && (
          <Suspense
            fallback={
              <p className="editor-wait quiet" role="status">
                {m.loading}
              </p>
            }
          >
            <CodePane kit={kit} session={session} progress={progress} shown={tab === 'code'} onRun={onRun} onGraded={onGraded} onShow={onShow} linkTo={linkTo} />
          </Suspense>
        )}
      </div>
      <div id="stage-protocol" className="stage-tab" role="tabpanel" aria-labelledby="tab-protocol" hidden={tab !== 'protocol'}>
        {tab === 'protocol' && (
          <section className="stage" aria-label={m.protocol}>
            <Suspense fallback={<p className="editor-wait quiet">{m.loading}</p>}>
              <Protocol session={session} />
            </Suspense>
          </section>
        )}
      </div>
    </section>
  );
}
