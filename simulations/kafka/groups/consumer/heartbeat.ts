// ConsumerGroupHeartbeat: joining, staying, reconciling and leaving in one request (Kafka GroupMetadataManager.consumerGroupHeartbeat, KIP-848).
import type { Request } from '../../broker/broker.ts';
import { groupMs } from '../../metadata/groupConfigs.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from '../../protocol/groupMessages.ts';
import { fromWire, NOTHING, same, toWire, within } from '../assignment.ts';
import type { Coordinator } from '../coordinator.ts';
import { Draft, settle } from '../modern/draft.ts';
import { fence, remove } from '../modern/fence.ts';
import { held, LEAVE, LEAVE_STATIC, metadataOf, newMember, progressOf, sameProgress, type Member, type MemberMetadata, type ModernGroup } from '../modern/group.ts';
import { bumpIfChanged, knowsAssignor, target } from '../modern/target.ts';
import { upgrade, type Upgrade } from '../migration/upgrade.ts';
import { touchMember } from '../modern/timers.ts';
import { reconcile } from './reconcile.ts';
import { scheduleResolution, startsRebalance, validRegex } from './subscriptions.ts';

/** From this version on a member brings an id it has made itself. */
const OWN_ID = 1;

export interface Refusal {
  readonly errorCode: number;
  readonly message: string | null;
}

export function heartbeatConsumer(c: Coordinator, request: Request, body: ConsumerGroupHeartbeatRequest, home: number): void {
  const refuse = (r: Refusal) => refuseConsumerHeartbeat(c, request, r);
  const wrong = invalid(body, request.message.apiVersion);
  if (wrong !== null) return refuse(wrong);
  if (body.memberEpoch < 0) leave(c, request, body);
  else stay(c, request, body, home);
}

export function refuseConsumerHeartbeat(c: Coordinator, request: Request, { errorCode, message }: Refusal): void {
  const response: ConsumerGroupHeartbeatResponse = { throttleTimeMs: 0, errorCode, errorMessage: message, memberId: null, memberEpoch: 0, heartbeatIntervalMs: 0, assignment: null };
  c.broker.reply(request, response, errorCode);
}

/** What a request must hold by itself. */
function invalid(body: ConsumerGroupHeartbeatRequest, apiVersion: number): Refusal | null {
  const bad = (message: string): Refusal => ({ errorCode: ERR.INVALID_REQUEST, message });
  if (body.memberId === '' && (apiVersion >= OWN_ID || body.memberEpoch !== 0)) return bad('MemberId is empty.');
  if (body.groupId.trim() === '') return bad('GroupId is empty.');
  if (body.instanceId?.trim() === '') return bad('InstanceId is empty.');
  if (body.rackId?.trim() === '') return bad('RackId is empty.');
  if (body.memberEpoch === 0) {
    if (body.rebalanceTimeoutMs === -1) return bad('RebalanceTimeoutMs is missing in the first request.');
    if (body.topicPartitions === null || body.topicPartitions.length > 0) return bad('TopicPartitions must be empty when joining.');
    // An empty subscription is one.
    if (body.subscribedTopicNames === null && body.subscribedTopicRegex === null) return bad('SubscribedTopicNames and SubscribedTopicRegex are both missing in the first request.');
  } else if (body.memberEpoch === LEAVE_STATIC) {
    if (body.instanceId === null) return bad('InstanceId is missing: only static members leave for a while.');
  } else if (body.memberEpoch < LEAVE_STATIC) return bad(`MemberEpoch ${body.memberEpoch} is not one.`);
  if (body.serverAssignor !== null && !knowsAssignor(body.serverAssignor)) return { errorCode: ERR.UNSUPPORTED_ASSIGNOR, message: `ServerAssignor ${body.serverAssignor} is not supported.` };
  return null;
}

/* ---- joining and staying ---- */

