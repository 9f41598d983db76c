// Requests that need little: versions, coordinator look-up, producer ids.
import { drawInt, drawKey } from '../../kernel/draws.ts';
import { featuresOf } from '../metadata/features.ts';
import { brokerName, OFFSETS_PARTITIONS, OFFSETS_TOPIC, PORT, SHARE_STATE_TOPIC, TRANSACTIONS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { ApiVersionsRequest, ApiVersionsResponse, FindCoordinatorRequest, FindCoordinatorResponse, FoundCoordinator, InitProducerIdResponse } from '../protocol/messages.ts';
import { partitionOfName } from '../javaHash.ts';
import { SHARE_KEY, statePartitionOf } from '../groups/share/home.ts';
import { autoCreate } from './metadata.ts';
import { transactionsPartitionOf } from './transactionLog.ts';
import type { Broker, Request } from './broker.ts';

/** What this broker speaks: Kafka 4.0's lowest versions, and the highest that are simulated. Produce is listed from 0 although 0 to 2 are refused (KAFKA-18659). */
export const SUPPORTED: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[] = [
  { apiKey: KEY.Produce, minVersion: 0, maxVersion: 12 },
  { apiKey: KEY.Fetch, minVersion: 4, maxVersion: 17 },
  { apiKey: KEY.ListOffsets, minVersion: 1, maxVersion: 10 },
  { apiKey: KEY.Metadata, minVersion: 0, maxVersion: 13 },
  { apiKey: KEY.OffsetCommit, minVersion: 2, maxVersion: 9 },
  { apiKey: KEY.OffsetFetch, minVersion: 1, maxVersion: 9 },
  { apiKey: KEY.FindCoordinator, minVersion: 0, maxVersion: 6 },
  { apiKey: KEY.JoinGroup, minVersion: 2, maxVersion: 9 },
  { apiKey: KEY.Heartbeat, minVersion: 0, maxVersion: 4 },
  { apiKey: KEY.LeaveGroup, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.SyncGroup, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.DescribeGroups, minVersion: 0, maxVersion: 6 },
  { apiKey: KEY.ListGroups, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.SaslHandshake, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.ApiVersions, minVersion: 0, maxVersion: 4 },
  { apiKey: KEY.CreateTopics, minVersion: 2, maxVersion: 7 },
  { apiKey: KEY.DeleteTopics, minVersion: 1, maxVersion: 6 },
  { apiKey: KEY.DeleteRecords, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.InitProducerId, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.OffsetForLeaderEpoch, minVersion: 2, maxVersion: 4 },
  { apiKey: KEY.AddPartitionsToTxn, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.AddOffsetsToTxn, minVersion: 0, maxVersion: 4 },
  { apiKey: KEY.EndTxn, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.WriteTxnMarkers, minVersion: 1, maxVersion: 1 },
  { apiKey: KEY.TxnOffsetCommit, minVersion: 0, maxVersion: 5 },
  { apiKey: KEY.DescribeAcls, minVersion: 1, maxVersion: 3 },
  { apiKey: KEY.CreateAcls, minVersion: 1, maxVersion: 3 },
  { apiKey: KEY.DeleteAcls, minVersion: 1, maxVersion: 3 },
  { apiKey: KEY.DescribeConfigs, minVersion: 1, maxVersion: 4 },
  { apiKey: KEY.AlterConfigs, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.AlterReplicaLogDirs, minVersion: 1, maxVersion: 2 },
  { apiKey: KEY.DescribeLogDirs, minVersion: 1, maxVersion: 4 },
  { apiKey: KEY.SaslAuthenticate, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.CreatePartitions, minVersion: 0, maxVersion: 3 },
  { apiKey: KEY.CreateDelegationToken, minVersion: 1, maxVersion: 3 },
  { apiKey: KEY.RenewDelegationToken, minVersion: 1, maxVersion: 2 },
  { apiKey: KEY.ExpireDelegationToken, minVersion: 1, maxVersion: 2 },
  { apiKey: KEY.DescribeDelegationToken, minVersion: 1, maxVersion: 3 },
  { apiKey: KEY.DeleteGroups, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.ElectLeaders, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.IncrementalAlterConfigs, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.AlterPartitionReassignments, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ListPartitionReassignments, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.OffsetDelete, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.DescribeClientQuotas, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.AlterClientQuotas, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.DescribeUserScramCredentials, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.AlterUserScramCredentials, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.DescribeQuorum, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.UpdateFeatures, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.DescribeCluster, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.DescribeProducers, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.UnregisterBroker, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.DescribeTransactions, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ListTransactions, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.ConsumerGroupHeartbeat, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.ConsumerGroupDescribe, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.ListClientMetricsResources, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.DescribeTopicPartitions, minVersion: 0, maxVersion: 0 },
  // Share groups are early access in Kafka 4.0: as with unstable.api.versions.enable, and share among group.coordinator.rebalance.protocols.
  { apiKey: KEY.ShareGroupHeartbeat, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ShareGroupDescribe, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ShareFetch, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ShareAcknowledge, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.AddRaftVoter, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.RemoveRaftVoter, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.InitializeShareGroupState, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ReadShareGroupState, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.WriteShareGroupState, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.DeleteShareGroupState, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ReadShareGroupStateSummary, minVersion: 0, maxVersion: 0 },
];

const BY_KEY: ((typeof SUPPORTED)[number] | undefined)[] = Array.from({ length: 1 + Math.max(...SUPPORTED.map((s) => s.apiKey)) }, (_, key) => SUPPORTED.find((s) => s.apiKey === key));

/** Whether a request is one that was advertised. ApiVersions itself answers what it does not know (KIP-511). */
export function speaks(api: number, version: number): boolean {
  const s = BY_KEY[api];
  return s !== undefined && (api === KEY.ApiVersions || (version >= s.minVersion && version <= s.maxVersion));
}

/** Names and versions of client software, told from version 3 on (Kafka ApiVersionsRequest). */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

export function versions(broker: Broker, request: Request): void {
  const { apiVersion } = request.message;
  const { clientSoftwareName, clientSoftwareVersion } = request.message.body as ApiVersionsRequest;
  if (apiVersion >= 3 && apiVersion <= 4 && !(SOFTWARE.test(clientSoftwareName) && SOFTWARE.test(clientSoftwareVersion))) {
    const response: ApiVersionsResponse = { errorCode: ERR.INVALID_REQUEST, apiKeys: [], throttleTimeMs: 0, supportedFeatures: [], finalizedFeaturesEpoch: -1, finalizedFeatures: [] };
    broker.reply(request, response, response.errorCode);
    return;
  }
  const known = apiVersion <= 4;
  const error = known ? 0 : ERR.UNSUPPORTED_VERSION;
  const features = featuresOf(broker.scenario);
  const response: ApiVersionsResponse = {
    errorCode: error,
    apiKeys: known ? SUPPORTED : SUPPORTED.filter((s) => s.apiKey === KEY.ApiVersions),
    throttleTimeMs: 0,
    // Clients before version 4 cannot read a lowest version of 0 (KIP-1022).
    supportedFeatures: features.filter((f) => apiVersion >= 4 || f.minVersion > 0).map(({ name, minVersion, maxVersion }) => ({ name, minVersion, maxVersion })),
    finalizedFeaturesEpoch: broker.image.offset,
    finalizedFeatures: features.filter((f) => f.finalized > 0).map((f) => ({ name: f.name, maxVersionLevel: f.finalized, minVersionLevel: f.finalized })),
  };
  broker.reply(request, response, error);
}

/** Partition of the offsets topic that keeps a group. */
export function offsetsPartitionOf(groupId: string): number {
  return partitionOfName(groupId, OFFSETS_PARTITIONS);
}

/** Kind of coordinator: what its state is kept in, and in which partition. */
const COORDINATORS: Readonly<Record<number, { readonly topic: string; readonly partitionOf: (key: string) => number }>> = {
  0: { topic: OFFSETS_TOPIC, partitionOf: offsetsPartitionOf },
  1: { topic: TRANSACTIONS_TOPIC, partitionOf: transactionsPartitionOf },
  2: { topic: SHARE_STATE_TOPIC, partitionOf: statePartitionOf },
};

const SHARE = 2;
/** Version of FindCoordinator from which on it is asked for. */
const SHARE_SINCE = 6;

/** From version 4 for several keys at once. The topic is created when it is first needed. */
export function findCoordinator(broker: Broker, request: Request): void {
  const body = request.message.body as FindCoordinatorRequest;
  const coordinators = body.coordinatorKeys.map((key) => coordinatorOf(broker, body.keyType, key, request.message.apiVersion));
  const response: FindCoordinatorResponse = { throttleTimeMs: 0, coordinators };
  broker.reply(request, response, coordinators.find((f) => f.errorCode !== 0)?.errorCode ?? 0);
}

function coordinatorOf(broker: Broker, keyType: number, key: string, apiVersion: number): FoundCoordinator {
  const found = (errorCode: number, errorMessage: string | null, nodeId: number): FoundCoordinator => ({
    key,
    nodeId,
    host: nodeId < 0 ? '' : brokerName(nodeId),
    port: nodeId < 0 ? -1 : PORT,
    errorCode,
    errorMessage,
  });
  const kind = COORDINATORS[keyType];
  if (keyType === SHARE && (apiVersion < SHARE_SINCE || !SHARE_KEY.test(key))) return found(ERR.INVALID_REQUEST, `${key} names no share partition.`, -1);
  if (!kind) return found(ERR.INVALID_REQUEST, `There is no coordinator of type ${keyType} here.`, -1);
  if (!broker.image.topics.has(kind.topic)) {
    autoCreate(broker, [kind.topic]);
    return found(ERR.COORDINATOR_NOT_AVAILABLE, null, -1);
  }
  const leader = broker.image.partition(kind.topic, kind.partitionOf(key))?.leader ?? -1;
  return leader < 0 ? found(ERR.COORDINATOR_NOT_AVAILABLE, null, -1) : found(0, null, leader);
}

/**
 * A fresh producer id. Kafka hands ids out in blocks of 1,000 per broker; here the blocks of each owner are drawn from the seed and its
 * name, so that one client's ids do not depend on who else asked first.
 */
export function nextProducerId(broker: Broker, owner: string): number {
  const n = broker.disk.producerIds.get(owner) ?? 0;
  broker.disk.producerIds.set(owner, n + 1);
  const block = drawInt(drawKey(broker.kernel.seed, `producer-ids/${broker.process.name}/${owner}`), Math.floor(n / 1000), 1_000_000);
  return block * 1000 + (n % 1000);
}

/** For a producer without a transactional.id: a fresh producer id, epoch 0, from any broker. */
export function initProducerId(broker: Broker, request: Request): void {
  const response: InitProducerIdResponse = { throttleTimeMs: 0, errorCode: 0, producerId: nextProducerId(broker, request.conn.client.name), producerEpoch: 0 };
  broker.reply(request, response, 0);
}
