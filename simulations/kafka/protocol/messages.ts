// Request and response bodies as the engine handles them: Kafka's own fields (lowerCamelCase), whatever version carried them on the
// wire. Fields that a version lacks hold Kafka's default. Record data is `RecordBatch[]`, not bytes; bridge.ts converts.
import type { AdminRequests, AdminResponses } from './adminMessages.ts';
import type { RecordBatch } from './batch.ts';
import type { LogRequests, LogResponses } from './logMessages.ts';
import type { GroupRequests, GroupResponses } from './groupMessages.ts';
import type { ClusterRequests, ClusterResponses } from './clusterMessages.ts';
import type { QuotaRequests, QuotaResponses } from './quotaMessages.ts';
import type { ShareRequests, ShareResponses } from './shareMessages.ts';
import type { TransactionRequests, TransactionResponses } from './transactionMessages.ts';

export interface ProduceRequest {
  readonly transactionalId: string | null;
  /** 0, 1 or -1 for all. */
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topicData: readonly { readonly name: string; readonly partitionData: readonly ProducePartition[] }[];
}
export interface ProducePartition {
  readonly index: number;
  /** Kafka takes exactly one batch per partition of magic 2; null or more than one is INVALID_RECORD. */
  readonly records: readonly RecordBatch[] | null;
  /** Kafka error code when the bytes could not be read as batches (`records` is then null): 2 for a wrong checksum or length, 87 for an old format. */
  readonly recordsError?: number;
}
export interface ProduceResponse {
  readonly responses: readonly { readonly name: string; readonly partitionResponses: readonly ProducePartitionResponse[] }[];
  readonly throttleTimeMs: number;
  /** From version 10: the leaders that `currentLeader` names. */
  readonly nodeEndpoints?: readonly NodeEndpoint[];
}
export interface RecordError {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string | null;
}

export interface ProducePartitionResponse {
  readonly index: number;
  readonly errorCode: number;
  /** -1 on an error. */
  readonly baseOffset: number;
  /** -1 unless the topic uses LogAppendTime. */
  readonly logAppendTimeMs: number;
  /** -1 = unknown. */
  readonly logStartOffset: number;
  /** Records that the error is about, by their place in the batch. */
  readonly recordErrors?: readonly RecordError[];
  readonly errorMessage: string | null;
  /** From version 10, with an error that says that another broker leads (KIP-951). */
  readonly currentLeader?: CurrentLeader;
}
export interface CurrentLeader {
  /** -1 = unknown. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
export interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export interface FetchRequest {
  /** -1 for a consumer, else the id of the follower. */
  readonly replicaId: number;
  /** Broker epoch of the follower (KIP-903); absent or -1 = not told. */
  readonly replicaEpoch?: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** 0 read_uncommitted, 1 read_committed. */
  readonly isolationLevel: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** By name up to version 12 and between brokers here, by id from version 13 (`topic` is then ''). */
  readonly topics: readonly { readonly topic: string; readonly topicId?: string; readonly partitions: readonly FetchPartition[] }[];
  readonly forgottenTopicsData: readonly { readonly topic: string; readonly topicId?: string; readonly partitions: readonly number[] }[];
  readonly rackId: string;
}
export interface FetchPartition {
  readonly partition: number;
  /** -1 = not checked. */
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  /** Log start offset of a follower; -1 for a consumer. */
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
}
export interface FetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topic: string; readonly topicId?: string; readonly partitions: readonly FetchPartitionResponse[] }[];
  /** From version 16: the leaders that `currentLeader` names. */
  readonly nodeEndpoints?: readonly NodeEndpoint[];
}
export interface FetchPartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  /** -1 on most errors. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Where the follower's log parts from the leader's, v12 and later; epoch -1 = it does not. */
  readonly divergingEpoch: { readonly epoch: number; readonly endOffset: number };
  /** From version 12, with an error that says that another broker leads. */
  readonly currentLeader?: CurrentLeader;
  readonly abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[] | null;
  readonly preferredReadReplica: number;
  readonly records: readonly RecordBatch[] | null;
}

