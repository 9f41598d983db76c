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
}

/** Offset after the last record of a batch. */
export function nextOffsetOf(batch: RecordBatch): number {
  return batch.baseOffset + batch.lastOffsetDelta + 1;
}
