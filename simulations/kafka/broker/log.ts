// The log of one replica: record batches in order of offset, in segments; leader epochs; and what producers have sent
// (Kafka UnifiedLog, LocalLog).
import { NO_BATCHES, nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import { TRANSACTIONAL } from '../protocol/records.ts';
import { EPOCH_MS } from '../../kernel/epoch.ts';
import { LeaderEpochs } from './leaderEpochs.ts';
import { isControl, OpenTransactions } from './openTransactions.ts';
import { rememberBatch, type ProducerStates } from './producerState.ts';
import { restoreSnapshot, takeSnapshot } from './producerSnapshot.ts';
import { addToSegment, newSegment, rollReason, type RollReason, type Segment } from './segments.ts';
import { TOPIC_DEFAULTS, type TopicConfig } from '../metadata/configs.ts';
import { Writeback } from './writeback.ts';

export interface Clock {
  /** As of the kernel; 2026-01-01 unless told. */
  readonly epochMs?: number;
  readonly nowUs: number;
}

const STOPPED: Clock = { nowUs: 0 };

export class PartitionLog {
  /** First readable offset. */
  logStartOffset = 0;
  /** Next offset to write (LEO). */
  logEndOffset = 0;
  /** High watermark as last written to disk; the live one is the replica's. */
  checkpointedHighWatermark = 0;
  /** First offset that compaction has not seen. */
  firstDirtyOffset = 0;
  config: TopicConfig = TOPIC_DEFAULTS;
  /** Hears of each new segment; set by the broker that has the log open. */
  rolled: ((segment: Segment, reason: RollReason) => void) | null = null;
  readonly producers: ProducerStates = new Map();
  readonly transactions = new OpenTransactions();
  readonly epochs = new LeaderEpochs();
  readonly writeback = new Writeback();
  readonly batches: RecordBatch[] = [];
  /** In order; the last one is written to. */
  readonly segments: Segment[];
  /** The last one. */
  private active: Segment;
  private readonly clock: Clock;

  constructor(clock: Clock = STOPPED) {
    this.clock = clock;
    this.active = newSegment(0, this.nowMs, new Map());
    this.segments = [this.active];
  }

  /** Milliseconds since the epoch. */
  get nowMs(): number {
    return (this.clock.epochMs ?? EPOCH_MS) + Math.floor(this.clock.nowUs / 1000);
  }

  /** Appends as leader: gives offsets and stamps the epoch. @returns the batch as it stands in the log. */
  appendAsLeader(batch: RecordBatch, leaderEpoch: number): RecordBatch {
    const placed: RecordBatch = {
      baseOffset: this.logEndOffset,
      leaderEpoch,
      lastOffsetDelta: batch.lastOffsetDelta,
      attributes: batch.attributes,
      baseTimestampMs: batch.baseTimestampMs,
      maxTimestampMs: batch.maxTimestampMs,
      producerId: batch.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.baseSequence,
      count: batch.count,
      bytes: batch.bytes,
      firstRecord: batch.firstRecord,
      digest: batch.digest,
      encoded: batch.encoded,
      internal: batch.internal,
      kept: batch.kept,
    };
    this.place(placed);
    return placed;
  }

  /** Appends what the leader has, offsets and epochs included. */
  appendAsFollower(batch: RecordBatch): void {
    this.place(batch);
  }

  private place(batch: RecordBatch): void {
    const { nowMs } = this;
    const reason = rollReason(this.active, batch, this.config, nowMs);
    if (reason) this.roll(reason);
    this.epochs.assign(batch.leaderEpoch, batch.baseOffset);
    this.writeback.appending(this.clock.nowUs, this.logEndOffset);
    addToSegment(this.active, batch, nowMs);
    this.batches.push(batch);
    this.logEndOffset = nextOffsetOf(batch);
    this.remember(batch);
  }

  private remember(batch: RecordBatch): void {
    if (batch.producerId < 0) return;
    const ended = rememberBatch(this.producers, batch);
    if (ended) this.transactions.ended(ended);
    else if ((batch.attributes & TRANSACTIONAL) !== 0 && !isControl(batch) && this.producers.get(batch.producerId)!.currentTxnFirstOffset === batch.baseOffset)
      this.transactions.began(batch.producerId, batch.baseOffset);
  }

  /** Begins a new segment at the end; what stands before it is written to disk (Kafka UnifiedLog.roll). */
  roll(reason: RollReason): void {
    const segment = newSegment(this.logEndOffset, this.nowMs, takeSnapshot(this.producers));
    this.segments.push(segment);
    this.active = segment;
    this.writeback.flushed(this.logEndOffset);
    this.rolled?.(segment, reason);
  }

  /** A new leader marks where its epoch begins. */
  beginEpoch(epoch: number): void {
    this.epochs.assign(epoch, this.logEndOffset);
  }

  /** Largest leader epoch in the log; -1 when it has none. */
  latestEpoch(): number {
    return this.epochs.latest();
  }

  /** The largest epoch at or below the asked one, and where it ends (KIP-101, KIP-279); -1 and -1 when unknown. */
  endOffsetFor(epoch: number): { epoch: number; endOffset: number } {
    return this.epochs.endOffsetFor(epoch, this.logEndOffset);
  }

  /** Bytes of all segments. */
  size(): number {
    let bytes = 0;
    for (const s of this.segments) bytes += s.bytes;
    return bytes;
  }

  /** Removes all batches that reach an offset or beyond. @returns records removed. */
  truncateTo(offset: number): number {
    if (offset >= this.logEndOffset) {
      // An epoch in which this replica led and appended nothing still goes: the leader does not know it.
      this.epochs.truncateFromEnd(this.logEndOffset);
      return 0;
    }
    let removed = 0;
    let dropped = 0;
    for (let last = this.batches.at(-1); last && nextOffsetOf(last) > offset; last = this.batches.at(-1)) {
      removed += last.count;
      dropped++;
      this.batches.pop();
    }
    this.shortenSegments(dropped);
    const end = this.batches.at(-1);
    this.logEndOffset = end ? nextOffsetOf(end) : this.logStartOffset;
    this.epochs.truncateFromEnd(this.logEndOffset);
    this.checkpointedHighWatermark = Math.min(this.checkpointedHighWatermark, this.logEndOffset);
    this.firstDirtyOffset = Math.min(this.firstDirtyOffset, this.logEndOffset);
    this.writeback.truncated(this.logEndOffset);
    this.reload();
    return removed;
  }

  /** Takes batches that are gone off the last segments, and measures what is left of the last one again. */
  private shortenSegments(dropped: number): void {
    let left = dropped;
    let last = this.segments[this.segments.length - 1]!;
    for (; left > 0 || (last.batches === 0 && this.segments.length > 1); last = this.segments[this.segments.length - 1]!) {
      const taken = Math.min(left, last.batches);
      last.batches -= taken;
      left -= taken;
      if (last.batches > 0 || this.segments.length === 1) break;
      this.segments.pop();
    }
    this.active = last;
    const { batches, createdMs, modifiedMs } = last;
    Object.assign(last, newSegment(last.baseOffset, createdMs, last.producers));
    for (let i = this.batches.length - batches; i < this.batches.length; i++) addToSegment(last, this.batches[i]!, modifiedMs);
  }

  /** Begins anew at an offset, empty: a follower that fell behind its leader's log start (Kafka truncateFullyAndStartAt). @returns records removed. */
  truncateFullyAndStartAt(offset: number): number {
    const removed = this.batches.reduce((n, b) => n + b.count, 0);
    this.batches.length = 0;
    this.segments.length = 0;
    this.logStartOffset = this.logEndOffset = this.checkpointedHighWatermark = this.firstDirtyOffset = offset;
    this.active = newSegment(offset, this.nowMs, new Map());
    this.segments.push(this.active);
    this.epochs.clear();
    this.writeback.truncated(offset);
    this.reload();
    return removed;
  }

  /** Rebuilds what is remembered of producers: from the last segment's snapshot and the batches after it (Kafka truncateAndReload). */
  reload(): void {
    const segment = this.active;
    restoreSnapshot(this.producers, segment.producers);
    this.transactions.clearFrom(segment.baseOffset);
    const open = [...this.producers].filter(([, e]) => e.currentTxnFirstOffset >= 0).sort(([, a], [, b]) => a.currentTxnFirstOffset - b.currentTxnFirstOffset);
    for (const [producerId, entry] of open) this.transactions.began(producerId, entry.currentTxnFirstOffset);
    for (let i = this.batches.length - segment.batches; i < this.batches.length; i++) this.remember(this.batches[i]!);
  }

  /** Raises the log start offset. The caller has made sure that it is not above the high watermark. @returns whether it moved. */
  raiseLogStart(offset: number): boolean {
    if (offset <= this.logStartOffset) return false;
    this.logStartOffset = offset;
    this.epochs.truncateFromStart(offset);
    this.transactions.settleBelow(offset);
    this.firstDirtyOffset = Math.max(this.firstDirtyOffset, offset);
    return true;
  }

  /** Deletes the oldest segments, never the last. @returns records removed. */
  dropSegments(count: number): number {
    let batches = 0;
    for (const s of this.segments.splice(0, count)) batches += s.batches;
    let removed = 0;
    for (const b of this.batches.splice(0, batches)) removed += b.count;
    this.transactions.forgetAbortedBelow(this.segments[0]!.baseOffset);
    for (const entry of this.producers.values()) entry.lighten(this.segments[0]!.baseOffset);
    return removed;
  }

  /** Compaction has rewritten the oldest segments. @param old how many segments and batches are replaced. @param cleanedTo first offset that it has not seen. */
  replaceHead(old: { readonly segments: number; readonly batches: number }, segments: readonly Segment[], batches: readonly RecordBatch[], cleanedTo: number): void {
    this.segments.splice(0, old.segments, ...segments);
    this.batches.splice(0, old.batches, ...batches);
    this.firstDirtyOffset = cleanedTo;
    for (const entry of this.producers.values()) entry.lighten(cleanedTo);
  }

  /** Index of the batch that holds an offset, or of the first after it; `batches.length` past the end. */
  indexOf(offset: number): number {
    const { batches } = this;
    let high = batches.length;
    const last = batches[high - 1];
    if (!last || nextOffsetOf(last) <= offset) return high;
    if (last.baseOffset <= offset) return high - 1;
    let low = 0;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (nextOffsetOf(batches[mid]!) <= offset) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** Batches from an offset up to an exclusive end, at most `maxBytes` in all; the first fits always when `atLeastOne` (KIP-74). */
  read(offset: number, endOffset: number, maxBytes: number, atLeastOne: boolean): readonly RecordBatch[] {
    if (offset >= endOffset) return NO_BATCHES;
    const { batches } = this;
    const from = this.indexOf(offset);
    const end = from < batches.length ? Math.min(endOffset, this.segmentEnd(Math.max(offset, batches[from]!.baseOffset))) : endOffset;
    let to = from;
    for (let bytes = 0; to < batches.length; to++) {
      const b = batches[to]!;
      if (nextOffsetOf(b) > end) break;
      if (bytes + b.bytes > maxBytes && !(atLeastOne && to === from)) break;
      bytes += b.bytes;
    }
    return to === from ? NO_BATCHES : batches.slice(from, to);
  }

  /** Where the segment of an offset ends; Infinity for the one that is written to. */
  private segmentEnd(offset: number): number {
    const { segments } = this;
    let end = Number.POSITIVE_INFINITY;
    for (let i = segments.length - 1; i >= 0 && segments[i]!.baseOffset > offset; i--) end = segments[i]!.baseOffset;
    return end;
  }

  /** Bytes that `read` would return, the first batch always counted; Infinity where that ends with an older segment, for which nobody waits (Kafka DelayedFetch). */
  readableBytes(offset: number, endOffset: number, maxBytes: number): number {
    if (this.segmentEnd(offset) < endOffset) return Number.POSITIVE_INFINITY;
    let bytes = 0;
    for (let i = this.indexOf(offset); i < this.batches.length; i++) {
      const b = this.batches[i]!;
      if (nextOffsetOf(b) > endOffset || (bytes > 0 && bytes + b.bytes > maxBytes)) break;
      bytes += b.bytes;
    }
    return bytes;
  }
}
