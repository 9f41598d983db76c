import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GroupAssignment, GroupAssignmentResult, GroupMember } from './groupMembers.ts';
import { assignGroupRange } from './groupRange.ts';
import { assignSimple } from './groupSimple.ts';
import { assignUniform } from './groupUniform.ts';

const T = ['T1-A4s3VTwiI5CTbEp6POw', 'T2-B4s3VTwiI5YHbPp6YUQ', 'T3-CU8fVTLCz5YMkLoDQsQ'];
const member = (memberId: string, topics: readonly number[], assigned: Record<number, number[]> = {}, instanceId: string | null = null): GroupMember => ({
  memberId,
  instanceId,
  rackId: null,
  topicIds: topics.map((t) => T[t]!),
  assigned: new Map(Object.entries(assigned).map(([t, list]) => [T[Number(t)]!, list])),
});
const counts =
  (...n: number[]) =>
  (topicId: string) =>
    n[T.indexOf(topicId)] ?? -1;
const plain = (r: GroupAssignmentResult) =>
  r.ok ? Object.fromEntries(Array.from(r.assignment, ([id, of]) => [id, Object.fromEntries(Array.from(of, ([t, list]) => [T.indexOf(t), list]))])) : r.error;
const load = (a: GroupAssignment, id: string) => [...(a.get(id)?.values() ?? [])].flat().length;

describe('the uniform assignor of the group coordinator', () => {
  it('takes from who has most, and no more than it must, when a member comes', () => {
    const result = assignUniform([member('a', [0], { 0: [0, 1, 2, 3] }), member('b', [0])], counts(4));
    expect(plain(result)).toEqual({ a: { 0: [0, 1] }, b: { 0: [2, 3] } });
  });

  it('balances topic by topic where members subscribe to different topics', () => {
    const result = assignUniform([member('a', [0], { 0: [0, 1, 2] }), member('b', [0, 1], { 1: [0, 1, 2] })], counts(3, 3));
    expect(plain(result)).toEqual({ a: { 0: [0, 1, 2] }, b: { 1: [0, 1, 2] } });
  });

  it('refuses a topic that the metadata lacks, as the others do', () => {
    for (const assign of [assignUniform, assignGroupRange, assignSimple]) expect(plain(assign([member('a', [2])], counts(1)))).toContain("doesn't exist in the topic metadata");
  });

  it('gives every partition to one subscriber, as evenly as subscriptions allow, and settles', () => {
    const world = fc.record({
      partitions: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }),
      members: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
      same: fc.boolean(),
    });
    fc.assert(
      fc.property(world, ({ partitions, members, same }) => {
        const group = members.map((topics, i) => member(`m${i}`, same ? [0, 1, 2] : topics));
        const first = assignUniform(group, counts(...partitions));
        if (!first.ok) throw new Error(first.error);
        const given = [...first.assignment].flatMap(([id, of]) => Array.from(of, ([t, list]) => list.map((p) => ({ id, t, p }))).flat());
        for (const g of given) expect(group.find((m) => m.memberId === g.id)!.topicIds).toContain(g.t);
        const wanted = T.flatMap((t, i) => (group.some((m) => m.topicIds.includes(t)) ? Array.from({ length: partitions[i]! }, (_, p) => `${t}/${p}`) : []));
        expect(given.map((g) => `${g.t}/${g.p}`).sort()).toEqual(wanted.sort());
        if (same) expect(Math.max(...group.map((m) => load(first.assignment, m.memberId))) - Math.min(...group.map((m) => load(first.assignment, m.memberId)))).toBeLessThanOrEqual(1);
        const again = assignUniform(
          group.map((m) => ({ ...m, assigned: first.assignment.get(m.memberId) ?? new Map<string, number[]>() })),
          counts(...partitions),
        );
        expect(plain(again)).toEqual(plain(first));
      }),
    );
  });
});

describe('the range assignor of the group coordinator', () => {
  it('aligns ranges over topics and starts with static members', () => {
    const group = [member('b', [0, 1]), member('a', [0, 1], {}, 'i-2'), member('c', [0, 1], {}, 'i-1')];
    expect(plain(assignGroupRange(group, counts(4, 4)))).toEqual({ c: { 0: [0, 1], 1: [0, 1] }, a: { 0: [2], 1: [2] }, b: { 0: [3], 1: [3] } });
  });
});

describe('the simple assignor of share groups', () => {
  it('gives every member all partitions of its topics', () => {
    expect(plain(assignSimple([member('a', [0]), member('b', [0, 1]), member('c', [])], counts(2, 1)))).toEqual({ a: { 0: [0, 1] }, b: { 0: [0, 1], 1: [0] } });
  });
});
