// JoinGroup to a classic group: new members, members that come back, static members that are replaced (Kafka GroupMetadataManager.classicGroupJoin).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { JoinGroupRequest } from '../../protocol/messages.ts';
import type { Coordinator } from '../coordinator.ts';
import { answerJoin, answerSync, NO_BYTES, refuseJoin } from './answers.ts';
import { chooseProtocol, sameProtocols, supportsProtocols, validateMember, type ClassicGroup, type ClassicMember } from './group.ts';
import { completeIfJoined, dropMember, maybeCompleteJoin, maybeRebalance, prepareRebalance, removePending, touch } from './rebalance.ts';
import { joinConsumerGroup } from '../migration/join.ts';
import { tellBegun } from '../modern/draft.ts';
import { removeExpired } from './membership.ts';
import { classicRecord, newGroupRecord } from '../store.ts';

/** group.new.member.join.timeout.ms of Kafka's coordinator: how long the first join of a member may wait. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;
/** From these versions on a new dynamic member is sent back with its id, and a leader may be told to assign nothing. */
const KNOWN_MEMBER_ID = 4;
const SKIP_ASSIGNMENT = 9;

export function joinClassic(c: Coordinator, request: Request, body: JoinGroupRequest, home: number): void {
  const { config } = c.broker;
  if (body.sessionTimeoutMs < config.groupMinSessionTimeoutMs || body.sessionTimeoutMs > config.groupMaxSessionTimeoutMs) {
    return refuseJoin(c.broker, request, ERR.INVALID_SESSION_TIMEOUT, body.memberId);
  }
  const unknown = body.memberId === '';
  const other = c.groups.get(body.groupId);
  if (other?.type === 'share') return refuseJoin(c.broker, request, ERR.INCONSISTENT_GROUP_PROTOCOL, '');
  if (other?.type === 'consumer' && other.state !== 'Empty') return joinConsumerGroup(c, request, body, other);
  const known = c.classicGroup(body.groupId);
  if (!known && !unknown) return refuseJoin(c.broker, request, ERR.UNKNOWN_MEMBER_ID, body.memberId);
  const group = known ?? c.newClassicGroup(body.groupId, home, other?.offsets);
  if (!known && other) tellBegun(c, body.groupId, 'classic');
  if (!accepts(c, group, body.memberId)) {
    const member = group.members.get(body.memberId);
    if (member) dropMember(c, group, member, 'groupFull');
    refuseJoin(c.broker, request, ERR.GROUP_MAX_SIZE_REACHED, '');
  } else if (unknown) joinNew(c, request, body, group);
  else joinKnown(c, request, body, group);
  if (!known) keepNew(c, group);
}

/** A new group is written at once, still empty; one that cannot be written is forgotten again. */
function keepNew(c: Coordinator, group: ClassicGroup): void {
  const k = c.broker.kernel;
  const { cause } = k;
  c.log.write(group.home, newGroupRecord(group), (error) => {
    if (error === 0 || c.groups.get(group.id) !== group) return;
    for (const m of group.members.values()) if (m.join) refuseJoin(c.broker, m.join, error, '');
    c.forget(group);
  });
  k.cause = cause;
}

/** Whether the group has room (group.max.size). While it is rebalancing those count who wait: the last to come back may find it full. */
function accepts(c: Coordinator, group: ClassicGroup, memberId: string): boolean {
  const most = c.broker.config.groupMaxSize;
  switch (group.state) {
    case 'Empty':
    case 'Dead':
      return true;
    case 'PreparingRebalance': {
      if (group.members.get(memberId)?.join) return true;
      let waiting = 0;
      for (const m of group.members.values()) if (m.join) waiting++;
      return waiting < most;
    }
    case 'CompletingRebalance':
    case 'Stable':
      return group.members.has(memberId) || group.members.size < most;
  }
}

function joinNew(c: Coordinator, request: Request, body: JoinGroupRequest, group: ClassicGroup): void {
  if (!supportsProtocols(group, body.protocolType, body.protocols)) return refuseJoin(c.broker, request, ERR.INCONSISTENT_GROUP_PROTOCOL, '');
  const instanceId = body.groupInstanceId;
  const id = c.newMemberId(request, instanceId ?? request.message.clientId);
  if (instanceId !== null) {
    const existing = group.staticMembers.get(instanceId);
    if (existing === undefined) addMember(c, group, id, request, body);
    else replaceStatic(c, group, group.members.get(existing)!, id, request, body);
    return;
  }
  if (request.message.apiVersion < KNOWN_MEMBER_ID) {
    addMember(c, group, id, request, body);
    return;
  }
  const deadline = c.deadlines.make(() => {
    c.broker.kernel.cause = -1;
    removePending(c, group, id);
    completeIfJoined(c, group);
  });
  c.deadlines.set(deadline, body.sessionTimeoutMs);
  group.pending.set(id, deadline);
  refuseJoin(c.broker, request, ERR.MEMBER_ID_REQUIRED, id);
}

