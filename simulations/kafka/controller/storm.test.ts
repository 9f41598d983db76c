// Administrators at work while brokers fail: whatever they ask for, nothing that Kafka promises breaks.
import { describe, expect, it } from 'vitest';
import { drawInt, drawKey } from '../../kernel/draws.ts';
import { createPartitions, electLeaders, reassign, setConfigs } from '../admin.test-helper.ts';
import { probe, type Ask } from '../probe.test-helper.ts';

const BROKERS = 5;
const PARTITIONS = 4;

function storm(seed: number) {
  const key = drawKey(seed, 'storm');
  let n = 0;
  const int = (low: number, high: number) => low + drawInt(key, n++, high - low + 1);
  const broker = () => `broker-${int(1, BROKERS)}`;
  const document = {
    profile: int(0, 1) ? 'kafka-4.1' : 'kafka-4.0',
    cluster: { brokers: BROKERS, joining: [{ atMs: 20_000 }], config: { minInsyncReplicas: 2, leaderImbalanceCheckIntervalSeconds: 20 } },
    horizonMs: 110_000,
    topics: [{ name: 'events', partitions: PARTITIONS, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [
      { name: 'writer', role: 'producer' },
      { name: 'reader', role: 'consumer', group: 'readers', topics: ['events'], autoOffsetReset: 'earliest' },
    ],
    workloads: [{ process: 'writer', topic: 'events', records: 600, everyUs: 120_000, keys: 20 }],
  };
  const asks: Ask[] = [];
  for (let i = 0; i < 12; i++) {
    const atMs = int(2_000, 75_000);
    const kind = int(1, 8);
    // Three brokers in a row, from any of them on: also the one that joins late.
    const first = int(0, BROKERS);
    const replicas = [0, 1, 2].map((b) => ((first + b) % (BROKERS + 1)) + 1);
    const made =
      kind === 1
        ? electLeaders(atMs, 0, null)
        : kind === 2
          ? createPartitions(atMs, 'events', int(PARTITIONS + 1, 8))
          : kind === 3
            ? setConfigs(atMs, 'events', { 'min.insync.replicas': int(0, 1) ? '2' : '3' })
            : kind === 4
              ? reassign(atMs, 'events', int(0, PARTITIONS - 1), null)
              : reassign(atMs, 'events', int(0, PARTITIONS - 1), replicas);
    asks.push({ ...made, broker: int(1, BROKERS), on: `${i}` });
  }
  const kinds = ['kill', 'restart', 'pause', 'shutdown'];
  const faults = [5, 35, 62].map((atS) => `${kinds[int(0, 3)]!} ${broker()} at ${atS + int(0, 3)}s for ${int(3, 12)}s`);
  return probe(document, asks, faults);
}

describe('administration in a storm', () => {
  it('loses no acknowledged record and leaves no partition without a leader', { timeout: 60_000 }, () => {
    const moved = { reassigned: 0, dropped: 0 };
    for (let seed = 0; seed < 16; seed++) {
      const { result, of } = storm(seed);
      expect(result.ended.reason, `seed ${seed}`).toBe('horizon');
      expect(
        result.invariants.filter((i) => !i.held).map((i) => i.id),
        `seed ${seed}`,
      ).toEqual([]);
      expect(result.metrics.acknowledged, `seed ${seed}`).toBe(600);
      // A consumer asks for new partitions every five minutes at the latest (metadata.max.age.ms), which is longer than this run.
      const old = (e: { partition: number; records: number }) => (e.partition < PARTITIONS ? e.records : 0);
      const sum = (events: readonly { partition: number; records: number }[]) => events.reduce((total, e) => total + old(e), 0);
      expect(sum(of('consumer.delivered').filter((e) => e.topic === 'events')), `seed ${seed}`).toBeGreaterThanOrEqual(sum(of('producer.acknowledged')));
      moved.reassigned += of('kafka.reassigned').length;
      moved.dropped += of('kafka.replicaDropped').length;
    }
    expect(moved.reassigned).toBeGreaterThan(50);
    expect(moved.dropped).toBeGreaterThan(50);
  });
});
