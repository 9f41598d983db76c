// What a partition remembers of each producer, to recognise resent batches and gaps (Kafka ProducerAppendInfo, ProducerStateEntry).
import type { RecordBatch } from '../protocol/batch.ts';

const REMEMBERED = 5;
const MAX_SEQUENCE = 2_147_483_647;

export interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
}

export interface ProducerEntry {
  producerEpoch: number;
  /** The last five batches, oldest first. */
  readonly batches: RememberedBatch[];
}

export type SequenceCheck =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly batch: RememberedBatch }
  | { readonly kind: 'error'; readonly error: 'INVALID_PRODUCER_EPOCH' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' };

export type ProducerStates = Map<number, ProducerEntry>;

/** Decides what a leader does with a client's batch. Batches without a producer id are always appended. */
export function checkSequence(states: ProducerStates, batch: RecordBatch): SequenceCheck {
  if (batch.producerId < 0) return { kind: 'append' };
  const entry = states.get(batch.producerId);
  if (!entry) return { kind: 'append' };
  const lastSequence = sequenceAfter(batch.baseSequence, batch.count - 1);
  if (batch.producerEpoch === entry.producerEpoch) {
    for (const b of entry.batches) if (b.firstSequence === batch.baseSequence && b.lastSequence === lastSequence) return { kind: 'duplicate', batch: b };
  }
  if (batch.producerEpoch < entry.producerEpoch) return { kind: 'error', error: 'INVALID_PRODUCER_EPOCH' };
  const last = entry.batches.at(-1);
  const expected = batch.producerEpoch > entry.producerEpoch || !last ? 0 : sequenceAfter(last.lastSequence, 1);
  if (batch.producerEpoch === entry.producerEpoch && !last) return { kind: 'append' };
  return batch.baseSequence === expected ? { kind: 'append' } : { kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' };
}

/** Notes a batch that now stands in the log, on leader and follower alike. */
export function rememberBatch(states: ProducerStates, batch: RecordBatch): void {
  if (batch.producerId < 0 || batch.baseSequence < 0) return;
  let entry = states.get(batch.producerId);
  if (!entry) states.set(batch.producerId, (entry = { producerEpoch: batch.producerEpoch, batches: [] }));
  if (batch.producerEpoch !== entry.producerEpoch) {
    entry.producerEpoch = batch.producerEpoch;
    entry.batches.length = 0;
  }
  entry.batches.push({
    firstSequence: batch.baseSequence,
    lastSequence: sequenceAfter(batch.baseSequence, batch.count - 1),
    baseOffset: batch.baseOffset,
    lastOffset: batch.baseOffset + batch.lastOffsetDelta,
  });
  if (entry.batches.length > REMEMBERED) entry.batches.shift();
}

/** Sequence numbers wrap from 2^31-1 to 0. */
export function sequenceAfter(sequence: number, by: number): number {
  const next = sequence + by;
  return next > MAX_SEQUENCE ? next - MAX_SEQUENCE - 1 : next;
}
