// Who runs, who leads, who is in sync, and how far each replica's log reaches.
import type { EventName } from '../../simulations/contract/events.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';
import { byType, type Model } from './timeline.ts';

export interface ProcessState {
  readonly name: string;
  readonly role: string;
  status: 'running' | 'paused' | 'killed' | 'exited';
  incarnation: number;
  /** The event that brought it into this status. */
  since: number;
}

export interface ReplicaState {
  readonly broker: number;
  role: 'leader' | 'follower' | 'unknown';
  logEndOffset: number;
  highWatermark: number;
  logStartOffset: number;
  /** Last event that cut this log back, -1 = none, and how many records it removed. */
  truncatedBy: number;
  truncated: number;
}

export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** Broker id; -1 = none. */
  leader: number;
  leaderWas: number;
  leaderEpoch: number;
  isr: readonly number[];
  /** Broker ids in replica order. */
  replicas: readonly number[];
  /** Last `kafka.leaderElected`, -1 = none. */
  electedBy: number;
  unclean: boolean;
  readonly logs: ReplicaState[];
}

export interface ClusterState {
  readonly processes: Map<string, ProcessState>;
  /** By `partitionKey`, in the order they came to be. */
  readonly partitions: Map<number, PartitionState>;
  /** Broker ids the controller has fenced. */
  readonly fenced: Set<number>;
  /** The controller's last word: a fencing, an election, a change of an ISR. -1 = none. Of several at once the weightiest is kept. */
  controllerSaid: number;
}

const STARTED = columns('process.started');
const APPEND = columns('kafka.append');
const HW = columns('kafka.highWatermark');
const TRUNCATE = columns('kafka.truncate');
const ROLE = columns('kafka.roleTaken');
const ISR = columns('kafka.isrChanged');
const ELECTED = columns('kafka.leaderElected');
const FENCED = columns('kafka.fenced');
const REASSIGNED = columns('kafka.reassigned');
const DROPPED = columns('kafka.replicaDropped');
const DELETED = columns('kafka.topicDeleted');
const LEFT = columns('kafka.brokerLeft');

/** A number of its own for each partition of each topic: partitions count at most 200. */
export function partitionKey(topicSym: number, partition: number): number {
  return topicSym * 256 + partition;
}

/** `broker-2` → 2; -1 for another process. */
export function brokerId(process: string): number {
  let id = BROKER_IDS.get(process);
  if (id === undefined) BROKER_IDS.set(process, (id = process.startsWith('broker-') ? Number(process.slice(7)) : -1));
  return id;
}
/** Worked out once per name: it is asked for at every event of a log. */
const BROKER_IDS = new Map<string, number>();

export const clusterModel: Model<ClusterState> = {
  start: () => ({ processes: new Map(), partitions: new Map(), fenced: new Set(), controllerSaid: -1 }),

  copy: (state) => ({
    processes: new Map(Array.from(state.processes, ([name, p]) => [name, { ...p }])),
    partitions: new Map(Array.from(state.partitions, ([key, p]) => [key, { ...p, logs: p.logs.map((log) => ({ ...log })) }])),
    fenced: new Set(state.fenced),
    controllerSaid: state.controllerSaid,
  }),

  apply: byType({
    'kafka.append'(state, store, seq) {
      const log = replicaAt(state, store, seq, APPEND.topic, APPEND.partition);
      log.logEndOffset = store.value(seq, APPEND.baseOffset) + store.value(seq, APPEND.records);
    },
    'kafka.highWatermark'(state, store, seq) {
      const log = replicaAt(state, store, seq, HW.topic, HW.partition);
      log.highWatermark = store.value(seq, HW.offset);
      log.logEndOffset = store.value(seq, HW.logEndOffset);
      log.logStartOffset = store.value(seq, HW.logStartOffset);
    },
    'kafka.truncate'(state, store, seq) {
      const log = replicaAt(state, store, seq, TRUNCATE.topic, TRUNCATE.partition);
      log.logEndOffset = store.value(seq, TRUNCATE.toOffset);
      log.highWatermark = Math.min(log.highWatermark, log.logEndOffset);
      log.truncated = store.value(seq, TRUNCATE.removed);
      log.truncatedBy = seq;
    },
    'kafka.roleTaken'(state, store, seq) {
      const log = replicaAt(state, store, seq, ROLE.topic, ROLE.partition);
      log.role = store.texts[store.value(seq, ROLE.role)] === 'leader' ? 'leader' : 'follower';
      log.logEndOffset = store.value(seq, ROLE.logEndOffset);
    },
    'kafka.isrChanged'(state, store, seq) {
      const p = partitionAt(state, store, seq, ISR.topic, ISR.partition);
      p.isr = ids(store, store.value(seq, ISR.isr));
      p.leader = store.value(seq, ISR.leader);
      p.leaderEpoch = store.value(seq, ISR.leaderEpoch);
      if (!p.topic.startsWith('__')) said(state, store, seq);
    },
    'kafka.leaderElected'(state, store, seq) {
      const p = partitionAt(state, store, seq, ELECTED.topic, ELECTED.partition);
      p.leaderWas = store.value(seq, ELECTED.was);
      p.leader = store.value(seq, ELECTED.leader);
      p.leaderEpoch = store.value(seq, ELECTED.leaderEpoch);
      p.isr = ids(store, store.value(seq, ELECTED.isr));
      p.replicas = ids(store, store.value(seq, ELECTED.replicas));
      p.unclean = store.value(seq, ELECTED.unclean) === 1;
      p.electedBy = seq;
      for (const broker of p.replicas) replica(p, broker);
      if (!p.topic.startsWith('__')) said(state, store, seq);
    },
    'kafka.reassigned'(state, store, seq) {
      const p = partitionAt(state, store, seq, REASSIGNED.topic, REASSIGNED.partition);
      p.replicas = ids(store, store.value(seq, REASSIGNED.replicas));
      for (const broker of p.replicas) replica(p, broker);
    },
    'kafka.replicaDropped'(state, store, seq) {
      const key = partitionKey(store.value(seq, DROPPED.topic), store.value(seq, DROPPED.partition));
      const p = state.partitions.get(key);
      if (!p) return;
      const at = p.logs.findIndex((log) => log.broker === brokerId(store.processAt(seq)));
      if (at >= 0) p.logs.splice(at, 1);
      // A broker that learned late of a topic's deletion may have spoken of it again.
      if (p.logs.length === 0 && p.replicas.length === 0) state.partitions.delete(key);
    },
    'kafka.topicDeleted'(state, store, seq) {
      const topic = store.texts[store.value(seq, DELETED.topic)];
      for (const [key, p] of state.partitions) if (p.topic === topic) state.partitions.delete(key);
    },
    'kafka.brokerLeft'(state, store, seq) {
      state.fenced.delete(store.value(seq, LEFT.broker));
    },
    'kafka.fenced'(state, store, seq) {
      state.fenced.add(store.value(seq, FENCED.broker));
      said(state, store, seq);
    },
    'kafka.unfenced'(state, store, seq) {
      state.fenced.delete(store.value(seq, FENCED.broker));
    },
    'process.started'(state, store, seq) {
      const name = store.processAt(seq);
      const role = store.texts[store.value(seq, STARTED.role)]!;
      state.processes.set(name, { name, role, status: 'running', incarnation: store.value(seq, STARTED.incarnation), since: seq });
    },
    'process.killed'(state, store, seq) {
      turn(state, store, seq, 'killed');
    },
    'process.exited'(state, store, seq) {
      turn(state, store, seq, 'exited');
    },
    'process.paused'(state, store, seq) {
      turn(state, store, seq, 'paused');
    },
    'process.resumed'(state, store, seq) {
      turn(state, store, seq, 'running');
    },
    'process.restarted'(state, store, seq) {
      turn(state, store, seq, 'running');
    },
  }),
};

