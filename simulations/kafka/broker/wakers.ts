// Who waits at a partition for what may be read to grow, in order of coming. Who has stopped waiting says so by `done` and is let go of later:
// a fetch that waits at a dozen partitions then costs a dozen writes, and nothing to take them back.

export interface Waker {
  /** It waits no longer. */
  done: boolean;
  wake(): void;
}

const ROOM = 16;

export class Wakers {
  private readonly list: (Waker | null)[] = [];
  private count = 0;
  /** Length at which those that are done are looked for. */
  private limit = ROOM;
  private walks = 0;

  add(waker: Waker): void {
    if (this.count >= this.limit && this.walks === 0) {
      this.tidy();
      this.limit = Math.max(ROOM, 2 * this.count);
    }
    this.list[this.count++] = waker;
  }

  /** Those that wait now, for whoever must not be disturbed by what waking brings about. */
  waiting(): Waker[] {
    const out: Waker[] = [];
    for (let i = 0; i < this.count; i++) if (!this.list[i]!.done) out.push(this.list[i]!);
    return out;
  }

  /** Wakes all that wait now, each with the same cause; who comes meanwhile is not woken. */
  wake(kernel: { cause: number }, cause: number): void {
    const { count } = this;
    if (count === 0) return;
    this.walks++;
    for (let i = 0; i < count; i++) {
      const waker = this.list[i]!;
      if (waker.done) continue;
      kernel.cause = cause;
      waker.wake();
    }
    this.walks--;
    if (this.walks === 0) this.tidy();
  }

  private tidy(): void {
    const { list, count } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) if (!list[i]!.done) list[kept++] = list[i]!;
    for (let i = kept; i < count; i++) list[i] = null;
    this.count = kept;
  }
}
