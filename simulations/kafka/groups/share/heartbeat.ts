// ShareGroupHeartbeat and ShareGroupDescribe: membership of share groups, in which every member may read every partition of its topics
// (Kafka GroupMetadataManager.shareGroupHeartbeat, KIP-932).
import type { Request } from '../../broker/broker.ts';
import { groupMs } from '../../metadata/groupConfigs.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { DescribedShareGroup, ShareGroupDescribeRequest, ShareGroupDescribeResponse, ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse } from '../../protocol/shareMessages.ts';
import { NOTHING, same, toWire } from '../assignment.ts';
import { groupOperations } from '../operations.ts';
import { described } from '../consumer/describe.ts';
import type { Coordinator } from '../coordinator.ts';
import { Draft, settle } from '../modern/draft.ts';
import { fence } from '../modern/fence.ts';
import { LEAVE, newMember, progressOf, sameProgress, type Member, type MemberMetadata } from '../modern/group.ts';
import { bumpIfChanged, target } from '../modern/target.ts';
import { touchMember } from '../modern/timers.ts';

interface Refusal {
  readonly errorCode: number;
  readonly message: string | null;
}

export function heartbeatShare(c: Coordinator, request: Request, body: ShareGroupHeartbeatRequest, home: number): void {
  const refuse = (r: Refusal) => refuseShareHeartbeat(c, request, r);
  const wrong = invalid(body);
  if (wrong !== null) return refuse({ errorCode: ERR.INVALID_REQUEST, message: wrong });
  const joins = body.memberEpoch === 0;
  const known = c.groups.get(body.groupId);
  // Kafka takes a member without its group for its own mistake, and says so to nobody.
  if (!known && body.memberEpoch > 0) return refuse({ errorCode: ERR.UNKNOWN_SERVER_ERROR, message: null });
  if (known ? known.type !== 'share' : !joins) return refuse({ errorCode: ERR.GROUP_ID_NOT_FOUND, message: `Group ${body.groupId} is not a share group.` });
  const group = known?.type === 'share' ? known : c.newModernGroup('share', body.groupId, home);
  const client = request.conn.client.name;
  const present = group.data.members.get(body.memberId);
  if (body.memberEpoch === LEAVE) {
    if (!present) return refuse(unknown(body.memberId));
    const response = answerOf(body.memberId, LEAVE, 0);
    return fence(c, group, [body.memberId], 'left', (error) => answer(c, request, error, response));
  }
  const { groupShareMaxSize } = c.broker.config;
  if (group.data.members.size >= groupShareMaxSize && !present) return refuse({ errorCode: ERR.GROUP_MAX_SIZE_REACHED, message: `The group has its ${groupShareMaxSize} members.` });
  if (!present && !joins) return refuse(unknown(body.memberId));
  const member = present ?? newMember(body.memberId, client);
  // The epoch before counts, too: the answer that raised it may have been lost.
  if (body.memberEpoch !== member.epoch && !(present && body.memberEpoch < member.epoch && body.memberEpoch === member.previousEpoch))
    return refuse({ errorCode: ERR.FENCED_MEMBER_EPOCH, message: `Member ${member.id} is at epoch ${member.epoch}, not ${body.memberEpoch}: it must give up its partitions and join again.` });

  const draft = new Draft(group);
  const { data } = draft;
  const said = saidBy(member, body, client, request.message.clientId);
  if (!present || JSON.stringify(said) !== JSON.stringify(saidBy(member, { ...body, rackId: null, subscribedTopicNames: null }, member.client, member.clientId)))
    draft.put({ type: 'member', id: member.id, metadata: said });
  const renamed = said.subscribedTopicNames.join() !== member.subscribedTopicNames.join();
  bumpIfChanged(draft, c.broker.image, renamed ? (present ? 'subscription' : 'joined') : null);
  target(draft, c.broker.image);
  const before = data.members.get(member.id)!;
  const after = moved(before, data.assignmentEpoch, data.target.get(member.id) ?? NOTHING);
  if (!sameProgress(before, after)) draft.put({ type: 'progress', id: member.id, progress: progressOf(after) });

  const response = answerOf(member.id, after.epoch, groupMs(c.broker.image, c.broker.config, group.id, 'share.heartbeat.interval.ms'), joins || !same(member.assigned, after.assigned) ? after : null);
  if (settle(c, draft, (error) => answer(c, request, error, response))) touchMember(c, group, member.id);
}

