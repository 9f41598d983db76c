// The simple assignor of share groups: every member gets every partition of the topics it subscribes to (Kafka 4.0 SimpleAssignor, KIP-932;
// from 4.1 on Kafka spreads partitions over the members instead, KAFKA-18757).
import { unknownTopic, type GroupAssignment, type GroupAssignor } from './groupMembers.ts';

export const assignSimple: GroupAssignor = (members, partitionsOf) => {
  const unknown = unknownTopic(members, partitionsOf);
  if (unknown) return unknown;
  const assignment: GroupAssignment = new Map();
  for (const m of members) {
    if (m.topicIds.length === 0) continue;
    assignment.set(m.memberId, new Map(m.topicIds.map((id) => [id, Array.from({ length: partitionsOf(id) }, (_, p) => p)])));
  }
  return { ok: true, assignment };
};
