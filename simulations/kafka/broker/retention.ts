// Which of the oldest segments a log gives up: what stands below its start, what is too much, what is too old
// (Kafka UnifiedLog.deleteOldSegments).
import type { PartitionLog } from './log.ts';
import { retentionTimestampMs, type Segment } from './segments.ts';

export type StartReason = 'retentionTime' | 'retentionSize' | 'deleteRecords' | 'leader' | 'outOfRange';

export interface Deleted {
  readonly reason: StartReason;
  /** Whether the log start offset moved with it. */
  readonly moved: boolean;
  readonly records: number;
}

/** @param highWatermark segments that reach it or beyond are kept. @param told hears of each step as it is made. */
export function deleteOldSegments(log: PartitionLog, highWatermark: number, nowMs: number, told: (deleted: Deleted) => void): void {
  const { config } = log;
  remove(log, highWatermark, 'deleteRecords', (_segment, next) => next !== undefined && next.baseOffset <= log.logStartOffset, told);
  if (!config.delete) return;
  if (config.retentionBytes >= 0) {
    let over = log.size() - config.retentionBytes;
    remove(
      log,
      highWatermark,
      'retentionSize',
      (segment) => {
        if (over - segment.bytes < 0) return false;
        over -= segment.bytes;
        return true;
      },
      told,
    );
  }
  if (config.retentionMs >= 0) remove(log, highWatermark, 'retentionTime', (segment) => nowMs - retentionTimestampMs(segment) > config.retentionMs, told);
}

function remove(log: PartitionLog, highWatermark: number, reason: StartReason, expired: (segment: Segment, next: Segment | undefined) => boolean, told: (deleted: Deleted) => void): void {
  const { segments } = log;
  let count = 0;
  for (; count < segments.length; count++) {
    const next = segments[count + 1];
    const end = next ? next.baseOffset : log.logEndOffset;
    if (highWatermark < end || !expired(segments[count]!, next) || (!next && segments[count]!.batches === 0)) break;
  }
  if (count === 0) return;
  // There is always a segment to write to: when all have expired, a new one is begun first.
  if (count === segments.length) log.roll('retention');
  const moved = log.raiseLogStart(segments[count]!.baseOffset);
  told({ reason, moved, records: log.dropSegments(count) });
}
