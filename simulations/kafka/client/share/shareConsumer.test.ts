import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../contract/events.ts';
import { readScenario } from '../../../contract/scenario.ts';
import { TraceStore } from '../../../kernel/traceStore.ts';
import { createRun } from '../../../run.ts';
import { told, universe } from '../../../testing.ts';
import type { ShareConsumer } from '../shareConsumer.ts';
import { ACCEPT, Acknowledgements, RELEASE } from './acknowledgements.ts';

const topics = [{ name: 't', partitions: 2, replicationFactor: 3, minInsyncReplicas: 2 }];
const member = (name: string, over: object = {}) => ({ name, role: 'consumer', groupType: 'share', group: 'g', topics: ['t'], ...over });
const writer = { name: 'writer', role: 'producer' };
const load = (records: number, over: object = {}) => [{ process: 'writer', topic: 't', records, everyUs: 20_000, keys: 40, startMs: 5_000, ...over }];
const world = (processes: readonly object[], over: object = {}) => ({
  topics,
  horizonMs: 40_000,
  cluster: { brokers: 3, config: { shareAutoOffsetReset: 'earliest' } },
  processes: [writer, ...processes],
  workloads: load(400),
  ...over,
});

type Events = ReturnType<typeof told>;
/** How often each record was handed out, by partition and offset. */
function deliveries({ of }: Events): Map<string, number> {
  const times = new Map<string, number>();
  for (const e of of('consumer.delivered')) for (let o = e.baseOffset; o < e.nextOffset; o++) times.set(`${e.partition}/${o}`, (times.get(`${e.partition}/${o}`) ?? 0) + 1);
  return times;
}
const sum = (events: readonly { firstOffset: number; lastOffset: number }[]) => events.reduce((n, e) => n + e.lastOffset - e.firstOffset + 1, 0);

