// Where each leader epoch begins in a log, by which replicas find where they part (Kafka LeaderEpochFileCache, KIP-101, KIP-279).

export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

export class LeaderEpochs {
  private readonly starts: EpochStart[] = [];
  private largest = -1;

  /** An epoch begins at an offset, unless it or a later one has begun. */
  assign(epoch: number, startOffset: number): void {
    if (epoch <= this.largest) return;
    this.starts.push({ epoch, startOffset });
    this.largest = epoch;
  }

  /** Largest epoch; -1 when there is none. */
  latest(): number {
    return this.largest;
  }

  /** Where an epoch begins; -1 when the log does not know it. */
  startOf(epoch: number): number {
    for (let i = this.starts.length - 1; i >= 0; i--) if (this.starts[i]!.epoch === epoch) return this.starts[i]!.startOffset;
    return -1;
  }

  /** Epoch of the first offset; -1 when the log does not know it. */
  earliest(logStartOffset: number): number {
    const first = this.starts[0];
    return first && first.startOffset <= logStartOffset ? first.epoch : -1;
  }

  /** The largest epoch at or below the asked one, and where it ends; -1 and -1 when unknown. */
  endOffsetFor(epoch: number, logEndOffset: number): { epoch: number; endOffset: number } {
    const last = this.starts.at(-1);
    if (epoch < 0 || !last || epoch > last.epoch) return { epoch: -1, endOffset: -1 };
    if (epoch === last.epoch) return { epoch, endOffset: logEndOffset };
    for (let i = this.starts.length - 1; i >= 0; i--) {
      const e = this.starts[i]!;
      if (e.epoch <= epoch) return { epoch: e.epoch, endOffset: this.starts[i + 1]!.startOffset };
    }
    return { epoch, endOffset: this.starts[0]!.startOffset };
  }

  truncateFromEnd(endOffset: number): void {
    for (let last = this.starts.at(-1); last && last.startOffset >= endOffset; last = this.starts.at(-1)) this.starts.pop();
    this.largest = this.starts.at(-1)?.epoch ?? -1;
  }

  /** The epoch that holds the new first offset begins there. */
  truncateFromStart(startOffset: number): void {
    let at = -1;
    while (at + 1 < this.starts.length && this.starts[at + 1]!.startOffset <= startOffset) at++;
    if (at < 0) return;
    this.starts.splice(0, at + 1, { epoch: this.starts[at]!.epoch, startOffset });
  }

  clear(): void {
    this.starts.length = 0;
    this.largest = -1;
  }
}
