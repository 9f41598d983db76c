// Log compaction: of each key only the newest value stays, tombstones and markers go after their time, and nothing is renumbered
// (Kafka LogCleanerManager, Cleaner, CleanedTransactionMetadata; KIP-534).
import { nextOffsetOf, runsOf, type RecordBatch } from '../protocol/batch.ts';
import type { RecordRow, Records } from '../../kernel/records.ts';
import type { Marker } from '../protocol/markers.ts';
import { DELETE_HORIZON } from '../protocol/records.ts';
import type { PartitionLog } from './log.ts';
import { isControl, isTransactional } from './openTransactions.ts';
import { addToSegment, newSegment, type Segment } from './segments.ts';

export interface Cleanable {
  /** Exclusive end of the segments that may be cleaned. */
  readonly toOffset: number;
  /** Share of bytes not yet cleaned. */
  readonly ratio: number;
  readonly due: boolean;
}

export interface Compacted {
  readonly toOffset: number;
  readonly removed: number;
  readonly kept: number;
  readonly bytesFreed: number;
  /** Offsets of tombstones and markers that went because their time was up. */
  readonly expired: readonly number[];
}

/** What may be cleaned: whole segments below the last stable offset, never the one written to, none within min.compaction.lag.ms. */
export function cleanable(log: PartitionLog, lastStableOffset: number, nowMs: number): Cleanable | null {
  const { segments, config, firstDirtyOffset } = log;
  let toOffset = firstDirtyOffset;
  let cleanBytes = 0;
  let dirtyBytes = 0;
  let oldestMs = Infinity;
  for (let i = 0; i < segments.length - 1; i++) {
    const s = segments[i]!;
    const end = segments[i + 1]!.baseOffset;
    if (end <= firstDirtyOffset) {
      cleanBytes += s.bytes;
      continue;
    }
    if (end > lastStableOffset || (config.minCompactionLagMs > 0 && s.largestTimestampMs > nowMs - config.minCompactionLagMs)) break;
    toOffset = end;
    dirtyBytes += s.bytes;
    if (s.firstTimestampMs >= 0) oldestMs = Math.min(oldestMs, s.firstTimestampMs);
  }
  if (toOffset <= firstDirtyOffset) return null;
  const ratio = dirtyBytes / Math.max(1, cleanBytes + dirtyBytes);
  const overdue = dirtyBytes > 0 && nowMs - oldestMs > config.maxCompactionLagMs;
  return { toOffset, ratio, due: ratio > config.minCleanableDirtyRatio || overdue };
}

/** Cleans what may be cleaned. @param rows the record table, which has keys and values. @returns null when there is nothing. */
export function compact(log: PartitionLog, lastStableOffset: number, nowMs: number, rows: Records): Compacted | null {
  const range = cleanable(log, lastStableOffset, nowMs);
  if (!range) return null;
  const { toOffset } = range;
  const cleaned = log.segments.filter((s, i) => i < log.segments.length - 1 && s.baseOffset < toOffset);
  const batches = log.batches.slice(
    0,
    cleaned.reduce((n, s) => n + s.batches, 0),
  );
  const latest = latestOffsets(log, batches, rows);
  const before = { records: countOf(batches), bytes: bytesOf(batches) };
  const cleaner = new Cleaner(log, latest, nowMs, toOffset, rows);
  const kept: RecordBatch[] = [];
  const segments: Segment[] = [];
  let at = 0;
  for (const source of cleaned) {
    const left = batches.slice(at, at + source.batches).flatMap((b) => cleaner.clean(b) ?? []);
    at += source.batches;
    kept.push(...left);
    // Neighbours that fit into one segment become one.
    let target = segments[segments.length - 1];
    if (!target || target.bytes + bytesOf(left) > log.config.segmentBytes) segments.push((target = newSegment(source.baseOffset, source.createdMs, source.producers)));
    for (const b of left) addToSegment(target, b, source.modifiedMs);
  }
  log.replaceHead({ segments: cleaned.length, batches: batches.length }, segments, kept, toOffset);
  return { toOffset, removed: before.records - countOf(kept), kept: countOf(kept), bytesFreed: before.bytes - bytesOf(kept), expired: cleaner.expired };
}

/** Newest offset of each key in the part that was not cleaned before; records of aborted transactions do not count. */
function latestOffsets(log: PartitionLog, batches: readonly RecordBatch[], rows: Records): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  const outcomes = new Outcomes(log);
  for (const b of batches) {
    if (isControl(b)) outcomes.marker(b);
    else if (!outcomes.aborted(b) && nextOffsetOf(b) > log.firstDirtyOffset) {
      for (const run of runsOf(b, log.firstDirtyOffset)) {
        for (let i = 0; i < run.count; i++) {
          const key = run.firstRecord < 0 ? null : rows.at(run.firstRecord + i)!.key;
          if (key !== null) latest.set(key, run.offset + i);
        }
      }
    }
  }
  return latest;
}

/** Which transactions were aborted, as a cleaning goes over their batches in order. */
class Outcomes {
  private readonly ahead: { readonly producerId: number; readonly firstOffset: number }[];
  /** Aborted ones that are under way, and committed ones, each with whether a data batch of it was seen. */
  private readonly abortedNow = new Map<number, boolean>();
  private readonly committedNow = new Set<number>();

