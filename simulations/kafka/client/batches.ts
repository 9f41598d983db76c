// What a native producer sends: batches of records, each to one partition (Kafka ProducerBatch, RecordAccumulator).
import type { Sym } from '../../contract/events.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { RecordBatch } from '../protocol/batch.ts';
import type { ProducePartitionResponse, ProduceResponse } from '../protocol/messages.ts';
import { TRANSACTIONAL } from '../protocol/records.ts';
import { RETRIABLE } from './client.ts';
import type { Naming } from './workload.ts';

const BATCH_OVERHEAD = 61;
export const RECORD_OVERHEAD = 12;

/** What every record looks at comes first, so that it lies together. */
export interface Batch {
  readonly naming: Naming;
  /** Its records, by the numbers that their naming knows them by. */
  readonly keys: number[];
  bytes: number;
  readonly createdUs: number;
  readonly lane: Lane;
  readonly topic: string;
  firstRecord: number;
  digest: number;
  /** Of its records, milliseconds since 1970: earliest and latest. */
  baseTimestampMs: number;
  maxTimestampMs: number;
  /** -1 = not yet given. */
  sequence: number;
  epoch: number;
  attempts: number;
  notBeforeUs: number;
  lastError: string;
  /** Broker it was last sent to; -1 = none. */
  sentTo: number;
}

/** What goes to one partition. What every record looks at comes first, so that it lies together. */
export interface Lane {
  readonly index: number;
  open: Batch | null;
  readonly number: number;
  readonly topic: string;
  readonly topicSym: Sym;
  readonly queue: Batch[];
  readonly inFlight: Batch[];
  nextSequence: number;
  epoch: number;
  /** Whether the sender has it among those with something in their queues. */
  listed: boolean;
}

/** Batches whose turn has come, of one leader. */
export interface Ready {
  readonly leader: number;
  readonly batches: Batch[];
}

export function newBatch(lane: Lane, naming: Naming, first: number, createdUs: number): Batch {
  return {
    naming,
    keys: [first],
    bytes: BATCH_OVERHEAD,
    createdUs,
    lane,
    topic: lane.topic,
    firstRecord: -1,
    digest: 0,
    baseTimestampMs: 0,
    maxTimestampMs: 0,
    sequence: -1,
    epoch: -1,
    attempts: 0,
    notBeforeUs: 0,
    lastError: '',
    sentTo: -1,
  };
}

/** A batch as the broker is sent it. */
export function recordBatch(b: Batch, by: { readonly producerId: number; readonly idempotent: boolean; readonly transactional: boolean }): RecordBatch {
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: b.keys.length - 1,
    attributes: by.transactional ? TRANSACTIONAL : 0,
    baseTimestampMs: b.baseTimestampMs,
    maxTimestampMs: b.maxTimestampMs,
    producerId: by.idempotent ? by.producerId : -1,
    producerEpoch: by.idempotent ? b.epoch : -1,
    baseSequence: by.idempotent ? b.sequence : -1,
    count: b.keys.length,
    bytes: b.bytes,
    firstRecord: b.firstRecord,
    digest: b.digest,
    encoded: null,
    internal: null,
    kept: null,
  };
}

export function answerTo(responses: ProduceResponse['responses'], lane: Lane): ProducePartitionResponse | undefined {
  for (const topic of responses) if (topic.name === lane.topic) for (const p of topic.partitionResponses) if (p.index === lane.index) return p;
  return undefined;
}

/** In a transaction a gap in the sequence is only waited for while an earlier batch is under way; what is not retriable aborts (Java TransactionManager.canRetry). */
export function retriableInTransaction(code: number, earlier: boolean): boolean {
  return code === ERR.OUT_OF_ORDER_SEQUENCE_NUMBER ? earlier : code === ERR.CONCURRENT_TRANSACTIONS || RETRIABLE.has(code);
}
