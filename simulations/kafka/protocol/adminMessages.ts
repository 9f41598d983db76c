// Bodies of the requests that administer a cluster: topics, settings, replicas, brokers. As in messages.ts, Kafka's own fields.

/** Numbers of Kafka's config resource types. */
export const RESOURCE = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;
/** Numbers of the operations of IncrementalAlterConfigs. */
export const OPERATION = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

export interface DeleteTopicsRequest {
  /** Version 6; [] before. */
  readonly topics: readonly { readonly name: string | null; readonly topicId: string }[];
  /** Versions 1 to 5; [] in version 6. */
  readonly topicNames: readonly string[];
  readonly timeoutMs: number;
}
export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly { readonly name: string | null; readonly topicId: string; readonly errorCode: number; readonly errorMessage: string | null }[];
}

export interface CreatePartitionsRequest {
  readonly topics: readonly {
    readonly name: string;
    /** Partitions that the topic shall have in all. */
    readonly count: number;
    /** Replicas of each new partition; null = the controller places them. */
    readonly assignments: readonly { readonly brokerIds: readonly number[] }[] | null;
  }[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}
export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly { readonly name: string; readonly errorCode: number; readonly errorMessage: string | null }[];
}

export interface DescribeConfigsRequest {
  readonly resources: readonly {
    readonly resourceType: number;
    readonly resourceName: string;
    /** null = all. */
    readonly configurationKeys: readonly string[] | null;
  }[];
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}
export interface DescribeConfigsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly DescribeConfigsResult[];
}
export interface DescribeConfigsResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly DescribedConfig[];
}
export interface DescribedConfig {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  /** 1 topic, 2 one broker, 3 all brokers, 4 configuration file, 5 Kafka's default, 6 log level, 8 group. */
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: number }[];
  readonly configType: number;
  readonly documentation: string | null;
}

export interface AlterConfigsRequest {
  readonly resources: readonly { readonly resourceType: number; readonly resourceName: string; readonly configs: readonly { readonly name: string; readonly value: string | null }[] }[];
  readonly validateOnly: boolean;
}
export interface IncrementalAlterConfigsRequest {
  readonly resources: readonly {
    readonly resourceType: number;
    readonly resourceName: string;
    readonly configs: readonly { readonly name: string; readonly configOperation: number; readonly value: string | null }[];
  }[];
  readonly validateOnly: boolean;
}
/** Also that of IncrementalAlterConfigs. */
export interface AlterConfigsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly { readonly errorCode: number; readonly errorMessage: string | null; readonly resourceType: number; readonly resourceName: string }[];
}

export interface DescribeClusterRequest {
  readonly includeClusterAuthorizedOperations: boolean;
  /** 1 brokers, 2 controllers. */
  readonly endpointType: number;
  readonly includeFencedBrokers: boolean;
}
export interface DescribeClusterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly endpointType: number;
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly { readonly brokerId: number; readonly host: string; readonly port: number; readonly rack: string | null; readonly isFenced: boolean }[];
  readonly clusterAuthorizedOperations: number;
}

export interface ElectLeadersRequest {
  /** 0 preferred, 1 unclean. */
  readonly electionType: number;
  /** null = all partitions. */
  readonly topicPartitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null;
  readonly timeoutMs: number;
}
export interface ElectLeadersResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly replicaElectionResults: readonly {
    readonly topic: string;
    readonly partitionResult: readonly { readonly partitionId: number; readonly errorCode: number; readonly errorMessage: string | null }[];
  }[];
}

export interface AlterPartitionReassignmentsRequest {
  readonly timeoutMs: number;
  readonly topics: readonly {
    readonly name: string;
    /** `replicas` null cancels what is under way. */
    readonly partitions: readonly { readonly partitionIndex: number; readonly replicas: readonly number[] | null }[];
  }[];
}
export interface AlterPartitionReassignmentsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly responses: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number; readonly errorMessage: string | null }[] }[];
}

export interface ListPartitionReassignmentsRequest {
  readonly timeoutMs: number;
  /** null = all topics. */
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null;
}
export interface ListPartitionReassignmentsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly replicas: readonly number[];
      readonly addingReplicas: readonly number[];
      readonly removingReplicas: readonly number[];
    }[];
  }[];
}

export interface DescribeTopicPartitionsRequest {
  /** [] = all topics. */
  readonly topics: readonly { readonly name: string }[];
  readonly responsePartitionLimit: number;
  readonly cursor: { readonly topicName: string; readonly partitionIndex: number } | null;
}
export interface DescribeTopicPartitionsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly DescribedTopic[];
  readonly nextCursor: { readonly topicName: string; readonly partitionIndex: number } | null;
}
export interface DescribedTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly {
    readonly errorCode: number;
    readonly partitionIndex: number;
    readonly leaderId: number;
    readonly leaderEpoch: number;
    readonly replicaNodes: readonly number[];
    readonly isrNodes: readonly number[];
    readonly eligibleLeaderReplicas: readonly number[] | null;
    readonly lastKnownElr: readonly number[] | null;
    readonly offlineReplicas: readonly number[];
  }[];
  readonly topicAuthorizedOperations: number;
}

