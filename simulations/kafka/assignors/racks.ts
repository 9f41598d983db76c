// Racks of consumers and of replicas, and whether an assignor looks at them at all (KIP-881).
import { partitionKey, type ConsumerMember, type TopicPartition, type Topics } from './members.ts';

/**
 * Racks count when consumers and replicas share some, and at least one partition is not on every rack: otherwise each consumer finds a
 * replica on its rack anyway.
 */
export function racksMatter(consumerRacks: ReadonlySet<string>, racksOfPartitions: readonly (readonly string[])[]): boolean {
  const all = new Set(racksOfPartitions.flat());
  if (![...consumerRacks].some((rack) => all.has(rack))) return false;
  return racksOfPartitions.some((racks) => new Set(racks).size !== all.size);
}

/** The rack of a consumer that has one. */
export function rackOf(member: ConsumerMember): string | null {
  return member.rackId === '' ? null : member.rackId;
}

/** What the sticky assignors ask about racks. */
export interface RackView {
  /** Whether racks count. */
  readonly matters: boolean;
  /** Whether the consumer has a rack on which the partition has no replica; always false where racks do not count. */
  mismatch(consumer: string, tp: TopicPartition): boolean;
  /** Index in `consumers`, searched round from `first`, of one on a rack of the partition; -1 = none. */
  nextOnRack(tp: TopicPartition, consumers: readonly string[], first: number): number;
  /** Partitions with few consumers on their racks first. */
  fewestConsumersFirst(partitions: readonly TopicPartition[]): TopicPartition[];
  onRackOf(consumer: string, tp: TopicPartition): boolean;
}

export function rackView(topics: Topics, members: readonly ConsumerMember[]): RackView {
  const consumers = new Map<string, string>();
  const consumersOnRack = new Map<string, number>();
  for (const m of members) {
    const rack = rackOf(m);
    if (rack === null) continue;
    consumers.set(m.memberId, rack);
    consumersOnRack.set(rack, (consumersOnRack.get(rack) ?? 0) + 1);
  }
  const racks = new Map<string, ReadonlySet<string>>();
  if (consumers.size > 0) for (const [topic, partitions] of topics) partitions.forEach((of, partition) => racks.set(partitionKey({ topic, partition }), new Set(of)));
  const matters = racksMatter(new Set(consumersOnRack.keys()), [...topics.values()].flat());
  const onRackOf = (consumer: string, tp: TopicPartition) => {
    const rack = consumers.get(consumer);
    return matters && rack !== undefined && racks.get(partitionKey(tp))!.has(rack);
  };
  const nearby = (tp: TopicPartition) => {
    let sum = 0;
    for (const rack of racks.get(partitionKey(tp)) ?? []) sum += consumersOnRack.get(rack) ?? 0;
    return sum;
  };
  return {
    matters,
    onRackOf,
    mismatch: (consumer, tp) => matters && consumers.has(consumer) && !onRackOf(consumer, tp),
    nextOnRack(tp, list, first) {
      for (let i = 0; i < list.length; i++) {
        const at = (first + i) % list.length;
        if (onRackOf(list[at]!, tp)) return at;
      }
      return -1;
    },
    // Sorted wherever consumers name racks, even where these do not count otherwise.
    fewestConsumersFirst: (partitions) => [...partitions].sort((a, b) => nearby(a) - nearby(b)),
  };
}