describe('share consumers', () => {
  it('share the records of one partition among more members than it has, each record once', () => {
    const ran = told(universe(world([member('one'), member('two'), member('three')], { topics: [{ ...topics[0]!, partitions: 1 }] })));
    const times = deliveries(ran);
    expect(times.size).toBe(400);
    expect([...times.values()].every((n) => n === 1)).toBe(true);
    expect(new Set(ran.of('consumer.delivered').map((e) => e.process))).toEqual(new Set(['one', 'two', 'three']));
    expect(sum(ran.of('share.acknowledged'))).toBe(400);
    expect(ran.of('share.startMoved').at(-1)).toMatchObject({ startOffset: 400, inFlight: 0 });
    for (const e of ran.of('consumer.assigned')) expect(e.owned).toBe('t-0');
  });

  it('give up what they reject, and take what they release again', () => {
    const ran = told(universe(world([member('one', { rejectEvery: 10, releaseEvery: 7 })])));
    expect(sum(ran.of('share.archived').filter((e) => e.reason === 'rejected'))).toBeGreaterThan(30);
    const released = ran.of('share.released');
    expect(released.every((e) => e.reason === 'released')).toBe(true);
    expect(sum(released)).toBeGreaterThan(30);
    const again = [...deliveries(ran)].filter(([, n]) => n > 1).length;
    expect(again).toBeGreaterThan(30);
    expect(sum(ran.of('share.acknowledged')) + sum(ran.of('share.archived'))).toBe(400);
  });

  it('lose the lock on what they work on for too long, and another takes it', () => {
    const slow = { workUsPerRecord: 8_000_000, maxPollRecords: 1 };
    const config = { shareAutoOffsetReset: 'earliest', groupShareRecordLockDurationMs: 3_000 };
    const ran = told(universe(world([member('slow', slow), member('quick', { startMs: 9_000 })], { cluster: { brokers: 3, config }, workloads: load(1) })));
    expect(ran.of('consumer.delivered').map((e) => e.process)).toEqual(['slow', 'quick']);
    const over = ran.of('share.released')[0]!;
    expect(over).toMatchObject({ reason: 'lockTimeout', client: 'slow', deliveryCount: 1 });
    expect(over.timeUs - ran.of('share.acquired')[0]!.timeUs).toBe(3_000_000);
    expect(ran.of('share.acknowledged')).toMatchObject([{ client: 'quick' }]);
  });

  it('deliver again what a killed member had, once its locks are over', () => {
    const ran = told(universe(world([member('one', { workUsPerRecord: 50_000 }), member('two', { startMs: 8_000 })], { horizonMs: 70_000 }), ['kill one at 9s']));
    const released = ran.of('share.released').filter((e) => e.reason === 'lockTimeout');
    expect(sum(released)).toBeGreaterThan(0);
    expect(deliveries(ran).size).toBe(400);
    expect(sum(ran.of('share.acknowledged'))).toBe(400);
    expect(ran.of('group.memberLeft').map((e) => [e.client, e.reason])).toEqual([['one', 'sessionExpired']]);
  });

  it('go on when the leader of a partition dies: nothing that was accepted comes again, nothing is left out', () => {
    const probe = told(universe(world([member('one'), member('two')])));
    const leader = probe.of('kafka.leaderElected').find((e) => e.topic === 't' && e.partition === 0)!.leader;
    const ran = told(universe(world([member('one'), member('two')], { horizonMs: 90_000, workloads: load(400, { everyUs: 40_000 }) }), [`kill broker-${leader} at 10s`]));
    const times = deliveries(ran);
    expect(times.size).toBe(400);
    const accepted = new Map<string, number>();
    for (const e of ran.of('share.acknowledged')) for (let o = e.firstOffset; o <= e.lastOffset; o++) accepted.set(`${e.partition}/${o}`, (accepted.get(`${e.partition}/${o}`) ?? 0) + 1);
    expect([...accepted.values()].every((n) => n === 1)).toBe(true);
    expect(accepted.size).toBe(times.size);
  });

  it('pass over the markers of transactions', () => {
    const sends = { name: 'writer', role: 'producer', transactionalId: 'x', recordsPerTransaction: 5 };
    const ran = told(universe(world([], { processes: [sends, member('one')], workloads: load(20) })));
    expect(deliveries(ran).size).toBe(20);
    expect(ran.of('share.archived').length).toBeGreaterThan(0);
    expect(ran.of('share.archived').every((e) => e.reason === 'gap')).toBe(true);
  });

  const closing = (over: object) => {
    const store = new TraceStore();
    const run = createRun(universe(world([member('one', { workUsPerRecord: 100_000, ...over }), member('two', { startMs: 30_000 })])), { sink: (c) => store.append(c), guests: null });
    while (run.kernel.nowUs < 9_000_000) run.advance(1);
    let closed = -1;
    (run.kernel.processNamed('one')!.behavior as ShareConsumer).close(() => (closed = run.kernel.nowUs));
    while (run.advance(65_536) !== 'ended');
    const events = Array.from({ length: store.count }, (_, i) => store.event(i));
    return { closed, of: <K extends TraceEvent['type']>(type: K) => events.filter((e): e is TraceEvent<K> => e.type === type) };
  };

  it('give back what they have when they close, but for what they have said already, and leave', () => {
    const { closed, of } = closing({ rejectEvery: 3 });
    expect(closed).toBeGreaterThan(9_000_000);
    expect(of('group.memberLeft').map((e) => [e.client, e.reason])).toEqual([['one', 'left']]);
    expect(of('share.released').every((e) => e.reason === 'sessionClosed' && e.timeUs >= 9_000_000)).toBe(true);
    const handed = of('consumer.delivered')
      .filter((e) => e.process === 'one')
      .reduce((n, e) => n + e.records, 0);
    const said = [...of('share.acknowledged'), ...of('share.archived')].filter((e) => e.client === 'one');
    expect(sum(said)).toBe(handed);
  });

  it('that are poisoned by a record give it up after five deliveries', () => {
    const ran = told(universe(world([member('one', { releaseEvery: 1 })], { workloads: load(1) })));
    expect(ran.of('consumer.delivered')).toHaveLength(5);
    expect(ran.of('share.archived')).toMatchObject([{ reason: 'deliveryLimit', deliveryCount: 5 }]);
  });

  it('are spelled out in the scenario: what belongs to share groups is refused elsewhere', () => {
    const paths = (over: object) => {
      const read = readScenario({ schemaVersion: 1, id: 'x', title: { ko: 'x', en: 'x' }, summary: { ko: 'x', en: 'x' }, horizonMs: 1_000, cluster: {}, processes: [member('one', over)] });
      return read.ok ? [] : read.problems.map((p) => p.path);
    };
    expect(paths({ groupType: 'consumer', rejectEvery: 2 })).toEqual(['processes[0].rejectEvery']);
    expect(paths({ groupType: 'consumer', releaseEvery: 2 })).toEqual(['processes[0].releaseEvery']);
    expect(paths({ topics: [], groupProtocol: 'consumer', subscribedTopicRegex: 't' })).toEqual(['processes[0].subscribedTopicRegex']);
    expect(paths({ rejectEvery: 2, releaseEvery: 3 })).toEqual([]);
  });
});

describe('acknowledgements', () => {
  it('are told in runs, with one type where all are the same', () => {
    const a = new Acknowledgements();
    a.add('t-0', 0, 3, ACCEPT);
    a.add('t-0', 6, 7, ACCEPT);
    a.add('t-0', 7, 7, RELEASE);
    a.add('t-1', 5, 5, RELEASE);
    expect(a.size).toBe(7);
    expect(a.take('t-0')).toEqual([
      { firstOffset: 0, lastOffset: 3, acknowledgeTypes: [ACCEPT] },
      { firstOffset: 6, lastOffset: 7, acknowledgeTypes: [ACCEPT, RELEASE] },
    ]);
    expect(a.take('t-0')).toEqual([]);
    expect(a.keys()).toEqual(['t-1']);
  });
});
