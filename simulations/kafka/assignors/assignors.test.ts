import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subscribed, topicsWithoutRacks, partitionKey, type ConsumerAssignment, type ConsumerMember, type Topics } from './members.ts';
import { cooperativeUserData, stickyUserData } from './ownership.ts';
import { assignRange } from './range.ts';
import { assignKafkajsRoundRobin, assignRoundRobin } from './roundRobin.ts';
import { assignCooperativeSticky, assignSticky } from './sticky.ts';

const names = (a: ConsumerAssignment) => Object.fromEntries(Array.from(a, ([id, list]) => [id, list.map(partitionKey)]));
const two = topicsWithoutRacks([
  ['a', 5],
  ['b', 5],
]);

/** Members that join again with what an assignment gave them. */
function rejoined(members: readonly ConsumerMember[], held: ConsumerAssignment, generation: number): ConsumerMember[] {
  return members.map((m) => {
    const ownedPartitions = held.get(m.memberId) ?? [];
    return { ...m, ownedPartitions, generationId: generation, userData: stickyUserData(ownedPartitions, generation) };
  });
}
/** The same as cooperative members tell it. */
const cooperative = (members: readonly ConsumerMember[], held: ConsumerAssignment, generation: number) =>
  rejoined(members, held, generation).map((m) => ({ ...m, userData: cooperativeUserData(generation) }));

describe('range', () => {
  it('gives contiguous ranges per topic, so that equally many partitions stay aligned', () => {
    expect(names(assignRange(two, [subscribed('y', ['a', 'b']), subscribed('x', ['a', 'b'])]))).toEqual({ y: ['a-3', 'a-4', 'b-3', 'b-4'], x: ['a-0', 'a-1', 'a-2', 'b-0', 'b-1', 'b-2'] });
  });

  it('puts static members first, by their instance, so that a restart moves nothing', () => {
    const member = (memberId: string, groupInstanceId: string | null) => ({ ...subscribed(memberId, ['a']), groupInstanceId });
    const before = names(assignRange(two, [member('m-1', 'i-b'), member('m-9', 'i-a'), member('m-0', null)]));
    expect(before).toEqual({ 'm-9': ['a-0', 'a-1'], 'm-1': ['a-2', 'a-3'], 'm-0': ['a-4'] });
    expect(names(assignRange(two, [member('m-1', 'i-b'), member('m-0-restarted', 'i-a'), member('m-0', null)]))['m-0-restarted']).toEqual(before['m-9']);
  });

  it('prefers partitions with a replica on the rack of the member, and keeps topics aligned for that', () => {
    const racks = [['r1'], ['r2'], ['r1'], ['r2']];
    const topics: Topics = new Map([
      ['a', racks],
      ['b', racks],
    ]);
    const member = (memberId: string, rackId: string) => ({ ...subscribed(memberId, ['a', 'b']), rackId });
    expect(names(assignRange(topics, [member('x', 'r2'), member('y', 'r1')]))).toEqual({ x: ['a-1', 'a-3', 'b-1', 'b-3'], y: ['a-0', 'a-2', 'b-0', 'b-2'] });
  });
});

describe('round robin', () => {
  it('of Java goes over all partitions and skips who did not subscribe', () => {
    const members = [subscribed('x', ['a']), subscribed('y', ['a', 'b'])];
    expect(names(assignRoundRobin(two, members))).toEqual({ x: ['a-0', 'a-2', 'a-4'], y: ['a-1', 'a-3', 'b-0', 'b-1', 'b-2', 'b-3', 'b-4'] });
  });

  it('of kafkajs counts on over the topics and asks nobody for a subscription', () => {
    const assignment = assignKafkajsRoundRobin(
      [
        ['b', 3],
        ['a', 2],
      ],
      ['y', 'x'],
    );
    expect(Array.from(assignment, ([id, of]) => [id, Object.fromEntries(of)])).toEqual([
      ['x', { b: [0, 2], a: [1] }],
      ['y', { b: [1], a: [0] }],
    ]);
  });
});

