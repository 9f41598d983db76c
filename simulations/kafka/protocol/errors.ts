// Kafka's error codes: number, name, whether the Java clients retry and whether they ask for new metadata first, and what kafkajs 2.2.4
// makes of them. Facts of org.apache.kafka.common.protocol.Errors (4.0 line) and of kafkajs's error table.
//
// One line each: code name exception flags [kafkajs-name flags]; r = retriable, m = refreshes metadata, - = none, = as Kafka's.

const TABLE = `
-1 UNKNOWN_SERVER_ERROR UnknownServerException - UNKNOWN -
0 NONE - -
1 OFFSET_OUT_OF_RANGE OffsetOutOfRangeException - = -
2 CORRUPT_MESSAGE CorruptRecordException r = r
3 UNKNOWN_TOPIC_OR_PARTITION UnknownTopicOrPartitionException rm = r
4 INVALID_FETCH_SIZE InvalidFetchSizeException - = -
5 LEADER_NOT_AVAILABLE LeaderNotAvailableException rm = r
6 NOT_LEADER_OR_FOLLOWER NotLeaderOrFollowerException rm NOT_LEADER_FOR_PARTITION r
7 REQUEST_TIMED_OUT TimeoutException r = r
8 BROKER_NOT_AVAILABLE BrokerNotAvailableException - = -
9 REPLICA_NOT_AVAILABLE ReplicaNotAvailableException rm = r
10 MESSAGE_TOO_LARGE RecordTooLargeException - = -
11 STALE_CONTROLLER_EPOCH ControllerMovedException - = -
12 OFFSET_METADATA_TOO_LARGE OffsetMetadataTooLarge - = -
13 NETWORK_EXCEPTION NetworkException rm = r
14 COORDINATOR_LOAD_IN_PROGRESS CoordinatorLoadInProgressException r GROUP_LOAD_IN_PROGRESS r
15 COORDINATOR_NOT_AVAILABLE CoordinatorNotAvailableException r GROUP_COORDINATOR_NOT_AVAILABLE r
16 NOT_COORDINATOR NotCoordinatorException r NOT_COORDINATOR_FOR_GROUP r
17 INVALID_TOPIC_EXCEPTION InvalidTopicException - = -
18 RECORD_LIST_TOO_LARGE RecordBatchTooLargeException - = -
19 NOT_ENOUGH_REPLICAS NotEnoughReplicasException r = r
20 NOT_ENOUGH_REPLICAS_AFTER_APPEND NotEnoughReplicasAfterAppendException r = r
21 INVALID_REQUIRED_ACKS InvalidRequiredAcksException - = -
22 ILLEGAL_GENERATION IllegalGenerationException - = -
23 INCONSISTENT_GROUP_PROTOCOL InconsistentGroupProtocolException - = -
24 INVALID_GROUP_ID InvalidGroupIdException - = -
25 UNKNOWN_MEMBER_ID UnknownMemberIdException - = -
26 INVALID_SESSION_TIMEOUT InvalidSessionTimeoutException - = -
27 REBALANCE_IN_PROGRESS RebalanceInProgressException - = -
28 INVALID_COMMIT_OFFSET_SIZE InvalidCommitOffsetSizeException - = -
29 TOPIC_AUTHORIZATION_FAILED TopicAuthorizationException - = -
30 GROUP_AUTHORIZATION_FAILED GroupAuthorizationException - = -
31 CLUSTER_AUTHORIZATION_FAILED ClusterAuthorizationException - = -
32 INVALID_TIMESTAMP InvalidTimestampException - = -
33 UNSUPPORTED_SASL_MECHANISM UnsupportedSaslMechanismException - = -
34 ILLEGAL_SASL_STATE IllegalSaslStateException - = -
35 UNSUPPORTED_VERSION UnsupportedVersionException - = -
36 TOPIC_ALREADY_EXISTS TopicExistsException - = -
37 INVALID_PARTITIONS InvalidPartitionsException - = -
38 INVALID_REPLICATION_FACTOR InvalidReplicationFactorException - = -
39 INVALID_REPLICA_ASSIGNMENT InvalidReplicaAssignmentException - = -
40 INVALID_CONFIG InvalidConfigurationException - = -
41 NOT_CONTROLLER NotControllerException r = r
42 INVALID_REQUEST InvalidRequestException - = -
43 UNSUPPORTED_FOR_MESSAGE_FORMAT UnsupportedForMessageFormatException - = -
44 POLICY_VIOLATION PolicyViolationException - = -
45 OUT_OF_ORDER_SEQUENCE_NUMBER OutOfOrderSequenceException - = -
46 DUPLICATE_SEQUENCE_NUMBER DuplicateSequenceException - = -
47 INVALID_PRODUCER_EPOCH InvalidProducerEpochException - = -
48 INVALID_TXN_STATE InvalidTxnStateException - = -
49 INVALID_PRODUCER_ID_MAPPING InvalidPidMappingException - = -
50 INVALID_TRANSACTION_TIMEOUT InvalidTxnTimeoutException - = -
51 CONCURRENT_TRANSACTIONS ConcurrentTransactionsException r = r
52 TRANSACTION_COORDINATOR_FENCED TransactionCoordinatorFencedException - = -
53 TRANSACTIONAL_ID_AUTHORIZATION_FAILED TransactionalIdAuthorizationException - = -
54 SECURITY_DISABLED SecurityDisabledException - = -
55 OPERATION_NOT_ATTEMPTED OperationNotAttemptedException - = -
56 KAFKA_STORAGE_ERROR KafkaStorageException rm = r
57 LOG_DIR_NOT_FOUND LogDirNotFoundException - = -
58 SASL_AUTHENTICATION_FAILED SaslAuthenticationException - = -
59 UNKNOWN_PRODUCER_ID UnknownProducerIdException - = -
60 REASSIGNMENT_IN_PROGRESS ReassignmentInProgressException - = -
61 DELEGATION_TOKEN_AUTH_DISABLED DelegationTokenDisabledException - = -
62 DELEGATION_TOKEN_NOT_FOUND DelegationTokenNotFoundException - = -
63 DELEGATION_TOKEN_OWNER_MISMATCH DelegationTokenOwnerMismatchException - = -
64 DELEGATION_TOKEN_REQUEST_NOT_ALLOWED UnsupportedByAuthenticationException - = -
65 DELEGATION_TOKEN_AUTHORIZATION_FAILED DelegationTokenAuthorizationException - = -
66 DELEGATION_TOKEN_EXPIRED DelegationTokenExpiredException - = -
67 INVALID_PRINCIPAL_TYPE InvalidPrincipalTypeException - = -
68 NON_EMPTY_GROUP GroupNotEmptyException - = -
69 GROUP_ID_NOT_FOUND GroupIdNotFoundException - = -
70 FETCH_SESSION_ID_NOT_FOUND FetchSessionIdNotFoundException r = r
71 INVALID_FETCH_SESSION_EPOCH InvalidFetchSessionEpochException r = r
72 LISTENER_NOT_FOUND ListenerNotFoundException rm = r
73 TOPIC_DELETION_DISABLED TopicDeletionDisabledException - = -
74 FENCED_LEADER_EPOCH FencedLeaderEpochException rm = r
75 UNKNOWN_LEADER_EPOCH UnknownLeaderEpochException r = r
76 UNSUPPORTED_COMPRESSION_TYPE UnsupportedCompressionTypeException - = -
77 STALE_BROKER_EPOCH StaleBrokerEpochException - = -
78 OFFSET_NOT_AVAILABLE OffsetNotAvailableException r = r
79 MEMBER_ID_REQUIRED MemberIdRequiredException - = -
80 PREFERRED_LEADER_NOT_AVAILABLE PreferredLeaderNotAvailableException rm = r
81 GROUP_MAX_SIZE_REACHED GroupMaxSizeReachedException - = -
82 FENCED_INSTANCE_ID FencedInstanceIdException - = -
83 ELIGIBLE_LEADERS_NOT_AVAILABLE EligibleLeadersNotAvailableException rm = r
84 ELECTION_NOT_NEEDED ElectionNotNeededException rm = r
85 NO_REASSIGNMENT_IN_PROGRESS NoReassignmentInProgressException - = -
86 GROUP_SUBSCRIBED_TO_TOPIC GroupSubscribedToTopicException - = -
87 INVALID_RECORD InvalidRecordException - = -
88 UNSTABLE_OFFSET_COMMIT UnstableOffsetCommitException r = r
89 THROTTLING_QUOTA_EXCEEDED ThrottlingQuotaExceededException r
90 PRODUCER_FENCED ProducerFencedException -
91 RESOURCE_NOT_FOUND ResourceNotFoundException -
92 DUPLICATE_RESOURCE DuplicateResourceException -
93 UNACCEPTABLE_CREDENTIAL UnacceptableCredentialException -
94 INCONSISTENT_VOTER_SET InconsistentVoterSetException -
95 INVALID_UPDATE_VERSION InvalidUpdateVersionException -
96 FEATURE_UPDATE_FAILED FeatureUpdateFailedException -
97 PRINCIPAL_DESERIALIZATION_FAILURE PrincipalDeserializationException -
98 SNAPSHOT_NOT_FOUND SnapshotNotFoundException -
99 POSITION_OUT_OF_RANGE PositionOutOfRangeException -
100 UNKNOWN_TOPIC_ID UnknownTopicIdException rm
101 DUPLICATE_BROKER_REGISTRATION DuplicateBrokerRegistrationException -
102 BROKER_ID_NOT_REGISTERED BrokerIdNotRegisteredException -
103 INCONSISTENT_TOPIC_ID InconsistentTopicIdException rm
104 INCONSISTENT_CLUSTER_ID InconsistentClusterIdException -
105 TRANSACTIONAL_ID_NOT_FOUND TransactionalIdNotFoundException -
106 FETCH_SESSION_TOPIC_ID_ERROR FetchSessionTopicIdException r
107 INELIGIBLE_REPLICA IneligibleReplicaException -
108 NEW_LEADER_ELECTED NewLeaderElectedException -
109 OFFSET_MOVED_TO_TIERED_STORAGE OffsetMovedToTieredStorageException -
110 FENCED_MEMBER_EPOCH FencedMemberEpochException -
111 UNRELEASED_INSTANCE_ID UnreleasedInstanceIdException -
112 UNSUPPORTED_ASSIGNOR UnsupportedAssignorException -
113 STALE_MEMBER_EPOCH StaleMemberEpochException -
114 MISMATCHED_ENDPOINT_TYPE MismatchedEndpointTypeException -
115 UNSUPPORTED_ENDPOINT_TYPE UnsupportedEndpointTypeException -
116 UNKNOWN_CONTROLLER_ID UnknownControllerIdException -
117 UNKNOWN_SUBSCRIPTION_ID UnknownSubscriptionIdException -
118 TELEMETRY_TOO_LARGE TelemetryTooLargeException -
119 INVALID_REGISTRATION InvalidRegistrationException -
120 TRANSACTION_ABORTABLE TransactionAbortableException -
121 INVALID_RECORD_STATE InvalidRecordStateException -
122 SHARE_SESSION_NOT_FOUND ShareSessionNotFoundException r
123 INVALID_SHARE_SESSION_EPOCH InvalidShareSessionEpochException r
124 FENCED_STATE_EPOCH FencedStateEpochException -
125 INVALID_VOTER_KEY InvalidVoterKeyException -
126 DUPLICATE_VOTER DuplicateVoterException -
127 VOTER_NOT_FOUND VoterNotFoundException -
128 INVALID_REGULAR_EXPRESSION InvalidRegularExpression -
`;