  constructor(log: PartitionLog) {
    this.ahead = [...log.transactions.abortedIn(0, Infinity)].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  private reach(b: RecordBatch): void {
    while (this.ahead.length > 0 && this.ahead[0]!.firstOffset < nextOffsetOf(b)) this.abortedNow.set(this.ahead.shift()!.producerId, false);
  }

  /** @returns whether a data batch belongs to an aborted transaction. */
  aborted(b: RecordBatch): boolean {
    this.reach(b);
    if (!isTransactional(b)) return false;
    if (this.abortedNow.has(b.producerId)) {
      this.abortedNow.set(b.producerId, true);
      return true;
    }
    this.committedNow.add(b.producerId);
    return false;
  }

  /** @returns whether nothing of the transaction that a marker ends was left before it. */
  marker(b: RecordBatch): boolean {
    this.reach(b);
    if (b.count > 0 && (b.internal as Marker).type === 'COMMIT') return !this.committedNow.delete(b.producerId);
    const seen = this.abortedNow.get(b.producerId) ?? false;
    this.abortedNow.delete(b.producerId);
    return !seen;
  }
}

class Cleaner {
  readonly expired: number[] = [];
  private readonly log: PartitionLog;
  private readonly latest: ReadonlyMap<string, number>;
  private readonly nowMs: number;
  private readonly toOffset: number;
  private readonly rows: Records;
  private readonly outcomes: Outcomes;

  constructor(log: PartitionLog, latest: ReadonlyMap<string, number>, nowMs: number, toOffset: number, rows: Records) {
    this.log = log;
    this.latest = latest;
    this.nowMs = nowMs;
    this.toOffset = toOffset;
    this.rows = rows;
    this.outcomes = new Outcomes(log);
  }

  /** @returns the batch with what is left of it, null when nothing is. */
  clean(b: RecordBatch): RecordBatch | null {
    if (isControl(b)) {
      const empty = this.outcomes.marker(b);
      const gone = b.count === 0 || (empty && this.horizonPassed(b));
      if (gone && b.count > 0) this.expired.push(b.baseOffset);
      return gone ? this.emptied(b) : empty ? this.withHorizon(b) : b;
    }
    if (this.outcomes.aborted(b)) return this.emptied(b);
    // Records in a codec that is not at hand have no keys here: their batch stays as it is.
    if (b.firstRecord < 0 && b.count > 0) return b;
    const left: number[] = [];
    let tombstones = false;
    for (const run of runsOf(b, 0)) {
      for (let i = 0; i < run.count; i++) {
        const row = this.rows.at(run.firstRecord + i)!;
        if (!this.stays(b, run.offset + i, row)) continue;
        left.push(run.offset + i - b.baseOffset);
        tombstones ||= row.value === null;
      }
    }
    if (left.length === 0) return this.emptied(b);
    const bytes = left.length === b.count ? b.bytes : Math.max(62, 61 + Math.floor(((b.bytes - 61) * left.length) / b.count));
    const cleaned = left.length === b.count ? b : { ...b, kept: left, count: left.length, bytes };
    return tombstones ? this.withHorizon(cleaned) : cleaned;
  }

  private stays(b: RecordBatch, offset: number, row: RecordRow): boolean {
    // Without a key a record has no place in a compacted topic: it came before the topic was one.
    if (row.key === null) return false;
    const newest = this.latest.get(row.key);
    if (newest !== undefined && offset < newest) return false;
    if (row.value !== null || !this.horizonPassed(b)) return true;
    this.expired.push(offset);
    return false;
  }

  private horizonPassed(b: RecordBatch): boolean {
    return (b.attributes & DELETE_HORIZON) !== 0 && b.baseTimestampMs <= this.nowMs;
  }

  /** The first cleaning that sees a tombstone, or a marker that ends nothing, writes until when it stays (KIP-534). */
  private withHorizon(b: RecordBatch): RecordBatch {
    if ((b.attributes & DELETE_HORIZON) !== 0) return b;
    return { ...b, attributes: b.attributes | DELETE_HORIZON, baseTimestampMs: this.nowMs + this.log.config.deleteRetentionMs };
  }

  /** An emptied batch stays without records where it is the last of an active producer or the last of this cleaning. */
  private emptied(b: RecordBatch): RecordBatch | null {
    const entry = this.log.producers.get(b.producerId);
    const last = entry?.newest;
    const lastOfProducer = entry !== undefined && (last ? nextOffsetOf(last) === nextOffsetOf(b) : isControl(b) && b.producerEpoch === entry.producerEpoch);
    if (!lastOfProducer && nextOffsetOf(b) !== this.toOffset) return null;
    return { ...b, kept: [], count: 0, bytes: 61 };
  }
}

const countOf = (batches: readonly RecordBatch[]) => batches.reduce((n, b) => n + b.count, 0);
const bytesOf = (batches: readonly RecordBatch[]) => batches.reduce((n, b) => n + b.bytes, 0);
