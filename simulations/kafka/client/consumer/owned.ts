// A partition that a consumer owns: where it stands, what it has fetched, and what of that is not for the application
// (Kafka SubscriptionState, FetchBuffer).
import type { TopicPartition } from '../../assignors/members.ts';
import { nextOffsetOf, type RecordBatch } from '../../protocol/batch.ts';
import type { FetchPartitionResponse } from '../../protocol/messages.ts';
import { visibility, type Visibility } from '../isolation.ts';

export interface Owned extends TopicPartition {
  /** Next offset to hand out; -1 = not known yet. */
  position: number;
  /** Leader epoch of the last batch handed out; -1 = none. */
  epoch: number;
  /** Whether the group's committed offset was asked for. */
  initialised: boolean;
  /** About to be given up: nothing more is handed out. */
  held: boolean;
  /** Batches fetched and not handed out. */
  readonly buffer: RecordBatch[];
  /** Batches in the buffer that are passed over, and why. */
  readonly hidden: Map<RecordBatch, Visibility>;
  asking: boolean;
}

export function newOwned({ topic, partition }: TopicPartition): Owned {
  return { topic, partition, position: -1, epoch: -1, initialised: false, held: false, buffer: [], hidden: new Map(), asking: false };
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
  o.epoch = batch.leaderEpoch;
  return { batch, from, why };
}
