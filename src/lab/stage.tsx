// The stage: topology above, log lanes below, one selection in both. What it shows is said in words beside it for screen readers.
import { useCallback, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { Scenario } from '../../simulations/contract/scenario.ts';
import { configAtStart } from '../../simulations/kafka/metadata/effective.ts';
import { useLanguage, usePreferences } from '../app/preferences.ts';
import { BreakMenu } from './break-menu.tsx';
import { recordLooks } from './hue.ts';
import { openPartition } from './lanes/scene.ts';
import { Lanes, type LanesHandle } from './lanes/lanes.tsx';
import { LegendButton } from './legend/legend.tsx';
import { durationIn, useEngineText, useLabMessages } from './messages/use-lab-messages.ts';
import { moveSelection, type Arrow } from './move-selection.ts';
import { placeOf, selectionId, type Selection } from './selection.ts';
import type { Session } from './session.ts';
import { describeSelection, selectables } from './spoken.ts';
import './stage.css';
import { Topology, type TopologyHandle } from './topology/topology.tsx';
import { topologyModel, topicsOf } from './topology/model.ts';
import { useKeys } from './use-keys.ts';
import { usePointerFocus } from './use-pointer-focus.ts';
import { usePaced, useSession } from './use-session.ts';

export interface StageProps {
  readonly session: Session;
  /** What is shown; `both` unless told. */
  readonly view?: 'both' | 'topology' | 'lanes';
  /** Stands at the start of the head: tabs that lead to other views. */
  readonly tabs?: ReactNode;
  /** Whether things can be broken from here; true unless told. */
  readonly breakable?: boolean;
  /** Called when the learner asks to look at the selected thing: move the focus to an inspector. */
  readonly onInspect?: () => void;
}

/** The rate at which React draws what does not move between frames. */
const HZ = 12;

export function Stage({ session, view = 'both', tabs, breakable = true, onInspect }: StageProps) {
  const words = useLabMessages();
  const engine = useEngineText();
  const language = useLanguage();
  const { singleKeys } = usePreferences();
  const state = usePaced(session, HZ);
  const chosen = useSession(session, (s) => s.selection);
  const selection = useMemo(() => placeOf(chosen, state.trace, state.position), [chosen, state.trace, state.position]);
  const [topicChosen, setTopicChosen] = useState<string | null>(null);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number; selection: Selection } | null>(null);
  const topology = useRef<TopologyHandle>(null);
  const lanes = useRef<LanesHandle>(null);
  const moved = useRef(false);
  const pointer = usePointerFocus();
  const listId = useId();

  const scenario = state.universe?.scenario ?? null;
  const topics = scenario ? topicsOf(scenario, state.views.cluster.at(state.position)) : [];
  const named = selection?.kind === 'partition' || selection?.kind === 'record' ? selection.topic : null;
  const topic = (named && topics.includes(named) ? named : null) ?? (topicChosen && topics.includes(topicChosen) ? topicChosen : null) ?? topics[0] ?? '';
  const model = useMemo(() => (scenario ? topologyModel(state, scenario, topic) : null), [state, scenario, topic]);
  const looks = useMemo(() => recordLooks(state.trace, scenario), [state.trace, scenario]);
  const duration = durationIn(language);

  const onKeys = useKeys(session, { enabled: singleKeys, breakMenu: breakable ? () => openMenu() : undefined });
  const openMenu = useCallback(() => {
    const now = session.state();
    const target = placeOf(now.selection, now.trace, now.position);
    if (!target) return;
    const box = topology.current?.boxOf(target) ?? lanes.current?.boxOf(target);
    setMenuAt({ x: box?.x ?? innerWidth / 2, y: box?.y ?? innerHeight / 2, selection: target });
  }, [session]);

  function onKeyDown(e: KeyboardEvent): void {
    pointer.release();
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key.startsWith('Arrow') && model && e.target === e.currentTarget) {
      const next = moveSelection(selection, e.key as Arrow, model, lanes.current?.modelWith(openPartition(selection, topic) ?? 0) ?? { topic, lanes: [] });
      if (next) {
        moved.current = true;
        session.select(next);
      }
      e.preventDefault();
    } else if (e.key === 'Enter' && e.target === e.currentTarget) {
      onInspect?.();
      e.preventDefault();
    } else onKeys(e);
  }

  function choose(e: MouseEvent, pick: Selection | null, menu: boolean): void {
    if (pick) session.select(pick);
    pointer.focus();
    if (!menu || !breakable || !pick) return;
    e.preventDefault();
    setMenuAt({ x: e.clientX, y: e.clientY, selection: pick });
  }

  const options = model && scenario ? selectables(model) : [];
  const spokenSelection = selection && scenario ? describeSelection(selection, state, scenario, words, engine) : '';
  const inList = selection ? options.findIndex((o) => selectionId(o) === selectionId(selection)) : -1;
  const closeMenu = useCallback(() => setMenuAt(null), []);

  // What the keys have come to is brought into view; what was clicked is there already.
  useEffect(() => {
    if (!moved.current || !selection) return;
    moved.current = false;
    const stretch = selection.kind === 'record' ? lanes.current?.stretchOf(selection.partition) : stretchAround(topology.current?.boxOf(selection));
    if (stretch) bringIntoView(pointer.list.current, stretch);
  }, [selection, pointer.list]);

  useEffect(() => {
    if (topicChosen && !topics.includes(topicChosen)) setTopicChosen(null);
  }, [topicChosen, topics]);

  const topologyPicture = model && scenario && (
    <Topology ref={topology} session={session} state={state} model={model} scenario={scenario} selection={selection} words={words} duration={duration} looks={looks} onPick={choose} />
  );
  const lanesPicture = scenario && <Lanes ref={lanes} session={session} state={state} scenario={scenario} topic={topic} selection={selection} words={words} looks={looks} onPick={choose} />;

  return (
    <section className="stage" aria-label={words.stage}>
      {scenario && topics.length === 0 && (
        <div className="stage-head">
          {tabs}
          <span className="stage-facts">{words.lanes.none}</span>
        </div>
      )}
      {scenario && topics.length > 0 && (
        <StageHead
          tabs={tabs}
          topics={topics}
          topic={topic}
          state={model}
          scenario={scenario}
          onTopic={(next) => {
            setTopicChosen(next);
            if (selection?.kind === 'partition' || selection?.kind === 'record') session.select({ kind: 'partition', topic: next, partition: 0 });
          }}
        />
      )}
      <div className="stage-scroll">
        <div
          ref={pointer.list}
          className={pointer.className('stage-list')}
          role="listbox"
          tabIndex={0}
          aria-label={words.stage}
          aria-describedby={`${listId}-help`}
          aria-activedescendant={spokenSelection ? `${listId}-${inList >= 0 ? inList : 'other'}` : undefined}
          onKeyDown={onKeyDown}
          onBlur={pointer.release}
        >
          <div className="unseen">
            {options.map((option, i) => (
              <div key={selectionId(option)} id={`${listId}-${i}`} role="option" aria-selected={i === inList}>
                {scenario ? describeSelection(option, state, scenario, words, engine) : ''}
              </div>
            ))}
            {inList < 0 && spokenSelection && (
              <div id={`${listId}-other`} role="option" aria-selected="true">
                {spokenSelection}
              </div>
            )}
          </div>
          {view !== 'lanes' && topologyPicture}
          {view === 'lanes' && lanesPicture}
        </div>
        {view === 'both' && lanesPicture}
      </div>
      <p id={`${listId}-help`} className="unseen">
        {words.stageHelp}
      </p>
      {menuAt && <BreakMenu session={session} target={menuAt.selection} at={menuAt} onClose={closeMenu} />}
    </section>
  );
}