/** A member takes its target over at once: partitions are shared, nobody has to give one up first. */
function moved(member: Member, targetEpoch: number, partitions: Member['assigned']): Member {
  return member.epoch === targetEpoch ? member : { ...member, previousEpoch: member.epoch, epoch: targetEpoch, assigned: partitions };
}

function invalid(body: ShareGroupHeartbeatRequest): string | null {
  if (body.memberId.trim() === '') return 'MemberId is empty.';
  if (body.groupId.trim() === '') return 'GroupId is empty.';
  if (body.rackId?.trim() === '') return 'RackId is empty.';
  if (body.memberEpoch === 0 && (body.subscribedTopicNames?.length ?? 0) === 0) return 'SubscribedTopicNames is missing in the first request.';
  return body.memberEpoch < LEAVE ? `MemberEpoch ${body.memberEpoch} is not one.` : null;
}

function unknown(memberId: string): Refusal {
  return { errorCode: ERR.UNKNOWN_MEMBER_ID, message: `Member ${memberId} is not in the group.` };
}

function saidBy(member: MemberMetadata, body: ShareGroupHeartbeatRequest, client: string, clientId: string): MemberMetadata {
  return {
    instanceId: null,
    rackId: body.rackId ?? member.rackId,
    client,
    clientId,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: body.subscribedTopicNames ? [...new Set(body.subscribedTopicNames)].sort() : member.subscribedTopicNames,
    subscribedTopicRegex: '',
    serverAssignor: null,
    classic: null,
  };
}

function answerOf(memberId: string, memberEpoch: number, heartbeatIntervalMs: number, assigned: Member | null = null): ShareGroupHeartbeatResponse {
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, memberId, memberEpoch, heartbeatIntervalMs, assignment: assigned && { topicPartitions: toWire(assigned.assigned) } };
}

function answer(c: Coordinator, request: Request, error: number, response: ShareGroupHeartbeatResponse): void {
  if (error !== 0) refuseShareHeartbeat(c, request, { errorCode: error, message: null });
  else c.broker.reply(request, response, 0);
}

export function refuseShareHeartbeat(c: Coordinator, request: Request, { errorCode, message }: Refusal): void {
  const response: ShareGroupHeartbeatResponse = { throttleTimeMs: 0, errorCode, errorMessage: message, memberId: null, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null };
  c.broker.reply(request, response, errorCode);
}

/* ---- administrators ---- */

export function describeShareGroups(c: Coordinator, request: Request, body: ShareGroupDescribeRequest): void {
  const groups = body.groupIds.map((id) => describe(c, id, body.includeAuthorizedOperations));
  c.broker.reply(request, { throttleTimeMs: 0, groups } satisfies ShareGroupDescribeResponse, groups.find((g) => g.errorCode !== 0)?.errorCode ?? 0);
}

function describe(c: Coordinator, groupId: string, withOperations: boolean): DescribedShareGroup {
  const blank = { errorCode: 0, errorMessage: null, groupId, groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [], authorizedOperations: groupOperations(false) };
  if (groupId === '') return { ...blank, errorCode: ERR.INVALID_GROUP_ID };
  if (c.homeOf(groupId) < 0) return { ...blank, errorCode: ERR.NOT_COORDINATOR };
  const group = c.groups.get(groupId);
  if (group?.type !== 'share') return { ...blank, errorCode: ERR.GROUP_ID_NOT_FOUND, errorMessage: `Group ${groupId} is not a share group.` };
  const { data } = group;
  return {
    ...blank,
    groupState: group.state,
    groupEpoch: data.groupEpoch,
    assignmentEpoch: data.assignmentEpoch,
    authorizedOperations: groupOperations(withOperations),
    assignorName: 'simple',
    members: [...data.members.values()].map((m) => ({
      memberId: m.id,
      rackId: m.rackId,
      memberEpoch: m.epoch,
      clientId: m.clientId,
      clientHost: `/${m.client}`,
      subscribedTopicNames: m.subscribedTopicNames,
      assignment: described(m.assigned, c.broker.image),
    })),
  };
}
