// Requests that need little: versions, coordinator look-up, producer ids.
import { drawInt, drawKey } from '../../kernel/draws.ts';
import { brokerName, OFFSETS_PARTITIONS, OFFSETS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { ApiVersionsResponse, FindCoordinatorRequest, FindCoordinatorResponse, FoundCoordinator, InitProducerIdRequest, InitProducerIdResponse } from '../protocol/messages.ts';
import { autoCreate, PORT } from './metadata.ts';
import type { Broker, Request } from './broker.ts';

/** What this broker speaks: Kafka 4.0's lowest versions, and the highest that are simulated. Produce is listed from 0 although 0 to 2 are refused (KAFKA-18659). */
export const SUPPORTED: readonly { readonly apiKey: number; readonly minVersion: number; readonly maxVersion: number }[] = [
  { apiKey: KEY.Produce, minVersion: 0, maxVersion: 9 },
  { apiKey: KEY.Fetch, minVersion: 4, maxVersion: 12 },
  { apiKey: KEY.ListOffsets, minVersion: 1, maxVersion: 6 },
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
  { apiKey: KEY.ApiVersions, minVersion: 0, maxVersion: 3 },
  { apiKey: KEY.CreateTopics, minVersion: 2, maxVersion: 7 },
  { apiKey: KEY.InitProducerId, minVersion: 0, maxVersion: 4 },
  { apiKey: KEY.DeleteGroups, minVersion: 0, maxVersion: 2 },
  { apiKey: KEY.OffsetDelete, minVersion: 0, maxVersion: 0 },
  { apiKey: KEY.ConsumerGroupHeartbeat, minVersion: 0, maxVersion: 1 },
  { apiKey: KEY.ConsumerGroupDescribe, minVersion: 0, maxVersion: 1 },
];

export function versions(broker: Broker, request: Request): void {
  const known = request.message.apiVersion <= 3;
  const error = known ? 0 : ERR.UNSUPPORTED_VERSION;
  const response: ApiVersionsResponse = { errorCode: error, apiKeys: known ? SUPPORTED : SUPPORTED.filter((s) => s.apiKey === KEY.ApiVersions), throttleTimeMs: 0 };
  broker.reply(request, response, error);
}

/** Partition of the offsets topic that keeps a group: Java's String.hashCode, made positive as Kafka's Utils.abs does, modulo 50. */
export function offsetsPartitionOf(groupId: string): number {
  let hash = 0;
  for (let i = 0; i < groupId.length; i++) hash = (Math.imul(hash, 31) + groupId.charCodeAt(i)) | 0;
  return (hash === -2147483648 ? 0 : Math.abs(hash)) % OFFSETS_PARTITIONS;
}

export function findCoordinator(broker: Broker, request: Request): void {
  const body = request.message.body as FindCoordinatorRequest;
  const coordinators = body.coordinatorKeys.map((key) => coordinatorOf(broker, body.keyType, key));
  const response: FindCoordinatorResponse = { throttleTimeMs: 0, coordinators };
  broker.reply(request, response, coordinators.find((f) => f.errorCode !== 0)?.errorCode ?? 0);
}

function coordinatorOf(broker: Broker, keyType: number, key: string): FoundCoordinator {
  const found = (errorCode: number, errorMessage: string | null, nodeId: number): FoundCoordinator => ({
    key,
    nodeId,
    host: nodeId < 0 ? '' : brokerName(nodeId),
    port: nodeId < 0 ? -1 : PORT,
    errorCode,
    errorMessage,
  });
  if (keyType !== 0) return found(ERR.INVALID_REQUEST, 'Transactions are not simulated yet.', -1);
  if (!broker.image.topics.has(OFFSETS_TOPIC)) {
    autoCreate(broker, [OFFSETS_TOPIC]);
    return found(ERR.COORDINATOR_NOT_AVAILABLE, null, -1);
  }
  const leader = broker.image.partition(OFFSETS_TOPIC, offsetsPartitionOf(key))?.leader ?? -1;
  return leader < 0 ? found(ERR.COORDINATOR_NOT_AVAILABLE, null, -1) : found(0, null, leader);
}

/**
 * A fresh producer id, epoch 0. Kafka hands ids out in blocks of 1,000 per broker; here a client's block is drawn from the seed and its
 * name, so that one client's ids do not depend on who else asked first.
 */
export function initProducerId(broker: Broker, request: Request): void {
  const body = request.message.body as InitProducerIdRequest;
  const client = request.conn.client.name;
  if (body.transactionalId !== null) {
    const refused: InitProducerIdResponse = { throttleTimeMs: 0, errorCode: ERR.INVALID_REQUEST, producerId: -1, producerEpoch: -1 };
    broker.reply(request, refused, ERR.INVALID_REQUEST);
    return;
  }
  const n = broker.disk.producerIds.get(client) ?? 0;
  broker.disk.producerIds.set(client, n + 1);
  const block = drawInt(drawKey(broker.kernel.seed, `producer-ids/${broker.process.name}/${client}`), 0, 1_000_000);
  const response: InitProducerIdResponse = { throttleTimeMs: 0, errorCode: 0, producerId: block * 1000 + (n % 1000), producerEpoch: 0 };
  broker.reply(request, response, 0);
}
