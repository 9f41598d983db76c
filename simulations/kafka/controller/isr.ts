// AlterPartition: a leader's proposal of another in-sync set, checked and committed (Kafka ReplicationControlManager.alterPartition; KIP-497, KIP-903).
import type { PartitionState } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { AlterPartitionRequest } from './messages.ts';
import type { Partitions } from './partitions.ts';
import type { ControllerState } from './state.ts';

/** @returns Kafka's error code; 0 when the proposal is committed. */
export function alterPartition(state: ControllerState, partitions: Partitions, request: AlterPartitionRequest): number {
  const { image } = state;
  if (image.brokers.get(request.brokerId)?.epoch !== request.brokerEpoch) return ERR.STALE_BROKER_EPOCH;
  const topic = image.topicById(request.topicId);
  if (!topic) return ERR.UNKNOWN_TOPIC_ID;
  const partition = topic.partitions[request.partition];
  if (!partition) return ERR.UNKNOWN_TOPIC_OR_PARTITION;
  const error = refusal(state, partition, request);
  if (error !== ERR.NONE) return error;
  // In the order of the proposal: who comes back stands last.
  const targetIsr = request.newIsr.map((m) => m.brokerId);
  const after = partitions.change(topic.name, request.partition, { targetIsr, recovered: true });
  // The proposal may finish a reassignment that takes the leadership away from who asked.
  return after && after.leader !== request.brokerId ? ERR.NEW_LEADER_ELECTED : ERR.NONE;
}

function refusal(state: ControllerState, partition: PartitionState, request: AlterPartitionRequest): number {
  // A leader that knows more than the controller has found one that no longer is.
  if (request.leaderEpoch > partition.leaderEpoch || request.partitionEpoch > partition.partitionEpoch) return ERR.NOT_CONTROLLER;
  if (request.leaderEpoch < partition.leaderEpoch) return ERR.FENCED_LEADER_EPOCH;
  if (request.brokerId !== partition.leader) return ERR.INVALID_REQUEST;
  if (request.partitionEpoch < partition.partitionEpoch) return ERR.INVALID_UPDATE_VERSION;
  const ids = request.newIsr.map((m) => m.brokerId);
  if (new Set(ids).size < ids.length || ids.some((b) => !partition.replicas.includes(b)) || !ids.includes(partition.leader)) return ERR.INVALID_REQUEST;
  const eligible = request.newIsr.every((m) => state.isActive(m.brokerId) && (m.brokerEpoch === -1 || m.brokerEpoch === state.image.brokers.get(m.brokerId)!.epoch));
  return eligible ? ERR.NONE : ERR.INELIGIBLE_REPLICA;
}
