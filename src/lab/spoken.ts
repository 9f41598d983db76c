// The stage in words: one line for each thing that can be selected, the same that the picture shows.
import type { Scenario } from '../../simulations/contract/scenario.ts';
import type { EngineText } from '../../simulations/text/contract.ts';
import { lookup } from '../../simulations/text/contract.ts';
import { findPartition, logOf } from '../readmodels/cluster.ts';
import { lagOf } from '../readmodels/clients.ts';
import { partitionKey } from '../readmodels/cluster.ts';
import { CELL, lastStableOffset } from '../readmodels/transactions.ts';
import { processesOf } from './breaks.ts';
import { tellFaultLine } from './fault-words.ts';
import { isTombstone } from './hue.ts';
import type { LabMessages } from './messages/en.ts';
import { standingAt } from './record-at.ts';
import { isOfStreams, type Selection } from './selection.ts';
import type { SessionState } from './session.ts';
import { describeStreams, streamSelectables } from './streams/spoken.ts';
import { leaderEnd, type TopologyModel } from './topology/model.ts';

/** Everything on the stage, in the order in which it is read. */
export function selectables(model: TopologyModel): Selection[] {
  return [
    { kind: 'process', name: 'controller' },
    ...model.producers.map((p): Selection => ({ kind: 'process', name: p.name })),
    ...model.brokers.map((b): Selection => ({ kind: 'process', name: b.name })),
    ...model.partitions.map((partition): Selection => ({ kind: 'partition', topic: model.topic, partition })),
    ...model.groups.map((g): Selection => ({ kind: 'group', group: g.name })),
    ...model.consumers.map((c): Selection => ({ kind: 'process', name: c.name })),
    ...(model.streams ? streamSelectables(model.streams) : []),
  ];
}

export function describeSelection(selection: Selection, state: SessionState, scenario: Scenario, words: LabMessages, engine: EngineText): string {
  const cluster = state.views.cluster.at(state.position);
  const clients = state.views.clients.at(state.position);
  if (isOfStreams(selection)) return describeStreams(selection, state, words);
  switch (selection.kind) {
    case 'process': {
      const process = cluster.processes.get(selection.name);
      const role = roleOf(selection.name, scenario);
      const status = words.status[process?.status ?? 'unstarted'];
      const producer = clients.producers.get(selection.name);
      const led = Array.from(cluster.partitions.values()).filter((p) => `broker-${p.leader}` === selection.name && !p.topic.startsWith('__')).length;
      return [
        selection.name,
        lookup(engine.roles, role) ?? role,
        status,
        role === 'broker' && led ? words.leaders(led) : '',
        producer ? `${words.inspector.acknowledged} ${producer.acknowledged}` : '',
      ]
        .filter(Boolean)
        .join(', ');
    }
    case 'partition': {
      const p = findPartition(cluster, selection.topic, selection.partition);
      const name = `${selection.topic}-${selection.partition}`;
      if (!p) return name;
      const i = words.inspector;
      const log = logOf(p, p.leader);
      return [
        name,
        p.leader > 0 ? i.leaderIs(`broker-${p.leader}`) : i.noLeader,
        i.inSync(p.isr.length, p.replicas.length),
        words.lanes.logEnd(leaderEnd(p)),
        log ? words.lanes.highWatermark(log.highWatermark) : '',
        log ? stableText(selection.topic, selection.partition, log) : '',
        lagText(selection.topic, selection.partition),
      ]
        .filter(Boolean)
        .join(', ');
    }
    case 'record':
      return [`${selection.topic}-${selection.partition}`, words.inspector.record.at(selection.offset, `broker-${selection.broker}`), standing(selection)].filter(Boolean).join(', ');
    case 'link':
      return words.inspector.link(selection.from, selection.to);
    case 'group': {
      const g = clients.groups.get(selection.group);
      return [words.group(selection.group), g ? words.groupState(g.state, g.generation) : ''].filter(Boolean).join(', ');
    }
    case 'event':
      return `${words.transport.event} ${selection.seq}`;
    case 'fault':
      return tellFaultLine(state.universe?.faults[selection.index] ?? '', { words, language: engine.language, processes: processesOf(scenario) });
  }

  /** What the form of the cell says. */
  function standing(record: Extract<Selection, { kind: 'record' }>): string {
    const { cell, record: id } = standingAt(state, record);
    const r = words.inspector.record;
    if (cell === CELL.compacted) return r.compacted;
    if (cell === CELL.commitMarker || cell === CELL.abortMarker) return r.marker[cell === CELL.commitMarker ? 'commit' : 'abort'];
    const of = cell === CELL.open ? `${r.transaction} ${r.of.open}` : cell === CELL.aborted ? `${r.transaction} ${r.of.aborted}` : '';
    return [isTombstone(state.trace, id) ? r.tombstone : '', of].filter(Boolean).join(', ');
  }

  /** Said only while a transaction holds it back. */
  function stableText(topic: string, partition: number, log: { highWatermark: number; logStartOffset: number }): string {
    const offset = lastStableOffset(state.views.transactions.at({ topic: state.views.logs.topicSym(topic), partition }, state.position, log.highWatermark), log);
    return offset < log.highWatermark ? words.lanes.lastStableOffset(offset) : '';
  }

  function lagText(topic: string, partition: number): string {
    const p = findPartition(cluster, topic, partition);
    const key = partitionKey(state.views.logs.topicSym(topic), partition);
    const lags = Array.from(clients.groups.values()).flatMap((g) => (p && lagOf(g, key, leaderEnd(p)) >= 0 ? [`${words.lag} ${lagOf(g, key, leaderEnd(p))}`] : []));
    return lags.join(', ');
  }
}

export function roleOf(name: string, scenario: Scenario): string {
  if (name === 'controller') return 'controller';
  if (name.startsWith('broker-')) return 'broker';
  if (name === 'jobmanager') return 'jobmanager';
  if (/^taskmanager-\d+$/.test(name)) return 'taskmanager';
  return scenario.processes.find((p) => p.name === name)?.role ?? '';
}
