// Elections that are not forced by a broker's end: on request, back to preferred replicas, and again where nobody could be elected
// (Kafka ReplicationControlManager.electLeaders, maybeBalancePartitionLeaders).
import { ERR } from '../protocol/apiKeys.ts';
import type { ElectLeadersRequest, ElectLeadersResponse } from '../protocol/adminMessages.ts';
import type { Partitions } from './partitions.ts';
import type { ControllerState } from './state.ts';

const PREFERRED = 0;
const UNCLEAN = 1;

export function electLeaders(state: ControllerState, partitions: Partitions, request: ElectLeadersRequest): ElectLeadersResponse {
  const all = request.topicPartitions === null;
  const asked = request.topicPartitions ?? [...state.image.topics.values()].map((t) => ({ topic: t.name, partitions: [...t.partitions.keys()] }));
  const known = request.electionType === PREFERRED || request.electionType === UNCLEAN;
  const { cause } = state.kernel;
  const results = asked.map(({ topic, partitions: numbers }) => ({
    topic,
    partitionResult: numbers
      .map((partitionId) => {
        state.kernel.cause = cause;
        const errorCode = !known ? ERR.INVALID_REQUEST : electLeader(state, partitions, topic, partitionId, request.electionType === UNCLEAN);
        return { partitionId, errorCode, errorMessage: null };
      })
      // Asked for all, those that need nothing go without saying.
      .filter((r) => !(all && (!known || r.errorCode === ERR.ELECTION_NOT_NEEDED))),
  }));
  state.kernel.cause = cause;
  return { throttleTimeMs: 0, errorCode: known ? 0 : ERR.INVALID_REQUEST, replicaElectionResults: results };
}

function electLeader(state: ControllerState, partitions: Partitions, topic: string, partition: number, unclean: boolean): number {
  const found = state.image.partition(topic, partition);
  if (!found) return ERR.UNKNOWN_TOPIC_OR_PARTITION;
  if (unclean ? found.leader >= 0 : found.leader === found.replicas[0]) return ERR.ELECTION_NOT_NEEDED;
  const after = partitions.change(topic, partition, { election: unclean ? 'UNCLEAN' : 'PREFERRED' });
  if (after) return ERR.NONE;
  return unclean ? ERR.ELIGIBLE_LEADERS_NOT_AVAILABLE : ERR.PREFERRED_LEADER_NOT_AVAILABLE;
}

/** Gives partitions back to their preferred replicas where these are in sync. KRaft knows no share that must be out of place first. */
export function balanceLeaders(partitions: Partitions): void {
  partitions.each(
    (state) => state.leader !== state.replicas[0],
    () => ({ election: 'PREFERRED' }),
  );
}

/** Tries again where nobody could be elected and a replica out of sync may be. */
export function retryUnclean(state: ControllerState, partitions: Partitions): void {
  const { cause } = state.kernel;
  for (const topic of state.image.topics.values()) {
    if (!state.configOf(topic.name).uncleanLeaderElectionEnable) continue;
    topic.partitions.forEach((p, partition) => {
      state.kernel.cause = cause;
      if (p.leader < 0) partitions.change(topic.name, partition, { election: 'UNCLEAN' });
    });
  }
}
