// Moving replicas between brokers: new ones are added, catch up, and only then the old ones go (Kafka ReplicationControlManager,
// PartitionReassignmentReplicas, PartitionReassignmentRevert; KIP-455).
import type { PartitionState } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse, ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse } from '../protocol/adminMessages.ts';
import type { Partitions } from './partitions.ts';
import { wrongAssignment } from './placement.ts';
import type { ControllerState } from './state.ts';

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const DONE: Refusal = { errorCode: 0, errorMessage: null };

export function alterReassignments(state: ControllerState, partitions: Partitions, request: AlterPartitionReassignmentsRequest): AlterPartitionReassignmentsResponse {
  const { cause } = state.kernel;
  const responses = request.topics.map((t) => ({
    name: t.name,
    partitions: t.partitions.map(({ partitionIndex, replicas }) => {
      state.kernel.cause = cause;
      const found = state.image.partition(t.name, partitionIndex);
      const result = !found
        ? { errorCode: ERR.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `There is no partition ${t.name}-${partitionIndex}.` }
        : replicas === null
          ? cancel(state, partitions, t.name, partitionIndex, found)
          : start(state, partitions, t.name, partitionIndex, found, replicas);
      return { partitionIndex, ...result };
    }),
  }));
  state.kernel.cause = cause;
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, responses };
}

function start(state: ControllerState, partitions: Partitions, topic: string, partition: number, found: PartitionState, target: readonly number[]): Refusal {
  const wrong = wrongAssignment(state.image, target, null);
  if (wrong) return { errorCode: ERR.INVALID_REPLICA_ASSIGNMENT, errorMessage: wrong };
  const ascending = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);
  const removing = ascending(found.replicas.filter((b) => !target.includes(b)));
  const adding = ascending(target.filter((b) => !found.replicas.includes(b)));
  partitions.change(topic, partition, {
    election: 'ONLINE',
    targetReplicas: [...target, ...removing],
    ...(removing.length > 0 && { targetRemoving: removing }),
    ...(adding.length > 0 && { targetAdding: adding }),
  });
  return DONE;
}

/** Takes the new replicas out again and keeps the old ones. */
function cancel(state: ControllerState, partitions: Partitions, topic: string, partition: number, found: PartitionState): Refusal {
  if (found.adding.length === 0 && found.removing.length === 0) return { errorCode: ERR.NO_REASSIGNMENT_IN_PROGRESS, errorMessage: null };
  const targetReplicas = found.replicas.filter((b) => !found.adding.includes(b));
  let targetIsr = found.isr.filter((b) => !found.adding.includes(b));
  if (targetIsr.length === 0) {
    // Only new replicas are in sync: going back means to take one that may lack records.
    if (!state.configOf(topic).uncleanLeaderElectionEnable)
      return { errorCode: ERR.INVALID_REPLICA_ASSIGNMENT, errorMessage: `Going back would make a replica of ${topic}-${partition} leader that is not in sync.` };
    targetIsr = [targetReplicas[0]!];
  }
  partitions.change(topic, partition, { targetReplicas, targetIsr, targetAdding: [], targetRemoving: [] });
  return DONE;
}

export function listReassignments(state: ControllerState, request: ListPartitionReassignmentsRequest): ListPartitionReassignmentsResponse {
  const asked = request.topics ?? [...state.image.topics.values()].map((t) => ({ name: t.name, partitionIndexes: [...t.partitions.keys()] }));
  const topics = asked
    .map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.flatMap((partitionIndex) => {
        const p = state.image.partition(name, partitionIndex);
        if (!p || (p.adding.length === 0 && p.removing.length === 0)) return [];
        return [{ partitionIndex, replicas: p.replicas, addingReplicas: p.adding, removingReplicas: p.removing }];
      }),
    }))
    .filter((t) => t.partitions.length > 0);
  return { throttleTimeMs: 0, errorCode: 0, errorMessage: null, topics };
}
