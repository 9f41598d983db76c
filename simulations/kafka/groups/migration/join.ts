// JoinGroup to a consumer group: a member of the classic protocol is subscribed and moved a step towards its target, as a heartbeat of the
// consumer protocol would (Kafka GroupMetadataManager.classicGroupJoinToConsumerGroup).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { JoinGroupRequest, JoinGroupResponse } from '../../protocol/messages.ts';
import { NOTHING } from '../assignment.ts';
import { refuseJoin } from '../classic/answers.ts';
import { metadataText, replace, type Refusal } from '../consumer/heartbeat.ts';
import { reconcile } from '../consumer/reconcile.ts';
import type { Coordinator } from '../coordinator.ts';
import { Draft, settle } from '../modern/draft.ts';
import { held, newMember, progressOf, sameProgress, type GroupData, type Member, type MemberMetadata, type ModernGroup } from '../modern/group.ts';
import { bumpIfChanged, target } from '../modern/target.ts';
import { awaitSync, touchMember } from '../modern/timers.ts';
import { downgradeReplacing, leavesClassicGroupTo } from './downgrade.ts';
import { subscriptionOf, type Subscription } from './embedded.ts';

/** From this version on a new dynamic member is sent back with its id. */
const KNOWN_MEMBER_ID = 4;

export function joinConsumerGroup(c: Coordinator, request: Request, body: JoinGroupRequest, group: ModernGroup): void {
  const { broker } = c;
  const refuse = (error: number, memberId = '') => refuseJoin(broker, request, error, memberId);
  const id = body.memberId === '' ? c.newUuid(request) : body.memberId;
  if (group.data.members.size >= broker.config.groupConsumerMaxSize && !group.data.members.has(id)) return refuse(ERR.GROUP_MAX_SIZE_REACHED);
  if (!supportsProtocols(group.data, body)) return refuse(ERR.INCONSISTENT_GROUP_PROTOCOL);
  if (body.memberId === '' && body.groupInstanceId === null && request.message.apiVersion >= KNOWN_MEMBER_ID) return refuse(ERR.MEMBER_ID_REQUIRED, id);
  const client = request.conn.client.name;
  const draft = new Draft(group);
  const found = memberOf(draft, body, id, client);
  if ('errorCode' in found) return refuse(found.errorCode);
  const subscription = subscriptionOf(body.protocols[0]!.metadata, broker.image);
  if (!subscription) return refuse(ERR.UNKNOWN_SERVER_ERROR);
  const said = saidBy(found, body, subscription, client, request.message.clientId);

  const { data } = draft;
  if (!data.members.has(id) || metadataText(said) !== metadataText(found)) draft.put({ type: 'member', id, metadata: said });
  const isNew = !group.data.members.has(id) && draft.replaced === null;
  const renamed = said.subscribedTopicNames.join() !== found.subscribedTopicNames.join();
  bumpIfChanged(draft, broker.image, renamed ? (isNew ? 'joined' : 'subscription') : null);
  target(draft, broker.image);
  const before = data.members.get(id)!;
  const after = reconcile({ member: before, targetEpoch: data.assignmentEpoch, target: data.target.get(id) ?? NOTHING, held: held(data.members.values()), owned: subscription.owned });
  if (!sameProgress(before, after)) draft.put({ type: 'progress', id, progress: progressOf(after) });

  const holderId = body.groupInstanceId === null ? undefined : group.data.staticMembers.get(body.groupInstanceId);
  const holder = holderId === undefined ? undefined : group.data.members.get(holderId);
  if (holder && leavesClassicGroupTo(c, group, holder)) {
    downgradeReplacing(c, group, holder, after, (error) => (error === 0 ? answer(c, request, after, body) : refuse(error)));
    return;
  }
  settle(c, draft, (error) => {
    if (error !== 0) return refuse(error);
    if (c.groups.get(group.id) === group && group.data.members.has(id)) {
      touchMember(c, group, id, body.sessionTimeoutMs);
      awaitSync(c, group, id, body.rebalanceTimeoutMs);
    }
    answer(c, request, after, body);
  });
}

/** There is no leader to assign: nobody is told who else is in the group. */
function answer(c: Coordinator, request: Request, member: Member, body: JoinGroupRequest): void {
  const response: JoinGroupResponse = {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: member.epoch,
    protocolType: 'consumer',
    protocolName: body.protocols[0]!.name,
    leader: '',
    skipAssignment: false,
    memberId: member.id,
    members: [],
  };
  c.broker.reply(request, response, 0);
}

/** Whether one of its protocols is known to every member that speaks the classic protocol. */
function supportsProtocols({ members }: GroupData, body: JoinGroupRequest): boolean {
  const classic = [...members.values()].flatMap((m) => m.classic ?? []);
  return body.protocolType === 'consumer' && body.protocols.some(({ name }) => classic.every((m) => m.protocols.some((p) => p.name === name)));
}

/** Unlike in a classic group, a dynamic member may bring an id that nobody has given it. */
function memberOf(draft: Draft, body: JoinGroupRequest, id: string, client: string): Member | Refusal {
  const { data } = draft;
  const { groupInstanceId } = body;
  if (groupInstanceId === null) return data.members.get(id) ?? newMember(id, client);
  const holderId = data.staticMembers.get(groupInstanceId);
  const holder = holderId === undefined ? undefined : data.members.get(holderId);
  if (body.memberId === '') return holder ? replace(draft, holder, id, client) : newMember(id, client);
  if (!holder) return { errorCode: ERR.UNKNOWN_MEMBER_ID, message: null };
  return holder.id === id ? holder : { errorCode: ERR.FENCED_INSTANCE_ID, message: null };
}

function saidBy(member: Member, body: JoinGroupRequest, subscription: Subscription, client: string, clientId: string): MemberMetadata {
  return {
    instanceId: body.groupInstanceId ?? member.instanceId,
    rackId: subscription.rackId ?? member.rackId,
    client,
    clientId,
    rebalanceTimeoutMs: body.rebalanceTimeoutMs === -1 ? member.rebalanceTimeoutMs : body.rebalanceTimeoutMs,
    subscribedTopicNames: subscription.topics,
    subscribedTopicRegex: member.subscribedTopicRegex,
    serverAssignor: member.serverAssignor,
    classic: { sessionTimeoutMs: body.sessionTimeoutMs, protocols: body.protocols },
  };
}