export interface KafkaError {
  readonly code: number;
  readonly name: string;
  /** Class of the Java exception, without package; null for NONE. */
  readonly exception: string | null;
  /** Whether the Java clients may try again. */
  readonly retriable: boolean;
  /** Whether the Java clients refresh their metadata on it. */
  readonly refreshesMetadata: boolean;
  /** `type` of kafkajs's error; null where kafkajs 2.2.4 does not know the code. */
  readonly kafkajsType: string | null;
  readonly kafkajsRetriable: boolean | null;
}

export const ERRORS: readonly KafkaError[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [code, name, exception, flags, kafkajs, kafkajsFlags] = line.split(' ') as [string, string, string, string, string?, string?];
    return {
      code: Number(code),
      name,
      exception: exception === '-' ? null : exception,
      retriable: flags.includes('r'),
      refreshesMetadata: flags.includes('m'),
      kafkajsType: kafkajs === undefined ? null : kafkajs === '=' ? name : kafkajs,
      kafkajsRetriable: kafkajsFlags === undefined ? null : kafkajsFlags === 'r',
    };
  });

const byCode = new Map(ERRORS.map((error) => [error.code, error]));
const UNKNOWN = byCode.get(-1)!;

/** An unknown code is UNKNOWN_SERVER_ERROR, as Errors.forCode has it. */
export function errorOf(code: number): KafkaError {
  return byCode.get(code) ?? UNKNOWN;
}

