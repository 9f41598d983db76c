// Which of the batches in a fetch answer a consumer hands out: never markers, and with read_committed no records of aborted
// transactions (Kafka CompletedFetch).
import { NO_BATCHES, nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import type { FetchPartitionResponse } from '../protocol/messages.ts';
import type { Marker } from '../protocol/markers.ts';
import { CONTROL, TRANSACTIONAL } from '../protocol/records.ts';

export type Visibility = 'shown' | 'aborted' | 'marker';

/** Whether all of an answer is shown: it carries nothing of transactions. */
export function hidesNothing(answer: FetchPartitionResponse): boolean {
  return !anyWith(answer.records ?? NO_BATCHES, TRANSACTIONAL | CONTROL);
}

/** @returns what becomes of each batch, in order. */
export function visibility(answer: FetchPartitionResponse, readCommitted: boolean): Visibility[] {
  const batches = answer.records ?? NO_BATCHES;
  if (hidesNothing(answer)) return batches.map(() => 'shown');
  const ahead = [...((readCommitted && answer.abortedTransactions) || [])].sort((a, b) => a.firstOffset - b.firstOffset);
  /** Producers whose present transaction is aborted. */
  const aborted = new Set<number>();
  return batches.map((batch) => {
    while (ahead.length > 0 && ahead[0]!.firstOffset < nextOffsetOf(batch)) aborted.add(ahead.shift()!.producerId);
    if ((batch.attributes & CONTROL) !== 0) {
      if ((batch.internal as Marker | null)?.type === 'ABORT') aborted.delete(batch.producerId);
      return 'marker';
    }
    return (batch.attributes & TRANSACTIONAL) !== 0 && aborted.has(batch.producerId) ? 'aborted' : 'shown';
  });
}

/** Whether an answer shows that its partition has transactions. */
export function hasTransactions(answer: FetchPartitionResponse): boolean {
  return (answer.errorCode === 0 && answer.lastStableOffset >= 0 && answer.lastStableOffset < answer.highWatermark) || anyWith(answer.records ?? NO_BATCHES, TRANSACTIONAL);
}

function anyWith(batches: readonly RecordBatch[], attributes: number): boolean {
  for (const b of batches) if ((b.attributes & attributes) !== 0) return true;
  return false;
}
