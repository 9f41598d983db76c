// What the topology shows at one moment: brokers, clients and the controller with the state that is drawn on them.
import { brokerNames, type ProcessSpec, type Scenario } from '../../../simulations/contract/scenario.ts';
import { columns } from '../../readmodels/columns.ts';
import { lagOf, ownerOf, type ClientsState, type GroupState } from '../../readmodels/clients.ts';
import { brokerId, logOf, partitionKey, partitionsOf, type ClusterState, type PartitionState } from '../../readmodels/cluster.ts';
import type { SessionState } from '../session.ts';
import { jobOf, streamsView, type StreamsView } from './streams-model.ts';

export type Status = 'unstarted' | 'running' | 'paused' | 'killed' | 'exited';

export interface Slot {
  readonly partition: number;
  readonly role: 'leader' | 'inSync' | 'outOfSync' | 'offline' | 'none';
  readonly logEndOffset: number;
  readonly highWatermark: number;
}

export interface BrokerNode {
  readonly id: number;
  readonly name: string;
  readonly status: Status;
  /** Since when it has its status, microseconds. */
  readonly sinceUs: number;
  readonly fenced: boolean;
  /** Partitions of the topic it leads. */
  readonly leads: number;
  readonly slots: readonly Slot[];
}

export interface ProducerNode {
  readonly name: string;
  readonly mine: boolean;
  readonly status: Status;
  /** `all`, `1`, `0`; null while unknown. */
  readonly acks: string | null;
  readonly idempotent: boolean;
  /** Null for a producer without transactions. */
  readonly transaction: TransactionView | null;
  readonly retries: number;
  readonly failed: number;
  readonly acknowledged: number;
  /** Jobs that the learner's code puts together, once it is in touch with the job manager. */
  readonly submits: readonly string[];
  /** Records without an answer, by column. */
  readonly waiting: readonly number[];
}

/** How a transactional producer sees its own transaction. */
export interface TransactionView {
  readonly transactionalId: string;
  /** Records sent in the one that is open; 0 = none is. */
  readonly records: number;
  /** Why it cannot go on; '' = it can. */
  readonly fatal: string;
}

export interface ConsumerNode {
  readonly name: string;
  readonly mine: boolean;
  readonly status: Status;
  readonly group: string;
  readonly reads: readonly { readonly partition: number; readonly lag: number }[];
  /** What it is subscribed to instead, where the topic that is shown is none of its topics. */
  readonly elsewhere: readonly string[];
  /** Sum over its partitions; -1 while nothing was committed. */
  readonly lag: number;
}

export interface GroupNode {
  readonly name: string;
  readonly state: string;
  readonly generation: number;
}

export interface Move {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly epoch: number;
}

export interface ControllerNode {
  readonly status: Status;
  /** The event it decided last; -1 = none yet. */
  readonly said: number;
  readonly saidUs: number;
}

export interface TopologyModel {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly brokers: readonly BrokerNode[];
  readonly producers: readonly ProducerNode[];
  readonly consumers: readonly ConsumerNode[];
  readonly groups: readonly GroupNode[];
  readonly moves: readonly Move[];
  readonly controller: ControllerNode;
  /** The stream job that is shown; null in a scenario without. */
  readonly streams: StreamsView | null;
  /** `from>to` of every pair that has a connection. */
  readonly connected: ReadonlySet<string>;
}

/** How long the arrow of a leadership move stays, virtual microseconds. */
const MOVE_US = 4_000_000;
const ELECTED = columns('kafka.leaderElected');

