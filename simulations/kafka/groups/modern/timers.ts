// Sessions of members, and the time they have to give partitions up or, with the classic protocol, to join and to sync
// (Kafka scheduleConsumerGroupSessionTimeout, scheduleConsumerGroupRebalanceTimeout, scheduleConsumerGroupJoinTimeoutIfAbsent, scheduleConsumerGroupSyncTimeout).
import { groupMs } from '../../metadata/groupConfigs.ts';
import type { Deadline } from '../../deadlines.ts';
import type { Coordinator } from '../coordinator.ts';
import type { Gone } from './draft.ts';
import type { ModernGroup } from './group.ts';

/** A member was heard of: its session begins again. @param ms of a member of the classic protocol: what it asked for. */
export function touchMember(c: Coordinator, group: ModernGroup, id: string, ms?: number): void {
  const { image, config } = c.broker;
  c.deadlines.set(timersOf(c, group, id).session, ms ?? groupMs(image, config, group.id, `${group.type}.session.timeout.ms`));
}

/** The rebalance timeout runs from when a member is told to give partitions up until it has. */
export function setRebalanceTimer(c: Coordinator, group: ModernGroup, id: string): void {
  const m = group.data.members.get(id)!;
  const { rebalance } = timersOf(c, group, id);
  if (m.state === 'UNREVOKED_PARTITIONS' && m.epoch >= 0) c.deadlines.set(rebalance, m.rebalanceTimeoutMs);
  else c.deadlines.clear(rebalance);
}

/** A member of the classic protocol was told to join again, and has its rebalance timeout for it. */
export function awaitJoin(c: Coordinator, group: ModernGroup, id: string): void {
  c.deadlines.setIfAbsent(classicTimersOf(c, group, id).join, group.data.members.get(id)!.rebalanceTimeoutMs);
}

/** It has joined, and has as long again for its SyncGroup. */
export function awaitSync(c: Coordinator, group: ModernGroup, id: string, rebalanceTimeoutMs: number): void {
  const { join, sync } = classicTimersOf(c, group, id);
  c.deadlines.clear(join);
  c.deadlines.set(sync, rebalanceTimeoutMs);
}

export function synced(c: Coordinator, group: ModernGroup, id: string): void {
  c.deadlines.clear(classicTimersOf(c, group, id).sync);
}

export function dropTimers(c: Coordinator, group: ModernGroup, id: string): void {
  const { session, rebalance } = group.timers.get(id) ?? {};
  const { join, sync } = group.classicTimers.get(id) ?? {};
  for (const deadline of [session, rebalance, join, sync]) if (deadline) c.deadlines.drop(deadline);
  group.timers.delete(id);
  group.classicTimers.delete(id);
}

function timersOf(c: Coordinator, group: ModernGroup, id: string) {
  let timers = group.timers.get(id);
  if (!timers) {
    timers = { session: expiry(c, group, id, 'sessionExpired'), rebalance: expiry(c, group, id, 'rebalanceTimeout') };
    group.timers.set(id, timers);
  }
  return timers;
}

function classicTimersOf(c: Coordinator, group: ModernGroup, id: string) {
  let timers = group.classicTimers.get(id);
  if (!timers) {
    timers = { join: expiry(c, group, id, 'rebalanceTimeout'), sync: expiry(c, group, id, 'syncTimeout') };
    group.classicTimers.set(id, timers);
  }
  return timers;
}

function expiry(c: Coordinator, group: ModernGroup, id: string, gone: Exclude<Gone, 'left'>): Deadline {
  const deadline = c.deadlines.make(() => c.memberExpired(group, id, gone, deadline));
  return deadline;
}
