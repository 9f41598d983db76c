// What a partition remembers of each producer, to recognise resent batches, gaps, fenced epochs and open transactions
// (Kafka ProducerAppendInfo, ProducerStateEntry).
import type { RecordBatch } from '../protocol/batch.ts';
import type { Marker } from '../protocol/markers.ts';
import { CONTROL, TRANSACTIONAL } from '../protocol/records.ts';

const REMEMBERED = 5;
const MAX_SEQUENCE = 2_147_483_647;
/** Epoch, coordinator epoch, offset or sequence that is not there. */
const NONE = -1;

/** Written anew for a later batch once five others have followed. */
export interface RememberedBatch {
  firstSequence: number;
  lastSequence: number;
  baseOffset: number;
  lastOffset: number;
  /** Its largest timestamp, milliseconds. */
  timestampMs: number;
}

export interface ProducerEntry {
  producerEpoch: number;
  /** Epoch of the transaction coordinator that wrote the last marker; -1 = none did. */
  coordinatorEpoch: number;
  /** Where its open transaction begins in this partition; -1 = none is open. */
  currentTxnFirstOffset: number;
  /** Largest timestamp of its last batch or marker, milliseconds: when it was last heard of. */
  lastTimestampMs: number;
  /** The last five batches of the present epoch, oldest first. */
  readonly batches: RememberedBatch[];
}

export type ProducerStates = Map<number, ProducerEntry>;

export type ProducerError = 'INVALID_PRODUCER_EPOCH' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_TXN_STATE' | 'TRANSACTION_COORDINATOR_FENCED';

export type SequenceCheck = { readonly kind: 'append' } | { readonly kind: 'duplicate'; readonly batch: RememberedBatch } | { readonly kind: 'error'; readonly error: ProducerError };

/** A transaction whose marker was written. */
export interface CompletedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  readonly aborted: boolean;
}

/** What the first batch of a transaction waits for: the coordinator's word that the partition is in it (KIP-890). */
export interface Verification {
  /** Lowest sequence that asked: higher ones may not be appended before it. */
  readonly lowestSequence: number;
  /** Whether the client lets the broker add partitions and bumps its epoch with every transaction (transaction version 2). */
  readonly supportsEpochBump: boolean;
}

const APPEND: SequenceCheck = { kind: 'append' };
const refused = (error: ProducerError): SequenceCheck => ({ kind: 'error', error });

/**
 * Decides what a leader does with a batch. Batches without a producer id are always appended.
 * @param origin a coordinator's own records (offsets in a transaction) have no sequence numbers.
 * @param verification of this producer on this partition, where one is under way.
 */
export function checkSequence(states: ProducerStates, batch: RecordBatch, origin: 'client' | 'coordinator' = 'client', verification: Verification | null = null): SequenceCheck {
  if (batch.producerId < 0) return APPEND;
  const entry = states.get(batch.producerId);
  if (origin === 'client') {
    if (entry && batch.producerEpoch === entry.producerEpoch) {
      const lastSequence = sequenceAfter(batch.baseSequence, batch.count - 1);
      for (const b of entry.batches) if (b.firstSequence === batch.baseSequence && b.lastSequence === lastSequence) return { kind: 'duplicate', batch: b };
    }
  }
  if (entry && batch.producerEpoch < entry.producerEpoch) return refused('INVALID_PRODUCER_EPOCH');
  if (origin === 'client' && !inSequence(entry, batch, verification)) return refused('OUT_OF_ORDER_SEQUENCE_NUMBER');
  if (entry && entry.currentTxnFirstOffset !== NONE && (batch.attributes & TRANSACTIONAL) === 0) return refused('INVALID_TXN_STATE');
  return APPEND;
}

function inSequence(entry: ProducerEntry | undefined, batch: RecordBatch, verification: Verification | null): boolean {
  const { baseSequence } = batch;
  if (verification) {
    if (verification.supportsEpochBump && baseSequence !== 0 && (entry?.batches.length ?? 0) === 0) return false;
    if (baseSequence > verification.lowestSequence) return false;
  }
  // Nothing known, perhaps because retention has taken all of it: any number may follow.
  if (!entry) return true;
  if (batch.producerEpoch !== entry.producerEpoch) return baseSequence === 0;
  const last = entry.batches.at(-1);
  return baseSequence === (last && last.lastSequence !== NONE ? sequenceAfter(last.lastSequence, 1) : 0);
}

