// The stage of a lesson: what runs, and the code that makes it run. Both stay alive while the other is shown.
import { lazy, Suspense, useCallback, useRef, type KeyboardEvent } from 'react';
import type { Finding } from '../../lessons/contract.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { useLanguage } from '../app/preferences.ts';
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
const TABS: readonly StageTab[] = ['system', 'code'];

export function StagePane({ linkTo }: { linkTo: (universe: Universe, finding: Finding) => Promise<string | null> }) {
  const m = useLessonMessages().stage;
  const { kit, session, progress, tab, showTab, play, send } = useRoom();
  const list = useRef<HTMLDivElement>(null);

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

  function move(e: KeyboardEvent): void {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
    const next = TABS[(TABS.indexOf(tab) + 1) % TABS.length]!;
    showTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }

  return (
    <section className="stage-pane" aria-label={m.label}>
      <div ref={list} className="tabs" role="tablist" aria-label={m.label} onKeyDown={move}>
        {TABS.map((name) => (
          <button key={name} type="button" role="tab" id={`tab-${name}`} aria-selected={tab === name} aria-controls={`stage-${name}`} tabIndex={tab === name ? 0 : -1} onClick={() => showTab(name)}>
            {m[name]}
          </button>
        ))}
      </div>
      <div id="stage-system" className="stage-tab" role="tabpanel" aria-labelledby="tab-system" tabIndex={-1} hidden={tab !== 'system'}>
        <RunFailure />
        <Stage session={session} />
      </div>
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
    </section>
  );
}
