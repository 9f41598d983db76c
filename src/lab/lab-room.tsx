// One universe in the lab: tools to break it, the stage, an inspector and the log beside it, the transport bar below.
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { parseFault } from '../../simulations/faults/grammar.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { Icon } from '../app/icons.tsx';
import { useLanguage } from '../app/preferences.ts';
import { Crumbs, TopBar } from '../app/top-bar.tsx';
import { useTitle } from '../app/use-title.ts';
import { ShareButton } from '../store/share-button.tsx';
import { Inspector } from './inspector/inspector.tsx';
import './lab.css';
import { useLabMessages } from './messages/use-lab-messages.ts';
import { Narrative } from './narrative/narrative.tsx';
import { sameSchedule } from './kept-universe.ts';
import { runAnything } from './run-anything.ts';
import { createSession, type Session } from './session.ts';
import { StageTabs } from './stage-tabs.tsx';
import { Tools } from './tools.tsx';
import { Transport } from './transport/transport.tsx';
import { useLabCommands } from './use-lab-commands.ts';
import { useSession } from './use-session.ts';

export interface LabRoomProps {
  readonly universe: Universe;
  /** Where the playhead stands at first; without it a moment before the first fault. */
  readonly timeUs?: number;
  /** The schedule to which there is a way back; that of the universe unless told. */
  readonly original?: readonly string[];
  readonly onNewSeed: () => void;
  /** Hears of every universe that comes to be shown. */
  readonly onUniverse?: (universe: Universe) => void;
  /** Said above the stage. */
  readonly note?: (session: Session) => ReactNode;
}

export function LabRoom({ universe, timeUs, original = universe.faults, onNewSeed, onUniverse, note }: LabRoomProps) {
  const words = useLabMessages();
  const language = useLanguage();
  const [session] = useState<Session>(() => createSession(runAnything));
  const heading = useRef<HTMLHeadingElement>(null);
  const { scenario } = universe;

  useEffect(() => {
    const first = scenario.topics[0];
    session.load(universe, { timeUs: timeUs ?? entranceUs(universe), selection: first ? { kind: 'partition', topic: first.name, partition: 0 } : { kind: 'process', name: 'broker-1' } });
    return () => session.close();
  }, [session, universe, scenario, timeUs]);

  useLabCommands(session, onNewSeed, original);

  const shown = useSession(session, (s) => s.universe);
  const changed = shown !== null && !sameSchedule(shown.faults, original);
  useEffect(() => {
    if (shown) onUniverse?.(shown);
  }, [shown, onUniverse]);
  const toOriginal = () => session.reschedule(original);
  const failure = useSession(session, (s) => s.failure);
  const inspect = useCallback(() => heading.current?.focus(), []);
  const title = scenario.title[language];

  useTitle(title);

  const fork = {
    title: (
      <span className="crumb-fork">
        <Icon name="fork" />
        {words.lab.changed}
      </span>
    ),
  };
  return (
    <div className="lab">
      <TopBar
        tools={
          <>
            {changed && (
              <button type="button" className="tool wide-only" title={words.lab.toOriginalNote} onClick={toOriginal}>
                <Icon name="back" />
                {words.lab.toOriginal}
              </button>
            )}
            <ShareButton session={session} />
          </>
        }
      >
        <Crumbs items={[{ title: words.lab.crumb, to: '/lab' }, { title }, ...(changed ? [fork] : [])]} />
      </TopBar>
      <Tools session={session} />
      <main id="content" className="lab-stage">
        <h1 className="unseen">{title}</h1>
        {note?.(session)}
        {changed && (
          <p className="lab-changed narrow-only">
            {fork.title}
            <button type="button" className="link" onClick={toOriginal}>
              {words.lab.toOriginal}
            </button>
          </p>
        )}
        {failure && (
          <div className="lab-failure" role="alert">
            <b>{words.lab.failed}</b> {failure.message[language]}
          </div>
        )}
        <StageTabs session={session} onInspect={inspect} />
      </main>
      <aside className="lab-side" aria-label={words.inspector.title}>
        <div className="lab-inspector">
          <Inspector session={session} headingRef={heading} />
        </div>
        <Narrative session={session} />
      </aside>
      <Transport session={session} />
    </div>
  );
}

const ENTRANCE_US = 400_000;

/** Where the playhead stands at first: a moment before the first fault, so that the learner sees it strike. */
function entranceUs({ scenario, faults }: Universe): number {
  const first = faults.flatMap((line) => {
    const read = parseFault(line, null);
    return read.ok ? [read.fault.atUs] : [];
  });
  const horizonUs = scenario.horizonMs * 1000;
  return first.length ? Math.max(0, Math.min(...first) - ENTRANCE_US) : Math.min(horizonUs / 4, 5_000_000);
}
