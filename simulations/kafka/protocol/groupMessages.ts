// Bodies of the APIs of groups beyond joining and committing: Kafka's own fields (lowerCamelCase), as in messages.ts.

export interface DescribeGroupsRequest {
  readonly groups: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}
export interface DescribeGroupsResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly DescribedGroup[];
}
export interface DescribedGroup {
  readonly errorCode: number;
  /** From version 6. */
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly protocolType: string;
  /** Name of the assignor; '' unless the group is Stable. */
  readonly protocolData: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly clientId: string;
    readonly clientHost: string;
    readonly memberMetadata: Uint8Array;
    readonly memberAssignment: Uint8Array;
  }[];
  /** Bit field; -2147483648 = not asked for. */
  readonly authorizedOperations: number;
}

export interface ListGroupsRequest {
  /** Any spelling of case; empty = all. */
  readonly statesFilter: readonly string[];
  readonly typesFilter: readonly string[];
}
export interface ListGroupsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly groups: readonly { readonly groupId: string; readonly protocolType: string; readonly groupState: string; readonly groupType: string }[];
}

export interface DeleteGroupsRequest {
  readonly groupsNames: readonly string[];
}
export interface DeleteGroupsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly { readonly groupId: string; readonly errorCode: number }[];
}

export interface OffsetDeleteRequest {
  readonly groupId: string;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number }[] }[];
}
export interface OffsetDeleteResponse {
  readonly errorCode: number;
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[] }[];
}

/** Partitions of one topic, named by its id. */
export interface TopicIdPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export interface ConsumerGroupHeartbeatRequest {
  readonly groupId: string;
  /** '' before version 1 for the first request: the coordinator then makes one. */
  readonly memberId: string;
  /** 0 joins, -1 leaves, -2 leaves as a static member for a while. */
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** -1 = as before; so is null in the fields that follow. */
  readonly rebalanceTimeoutMs: number;
  readonly subscribedTopicNames: readonly string[] | null;
  /** From version 1. */
  readonly subscribedTopicRegex: string | null;
  readonly serverAssignor: string | null;
  /** What it owns. */
  readonly topicPartitions: readonly TopicIdPartitions[] | null;
}
export interface ConsumerGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  /** null = as before. */
  readonly assignment: { readonly topicPartitions: readonly TopicIdPartitions[] } | null;
}

export interface ConsumerGroupDescribeRequest {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}
export interface ConsumerGroupDescribeResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly DescribedConsumerGroup[];
}
export interface DescribedConsumerGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignorName: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly rackId: string | null;
    readonly memberEpoch: number;
    readonly clientId: string;
    readonly clientHost: string;
    readonly subscribedTopicNames: readonly string[];
    readonly subscribedTopicRegex: string | null;
    readonly assignment: DescribedAssignment;
    readonly targetAssignment: DescribedAssignment;
    /** From version 1: 1 = of the consumer protocol. */
    readonly memberType: number;
  }[];
  /** Bit field; -2147483648 = not asked for. */
  readonly authorizedOperations: number;
}
export interface DescribedAssignment {
  readonly topicPartitions: readonly { readonly topicId: string; readonly topicName: string; readonly partitions: readonly number[] }[];
}

/** What a member of a share group says of a run of records: one type for all, or one for each. 0 none at this offset, 1 accept, 2 release, 3 reject. */
export interface AcknowledgementBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly acknowledgeTypes: readonly number[];
}

export interface GroupRequests {
  ConsumerGroupHeartbeat: ConsumerGroupHeartbeatRequest;
  ConsumerGroupDescribe: ConsumerGroupDescribeRequest;
  DescribeGroups: DescribeGroupsRequest;
  ListGroups: ListGroupsRequest;
  DeleteGroups: DeleteGroupsRequest;
  OffsetDelete: OffsetDeleteRequest;
}
export interface GroupResponses {
  ConsumerGroupHeartbeat: ConsumerGroupHeartbeatResponse;
  ConsumerGroupDescribe: ConsumerGroupDescribeResponse;
  DescribeGroups: DescribeGroupsResponse;
  ListGroups: ListGroupsResponse;
  DeleteGroups: DeleteGroupsResponse;
  OffsetDelete: OffsetDeleteResponse;
}
