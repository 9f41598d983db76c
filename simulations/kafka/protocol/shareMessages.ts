// Bodies of the APIs of share groups (KIP-932): Kafka's own fields (lowerCamelCase), as in messages.ts. Reading and writing of state is between brokers.
import type { RecordBatch } from './batch.ts';
import type { DescribedAssignment, TopicIdPartitions, AcknowledgementBatch } from './groupMessages.ts';
import type { CurrentLeader, NodeEndpoint } from './messages.ts';

export interface ShareGroupHeartbeatRequest {
  readonly groupId: string;
  readonly memberId: string;
  /** 0 joins, -1 leaves. */
  readonly memberEpoch: number;
  readonly rackId: string | null;
  /** null = as before. */
  readonly subscribedTopicNames: readonly string[] | null;
}
export interface ShareGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** null = as before. */
  readonly assignment: { readonly topicPartitions: readonly TopicIdPartitions[] } | null;
}

export interface ShareGroupDescribeRequest {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}
export interface ShareGroupDescribeResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly DescribedShareGroup[];
}
export interface DescribedShareGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignorName: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly rackId: string | null;
    readonly memberEpoch: number;
    readonly clientId: string;
    readonly clientHost: string;
    readonly subscribedTopicNames: readonly string[];
    readonly assignment: DescribedAssignment;
  }[];
  /** Bit field; -2147483648 = not asked for. */
  readonly authorizedOperations: number;
}

export interface ShareFetchRequest {
  readonly groupId: string | null;
  readonly memberId: string | null;
  /** 0 opens a session, -1 closes it. */
  readonly shareSessionEpoch: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly ShareFetchPartition[] }[];
  readonly forgottenTopicsData: readonly TopicIdPartitions[];
}
export interface ShareFetchPartition {
  readonly partitionIndex: number;
  /** 0 = only acknowledge. */
  readonly partitionMaxBytes: number;
  readonly acknowledgementBatches: readonly AcknowledgementBatch[];
}
export interface ShareFetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly { readonly topicId: string; readonly partitions: readonly ShareFetchPartitionResponse[] }[];
  readonly nodeEndpoints: readonly NodeEndpoint[];
}
export interface ShareFetchPartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly acknowledgeErrorCode: number;
  readonly acknowledgeErrorMessage: string | null;
  readonly currentLeader: CurrentLeader;
  readonly records: readonly RecordBatch[] | null;
  readonly acquiredRecords: readonly { readonly firstOffset: number; readonly lastOffset: number; readonly deliveryCount: number }[];
}

export interface ShareAcknowledgeRequest {
  readonly groupId: string | null;
  readonly memberId: string | null;
  readonly shareSessionEpoch: number;
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly { readonly partitionIndex: number; readonly acknowledgementBatches: readonly AcknowledgementBatch[] }[] }[];
}
export interface ShareAcknowledgeResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly {
    readonly topicId: string;
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number; readonly errorMessage: string | null; readonly currentLeader: CurrentLeader }[];
  }[];
  readonly nodeEndpoints: readonly NodeEndpoint[];
}

/** A run of records in one state: 0 available, 1 acquired, 2 acknowledged, 4 archived. */
interface StoredBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryState: number;
  readonly deliveryCount: number;
}

export interface ReadShareGroupStateRequest {
  readonly groupId: string;
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly { readonly partition: number; readonly leaderEpoch: number }[] }[];
}
export interface ReadShareGroupStateResponse {
  readonly results: readonly {
    readonly topicId: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly errorMessage: string | null;
      readonly stateEpoch: number;
      /** -1 = none is kept. */
      readonly startOffset: number;
      readonly stateBatches: readonly StoredBatch[];
    }[];
  }[];
}
export interface WriteShareGroupStateRequest {
  readonly groupId: string;
  readonly topics: readonly {
    readonly topicId: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly stateEpoch: number;
      readonly leaderEpoch: number;
      /** -1 = as before. */
      readonly startOffset: number;
      readonly stateBatches: readonly StoredBatch[];
    }[];
  }[];
}
export interface WriteShareGroupStateResponse {
  readonly results: readonly {
    readonly topicId: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly errorMessage: string | null }[];
  }[];
}

export interface ShareRequests {
  ShareGroupHeartbeat: ShareGroupHeartbeatRequest;
  ShareGroupDescribe: ShareGroupDescribeRequest;
  ShareFetch: ShareFetchRequest;
  ShareAcknowledge: ShareAcknowledgeRequest;
  ReadShareGroupState: ReadShareGroupStateRequest;
  WriteShareGroupState: WriteShareGroupStateRequest;
}
export interface ShareResponses {
  ShareGroupHeartbeat: ShareGroupHeartbeatResponse;
  ShareGroupDescribe: ShareGroupDescribeResponse;
  ShareFetch: ShareFetchResponse;
  ShareAcknowledge: ShareAcknowledgeResponse;
  ReadShareGroupState: ReadShareGroupStateResponse;
  WriteShareGroupState: WriteShareGroupStateResponse;
}