/** Decides whether a leader writes a marker. Its epoch may be the producer's own or a higher one, which then fences the lower. @returns null when it does. */
export function checkMarker(states: ProducerStates, producerId: number, producerEpoch: number, coordinatorEpoch: number): ProducerError | null {
  const entry = states.get(producerId);
  if (!entry) return null;
  if (producerEpoch < entry.producerEpoch) return 'INVALID_PRODUCER_EPOCH';
  return coordinatorEpoch < entry.coordinatorEpoch ? 'TRANSACTION_COORDINATOR_FENCED' : null;
}

/** Notes a batch that now stands in the log, on leader and follower alike. @returns the transaction that it ends, if it ends one. */
export function rememberBatch(states: ProducerStates, batch: RecordBatch): CompletedTransaction | null {
  if (batch.producerId < 0) return null;
  let entry = states.get(batch.producerId);
  if (!entry) states.set(batch.producerId, (entry = { producerEpoch: batch.producerEpoch, coordinatorEpoch: NONE, currentTxnFirstOffset: NONE, lastTimestampMs: NONE, batches: [] }));
  if (batch.producerEpoch !== entry.producerEpoch) {
    entry.producerEpoch = batch.producerEpoch;
    entry.batches.length = 0;
  }
  entry.lastTimestampMs = batch.maxTimestampMs;
  if ((batch.attributes & CONTROL) !== 0) return endTransaction(entry, batch);
  const { baseSequence, baseOffset } = batch;
  const lastSequence = sequenceAfter(baseSequence, batch.lastOffsetDelta);
  const lastOffset = baseOffset + batch.lastOffsetDelta;
  const { batches } = entry;
  if (batches.length < REMEMBERED) batches.push({ firstSequence: baseSequence, lastSequence, baseOffset, lastOffset, timestampMs: batch.maxTimestampMs });
  else {
    const oldest = batches[0]!;
    for (let i = 1; i < REMEMBERED; i++) batches[i - 1] = batches[i]!;
    batches[REMEMBERED - 1] = oldest;
    oldest.firstSequence = baseSequence;
    oldest.lastSequence = lastSequence;
    oldest.baseOffset = baseOffset;
    oldest.lastOffset = lastOffset;
    oldest.timestampMs = batch.maxTimestampMs;
  }
  if (entry.currentTxnFirstOffset === NONE && (batch.attributes & TRANSACTIONAL) !== 0) entry.currentTxnFirstOffset = batch.baseOffset;
  return null;
}

function endTransaction(entry: ProducerEntry, batch: RecordBatch): CompletedTransaction | null {
  // A control batch that compaction has emptied ends nothing: the whole transaction is gone.
  if (batch.count === 0) return null;
  const marker = batch.internal as Marker;
  const firstOffset = entry.currentTxnFirstOffset;
  entry.coordinatorEpoch = marker.coordinatorEpoch;
  entry.currentTxnFirstOffset = NONE;
  return firstOffset === NONE ? null : { producerId: batch.producerId, firstOffset, lastOffset: batch.baseOffset, aborted: marker.type === 'ABORT' };
}

/** Forgets producers that have been silent for producer.id.expiration.ms and have no open transaction (Kafka removeExpiredProducers). */
export function expireProducers(states: ProducerStates, nowMs: number, expirationMs: number): void {
  for (const [producerId, entry] of states) if (entry.currentTxnFirstOffset === NONE && nowMs - entry.lastTimestampMs >= expirationMs) states.delete(producerId);
}

/** Sequence numbers wrap from 2^31-1 to 0; -1, none, stays so. */
export function sequenceAfter(sequence: number, by: number): number {
  if (sequence < 0) return NONE;
  const next = sequence + by;
  return next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next;
}
