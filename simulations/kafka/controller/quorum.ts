// The quorum of controllers, which has one voter here, and the brokers that pull its log (Kafka KafkaRaftClient, LeaderState; KIP-595, KIP-836, KIP-853).
import { CLUSTER_ID, CONTROLLER, CONTROLLER_ID, METADATA_TOPIC } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { AddRaftVoterRequest, RaftVoterResponse, RemoveRaftVoterRequest } from '../protocol/clusterMessages.ts';
import type { DescribeQuorumRequest, DescribeQuorumResponse, QuorumReplica } from '../protocol/adminMessages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { ControllerState } from './state.ts';

/** Name and port of the listener that controllers have. */
const LISTENER = 'CONTROLLER';
const PORT = 9093;
/** A broker that has not asked for so long is forgotten, milliseconds (Kafka LeaderState.OBSERVER_SESSION_TIMEOUT_MS). */
const OBSERVER_MS = 300_000;

interface Observer {
  /** How far it had read when it asked last. */
  logEndOffset: number;
  /** Where the log ended then. */
  leaderEndOffset: number;
  /** Milliseconds since 1970. */
  lastFetchMs: number;
  /** When it last had all that there was, milliseconds since 1970; -1 = never. */
  lastCaughtUpMs: number;
}

export class Quorum {
  private readonly state: ControllerState;
  /** By broker id. Kept in memory: after a restart each is known again when it asks. */
  private readonly observers = new Map<number, Observer>();

  constructor(state: ControllerState) {
    this.state = state;
  }

  private get nowMs(): number {
    const { kernel } = this.state;
    return kernel.epochMs + Math.floor(kernel.nowUs / 1000);
  }

  /** A broker asks for the log from an offset on: so far it has it. */
  fetched(broker: number, offset: number): void {
    const { nowMs } = this;
    const leaderEndOffset = this.state.image.offset;
    const known = this.observers.get(broker);
    if (!known) {
      this.observers.set(broker, { logEndOffset: offset, leaderEndOffset, lastFetchMs: nowMs, lastCaughtUpMs: offset >= leaderEndOffset ? nowMs : -1 });
      return;
    }
    if (offset >= leaderEndOffset) known.lastCaughtUpMs = nowMs;
    else if (offset >= known.leaderEndOffset) known.lastCaughtUpMs = Math.max(known.lastCaughtUpMs, known.lastFetchMs);
    known.logEndOffset = offset;
    known.leaderEndOffset = leaderEndOffset;
    known.lastFetchMs = nowMs;
  }

  /** The one partition of the metadata log; whatever else is asked for is UNKNOWN_TOPIC_OR_PARTITION. */
  describe({ topics }: DescribeQuorumRequest): DescribeQuorumResponse {
    const [topic] = topics;
    const valid = topics.length === 1 && topic!.topicName === METADATA_TOPIC && topic!.partitions.length === 1 && topic!.partitions[0]!.partitionIndex === 0;
    const told = { errorCode: 0, errorMessage: null };
    if (!valid) {
      const unknown = { errorCode: ERR.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `Only ${METADATA_TOPIC}-0 has a quorum.` };
      const none = { ...unknown, leaderId: 0, leaderEpoch: 0, highWatermark: 0, currentVoters: [], observers: [] };
      return { ...told, topics: topics.map((t) => ({ topicName: t.topicName, partitions: t.partitions.map(({ partitionIndex }) => ({ partitionIndex, ...none })) })), nodes: [] };
    }
    const { nowMs } = this;
    const { process, image } = this.state;
    for (const [id, o] of this.observers) if (nowMs - o.lastFetchMs >= OBSERVER_MS) this.observers.delete(id);
    const observers = [...this.observers].sort(([a], [b]) => a - b).map(([id, o]) => replica(id, o.logEndOffset, o.lastFetchMs, o.lastCaughtUpMs));
    const partition = {
      partitionIndex: 0,
      ...told,
      leaderId: CONTROLLER_ID,
      // A single voter elects itself in a new epoch each time it starts.
      leaderEpoch: process.incarnation,
      // What it writes is committed at once.
      highWatermark: image.offset,
      currentVoters: [replica(CONTROLLER_ID, image.offset, nowMs, nowMs)],
      observers,
    };
    return {
      ...told,
      topics: [{ topicName: METADATA_TOPIC, partitions: [partition] }],
      nodes: [{ nodeId: CONTROLLER_ID, listeners: [{ name: LISTENER, host: CONTROLLER, port: PORT }] }],
    };
  }
}

/** Adding a voter: refused once the request is in order, because the quorum's voters are configured (kraft.version 0). */
export function addVoter({ clusterId, voterId, voterDirectoryId, listeners }: AddRaftVoterRequest): RaftVoterResponse {
  const wrong = wrongVoter(clusterId, voterId, voterDirectoryId);
  if (wrong) return wrong;
  if (!listeners.some((l) => l.name === LISTENER)) return refusal(ERR.INVALID_REQUEST, `The request does not say where the voter is to be reached: it needs a listener ${LISTENER}.`);
  return refusal(ERR.UNSUPPORTED_VERSION, 'No voter can be added at kraft.version 0: voters are configured.');
}

export function removeVoter({ clusterId, voterId, voterDirectoryId }: RemoveRaftVoterRequest): RaftVoterResponse {
  return wrongVoter(clusterId, voterId, voterDirectoryId) ?? refusal(ERR.UNSUPPORTED_VERSION, 'No voter can be removed at kraft.version 0: voters are configured.');
}

function wrongVoter(clusterId: string | null, voterId: number, voterDirectoryId: string): RaftVoterResponse | null {
  if (clusterId !== null && clusterId !== CLUSTER_ID) return refusal(ERR.INCONSISTENT_CLUSTER_ID, `This cluster is ${CLUSTER_ID}, not ${clusterId}.`);
  if (voterId < 0 || voterDirectoryId === ZERO_UUID) return refusal(ERR.INVALID_REQUEST, 'A voter has an id of at least 0 and the id of a directory.');
  return null;
}

function refusal(errorCode: number, errorMessage: string): RaftVoterResponse {
  return { throttleTimeMs: 0, errorCode, errorMessage };
}

/** No directory id is known, as in a quorum whose voters are configured (kraft.version 0). */
function replica(replicaId: number, logEndOffset: number, lastFetchTimestamp: number, lastCaughtUpTimestamp: number): QuorumReplica {
  return { replicaId, replicaDirectoryId: ZERO_UUID, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp };
}
