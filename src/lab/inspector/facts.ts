// The few figures that describe a thing at one moment; the inspector shows them as they were and as they are.
import { configAtStart } from '../../../simulations/kafka/metadata/effective.ts';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { lagOf, ownerOf, transactionalIdOf, type ClientsState } from '../../readmodels/clients.ts';
import { findPartition, logOf, partitionKey, type ClusterState } from '../../readmodels/cluster.ts';
import type { StreamsState } from '../../readmodels/streams.ts';
import { holding, lastStableOffset, type PartitionTransactions } from '../../readmodels/transactions.ts';
import type { LabMessages } from '../messages/en.ts';
import { isOfStreams, type Selection } from '../selection.ts';
import { roleOf } from '../spoken.ts';
import { streamFacts } from './stream-facts.ts';
import { leaderEnd } from '../topology/model.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

export interface Moment {
  readonly cluster: ClusterState;
  readonly clients: ClientsState;
  readonly streams: StreamsState;
  readonly topicSym: (topic: string) => number;
  readonly transactions: (partition: { topic: number; partition: number }) => PartitionTransactions;
}

export function factsOf(selection: Selection, moment: Moment, scenario: Scenario, words: LabMessages): Fact[] {
  if (isOfStreams(selection)) return streamFacts(selection, moment.streams, words);
  switch (selection.kind) {
    case 'partition':
      return ofPartition(selection.topic, selection.partition, moment, scenario, words);
    case 'process':
      return ofProcess(selection.name, moment, scenario, words);
    case 'group': {
      const g = moment.clients.groups.get(selection.group);
      const i = words.inspector;
      return [
        { label: i.state, value: g?.state ?? '–' },
        { label: i.generation, value: g ? String(g.generation) : '–' },
        { label: i.members, value: g ? String(g.members.size) : '–' },
      ];
    }
    case 'link':
    case 'record':
    case 'event':
    case 'fault':
      return [];
  }
}

function ofPartition(topic: string, partition: number, moment: Moment, scenario: Scenario, words: LabMessages): Fact[] {
  const { cluster, clients, topicSym } = moment;
  const i = words.inspector;
  const p = findPartition(cluster, topic, partition);
  if (!p) return [];
  const spec = scenario.topics.find((t) => t.name === topic);
  const least = Math.min(spec ? configAtStart(scenario, spec).minInsyncReplicas : scenario.cluster.config.minInsyncReplicas, spec?.replicationFactor ?? 99);
  const leader = logOf(p, p.leader);
  // Who holds the high watermark back: the in-sync replica whose log is shortest.
  const slow =
    leader && leader.highWatermark < leader.logEndOffset ? p.logs.filter((log) => p.isr.includes(log.broker) && log.broker !== p.leader).sort((a, b) => a.logEndOffset - b.logEndOffset)[0] : undefined;
  const lags = Array.from(clients.groups.values()).flatMap((g) => {
    const lag = lagOf(g, partitionKey(topicSym(topic), partition), leaderEnd(p));
    const owner = ownerOf(g, topic, partition);
    // A group of one is often called as its member: the name is said once.
    return lag < 0 ? [] : [{ label: `${i.lag}, ${g.group}`, value: String(lag), ...(owner && owner !== g.group ? { note: owner } : {}) }];
  });
  return [
    { label: i.leaderEpoch, value: p.leader > 0 ? `${p.leader}, e${p.leaderEpoch}` : i.nobody },
    { label: i.isr, value: p.isr.join(' ') || i.nobody, ...(p.isr.length <= least ? { note: i.minimum(least) } : {}) },
    { label: i.logEnd, value: String(leaderEnd(p)) },
    { label: i.highWatermark, value: leader ? String(leader.highWatermark) : '–', ...(slow && slow.logEndOffset <= leader!.highWatermark ? { note: i.waitsFor(`broker-${slow.broker}`) } : {}) },
    ...stable(topic, partition, moment, words),
    ...lags,
  ];
}

/** Where read_committed consumers have to stop, and for whom; told of a partition that has seen a transaction. */
function stable(topic: string, partition: number, { cluster, clients, topicSym, transactions }: Moment, words: LabMessages): Fact[] {
  const p = findPartition(cluster, topic, partition);
  const leader = p && logOf(p, p.leader);
  const told = transactions({ topic: topicSym(topic), partition });
  if (!leader || (told.transactions.length === 0 && told.markers.length === 0)) return [];
  const holder = holding(told.transactions, leader.highWatermark);
  const id = holder ? transactionalIdOf(clients, holder.producerId) : '';
  return [{ label: words.inspector.lastStableOffset, value: String(lastStableOffset(told, leader)), ...(id ? { note: words.inspector.heldBy(id) } : {}) }];
}

function ofProcess(name: string, { cluster, clients }: Moment, scenario: Scenario, words: LabMessages): Fact[] {
  const i = words.inspector;
  const process = cluster.processes.get(name);
  const facts: Fact[] = [{ label: i.state, value: words.status[process?.status ?? 'unstarted'].toLowerCase() }];
  const role = roleOf(name, scenario);
  if (role === 'broker') {
    const id = Number(name.slice(7));
    const led = Array.from(cluster.partitions.values()).filter((p) => p.leader === id && !p.topic.startsWith('__')).length;
    facts.push({ label: i.leads, value: String(led), ...(cluster.fenced.has(id) ? { note: words.fenced } : {}) });
  }
  const producer = clients.producers.get(name);
  if (producer || role === 'producer') {
    facts.push(
      { label: i.sent, value: String(producer?.sent ?? 0) },
      { label: i.acknowledged, value: String(producer?.acknowledged ?? 0) },
      { label: i.retries, value: String(producer?.retries ?? 0) },
    );
    if (producer?.failed) facts.push({ label: i.failed, value: String(producer.failed) });
    facts.push(...ofTransaction(name, clients, scenario, words));
  }
  const consumer = clients.consumers.get(name);
  if (consumer || role === 'consumer') {
    const held = Array.from(clients.groups.values()).flatMap((g) =>
      Array.from(g.members.values())
        .filter((m) => m.client === name)
        .flatMap((m) => m.assigned),
    );
    facts.push({ label: i.assigned, value: held.map((n) => n.replace(/^.*-(\d+)$/, 'P$1')).join(' ') || i.nobody }, { label: i.delivered, value: String(consumer?.delivered ?? 0) });
  }
  return facts;
}

/** What a transactional producer and its coordinator say of its transaction. */
function ofTransaction(name: string, clients: ClientsState, scenario: Scenario, words: LabMessages): Fact[] {
  const i = words.inspector;
  const id = scenario.processes.find((p) => p.name === name)?.transactionalId;
  if (id === undefined) return [];
  const p = clients.producers.get(name);
  return [
    { label: i.transaction, value: clients.transactions.get(id)?.state ?? '–' },
    { label: i.inTransaction, value: String(p?.inTransaction ?? 0) },
    { label: i.committed, value: String(p?.committed ?? 0) },
    { label: i.aborted, value: String(p?.aborted ?? 0) },
    ...(p?.fatal ? [{ label: i.stoppedBy, value: p.fatal }] : []),
  ];
}
