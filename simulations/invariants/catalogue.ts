// The watched properties, each with the settings under which Kafka promises it and the events it is judged by. Their sentences are in text/.
import type { EventName } from '../contract/events.ts';
import type { Scenario } from '../contract/scenario.ts';

export const INVARIANT_IDS = ['acknowledged-kept', 'delivered-stands', 'high-watermark-forward', 'log-bounds', 'key-order', 'no-duplicates', 'one-owner', 'replicas-agree'] as const;
export type InvariantId = (typeof INVARIANT_IDS)[number];

export type ConditionId = 'acks-all' | 'min-insync-2' | 'clean-election' | 'idempotence';

export interface InvariantSpec {
  readonly id: InvariantId;
  /** What must be set so that Kafka promises it; empty = always. */
  readonly conditions: readonly ConditionId[];
  readonly reads: readonly EventName[];
  readonly source: string;
}

export const INVARIANTS: readonly InvariantSpec[] = [
  {
    id: 'acknowledged-kept',
    conditions: ['acks-all', 'min-insync-2', 'clean-election'],
    reads: ['producer.acknowledged', 'kafka.append', 'kafka.truncate', 'kafka.roleTaken'],
    source: 'Kafka documentation, replication: committed messages are not lost while one in-sync replica lives; KIP-966',
  },
  { id: 'delivered-stands', conditions: ['clean-election'], reads: ['consumer.delivered', 'kafka.append'], source: 'Kafka documentation, replication: only committed messages are given out' },
  { id: 'high-watermark-forward', conditions: [], reads: ['kafka.highWatermark', 'kafka.truncate', 'process.killed'], source: 'Kafka UnifiedLog.updateHighWatermark' },
  { id: 'log-bounds', conditions: [], reads: ['kafka.highWatermark'], source: 'Kafka UnifiedLog.updateHighWatermark' },
  { id: 'key-order', conditions: ['idempotence'], reads: ['kafka.append', 'kafka.roleTaken'], source: 'Kafka documentation, max.in.flight.requests.per.connection; KIP-98' },
  { id: 'no-duplicates', conditions: [], reads: ['kafka.append', 'kafka.roleTaken'], source: 'KIP-98, KIP-360' },
  {
    id: 'one-owner',
    conditions: [],
    reads: ['group.assigned', 'group.memberReconciled', 'group.memberLeft', 'group.memberReplaced', 'group.loaded'],
    source: 'Kafka documentation, consumer groups; KIP-848',
  },
  { id: 'replicas-agree', conditions: [], reads: ['kafka.append', 'kafka.truncate', 'kafka.isrChanged'], source: 'KIP-101, KIP-279' },
];

/** The first condition of an invariant that a scenario as a whole does not meet; null = promised throughout. Learner code is judged by what it does. */
export function unmetBy(scenario: Scenario, spec: InvariantSpec): ConditionId | null {
  const producers = scenario.processes.filter((p) => p.role === 'producer');
  for (const condition of spec.conditions) {
    const met =
      condition === 'acks-all'
        ? producers.every((p) => p.acks === 'all')
        : condition === 'min-insync-2'
          ? scenario.topics.every((t) => Math.min(t.minInsyncReplicas ?? scenario.cluster.config.minInsyncReplicas, t.replicationFactor) >= 2)
          : condition === 'clean-election'
            ? !scenario.cluster.config.uncleanLeaderElectionEnable
            : producers.every((p) => p.idempotence || p.maxInFlight === 1);
    if (!met) return condition;
  }
  return null;
}
