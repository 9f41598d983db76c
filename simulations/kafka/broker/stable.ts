// How far a reader may read: to the high watermark, or with read_committed to the first transaction that is not settled
// (Kafka UnifiedLog.fetchLastStableOffsetMetadata, FetchIsolation).
import type { Partition } from './partition.ts';

export const READ_COMMITTED = 1;

/** First offset of the earliest transaction that is open, or ended above the high watermark; else the high watermark. */
export function lastStableOffset(p: Partition): number {
  const first = p.log.transactions.firstUnstableOffset();
  if (first < 0 || first >= p.highWatermark) return p.highWatermark;
  return Math.max(first, p.log.logStartOffset);
}

/** Exclusive end of what a consumer may read. */
export function readableEnd(p: Partition, isolationLevel: number): number {
  return isolationLevel === READ_COMMITTED ? lastStableOffset(p) : p.highWatermark;
}
