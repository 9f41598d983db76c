// The native consumers of both protocols in one group, as during a rolling upgrade and back.
import { expect, it } from 'vitest';
import { told, universe } from '../../../testing.ts';

const member = (name: string, over: object = {}) => ({ name, role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest', ...over });

it.each([['range'], ['roundrobin'], ['cooperative-sticky']])('a group of %s consumers takes one of the consumer protocol in and lets it go again', { timeout: 20_000 }, (assignor) => {
  const document = {
    topics: [{ name: 't', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }],
    horizonMs: 70_000,
    processes: [
      { name: 'writer', role: 'producer' },
      member('one', { partitionAssignmentStrategy: [assignor] }),
      member('two', { partitionAssignmentStrategy: [assignor] }),
      member('new', { startMs: 15_000, groupProtocol: 'consumer' }),
    ],
    workloads: [{ process: 'writer', topic: 't', records: 1_000, everyUs: 50_000, keys: 40 }],
  };
  const { of, result } = told(universe(document, ['shutdown new at 45s']));
  expect(of('group.converted').map((e) => [e.to, Math.floor(e.timeUs / 1_000_000)])).toEqual([
    ['consumer', 15],
    ['classic', 45],
  ]);
  // Each of the three has two of the six, and at the end each of the two has three.
  const shares = (fromS: number, toS: number) => {
    const last = new Map(of('consumer.assigned').flatMap((e) => (e.timeUs > fromS * 1_000_000 && e.timeUs < toS * 1_000_000 ? [[e.process, e.owned] as const] : [])));
    return [...last.values()].flatMap((owned) => owned.split(',')).sort();
  };
  expect(shares(15, 45)).toEqual(['t-0', 't-1', 't-2', 't-3', 't-4', 't-5']);
  expect(shares(45, 70)).toEqual(['t-0', 't-1', 't-2', 't-3', 't-4', 't-5']);
  expect(of('consumer.delivered').reduce((n, e) => n + e.records, 0)).toBe(1_000);
  const owner = result.invariants.find((i) => i.id === 'one-owner')!;
  expect(owner).toMatchObject({ held: true });
  expect(owner.tested).toBeGreaterThan(20);
});
