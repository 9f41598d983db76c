// What follows from changed subscriptions and topics: a new group epoch, and for it a new target assignment (Kafka TargetAssignmentBuilder).
// Kafka 4.0 computes it within the heartbeat that finds the group epoch ahead.
import { assignGroupRange } from '../../assignors/groupRange.ts';
import { assignSimple } from '../../assignors/groupSimple.ts';
import { assignUniform } from '../../assignors/groupUniform.ts';
import type { GroupAssignmentResult, GroupMember } from '../../assignors/groupMembers.ts';
import { hashMapOrder } from '../../javaHash.ts';
import type { MetadataImage } from '../../metadata/image.ts';
import { uuidHash } from '../../protocol/uuid.ts';
import { NOTHING, same, together } from '../assignment.ts';
import type { Draft, EpochReason } from './draft.ts';
import { topicMetadataOf, topicsOf, type GroupData } from './group.ts';

type Assignor = (members: readonly GroupMember[], partitionsOf: (topicId: string) => number, same: boolean) => GroupAssignmentResult;

/** By name, as group.consumer.assignors lists them: the first is the default. */
export const ASSIGNORS: Readonly<Record<string, Assignor>> = { uniform: assignUniform, range: assignGroupRange };
const SIMPLE = 'simple';

/** Raises the group epoch for a reason of the member's (null = none), or because the topics it reads have changed. */
export function bumpIfChanged(draft: Draft, image: MetadataImage, reason: EpochReason | null): void {
  const { group, data } = draft;
  if (reason === null && !group.metadataExpired) return;
  draft.comparedMetadata = true;
  const topicMetadata = topicMetadataOf(data, image);
  const changed = topicMetadata !== data.topicMetadata;
  if (changed) draft.put({ type: 'topics', topicMetadata });
  if (reason !== null || changed) draft.bump(reason ?? 'metadata');
}

/** Computes the target assignment of the group epoch unless there is one. */
export function target(draft: Draft, image: MetadataImage): void {
  const { data, group } = draft;
  if (data.groupEpoch <= data.assignmentEpoch) return;
  draft.assignor = group.type === 'share' ? SIMPLE : assignorOf(data);
  // Members, and the topics that each of them has, in the order of the maps that Kafka keeps them in: who comes first may have one partition more.
  const members = hashMapOrder([...data.members.keys()]).map((id) => {
    const m = data.members.get(id)!;
    const has = data.target.get(id) ?? NOTHING;
    return {
      memberId: id,
      instanceId: m.instanceId,
      rackId: m.rackId,
      topicIds: topicsOf(data, m).flatMap((name) => image.topics.get(name)?.id ?? []),
      assigned: new Map(hashMapOrder([...has.keys()], uuidHash).map((topicId) => [topicId, has.get(topicId)!])),
    };
  });
  const assign = group.type === 'share' ? assignSimple : ASSIGNORS[draft.assignor]!;
  const assigned = assign(members, (id) => image.topicById(id)?.partitions.length ?? -1, sameSubscriptions(data));
  if (!assigned.ok) throw new Error(assigned.error);
  for (const { memberId } of members) {
    const partitions = together(NOTHING, assigned.assignment.get(memberId) ?? NOTHING);
    const before = data.target.get(memberId);
    if (!before || !same(before, partitions)) draft.put({ type: 'target', id: memberId, partitions });
  }
  draft.put({ type: 'assignmentEpoch', epoch: data.groupEpoch });
}

/** Whether all members subscribe to the same, by topic names or by one regular expression; topics that do not exist count (Kafka ConsumerGroup.subscriptionType). */
function sameSubscriptions(data: GroupData): boolean {
  const [first, ...others] = [...data.members.values()];
  if (others.some((m) => m.subscribedTopicRegex !== first!.subscribedTopicRegex)) return false;
  if (first && first.subscribedTopicRegex !== '') return [...data.members.values()].every((m) => m.subscribedTopicNames.length === 0);
  return others.every((m) => m.subscribedTopicNames.join() === first!.subscribedTopicNames.join());
}

/** The assignor that most members ask for; of equals the first in the order of a HashMap. */
export function assignorOf(data: GroupData): string {
  const votes = new Map<string, number>();
  for (const { serverAssignor } of data.members.values()) if (serverAssignor !== null) votes.set(serverAssignor, (votes.get(serverAssignor) ?? 0) + 1);
  let best: string | null = null;
  for (const name of hashMapOrder([...votes.keys()])) if (best === null || votes.get(name)! > votes.get(best)!) best = name;
  return best ?? Object.keys(ASSIGNORS)[0]!;
}

export function knowsAssignor(name: string): boolean {
  return Object.hasOwn(ASSIGNORS, name);
}
