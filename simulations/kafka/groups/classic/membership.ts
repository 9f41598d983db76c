// Heartbeats, leaving and the end of sessions in a classic group (Kafka GroupMetadataManager.classicGroupHeartbeat, classicGroupLeave).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { HeartbeatRequest, LeaveGroupRequest, LeaveGroupResponse } from '../../protocol/messages.ts';
import type { Coordinator } from '../coordinator.ts';
import { heartbeatConsumerGroup, leaveConsumerGroup } from '../migration/members.ts';
import { validateMember, type ClassicGroup, type ClassicMember } from './group.ts';
import { completeIfJoined, dropMember, maybeCompleteJoin, maybeRebalance, removePending, touch } from './rebalance.ts';

/** A heartbeat that is accepted is answered once all that was written before it is committed (Kafka CoordinatorRuntime); so is a leave. */
export function heartbeatClassic(c: Coordinator, request: Request, body: HeartbeatRequest, home: number): void {
  const answer = (error: number) => c.broker.reply(request, { throttleTimeMs: 0, errorCode: error }, error);
  const error = judge(c, body);
  if (error === 0 || error === ERR.REBALANCE_IN_PROGRESS) c.log.afterWrites(home, (failed) => answer(failed || error));
  else answer(error);
}

function judge(c: Coordinator, body: HeartbeatRequest): number {
  const group = c.groups.get(body.groupId);
  if (group?.type === 'consumer') return heartbeatConsumerGroup(c, body, group);
  if (group?.type !== 'classic') return ERR.UNKNOWN_MEMBER_ID;
  const error = validateMember(group, body.memberId, body.groupInstanceId);
  if (error !== 0) return error;
  if (body.generationId !== group.generation) return ERR.ILLEGAL_GENERATION;
  switch (group.state) {
    case 'PreparingRebalance':
      touch(c, group.members.get(body.memberId)!);
      return ERR.REBALANCE_IN_PROGRESS;
    case 'CompletingRebalance':
    case 'Stable':
      touch(c, group.members.get(body.memberId)!);
      return 0;
    case 'Empty':
      return ERR.UNKNOWN_MEMBER_ID;
    case 'Dead':
      return ERR.COORDINATOR_NOT_AVAILABLE;
  }
}

/** First version that names several members, and static ones by group.instance.id. */
const MANY_MEMBERS = 3;

export function leaveClassic(c: Coordinator, request: Request, body: LeaveGroupRequest, home: number): void {
  const many = request.message.apiVersion >= MANY_MEMBERS;
  const asked = many ? body.members : [{ memberId: body.memberId, groupInstanceId: null }];
  const answer = (failed: number, errors: readonly number[]) => {
    const members = asked.map(({ memberId, groupInstanceId }, i) => ({ memberId, groupInstanceId, errorCode: errors[i]! }));
    const response: LeaveGroupResponse = { throttleTimeMs: 0, errorCode: failed !== 0 ? failed : many ? 0 : (members[0]?.errorCode ?? 0), members: failed === 0 ? members : [] };
    c.broker.reply(request, response, failed || (members.find((m) => m.errorCode !== 0)?.errorCode ?? 0));
  };
  const any = c.groups.get(body.groupId);
  if (any?.type === 'consumer') return leaveConsumerGroup(c, any, asked, answer);
  const group = c.classicGroup(body.groupId);
  const errors = asked.map(({ memberId, groupInstanceId }) => (group ? leaveOne(c, group, memberId, groupInstanceId) : ERR.UNKNOWN_MEMBER_ID));
  if (group && errors.includes(0)) {
    if (group.state === 'PreparingRebalance') maybeCompleteJoin(c, group);
    else if (group.state !== 'Empty') maybeRebalance(c, group);
  }
  c.log.afterWrites(home, (failed) => answer(failed, errors));
}

function leaveOne(c: Coordinator, group: ClassicGroup, memberId: string, instanceId: string | null): number {
  if (memberId === '') {
    // An administrator removes a static member by its instance id alone.
    const id = instanceId === null ? undefined : group.staticMembers.get(instanceId);
    if (id === undefined) return ERR.UNKNOWN_MEMBER_ID;
    dropMember(c, group, group.members.get(id)!, 'left');
    return 0;
  }
  if (group.pending.has(memberId)) {
    removePending(c, group, memberId);
    return 0;
  }
  const error = validateMember(group, memberId, instanceId);
  if (error === 0) dropMember(c, group, group.members.get(memberId)!, 'left');
  return error;
}

/** A session has ended. Who waits in join or sync is alive, but for a new member: its join may not wait for ever. */
export function removeExpired(c: Coordinator, group: ClassicGroup, member: ClassicMember): void {
  if (group.state === 'Dead' || group.members.get(member.id) !== member) return;
  if (!member.isNew && (member.join !== null || member.sync !== null)) return;
  c.broker.kernel.cause = -1;
  dropMember(c, group, member, 'sessionExpired');
  if (group.state === 'PreparingRebalance') completeIfJoined(c, group);
  else maybeRebalance(c, group);
}
