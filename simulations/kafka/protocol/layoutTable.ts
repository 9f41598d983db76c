// Where each field of Kafka's messages stands on the wire, for every version: the facts of Apache Kafka's message definitions
// (4.0 line, definitions of 2024-10-25; Produce 12 and TxnOffsetCommit 5, which change no field, by KIP-890) in Millrace's own notation, which layout.ts reads.
//
//   Name key versions 0-11 flexible 9+     one API; `flexible none` where no version is
//     request field field ...              fields in wire order; lines further in go on
//   name:type                              string bytes records bool uuid int8 int16 uint16 int32 int64 float64; []type for arrays;
//                                          name:{ ... } or name:[]{ ... } for structures
//   ?    may be null, `?4+` in these versions    @3+ @0-7 @5  present in these versions
//   #0   a tagged field with this tag            =x  value of a field that is absent, where it is not 0, false, '' or []

export const MESSAGES = `
Produce 0 versions 0-12 flexible 9+
  request transactionalId:string?@3+=null acks:int16 timeoutMs:int32 topicData:[]{ name:string partitionData:[]{ index:int32 records:records? } }
  response responses:[]{ name:string partitionResponses:[]{ index:int32 errorCode:int16 baseOffset:int64 logAppendTimeMs:int64@2+=-1
    logStartOffset:int64@5+=-1 recordErrors:[]@8+{ batchIndex:int32 batchIndexErrorMessage:string?=null } errorMessage:string?@8+=null
    currentLeader:@10+#0{ leaderId:int32=-1 leaderEpoch:int32=-1 } } } throttleTimeMs:int32@1+ nodeEndpoints:[]@10+#0{ nodeId:int32 host:string
    port:int32 rack:string?=null }
Fetch 1 versions 0-17 flexible 12+
  request clusterId:string?@12+#0=null replicaId:int32@0-14=-1 replicaState:@15+#1{ replicaId:int32=-1 replicaEpoch:int64=-1 } maxWaitMs:int32
    minBytes:int32 maxBytes:int32@3+=2147483647 isolationLevel:int8@4+ sessionId:int32@7+ sessionEpoch:int32@7+=-1 topics:[]{ topic:string@0-12
    topicId:uuid@13+ partitions:[]{ partition:int32 currentLeaderEpoch:int32@9+=-1 fetchOffset:int64 lastFetchedEpoch:int32@12+=-1
    logStartOffset:int64@5+=-1 partitionMaxBytes:int32 replicaDirectoryId:uuid@17+#0 } } forgottenTopicsData:[]@7+{ topic:string@7-12 topicId:uuid@13+
    partitions:[]int32 } rackId:string@11+
  response throttleTimeMs:int32@1+ errorCode:int16@7+ sessionId:int32@7+ responses:[]{ topic:string@0-12 topicId:uuid@13+ partitions:[]{
    partitionIndex:int32 errorCode:int16 highWatermark:int64 lastStableOffset:int64@4+=-1 logStartOffset:int64@5+=-1 divergingEpoch:@12+#0{
    epoch:int32=-1 endOffset:int64=-1 } currentLeader:@12+#1{ leaderId:int32=-1 leaderEpoch:int32=-1 } snapshotId:@12+#2{ endOffset:int64=-1
    epoch:int32=-1 } abortedTransactions:[]?@4+{ producerId:int64 firstOffset:int64 } preferredReadReplica:int32@11+=-1 records:records? } }
    nodeEndpoints:[]@16+#0{ nodeId:int32 host:string port:int32 rack:string?=null }
ListOffsets 2 versions 0-10 flexible 6+
  request replicaId:int32 isolationLevel:int8@2+ topics:[]{ name:string partitions:[]{ partitionIndex:int32 currentLeaderEpoch:int32@4+=-1
    timestamp:int64 maxNumOffsets:int32@0=1 } } timeoutMs:int32@10+
  response throttleTimeMs:int32@2+ topics:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16 oldStyleOffsets:[]int64@0
    timestamp:int64@1+=-1 offset:int64@1+=-1 leaderEpoch:int32@4+=-1 } }
Metadata 3 versions 0-13 flexible 9+
  request topics:[]?1+{ topicId:uuid@10+ name:string?10+ } allowAutoTopicCreation:bool@4+=true includeClusterAuthorizedOperations:bool@8-10
    includeTopicAuthorizedOperations:bool@8+
  response throttleTimeMs:int32@3+ brokers:[]{ nodeId:int32 host:string port:int32 rack:string?@1+=null } clusterId:string?@2+=null
    controllerId:int32@1+=-1 topics:[]{ errorCode:int16 name:string?12+ topicId:uuid@10+ isInternal:bool@1+ partitions:[]{ errorCode:int16
    partitionIndex:int32 leaderId:int32 leaderEpoch:int32@7+=-1 replicaNodes:[]int32 isrNodes:[]int32 offlineReplicas:[]int32@5+ }
    topicAuthorizedOperations:int32@8+=-2147483648 } clusterAuthorizedOperations:int32@8-10=-2147483648 errorCode:int16@13+
OffsetCommit 8 versions 0-9 flexible 8+
  request groupId:string generationIdOrMemberEpoch:int32@1+=-1 memberId:string@1+ groupInstanceId:string?@7+=null retentionTimeMs:int64@2-4=-1
    topics:[]{ name:string partitions:[]{ partitionIndex:int32 committedOffset:int64 committedLeaderEpoch:int32@6+=-1 commitTimestamp:int64@1=-1
    committedMetadata:string? } }
  response throttleTimeMs:int32@3+ topics:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16 } }
OffsetFetch 9 versions 0-9 flexible 6+
  request groupId:string@0-7 topics:[]?2-7@0-7{ name:string partitionIndexes:[]int32 } groups:[]@8+{ groupId:string memberId:string?@9+=null
    memberEpoch:int32@9+=-1 topics:[]?{ name:string partitionIndexes:[]int32 } } requireStable:bool@7+
  response throttleTimeMs:int32@3+ topics:[]@0-7{ name:string partitions:[]{ partitionIndex:int32 committedOffset:int64
    committedLeaderEpoch:int32@5-7=-1 metadata:string? errorCode:int16 } } errorCode:int16@2-7 groups:[]@8+{ groupId:string topics:[]{ name:string
    partitions:[]{ partitionIndex:int32 committedOffset:int64 committedLeaderEpoch:int32=-1 metadata:string? errorCode:int16 } } errorCode:int16 }
FindCoordinator 10 versions 0-6 flexible 3+
  request key:string@0-3 keyType:int8@1+ coordinatorKeys:[]string@4+
  response throttleTimeMs:int32@1+ errorCode:int16@0-3 errorMessage:string?@1-3 nodeId:int32@0-3 host:string@0-3 port:int32@0-3 coordinators:[]@4+{
    key:string nodeId:int32 host:string port:int32 errorCode:int16 errorMessage:string? }
JoinGroup 11 versions 0-9 flexible 6+
  request groupId:string sessionTimeoutMs:int32 rebalanceTimeoutMs:int32@1+=-1 memberId:string groupInstanceId:string?@5+=null protocolType:string
    protocols:[]{ name:string metadata:bytes } reason:string?@8+=null
  response throttleTimeMs:int32@2+ errorCode:int16 generationId:int32=-1 protocolType:string?@7+=null protocolName:string?7+ leader:string
    skipAssignment:bool@9+ memberId:string members:[]{ memberId:string groupInstanceId:string?@5+=null metadata:bytes }
Heartbeat 12 versions 0-4 flexible 4+
  request groupId:string generationId:int32 memberId:string groupInstanceId:string?@3+=null
  response throttleTimeMs:int32@1+ errorCode:int16
LeaveGroup 13 versions 0-5 flexible 4+
  request groupId:string memberId:string@0-2 members:[]@3+{ memberId:string groupInstanceId:string?=null reason:string?@5+=null }
  response throttleTimeMs:int32@1+ errorCode:int16 members:[]@3+{ memberId:string groupInstanceId:string? errorCode:int16 }
SyncGroup 14 versions 0-5 flexible 4+
  request groupId:string generationId:int32 memberId:string groupInstanceId:string?@3+=null protocolType:string?@5+=null protocolName:string?@5+=null
    assignments:[]{ memberId:string assignment:bytes }
  response throttleTimeMs:int32@1+ errorCode:int16 protocolType:string?@5+=null protocolName:string?@5+=null assignment:bytes
DescribeGroups 15 versions 0-6 flexible 5+
  request groups:[]string includeAuthorizedOperations:bool@3+
  response throttleTimeMs:int32@1+ groups:[]{ errorCode:int16 errorMessage:string?@6+=null groupId:string groupState:string protocolType:string protocolData:string members:[]{
    memberId:string groupInstanceId:string?@4+=null clientId:string clientHost:string memberMetadata:bytes memberAssignment:bytes }
    authorizedOperations:int32@3+=-2147483648 }
ListGroups 16 versions 0-5 flexible 3+
  request statesFilter:[]string@4+ typesFilter:[]string@5+
  response throttleTimeMs:int32@1+ errorCode:int16 groups:[]{ groupId:string protocolType:string groupState:string@4+ groupType:string@5+ }
SaslHandshake 17 versions 0-1 flexible none
  request mechanism:string
  response errorCode:int16 mechanisms:[]string
ApiVersions 18 versions 0-4 flexible 3+
  request clientSoftwareName:string@3+ clientSoftwareVersion:string@3+
  response errorCode:int16 apiKeys:[]{ apiKey:int16 minVersion:int16 maxVersion:int16 } throttleTimeMs:int32@1+ supportedFeatures:[]@3+#0{ name:string
    minVersion:int16 maxVersion:int16 } finalizedFeaturesEpoch:int64@3+#1=-1 finalizedFeatures:[]@3+#2{ name:string maxVersionLevel:int16
    minVersionLevel:int16 } zkMigrationReady:bool@3+#3
CreateTopics 19 versions 0-7 flexible 5+
  request topics:[]{ name:string numPartitions:int32 replicationFactor:int16 assignments:[]{ partitionIndex:int32 brokerIds:[]int32 } configs:[]{
    name:string value:string? } } timeoutMs:int32=60000 validateOnly:bool@1+
  response throttleTimeMs:int32@2+ topics:[]{ name:string topicId:uuid@7+ errorCode:int16 errorMessage:string?@1+ topicConfigErrorCode:int16@5+#0
    numPartitions:int32@5+=-1 replicationFactor:int16@5+=-1 configs:[]?@5+{ name:string value:string? readOnly:bool configSource:int8=-1
    isSensitive:bool } }
DeleteTopics 20 versions 0-6 flexible 4+
  request topics:[]@6+{ name:string?=null topicId:uuid } topicNames:[]string@0-5 timeoutMs:int32
  response throttleTimeMs:int32@1+ responses:[]{ name:string?6+ topicId:uuid@6+ errorCode:int16 errorMessage:string?@5+=null }
DeleteRecords 21 versions 0-2 flexible 2+
  request topics:[]{ name:string partitions:[]{ partitionIndex:int32 offset:int64 } } timeoutMs:int32
  response throttleTimeMs:int32 topics:[]{ name:string partitions:[]{ partitionIndex:int32 lowWatermark:int64 errorCode:int16 } }
InitProducerId 22 versions 0-5 flexible 2+
  request transactionalId:string? transactionTimeoutMs:int32 producerId:int64@3+=-1 producerEpoch:int16@3+=-1
  response throttleTimeMs:int32 errorCode:int16 producerId:int64=-1 producerEpoch:int16
OffsetForLeaderEpoch 23 versions 0-4 flexible 4+
  request replicaId:int32@3+=-2 topics:[]{ topic:string partitions:[]{ partition:int32 currentLeaderEpoch:int32@2+=-1 leaderEpoch:int32 } }
  response throttleTimeMs:int32@2+ topics:[]{ topic:string partitions:[]{ errorCode:int16 partition:int32 leaderEpoch:int32@1+=-1 endOffset:int64=-1 } }
AddPartitionsToTxn 24 versions 0-5 flexible 3+
  request transactions:[]@4+{ transactionalId:string producerId:int64 producerEpoch:int16 verifyOnly:bool topics:[]{ name:string partitions:[]int32 } }
    v3AndBelowTransactionalId:string@0-3 v3AndBelowProducerId:int64@0-3 v3AndBelowProducerEpoch:int16@0-3 v3AndBelowTopics:[]@0-3{ name:string
    partitions:[]int32 }
  response throttleTimeMs:int32 errorCode:int16@4+ resultsByTransaction:[]@4+{ transactionalId:string topicResults:[]{ name:string
    resultsByPartition:[]{ partitionIndex:int32 partitionErrorCode:int16 } } } resultsByTopicV3AndBelow:[]@0-3{ name:string resultsByPartition:[]{
    partitionIndex:int32 partitionErrorCode:int16 } }
AddOffsetsToTxn 25 versions 0-4 flexible 3+
  request transactionalId:string producerId:int64 producerEpoch:int16 groupId:string
  response throttleTimeMs:int32 errorCode:int16
EndTxn 26 versions 0-5 flexible 3+
  request transactionalId:string producerId:int64 producerEpoch:int16 committed:bool
  response throttleTimeMs:int32 errorCode:int16 producerId:int64@5+=-1 producerEpoch:int16@5+=-1
WriteTxnMarkers 27 versions 0-1 flexible 1+
  request markers:[]{ producerId:int64 producerEpoch:int16 transactionResult:bool topics:[]{ name:string partitionIndexes:[]int32 }
    coordinatorEpoch:int32 }
  response markers:[]{ producerId:int64 topics:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16 } } }
TxnOffsetCommit 28 versions 0-5 flexible 3+
  request transactionalId:string groupId:string producerId:int64 producerEpoch:int16 generationId:int32@3+=-1 memberId:string@3+
    groupInstanceId:string?@3+=null topics:[]{ name:string partitions:[]{ partitionIndex:int32 committedOffset:int64 committedLeaderEpoch:int32@2+=-1
    committedMetadata:string? } }
  response throttleTimeMs:int32 topics:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16 } }
DescribeAcls 29 versions 1-3 flexible 2+
  request resourceTypeFilter:int8 resourceNameFilter:string? patternTypeFilter:int8=3 principalFilter:string? hostFilter:string? operation:int8
    permissionType:int8
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string? resources:[]{ resourceType:int8 resourceName:string patternType:int8=3 acls:[]{
    principal:string host:string operation:int8 permissionType:int8 } }
CreateAcls 30 versions 1-3 flexible 2+
  request creations:[]{ resourceType:int8 resourceName:string resourcePatternType:int8=3 principal:string host:string operation:int8
    permissionType:int8 }
  response throttleTimeMs:int32 results:[]{ errorCode:int16 errorMessage:string? }
DeleteAcls 31 versions 1-3 flexible 2+
  request filters:[]{ resourceTypeFilter:int8 resourceNameFilter:string? patternTypeFilter:int8=3 principalFilter:string? hostFilter:string?
    operation:int8 permissionType:int8 }
  response throttleTimeMs:int32 filterResults:[]{ errorCode:int16 errorMessage:string? matchingAcls:[]{ errorCode:int16 errorMessage:string?
    resourceType:int8 resourceName:string patternType:int8=3 principal:string host:string operation:int8 permissionType:int8 } }
DescribeConfigs 32 versions 0-4 flexible 4+
  request resources:[]{ resourceType:int8 resourceName:string configurationKeys:[]string? } includeSynonyms:bool@1+ includeDocumentation:bool@3+
  response throttleTimeMs:int32 results:[]{ errorCode:int16 errorMessage:string? resourceType:int8 resourceName:string configs:[]{ name:string
    value:string? readOnly:bool isDefault:bool@0 configSource:int8@1+=-1 isSensitive:bool synonyms:[]@1+{ name:string value:string? source:int8 }
    configType:int8@3+ documentation:string?@3+ } }
AlterConfigs 33 versions 0-2 flexible 2+
  request resources:[]{ resourceType:int8 resourceName:string configs:[]{ name:string value:string? } } validateOnly:bool
  response throttleTimeMs:int32 responses:[]{ errorCode:int16 errorMessage:string? resourceType:int8 resourceName:string }
AlterReplicaLogDirs 34 versions 1-2 flexible 2+
  request dirs:[]{ path:string topics:[]{ name:string partitions:[]int32 } }
  response throttleTimeMs:int32 results:[]{ topicName:string partitions:[]{ partitionIndex:int32 errorCode:int16 } }
DescribeLogDirs 35 versions 1-4 flexible 2+
  request topics:[]?{ topic:string partitions:[]int32 }
  response throttleTimeMs:int32 errorCode:int16@3+ results:[]{ errorCode:int16 logDir:string topics:[]{ name:string partitions:[]{
    partitionIndex:int32 partitionSize:int64 offsetLag:int64 isFutureKey:bool } } totalBytes:int64@4+=-1 usableBytes:int64@4+=-1 }
SaslAuthenticate 36 versions 0-2 flexible 2+
  request authBytes:bytes
  response errorCode:int16 errorMessage:string? authBytes:bytes sessionLifetimeMs:int64@1+
CreatePartitions 37 versions 0-3 flexible 2+
  request topics:[]{ name:string count:int32 assignments:[]?{ brokerIds:[]int32 } } timeoutMs:int32 validateOnly:bool
  response throttleTimeMs:int32 results:[]{ name:string errorCode:int16 errorMessage:string?=null }
CreateDelegationToken 38 versions 1-3 flexible 2+
  request ownerPrincipalType:string?@3+ ownerPrincipalName:string?@3+ renewers:[]{ principalType:string principalName:string } maxLifetimeMs:int64
  response errorCode:int16 principalType:string principalName:string tokenRequesterPrincipalType:string@3+ tokenRequesterPrincipalName:string@3+
    issueTimestampMs:int64 expiryTimestampMs:int64 maxTimestampMs:int64 tokenId:string hmac:bytes throttleTimeMs:int32
RenewDelegationToken 39 versions 1-2 flexible 2+
  request hmac:bytes renewPeriodMs:int64
  response errorCode:int16 expiryTimestampMs:int64 throttleTimeMs:int32
ExpireDelegationToken 40 versions 1-2 flexible 2+
  request hmac:bytes expiryTimePeriodMs:int64
  response errorCode:int16 expiryTimestampMs:int64 throttleTimeMs:int32
DescribeDelegationToken 41 versions 1-3 flexible 2+
  request owners:[]?{ principalType:string principalName:string }
  response errorCode:int16 tokens:[]{ principalType:string principalName:string tokenRequesterPrincipalType:string@3+
    tokenRequesterPrincipalName:string@3+ issueTimestamp:int64 expiryTimestamp:int64 maxTimestamp:int64 tokenId:string hmac:bytes renewers:[]{
    principalType:string principalName:string } } throttleTimeMs:int32
DeleteGroups 42 versions 0-2 flexible 2+
  request groupsNames:[]string
  response throttleTimeMs:int32 results:[]{ groupId:string errorCode:int16 }
ElectLeaders 43 versions 0-2 flexible 2+
  request electionType:int8@1+ topicPartitions:[]?{ topic:string partitions:[]int32 } timeoutMs:int32=60000
  response throttleTimeMs:int32 errorCode:int16@1+ replicaElectionResults:[]{ topic:string partitionResult:[]{ partitionId:int32 errorCode:int16
    errorMessage:string? } }
IncrementalAlterConfigs 44 versions 0-1 flexible 1+
  request resources:[]{ resourceType:int8 resourceName:string configs:[]{ name:string configOperation:int8 value:string? } } validateOnly:bool
  response throttleTimeMs:int32 responses:[]{ errorCode:int16 errorMessage:string? resourceType:int8 resourceName:string }
AlterPartitionReassignments 45 versions 0 flexible 0+
  request timeoutMs:int32=60000 topics:[]{ name:string partitions:[]{ partitionIndex:int32 replicas:[]int32?=null } }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string? responses:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16
    errorMessage:string? } }
ListPartitionReassignments 46 versions 0 flexible 0+
  request timeoutMs:int32=60000 topics:[]?=null{ name:string partitionIndexes:[]int32 }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string? topics:[]{ name:string partitions:[]{ partitionIndex:int32 replicas:[]int32
    addingReplicas:[]int32 removingReplicas:[]int32 } }
OffsetDelete 47 versions 0 flexible none
  request groupId:string topics:[]{ name:string partitions:[]{ partitionIndex:int32 } }
  response errorCode:int16 throttleTimeMs:int32 topics:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16 } }
DescribeClientQuotas 48 versions 0-1 flexible 1+
  request components:[]{ entityType:string matchType:int8 match:string? } strict:bool
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string? entries:[]?{ entity:[]{ entityType:string entityName:string? } values:[]{ key:string
    value:float64 } }
AlterClientQuotas 49 versions 0-1 flexible 1+
  request entries:[]{ entity:[]{ entityType:string entityName:string? } ops:[]{ key:string value:float64 remove:bool } } validateOnly:bool
  response throttleTimeMs:int32 entries:[]{ errorCode:int16 errorMessage:string? entity:[]{ entityType:string entityName:string? } }
DescribeUserScramCredentials 50 versions 0 flexible 0+
  request users:[]?{ name:string }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string? results:[]{ user:string errorCode:int16 errorMessage:string? credentialInfos:[]{
    mechanism:int8 iterations:int32 } }
AlterUserScramCredentials 51 versions 0 flexible 0+
  request deletions:[]{ name:string mechanism:int8 } upsertions:[]{ name:string mechanism:int8 iterations:int32 salt:bytes saltedPassword:bytes }
  response throttleTimeMs:int32 results:[]{ user:string errorCode:int16 errorMessage:string? }
DescribeQuorum 55 versions 0-2 flexible 0+
  request topics:[]{ topicName:string partitions:[]{ partitionIndex:int32 } }
  response errorCode:int16 errorMessage:string?@2+ topics:[]{ topicName:string partitions:[]{ partitionIndex:int32 errorCode:int16 errorMessage:string?@2+
    leaderId:int32 leaderEpoch:int32 highWatermark:int64 currentVoters:[]{ replicaId:int32 replicaDirectoryId:uuid@2+ logEndOffset:int64
    lastFetchTimestamp:int64@1+=-1 lastCaughtUpTimestamp:int64@1+=-1 } observers:[]{ replicaId:int32 replicaDirectoryId:uuid@2+ logEndOffset:int64
    lastFetchTimestamp:int64@1+=-1 lastCaughtUpTimestamp:int64@1+=-1 } } } nodes:[]@2+{ nodeId:int32 listeners:[]{ name:string host:string port:uint16 } }
AlterPartition 56 versions 0-3 flexible 0+
  request brokerId:int32 brokerEpoch:int64=-1 topics:[]{ topicName:string@0-1 topicId:uuid@2+ partitions:[]{ partitionIndex:int32 leaderEpoch:int32
    newIsr:[]int32@0-2 newIsrWithEpochs:[]@3+{ brokerId:int32 brokerEpoch:int64=-1 } leaderRecoveryState:int8@1+ partitionEpoch:int32 } }
  response throttleTimeMs:int32 errorCode:int16 topics:[]{ topicName:string@0-1 topicId:uuid@2+ partitions:[]{ partitionIndex:int32 errorCode:int16
    leaderId:int32 leaderEpoch:int32 isr:[]int32 leaderRecoveryState:int8@1+ partitionEpoch:int32 } }
UpdateFeatures 57 versions 0-2 flexible 0+
  request timeoutMs:int32=60000 featureUpdates:[]{ feature:string maxVersionLevel:int16 allowDowngrade:bool@0 upgradeType:int8@1+=1 }
    validateOnly:bool@1+
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string? results:[]@0-1{ feature:string errorCode:int16 errorMessage:string? }
DescribeCluster 60 versions 0-2 flexible 0+
  request includeClusterAuthorizedOperations:bool endpointType:int8@1+=1 includeFencedBrokers:bool@2+
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?=null endpointType:int8@1+=1 clusterId:string controllerId:int32=-1 brokers:[]{
    brokerId:int32 host:string port:int32 rack:string?=null isFenced:bool@2+ } clusterAuthorizedOperations:int32=-2147483648
DescribeProducers 61 versions 0 flexible 0+
  request topics:[]{ name:string partitionIndexes:[]int32 }
  response throttleTimeMs:int32 topics:[]{ name:string partitions:[]{ partitionIndex:int32 errorCode:int16 errorMessage:string?=null
    activeProducers:[]{ producerId:int64 producerEpoch:int32 lastSequence:int32=-1 lastTimestamp:int64=-1 coordinatorEpoch:int32
    currentTxnStartOffset:int64=-1 } } }
BrokerRegistration 62 versions 0-4 flexible 0+
  request brokerId:int32 clusterId:string incarnationId:uuid listeners:[]{ name:string host:string port:uint16 securityProtocol:int16 } features:[]{
    name:string minSupportedVersion:int16 maxSupportedVersion:int16 } rack:string? isMigratingZkBroker:bool@1+ logDirs:[]uuid@2+
    previousBrokerEpoch:int64@3+=-1
  response throttleTimeMs:int32 errorCode:int16 brokerEpoch:int64=-1
BrokerHeartbeat 63 versions 0-1 flexible 0+
  request brokerId:int32 brokerEpoch:int64=-1 currentMetadataOffset:int64 wantFence:bool wantShutDown:bool offlineLogDirs:[]uuid@1+#0
  response throttleTimeMs:int32 errorCode:int16 isCaughtUp:bool isFenced:bool=true shouldShutDown:bool
UnregisterBroker 64 versions 0 flexible 0+
  request brokerId:int32
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?
DescribeTransactions 65 versions 0 flexible 0+
  request transactionalIds:[]string
  response throttleTimeMs:int32 transactionStates:[]{ errorCode:int16 transactionalId:string transactionState:string transactionTimeoutMs:int32
    transactionStartTimeMs:int64 producerId:int64 producerEpoch:int16 topics:[]{ topic:string partitions:[]int32 } }
ListTransactions 66 versions 0-1 flexible 0+
  request stateFilters:[]string producerIdFilters:[]int64 durationFilter:int64@1+=-1
  response throttleTimeMs:int32 errorCode:int16 unknownStateFilters:[]string transactionStates:[]{ transactionalId:string producerId:int64
    transactionState:string }
ConsumerGroupHeartbeat 68 versions 0-1 flexible 0+
  request groupId:string memberId:string memberEpoch:int32 instanceId:string?=null rackId:string?=null rebalanceTimeoutMs:int32=-1
    subscribedTopicNames:[]string?=null subscribedTopicRegex:string?@1+=null serverAssignor:string?=null topicPartitions:[]?=null{ topicId:uuid
    partitions:[]int32 }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?=null memberId:string?=null memberEpoch:int32 heartbeatIntervalMs:int32
    assignment:?=null{ topicPartitions:[]{ topicId:uuid partitions:[]int32 } }
ConsumerGroupDescribe 69 versions 0-1 flexible 0+
  request groupIds:[]string includeAuthorizedOperations:bool
  response throttleTimeMs:int32 groups:[]{ errorCode:int16 errorMessage:string?=null groupId:string groupState:string groupEpoch:int32
    assignmentEpoch:int32 assignorName:string members:[]{ memberId:string instanceId:string?=null rackId:string?=null memberEpoch:int32
    clientId:string clientHost:string subscribedTopicNames:[]string subscribedTopicRegex:string?=null assignment:{ topicPartitions:[]{ topicId:uuid
    topicName:string partitions:[]int32 } } targetAssignment:{ topicPartitions:[]{ topicId:uuid topicName:string partitions:[]int32 } }
    memberType:int8@1+=-1 } authorizedOperations:int32=-2147483648 }
ListClientMetricsResources 74 versions 0 flexible 0+
  request
  response throttleTimeMs:int32 errorCode:int16 clientMetricsResources:[]{ name:string }
DescribeTopicPartitions 75 versions 0 flexible 0+
  request topics:[]{ name:string } responsePartitionLimit:int32=2000 cursor:?=null{ topicName:string partitionIndex:int32 }
  response throttleTimeMs:int32 topics:[]{ errorCode:int16 name:string? topicId:uuid isInternal:bool partitions:[]{ errorCode:int16
    partitionIndex:int32 leaderId:int32 leaderEpoch:int32=-1 replicaNodes:[]int32 isrNodes:[]int32 eligibleLeaderReplicas:[]int32?=null
    lastKnownElr:[]int32?=null offlineReplicas:[]int32 } topicAuthorizedOperations:int32=-2147483648 } nextCursor:?=null{ topicName:string
    partitionIndex:int32 }
ShareGroupHeartbeat 76 versions 0 flexible 0+
  request groupId:string memberId:string memberEpoch:int32 rackId:string?=null subscribedTopicNames:[]string?=null
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?=null memberId:string?=null memberEpoch:int32 heartbeatIntervalMs:int32
    assignment:?=null{ topicPartitions:[]{ topicId:uuid partitions:[]int32 } }
ShareGroupDescribe 77 versions 0 flexible 0+
  request groupIds:[]string includeAuthorizedOperations:bool
  response throttleTimeMs:int32 groups:[]{ errorCode:int16 errorMessage:string?=null groupId:string groupState:string groupEpoch:int32
    assignmentEpoch:int32 assignorName:string members:[]{ memberId:string rackId:string?=null memberEpoch:int32 clientId:string clientHost:string
    subscribedTopicNames:[]string assignment:{ topicPartitions:[]{ topicId:uuid topicName:string partitions:[]int32 } } }
    authorizedOperations:int32=-2147483648 }
ShareFetch 78 versions 0 flexible 0+
  request groupId:string?=null memberId:string? shareSessionEpoch:int32 maxWaitMs:int32 minBytes:int32 maxBytes:int32=2147483647 topics:[]{
    topicId:uuid partitions:[]{ partitionIndex:int32 partitionMaxBytes:int32 acknowledgementBatches:[]{ firstOffset:int64 lastOffset:int64
    acknowledgeTypes:[]int8 } } } forgottenTopicsData:[]{ topicId:uuid partitions:[]int32 }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?=null responses:[]{ topicId:uuid partitions:[]{ partitionIndex:int32
    errorCode:int16 errorMessage:string?=null acknowledgeErrorCode:int16 acknowledgeErrorMessage:string?=null currentLeader:{ leaderId:int32
    leaderEpoch:int32 } records:records? acquiredRecords:[]{ firstOffset:int64 lastOffset:int64 deliveryCount:int16 } } } nodeEndpoints:[]{
    nodeId:int32 host:string port:int32 rack:string?=null }
ShareAcknowledge 79 versions 0 flexible 0+
  request groupId:string?=null memberId:string? shareSessionEpoch:int32 topics:[]{ topicId:uuid partitions:[]{ partitionIndex:int32
    acknowledgementBatches:[]{ firstOffset:int64 lastOffset:int64 acknowledgeTypes:[]int8 } } }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?=null responses:[]{ topicId:uuid partitions:[]{ partitionIndex:int32
    errorCode:int16 errorMessage:string?=null currentLeader:{ leaderId:int32 leaderEpoch:int32 } } } nodeEndpoints:[]{ nodeId:int32 host:string
    port:int32 rack:string?=null }
AddRaftVoter 80 versions 0 flexible 0+
  request clusterId:string? timeoutMs:int32 voterId:int32 voterDirectoryId:uuid listeners:[]{ name:string host:string port:uint16 }
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?
RemoveRaftVoter 81 versions 0 flexible 0+
  request clusterId:string? voterId:int32 voterDirectoryId:uuid
  response throttleTimeMs:int32 errorCode:int16 errorMessage:string?
InitializeShareGroupState 83 versions 0 flexible 0+
  request groupId:string topics:[]{ topicId:uuid partitions:[]{ partition:int32 stateEpoch:int32 startOffset:int64 } }
  response results:[]{ topicId:uuid partitions:[]{ partition:int32 errorCode:int16 errorMessage:string?=null } }
ReadShareGroupState 84 versions 0 flexible 0+
  request groupId:string topics:[]{ topicId:uuid partitions:[]{ partition:int32 leaderEpoch:int32 } }
  response results:[]{ topicId:uuid partitions:[]{ partition:int32 errorCode:int16 errorMessage:string?=null stateEpoch:int32 startOffset:int64
    stateBatches:[]{ firstOffset:int64 lastOffset:int64 deliveryState:int8 deliveryCount:int16 } } }
WriteShareGroupState 85 versions 0 flexible 0+
  request groupId:string topics:[]{ topicId:uuid partitions:[]{ partition:int32 stateEpoch:int32 leaderEpoch:int32 startOffset:int64 stateBatches:[]{
    firstOffset:int64 lastOffset:int64 deliveryState:int8 deliveryCount:int16 } } }
  response results:[]{ topicId:uuid partitions:[]{ partition:int32 errorCode:int16 errorMessage:string?=null } }
DeleteShareGroupState 86 versions 0 flexible 0+
  request groupId:string topics:[]{ topicId:uuid partitions:[]{ partition:int32 } }
  response results:[]{ topicId:uuid partitions:[]{ partition:int32 errorCode:int16 errorMessage:string?=null } }
ReadShareGroupStateSummary 87 versions 0 flexible 0+
  request groupId:string topics:[]{ topicId:uuid partitions:[]{ partition:int32 leaderEpoch:int32 } }
  response results:[]{ topicId:uuid partitions:[]{ partition:int32 errorCode:int16 errorMessage:string?=null stateEpoch:int32 startOffset:int64 } }
`;

/** What consumers say to each other inside JoinGroup and SyncGroup: a version (int16), then these fields. */
export const EMBEDDED = `
ConsumerProtocolSubscription versions 0-3 flexible none
  value topics:[]string userData:bytes?=null ownedPartitions:[]@1+{ topic:string partitions:[]int32 } generationId:int32@2+=-1 rackId:string?@3+=null
ConsumerProtocolAssignment versions 0-3 flexible none
  value assignedPartitions:[]{ topic:string partitions:[]int32 } userData:bytes?=null
`;