function joinKnown(c: Coordinator, request: Request, body: JoinGroupRequest, group: ClassicGroup): void {
  const refuse = (error: number) => refuseJoin(c.broker, request, error, body.memberId);
  if (!supportsProtocols(group, body.protocolType, body.protocols)) return refuse(ERR.INCONSISTENT_GROUP_PROTOCOL);
  if (group.pending.has(body.memberId)) {
    // Only dynamic members are sent back for an id; one that now calls itself static is not who was sent.
    if (body.groupInstanceId !== null) return refuse(ERR.UNKNOWN_SERVER_ERROR);
    removePending(c, group, body.memberId);
    addMember(c, group, body.memberId, request, body);
    return;
  }
  const error = validateMember(group, body.memberId, body.groupInstanceId);
  if (error !== 0) return refuse(error);
  const member = group.members.get(body.memberId)!;
  const unchanged = sameProtocols(member.protocols, body.protocols);
  switch (group.state) {
    case 'PreparingRebalance':
      return update(c, group, member, request, body);
    case 'CompletingRebalance':
      // It may have missed the answer to its join: the same again.
      if (unchanged) return answerJoin(c.broker, request, group, member.id, { withMembers: member.id === group.leader });
      return update(c, group, member, request, body);
    case 'Stable':
      // The leader asks for a rebalance by joining, as when it learns of new partitions; a follower only by a change of its own.
      if (unchanged && member.id !== group.leader) return answerJoin(c.broker, request, group, member.id, { withMembers: false });
      return update(c, group, member, request, body);
    case 'Empty':
    case 'Dead':
      return refuse(ERR.UNKNOWN_MEMBER_ID);
  }
}

function update(c: Coordinator, group: ClassicGroup, member: ClassicMember, request: Request, body: JoinGroupRequest): void {
  adopt(member, request, body);
  maybeRebalance(c, group);
}

/** Takes over what a join says. An older join of the same member gets no answer any more. */
function adopt(member: ClassicMember, request: Request, body: JoinGroupRequest): void {
  member.protocols = body.protocols;
  member.sessionTimeoutMs = body.sessionTimeoutMs;
  member.rebalanceTimeoutMs = rebalanceTimeoutOf(body);
  member.join = request;
}

/** Version 0 says none: the session timeout then serves. */
function rebalanceTimeoutOf(body: JoinGroupRequest): number {
  return body.rebalanceTimeoutMs >= 0 ? body.rebalanceTimeoutMs : body.sessionTimeoutMs;
}

function addMember(c: Coordinator, group: ClassicGroup, id: string, request: Request, body: JoinGroupRequest): void {
  const k = c.broker.kernel;
  const member: ClassicMember = {
    id,
    instanceId: body.groupInstanceId,
    client: request.conn.client.name,
    clientId: request.message.clientId,
    sessionTimeoutMs: body.sessionTimeoutMs,
    rebalanceTimeoutMs: rebalanceTimeoutOf(body),
    protocols: body.protocols,
    assignment: NO_BYTES,
    join: request,
    sync: null,
    isNew: true,
    session: c.deadlines.make(() => removeExpired(c, group, member)),
  };
  if (group.state === 'PreparingRebalance' && group.previousState === 'Empty') group.newMemberAdded = true;
  if (group.members.size === 0) group.protocolType = body.protocolType;
  group.members.set(id, member);
  if (member.instanceId !== null) group.staticMembers.set(member.instanceId, id);
  group.leader ??= id;
  k.cause = k.trace.emit('group.memberJoined', c.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(id), k.trace.sym(member.client));
  touch(c, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
  maybeRebalance(c, group);
}

/** The same group.instance.id under a new member id: the old one is fenced, its place and assignment are kept. */
function replaceStatic(c: Coordinator, group: ClassicGroup, old: ClassicMember, id: string, request: Request, body: JoinGroupRequest): void {
  const { broker } = c;
  const k = broker.kernel;
  const leaderBefore = group.leader;
  const member = takeOver(c, group, old, id, request.conn.client.name);
  if (old.join) refuseJoin(broker, old.join, ERR.FENCED_INSTANCE_ID, old.id);
  if (old.sync) answerSync(broker, old.sync, ERR.FENCED_INSTANCE_ID, null, NO_BYTES);
  old.join = old.sync = null;
  k.cause = k.trace.emit('group.memberReplaced', broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(member.instanceId!), k.trace.sym(id), k.trace.sym(old.id), k.trace.sym(member.client));
  touch(c, member);
  const before = { protocols: member.protocols, sessionTimeoutMs: member.sessionTimeoutMs, rebalanceTimeoutMs: member.rebalanceTimeoutMs };
  adopt(member, request, body);
  if (group.state === 'CompletingRebalance') {
    // The leader may be assigning to the old id right now.
    prepareRebalance(c, group);
    return;
  }
  if (group.state !== 'Stable') {
    maybeCompleteJoin(c, group);
    return;
  }
  if (chooseProtocol(group) !== group.protocolName) {
    maybeRebalance(c, group);
    return;
  }
  c.log.write(group.home, classicRecord(group), (error) => {
    if (group.members.get(id) !== member || member.join !== request) return;
    if (error !== 0) {
      Object.assign(member, before, { join: null });
      touch(c, takeOver(c, group, member, old.id, old.client));
      refuseJoin(broker, request, error, '');
      return;
    }
    member.join = null;
    if (request.message.apiVersion >= SKIP_ASSIGNMENT) {
      const leads = group.leader === id;
      answerJoin(broker, request, group, id, { withMembers: leads, skipAssignment: leads });
      // Before version 9 the leader is named by its old id, so that the new one does not think it has to assign.
    } else answerJoin(broker, request, group, id, { withMembers: false, leader: leaderBefore });
  });
}

/** Puts a member under another id in the place of the old one. */
function takeOver(c: Coordinator, group: ClassicGroup, old: ClassicMember, id: string, client: string): ClassicMember {
  const member: ClassicMember = { ...old, id, client, join: null, sync: null, isNew: false, session: c.deadlines.make(() => removeExpired(c, group, member)) };
  c.deadlines.drop(old.session);
  group.members = new Map([...group.members.values()].map((m) => (m === old ? [id, member] : [m.id, m])));
  group.staticMembers.set(old.instanceId!, id);
  if (group.leader === old.id) group.leader = id;
  return member;
}