export function topologyModel(state: SessionState, scenario: Scenario, topic: string): TopologyModel {
  const { trace, views, position, timeUs } = state;
  const cluster = views.cluster.at(position);
  const clients = views.clients.at(position);
  const partitions = partitionsOf(cluster, topic);
  const planned = scenario.topics.find((t) => t.name === topic)?.partitions ?? 0;
  const columnsShown = partitions.length ? partitions.map((p) => p.partition) : Array.from({ length: planned }, (_, i) => i);
  const sinceUs = (seq: number) => (seq >= 0 && seq < position ? trace.timeAt(seq) : 0);

  const status = (name: string): Status => cluster.processes.get(name)?.status ?? 'unstarted';
  const brokers = brokerNames(scenario).map((name): BrokerNode => {
    const id = brokerId(name);
    const process = cluster.processes.get(name);
    const up = process?.status === 'running' || process?.status === 'paused';
    return {
      id,
      name,
      status: status(name),
      sinceUs: sinceUs(process?.since ?? -1),
      fenced: cluster.fenced.has(id),
      leads: partitions.filter((p) => p.leader === id).length,
      slots: columnsShown.map((n) =>
        slotOf(
          partitions.find((p) => p.partition === n),
          n,
          id,
          up,
        ),
      ),
    };
  });

  const sides = sidesOf(scenario, clients);
  const topicSym = views.logs.topicSym(topic);
  const connected = new Set(views.flights.at(position).open.values());
  const submitted = scenario.streams?.jobs.filter((j) => j.job === 'submitted').map((j) => j.name) ?? [];
  const producers = sides.left.map((spec): ProducerNode => {
    const p = clients.producers.get(spec.name);
    return {
      name: spec.name,
      mine: spec.role === 'guest',
      status: status(spec.name),
      acks: p ? (p.acks === -1 ? 'all' : String(p.acks)) : spec.role === 'producer' ? spec.acks : null,
      idempotent: spec.role === 'producer' && spec.idempotence,
      transaction: spec.transactionalId === undefined ? null : { transactionalId: spec.transactionalId, records: p?.inTransaction ?? 0, fatal: p?.fatal ?? '' },
      retries: p?.retries ?? 0,
      failed: p?.failed ?? 0,
      acknowledged: p?.acknowledged ?? 0,
      submits: spec.role === 'guest' && connected.has(`${spec.name}>jobmanager`) ? submitted : [],
      waiting: columnsShown.map((n) => p?.sends.get(partitionKey(topicSym, n))?.waiting ?? 0),
    };
  });
  const consumers = sides.right.map((spec): ConsumerNode => {
    const group = groupOf(spec, clients);
    const g = clients.groups.get(group);
    const reads = g ? readsOf(g, spec.name, topic, topicSym, partitions) : [];
    const known = reads.filter((r) => r.lag >= 0);
    return {
      name: spec.name,
      mine: spec.role === 'guest',
      status: status(spec.name),
      group,
      reads,
      elsewhere: spec.topics.includes(topic) ? [] : spec.topics,
      lag: known.length ? known.reduce((sum, r) => sum + r.lag, 0) : -1,
    };
  });
  const groups = Array.from(new Set(consumers.map((c) => c.group)), (name): GroupNode => {
    const g = clients.groups.get(name);
    return { name, state: g?.state ?? '', generation: g?.generation ?? 0 };
  });

  const moves = partitions
    .filter(
      (p) => p.electedBy >= 0 && p.leaderWas > 0 && p.leader > 0 && p.leader !== p.leaderWas && trace.value(p.electedBy, ELECTED.leader) === p.leader && timeUs - trace.timeAt(p.electedBy) < MOVE_US,
    )
    .map((p): Move => ({ partition: p.partition, from: p.leaderWas, to: p.leader, epoch: p.leaderEpoch }));

  return {
    topic,
    partitions: columnsShown,
    brokers,
    producers,
    consumers,
    groups,
    moves,
    controller: { status: status('controller'), said: cluster.controllerSaid, saidUs: sinceUs(cluster.controllerSaid) },
    streams: streamsView(state, scenario, jobOf(state.selection)),
    connected,
  };
}

/** Topics of a run at a moment, those of the scenario first, Kafka's own last. */
export function topicsOf(scenario: Scenario, cluster: ClusterState): string[] {
  const names = new Set(scenario.topics.map((t) => t.name));
  for (const p of cluster.partitions.values()) names.add(p.topic);
  const all = Array.from(names);
  return [...all.filter((t) => !t.startsWith('__')), ...all.filter((t) => t.startsWith('__'))];
}

function slotOf(p: PartitionState | undefined, partition: number, broker: number, up: boolean): Slot {
  const log = p && logOf(p, broker);
  if (!p || !log || !p.replicas.includes(broker)) return { partition, role: 'none', logEndOffset: 0, highWatermark: 0 };
  const role = !up ? 'offline' : p.leader === broker ? 'leader' : p.isr.includes(broker) ? 'inSync' : 'outOfSync';
  return { partition, role, logEndOffset: log.logEndOffset, highWatermark: log.highWatermark };
}

/** Who stands left, who right. Learner code stands right when the scenario gives it a group or once it has joined one. */
function sidesOf(scenario: Scenario, clients: ClientsState): { left: ProcessSpec[]; right: ProcessSpec[] } {
  const reads = (spec: ProcessSpec) => spec.role === 'consumer' || (spec.role === 'guest' && groupOf(spec, clients) !== '');
  return { left: scenario.processes.filter((p) => !reads(p)), right: scenario.processes.filter(reads) };
}

function groupOf(spec: ProcessSpec, clients: ClientsState): string {
  if (spec.group) return spec.group;
  for (const g of clients.groups.values()) for (const m of g.members.values()) if (m.client === spec.name) return g.group;
  return '';
}

function readsOf(group: GroupState, client: string, topic: string, topicSym: number, partitions: readonly PartitionState[]): { partition: number; lag: number }[] {
  return partitions.filter((p) => ownerOf(group, topic, p.partition) === client).map((p) => ({ partition: p.partition, lag: lagOf(group, partitionKey(topicSym, p.partition), leaderEnd(p)) }));
}

/** Log end of the leader, or of the longest log while there is none. */
export function leaderEnd(p: PartitionState): number {
  const leader = logOf(p, p.leader);
  return leader ? leader.logEndOffset : Math.max(0, ...p.logs.map((log) => log.logEndOffset));
}