function StageHead({
  tabs,
  topics,
  topic,
  state,
  scenario,
  onTopic,
}: {
  tabs: ReactNode;
  topics: readonly string[];
  topic: string;
  state: ReturnType<typeof topologyModel> | null;
  scenario: Scenario;
  onTopic: (topic: string) => void;
}) {
  const words = useLabMessages();
  const spec = scenario.topics.find((t) => t.name === topic);
  const facts = [
    state ? words.partitions(state.partitions.length) : '',
    spec ? words.replicationFactor(spec.replicationFactor) : '',
    spec ? `min.insync.replicas ${configAtStart(scenario, spec).minInsyncReplicas}` : '',
  ].filter(Boolean);
  return (
    <div className="stage-head">
      {tabs}
      <label>
        <span>{words.topic}</span>
        <select value={topic} onChange={(e) => onTopic(e.target.value)}>
          {topics.map((name) => (
            <option key={name} value={name}>
              {name.startsWith('__') ? `${name} (${words.internalTopic})` : name}
            </option>
          ))}
        </select>
      </label>
      <span className="stage-facts">{facts.join(' · ')}</span>
      <LegendButton streams={scenario.streams !== undefined} />
    </div>
  );
}

/** Room around the middle of a thing in the topology, px. */
const AROUND = 48;

function stretchAround(box: { readonly y: number } | null | undefined): { top: number; bottom: number } | null {
  return box ? { top: box.y - AROUND, bottom: box.y + AROUND } : null;
}

/** Scrolls what holds the stage, the page itself on a phone, as little as needed. */
function bringIntoView(list: HTMLElement | null, { top, bottom }: { readonly top: number; readonly bottom: number }): void {
  const holder = list?.closest('.stage-scroll');
  const frame = holder?.getBoundingClientRect();
  const [scroller, from, to] = holder && frame && frame.height > 0 ? [holder, frame.top, frame.bottom] : [document.scrollingElement, 0, innerHeight];
  if (top < from) scroller?.scrollBy({ top: top - from });
  else if (bottom > to) scroller?.scrollBy({ top: Math.min(bottom - to, top - from) });
}
