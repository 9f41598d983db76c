// Partitions of a request by their topics, as Kafka's messages have them.

interface OfTopic<P> {
  readonly topic: string;
  readonly partitions: readonly P[];
}

/** Topics in the order of their first partition. Lists are made at their size: one that grows takes room for sixteen more. */
export function byTopic<T extends { readonly topic: string }, P>(items: readonly T[], map: (item: T) => P): OfTopic<P>[] {
  const [first] = items;
  if (first === undefined) return [];
  const { topic } = first;
  if (items.length === 1) return [{ topic, partitions: [map(first)] }];
  if (items.every((item) => item.topic === topic)) return [{ topic, partitions: items.map(map) }];
  const out: { topic: string; partitions: P[] }[] = [];
  for (const item of items) {
    const of = out.find((t) => t.topic === item.topic);
    if (of) of.partitions.push(map(item));
    else out.push({ topic: item.topic, partitions: [map(item)] });
  }
  return out;
}