/** What is said within this time counts as said at once, virtual microseconds. */
const AT_ONCE_US = 2_000_000;
const WEIGHT: Partial<Record<EventName, number>> = { 'kafka.fenced': 3, 'kafka.leaderElected': 2, 'kafka.isrChanged': 1 };

function said(state: ClusterState, store: TraceStore, seq: number): void {
  const before = state.controllerSaid;
  const lighter = before >= 0 && WEIGHT[store.typeAt(seq)]! < WEIGHT[store.typeAt(before)]!;
  if (!lighter || store.timeAt(seq) - store.timeAt(before) > AT_ONCE_US) state.controllerSaid = seq;
}

function turn(state: ClusterState, store: TraceStore, seq: number, status: ProcessState['status']): void {
  const process = state.processes.get(store.processAt(seq));
  if (!process) return;
  process.status = status;
  process.incarnation = store.value(seq, 0);
  process.since = seq;
}

function partitionAt(state: ClusterState, store: TraceStore, seq: number, topicAt: number, partitionAt: number): PartitionState {
  const topic = store.value(seq, topicAt);
  const partition = store.value(seq, partitionAt);
  const key = partitionKey(topic, partition);
  let found = state.partitions.get(key);
  if (!found) {
    found = { topic: store.texts[topic]!, partition, leader: -1, leaderWas: -1, leaderEpoch: -1, isr: [], replicas: [], electedBy: -1, unclean: false, logs: [] };
    state.partitions.set(key, found);
  }
  return found;
}

function replicaAt(state: ClusterState, store: TraceStore, seq: number, topicAt: number, partitionIndex: number): ReplicaState {
  return replica(partitionAt(state, store, seq, topicAt, partitionIndex), brokerId(store.processAt(seq)));
}

function replica(partition: PartitionState, broker: number): ReplicaState {
  for (const log of partition.logs) if (log.broker === broker) return log;
  const log: ReplicaState = { broker, role: 'unknown', logEndOffset: 0, highWatermark: 0, logStartOffset: 0, truncatedBy: -1, truncated: 0 };
  partition.logs.push(log);
  return log;
}

function ids(store: TraceStore, sym: number): readonly number[] {
  const text = store.texts[sym]!;
  return text === '' ? [] : text.split(',').map(Number);
}

/** The partitions of a topic in order of their number. */
export function partitionsOf(state: ClusterState, topic: string): PartitionState[] {
  return Array.from(state.partitions.values())
    .filter((p) => p.topic === topic)
    .sort((a, b) => a.partition - b.partition);
}

export function findPartition(state: ClusterState, topic: string, partition: number): PartitionState | undefined {
  for (const p of state.partitions.values()) if (p.partition === partition && p.topic === topic) return p;
  return undefined;
}

export function logOf(partition: PartitionState, broker: number): ReplicaState | undefined {
  return partition.logs.find((log) => log.broker === broker);
}