function stay(c: Coordinator, request: Request, body: ConsumerGroupHeartbeatRequest, home: number): void {
  const { broker } = c;
  const joins = body.memberEpoch === 0;
  const opened = groupFor(c, body.groupId, home, joins);
  if ('errorCode' in opened) return refuseConsumerHeartbeat(c, request, opened);
  const { group } = opened;
  if (group.data.members.size >= broker.config.groupConsumerMaxSize && !group.data.members.has(body.memberId))
    return refuseConsumerHeartbeat(c, request, { errorCode: ERR.GROUP_MAX_SIZE_REACHED, message: `The group has its ${broker.config.groupConsumerMaxSize} members.` });
  const client = request.conn.client.name;
  const draft = new Draft(group, 'changes' in opened ? opened : null);
  const id = body.memberId === '' ? c.newUuid(request) : body.memberId;
  const found = memberOf(draft, body, id, client);
  if ('errorCode' in found) return refuseConsumerHeartbeat(c, request, found);
  const said = saidBy(found, body, client, request.message.clientId);
  const bad = validRegex(group.data, found, said);
  if (bad !== null) return refuseConsumerHeartbeat(c, request, bad);

  const { data } = draft;
  const renamed = said.subscribedTopicNames.join() !== found.subscribedTopicNames.join();
  const regexMatters = startsRebalance(draft, found, said);
  if (!data.members.has(id) || metadataText(said) !== metadataText(found)) draft.put({ type: 'member', id, metadata: said });
  const isNew = !group.data.members.has(id) && draft.replaced === null;
  bumpIfChanged(draft, broker.image, renamed || regexMatters || data.groupEpoch === 0 ? (isNew ? 'joined' : 'subscription') : null);
  target(draft, broker.image);

  const before = data.members.get(id)!;
  const owned = body.topicPartitions === null ? null : fromWire(body.topicPartitions);
  const after = reconcile({ member: before, targetEpoch: data.assignmentEpoch, target: data.target.get(id) ?? NOTHING, held: held(data.members.values()), owned });
  if (!sameProgress(before, after)) draft.put({ type: 'progress', id, progress: progressOf(after) });

  const full = joins || (body.rebalanceTimeoutMs !== -1 && (body.subscribedTopicNames ?? body.subscribedTopicRegex) !== null && body.topicPartitions !== null);
  const told = full || !same(found.assigned, after.assigned) ? { topicPartitions: toWire(after.assigned) } : null;
  const response: ConsumerGroupHeartbeatResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId: id,
    memberEpoch: after.epoch,
    heartbeatIntervalMs: groupMs(broker.image, broker.config, group.id, 'consumer.heartbeat.interval.ms'),
    assignment: told,
  };
  const stands = settle(c, draft, (error) => answer(c, request, error, response));
  if (!stands) return;
  for (const { id: other, classic } of draft.upgrade ? data.members.values() : []) if (classic) touchMember(c, group, other, classic.sessionTimeoutMs);
  touchMember(c, group, id);
  scheduleResolution(c, group);
}

function answer(c: Coordinator, request: Request, error: number, response: ConsumerGroupHeartbeatResponse): void {
  // The last word of a consumer group on a downgrade that cannot be carried out.
  const message = error === ERR.GROUP_ID_NOT_FOUND ? 'The group stays a consumer group: what its members say in the classic protocol cannot be read.' : null;
  if (error !== 0) refuseConsumerHeartbeat(c, request, { errorCode: error, message });
  else c.broker.reply(request, response, 0);
}

export function notFound(groupId: string): Refusal {
  return { errorCode: ERR.GROUP_ID_NOT_FOUND, message: `Group ${groupId} is not a consumer group.` };
}

/**
 * The group, made when the first member joins. A classic group becomes one of this protocol, with its offsets; its members come with it,
 * where they may (group.consumer.migration.policy).
 */
function groupFor(c: Coordinator, groupId: string, home: number, joins: boolean): { group: ModernGroup } | Upgrade | Refusal {
  const group = c.groups.get(groupId);
  if (group?.type === 'consumer') return { group };
  if (!joins || group?.type === 'share') return notFound(groupId);
  return group?.type === 'classic' && group.state !== 'Empty' ? upgrade(c, group) : { group: c.newModernGroup('consumer', groupId, home, group?.offsets) };
}

function memberOf(draft: Draft, body: ConsumerGroupHeartbeatRequest, id: string, client: string): Member | Refusal {
  return body.instanceId === null ? dynamicMember(draft, body, id, client) : staticMember(draft, body, body.instanceId, id, client);
}

function dynamicMember({ data }: Draft, body: ConsumerGroupHeartbeatRequest, id: string, client: string): Member | Refusal {
  const known = data.members.get(id);
  if (known) return epochRefusal(known, body) ?? known;
  return body.memberEpoch === 0 ? newMember(id, client) : { errorCode: ERR.UNKNOWN_MEMBER_ID, message: `Member ${id} is not in the group.` };
}

