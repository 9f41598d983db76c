// The inspector: what the selected thing is, what just happened to it, why, and how it was before.
import { useMemo, type Ref } from 'react';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { Icon } from '../../app/icons.tsx';
import { formatSeconds } from '../../app/format.ts';
import { useLanguage } from '../../app/preferences.ts';
import { Whole } from '../../app/whole.tsx';
import { findPartition } from '../../readmodels/cluster.ts';
import type { Views } from '../../readmodels/views.ts';
import { nameOf } from '../break-menu.tsx';
import { breaksOf, hostOf } from '../breaks.ts';
import { tellBreak, tellFaultLine } from '../fault-words.ts';
import { durationIn, useEngineText, useFaultTeller, useLabMessages } from '../messages/use-lab-messages.ts';
import { Said, namesOf, type Names } from '../said.tsx';
import { standingAt } from '../record-at.ts';
import type { Session, SessionState } from '../session.ts';
import { roleOf } from '../spoken.ts';
import { nameOfStreams } from '../streams/spoken.ts';
import { isOfStreams } from '../selection.ts';
import { goToCause } from '../use-keys.ts';
import { usePaced } from '../use-session.ts';
import { whatHappened, why } from './about.ts';
import { factsOf, type Moment } from './facts.ts';
import { Part } from './part.tsx';
import { CheckpointFacts, EventPassage, MatchFacts, RecordPassage, WindowFacts } from './streams.tsx';
import { subtitleOfStreams } from './stream-facts.ts';
import { EventFields, FaultFacts, LinkFacts, RecordFacts } from './special.tsx';
import './inspector.css';

export interface InspectorProps {
  readonly session: Session;
  readonly headingRef?: Ref<HTMLHeadingElement>;
  readonly breakable?: boolean;
}

export function Inspector({ session, headingRef, breakable = true }: InspectorProps) {
  const words = useLabMessages();
  const state = usePaced(session, 6);
  const scenario = state.universe?.scenario;
  const i = words.inspector;
  const names = useMemo(() => (scenario ? namesOf(scenario) : null), [scenario]);
  if (!scenario || !names || !state.selection) {
    return (
      <div className="inspector-head">
        <h2 ref={headingRef} tabIndex={-1}>
          {i.nothing}
        </h2>
        <p className="quiet small">{i.nothingHelp}</p>
      </div>
    );
  }
  return <Chosen session={session} state={state} scenario={scenario} names={names} headingRef={headingRef} breakable={breakable} />;
}

function Chosen({
  session,
  state,
  scenario,
  names,
  headingRef,
  breakable,
}: {
  session: Session;
  state: SessionState;
  scenario: Scenario;
  names: Names;
  headingRef: Ref<HTMLHeadingElement> | undefined;
  breakable: boolean;
}) {
  const words = useLabMessages();
  const engine = useEngineText();
  const i = words.inspector;
  const teller = useFaultTeller(scenario);
  const selection = state.selection!;
  const seq = whatHappened(state);
  const chain = why(state, seq);
  const passage = { session, state, scenario, names };
  const breaks = breakable ? breaksOf(hostOf(selection, state.views.streams.at(state.position)), scenario, state.views.cluster.at(state.position)) : [];
  return (
    <>
      <div className="inspector-head">
        <h2 ref={headingRef} tabIndex={-1}>
          <Title state={state} scenario={scenario} />
        </h2>
        <Subtitle state={state} scenario={scenario} />
      </div>
      <Part title={i.what}>
        <p className="what">{seq < 0 ? <span className="quiet">{i.notYet}</span> : <Said event={state.trace.event(seq)} text={engine} names={names} />}</p>
      </Part>
      {chain.length > 1 && (
        <Part
          title={i.why}
          action={
            <button type="button" className="link" onClick={() => goToCause(session)}>
              {i.toCause} <kbd>g</kbd>
            </button>
          }
        >
          <ol className="chain">
            {chain.map((at) => {
              const event = state.trace.event(at);
              const kind = event.type === 'fault.started' ? 'fault' : event.type === 'invariant.violated' ? 'broken' : '';
              return (
                <li key={at} className={kind}>
                  <button type="button" onClick={() => session.seekPosition(at + 1)}>
                    <span className="mono">{formatSeconds(event.timeUs)}</span>
                    {kind === 'fault' ? <Icon name="kill" /> : kind === 'broken' ? <Icon name="cross" /> : <i />}
                    <span>
                      <Said event={event} text={engine} names={names} />
                    </span>
                  </button>
                </li>
              );
            })}
          </ol>
        </Part>
      )}
      <WasNow state={state} scenario={scenario} from={chain[0] ?? seq} />
      {selection.kind === 'record' && <RecordFacts session={session} state={state} names={names} selection={selection} />}
      {selection.kind === 'record' && <RecordPassage {...passage} record={standingAt(state, selection).record} />}
      {selection.kind === 'window' && <WindowFacts {...passage} selection={selection} />}
      {selection.kind === 'checkpoint' && <CheckpointFacts {...passage} selection={selection} />}
      {selection.kind === 'match' && <MatchFacts {...passage} selection={selection} />}
      {selection.kind === 'event' && selection.seq < state.position && <EventPassage {...passage} seq={selection.seq} />}
      {selection.kind === 'link' && <LinkFacts state={state} selection={selection} />}
      {selection.kind === 'event' && selection.seq < state.position && <EventFields state={state} seq={selection.seq} />}
      {selection.kind === 'fault' && <FaultFacts session={session} state={state} index={selection.index} editable={breakable} />}
      {breaks.length > 0 && (
        <Part title={i.actions}>
          <div className="break-actions">
            {breaks.map((b) => (
              <button key={b.fault} type="button" title={engine.faults[b.kind].does} onClick={() => session.inject(b.fault)}>
                <Icon name={b.kind} />
                {engine.faults[b.kind].name}
                <span className="unseen">: {tellBreak(b.fault, teller)}</span>
              </button>
            ))}
          </div>
        </Part>
      )}
    </>
  );
}

