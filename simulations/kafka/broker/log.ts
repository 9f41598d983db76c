// The log of one replica: record batches in order of offset, leader epochs, and what producers have sent (Kafka UnifiedLog, LeaderEpochFileCache).
import { nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import { rememberBatch, type ProducerStates } from './producerState.ts';

interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export class PartitionLog {
  /** First readable offset. */
  logStartOffset = 0;
  /** Next offset to write (LEO). */
  logEndOffset = 0;
  /** High watermark as last written to disk; the live one is the replica's. */
  checkpointedHighWatermark = 0;
  readonly producers: ProducerStates = new Map();
  readonly batches: RecordBatch[] = [];
  private readonly epochs: EpochStart[] = [];

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
    };
    this.place(placed);
    return placed;
  }

  /** Appends what the leader has, offsets and epochs included. */
  appendAsFollower(batch: RecordBatch): void {
    this.place(batch);
  }

  private place(batch: RecordBatch): void {
    const last = this.epochs.at(-1);
    if (!last || last.epoch < batch.leaderEpoch) this.epochs.push({ epoch: batch.leaderEpoch, startOffset: batch.baseOffset });
    this.batches.push(batch);
    this.logEndOffset = nextOffsetOf(batch);
    rememberBatch(this.producers, batch);
  }

  /** A new leader marks where its epoch begins. */
  beginEpoch(epoch: number): void {
    const last = this.epochs.at(-1);
    if (!last || last.epoch < epoch) this.epochs.push({ epoch, startOffset: this.logEndOffset });
  }

  /** Largest leader epoch in the log; -1 when it has none. */
  latestEpoch(): number {
    const n = this.epochs.length;
    return n === 0 ? -1 : this.epochs[n - 1]!.epoch;
  }

  /** The largest epoch at or below the asked one, and where it ends (KIP-101, KIP-279); -1 and -1 when unknown. */
  endOffsetFor(epoch: number): { epoch: number; endOffset: number } {
    const last = this.epochs.at(-1);
    if (epoch < 0 || !last || epoch > last.epoch) return { epoch: -1, endOffset: -1 };
    if (epoch === last.epoch) return { epoch, endOffset: this.logEndOffset };
    for (let i = this.epochs.length - 1; i >= 0; i--) {
      const e = this.epochs[i]!;
      if (e.epoch <= epoch) return { epoch: e.epoch, endOffset: this.epochs[i + 1]!.startOffset };
    }
    return { epoch, endOffset: this.epochs[0]!.startOffset };
  }

  /** Removes all batches that reach an offset or beyond. @returns records removed. */
  truncateTo(offset: number): number {
    if (offset >= this.logEndOffset) return 0;
    let removed = 0;
    for (let last = this.batches.at(-1); last && nextOffsetOf(last) > offset; last = this.batches.at(-1)) {
      removed += last.count;
      this.batches.pop();
    }
    const end = this.batches.at(-1);
    this.logEndOffset = end ? nextOffsetOf(end) : this.logStartOffset;
    for (let last = this.epochs.at(-1); last && last.startOffset >= this.logEndOffset; last = this.epochs.at(-1)) this.epochs.pop();
    this.checkpointedHighWatermark = Math.min(this.checkpointedHighWatermark, this.logEndOffset);
    this.producers.clear();
    for (const b of this.batches) rememberBatch(this.producers, b);
    return removed;
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
  read(offset: number, endOffset: number, maxBytes: number, atLeastOne: boolean): RecordBatch[] {
    const out: RecordBatch[] = [];
    let bytes = 0;
    for (let i = this.indexOf(offset); i < this.batches.length; i++) {
      const b = this.batches[i]!;
      if (nextOffsetOf(b) > endOffset) break;
      if (bytes + b.bytes > maxBytes && !(atLeastOne && out.length === 0)) break;
      out.push(b);
      bytes += b.bytes;
    }
    return out;
  }

  /** Bytes that `read` would return, the first batch always counted. */
  readableBytes(offset: number, endOffset: number, maxBytes: number): number {
    let bytes = 0;
    for (let i = this.indexOf(offset); i < this.batches.length; i++) {
      const b = this.batches[i]!;
      if (nextOffsetOf(b) > endOffset || (bytes > 0 && bytes + b.bytes > maxBytes)) break;
      bytes += b.bytes;
    }
    return bytes;
  }

  /** First offset whose batch reaches a timestamp (ms), or -1. */
  offsetForTimestamp(timestampMs: number, endOffset: number): { offset: number; timestampMs: number } {
    for (const b of this.batches) if (b.maxTimestampMs >= timestampMs && b.baseOffset < endOffset) return { offset: b.baseOffset, timestampMs: b.maxTimestampMs };
    return { offset: -1, timestampMs: -1 };
  }
}
