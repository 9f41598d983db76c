// Timers of one operator subtask in one domain of time: at most one per owner and time; those of one time fire in the order of their registration
// (Flink InternalTimerServiceImpl; it promises no order among equal times).

export class TimerQueue<Owner> {
  /** Heap of distinct times. */
  private readonly times: number[] = [];
  private readonly buckets = new Map<number, Owner[]>();
  private readonly timersOf: (owner: Owner) => number[];

  /** @param timersOf the owner's own list of times, in this domain: what it holds fires, what was taken out of it does not. */
  constructor(timersOf: (owner: Owner) => number[]) {
    this.timersOf = timersOf;
  }

  /** When the next one is due; Infinity when none is. A deleted timer may still be told. */
  next(): number {
    return this.times.length === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  get empty(): boolean {
    return this.times.length === 0;
  }

  register(owner: Owner, timeMs: number): void {
    const own = this.timersOf(owner);
    if (own.includes(timeMs)) return;
    own.push(timeMs);
    this.enqueue(owner, timeMs);
  }

  /** Queues a timer that the owner's list holds already: after a restore. */
  enqueue(owner: Owner, timeMs: number): void {
    const bucket = this.buckets.get(timeMs);
    if (bucket) bucket.push(owner);
    else {
      this.buckets.set(timeMs, [owner]);
      this.push(timeMs);
    }
  }

  delete(owner: Owner, timeMs: number): void {
    const own = this.timersOf(owner);
    const at = own.indexOf(timeMs);
    if (at >= 0) own.splice(at, 1);
  }

  /** Fires all that are due by a time, in order, those too that come to be due meanwhile. */
  advance(toMs: number, fire: (owner: Owner, timeMs: number) => void): void {
    while (this.times.length > 0 && this.times[0]! <= toMs) {
      const timeMs = this.pop();
      const bucket = this.buckets.get(timeMs)!;
      this.buckets.delete(timeMs);
      for (const owner of bucket) {
        const own = this.timersOf(owner);
        const at = own.indexOf(timeMs);
        if (at < 0) continue;
        own.splice(at, 1);
        fire(owner, timeMs);
      }
    }
  }

  private push(timeMs: number): void {
    const heap = this.times;
    let at = heap.length;
    heap.push(timeMs);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (heap[up]! <= timeMs) break;
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = timeMs;
  }

  private pop(): number {
    const heap = this.times;
    const first = heap[0]!;
    const last = heap.pop()!;
    const n = heap.length;
    if (n === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= n) break;
      if (down + 1 < n && heap[down + 1]! < heap[down]!) down++;
      if (heap[down]! >= last) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}
