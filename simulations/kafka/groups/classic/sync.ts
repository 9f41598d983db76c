// SyncGroup to a classic group: the leader's assignment is written down, then handed out (Kafka GroupMetadataManager.classicGroupSync).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { SyncGroupRequest } from '../../protocol/messages.ts';
import type { Coordinator } from '../coordinator.ts';
import { syncConsumerGroup } from '../migration/members.ts';
import { classicRecord } from '../store.ts';
import { answerSync, assignmentText, NO_BYTES } from './answers.ts';
import { validateMember, type ClassicGroup } from './group.ts';
import { change, maybeRebalance, resetAssignment, touch } from './rebalance.ts';

export function syncClassic(c: Coordinator, request: Request, body: SyncGroupRequest): void {
  const refuse = (error: number) => answerSync(c.broker, request, error, null, NO_BYTES);
  const any = c.groups.get(body.groupId);
  if (any?.type === 'consumer' && any.state !== 'Empty') return syncConsumerGroup(c, request, body, any);
  const group = c.classicGroup(body.groupId);
  if (!group || group.state === 'Empty') return refuse(ERR.UNKNOWN_MEMBER_ID);
  const error = validateMember(group, body.memberId, body.groupInstanceId);
  if (error !== 0) return refuse(error);
  if (body.generationId !== group.generation) return refuse(ERR.ILLEGAL_GENERATION);
  if (differs(body.protocolType, group.protocolType) || differs(body.protocolName, group.protocolName)) return refuse(ERR.INCONSISTENT_GROUP_PROTOCOL);
  const member = group.members.get(body.memberId)!;
  switch (group.state) {
    case 'PreparingRebalance':
      return refuse(ERR.REBALANCE_IN_PROGRESS);
    case 'CompletingRebalance':
      member.sync = request;
      synced(c, group, member.id);
      if (member.id === group.leader) assign(c, group, body);
      return;
    case 'Stable':
      synced(c, group, member.id);
      return answerSync(c.broker, request, 0, group, member.assignment);
    case 'Dead':
      return refuse(ERR.COORDINATOR_NOT_AVAILABLE);
  }
}

/** From version 5 a member says which protocol it speaks. */
function differs(said: string | null, is: string | null): boolean {
  return said !== null && is !== null && said !== is;
}

function synced(c: Coordinator, group: ClassicGroup, memberId: string): void {
  group.pendingSync.delete(memberId);
  if (group.pendingSync.size === 0) c.deadlines.clear(group.syncDeadline);
}

function assign(c: Coordinator, group: ClassicGroup, body: SyncGroupRequest): void {
  const { broker } = c;
  const { generation } = group;
  const given = new Map(body.assignments.map((a) => [a.memberId, a.assignment]));
  c.log.write(
    group.home,
    classicRecord(group, (m) => given.get(m.id) ?? NO_BYTES),
    (error) => {
      // Someone may have joined meanwhile: then another round is under way.
      if (group.state !== 'CompletingRebalance' || group.generation !== generation) return;
      if (error !== 0) {
        resetAssignment(c, group, error);
        maybeRebalance(c, group);
        return;
      }
      for (const m of group.members.values()) m.assignment = given.get(m.id) ?? NO_BYTES;
      change(c, group, 'assigned');
      const k = broker.kernel;
      const cause = k.cause;
      for (const m of group.members.values()) {
        k.cause = cause;
        k.trace.emit('group.assigned', broker.process.sym, k.cause, k.trace.sym(group.id), k.trace.sym(m.id), k.trace.sym(m.client), group.generation, k.trace.sym(assignmentText(m.assignment)));
        const { sync } = m;
        if (!sync) continue;
        m.sync = null;
        answerSync(broker, sync, 0, group, m.assignment);
        touch(c, m);
      }
    },
  );
}
