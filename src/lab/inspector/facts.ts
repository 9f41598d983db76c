// The few figures that describe a thing at one moment; the inspector shows them as they were and as they are.
import { configAtStart } from '../../../simulations/kafka/metadata/effective.ts';
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { lagOf, ownerOf, type ClientsState } from '../../readmodels/clients.ts';
import { findPartition, logOf, partitionKey, type ClusterState } from '../../readmodels/cluster.ts';
import type { LabMessages } from '../messages/en.ts';
import type { Selection } from '../selection.ts';
import { roleOf } from '../spoken.ts';
import { leaderEnd } from '../topology/model.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

export interface Moment {
  readonly cluster: ClusterState;
  readonly clients: ClientsState;
  readonly topicSym: (topic: string) => number;
}

export function factsOf(selection: Selection, moment: Moment, scenario: Scenario, words: LabMessages): Fact[] {
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

function ofPartition(topic: string, partition: number, { cluster, clients, topicSym }: Moment, scenario: Scenario, words: LabMessages): Fact[] {
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
    return lag < 0 ? [] : [{ label: `${i.lag}, ${g.group}`, value: String(lag), note: ownerOf(g, topic, partition) }];
  });
  return [
    { label: i.leaderEpoch, value: p.leader > 0 ? `${p.leader}, e${p.leaderEpoch}` : i.nobody },
    { label: i.isr, value: p.isr.join(' ') || i.nobody, ...(p.isr.length <= least ? { note: i.minimum(least) } : {}) },
    { label: i.logEnd, value: String(leaderEnd(p)) },
    { label: i.highWatermark, value: leader ? String(leader.highWatermark) : '–', ...(slow && slow.logEndOffset <= leader!.highWatermark ? { note: i.waitsFor(`broker-${slow.broker}`) } : {}) },
    ...lags,
  ];
}

function ofProcess(name: string, { cluster, clients }: Moment, scenario: Scenario, words: LabMessages): Fact[] {
  const i = words.inspector;
  const process = cluster.processes.get(name);
  const facts: Fact[] = [{ label: i.state, value: words.status[process?.status ?? 'unstarted'] }];
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
