// What the group coordinator's assignors are given and give back (KIP-848, KIP-932): topics by id, and what each member is assigned at present.

export interface GroupMember {
  readonly memberId: string;
  /** group.instance.id; null = a dynamic member. */
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** Ids of the topics it subscribes to. */
  readonly topicIds: readonly string[];
  /** Its target assignment so far: partition numbers by topic id. */
  readonly assigned: ReadonlyMap<string, readonly number[]>;
}

/** Partition numbers, ascending, by topic id and member id. */
export type GroupAssignment = Map<string, Map<string, number[]>>;

/** Kafka's PartitionAssignorException is the other outcome: a member subscribes to a topic that the metadata lacks. */
export type GroupAssignmentResult = { readonly ok: true; readonly assignment: GroupAssignment } | { readonly ok: false; readonly error: string };

/**
 * @param members in the coordinator's order, which decides who gets what is left over. Kafka's is that of a hash map.
 * @param partitionsOf number of partitions of a topic; -1 = there is none of that id.
 */
export type GroupAssignor = (members: readonly GroupMember[], partitionsOf: (topicId: string) => number) => GroupAssignmentResult;

/** The first topic that somebody subscribes to and that does not exist, as a failure; null when there is none. */
export function unknownTopic(members: readonly GroupMember[], partitionsOf: (topicId: string) => number): GroupAssignmentResult | null {
  for (const m of members) for (const id of m.topicIds) if (partitionsOf(id) < 0) return { ok: false, error: `Members are subscribed to topic ${id} which doesn't exist in the topic metadata.` };
  return null;
}

/** Whether all members subscribe to the same topics (Kafka SubscriptionType.HOMOGENEOUS). */
export function sameSubscriptions(members: readonly GroupMember[]): boolean {
  const first = new Set(members[0]?.topicIds);
  return members.every((m) => m.topicIds.length === first.size && m.topicIds.every((id) => first.has(id)));
}

export function put(of: Map<string, number[]>, topicId: string, partition: number): void {
  const list = of.get(topicId);
  if (list) list.push(partition);
  else of.set(topicId, [partition]);
}