function staticMember(draft: Draft, body: ConsumerGroupHeartbeatRequest, instanceId: string, id: string, client: string): Member | Refusal {
  const { data } = draft;
  const holderId = data.staticMembers.get(instanceId);
  const holder = holderId === undefined ? undefined : data.members.get(holderId);
  if (body.memberEpoch === 0) {
    if (!holder) return data.members.get(id) ?? newMember(id, client);
    // One of the classic protocol cannot say that it leaves for a while.
    if (holder.epoch !== LEAVE_STATIC && !holder.classic) return { errorCode: ERR.UNRELEASED_INSTANCE_ID, message: `${instanceId} is in use by member ${holder.id}.` };
    return replace(draft, holder, id, client);
  }
  if (!holder) return { errorCode: ERR.UNKNOWN_MEMBER_ID, message: `${instanceId} is not in the group.` };
  if (holder.id !== id) return { errorCode: ERR.FENCED_INSTANCE_ID, message: `${instanceId} was taken over by member ${holder.id}.` };
  return epochRefusal(holder, body) ?? holder;
}

/** A static member that is back takes its place, target and assignment over under a new id. */
export function replace(draft: Draft, holder: Member, id: string, client: string): Member {
  const partitions = draft.data.target.get(holder.id) ?? NOTHING;
  const member: Member = { ...holder, id, client, epoch: 0, previousEpoch: 0 };
  draft.replaced = holder.id;
  remove(draft, holder.id);
  draft.put({ type: 'member', id, metadata: metadataOf(member) });
  draft.put({ type: 'target', id, partitions });
  draft.put({ type: 'progress', id, progress: progressOf(member) });
  return member;
}

/** The epoch must be the member's, or the one before when the answer that raised it may have been lost. */
function epochRefusal(member: Member, body: ConsumerGroupHeartbeatRequest): Refusal | null {
  const { memberEpoch: said, topicPartitions: owned } = body;
  if (said === member.epoch) return null;
  if (said < member.epoch && said === member.previousEpoch && owned !== null && within(fromWire(owned), member.assigned)) return null;
  return { errorCode: ERR.FENCED_MEMBER_EPOCH, message: `Member ${member.id} is at epoch ${member.epoch}, not ${said}: it must give up its partitions and join again.` };
}

/** The member's metadata after the request, where null and -1 leave what was. */
function saidBy(member: Member, body: ConsumerGroupHeartbeatRequest, client: string, clientId: string): MemberMetadata {
  return {
    instanceId: body.instanceId ?? member.instanceId,
    rackId: body.rackId ?? member.rackId,
    client,
    clientId,
    rebalanceTimeoutMs: body.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : body.rebalanceTimeoutMs,
    subscribedTopicNames: body.subscribedTopicNames ? [...new Set(body.subscribedTopicNames)].sort() : member.subscribedTopicNames,
    subscribedTopicRegex: body.subscribedTopicRegex ?? member.subscribedTopicRegex,
    serverAssignor: body.serverAssignor ?? member.serverAssignor,
    classic: null,
  };
}

export function metadataText(m: MemberMetadata): string {
  return JSON.stringify(metadataOf(m as Member));
}

/* ---- leaving ---- */

function leave(c: Coordinator, request: Request, body: ConsumerGroupHeartbeatRequest): void {
  const group = c.groups.get(body.groupId);
  if (group?.type !== 'consumer') return refuseConsumerHeartbeat(c, request, notFound(body.groupId));
  const { memberId, memberEpoch, instanceId } = body;
  const { data } = group;
  const id = instanceId === null ? memberId : data.staticMembers.get(instanceId);
  const member = id === undefined ? undefined : data.members.get(id);
  if (!member) return refuseConsumerHeartbeat(c, request, { errorCode: ERR.UNKNOWN_MEMBER_ID, message: `${instanceId ?? memberId} is not in the group.` });
  if (member.id !== memberId) return refuseConsumerHeartbeat(c, request, { errorCode: ERR.FENCED_INSTANCE_ID, message: `${instanceId} was taken over by member ${member.id}.` });
  const response: ConsumerGroupHeartbeatResponse = { throttleTimeMs: 0, errorCode: 0, errorMessage: null, memberId, memberEpoch, heartbeatIntervalMs: 0, assignment: null };
  const done = (error: number) => answer(c, request, error, response);
  if (memberEpoch === LEAVE) return fence(c, group, [memberId], 'left', done);
  const draft = new Draft(group);
  draft.put({ type: 'progress', id: memberId, progress: { ...progressOf(member), epoch: LEAVE_STATIC, pendingRevocation: NOTHING } });
  settle(c, draft, done);
}
