// Committed offsets: checks, the write into the offsets topic, and reading them back (Kafka OffsetMetadataManager).
// They never expire here: offsets.retention.minutes is 7 days, and expired ones are looked for every 10 minutes at the earliest.
import type { Request } from '../broker/broker.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { OffsetCommitRequest, OffsetCommitResponse, OffsetFetchGroup, OffsetFetchGroupResponse, OffsetFetchRequest, OffsetFetchResponse } from '../protocol/messages.ts';
import { offsetKey, partitionOfKey, type CommittedOffset, type Offsets } from './committed.ts';
import { validateCommit } from './classic/group.ts';
import { touch } from './classic/rebalance.ts';
import type { AnyGroup, Coordinator } from './coordinator.ts';
import type { Member, ModernGroup } from './modern/group.ts';

/** offset.metadata.max.bytes (Kafka 4.0 default), counted in characters as Kafka does. */
const METADATA_MAX = 4096;

/** From this version on a commit may hear the errors of consumer groups (KIP-848). */
const CONSUMER_GROUP_ERRORS = 9;

export function commitOffsets(c: Coordinator, request: Request): void {
  const body = request.message.body as OffsetCommitRequest;
  const { broker } = c;
  const k = broker.kernel;
  const exists = (topic: string, partition: number) => broker.image.partition(topic, partition) !== undefined;
  /** @param failed for every partition that exists and whose metadata fits. */
  const answer = (failed: number) => {
    let first = 0;
    const response: OffsetCommitResponse = {
      throttleTimeMs: 0,
      topics: body.topics.map((t) => ({
        name: t.name,
        partitions: t.partitions.map((p) => {
          const errorCode = !exists(t.name, p.partitionIndex) ? ERR.UNKNOWN_TOPIC_OR_PARTITION : failed !== 0 ? failed : tooLarge(p.committedMetadata) ? ERR.OFFSET_METADATA_TOO_LARGE : 0;
          first ||= errorCode;
          return { partitionIndex: p.partitionIndex, errorCode };
        }),
      })),
    };
    broker.reply(request, response, first);
  };
  // What does not exist is sorted out before the coordinator is asked at all (Kafka KafkaApis).
  const known = body.topics.flatMap((t) => t.partitions.filter((p) => exists(t.name, p.partitionIndex)).map((p) => ({ topic: t.name, ...p })));
  if (known.length === 0) return answer(0);
  const home = c.homeOf(body.groupId);
  if (home < 0) return answer(ERR.NOT_COORDINATOR);
  const error = validate(c, body, request.message.apiVersion);
  if (error !== 0) return answer(error);
  const group = c.groups.get(body.groupId) ?? c.newClassicGroup(body.groupId, home);
  if (group.type === 'classic' && (group.state === 'Stable' || group.state === 'PreparingRebalance')) touch(c, group.members.get(body.memberId)!);
  const entries = known
    .filter((p) => !tooLarge(p.committedMetadata))
    .map((p) => ({ topic: p.topic, partition: p.partitionIndex, committed: { offset: p.committedOffset, leaderEpoch: p.committedLeaderEpoch, metadata: p.committedMetadata ?? '' } }));
  if (entries.length === 0) return answer(0);
  c.log.write(home, { kind: 'offsets', group: body.groupId, entries }, (failed) => {
    if (failed === 0) {
      for (const e of entries) {
        group.offsets.set(offsetKey(e.topic, e.partition), e.committed);
        k.trace.emit('offset.committed', broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(e.topic), e.partition, e.committed.offset, k.trace.sym(body.memberId));
      }
    } else if (keepsNothing(group) && c.groups.get(group.id) === group) c.forget(group);
    answer(failed);
  });
}

/** A topic was deleted: so are the offsets of its partitions, those too that a transaction has not decided (Kafka OffsetMetadataManager.onPartitionsDeleted). */
export function forgetTopic(c: Coordinator, topic: string): void {
  c.broker.transactionalOffsets.forgetTopic(topic);
  for (const group of c.groups.values()) {
    const entries: { topic: string; partition: number; committed: null }[] = [];
    const were = new Map<string, CommittedOffset>();
    for (const [key, committed] of group.offsets) {
      const of = partitionOfKey(key);
      if (of.topic !== topic) continue;
      entries.push({ ...of, committed: null });
      were.set(key, committed);
    }
    if (entries.length === 0) continue;
    c.log.write(group.home, { kind: 'offsets', group: group.id, entries }, (error) => {
      // A topic of the same name may be back already, with offsets of its own.
      if (error === 0) for (const [key, committed] of were) if (group.offsets.get(key) === committed) group.offsets.delete(key);
    });
  }
}

/** A group that a commit from outside made and that in the end holds nothing. */
function keepsNothing(group: AnyGroup): boolean {
  return group.type === 'classic' && group.protocolType === '' && group.state === 'Empty' && group.offsets.size === 0 && group.pending.size === 0;
}

function tooLarge(metadata: string | null): boolean {
  return (metadata?.length ?? 0) > METADATA_MAX;
}

function validate(c: Coordinator, body: OffsetCommitRequest, apiVersion: number): number {
  const group = c.groups.get(body.groupId);
  const generation = body.generationIdOrMemberEpoch;
  // A commit from outside any group makes one that only keeps offsets.
  if (!group) return generation < 0 ? 0 : apiVersion >= CONSUMER_GROUP_ERRORS ? ERR.GROUP_ID_NOT_FOUND : ERR.ILLEGAL_GENERATION;
  switch (group.type) {
    case 'classic':
      return validateCommit(group, body.memberId, body.groupInstanceId, generation);
    case 'consumer':
      return validateConsumerCommit(group, body.memberId, generation, apiVersion);
    case 'share':
      return apiVersion >= CONSUMER_GROUP_ERRORS ? ERR.GROUP_ID_NOT_FOUND : ERR.ILLEGAL_GENERATION;
  }
}

