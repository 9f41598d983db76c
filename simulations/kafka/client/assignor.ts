// The range assignor of the Java clients, without racks: per topic, members in order of id get contiguous ranges (Kafka RangeAssignor).

export interface Subscription {
  readonly member: string;
  readonly topics: readonly string[];
}

export function assignRange(subscriptions: readonly Subscription[], partitionsOf: (topic: string) => number): Map<string, { topic: string; partitions: number[] }[]> {
  const out = new Map<string, { topic: string; partitions: number[] }[]>();
  const members = [...subscriptions].sort((a, b) => (a.member < b.member ? -1 : a.member > b.member ? 1 : 0));
  for (const m of members) out.set(m.member, []);
  const topics = [...new Set(subscriptions.flatMap((s) => s.topics))].sort();
  for (const topic of topics) {
    const subscribed = members.filter((m) => m.topics.includes(topic));
    const n = partitionsOf(topic);
    const quota = Math.floor(n / subscribed.length);
    const extra = n % subscribed.length;
    let next = 0;
    subscribed.forEach((m, i) => {
      const count = quota + (i < extra ? 1 : 0);
      if (count > 0) out.get(m.member)!.push({ topic, partitions: Array.from({ length: count }, (_, j) => next + j) });
      next += count;
    });
  }
  return out;
}
