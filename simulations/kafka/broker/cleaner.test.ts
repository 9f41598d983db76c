// Which logs a broker's cleaner takes up.
import { describe, expect, it } from 'vitest';
import { setConfigs } from '../admin.test-helper.ts';
import { probe } from '../probe.test-helper.ts';

describe('the log cleaner', () => {
  it('leaves the cluster’s own topics to themselves, even where an administrator has their segments rolled', () => {
    const scenario = {
      topics: [{ name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2, config: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01' } }],
      cluster: { brokers: 3, config: { logCleanerBackoffMs: 1_000 } },
      processes: [
        { name: 'p', role: 'producer' },
        { name: 'c', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest', autoCommitIntervalMs: 200 },
      ],
      workloads: [{ process: 'p', topic: 't', records: 300, startMs: 2_000, everyUs: 50_000, keys: 3 }],
      horizonMs: 30_000,
    };
    const r = probe(scenario, [setConfigs(500, '', { 'log.roll.ms': '1000' })]);
    const topicsOf = (events: readonly { readonly topic: string }[]) => new Set(events.map((e) => e.topic));
    expect([...topicsOf(r.of('kafka.segmentRolled'))].sort()).toEqual(['__consumer_offsets', 't']);
    expect([...topicsOf(r.of('kafka.compacted'))]).toEqual(['t']);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
  });
});
