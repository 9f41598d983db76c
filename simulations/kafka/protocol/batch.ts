// Record batches as the engine handles them: a header and a range of the record table. Bytes exist only where someone needs them.

export interface RecordBatch {
  /** Offset of the first record; given by the leader, 0 before that. */
  readonly baseOffset: number;
  /** partitionLeaderEpoch stamped by the leader; -1 before that. */
  readonly leaderEpoch: number;
  readonly lastOffsetDelta: number;
  /** Bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control (Kafka DefaultRecordBatch). */
  readonly attributes: number;
  /** Milliseconds since the epoch. */
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  /** -1 = none. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** Number of records. */
  readonly count: number;
  /** Size on the wire, bytes; for native clients an estimate. */
  readonly bytes: number;
  /** Id of the first record in the run's record table; the rest follow on. -1 for control batches. */
  readonly firstRecord: number;
  /** Unsigned 32-bit digest of producer, keys, n-th sends and values. */
  readonly digest: number;
  /** The batch as bytes when a client sent it as bytes; base offset and leader epoch in it are rewritten on the way out. */
  readonly encoded: Uint8Array | null;
  /** What a broker wrote into one of its own topics (group state, offsets); null for all else. */
  readonly internal: unknown;
  /** Offset deltas of the records that compaction has left, `count` of them; null = all. */
  readonly kept: readonly number[] | null;
}

/** What is read where there is nothing. */
export const NO_BATCHES: readonly RecordBatch[] = [];

/** Records of a batch whose offsets and names follow on from each other. */
export interface RecordRun {
  readonly offset: number;
  /** Id in the record table; -1 = none. */
  readonly firstRecord: number;
  readonly count: number;
}

/** The records at or above an offset in runs: one, unless compaction has taken some. */
export function runsOf(batch: RecordBatch, fromOffset: number): RecordRun[] {
  const { baseOffset, firstRecord } = batch;
  const runs: { offset: number; firstRecord: number; count: number }[] = [];
  if (batch.kept === null) {
    const skip = Math.max(0, fromOffset - baseOffset);
    if (skip < batch.count) runs.push({ offset: baseOffset + skip, firstRecord: firstRecord < 0 ? -1 : firstRecord + skip, count: batch.count - skip });
    return runs;
  }
  for (const delta of batch.kept) {
    const offset = baseOffset + delta;
    if (offset < fromOffset) continue;
    const last = runs[runs.length - 1];
    if (last && last.offset + last.count === offset) last.count++;
    else runs.push({ offset, firstRecord: firstRecord < 0 ? -1 : firstRecord + delta, count: 1 });
  }
  return runs;
}

/** Offset after the last record of a batch. */
export function nextOffsetOf(batch: RecordBatch): number {
  return batch.baseOffset + batch.lastOffsetDelta + 1;
}