export interface DescribeQuorumRequest {
  readonly topics: readonly { readonly topicName: string; readonly partitions: readonly { readonly partitionIndex: number }[] }[];
}
export interface DescribeQuorumResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly errorCode: number;
      readonly errorMessage: string | null;
      readonly leaderId: number;
      readonly leaderEpoch: number;
      readonly highWatermark: number;
      readonly currentVoters: readonly QuorumReplica[];
      readonly observers: readonly QuorumReplica[];
    }[];
  }[];
  /** Version 2: the voters. */
  readonly nodes: readonly { readonly nodeId: number; readonly listeners: readonly { readonly name: string; readonly host: string; readonly port: number }[] }[];
}
export interface QuorumReplica {
  readonly replicaId: number;
  readonly replicaDirectoryId: string;
  readonly logEndOffset: number;
  /** Milliseconds since 1970 by the leader's clock, as the next; -1 = never. */
  readonly lastFetchTimestamp: number;
  readonly lastCaughtUpTimestamp: number;
}

export interface UnregisterBrokerRequest {
  readonly brokerId: number;
}
export interface UnregisterBrokerResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Bodies by API name; messages.ts takes them into its own. */
/** What an administrator asks of access control lists; of no interest where there is no authorizer. */
export interface CreateAclsRequest {
  readonly creations: readonly unknown[];
}
export interface DeleteAclsRequest {
  readonly filters: readonly unknown[];
}
export interface Refused {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}
export interface DescribeAclsResponse extends Refused {
  readonly throttleTimeMs: number;
  readonly resources: readonly never[];
}
export interface CreateAclsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly Refused[];
}
export interface DeleteAclsResponse {
  readonly throttleTimeMs: number;
  readonly filterResults: readonly (Refused & { readonly matchingAcls: readonly never[] })[];
}

export interface DescribeLogDirsRequest {
  /** null = every partition. */
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[] | null;
}
export interface DescribeLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly results: readonly {
    readonly errorCode: number;
    readonly logDir: string;
    readonly topics: readonly {
      readonly name: string;
      readonly partitions: readonly { readonly partitionIndex: number; readonly partitionSize: number; readonly offsetLag: number; readonly isFutureKey: boolean }[];
    }[];
    /** Of the volume; -1 = not known. */
    readonly totalBytes: number;
    readonly usableBytes: number;
  }[];
}

export interface AdminRequests {
  DescribeAcls: Readonly<Record<string, unknown>>;
  CreateAcls: CreateAclsRequest;
  DeleteAcls: DeleteAclsRequest;
  DescribeLogDirs: DescribeLogDirsRequest;
  DeleteTopics: DeleteTopicsRequest;
  CreatePartitions: CreatePartitionsRequest;
  DescribeConfigs: DescribeConfigsRequest;
  AlterConfigs: AlterConfigsRequest;
  IncrementalAlterConfigs: IncrementalAlterConfigsRequest;
  DescribeCluster: DescribeClusterRequest;
  ElectLeaders: ElectLeadersRequest;
  AlterPartitionReassignments: AlterPartitionReassignmentsRequest;
  ListPartitionReassignments: ListPartitionReassignmentsRequest;
  DescribeTopicPartitions: DescribeTopicPartitionsRequest;
  UnregisterBroker: UnregisterBrokerRequest;
  DescribeQuorum: DescribeQuorumRequest;
}
export interface AdminResponses {
  DescribeAcls: DescribeAclsResponse;
  CreateAcls: CreateAclsResponse;
  DeleteAcls: DeleteAclsResponse;
  DescribeLogDirs: DescribeLogDirsResponse;
  DeleteTopics: DeleteTopicsResponse;
  CreatePartitions: CreatePartitionsResponse;
  DescribeConfigs: DescribeConfigsResponse;
  AlterConfigs: AlterConfigsResponse;
  IncrementalAlterConfigs: AlterConfigsResponse;
  DescribeCluster: DescribeClusterResponse;
  ElectLeaders: ElectLeadersResponse;
  AlterPartitionReassignments: AlterPartitionReassignmentsResponse;
  ListPartitionReassignments: ListPartitionReassignmentsResponse;
  DescribeTopicPartitions: DescribeTopicPartitionsResponse;
  UnregisterBroker: UnregisterBrokerResponse;
  DescribeQuorum: DescribeQuorumResponse;
}

/** The first error code in an answer that is not 0, wherever it stands; 0 when there is none. */
export function firstErrorIn(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 0;
  for (const [name, value] of Object.entries(answer)) {
    const error = name === 'errorCode' ? Number(value) : firstErrorIn(value);
    if (error !== 0) return error;
  }
  return 0;
}
