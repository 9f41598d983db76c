// A partition that a consumer owns: where it stands, what it has fetched, and what of that is not for the application
// (Kafka SubscriptionState, FetchBuffer).
import { nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import type { FetchPartitionResponse } from '../protocol/messages.ts';
import { visibility, type Visibility } from './isolation.ts';

export interface Owned {
  readonly topic: string;
  readonly index: number;
  /** Next offset to hand out; -1 = not known yet. */
  position: number;
  /** Position as of the last finished batch of work: what may be committed. */
  done: number;
  committed: number;
  /** Batches fetched and not handed out. */
  readonly buffer: RecordBatch[];
  /** Batches in the buffer that are passed over, and why. */
  readonly hidden: Map<RecordBatch, Visibility>;
  asking: boolean;
}

/** Buffers what an answer brings, and marks what is not for the application. */
export function takeAnswer(o: Owned, answer: FetchPartitionResponse, readCommitted: boolean): void {
  const seen = visibility(answer, readCommitted);
  (answer.records ?? []).forEach((batch, i) => {
    if (nextOffsetOf(batch) <= o.position) return;
    o.buffer.push(batch);
    if (seen[i] !== 'shown') o.hidden.set(batch, seen[i]!);
  });
}

/** Moves the position past the first batch in the buffer if it is hidden. @returns what was passed, null when it is for the application. */
export function passHidden(o: Owned): { readonly batch: RecordBatch; readonly from: number; readonly why: Visibility } | null {
  const batch = o.buffer[0];
  const why = batch && o.hidden.get(batch);
  if (!batch || !why) return null;
  const from = Math.max(o.position, batch.baseOffset);
  o.buffer.shift();
  o.hidden.delete(batch);
  o.position = nextOffsetOf(batch);
  return { batch, from, why };
}