export interface ListOffsetsRequest {
  readonly replicaId: number;
  readonly isolationLevel: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ListOffsetsPartition[] }[];
}
export interface ListOffsetsPartition {
  readonly partitionIndex: number;
  readonly currentLeaderEpoch: number;
  /** Milliseconds since the epoch; -1 latest, -2 earliest, -3 max timestamp (v7). */
  readonly timestamp: number;
}
export interface ListOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ListOffsetsPartitionResponse[] }[];
}
export interface ListOffsetsPartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  /** Version 0 only; [] otherwise. */
  readonly oldStyleOffsets: readonly number[];
  readonly timestamp: number;
  /** -1 = none found, or an error. */
  readonly offset: number;
  readonly leaderEpoch: number;
}

export interface MetadataRequest {
  /** null = all topics (from version 1; version 0 says it by an empty list). */
  readonly topics: readonly { readonly topicId: string; readonly name: string | null }[] | null;
  readonly allowAutoTopicCreation: boolean;
  /** Versions 8 to 10; DescribeCluster tells it since. */
  readonly includeClusterAuthorizedOperations?: boolean;
  readonly includeTopicAuthorizedOperations?: boolean;
}
export interface MetadataResponse {
  readonly throttleTimeMs: number;
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number; readonly rack: string | null }[];
  readonly clusterId: string | null;
  /** Any live broker in KRaft; -1 = none. */
  readonly controllerId: number;
  readonly topics: readonly MetadataTopic[];
  /** Bits of Kafka's AclOperation; -2147483648 = not asked for. */
  readonly clusterAuthorizedOperations?: number;
  /** From version 13. */
  readonly errorCode?: number;
}
export interface MetadataTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly MetadataPartition[];
  /** As clusterAuthorizedOperations. */
  readonly topicAuthorizedOperations?: number;
}
export interface MetadataPartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  /** -1 = none. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

export interface OffsetCommitRequest {
  readonly groupId: string;
  /** Named generationId before KIP-848; -1 for a commit from outside the group. */
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly retentionTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly OffsetCommitPartition[] }[];
}
export interface OffsetCommitPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}
export interface OffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[] }[];
}

/** As versions 8 and later ask; bridge.ts makes one group of what older versions say. */
export interface OffsetFetchRequest {
  readonly groups: readonly OffsetFetchGroup[];
  readonly requireStable: boolean;
}
export interface OffsetFetchGroup {
  readonly groupId: string;
  /** Null and -1 where the reader does not say who it is (before version 9, admin clients). */
  readonly memberId: string | null;
  readonly memberEpoch: number;
  /** null = every topic of the group. */
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null;
}
export interface OffsetFetchResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly OffsetFetchGroupResponse[];
}
export interface OffsetFetchGroupResponse {
  readonly groupId: string;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly OffsetFetchPartitionResponse[] }[];
  readonly errorCode: number;
}
export interface OffsetFetchPartitionResponse {
  readonly partitionIndex: number;
  /** -1 = nothing committed. */
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}

/** As versions 4 and later ask; bridge.ts makes one key of what older versions say. */
export interface FindCoordinatorRequest {
  /** 0 group, 1 transaction, 2 share. */
  readonly keyType: number;
  readonly coordinatorKeys: readonly string[];
}
export interface FindCoordinatorResponse {
  readonly throttleTimeMs: number;
  readonly coordinators: readonly FoundCoordinator[];
}
export interface FoundCoordinator {
  readonly key: string;
  /** -1 on an error. */
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  /** -1 where the version lacks it (0): the session timeout then serves. */
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string;
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[];
  readonly reason: string | null;
}
export interface JoinGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly generationId: number;
  readonly protocolType: string | null;
  /** Null only from version 7. */
  readonly protocolName: string | null;
  readonly leader: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly groupInstanceId: string | null; readonly metadata: Uint8Array }[];
}

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}
export interface HeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