function Title({ state, scenario }: { state: SessionState; scenario: Scenario }) {
  const words = useLabMessages();
  const teller = useFaultTeller(scenario);
  const selection = state.selection!;
  if (isOfStreams(selection)) return <Whole text={nameOfStreams(selection, words.streams)} />;
  switch (selection.kind) {
    case 'process':
    case 'partition':
    case 'link':
      return <Whole text={nameOf(selection, words.streams)} />;
    case 'record':
      return <Whole text={`${selection.topic}-${selection.partition} · ${selection.offset}`} />;
    case 'group':
      return <Whole text={words.group(selection.group)} />;
    case 'event':
      return state.trace.count > selection.seq && selection.seq < state.position ? <span className="mono">{state.trace.typeAt(selection.seq)}</span> : words.transport.event;
    case 'fault':
      return (
        <span className="fault-title">
          <Whole text={tellFaultLine(state.universe?.faults[selection.index] ?? '', teller)} />
        </span>
      );
  }
}

function Subtitle({ state, scenario }: { state: SessionState; scenario: Scenario }) {
  const words = useLabMessages();
  const engine = useEngineText();
  const duration = durationIn(useLanguage());
  const selection = state.selection!;
  const i = words.inspector;
  const cluster = state.views.cluster.at(state.position);
  const parts: string[] = [];
  if (selection.kind === 'partition') {
    const p = findPartition(cluster, selection.topic, selection.partition);
    parts.push(i.partition(selection.partition));
    if (p) parts.push(p.leader > 0 ? i.leaderIs(`broker-${p.leader}`) : i.noLeader, i.inSync(p.isr.length, p.replicas.length));
  } else if (selection.kind === 'process') {
    const role = roleOf(selection.name, scenario) as keyof typeof engine.roles;
    const process = cluster.processes.get(selection.name);
    const transactionalId = scenario.processes.find((p) => p.name === selection.name)?.transactionalId;
    parts.push(engine.roles[role] ?? '', words.status[process?.status ?? 'unstarted'].toLowerCase());
    if (process && process.status !== 'running' && state.timeUs > state.trace.timeAt(process.since)) parts.push(duration(state.timeUs - state.trace.timeAt(process.since)));
    if (transactionalId !== undefined) parts.push(i.transactionalId(transactionalId));
  } else if (selection.kind === 'record') parts.push(i.record.at(selection.offset, `broker-${selection.broker}`));
  else if (selection.kind === 'event' && selection.seq < state.position) parts.push(words.transport.seconds(formatSeconds(state.trace.timeAt(selection.seq))), state.trace.processAt(selection.seq));
  else if (selection.kind === 'fault') parts.push(i.faultLine);
  else if (isOfStreams(selection)) parts.push(...subtitleOfStreams(selection, state, words));
  return (
    <p className="small quiet">
      <Whole text={parts.filter(Boolean).join(' · ')} />
    </p>
  );
}

function logsAt(views: Views, position: number): Pick<Moment, 'topicSym' | 'transactions'> {
  return { topicSym: views.logs.topicSym, transactions: (partition) => views.transactions.at(partition, position) };
}

function WasNow({ state, scenario, from }: { state: SessionState; scenario: Scenario; from: number }) {
  const words = useLabMessages();
  const { views, position } = state;
  const selection = state.selection!;
  const now: Moment = { cluster: views.cluster.at(position), clients: views.clients.at(position), streams: views.streams.at(position), ...logsAt(views, position) };
  const facts = factsOf(selection, now, scenario, words);
  const earlier = useMemo(
    (): Moment | null => (from >= 0 ? { cluster: views.cluster.copyAt(from), clients: views.clients.copyAt(from), streams: views.streams.copyAt(from), ...logsAt(views, from) } : null),
    [views, from],
  );
  if (facts.length === 0) return null;
  const was = earlier ? factsOf(selection, earlier, scenario, words) : [];
  return (
    <Part title={words.inspector.wasNow} action={from >= 0 ? <span className="mono">{`${formatSeconds(state.trace.timeAt(from))} → ${formatSeconds(state.timeUs)}`}</span> : null}>
      <table className="was-now">
        <tbody>
          {facts.map((fact) => {
            const before = was.find((f) => f.label === fact.label)?.value ?? '–';
            return (
              <tr key={fact.label} className={before === fact.value ? 'same' : ''}>
                <th scope="row">{fact.label}</th>
                <td className="mono">{before}</td>
                <td aria-hidden="true">→</td>
                <td>
                  <span className="mono">
                    <Whole text={fact.value} />
                  </span>
                  {fact.note && (
                    <em>
                      <Whole text={fact.note} />
                    </em>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Part>
  );
}
