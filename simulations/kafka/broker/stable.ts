// How far a reader may read: to the high watermark, or with read_committed to the first transaction that is not settled
// (Kafka UnifiedLog.fetchLastStableOffsetMetadata, FetchIsolation).
import type { Broker } from './broker.ts';
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

/** The high watermark of a replica has moved: transactions that ended below it hold nothing back, and a leader tells where the last stable offset is. */
export function highWatermarkMoved(broker: Broker, p: Partition): void {
  const { transactions } = p.log;
  if (transactions.firstUnstableOffset() < 0 && p.heldAt < 0) return;
  transactions.settleBelow(p.highWatermark);
  const stable = lastStableOffset(p);
  const heldAt = stable < p.highWatermark ? stable : -1;
  if (heldAt === p.heldAt) return;
  p.heldAt = heldAt;
  if (p.role === 'leader') broker.kernel.trace.emit('kafka.lastStableOffset', broker.process.sym, broker.kernel.cause, p.topicSym, p.index, stable, p.highWatermark);
}
