// What a partition remembers of each producer, to recognise resent batches, gaps, fenced epochs and open transactions
// (Kafka ProducerAppendInfo, ProducerStateEntry).
import type { RecordBatch } from '../protocol/batch.ts';
import type { Marker } from '../protocol/markers.ts';
import { CONTROL, TRANSACTIONAL } from '../protocol/records.ts';

const MAX_SEQUENCE = 2_147_483_647;
/** Epoch, coordinator epoch, offset or sequence that is not there. */
const NONE = -1;

/** One producer, as a partition knows it. Its batches are those of the log itself: nothing is copied. */
export class ProducerEntry {
  producerEpoch: number;
  /** Epoch of the transaction coordinator that wrote the last marker; -1 = none did. */
  coordinatorEpoch = NONE;
  /** Where its open transaction begins in this partition; -1 = none is open. */
  currentTxnFirstOffset = NONE;
  /** Sequence number that its next batch begins with. */
  nextSequence = 0;
  /** Whether each batch that is remembered began where the one before it had ended. */
  private consecutive = true;
  /** Its last batch or marker: when it was last heard of. */
  private heard: RecordBatch;
  /** The last five batches of the present epoch. */
  newest: RecordBatch | null = null;
  private second: RecordBatch | null = null;
  private third: RecordBatch | null = null;
  private fourth: RecordBatch | null = null;
  private fifth: RecordBatch | null = null;

  constructor(producerEpoch: number, heard: RecordBatch) {
    this.producerEpoch = producerEpoch;
    this.heard = heard;
  }

  /** Largest timestamp of its last batch or marker, milliseconds: when it was last heard of. */
  get lastTimestampMs(): number {
    return this.heard.maxTimestampMs;
  }

  /** Last sequence number of its last batch; -1 = none. */
  get lastSequence(): number {
    const { newest } = this;
    return newest ? lastSequenceOf(newest) : NONE;
  }

  /** The last five batches of the present epoch, oldest first. */
  get batches(): RecordBatch[] {
    return [this.fifth, this.fourth, this.third, this.second, this.newest].filter((b) => b !== null);
  }

  /** One of the last five batches with exactly these sequence numbers. */
  find(firstSequence: number, lastSequence: number): RecordBatch | null {
    // The next in turn is not there; 0 may be, from before the numbers began anew.
    if (this.consecutive && firstSequence === this.nextSequence && firstSequence !== 0) return null;
    return this.batches.find((b) => b.baseSequence === firstSequence && lastSequenceOf(b) === lastSequence) ?? null;
  }

  hear(batch: RecordBatch): void {
    this.heard = batch;
    if (batch.producerEpoch === this.producerEpoch) return;
    this.producerEpoch = batch.producerEpoch;
    this.newest = this.second = this.third = this.fourth = this.fifth = null;
    this.nextSequence = 0;
    this.consecutive = true;
  }

  remember(batch: RecordBatch): void {
    if (this.newest && batch.baseSequence !== this.nextSequence) this.consecutive = false;
    this.fifth = this.fourth;
    this.fourth = this.third;
    this.third = this.second;
    this.second = this.newest;
    this.newest = batch;
    const last = lastSequenceOf(batch);
    this.nextSequence = last === NONE ? 0 : sequenceAfter(last, 1);
  }

  /** Lets go of the bytes of batches before an offset: the log has given them up. */
  lighten(offset: number): void {
    const light = <B extends RecordBatch | null>(b: B): B => (b?.encoded && b.baseOffset < offset ? { ...b, encoded: null } : b);
    this.newest = light(this.newest);
    this.second = light(this.second);
    this.third = light(this.third);
    this.fourth = light(this.fourth);
    this.fifth = light(this.fifth);
    this.heard = light(this.heard);
  }

  /** As Kafka's snapshot files keep it: with its last batch only, and nothing of what it carried. */
  abridged(): ProducerEntry {
    const copy = new ProducerEntry(this.producerEpoch, this.heard);
    copy.coordinatorEpoch = this.coordinatorEpoch;
    copy.currentTxnFirstOffset = this.currentTxnFirstOffset;
    if (this.newest) copy.remember(this.newest);
    copy.lighten(Infinity);
    return copy;
  }
}

export type ProducerStates = Map<number, ProducerEntry>;

export type ProducerError = 'INVALID_PRODUCER_EPOCH' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_TXN_STATE' | 'TRANSACTION_COORDINATOR_FENCED';

export type SequenceCheck = { readonly kind: 'append' } | { readonly kind: 'duplicate'; readonly batch: RecordBatch } | { readonly kind: 'error'; readonly error: ProducerError };

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
      const known = entry.find(batch.baseSequence, sequenceAfter(batch.baseSequence, batch.count - 1));
      if (known) return { kind: 'duplicate', batch: known };
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
    if (verification.supportsEpochBump && baseSequence !== 0 && !entry?.newest) return false;
    if (baseSequence > verification.lowestSequence) return false;
  }
  // Nothing known, perhaps because retention has taken all of it: any number may follow.
  if (!entry) return true;
  if (batch.producerEpoch !== entry.producerEpoch) return baseSequence === 0;
  return baseSequence === entry.nextSequence;
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
  if (entry) entry.hear(batch);
  else states.set(batch.producerId, (entry = new ProducerEntry(batch.producerEpoch, batch)));
  if ((batch.attributes & CONTROL) !== 0) return endTransaction(entry, batch);
  entry.remember(batch);
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

function lastSequenceOf(batch: RecordBatch): number {
  return sequenceAfter(batch.baseSequence, batch.lastOffsetDelta);
}

/** Sequence numbers wrap from 2^31-1 to 0; -1, none, stays so. */
export function sequenceAfter(sequence: number, by: number): number {
  if (sequence < 0) return NONE;
  const next = sequence + by;
  return next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next;
}
