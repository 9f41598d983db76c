// A classic group with members becomes a consumer group when a member of the consumer protocol joins it: its members stay, with the partitions
// they were assigned last (Kafka GroupMetadataManager.convertToConsumerGroup, ConsumerGroup.fromClassicGroup).
import { ERR } from '../../protocol/apiKeys.ts';
import { touches, NOTHING, together, type Assignment } from '../assignment.ts';
import { answerSync, NO_BYTES, refuseJoin } from '../classic/answers.ts';
import { metadataFor, type ClassicGroup, type ClassicMember } from '../classic/group.ts';
import type { GroupState } from '../classic/machine.ts';
import type { Refusal } from '../consumer/heartbeat.ts';
import type { Coordinator } from '../coordinator.ts';
import { apply, emptyData, type GroupChange, type MemberMetadata, type ModernGroup } from '../modern/group.ts';
import { assignmentOf, subscriptionOf } from './embedded.ts';

export interface Upgrade {
  /** Not registered yet, in the state the changes bring about. */
  readonly group: ModernGroup;
  readonly changes: readonly GroupChange[];
  /** State of the classic group. */
  readonly from: GroupState;
}

/** Those who wait in JoinGroup or SyncGroup are sent to join again, even where the upgrade then fails. */
export function upgrade(c: Coordinator, classic: ClassicGroup): Upgrade | Refusal {
  const refusal = refused(c, classic);
  if (refusal) return refusal;
  rejoinAll(c, classic);
  const members: { id: string; metadata: MemberMetadata; assigned: Assignment }[] = [];
  let held = NOTHING;
  for (const m of classic.members.values()) {
    const read = converted(c, classic, m);
    if ('errorCode' in read) return read;
    // Kafka keeps one owner for each partition, and an assignor that gave it to two fails the request.
    if (touches(held, read.assigned)) return { errorCode: ERR.UNKNOWN_SERVER_ERROR, message: null };
    held = together(held, read.assigned);
    members.push({ id: m.id, ...read });
  }
  const epoch = classic.generation;
  const changes: GroupChange[] = [
    ...members.map(({ id, metadata }): GroupChange => ({ type: 'member', id, metadata })),
    { type: 'epoch', epoch },
    ...members.map(({ id, assigned }): GroupChange => ({ type: 'target', id, partitions: assigned })),
    { type: 'assignmentEpoch', epoch },
    ...members.map(({ id, assigned }): GroupChange => ({ type: 'progress', id, progress: { epoch, previousEpoch: epoch, state: 'STABLE', assigned, pendingRevocation: NOTHING } })),
  ];
  const data = emptyData();
  for (const change of changes) apply(data, change);
  return { group: c.newModernGroup('consumer', classic.id, classic.home, classic.offsets, data), changes, from: classic.state };
}

function refused(c: Coordinator, classic: ClassicGroup): Refusal | null {
  const { groupConsumerMigrationPolicy: policy, groupConsumerMaxSize } = c.broker.config;
  const no = (why: string): Refusal => ({ errorCode: ERR.GROUP_ID_NOT_FOUND, message: `Group ${classic.id} stays a classic group: ${why}.` });
  if (policy !== 'bidirectional' && policy !== 'upgrade') return no(`group.consumer.migration.policy is ${policy}`);
  if (classic.protocolType !== 'consumer') return no(`its protocol type is ${classic.protocolType}`);
  if (classic.members.size > groupConsumerMaxSize) return no(`it has more than ${groupConsumerMaxSize} members`);
  return null;
}

function rejoinAll(c: Coordinator, classic: ClassicGroup): void {
  for (const m of classic.members.values()) {
    if (m.join) refuseJoin(c.broker, m.join, ERR.REBALANCE_IN_PROGRESS, m.id);
    if (m.sync) answerSync(c.broker, m.sync, ERR.REBALANCE_IN_PROGRESS, null, NO_BYTES);
    m.join = m.sync = null;
  }
}

function converted(c: Coordinator, classic: ClassicGroup, m: ClassicMember): { metadata: MemberMetadata; assigned: Assignment } | Refusal {
  const malformed: Refusal = { errorCode: ERR.GROUP_ID_NOT_FOUND, message: `Group ${classic.id} stays a classic group: what ${m.id} says in the consumer protocol cannot be read.` };
  const assignment = assignmentOf(m.assignment, c.broker.image);
  if (!assignment) return malformed;
  if (assignment.hasUserData) return { errorCode: ERR.GROUP_ID_NOT_FOUND, message: `Group ${classic.id} stays a classic group: its assignor gives members data of its own.` };
  // A group that has never completed a join has no protocol yet; Kafka fails on it.
  if (classic.protocolName === null) return { errorCode: ERR.UNKNOWN_SERVER_ERROR, message: null };
  const subscription = subscriptionOf(metadataFor(m, classic.protocolName), c.broker.image);
  if (!subscription) return malformed;
  const metadata: MemberMetadata = {
    instanceId: m.instanceId,
    rackId: subscription.rackId,
    client: m.client,
    clientId: m.clientId,
    rebalanceTimeoutMs: m.rebalanceTimeoutMs,
    subscribedTopicNames: subscription.topics,
    subscribedTopicRegex: '',
    serverAssignor: null,
    classic: { sessionTimeoutMs: m.sessionTimeoutMs, protocols: m.protocols },
  };
  return { metadata, assigned: assignment.partitions };
}
