// The segments of a log: where one ends and the next begins, and what retention asks of each (Kafka LogSegment, RollParams).
import type { RecordBatch } from '../protocol/batch.ts';
import type { ProducerSnapshot } from './producerSnapshot.ts';
import type { TopicConfig } from '../metadata/configs.ts';

/** segment.index.bytes 10 MiB (Kafka 4.0 default), eight bytes an entry, one entry per index.interval.bytes. */
const INDEX_ENTRIES = 1_310_720;
const INDEX_INTERVAL_BYTES = 4_096;
/** Offsets in a segment are kept relative to its base, in 32 bits. */
const RELATIVE_OFFSETS = 2_147_483_647;

export interface Segment {
  readonly baseOffset: number;
  /** Batches in it; the log keeps all of them in one list. */
  batches: number;
  bytes: number;
  /** Largest timestamp of a record in it, milliseconds; -1 while it is empty. */
  largestTimestampMs: number;
  /** Timestamp of its first batch, from which segment.ms counts; -1 while it is empty. */
  firstTimestampMs: number;
  /** When it was made and last written, milliseconds of the run's clock. */
  readonly createdMs: number;
  modifiedMs: number;
  indexEntries: number;
  bytesSinceIndex: number;
  /** Producers as they stood at its base: where their state is rebuilt from. */
  readonly producers: ProducerSnapshot;
}

export type RollReason = 'size' | 'time' | 'index' | 'retention';

export function newSegment(baseOffset: number, nowMs: number, producers: ProducerSnapshot): Segment {
  return { baseOffset, batches: 0, bytes: 0, largestTimestampMs: -1, firstTimestampMs: -1, createdMs: nowMs, modifiedMs: nowMs, indexEntries: 0, bytesSinceIndex: 0, producers };
}

/** Whether a batch begins a new segment (Kafka LogSegment.shouldRoll, without jitter). */
export function rollReason(segment: Segment, batch: RecordBatch, config: TopicConfig, nowMs: number): RollReason | null {
  if (segment.bytes > config.segmentBytes - batch.bytes) return segment.batches > 0 ? 'size' : null;
  if (segment.bytes > 0) {
    const waitedMs = segment.firstTimestampMs >= 0 ? batch.maxTimestampMs - segment.firstTimestampMs : nowMs - segment.createdMs;
    if (waitedMs > config.segmentMs) return 'time';
  }
  if (segment.indexEntries >= INDEX_ENTRIES || batch.baseOffset + batch.lastOffsetDelta - segment.baseOffset > RELATIVE_OFFSETS) return 'index';
  return null;
}

/** Notes a batch at the end of a segment. */
export function addToSegment(segment: Segment, batch: RecordBatch, nowMs: number): void {
  if (segment.batches === 0) segment.firstTimestampMs = batch.maxTimestampMs;
  segment.batches++;
  segment.bytes += batch.bytes;
  segment.modifiedMs = nowMs;
  if (batch.maxTimestampMs > segment.largestTimestampMs) segment.largestTimestampMs = batch.maxTimestampMs;
  segment.bytesSinceIndex += batch.bytes;
  if (segment.bytesSinceIndex > INDEX_INTERVAL_BYTES) {
    segment.indexEntries++;
    segment.bytesSinceIndex = 0;
  }
}

/** What time-based retention measures from: the largest timestamp, or the last write of a segment whose records have none. */
export function retentionTimestampMs(segment: Segment): number {
  return segment.largestTimestampMs >= 0 ? segment.largestTimestampMs : segment.modifiedMs;
}
