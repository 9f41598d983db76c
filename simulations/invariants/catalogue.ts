// The watched properties, each with the settings under which Kafka promises it and the events it is judged by. Their sentences are in text/.
import type { EventName } from '../contract/events.ts';
import type { Scenario } from '../contract/scenario.ts';
import { configAtStart } from '../kafka/metadata/effective.ts';

export const INVARIANT_IDS = [
  'acknowledged-kept',
  'delivered-stands',
  'high-watermark-forward',
  'log-bounds',
  'key-order',
  'no-duplicates',
  'one-owner',
  'replicas-agree',
  'read-committed',
  'markers-hidden',
  'offsets-kept',
  'output-complete',
  'output-once',
] as const;
export type InvariantId = (typeof INVARIANT_IDS)[number];

/** `power` is of the run and not of the settings: a loss of power took what was acknowledged and not yet on a disk. */
export type ConditionId =
  | 'acks-all'
  | 'min-insync-2'
  | 'clean-election'
  | 'idempotence'
  | 'power'
  | 'checkpoints'
  | 'sink-at-least-once'
  | 'sink-exactly-once'
  | 'mode-exactly-once'
  | 'not-drained'
  | 'same-input'
  | 'no-late-records'
  | 'transaction-timeout';

export interface InvariantSpec {
  readonly id: InvariantId;
  /** What must be set so that Kafka promises it; empty = always. */
  readonly conditions: readonly ConditionId[];
  readonly reads: readonly EventName[];
  readonly source: string;
}

const OUTPUT_EVENTS: readonly EventName[] = ['kafka.append', 'kafka.transactionOpened', 'transaction.markerWritten', 'job.stateChanged', 'operator.late', 'sink.transactionChanged'];

export const INVARIANTS: readonly InvariantSpec[] = [
  {
    id: 'acknowledged-kept',
    conditions: ['acks-all', 'min-insync-2', 'clean-election'],
    reads: ['producer.acknowledged', 'kafka.append', 'kafka.truncate', 'kafka.roleTaken', 'kafka.leaderElected', 'kafka.replicaDropped', 'kafka.tailLost', 'kafka.logStartOffset', 'kafka.compacted'],
    source: 'Kafka documentation, replication: committed messages are not lost while one in-sync replica lives; KIP-966',
  },
  { id: 'delivered-stands', conditions: ['clean-election'], reads: ['consumer.delivered', 'kafka.append'], source: 'Kafka documentation, replication: only committed messages are given out' },
  { id: 'high-watermark-forward', conditions: [], reads: ['kafka.highWatermark', 'kafka.truncate', 'process.killed'], source: 'Kafka UnifiedLog.updateHighWatermark' },
  {
    id: 'log-bounds',
    conditions: [],
    reads: ['kafka.highWatermark', 'kafka.logStartOffset', 'kafka.lastStableOffset'],
    source: 'Kafka UnifiedLog.updateHighWatermark, fetchLastStableOffsetMetadata, maybeIncrementLogStartOffset',
  },
  { id: 'key-order', conditions: ['idempotence'], reads: ['kafka.append', 'kafka.roleTaken'], source: 'Kafka documentation, max.in.flight.requests.per.connection; KIP-98' },
  { id: 'no-duplicates', conditions: [], reads: ['kafka.append', 'kafka.roleTaken'], source: 'KIP-98, KIP-360' },
  {
    id: 'one-owner',
    conditions: [],
    reads: ['group.assigned', 'group.memberReconciled', 'group.memberLeft', 'group.memberReplaced', 'group.targetComputed', 'group.loaded', 'group.converted'],
    source: 'Kafka documentation, consumer groups; KIP-848',
  },
  { id: 'replicas-agree', conditions: [], reads: ['kafka.append', 'kafka.truncate', 'kafka.isrChanged'], source: 'KIP-101, KIP-279' },
  {
    id: 'read-committed',
    conditions: ['clean-election'],
    reads: ['kafka.transactionOpened', 'transaction.markerWritten', 'kafka.roleTaken', 'consumer.metTransaction', 'consumer.delivered'],
    source: 'KIP-98; Kafka documentation, isolation.level',
  },
  { id: 'markers-hidden', conditions: [], reads: ['transaction.markerWritten', 'kafka.roleTaken', 'consumer.delivered'], source: 'KIP-98, control messages' },
  {
    id: 'offsets-kept',
    conditions: ['clean-election'],
    reads: ['kafka.append', 'kafka.logStartOffset', 'kafka.compacted', 'consumer.delivered'],
    source: 'Kafka documentation, log compaction: the offset for a message never changes',
  },
  {
    id: 'output-complete',
    conditions: ['checkpoints', 'sink-at-least-once', 'not-drained', 'same-input', 'no-late-records', 'transaction-timeout'],
    reads: OUTPUT_EVENTS,
    source: 'Flink documentation, Kafka connector, fault tolerance: DeliveryGuarantee.AT_LEAST_ONCE',
  },
  {
    id: 'output-once',
    conditions: ['checkpoints', 'sink-exactly-once', 'mode-exactly-once', 'not-drained', 'same-input', 'no-late-records', 'transaction-timeout'],
    reads: OUTPUT_EVENTS,
    source: 'Flink documentation, Kafka connector, fault tolerance: DeliveryGuarantee.EXACTLY_ONCE',
  },
];

/** Invariants of stream jobs: nothing puts them to the test in a universe without jobs. */
export const JOB_INVARIANTS: ReadonlySet<InvariantId> = new Set(['output-complete', 'output-once']);

/** Conditions of stream jobs: most are judged at the violation. */
const OF_JOBS: ReadonlySet<ConditionId> = new Set([
  'checkpoints',
  'sink-at-least-once',
  'sink-exactly-once',
  'mode-exactly-once',
  'not-drained',
  'same-input',
  'no-late-records',
  'transaction-timeout',
]);

/** The first condition of an invariant that a scenario as a whole does not meet; null = promised throughout. Learner code is judged by what it does. */
export function unmetBy(scenario: Scenario, spec: InvariantSpec): ConditionId | null {
  const producers = scenario.processes.filter((p) => p.role === 'producer');
  const jobs = scenario.streams?.jobs ?? [];
  for (const condition of spec.conditions) {
    if (OF_JOBS.has(condition)) {
      if (condition === 'checkpoints' && jobs.some((j) => j.checkpointing.intervalMs === 0)) return condition;
      if (condition === 'mode-exactly-once' && jobs.some((j) => j.checkpointing.mode !== 'exactly-once')) return condition;
      continue;
    }
    const met =
      condition === 'acks-all'
        ? producers.every((p) => p.acks === 'all')
        : condition === 'min-insync-2'
          ? scenario.topics.every((t) => Math.min(configAtStart(scenario, t).minInsyncReplicas, t.replicationFactor) >= 2)
          : condition === 'clean-election'
            ? !scenario.topics.some((t) => configAtStart(scenario, t).uncleanLeaderElectionEnable)
            : condition === 'power' || producers.every((p) => p.idempotence || p.maxInFlight === 1);
    if (!met) return condition;
  }
  return null;
}
