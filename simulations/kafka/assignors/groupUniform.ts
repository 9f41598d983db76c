// The uniform assignor of the group coordinator (Kafka UniformAssignor): all members equally many partitions, as few moves as possible.
// Where subscriptions differ it balances topic by topic; that is in groupUniformMixed.ts.
import { hashSetOrder } from '../javaHash.ts';
import { uuidHash } from '../protocol/uuid.ts';
import { put, sameSubscriptions, unknownTopic, type GroupAssignment, type GroupAssignmentResult, type GroupMember } from './groupMembers.ts';
import { assignMixed } from './groupUniformMixed.ts';

/** @param same whether all members subscribe to the same topics, where the group knows it. */
export const assignUniform = (members: readonly GroupMember[], partitionsOf: (topicId: string) => number, same = sameSubscriptions(members)): GroupAssignmentResult => {
  const unknown = unknownTopic(members, partitionsOf);
  if (unknown) return unknown;
  if (members.every((m) => m.topicIds.length === 0)) return { ok: true, assignment: new Map() };
  return { ok: true, assignment: same ? assignSame(members, partitionsOf) : assignMixed(members, partitionsOf) };
};

/** Topics are taken in Kafka's order, that of a hash set of their ids (Kafka UniformHomogeneousAssignmentBuilder). */
function assignSame(members: readonly GroupMember[], partitionsOf: (topicId: string) => number): GroupAssignment {
  const topicIds = hashSetOrder(members[0]!.topicIds, uuidHash);
  const held = new Set(members.flatMap((m) => Array.from(m.assigned, ([id, list]) => list.map((p) => `${id}/${p}`)).flat()));
  const unassigned: { readonly topicId: string; readonly partition: number }[] = [];
  let total = 0;
  for (const topicId of topicIds) {
    for (let partition = 0; partition < partitionsOf(topicId); partition++) if (!held.has(`${topicId}/${partition}`)) unassigned.push({ topicId, partition });
    total += partitionsOf(topicId);
  }
  const assignment: GroupAssignment = new Map();
  const wanting: { readonly mine: Map<string, number[]>; room: number }[] = [];
  members.forEach((m, i) => {
    const mine = new Map<string, number[]>();
    assignment.set(m.memberId, mine);
    // The first members in order may have one more.
    let room = Math.floor(total / members.length) + (i < total % members.length ? 1 : 0);
    for (const [topicId, partitions] of m.assigned) {
      if (!topicIds.includes(topicId)) continue;
      for (const partition of partitions) {
        if (room > 0) {
          room--;
          put(mine, topicId, partition);
        } else unassigned.push({ topicId, partition });
      }
    }
    if (room > 0) wanting.push({ mine, room });
  });
  let next = 0;
  for (const w of wanting) for (; w.room > 0 && next < unassigned.length; w.room--, next++) put(w.mine, unassigned[next]!.topicId, unassigned[next]!.partition);
  return sorted(assignment);
}

/** Partition numbers of every list in ascending order. */
function sorted(assignment: GroupAssignment): GroupAssignment {
  for (const of of assignment.values()) for (const list of of.values()) list.sort((a, b) => a - b);
  return assignment;
}
