// Committed offsets: checks, the write into the offsets topic, and reading them back (Kafka OffsetMetadataManager).
import { ERR } from '../protocol/apiKeys.ts';
import type { OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest, OffsetFetchResponse } from '../protocol/messages.ts';
import type { Request } from './broker.ts';
import type { Coordinator } from './coordinator.ts';
import { offsetKey } from './group.ts';

const METADATA_MAX = 4096;

/** @param refusedWith an error for every partition, when the coordinator refuses the request as a whole. */
export function commitOffsets(coordinator: Coordinator, request: Request, home: number, refusedWith = 0): void {
  const body = request.message.body as OffsetCommitRequest;
  const { broker } = coordinator;
  const answer = (errorOf: (topic: string, partition: number, metadata: string | null) => number) => {
    let first = 0;
    const response: OffsetCommitResponse = {
      throttleTimeMs: 0,
      topics: body.topics.map((t) => ({
        name: t.name,
        partitions: t.partitions.map((p) => {
          const errorCode = errorOf(t.name, p.partitionIndex, p.committedMetadata);
          first ||= errorCode;
          return { partitionIndex: p.partitionIndex, errorCode };
        }),
      })),
    };
    broker.reply(request, response, first);
  };
  const error = refusedWith !== 0 ? refusedWith : validate(coordinator, body);
  if (error !== 0) {
    answer(() => error);
    return;
  }
  const group = coordinator.group(body.groupId) ?? coordinator.newGroup(body.groupId, home);
  const member = group.members.get(body.memberId);
  if (member) member.lastHeardUs = broker.kernel.nowUs;
  const check = (topic: string, partition: number, metadata: string | null) =>
    (metadata?.length ?? 0) > METADATA_MAX ? 12 : broker.image.partition(topic, partition) ? 0 : ERR.UNKNOWN_TOPIC_OR_PARTITION;
  const entries = body.topics.flatMap((t) =>
    t.partitions
      .filter((p) => check(t.name, p.partitionIndex, p.committedMetadata) === 0)
      .map((p) => ({ topic: t.name, partition: p.partitionIndex, committed: { offset: p.committedOffset, leaderEpoch: p.committedLeaderEpoch, metadata: p.committedMetadata } })),
  );
  if (entries.length === 0) {
    answer(check);
    return;
  }
  coordinator.persist(home, { kind: 'offsets', group: body.groupId, entries }, (failed) => {
    const k = broker.kernel;
    if (failed === 0) {
      for (const e of entries) {
        group.offsets.set(offsetKey(e.topic, e.partition), e.committed);
        k.trace.emit('offset.committed', broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(e.topic), e.partition, e.committed.offset, k.trace.sym(body.memberId));
      }
    }
    answer((topic, partition, metadata) => check(topic, partition, metadata) || failed);
  });
}

function validate(coordinator: Coordinator, body: OffsetCommitRequest): number {
  const group = coordinator.group(body.groupId);
  const generation = body.generationIdOrMemberEpoch;
  if (!group) return generation < 0 && body.memberId === '' ? 0 : ERR.ILLEGAL_GENERATION;
  if (generation < 0 && group.state === 'Empty') return 0;
  if (!group.members.has(body.memberId)) return ERR.UNKNOWN_MEMBER_ID;
  if (generation !== group.generation) return ERR.ILLEGAL_GENERATION;
  return group.state === 'CompletingRebalance' ? ERR.REBALANCE_IN_PROGRESS : 0;
}

export function fetchOffsets(coordinator: Coordinator, request: Request): void {
  const body = request.message.body as OffsetFetchRequest;
  const group = coordinator.group(body.groupId);
  const asked = body.topics ?? [...(group?.offsets.keys() ?? [])].map((key) => ({ name: key.slice(0, key.lastIndexOf('-')), partitionIndexes: [Number(key.slice(key.lastIndexOf('-') + 1))] }));
  const { transactionalOffsets } = coordinator.broker;
  let first = 0;
  const response: OffsetFetchResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    topics: asked.map((t) => ({
      name: t.name,
      partitions: t.partitionIndexes.map((partitionIndex) => {
        if (body.requireStable && transactionalOffsets.isPending(body.groupId, t.name, partitionIndex)) {
          first = ERR.UNSTABLE_OFFSET_COMMIT;
          return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: first };
        }
        const committed = group?.offsets.get(offsetKey(t.name, partitionIndex));
        return { partitionIndex, committedOffset: committed?.offset ?? -1, committedLeaderEpoch: committed?.leaderEpoch ?? -1, metadata: committed ? committed.metadata : '', errorCode: 0 };
      }),
    })),
  };
  coordinator.broker.reply(request, response, first);
}
