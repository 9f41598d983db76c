// Rebalances of a classic group: who is waited for, how long, and the next generation (Kafka GroupMetadataManager.prepareRebalance,
// completeClassicGroupJoin).
import { ERR } from '../../protocol/apiKeys.ts';
import type { Coordinator } from '../coordinator.ts';
import { classicRecord } from '../store.ts';
import { answerJoin, answerSync, NO_BYTES, refuseJoin } from './answers.ts';
import { chooseProtocol, hasAllMembersJoined, rebalanceTimeoutMs, step, subscribedTopics, type ClassicGroup, type ClassicMember } from './group.ts';
import type { GroupEvent } from './machine.ts';

export type LeaveReason = 'left' | 'sessionExpired' | 'rebalanceTimeout' | 'syncTimeout' | 'groupFull';

export function change(c: Coordinator, group: ClassicGroup, event: GroupEvent): void {
  const from = step(group, event);
  if (from === null) return;
  const k = c.broker.kernel;
  k.cause = k.trace.emit('group.stateChanged', c.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(from), k.trace.sym(group.state), group.generation, group.members.size);
}

/** A member was heard of: its session begins again. */
export function touch(c: Coordinator, member: ClassicMember, timeoutMs = member.sessionTimeoutMs): void {
  c.deadlines.set(member.session, timeoutMs);
}

/** Starts a rebalance where one may start, else completes the join if everyone is in. */
export function maybeRebalance(c: Coordinator, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance' || group.state === 'Dead') maybeCompleteJoin(c, group);
  else prepareRebalance(c, group);
}

export function prepareRebalance(c: Coordinator, group: ClassicGroup): void {
  if (group.state === 'CompletingRebalance') resetAssignment(c, group, ERR.REBALANCE_IN_PROGRESS);
  group.pendingSync.clear();
  c.deadlines.clear(group.syncDeadline);
  const first = group.state === 'Empty';
  change(c, group, 'rebalance');
  if (first) {
    // A new group waits a little, so that members that start together find each other.
    const delayMs = c.broker.config.groupInitialRebalanceDelayMs;
    group.newMemberAdded = false;
    group.initialDelayMs = delayMs;
    group.initialRemainingMs = Math.max(rebalanceTimeoutMs(group) - delayMs, 0);
    c.deadlines.set(group.joinDeadline, delayMs);
  } else if (hasAllMembersJoined(group)) completeJoin(c, group);
  else c.deadlines.set(group.joinDeadline, rebalanceTimeoutMs(group));
}

/** Takes the assignment of a generation back and answers those who wait for it. */
export function resetAssignment(c: Coordinator, group: ClassicGroup, error: number): void {
  for (const m of group.members.values()) {
    m.assignment = NO_BYTES;
    const { sync } = m;
    if (!sync) continue;
    m.sync = null;
    answerSync(c.broker, sync, error, group, NO_BYTES);
    touch(c, m);
  }
}

export function maybeCompleteJoin(c: Coordinator, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.previousState === 'Empty') return;
  if (hasAllMembersJoined(group)) completeJoin(c, group);
}

/** As above, but even in the first rebalance: Kafka does so when a session ends. */
export function completeIfJoined(c: Coordinator, group: ClassicGroup): void {
  if (group.state === 'PreparingRebalance' && hasAllMembersJoined(group)) completeJoin(c, group);
}

/** The time for joining is over. The first rebalance of a group is extended once for each span in which someone new came, up to the rebalance timeout. */
export function joinExpired(c: Coordinator, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance') return;
  if (group.previousState === 'Empty' && group.newMemberAdded && group.initialRemainingMs > 0) {
    group.newMemberAdded = false;
    const delayMs = Math.min(c.broker.config.groupInitialRebalanceDelayMs, group.initialRemainingMs);
    group.initialRemainingMs = Math.max(group.initialRemainingMs - group.initialDelayMs, 0);
    group.initialDelayMs = delayMs;
    c.deadlines.set(group.joinDeadline, delayMs);
    return;
  }
  completeJoin(c, group);
}

function completeJoin(c: Coordinator, group: ClassicGroup): void {
  const { broker } = c;
  const k = broker.kernel;
  c.deadlines.clear(group.joinDeadline);
  // Static members may stay away for as long as their session lasts.
  for (const m of [...group.members.values()]) if (!m.join && m.instanceId === null) dropMember(c, group, m, 'rebalanceTimeout');
  if (!electLeader(group) && group.members.size > 0) {
    // Nobody has rejoined: the phase is armed again.
    c.deadlines.set(group.joinDeadline, rebalanceTimeoutMs(group));
    return;
  }
  group.generation++;
  group.pendingSync.clear();
  if (group.members.size === 0) {
    group.protocolName = null;
    group.subscribed = subscribedTopics(group);
    change(c, group, 'emptied');
    c.log.write(group.home, classicRecord(group), () => {});
    return;
  }
  group.protocolName = chooseProtocol(group);
  group.subscribed = subscribedTopics(group);
  change(c, group, 'joined');
  const cause = k.cause;
  for (const m of group.members.values()) {
    k.cause = cause;
    const request = m.join;
    m.join = null;
    if (request) answerJoin(broker, request, group, m.id, { withMembers: m.id === group.leader });
    touch(c, m);
    m.isNew = false;
    group.pendingSync.add(m.id);
  }
  k.cause = cause;
  c.deadlines.set(group.syncDeadline, rebalanceTimeoutMs(group));
}

/** The leader stays if it has rejoined; else the first member that has. @returns false when nobody has. */
function electLeader(group: ClassicGroup): boolean {
  if (group.leader === null) return false;
  if (group.members.get(group.leader)!.join) return true;
  for (const m of group.members.values()) {
    if (!m.join) continue;
    group.leader = m.id;
    return true;
  }
  return false;
}

/** The time for SyncGroup is over: who has not sent it is no member any more. */
export function syncExpired(c: Coordinator, group: ClassicGroup): void {
  if ((group.state !== 'CompletingRebalance' && group.state !== 'Stable') || group.pendingSync.size === 0) return;
  for (const id of [...group.pendingSync]) {
    // A static member that was replaced meanwhile is waited for under its old id.
    const member = group.members.get(id);
    if (member) dropMember(c, group, member, 'syncTimeout');
  }
  prepareRebalance(c, group);
}

/** Takes a member out of the group and answers its parked join; what follows for the group is the caller's. */
export function dropMember(c: Coordinator, group: ClassicGroup, member: ClassicMember, reason: LeaveReason): void {
  const k = c.broker.kernel;
  group.members.delete(member.id);
  if (member.instanceId !== null && group.staticMembers.get(member.instanceId) === member.id) group.staticMembers.delete(member.instanceId);
  group.pendingSync.delete(member.id);
  if (group.leader === member.id) group.leader = [...group.members.keys()][0] ?? null;
  c.deadlines.drop(member.session);
  k.cause = k.trace.emit('group.memberLeft', c.broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(member.id), k.trace.sym(member.client), k.trace.sym(reason));
  if (member.join) refuseJoin(c.broker, member.join, ERR.UNKNOWN_MEMBER_ID, '');
  member.join = null;
}

export function removePending(c: Coordinator, group: ClassicGroup, id: string): void {
  const deadline = group.pending.get(id);
  if (!deadline) return;
  group.pending.delete(id);
  c.deadlines.drop(deadline);
}
