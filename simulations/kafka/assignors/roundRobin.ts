// The round-robin assignors: of the Java clients, and of kafkajs, which differ.
import { byInstanceThenId, byText, type ConsumerAssignment, type ConsumerMember, type Topics } from './members.ts';

/** All partitions by topic name and number, handed round among the members that subscribe to the topic (Kafka RoundRobinAssignor). */
export function assignRoundRobin(topics: Topics, members: readonly ConsumerMember[]): ConsumerAssignment {
  const assignment: ConsumerAssignment = new Map(members.map((m) => [m.memberId, []]));
  const ring = [...members].sort(byInstanceThenId);
  const names = [...new Set(members.flatMap((m) => m.topics))].sort(byText);
  let at = 0;
  for (const topic of names) {
    for (const partition of (topics.get(topic) ?? []).keys()) {
      while (!ring[at]!.topics.includes(topic)) at = (at + 1) % ring.length;
      assignment.get(ring[at]!.memberId)!.push({ topic, partition });
      at = (at + 1) % ring.length;
    }
  }
  return assignment;
}

/**
 * kafkajs's RoundRobinAssigner: members in order of id, topics in the order in which the leader subscribes, one running number over all
 * partitions. It does not ask who subscribes to what. A member without partitions is left out.
 * @param topics in the leader's order.
 */
export function assignKafkajsRoundRobin(topics: Iterable<readonly [topic: string, count: number]>, memberIds: readonly string[]): Map<string, Map<string, number[]>> {
  const sorted = [...memberIds].sort(byText);
  const out = new Map<string, Map<string, number[]>>();
  let n = 0;
  for (const [topic, count] of topics) {
    for (let partition = 0; partition < count; partition++) {
      const memberId = sorted[n++ % sorted.length]!;
      let of = out.get(memberId);
      if (!of) out.set(memberId, (of = new Map()));
      const list = of.get(topic);
      if (list) list.push(partition);
      else of.set(topic, [partition]);
    }
  }
  return out;
}
