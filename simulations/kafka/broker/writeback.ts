// How much of a log is on the disk itself and not only in the page cache. Kafka leaves writing to the operating system
// (log.flush.interval.* unset) except where a segment ends. Model: what was appended 30 s ago or earlier is on disk
// (Linux vm.dirty_expire_centisecs), known to the second.

const EXPIRE_US = 30_000_000;
const STEP_US = 1_000_000;

interface Mark {
  readonly atUs: number;
  /** Log end offset just before the first append at or after that time. */
  readonly endOffset: number;
}

export class Writeback {
  private readonly marks: Mark[] = [];
  /** The first append at or after this time makes a mark. */
  private nextMarkUs = 0;
  private lastAppendUs = 0;
  /** Everything before it was flushed because a segment ended. */
  private flushedTo = 0;

  /** An append is about to be made. */
  appending(nowUs: number, logEndOffset: number): void {
    if (nowUs >= this.nextMarkUs) {
      this.marks.push({ atUs: nowUs, endOffset: logEndOffset });
      this.nextMarkUs = nowUs + STEP_US;
      if (this.marks.length > 64) this.forget(nowUs);
    }
    this.lastAppendUs = nowUs;
  }

  /** What lies before an offset is flushed. */
  flushed(offset: number): void {
    if (offset > this.flushedTo) this.flushedTo = offset;
  }

  truncated(logEndOffset: number): void {
    while (this.marks.length > 0 && this.marks[this.marks.length - 1]!.endOffset > logEndOffset) this.marks.pop();
    const last = this.marks.at(-1);
    this.nextMarkUs = last === undefined ? 0 : last.atUs + STEP_US;
    this.flushedTo = Math.min(this.flushedTo, logEndOffset);
  }

  /** Exclusive end of what a power loss now leaves. */
  durableEnd(nowUs: number, logEndOffset: number): number {
    if (nowUs - this.lastAppendUs >= EXPIRE_US) return logEndOffset;
    let end = this.flushedTo;
    for (const m of this.marks) if (nowUs - m.atUs >= EXPIRE_US && m.endOffset > end) end = m.endOffset;
    return end;
  }

  private forget(nowUs: number): void {
    let at = 0;
    while (at + 1 < this.marks.length && nowUs - this.marks[at + 1]!.atUs >= EXPIRE_US) at++;
    this.marks.splice(0, at);
  }
}
