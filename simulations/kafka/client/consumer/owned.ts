// A partition that a consumer owns: where it stands, what it has fetched, and what of that is not for the application
// (Kafka SubscriptionState, FetchBuffer).
import type { TopicPartition } from '../../assignors/members.ts';
import type { Sym } from '../../../contract/events.ts';
import { NO_BATCHES, nextOffsetOf, runsOf, type RecordBatch, type RecordRun } from '../../protocol/batch.ts';
import type { FetchPartition, FetchPartitionResponse } from '../../protocol/messages.ts';
import { hidesNothing, visibility, type Visibility } from '../isolation.ts';

export interface Owned extends TopicPartition {
  readonly topicSym: Sym;
  /** What the last fetch asked for it: asked again as it is while nothing has moved. */
  asked: FetchPartition | null;
  /** Next offset to hand out; -1 = not known yet, -2 = the first one there is, which is not known yet. */
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
  /** Given up: what still comes for it is too late. */
  gone: boolean;
}

export function newOwned({ topic, partition }: TopicPartition, topicSym: Sym): Owned {
  return { topic, partition, topicSym, asked: null, position: -1, epoch: -1, initialised: false, held: false, buffer: [], hidden: new Map(), asking: false, gone: false };
}

/** Buffers what an answer brings, and marks what is not for the application. */
export function takeAnswer(o: Owned, answer: FetchPartitionResponse, readCommitted: boolean): void {
  const records = answer.records ?? NO_BATCHES;
  if (records.length === 0) return;
  const seen = hidesNothing(answer) ? null : visibility(answer, readCommitted);
  for (let i = 0; i < records.length; i++) {
    const batch = records[i]!;
    if (nextOffsetOf(batch) <= o.position) continue;
    o.buffer.push(batch);
    if (seen && seen[i] !== 'shown') o.hidden.set(batch, seen[i]!);
  }
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

/** What `takeRun` gave last: nothing is allocated for a batch. */
const taken = { offset: 0, firstRecord: -1, count: 0 };

/**
 * Takes the next records that follow on from each other out of the buffer.
 * @returns null when it is empty; `count` 0 for a batch that compaction has emptied. Valid until the next call.
 */
export function takeRun(o: Owned, max: number): RecordRun | null {
  const b = o.buffer[0];
  if (!b) return null;
  let { offset, firstRecord, count } = wholeRun(b, o.position);
  let isLast = true;
  if (b.kept !== null) {
    const [run, ...more] = runsOf(b, o.position);
    ({ offset, firstRecord, count } = run ?? { offset: nextOffsetOf(b), firstRecord: -1, count: 0 });
    isLast = more.length === 0;
  }
  if (count > max) {
    count = max;
    isLast = false;
  }
  o.position = isLast ? nextOffsetOf(b) : offset + count;
  o.epoch = b.leaderEpoch;
  if (isLast) o.buffer.shift();
  taken.offset = offset;
  taken.firstRecord = firstRecord;
  taken.count = count;
  return taken;
}

function wholeRun(b: RecordBatch, position: number): RecordRun {
  const skip = Math.max(0, position - b.baseOffset);
  taken.offset = b.baseOffset + skip;
  taken.firstRecord = b.firstRecord < 0 ? -1 : b.firstRecord + skip;
  taken.count = b.count - skip;
  return taken;
}
