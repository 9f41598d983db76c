// Sessions of members, and the time they have to give partitions up (Kafka scheduleConsumerGroupSessionTimeout, scheduleConsumerGroupRebalanceTimeout).
import { groupMs } from '../../metadata/groupConfigs.ts';
import type { Coordinator } from '../coordinator.ts';
import type { ModernGroup } from './group.ts';

/** A member was heard of: its session begins again. */
export function touchMember(c: Coordinator, group: ModernGroup, id: string): void {
  const { image, config } = c.broker;
  c.deadlines.set(timersOf(c, group, id).session, groupMs(image, config, group.id, `${group.type}.session.timeout.ms`));
}

/** The rebalance timeout runs from when a member is told to give partitions up until it has. */
export function setRebalanceTimer(c: Coordinator, group: ModernGroup, id: string): void {
  const m = group.data.members.get(id)!;
  const { rebalance } = timersOf(c, group, id);
  if (m.state === 'UNREVOKED_PARTITIONS' && m.epoch >= 0) c.deadlines.set(rebalance, m.rebalanceTimeoutMs);
  else c.deadlines.clear(rebalance);
}

export function dropTimers(c: Coordinator, group: ModernGroup, id: string): void {
  const timers = group.timers.get(id);
  if (!timers) return;
  group.timers.delete(id);
  c.deadlines.drop(timers.session);
  c.deadlines.drop(timers.rebalance);
}

function timersOf(c: Coordinator, group: ModernGroup, id: string) {
  let timers = group.timers.get(id);
  if (!timers) {
    timers = {
      session: c.deadlines.make(() => c.memberExpired(group, id, 'sessionExpired')),
      rebalance: c.deadlines.make(() => c.memberExpired(group, id, 'rebalanceTimeout')),
    };
    group.timers.set(id, timers);
  }
  return timers;
}
