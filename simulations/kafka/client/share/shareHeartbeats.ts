// What a member of a share group says in its heartbeats (Kafka ShareHeartbeatRequestManager, KIP-932).
import type { ProcessSpec } from '../../../contract/scenario.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import type { ShareGroupHeartbeatRequest } from '../../protocol/shareMessages.ts';
import type { Heartbeats } from '../consumer/assignedMembership.ts';

const LEAVE = -1;

export function shareHeartbeats(spec: ProcessSpec): Heartbeats {
  return {
    api: KEY.ShareGroupHeartbeat,
    apiVersion: 0,
    // Partitions are shared: nothing has to be committed before they are given up.
    inPoll: false,
    request: ({ memberId, epoch, changed }): ShareGroupHeartbeatRequest => ({
      groupId: spec.group!,
      memberId,
      memberEpoch: epoch,
      rackId: null,
      subscribedTopicNames: changed('names', [...spec.topics].sort()),
    }),
    leave: (memberId): ShareGroupHeartbeatRequest => ({ groupId: spec.group!, memberId, memberEpoch: LEAVE, rackId: null, subscribedTopicNames: null }),
  };
}
