// SyncGroup, Heartbeat and LeaveGroup of the classic protocol to a consumer group. A heartbeat sends a member to join again when there is something
// to give up or to get (Kafka GroupMetadataManager.classicGroupSyncToConsumerGroup, classicGroupHeartbeatToConsumerGroup, classicGroupLeaveToConsumerGroup).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { HeartbeatRequest, SyncGroupRequest, SyncGroupResponse } from '../../protocol/messages.ts';
import { held, type Member, type ModernGroup } from '../modern/group.ts';
import { NOTHING, touches, without } from '../assignment.ts';
import { answerSync, NO_BYTES } from '../classic/answers.ts';
import type { Coordinator } from '../coordinator.ts';
import { fence } from '../modern/fence.ts';
import { awaitJoin, synced, touchMember } from '../modern/timers.ts';
import { assignmentBytes } from './embedded.ts';

export function syncConsumerGroup(c: Coordinator, request: Request, body: SyncGroupRequest, group: ModernGroup): void {
  const refuse = (error: number) => answerSync(c.broker, request, error, null, NO_BYTES);
  const found = classicMember(group, body.memberId, body.groupInstanceId);
  if (typeof found === 'number') return refuse(found);
  const { member, sessionTimeoutMs, protocols } = found;
  const { id } = member;
  if (body.generationId !== member.epoch) return refuse(ERR.ILLEGAL_GENERATION);
  const [{ name, metadata }] = protocols as [(typeof protocols)[number]];
  if ((body.protocolType !== null && body.protocolType !== 'consumer') || (body.protocolName !== null && body.protocolName !== name)) return refuse(ERR.INCONSISTENT_GROUP_PROTOCOL);
  // A member that is to give partitions up has joined already: it does that first.
  if (group.data.groupEpoch > member.epoch && member.state !== 'UNREVOKED_PARTITIONS') {
    awaitJoin(c, group, id);
    return refuse(ERR.REBALANCE_IN_PROGRESS);
  }
  c.log.afterWrites(group.home, (error) => {
    if (error !== 0) return refuse(error);
    if (c.groups.get(group.id) === group && group.data.members.has(id)) {
      synced(c, group, id);
      touchMember(c, group, id, sessionTimeoutMs);
    }
    const assignment = assignmentBytes(member.assigned, metadata, c.broker.image);
    if (!assignment) return refuse(ERR.UNKNOWN_SERVER_ERROR);
    const response: SyncGroupResponse = { throttleTimeMs: 0, errorCode: 0, protocolType: body.protocolType, protocolName: body.protocolName, assignment };
    c.broker.reply(request, response, 0);
  });
}

/** @returns 0, REBALANCE_IN_PROGRESS, or why it is not accepted. */
export function heartbeatConsumerGroup(c: Coordinator, body: HeartbeatRequest, group: ModernGroup): number {
  const found = classicMember(group, body.memberId, body.groupInstanceId);
  if (typeof found === 'number') return found;
  const { member, sessionTimeoutMs } = found;
  if (body.generationId !== member.epoch) return ERR.ILLEGAL_GENERATION;
  touchMember(c, group, member.id, sessionTimeoutMs);
  if (member.epoch >= group.data.groupEpoch && member.state !== 'UNREVOKED_PARTITIONS' && (member.state !== 'UNRELEASED_PARTITIONS' || waits(group, member))) return 0;
  awaitJoin(c, group, member.id);
  return ERR.REBALANCE_IN_PROGRESS;
}

/** Members of either protocol leave, all of them together. @param done takes an error for each as well. */
export function leaveConsumerGroup(
  c: Coordinator,
  group: ModernGroup,
  asked: readonly { memberId: string; groupInstanceId: string | null }[],
  done: (failed: number, errors: readonly number[]) => void,
): void {
  const going: string[] = [];
  const errors = asked.map(({ memberId, groupInstanceId }) => {
    // An administrator removes a static member by its instance id alone.
    const byInstance = groupInstanceId !== null && memberId === '';
    const found = memberOf(group, byInstance ? (group.data.staticMembers.get(groupInstanceId) ?? '') : memberId, groupInstanceId);
    if (typeof found === 'number') return found;
    going.push(found.id);
    return 0;
  });
  const settled = (failed: number) => done(failed, errors);
  if (going.length === 0) c.log.afterWrites(group.home, settled);
  else fence(c, group, going, 'left', settled);
}

/** Whether a partition that it is to get is still another's. */
function waits({ data }: ModernGroup, member: Member): boolean {
  return touches(without(data.target.get(member.id) ?? NOTHING, member.assigned), held(data.members.values()));
}

function memberOf({ data }: ModernGroup, memberId: string, instanceId: string | null): Member | number {
  if (instanceId === null) return data.members.get(memberId) ?? ERR.UNKNOWN_MEMBER_ID;
  const holder = data.staticMembers.get(instanceId);
  if (holder === undefined) return ERR.UNKNOWN_MEMBER_ID;
  return holder === memberId ? data.members.get(holder)! : ERR.FENCED_INSTANCE_ID;
}

function classicMember(group: ModernGroup, memberId: string, instanceId: string | null) {
  const member = memberOf(group, memberId, instanceId);
  if (typeof member === 'number') return member;
  return member.classic ? { member, ...member.classic } : ERR.UNKNOWN_MEMBER_ID;
}