describe('sticky', () => {
  const members = ['x', 'y'].map((id) => subscribed(id, ['a', 'b']));

  it('moves no more than a new member needs', () => {
    const first = assignSticky(two, members);
    const all = [...members, subscribed('z', ['a', 'b'])];
    const second = assignSticky(two, rejoined(all, first, 1));
    expect(Array.from(second.values(), (l) => l.length).sort()).toEqual([3, 3, 4]);
    for (const m of members) for (const tp of second.get(m.memberId)!) expect(first.get(m.memberId)).toContainEqual(tp);
  });

  it('believes the later generation of two that claim a partition, and neither of two in one', () => {
    const claims = (xs: number, ys: number) => [
      { ...members[0]!, userData: stickyUserData([{ topic: 'a', partition: 4 }], xs) },
      { ...members[1]!, userData: stickyUserData([{ topic: 'a', partition: 4 }], ys) },
    ];
    const told = (x: number, y: number) => claims(x, y).map((m, i) => ({ ...m, ownedPartitions: [{ topic: 'a', partition: 4 }], generationId: i === 0 ? x : y }));
    expect(names(assignCooperativeSticky(two, told(3, 2)))['x']).toContain('a-4');
    expect(names(assignCooperativeSticky(two, told(2, 3)))['y']).toContain('a-4');
    const both = names(assignCooperativeSticky(two, told(3, 3)));
    expect([...both['x']!, ...both['y']!]).not.toContain('a-4');
  });

  it('that is cooperative withholds what another member still holds, and hands it over in the next round', () => {
    const first = assignCooperativeSticky(two, members);
    const all = [...members, subscribed('z', ['a', 'b'])];
    const second = assignCooperativeSticky(two, cooperative(all, first, 1));
    expect(second.get('z')).toEqual([]);
    const third = assignCooperativeSticky(two, cooperative(all, second, 2));
    expect(third.get('z')).toHaveLength(3);
    for (const m of members) expect(third.get(m.memberId)).toEqual(expect.arrayContaining(second.get(m.memberId)!));
  });
});

describe('every assignor', () => {
  const world = fc.record({
    counts: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 }),
    members: fc.array(fc.record({ topics: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), rack: fc.constantFrom(null, 'r1', 'r2', 'r3') }), { minLength: 1, maxLength: 6 }),
    racks: fc.array(fc.uniqueArray(fc.constantFrom('r1', 'r2', 'r3'), { maxLength: 3 }), { minLength: 8, maxLength: 8 }),
    same: fc.boolean(),
  });
  const build = (w: typeof world extends fc.Arbitrary<infer W> ? W : never) => {
    const topics: Topics = new Map(w.counts.map((n, t) => [`t${t}`, w.racks.slice(0, n)]));
    const members = w.members.map((m, i) => ({
      ...subscribed(
        `m${i}`,
        (w.same ? [0, 1, 2, 3] : m.topics).map((t) => `t${t}`),
      ),
      rackId: m.rack,
    }));
    return { topics, members };
  };
  const everyPartitionOnce = (topics: Topics, members: readonly ConsumerMember[], a: ConsumerAssignment) => {
    const given = [...a].flatMap(([id, list]) => list.map((tp) => ({ id, tp })));
    for (const { id, tp } of given) expect(members.find((m) => m.memberId === id)!.topics).toContain(tp.topic);
    const wanted = [...topics].filter(([t]) => members.some((m) => m.topics.includes(t))).flatMap(([t, parts]) => parts.map((_, p) => `${t}-${p}`));
    expect(given.map(({ tp }) => partitionKey(tp)).sort()).toEqual(wanted.sort());
  };

  it.each([
    ['range', assignRange],
    ['roundrobin', assignRoundRobin],
    ['sticky', assignSticky],
    ['cooperative-sticky', assignCooperativeSticky],
  ])('gives every partition to one subscriber: %s', (_name, assign) => {
    fc.assert(
      fc.property(world, (w) => {
        const { topics, members } = build(w);
        everyPartitionOnce(topics, members, assign(topics, members));
      }),
    );
  });

  it('that is sticky stays even and settles: members that join again with what they got keep it', () => {
    fc.assert(
      fc.property(world, (w) => {
        const { topics, members } = build({ ...w, same: true });
        const first = assignSticky(topics, members);
        const again = assignSticky(topics, rejoined(members, first, 1));
        everyPartitionOnce(topics, members, again);
        const sizes = Array.from(again.values(), (l) => l.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        if (!w.members.some((m) => m.rack)) expect(names(again)).toEqual(Object.fromEntries(Object.entries(names(first)).map(([id, list]) => [id, expect.arrayContaining(list)])));
      }),
    );
  });

  it('that is cooperative never gives a partition to one while another has it', () => {
    fc.assert(
      fc.property(world, world, (before, after) => {
        const old = build(before);
        const now = build({ ...after, counts: before.counts, racks: before.racks });
        const held = assignCooperativeSticky(old.topics, old.members);
        const members = cooperative(now.members, held, 1);
        for (const [id, list] of assignCooperativeSticky(now.topics, members)) for (const tp of list) for (const m of members) if (m.memberId !== id) expect(m.ownedPartitions).not.toContainEqual(tp);
      }),
    );
  });
});