/** As `validate`, for offsets in a transaction: a producer may say nothing of a member (Kafka OffsetMetadataManager.validateTransactionalOffsetCommit). */
export function validateTransactional(group: AnyGroup, memberId: string, instanceId: string | null, generation: number): number {
  switch (group.type) {
    case 'classic':
      return validateCommit(group, memberId, instanceId, generation, true);
    case 'consumer': {
      if (generation < 0 && (group.data.members.size === 0 || (memberId === '' && instanceId === null))) return 0;
      const member = group.data.members.get(memberId);
      if (!member) return ERR.UNKNOWN_MEMBER_ID;
      return generation === member.epoch ? 0 : ERR.ILLEGAL_GENERATION;
    }
    case 'share':
      return ERR.ILLEGAL_GENERATION;
  }
}

/** A commit from outside the group (epoch below 0) needs an empty group; a member must be at the epoch it says. */
function validateConsumerCommit({ data }: ModernGroup, memberId: string, epoch: number, apiVersion: number): number {
  if (epoch < 0 && data.members.size === 0) return 0;
  const member = data.members.get(memberId);
  if (!member) return ERR.UNKNOWN_MEMBER_ID;
  if (!member.classic && apiVersion < CONSUMER_GROUP_ERRORS) return ERR.UNSUPPORTED_VERSION;
  return epochError(member, epoch);
}

/** To one of the classic protocol its epoch is a generation. */
function epochError(member: Member, epoch: number): number {
  return epoch === member.epoch ? 0 : member.classic ? ERR.ILLEGAL_GENERATION : ERR.STALE_MEMBER_EPOCH;
}

/** Whether who reads offsets is the member it says it is; administrators say nothing. */
function validateFetch(c: Coordinator, { groupId, memberId, memberEpoch }: OffsetFetchGroup): number {
  const group = c.groups.get(groupId);
  if (group?.type !== 'consumer' || (memberId === null && memberEpoch < 0)) return 0;
  const member = memberId === null ? undefined : group.data.members.get(memberId);
  if (!member) return ERR.UNKNOWN_MEMBER_ID;
  return epochError(member, memberEpoch);
}

/** First version in which an error belongs to the group as a whole. */
const GROUP_ERROR = 2;

export function fetchOffsets(c: Coordinator, request: Request): void {
  const body = request.message.body as OffsetFetchRequest;
  const groups: (OffsetFetchGroupResponse | undefined)[] = [];
  let left = body.groups.length;
  const done = () => {
    const response: OffsetFetchResponse = { throttleTimeMs: 0, groups: groups as OffsetFetchGroupResponse[] };
    const error = response.groups.find((g) => g.errorCode !== 0)?.errorCode ?? response.groups.flatMap((g) => g.topics.flatMap((t) => t.partitions)).find((p) => p.errorCode !== 0)?.errorCode ?? 0;
    c.broker.reply(request, response, error);
  };
  if (left === 0) return done();
  body.groups.forEach((asked, i) => {
    const read = (error: number) => {
      groups[i] = fetchOne(c, asked, error || validateFetch(c, asked), body.requireStable, request.message.apiVersion);
      if (--left === 0) done();
    };
    const home = c.homeOf(asked.groupId);
    if (home < 0) read(ERR.NOT_COORDINATOR);
    // A reader that wants only stable offsets waits for those that are being written.
    else if (body.requireStable) c.log.afterWrites(home, read);
    else read(0);
  });
}

function fetchOne(c: Coordinator, asked: OffsetFetchGroup, errorCode: number, requireStable: boolean, apiVersion: number): OffsetFetchGroupResponse {
  if (errorCode !== 0) {
    const perPartition = apiVersion < GROUP_ERROR ? (asked.topics ?? []) : [];
    return {
      groupId: asked.groupId,
      errorCode,
      topics: perPartition.map((t) => ({
        name: t.name,
        partitions: t.partitionIndexes.map((partitionIndex) => ({ partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode })),
      })),
    };
  }
  const offsets = c.groups.get(asked.groupId)?.offsets;
  return {
    groupId: asked.groupId,
    errorCode: 0,
    topics: (asked.topics ?? everyTopic(offsets)).map((t) => ({
      name: t.name,
      partitions: t.partitionIndexes.map((partitionIndex) => {
        if (requireStable && c.broker.transactionalOffsets.isPending(asked.groupId, t.name, partitionIndex))
          return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: ERR.UNSTABLE_OFFSET_COMMIT };
        const committed = offsets?.get(offsetKey(t.name, partitionIndex));
        return { partitionIndex, committedOffset: committed?.offset ?? -1, committedLeaderEpoch: committed?.leaderEpoch ?? -1, metadata: committed ? committed.metadata : '', errorCode: 0 };
      }),
    })),
  };
}

function everyTopic(offsets: Offsets | undefined): { name: string; partitionIndexes: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const key of offsets?.keys() ?? []) {
    const { topic, partition } = partitionOfKey(key);
    const of = topics.get(topic);
    if (of) of.push(partition);
    else topics.set(topic, [partition]);
  }
  return [...topics].map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
}