export interface LeaveGroupRequest {
  readonly groupId: string;
  /** Versions 0-2; '' from version 3, which names `members`. */
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly groupInstanceId: string | null; readonly reason: string | null }[];
}
export interface LeaveGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly members: readonly { readonly memberId: string; readonly groupInstanceId: string | null; readonly errorCode: number }[];
}

export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
}
export interface SyncGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

export interface ApiVersionsRequest {
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
}
export interface ApiVersionsResponse {
  readonly errorCode: number;
  readonly apiKeys: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[];
  readonly throttleTimeMs: number;
  /** From version 3 on. */
  readonly supportedFeatures: readonly { readonly name: string; readonly minVersion: number; readonly maxVersion: number }[];
  readonly finalizedFeaturesEpoch: number;
  readonly finalizedFeatures: readonly { readonly name: string; readonly maxVersionLevel: number; readonly minVersionLevel: number }[];
}

export interface CreateTopicsRequest {
  readonly topics: readonly CreatableTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}
export interface CreatableTopic {
  readonly name: string;
  /** -1 = the broker's default, or when `assignments` say it. */
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partitionIndex: number; readonly brokerIds: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}
export interface CreateTopicsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly CreatableTopicResult[];
}
export interface CreatableTopicResult {
  readonly name: string;
  readonly topicId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** From version 5; -1 = not told. */
  readonly numPartitions: number;
  readonly replicationFactor: number;
  /** From version 5: the settings in force. */
  readonly configs?: readonly { readonly name: string; readonly value: string | null; readonly readOnly: boolean; readonly configSource: number; readonly isSensitive: boolean }[] | undefined;
}

export interface InitProducerIdRequest {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}
export interface InitProducerIdResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  /** -1 on an error. */
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Bodies by API name, for typed handlers. */
export interface Requests extends GroupRequests, ShareRequests, TransactionRequests, AdminRequests, LogRequests, QuotaRequests, ClusterRequests {
  Produce: ProduceRequest;
  Fetch: FetchRequest;
  ListOffsets: ListOffsetsRequest;
  Metadata: MetadataRequest;
  OffsetCommit: OffsetCommitRequest;
  OffsetFetch: OffsetFetchRequest;
  FindCoordinator: FindCoordinatorRequest;
  JoinGroup: JoinGroupRequest;
  Heartbeat: HeartbeatRequest;
  LeaveGroup: LeaveGroupRequest;
  SyncGroup: SyncGroupRequest;
  ApiVersions: ApiVersionsRequest;
  CreateTopics: CreateTopicsRequest;
  InitProducerId: InitProducerIdRequest;
}
export interface Responses extends GroupResponses, ShareResponses, TransactionResponses, AdminResponses, LogResponses, QuotaResponses, ClusterResponses {
  Produce: ProduceResponse;
  Fetch: FetchResponse;
  ListOffsets: ListOffsetsResponse;
  Metadata: MetadataResponse;
  OffsetCommit: OffsetCommitResponse;
  OffsetFetch: OffsetFetchResponse;
  FindCoordinator: FindCoordinatorResponse;
  JoinGroup: JoinGroupResponse;
  Heartbeat: HeartbeatResponse;
  LeaveGroup: LeaveGroupResponse;
  SyncGroup: SyncGroupResponse;
  ApiVersions: ApiVersionsResponse;
  CreateTopics: CreateTopicsResponse;
  InitProducerId: InitProducerIdResponse;
}
/** The APIs that the brokers answer so far. */
export type ServedApi = keyof Requests;

/** A request between client and broker, native or decoded from the wire. `acks: 0` Produce has no response. */
export type RequestMessage<K extends ServedApi = ServedApi> = K extends ServedApi
  ? { readonly api: K; readonly apiVersion: number; readonly correlationId: number; readonly clientId: string | null; readonly body: Requests[K] }
  : never;
export type ResponseMessage<K extends ServedApi = ServedApi> = K extends ServedApi
  ? { readonly api: K; readonly apiVersion: number; readonly correlationId: number; readonly body: Responses[K] }
  : never;
