// The range assignor of the group coordinator: per topic, subscribed members in order get contiguous ranges, so that topics with equally many
// partitions stay aligned (Kafka group.coordinator RangeAssignor). It does not keep what members hold.
import { byInstanceThenId } from './members.ts';
import { unknownTopic, type GroupAssignment, type GroupAssignor } from './groupMembers.ts';

export const assignGroupRange: GroupAssignor = (members, partitionsOf) => {
  const unknown = unknownTopic(members, partitionsOf);
  if (unknown) return unknown;
  const inOrder = [...members].sort((a, b) => byInstanceThenId({ memberId: a.memberId, groupInstanceId: a.instanceId }, { memberId: b.memberId, groupInstanceId: b.instanceId }));
  const topics = new Map<string, { subscribers: number; next: number; extra: number }>();
  for (const m of inOrder) {
    for (const id of m.topicIds) {
      const topic = topics.get(id);
      if (topic) topic.subscribers++;
      else topics.set(id, { subscribers: 1, next: 0, extra: 0 });
    }
  }
  for (const [id, topic] of topics) topic.extra = partitionsOf(id) % topic.subscribers;
  const assignment: GroupAssignment = new Map();
  for (const m of inOrder) {
    const mine = new Map<string, number[]>();
    assignment.set(m.memberId, mine);
    for (const id of m.topicIds) {
      const topic = topics.get(id)!;
      const count = Math.floor(partitionsOf(id) / topic.subscribers) + (topic.extra-- > 0 ? 1 : 0);
      if (count > 0)
        mine.set(
          id,
          Array.from({ length: count }, (_, i) => topic.next + i),
        );
      topic.next += count;
    }
  }
  return { ok: true, assignment };
};
