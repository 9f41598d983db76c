// Draws a universe for the swarm: a cluster, clients and faults over safe settings (acks=all, idempotence, min.insync.replicas 2, clean elections).
// At most one broker is in trouble at a time, and the ISR has time to heal between two: a majority of an ISR is never down at once.
import type { Universe } from '../contract/scenario.ts';
import { drawInt, drawKey } from '../kernel/draws.ts';
import { defineScenario } from '../scenarios/define.ts';

const HORIZON_S = 110;
/** The last fault is healed this long before the horizon. */
const QUIET_S = 25;

/** Settings under which a topic gives up records within a run. */
const STORAGE: readonly Readonly<Record<string, string>>[] = [
  { 'segment.bytes': '4000', 'retention.ms': '20000' },
  { 'segment.bytes': '4000', 'retention.bytes': '12000' },
  { 'segment.bytes': '4000', 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.1' },
  { 'segment.ms': '5000', 'cleanup.policy': 'compact,delete', 'min.cleanable.dirty.ratio': '0.3', 'retention.ms': '40000' },
];

export interface Swarm {
  readonly universe: Universe;
  /** Kinds of the faults drawn, in order. */
  readonly kinds: readonly string[];
  readonly flavour: Flavour;
}

/** What a universe is about beside its faults: nothing, producers with transactions, or a topic that is shortened or compacted. */
export type Flavour = 'plain' | 'transactions' | 'storage';
const FLAVOURS: readonly Flavour[] = ['plain', 'plain', 'transactions', 'storage'];
/** Settings of the group's members by kind of group; static members of the consumer protocol are left out, as one whose first answer is lost ends (UNRELEASED_INSTANCE_ID). */
const GROUPS: readonly ((member: number) => object)[] = [
  () => ({}),
  () => ({ partitionAssignmentStrategy: ['cooperative-sticky'] }),
  (member) => ({ groupInstanceId: `instance-${member}` }),
  (member) => ({ groupInstanceId: `instance-${member}`, partitionAssignmentStrategy: ['cooperative-sticky'] }),
  () => ({ groupProtocol: 'consumer' }),
  () => ({ groupProtocol: 'consumer', groupRemoteAssignor: 'range' }),
  // Members of both protocols in one group, which changes over when the first of the other comes and the last of the newer goes.
  (member) => (member % 2 === 0 ? { groupProtocol: 'consumer', startMs: 20_000 } : {}),
  (member) => (member % 2 === 0 ? { groupProtocol: 'consumer' } : { partitionAssignmentStrategy: ['cooperative-sticky'], startMs: 15_000 }),
  // Share groups of Kafka 4.0 read all that is committed to the log, aborted transactions included.
  () => ({ groupType: 'share', isolationLevel: 'read_uncommitted' }),
];

/** @param seed 0 to 2^32-1: draws the universe and seeds its run. */
export function drawUniverse(seed: number): Swarm {
  const key = drawKey(seed, 'swarm');
  let n = 0;
  const int = (low: number, high: number) => low + drawInt(key, n++, high - low + 1);
  // Drawn apart, so that they leave the rest of a universe as it was without them.
  const special = drawKey(seed, 'swarm/flavour');
  let m = 0;
  const also = (low: number, high: number) => low + drawInt(special, m++, high - low + 1);
  const flavour = FLAVOURS[also(0, 3)]!;
  const transactional = (i: number) =>
    flavour === 'transactions' || (flavour === 'storage' && also(0, 1) === 0) ? { transactionalId: `tx-${i}`, recordsPerTransaction: also(1, 25), abortEvery: also(0, 4) } : {};
  const config = flavour === 'storage' ? STORAGE[also(0, STORAGE.length - 1)] : undefined;
  const brokers = int(3, 5);
  const partitions = int(1, 12);
  const producers = int(1, 4);
  const members = int(1, 4);
  const records = int(200, 2_000);
  const groupOf = GROUPS[drawInt(drawKey(seed, 'swarm/group'), 0, GROUPS.length)]!;
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'swarm',
    title: { ko: '무작위 세계', en: 'A drawn universe' },
    summary: { ko: '시드에서 뽑은 클러스터와 장애입니다.', en: 'A cluster and its faults, drawn from the seed.' },
    horizonMs: HORIZON_S * 1000,
    cluster: {
      brokers,
      config: {
        minInsyncReplicas: 2,
        groupConsumerSessionTimeoutMs: 10_000,
        groupConsumerHeartbeatIntervalMs: 2_000,
        groupShareSessionTimeoutMs: 10_000,
        groupShareHeartbeatIntervalMs: 2_000,
        groupShareRecordLockDurationMs: 8_000,
        shareAutoOffsetReset: 'earliest',
        ...(config && { logRetentionCheckIntervalMs: 4_000, logInitialTaskDelayMs: 4_000, logCleanerBackoffMs: 3_000 }),
      },
    },
    topics: [{ name: 'events', partitions, replicationFactor: 3, minInsyncReplicas: 2, config }],
    processes: [
      ...Array.from({ length: producers }, (_, i) => ({ name: `producer-${i + 1}`, role: 'producer', maxInFlight: int(1, 5), lingerMs: int(0, 20), ...transactional(i + 1) })),
      ...Array.from({ length: members }, (_, i) => ({
        name: `member-${i + 1}`,
        role: 'consumer',
        group: 'readers',
        topics: ['events'],
        autoOffsetReset: 'earliest',
        sessionTimeoutMs: 10_000,
        workUsPerRecord: int(0, 1) * 1_000,
        ...(flavour !== 'plain' && also(0, 2) > 0 && { isolationLevel: 'read_committed' }),
        ...groupOf(i + 1),
      })),
    ],
    workloads: Array.from({ length: producers }, (_, i) => ({
      process: `producer-${i + 1}`,
      topic: 'events',
      records: Math.max(1, Math.floor(records / producers)),
      everyUs: Math.floor(((HORIZON_S - QUIET_S) * 900_000 * producers) / records),
      keys: int(1, 40),
    })),
  });
  const faults: string[] = [];
  const kinds: string[] = [];
  const wanted = int(1, 6);
  let brokerFreeS = 3;
  for (let i = 0; i < wanted; i++) {
    const onBroker = i === 0 || int(1, 10) <= 5;
    const endS = HORIZON_S - QUIET_S;
    if (onBroker) {
      const lengthS = int(1, 10) <= 8 ? int(10, 16) : int(1, 8);
      const atS = brokerFreeS + int(0, 6);
      if (atS + lengthS > endS) continue;
      const broker = `broker-${int(1, brokers)}`;
      const others = Array.from({ length: brokers }, (_, b) => `broker-${b + 1}`).filter((b) => b !== broker);
      const rest = `{${['controller', ...others].join(',')}}`;
      const drawn = (['kill', 'restart', 'pause', 'shutdown', 'cut'] as const)[int(0, 4)]!;
      const kind = drawn === 'kill' && also(0, 1) === 0 ? 'powerloss' : drawn;
      kinds.push(kind);
      const target = kind === 'cut' ? `${broker}${int(0, 1) ? '<->' : '->'}${rest}` : broker;
      faults.push(`${kind} ${target} at ${atS}s for ${lengthS}s`);
      brokerFreeS = atS + lengthS + 14;
    } else {
      const client = int(0, 1) ? `producer-${int(1, producers)}` : `member-${int(1, members)}`;
      const broker = `broker-${int(1, brokers)}`;
      const at = `${int(3, endS - 12)}s`;
      const length = `${int(1, 12)}s`;
      const kind = int(1, 4);
      kinds.push(kind === 1 ? 'loss' : kind === 2 ? 'delay' : kind === 3 ? 'pause' : 'cut');
      faults.push(
        kind === 1
          ? `loss ${client}<->${broker} share=1/${int(4, 20)} at ${at} for ${length}`
          : kind === 2
            ? `delay ${client}<->${broker} by=${int(5, 900)}ms at ${at} for ${length}`
            : kind === 3
              ? `pause ${client} at ${at} for ${length}`
              : `cut ${client}->${broker} at ${at} for ${length}`,
      );
    }
  }
  return { universe: { scenario, faults, seed, files: {} }, kinds, flavour };
}
