// What a member of a consumer group says in its heartbeats (Kafka ConsumerHeartbeatRequestManager, KIP-848).
import type { ProcessSpec } from '../../../contract/scenario.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import type { ConsumerGroupHeartbeatRequest } from '../../protocol/groupMessages.ts';
import type { Heartbeats } from './assignedMembership.ts';

const LEAVE = -1;
/** Static members leave for a while only. */
const LEAVE_STATIC = -2;

export function consumerHeartbeats(spec: ProcessSpec): Heartbeats {
  const instanceId = spec.groupInstanceId ?? null;
  const regex = spec.subscribedTopicRegex;
  return {
    api: KEY.ConsumerGroupHeartbeat,
    apiVersion: 1,
    // With auto-commit only the poll tells how far the application has come.
    inPoll: spec.enableAutoCommit,
    request: ({ memberId, epoch, owned, changed }): ConsumerGroupHeartbeatRequest => ({
      groupId: spec.group!,
      memberId,
      memberEpoch: epoch,
      instanceId,
      rackId: null,
      rebalanceTimeoutMs: changed('timeout', spec.rebalanceTimeoutMs) ?? -1,
      subscribedTopicNames: regex === undefined ? changed('names', [...spec.topics].sort()) : null,
      subscribedTopicRegex: regex === undefined ? null : changed('regex', regex),
      serverAssignor: spec.groupRemoteAssignor === undefined ? null : changed('assignor', spec.groupRemoteAssignor),
      topicPartitions: changed('owned', owned),
    }),
    leave: (memberId): ConsumerGroupHeartbeatRequest => ({
      groupId: spec.group!,
      memberId,
      memberEpoch: instanceId === null ? LEAVE : LEAVE_STATIC,
      instanceId,
      rackId: null,
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      topicPartitions: null,
    }),
  };
}
