// The range assignor as the native consumer's leader uses it: subscriptions in, contiguous ranges per topic out.
import { subscribed, topicsWithoutRacks } from '../assignors/members.ts';
import { assignRange as assign } from '../assignors/range.ts';

export interface Subscription {
  readonly member: string;
  readonly topics: readonly string[];
}

export function assignRange(subscriptions: readonly Subscription[], partitionsOf: (topic: string) => number): Map<string, { topic: string; partitions: number[] }[]> {
  const topics = new Set(subscriptions.flatMap((s) => s.topics));
  const assignment = assign(
    topicsWithoutRacks(Array.from(topics, (topic) => [topic, partitionsOf(topic)] as const)),
    subscriptions.map((s) => subscribed(s.member, s.topics)),
  );
  const out = new Map<string, { topic: string; partitions: number[] }[]>();
  for (const s of subscriptions) {
    const byTopic: { topic: string; partitions: number[] }[] = [];
    for (const { topic, partition } of assignment.get(s.member)!) {
      const last = byTopic.at(-1);
      if (last?.topic === topic) last.partitions.push(partition);
      else byTopic.push({ topic, partitions: [partition] });
    }
    out.set(s.member, byTopic);
  }
  return out;
}
