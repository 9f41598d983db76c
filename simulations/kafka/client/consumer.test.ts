import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../contract/events.ts';
import { TraceStore } from '../../kernel/traceStore.ts';
import { createRun } from '../../run.ts';
import { told, universe } from '../../testing.ts';
import type { Consumer } from './consumer.ts';

const topics = [{ name: 't', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }];
const member = (name: string, over: object = {}) => ({ name, role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest', ...over });
const writer = { name: 'writer', role: 'producer' };
const steady = [{ process: 'writer', topic: 't', records: 1_000, everyUs: 50_000, keys: 40 }];
const world = (processes: readonly object[], over: object = {}) => ({ topics, horizonMs: 40_000, processes: [writer, ...processes], workloads: steady, ...over });
const seconds = (e: { timeUs: number }) => Math.round(e.timeUs / 1_000_000);
const sorted = (names: string) => names.split(',').sort().join(',');
const byProcess = <E extends { process: string }>(events: readonly E[], name: string) => events.filter((e) => e.process === name);

describe('an eager group', () => {
  it('gives everything up before it joins again, and nobody reads until all have synced', () => {
    const { of } = told(universe(world([member('one'), member('two', { startMs: 15_000 })])));
    const revoked = of('consumer.revoked');
    expect(revoked).toMatchObject([{ process: 'one', partitions: 't-0,t-1,t-2,t-3,t-4,t-5', lost: false, owned: '' }]);
    const again = of('consumer.assigned').filter((e) => e.timeUs > revoked[0]!.timeUs);
    expect(again.map((e) => [e.process, e.partitions]).sort()).toEqual([
      ['one', 't-0,t-1,t-2'],
      ['two', 't-3,t-4,t-5'],
    ]);
    const pause = of('consumer.delivered').filter((e) => e.timeUs > revoked[0]!.timeUs && e.timeUs < again[0]!.timeUs);
    expect(pause).toEqual([]);
    // What it had handed out is committed before it lets go.
    const last = of('consumer.delivered').filter((e) => e.timeUs < revoked[0]!.timeUs);
    const position = new Map(last.map((e) => [e.partition, e.nextOffset]));
    const committed = new Map(
      of('offset.committed')
        .filter((e) => e.timeUs < revoked[0]!.timeUs)
        .map((e) => [e.partition, e.offset]),
    );
    for (const [partition, next] of position) expect(committed.get(partition)).toBe(next);
  });

  it('waits for a member that is at work: it learns of the rebalance by heartbeat, but rejoins in its next poll', () => {
    // One poll hands out all there is; each record takes 20 ms.
    const load = [{ process: 'writer', topic: 't', records: 400, everyUs: 1_000, keys: 40 }];
    const { of } = told(universe(world([member('slow', { workUsPerRecord: 20_000, startMs: 3_000 }), member('late', { startMs: 8_000 })], { workloads: load })));
    const rebalance = of('group.stateChanged').filter((e) => e.to === 'PreparingRebalance')[1]!;
    const work = byProcess(of('consumer.delivered'), 'slow')
      .filter((e) => e.timeUs < rebalance.timeUs)
      .at(-1)!;
    const handed = byProcess(of('consumer.delivered'), 'slow')
      .filter((e) => e.timeUs === work.timeUs)
      .reduce((sum, e) => sum + e.records, 0);
    const doneUs = work.timeUs + handed * 20_000;
    const revoked = byProcess(of('consumer.revoked'), 'slow')[0]!;
    expect(doneUs).toBeGreaterThan(rebalance.timeUs + 3_000_000);
    expect(revoked.timeUs).toBeGreaterThanOrEqual(doneUs);
    expect(revoked.timeUs).toBeLessThan(doneUs + 50_000);
    expect(byProcess(of('consumer.assigned'), 'late')[0]!.timeUs).toBeGreaterThan(doneUs);
  });

  it.each([
    ['range', { one: 't-0,t-1,u-0,u-1', two: 't-2,u-2' }],
    ['roundrobin', { one: 't-0,t-2,u-1', two: 't-1,u-0,u-2' }],
    ['sticky', { one: 't-0,t-2,u-1', two: 't-1,u-0,u-2' }],
  ])('assigns by %s', (strategy, expected) => {
    const spec = { partitionAssignmentStrategy: [strategy], topics: ['t', 'u'] };
    const three = ['t', 'u'].map((name) => ({ name, partitions: 3, replicationFactor: 3 }));
    const { of } = told(universe({ topics: three, horizonMs: 8_000, processes: [member('one', spec), member('two', spec)] }));
    const got = Object.fromEntries(of('consumer.assigned').map((e) => [e.process, sorted(e.partitions)]));
    const [a, b] = [expected.one, expected.two];
    // Member ids are drawn: which of the two is first is not said.
    expect([got['one'], got['two']].sort()).toEqual([a, b].sort());
  });

  it('keeps what it has with the sticky assignor when someone leaves', () => {
    const spec = { partitionAssignmentStrategy: ['sticky'], sessionTimeoutMs: 6_000 };
    const { of } = told(universe(world([member('one', spec), member('two', spec), member('three', spec)]), ['kill three at 10s']));
    const before = Object.fromEntries(
      of('group.assigned')
        .filter((e) => e.generation === 1)
        .map((e) => [e.client, e.partitions.split(',')]),
    );
    const after = Object.fromEntries(
      of('group.assigned')
        .filter((e) => e.generation === 2)
        .map((e) => [e.client, e.partitions.split(',')]),
    );
    for (const name of ['one', 'two']) expect(after[name]).toEqual(expect.arrayContaining(before[name]!));
  });
});

describe('a cooperative group', () => {
  const coop = { partitionAssignmentStrategy: ['cooperative-sticky'] };
  const { of } = told(universe(world([member('one', coop), member('two', { ...coop, startMs: 15_000 })])));

  it('moves only what must move, by a second short rebalance, and reads the rest all the time', () => {
    const one = of('consumer.revoked');
    expect(one).toHaveLength(1);
    expect(one[0]).toMatchObject({ process: 'one', lost: false });
    expect(one[0]!.partitions.split(',')).toHaveLength(3);
    const kept = one[0]!.owned.split(',');
    expect(kept).toHaveLength(3);
    // Generation 2 withholds what one still has; generation 3 hands it over.
    const given = (generation: number) => Object.fromEntries(byGeneration(generation).map((e) => [e.client, e.partitions === '' ? [] : e.partitions.split(',')]));
    expect(given(2)).toMatchObject({ two: [] });
    expect(given(2)['one']).toHaveLength(3);
    expect(given(3)['two']!.sort()).toEqual(one[0]!.partitions.split(',').sort());
    // Between the two rebalances lies no waiting for a heartbeat.
    const states = of('group.stateChanged').filter((e) => e.generation >= 2);
    const stable = states.filter((e) => e.to === 'Stable').map((e) => e.timeUs);
    expect(stable[1]! - stable[0]!).toBeLessThan(3_100_000);
    const through = of('consumer.delivered').filter((e) => e.process === 'one' && kept.includes(`t-${e.partition}`) && e.timeUs > states[0]!.timeUs && e.timeUs < stable[1]!);
    expect(through.length).toBeGreaterThan(0);
  });

  function byGeneration(generation: number) {
    return of('group.assigned').filter((e) => e.generation === generation);
  }

  it('is eager as long as one of the named strategies is', () => {
    const both = { partitionAssignmentStrategy: ['cooperative-sticky', 'range'] };
    const ran = told(universe(world([member('one', both), member('two', { ...both, startMs: 15_000 })])));
    expect(ran.of('consumer.revoked')[0]).toMatchObject({ process: 'one', owned: '' });
  });
});

describe('a member that does not poll for too long', () => {
  // Half a second of max.poll.interval against two seconds of work (timeline G in small).
  const slow = { workUsPerRecord: 2_000_000, rebalanceTimeoutMs: 500, maxPollRecords: 1, heartbeatIntervalMs: 100 };
  const { of } = told(universe(world([member('one', slow), member('two', slow)], { horizonMs: 30_000, workloads: [{ process: 'writer', topic: 't', records: 3, everyUs: 1_000, keys: 0 }] })));

  it('leaves by itself when max.poll.interval.ms is over, and has lost its partitions when it polls again', () => {
    const first = of('consumer.delivered')[0]!;
    const left = of('group.memberLeft').find((e) => e.client === first.process)!;
    expect(left.reason).toBe('left');
    expect(Math.abs(left.timeUs - first.timeUs - 500_000)).toBeLessThan(5_000);
    const lost = byProcess(of('consumer.revoked'), first.process)[0]!;
    expect(lost.lost).toBe(true);
    expect(Math.abs(lost.timeUs - first.timeUs - 2_000_000)).toBeLessThan(5_000);
  });

  it('makes the same record come again and again: nobody ever commits it', () => {
    const first = of('consumer.delivered')[0]!;
    const same = of('consumer.delivered').filter((e) => e.partition === first.partition && e.baseOffset === first.baseOffset);
    expect(same.length).toBeGreaterThan(2);
    expect(new Set(same.map((e) => e.process)).size).toBe(2);
    expect(of('offset.committed').filter((e) => e.partition === first.partition && e.offset > first.baseOffset)).toEqual([]);
  });
});

describe('a poison record under the default settings', () => {
  it('costs its reader the membership 300 s after the poll, and goes to the other reader (timeline G)', () => {
    const slow = { workUsPerRecord: 400_000_000, maxPollRecords: 1 };
    const { of } = told(
      universe(
        world([member('one', slow), member('two', { startMs: 20_000 })], {
          horizonMs: 330_000,
          topics: [{ ...topics[0]!, partitions: 1 }],
          workloads: [{ process: 'writer', topic: 't', records: 1, keys: 0 }],
        }),
      ),
    );
    const [first, second] = of('consumer.delivered');
    const left = of('group.memberLeft');
    expect(left.map((e) => [e.client, e.reason])).toEqual([['one', 'left']]);
    expect((left[0]!.timeUs - first!.timeUs) / 1_000_000).toBeCloseTo(300, 1);
    expect([first!.process, second!.process, second!.baseOffset]).toEqual(['one', 'two', first!.baseOffset]);
    expect(second!.timeUs - left[0]!.timeUs).toBeLessThan(4_000_000);
  });
});

describe('a static member', () => {
  it('restarts within its session without a rebalance (timeline F)', () => {
    const { of } = told(universe(world([member('one', { groupInstanceId: 'i-1' }), member('two', { groupInstanceId: 'i-2' })]), ['restart two at 12s for 5s']));
    expect(of('group.memberReplaced')).toMatchObject([{ instance: 'i-2', client: 'two' }]);
    expect(of('group.stateChanged').map((e) => e.to)).toEqual(['PreparingRebalance', 'CompletingRebalance', 'Stable']);
    expect(byProcess(of('consumer.revoked'), 'one')).toEqual([]);
    const two = byProcess(of('consumer.assigned'), 'two').map((e) => e.partitions);
    expect(two[1]).toBe(two[0]);
  });

  it('that stays away longer loses its place when its session ends', () => {
    const { of } = told(universe(world([member('one', { groupInstanceId: 'i-1', sessionTimeoutMs: 8_000 }), member('two', { groupInstanceId: 'i-2', sessionTimeoutMs: 8_000 })]), ['kill two at 12s']));
    expect(of('group.memberLeft').map((e) => [e.client, e.reason])).toEqual([['two', 'sessionExpired']]);
    expect(seconds(of('group.memberLeft')[0]!)).toBeGreaterThanOrEqual(17);
  });

  it('ends with FENCED_INSTANCE_ID when another takes its name', () => {
    const { of } = told(universe(world([member('one', { groupInstanceId: 'same' }), member('two', { groupInstanceId: 'same', startMs: 12_000 })])));
    expect(of('consumer.failed')).toMatchObject([{ process: 'one', error: 'FENCED_INSTANCE_ID' }]);
    expect(byProcess(of('consumer.assigned'), 'two')[0]!.partitions).toBe('t-0,t-1,t-2,t-3,t-4,t-5');
  });
});

describe('committing', () => {
  it('happens in poll when the interval is over, for every position, moved or not', () => {
    const { of } = told(universe(world([member('one')], { horizonMs: 20_000, workloads: [{ process: 'writer', topic: 't', records: 10, everyUs: 1_000 }] })));
    const rounds = new Map<number, number>();
    for (const e of of('offset.committed')) rounds.set(seconds(e), (rounds.get(seconds(e)) ?? 0) + 1);
    expect([...rounds.values()]).toEqual([6, 6, 6]);
    expect([...rounds.keys()]).toEqual([8, 13, 18]);
  });

  it('never covers records that are still worked on: after a kill they come again', () => {
    const { of } = told(universe(world([member('one', { workUsPerRecord: 4_000 })], { horizonMs: 35_000 }), ['restart one at 14200ms for 2s']));
    const before = of('consumer.delivered').filter((e) => e.timeUs < 14_200_000);
    const after = of('consumer.delivered').filter((e) => e.timeUs > 14_200_000);
    const committed = new Map(
      of('offset.committed')
        .filter((e) => e.timeUs < 14_200_000)
        .map((e) => [e.partition, e.offset]),
    );
    for (const partition of new Set(before.map((e) => e.partition))) {
      const resumed = after.find((e) => e.partition === partition);
      if (resumed) expect(resumed.baseOffset).toBe(committed.get(partition) ?? 0);
    }
  });

  it('is left to the application without enable.auto.commit', () => {
    const { of } = told(universe(world([member('one', { enableAutoCommit: false })], { horizonMs: 20_000 })));
    expect(of('offset.committed')).toEqual([]);
    expect(of('consumer.delivered').length).toBeGreaterThan(10);
  });
});

describe('errors that end a consumer', () => {
  it('are thrown from its poll: no common protocol, a full group', () => {
    const apart = told(universe(world([member('one', { partitionAssignmentStrategy: ['sticky'] }), member('two', { partitionAssignmentStrategy: ['range'], startMs: 12_000 })])));
    expect(apart.of('consumer.failed')).toMatchObject([{ process: 'two', error: 'INCONSISTENT_GROUP_PROTOCOL' }]);
    const full = told(universe(world([member('one'), member('two', { startMs: 12_000 })], { cluster: { brokers: 3, config: { groupMaxSize: 1 } } })));
    expect(full.of('consumer.failed')).toMatchObject([{ process: 'two', error: 'GROUP_MAX_SIZE_REACHED' }]);
  });
});

describe('closing', () => {
  const closing = (over: object) => {
    const store = new TraceStore();
    const run = createRun(universe(world([member('one'), member('two', over)])), { sink: (c) => store.append(c), guests: null });
    while (run.kernel.nowUs < 15_000_000) run.advance(1);
    let closed = false;
    (run.kernel.processNamed('two')!.behavior as Consumer).close(() => (closed = true));
    while (run.advance(65_536) !== 'ended');
    const all = Array.from({ length: store.count }, (_, i) => store.event(i));
    return { closed, of: <K extends TraceEvent['type']>(type: K) => all.filter((e): e is TraceEvent<K> => e.type === type) };
  };

  it('commits, gives up and leaves: the group rebalances at once (timeline F)', () => {
    const { closed, of } = closing({});
    expect(closed).toBe(true);
    expect(of('group.memberLeft')).toMatchObject([{ client: 'two', reason: 'left' }]);
    expect(Math.abs(of('group.memberLeft')[0]!.timeUs - 15_000_000)).toBeLessThan(30_000);
    const revoked = byProcess(of('consumer.revoked'), 'two')[0]!;
    expect(of('offset.committed').some((e) => e.timeUs > 15_000_000 && e.timeUs <= revoked.timeUs)).toBe(true);
    expect(byProcess(of('consumer.delivered'), 'two').every((e) => e.timeUs <= revoked.timeUs)).toBe(true);
  });

  it('says nothing to the group as a static member', () => {
    const { closed, of } = closing({ groupInstanceId: 'i' });
    expect(closed).toBe(true);
    expect(of('group.memberLeft')).toEqual([]);
  });

  it('is what a process does that is asked to end: it commits, leaves, and is gone', () => {
    const { of } = told(universe(world([member('one'), member('two')]), ['shutdown two at 15s for 10s']));
    const left = of('group.memberLeft')[0]!;
    expect(left).toMatchObject({ client: 'two', reason: 'left' });
    const gone = of('process.exited')[0]!;
    expect(gone).toMatchObject({ process: 'two', code: 0 });
    expect(gone.timeUs).toBeGreaterThan(left.timeUs);
    expect(gone.timeUs - 15_000_000).toBeLessThan(50_000);
    expect(of('process.restarted').map((e) => e.process)).toEqual(['two']);
  });

  it('is nothing that a producer knows: the fault takes no effect', () => {
    const { of } = told(universe(world([member('one')]), ['shutdown writer at 15s']));
    expect(of('fault.started')).toMatchObject([{ tookEffect: false }]);
    expect(of('process.exited')).toEqual([]);
  });
});