/** Kafka's name of an error code, NONE for 0. */
export function errorName(code: number): string {
  return errorOf(code).name;
}

/** Codes by name: `ERROR.NOT_LEADER_OR_FOLLOWER`. Names are those of the table above. */
export const ERROR = Object.freeze(Object.fromEntries(ERRORS.map((error) => [error.name, error.code]))) as Readonly<Record<ErrorName, number>>;

export type ErrorName =
  | 'UNKNOWN_SERVER_ERROR'
  | 'NONE'
  | 'OFFSET_OUT_OF_RANGE'
  | 'CORRUPT_MESSAGE'
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'INVALID_FETCH_SIZE'
  | 'LEADER_NOT_AVAILABLE'
  | 'NOT_LEADER_OR_FOLLOWER'
  | 'REQUEST_TIMED_OUT'
  | 'BROKER_NOT_AVAILABLE'
  | 'REPLICA_NOT_AVAILABLE'
  | 'MESSAGE_TOO_LARGE'
  | 'STALE_CONTROLLER_EPOCH'
  | 'OFFSET_METADATA_TOO_LARGE'
  | 'NETWORK_EXCEPTION'
  | 'COORDINATOR_LOAD_IN_PROGRESS'
  | 'COORDINATOR_NOT_AVAILABLE'
  | 'NOT_COORDINATOR'
  | 'INVALID_TOPIC_EXCEPTION'
  | 'RECORD_LIST_TOO_LARGE'
  | 'NOT_ENOUGH_REPLICAS'
  | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  | 'INVALID_REQUIRED_ACKS'
  | 'ILLEGAL_GENERATION'
  | 'INCONSISTENT_GROUP_PROTOCOL'
  | 'INVALID_GROUP_ID'
  | 'UNKNOWN_MEMBER_ID'
  | 'INVALID_SESSION_TIMEOUT'
  | 'REBALANCE_IN_PROGRESS'
  | 'INVALID_COMMIT_OFFSET_SIZE'
  | 'TOPIC_AUTHORIZATION_FAILED'
  | 'GROUP_AUTHORIZATION_FAILED'
  | 'CLUSTER_AUTHORIZATION_FAILED'
  | 'INVALID_TIMESTAMP'
  | 'UNSUPPORTED_SASL_MECHANISM'
  | 'ILLEGAL_SASL_STATE'
  | 'UNSUPPORTED_VERSION'
  | 'TOPIC_ALREADY_EXISTS'
  | 'INVALID_PARTITIONS'
  | 'INVALID_REPLICATION_FACTOR'
  | 'INVALID_REPLICA_ASSIGNMENT'
  | 'INVALID_CONFIG'
  | 'NOT_CONTROLLER'
  | 'INVALID_REQUEST'
  | 'UNSUPPORTED_FOR_MESSAGE_FORMAT'
  | 'POLICY_VIOLATION'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'DUPLICATE_SEQUENCE_NUMBER'
  | 'INVALID_PRODUCER_EPOCH'
  | 'INVALID_TXN_STATE'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'INVALID_TRANSACTION_TIMEOUT'
  | 'CONCURRENT_TRANSACTIONS'
  | 'TRANSACTION_COORDINATOR_FENCED'
  | 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'
  | 'SECURITY_DISABLED'
  | 'OPERATION_NOT_ATTEMPTED'
  | 'KAFKA_STORAGE_ERROR'
  | 'LOG_DIR_NOT_FOUND'
  | 'SASL_AUTHENTICATION_FAILED'
  | 'UNKNOWN_PRODUCER_ID'
  | 'REASSIGNMENT_IN_PROGRESS'
  | 'DELEGATION_TOKEN_AUTH_DISABLED'
  | 'DELEGATION_TOKEN_NOT_FOUND'
  | 'DELEGATION_TOKEN_OWNER_MISMATCH'
  | 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'
  | 'DELEGATION_TOKEN_AUTHORIZATION_FAILED'
  | 'DELEGATION_TOKEN_EXPIRED'
  | 'INVALID_PRINCIPAL_TYPE'
  | 'NON_EMPTY_GROUP'
  | 'GROUP_ID_NOT_FOUND'
  | 'FETCH_SESSION_ID_NOT_FOUND'
  | 'INVALID_FETCH_SESSION_EPOCH'
  | 'LISTENER_NOT_FOUND'
  | 'TOPIC_DELETION_DISABLED'
  | 'FENCED_LEADER_EPOCH'
  | 'UNKNOWN_LEADER_EPOCH'
  | 'UNSUPPORTED_COMPRESSION_TYPE'
  | 'STALE_BROKER_EPOCH'
  | 'OFFSET_NOT_AVAILABLE'
  | 'MEMBER_ID_REQUIRED'
  | 'PREFERRED_LEADER_NOT_AVAILABLE'
  | 'GROUP_MAX_SIZE_REACHED'
  | 'FENCED_INSTANCE_ID'
  | 'ELIGIBLE_LEADERS_NOT_AVAILABLE'
  | 'ELECTION_NOT_NEEDED'
  | 'NO_REASSIGNMENT_IN_PROGRESS'
  | 'GROUP_SUBSCRIBED_TO_TOPIC'
  | 'INVALID_RECORD'
  | 'UNSTABLE_OFFSET_COMMIT'
  | 'THROTTLING_QUOTA_EXCEEDED'
  | 'PRODUCER_FENCED'
  | 'RESOURCE_NOT_FOUND'
  | 'DUPLICATE_RESOURCE'
  | 'UNACCEPTABLE_CREDENTIAL'
  | 'INCONSISTENT_VOTER_SET'
  | 'INVALID_UPDATE_VERSION'
  | 'FEATURE_UPDATE_FAILED'
  | 'PRINCIPAL_DESERIALIZATION_FAILURE'
  | 'SNAPSHOT_NOT_FOUND'
  | 'POSITION_OUT_OF_RANGE'
  | 'UNKNOWN_TOPIC_ID'
  | 'DUPLICATE_BROKER_REGISTRATION'
  | 'BROKER_ID_NOT_REGISTERED'
  | 'INCONSISTENT_TOPIC_ID'
  | 'INCONSISTENT_CLUSTER_ID'
  | 'TRANSACTIONAL_ID_NOT_FOUND'
  | 'FETCH_SESSION_TOPIC_ID_ERROR'
  | 'INELIGIBLE_REPLICA'
  | 'NEW_LEADER_ELECTED'
  | 'OFFSET_MOVED_TO_TIERED_STORAGE'
  | 'FENCED_MEMBER_EPOCH'
  | 'UNRELEASED_INSTANCE_ID'
  | 'UNSUPPORTED_ASSIGNOR'
  | 'STALE_MEMBER_EPOCH'
  | 'MISMATCHED_ENDPOINT_TYPE'
  | 'UNSUPPORTED_ENDPOINT_TYPE'
  | 'UNKNOWN_CONTROLLER_ID'
  | 'UNKNOWN_SUBSCRIPTION_ID'
  | 'TELEMETRY_TOO_LARGE'
  | 'INVALID_REGISTRATION'
  | 'TRANSACTION_ABORTABLE'
  | 'INVALID_RECORD_STATE'
  | 'SHARE_SESSION_NOT_FOUND'
  | 'INVALID_SHARE_SESSION_EPOCH'
  | 'FENCED_STATE_EPOCH'
  | 'INVALID_VOTER_KEY'
  | 'DUPLICATE_VOTER'
  | 'VOTER_NOT_FOUND'
  | 'INVALID_REGULAR_EXPRESSION';
