// What the assignors of the classic protocol are given and what they give back: plain data, as the leader of a group has it after JoinGroup.

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One member's subscription (Kafka ConsumerProtocolSubscription). */
export interface ConsumerMember {
  readonly memberId: string;
  /** group.instance.id; null = a dynamic member. */
  readonly groupInstanceId: string | null;
  /** client.rack; null or '' = none. */
  readonly rackId: string | null;
  readonly topics: readonly string[];
  /** What it holds, told from version 1 of the subscription on. */
  readonly ownedPartitions: readonly TopicPartition[];
  /** Generation in which it got that, from version 2 on; -1 = not told. */
  readonly generationId: number;
  readonly userData: Uint8Array | null;
}

/** Partitions of the topics that exist: per topic, for each partition the racks of its replicas ([] = none told). */
export type Topics = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Partitions per member id; every member has an entry. */
export type ConsumerAssignment = Map<string, TopicPartition[]>;

/** A member with nothing but a subscription. */
export function subscribed(memberId: string, topics: readonly string[]): ConsumerMember {
  return { memberId, groupInstanceId: null, rackId: null, topics, ownedPartitions: [], generationId: -1, userData: null };
}

/** Topics of which only the number of partitions is known. */
export function topicsWithoutRacks(partitions: Iterable<readonly [topic: string, count: number]>): Topics {
  return new Map(Array.from(partitions, ([topic, count]) => [topic, Array.from({ length: count }, () => [])] as const));
}

/** The topics that somebody subscribes to. */
export function wanted(topics: Topics, members: readonly ConsumerMember[]): Topics {
  const names = new Set(members.flatMap((m) => m.topics));
  return new Map([...topics].filter(([topic]) => names.has(topic)));
}

/** Names a partition in maps: unambiguous, because a partition number has no dash. */
export function partitionKey(tp: TopicPartition): string {
  return `${tp.topic}-${tp.partition}`;
}

/** Static members first, by instance id; then dynamic ones by member id (Kafka AbstractPartitionAssignor.MemberInfo). */
export function byInstanceThenId(a: { readonly memberId: string; readonly groupInstanceId: string | null }, b: { readonly memberId: string; readonly groupInstanceId: string | null }): number {
  if (a.groupInstanceId !== null && b.groupInstanceId !== null) return byText(a.groupInstanceId, b.groupInstanceId);
  if (a.groupInstanceId !== null) return -1;
  if (b.groupInstanceId !== null) return 1;
  return byText(a.memberId, b.memberId);
}

/** Order of texts by their UTF-16 units, as Java compares strings. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
