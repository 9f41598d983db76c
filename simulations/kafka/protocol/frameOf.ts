// Any message of a run as it would stand on the wire, for people who look at it. Clients' messages are what the bridge makes; those between
// brokers and the controller carry fewer fields in the engine than in Kafka: what is not simulated stands at its default.
import type { Message } from '../../kernel/network.ts';
import type { Records } from '../../kernel/records.ts';
import type { AlterPartitionRequest, MetadataFetchRequest } from '../controller/messages.ts';
import { KEY } from './apiKeys.ts';
import { requestToWire, responseToWire } from './bridge.ts';
import { encodeRequest, type Body } from './codec.ts';

/** The topic id that KRaft's metadata log always has: 1. */
const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
/** First version of Fetch that names topics by id (KIP-516). */
const FETCH_BY_ID = 13;

/** @param topicId of a topic by name: newer versions name topics by id. @returns the whole frame, its size in front; null for what the controller's log carries, whose records are values only. */
export function frameOf(message: Message, rows: Records, topicId: (name: string) => string): Uint8Array | null {
  if (message.api === KEY.Fetch && !('topics' in (message.body as Body)) && !('responses' in (message.body as Body))) {
    return message.response ? null : encode(message, metadataFetch(message.body as MetadataFetchRequest));
  }
  if (message.api === KEY.Fetch && message.apiVersion >= FETCH_BY_ID) {
    const body = message.response ? byId(message.body as Body, 'responses', topicId) : withReplicaState(byId(message.body as Body, 'topics', topicId));
    return bytesOf({ ...message, body }, rows);
  }
  if (message.api === KEY.AlterPartition && !message.response) return encode(message, alterPartition(message.body as AlterPartitionRequest));
  return bytesOf(message, rows);
}

function bytesOf(message: Message, rows: Records): Uint8Array {
  return message.response ? responseToWire(message, rows) : requestToWire(message, rows);
}

function encode({ api, apiVersion, correlationId, clientId }: Message, body: Body): Uint8Array {
  return encodeRequest({ apiKey: api, apiVersion, correlationId, clientId }, body);
}

/** Observers of the quorum pull the metadata log with Fetch. */
function metadataFetch(body: MetadataFetchRequest): Body {
  return {
    replicaState: { replicaId: body.replicaId, replicaEpoch: -1 },
    maxWaitMs: body.maxWaitMs,
    topics: [{ topicId: METADATA_TOPIC_ID, partitions: [{ partition: 0, fetchOffset: body.fetchOffset, partitionMaxBytes: 1_048_576 }] }],
  };
}

function byId(body: Body, list: 'topics' | 'responses', topicId: (name: string) => string): Body {
  return { ...body, [list]: (body[list] as { topic: string; topicId?: string }[]).map((t) => (t.topicId ? t : { ...t, topicId: topicId(t.topic) })) };
}

/** From version 15 on the follower stands beside its broker epoch (KIP-903). */
function withReplicaState(body: Body): Body {
  const { replicaId, replicaEpoch } = body as { replicaId?: number; replicaEpoch?: number };
  return { ...body, replicaState: { replicaId: replicaId ?? -1, replicaEpoch: replicaEpoch ?? -1 } };
}

function alterPartition({ brokerId, brokerEpoch, topicId, partition, leaderEpoch, partitionEpoch, newIsr }: AlterPartitionRequest): Body {
  return { brokerId, brokerEpoch, topics: [{ topicId, partitions: [{ partitionIndex: partition, leaderEpoch, newIsrWithEpochs: newIsr, partitionEpoch }] }] };
}
