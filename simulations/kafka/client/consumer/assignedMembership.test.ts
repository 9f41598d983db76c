import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../../contract/events.ts';
import { readScenario } from '../../../contract/scenario.ts';
import { TraceStore } from '../../../kernel/traceStore.ts';
import { createRun } from '../../../run.ts';
import { told, universe } from '../../../testing.ts';
import type { Consumer } from '../consumer.ts';

const topics = [{ name: 't', partitions: 4, replicationFactor: 3, minInsyncReplicas: 2 }];
const member = (name: string, over: object = {}) => ({ name, role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest', groupProtocol: 'consumer', ...over });
const writer = { name: 'writer', role: 'producer' };
const steady = [{ process: 'writer', topic: 't', records: 1_000, everyUs: 50_000, keys: 40 }];
const world = (processes: readonly object[], over: object = {}) => ({ topics, horizonMs: 40_000, processes: [writer, ...processes], workloads: steady, ...over });
const of = <E extends { process: string }>(events: readonly E[], name: string) => events.filter((e) => e.process === name);
const seconds = (us: number) => us / 1_000_000;

describe('members of the consumer protocol', () => {
  const { of: all } = told(universe(world([member('one'), member('two', { startMs: 12_300 })])));
  const steps = all('group.memberReconciled').map((e) => ({ at: seconds(e.timeUs), who: e.client, epoch: e.epoch, state: e.state, assigned: e.assigned }));

  it('move partitions within about one heartbeat interval of each side, and what stays is read all the time (timeline H)', () => {
    const joined = steps.find((s) => s.who === 'two')!;
    expect(joined).toMatchObject({ epoch: 2, state: 'UNRELEASED_PARTITIONS', assigned: '' });
    const asked = steps.find((s) => s.state === 'UNREVOKED_PARTITIONS')!;
    expect(asked).toMatchObject({ who: 'one', epoch: 1, assigned: 't-0,t-1' });
    expect(asked.at - joined.at).toBeGreaterThan(0);
    expect(asked.at - joined.at).toBeLessThan(5.1);
    // It gives up and says so at once, not at its next heartbeat.
    const gaveUp = steps.find((s) => s.who === 'one' && s.epoch === 2)!;
    expect(gaveUp).toMatchObject({ state: 'STABLE', assigned: 't-0,t-1' });
    expect(gaveUp.at - asked.at).toBeLessThan(0.1);
    const got = steps.find((s) => s.who === 'two' && s.assigned !== '')!;
    expect(got).toMatchObject({ epoch: 2, state: 'STABLE', assigned: 't-2,t-3' });
    expect(got.at - gaveUp.at).toBeLessThan(5.1);
    const kept = all('consumer.delivered').filter((e) => e.process === 'one' && e.partition < 2 && seconds(e.timeUs) > asked.at && seconds(e.timeUs) < got.at);
    expect(kept.length).toBeGreaterThan(0);
    expect(all('consumer.revoked').map((e) => [e.process, e.partitions, e.lost, e.owned])).toEqual([['one', 't-2,t-3', false, 't-0,t-1']]);
    expect(of(all('consumer.assigned'), 'two').at(-1)).toMatchObject({ partitions: 't-2,t-3', owned: 't-2,t-3' });
  });

  it('read every record, and commit what they gave up before they did', () => {
    const revoked = all('consumer.revoked')[0]!;
    for (const partition of [2, 3]) {
      const handed = all('consumer.delivered').filter((e) => e.process === 'one' && e.partition === partition);
      const next = all('consumer.delivered').find((e) => e.process === 'two' && e.partition === partition)!;
      const committed = all('offset.committed').filter((e) => e.partition === partition && e.timeUs <= revoked.timeUs);
      expect(committed.at(-1)!.offset).toBe(handed.at(-1)!.nextOffset);
      expect(next.baseOffset).toBe(handed.at(-1)!.nextOffset);
    }
  });

  it('wait for no one: the first of three reads although the others come later, and each join moves only what it must', () => {
    const ran = told(universe(world([member('one'), member('two', { startMs: 1_500 }), member('three', { startMs: 2_500 })], { topics: [{ ...topics[0]!, partitions: 6 }] })));
    const first = ran.of('consumer.delivered')[0]!;
    expect(first.process).toBe('one');
    expect(seconds(first.timeUs)).toBeLessThan(2.5);
    const owned = new Map(ran.of('consumer.assigned').map((e) => [e.process, e.owned.split(',').length]));
    expect(owned.get('three')).toBe(2);
    expect(ran.of('group.stateChanged').at(-1)).toMatchObject({ to: 'Stable', generation: 3, members: 3 });
  });

  it('are removed 45 s after their last heartbeat when they are killed, or at once when they close', () => {
    const killed = told(universe(world([member('one'), member('two')], { horizonMs: 70_000 }), ['kill two at 12s']));
    const left = killed.of('group.memberLeft');
    expect(left.map((e) => [e.client, e.reason])).toEqual([['two', 'sessionExpired']]);
    const beats = killed.of('request.received').filter((e) => e.client === 'two' && e.api === 'ConsumerGroupHeartbeat');
    expect(seconds(left[0]!.timeUs - beats.at(-1)!.timeUs)).toBeCloseTo(45, 2);
    expect(of(killed.of('consumer.assigned'), 'one').at(-1)!.owned.split(',')).toHaveLength(4);
  });

  const closing = (over: object) => {
    const store = new TraceStore();
    const run = createRun(universe(world([member('one'), member('two', over)])), { sink: (c) => store.append(c), guests: null });
    while (run.kernel.nowUs < 15_000_000) run.advance(1);
    let closed = false;
    (run.kernel.processNamed('two')!.behavior as Consumer).close(() => (closed = true));
    while (run.advance(65_536) !== 'ended');
    const events = Array.from({ length: store.count }, (_, i) => store.event(i));
    return { closed, of: <K extends TraceEvent['type']>(type: K) => events.filter((e): e is TraceEvent<K> => e.type === type) };
  };

  it('commit, give up and leave when they close', () => {
    const ran = closing({});
    expect(ran.closed).toBe(true);
    expect(ran.of('group.memberLeft')).toMatchObject([{ client: 'two', reason: 'left' }]);
    expect(ran.of('group.memberLeft')[0]!.timeUs - 15_000_000).toBeLessThan(30_000);
    expect(ran.of('offset.committed').some((e) => e.timeUs > 15_000_000 && e.timeUs < 15_030_000)).toBe(true);
    const again = of(ran.of('consumer.assigned'), 'one').at(-1)!;
    expect(again.owned.split(',')).toHaveLength(4);
    expect(again.timeUs - 15_000_000).toBeLessThan(5_200_000);
  });

  it('leave for a while only as static members, and find their partitions again', () => {
    const ran = closing({ groupInstanceId: 'i' });
    expect(ran.closed).toBe(true);
    expect(ran.of('group.memberReconciled').at(-1)).toMatchObject({ client: 'two', epoch: -2 });
    expect(ran.of('group.memberLeft')).toEqual([]);
  });

  it('find UNRELEASED_INSTANCE_ID when they were killed as static members and come back within the session', () => {
    const ran = told(universe(world([member('one'), member('two', { groupInstanceId: 'i' })]), ['restart two at 12s for 3s']));
    expect(ran.of('consumer.failed')).toMatchObject([{ process: 'two', error: 'UNRELEASED_INSTANCE_ID' }]);
  });
});

describe('a member that is fenced', () => {
  it('has lost its partitions, and joins again at once', () => {
    const ran = told(universe(world([member('one'), member('two')], { horizonMs: 80_000 }), ['pause two at 12s for 50s']));
    expect(ran.of('group.memberLeft').map((e) => [e.client, e.reason])).toEqual([['two', 'sessionExpired']]);
    const lost = of(ran.of('consumer.revoked'), 'two').at(-1)!;
    expect(lost.lost).toBe(true);
    expect(seconds(lost.timeUs)).toBeGreaterThan(62);
    const again = of(ran.of('consumer.assigned'), 'two').at(-1)!;
    expect(again.owned.split(',')).toHaveLength(2);
    expect(seconds(again.timeUs)).toBeLessThan(75);
    expect(ran.result.invariants.find((i) => i.id === 'one-owner')!.held).toBe(true);
  });

  it('by its own poll that comes too late leaves, has lost all at once, and is back with the next poll', () => {
    const slow = { workUsPerRecord: 4_000_000, rebalanceTimeoutMs: 1_500, maxPollRecords: 1 };
    const ran = told(universe(world([member('one', slow)], { horizonMs: 12_000, workloads: [{ process: 'writer', topic: 't', records: 1, keys: 0 }] })));
    const handed = ran.of('consumer.delivered');
    const lost = ran.of('consumer.revoked').filter((e) => e.lost);
    expect(seconds(lost[0]!.timeUs - handed[0]!.timeUs)).toBeCloseTo(1.5, 2);
    expect(ran.of('group.memberLeft')[0]).toMatchObject({ client: 'one', reason: 'left' });
    const rejoined = ran.of('group.memberJoined')[1]!;
    expect(seconds(rejoined.timeUs - handed[0]!.timeUs)).toBeCloseTo(4, 1);
    // Nothing was committed: the same record comes again.
    expect(handed[1]!.baseOffset).toBe(handed[0]!.baseOffset);
  });
});

describe('when the coordinator moves', () => {
  it('members go on reading, find the new one, and stay at their epochs', () => {
    const ran = told(universe(world([member('one'), member('two')])));
    const coordinator = ran.of('group.targetComputed')[0]!.process;
    const moved = told(universe(world([member('one'), member('two')]), [`kill ${coordinator} at 15s`]));
    const loaded = moved.of('group.loaded').at(-1)!;
    expect(loaded).toMatchObject({ group: 'g', members: 2, state: 'Stable' });
    expect(moved.of('group.memberLeft')).toEqual([]);
    expect(moved.of('consumer.revoked').filter((e) => e.timeUs > 15_000_000)).toEqual([]);
    const beats = moved.of('request.answered').filter((e) => e.process === loaded.process && e.api === 'ConsumerGroupHeartbeat' && e.error === 'NONE' && e.timeUs > loaded.timeUs);
    expect(new Set(beats.map((e) => e.client))).toEqual(new Set(['one', 'two']));
  });
});

describe('subscriptions and settings', () => {
  it('reads topics by a regular expression, also those that come later', () => {
    const load = [
      { process: 'writer', topic: 'orders-1', records: 20, everyUs: 1_000 },
      { process: 'writer', topic: 'orders-2', records: 20, everyUs: 1_000, startMs: 15_000 },
    ];
    const ran = told(universe(world([member('one', { topics: [], subscribedTopicRegex: 'orders-\\d+' })], { topics: [{ ...topics[0]!, name: 'orders-1' }], workloads: load })));
    const read = new Map<string, number>();
    for (const e of ran.of('consumer.delivered')) read.set(e.topic, (read.get(e.topic) ?? 0) + e.records);
    expect(Object.fromEntries(read)).toEqual({ 'orders-1': 20, 'orders-2': 20 });
  });

  it('ends with the error that its poll throws: an assignor or an expression that the broker does not take', () => {
    const ran = told(universe(world([member('one', { groupRemoteAssignor: 'sticky' }), member('two', { topics: [], subscribedTopicRegex: '(' })])));
    expect(
      ran
        .of('consumer.failed')
        .map((e) => [e.process, e.error])
        .sort(),
    ).toEqual([
      ['one', 'UNSUPPORTED_ASSIGNOR'],
      ['two', 'INVALID_REGULAR_EXPRESSION'],
    ]);
  });

  it('takes the range assignor when it asks for it', () => {
    const ran = told(universe(world([member('one', { groupRemoteAssignor: 'range' })])));
    expect(ran.of('group.targetComputed')[0]!.assignor).toBe('range');
  });

  it('does not take a regular expression together with names, or in the classic protocol', () => {
    const paths = (over: object) => {
      const read = readScenario({ schemaVersion: 1, id: 'x', title: { ko: 'x', en: 'x' }, summary: { ko: 'x', en: 'x' }, horizonMs: 1_000, cluster: {}, processes: [member('one', over)] });
      return read.ok ? [] : read.problems.map((p) => p.path);
    };
    expect(paths({ subscribedTopicRegex: 't' })).toEqual(['processes[0].subscribedTopicRegex']);
    expect(paths({ topics: [], subscribedTopicRegex: 't', groupProtocol: 'classic' })).toEqual(['processes[0].subscribedTopicRegex']);
    expect(paths({ topics: [], subscribedTopicRegex: 't' })).toEqual([]);
  });
});
