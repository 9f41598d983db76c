// Which transactions are open in a log, which have ended but not yet below the high watermark, and which were aborted
// (Kafka ProducerStateManager, TransactionIndex). Together they say how far a read_committed consumer may read.
import type { RecordBatch } from '../protocol/batch.ts';
import { CONTROL, TRANSACTIONAL } from '../protocol/records.ts';
import type { CompletedTransaction } from './producerState.ts';

interface OpenTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of its marker; -1 while it is undecided. */
  lastOffset: number;
}

/** An entry of the index of aborted transactions. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  /** Last stable offset as the marker was written: no transaction that ends later begins before it. */
  readonly lastStableOffset: number;
}

export class OpenTransactions {
  /** Undecided ones, by first offset. */
  private readonly undecided: OpenTransaction[] = [];
  /** Decided ones whose marker is not below the high watermark, by first offset. */
  private readonly unreplicated: OpenTransaction[] = [];
  private readonly aborted: AbortedTransaction[] = [];
  /** First offset of the earliest one in the two lists; -1 = both are empty. */
  private unstable = -1;

  /** Notes a data batch that opens a transaction, or none. */
  began(producerId: number, firstOffset: number): void {
    this.undecided.push({ producerId, firstOffset, lastOffset: -1 });
    this.look();
  }

  /** A marker was written. */
  ended(txn: CompletedTransaction): void {
    const at = this.undecided.findIndex((t) => t.firstOffset === txn.firstOffset);
    const [open] = this.undecided.splice(at, 1);
    if (txn.aborted) {
      const next = this.undecided.find((t) => t.producerId !== txn.producerId);
      this.aborted.push({ producerId: txn.producerId, firstOffset: txn.firstOffset, lastOffset: txn.lastOffset, lastStableOffset: next ? next.firstOffset : txn.lastOffset + 1 });
    }
    open!.lastOffset = txn.lastOffset;
    let place = this.unreplicated.length;
    while (place > 0 && this.unreplicated[place - 1]!.firstOffset > open!.firstOffset) place--;
    this.unreplicated.splice(place, 0, open!);
    this.look();
  }

  /** Ended transactions below an offset (high watermark, log start) hold nothing back any more. */
  settleBelow(offset: number): void {
    if (this.unreplicated.length === 0) return;
    let kept = 0;
    for (const t of this.unreplicated) if (t.lastOffset >= offset) this.unreplicated[kept++] = t;
    this.unreplicated.length = kept;
    this.look();
  }

  /** First offset of the earliest transaction that is undecided, or decided but not replicated; -1 = none. */
  firstUnstableOffset(): number {
    return this.unstable;
  }

  private look(): void {
    const a = this.undecided[0]?.firstOffset ?? Infinity;
    const b = this.unreplicated[0]?.firstOffset ?? Infinity;
    this.unstable = Math.min(a, b) === Infinity ? -1 : Math.min(a, b);
  }

  /** First offset of the earliest transaction without a marker; -1 = none. */
  firstUndecidedOffset(): number {
    return this.undecided[0]?.firstOffset ?? -1;
  }

  /** Aborted transactions that reach into a range, end exclusive. */
  abortedIn(fromOffset: number, toOffset: number): AbortedTransaction[] {
    const out: AbortedTransaction[] = [];
    for (const t of this.aborted) {
      if (t.lastOffset >= fromOffset && t.firstOffset < toOffset) out.push(t);
      if (t.lastStableOffset >= toOffset) break;
    }
    return out;
  }

  /** Forgets aborted transactions whose marker retention or compaction has taken. */
  forgetAbortedBelow(offset: number): void {
    const kept = this.aborted.filter((t) => t.lastOffset >= offset);
    this.aborted.length = 0;
    this.aborted.push(...kept);
  }

  /** The log was cut back: what was aborted at or above an offset is open again or gone, and is noted anew as the log is read. */
  clearFrom(offset: number): void {
    this.undecided.length = 0;
    this.unreplicated.length = 0;
    this.look();
    while (this.aborted.length > 0 && this.aborted[this.aborted.length - 1]!.lastOffset >= offset) this.aborted.pop();
  }
}

export function isTransactional(batch: RecordBatch): boolean {
  return (batch.attributes & TRANSACTIONAL) !== 0;
}

export function isControl(batch: RecordBatch): boolean {
  return (batch.attributes & CONTROL) !== 0;
}
