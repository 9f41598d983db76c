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

export interface GroupRequests {
  DescribeGroups: DescribeGroupsRequest;
  ListGroups: ListGroupsRequest;
  DeleteGroups: DeleteGroupsRequest;
  OffsetDelete: OffsetDeleteRequest;
}
export interface GroupResponses {
  DescribeGroups: DescribeGroupsResponse;
  ListGroups: ListGroupsResponse;
  DeleteGroups: DeleteGroupsResponse;
  OffsetDelete: OffsetDeleteResponse;
}
