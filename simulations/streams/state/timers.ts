// Timers of one operator subtask in one domain of time: at most one per owner and time; those of one time fire in the order of their registration
// (Flink InternalTimerServiceImpl; it promises no order among equal times).
import { StreamError } from '../errors.ts';
import type { OperatorContext } from '../operator.ts';
import { MAX_TIME } from '../time.ts';

/** Timers that may be set while the end of the data fires those that are left: one that always sets itself again would do so for ever. */
const AT_THE_END = 10_000;

export class TimerQueue<Owner> {
  /** Heap of distinct times. */
  private readonly times: number[] = [];
  private readonly buckets = new Map<number, Owner[]>();
  private readonly timersOf: (owner: Owner) => number[];
  private enqueued = 0;

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
    this.enqueued++;
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

  /** Fires all that are due by a time, in order, those too that come to be due meanwhile. @throws StreamError TIMERS_WITHOUT_END at the end of the data, where Flink would go on for ever. */
  advance(toMs: number, fire: (owner: Owner, timeMs: number) => void): void {
    const limit = toMs === MAX_TIME ? this.enqueued + AT_THE_END : Number.POSITIVE_INFINITY;
    while (this.times.length > 0 && this.times[0]! <= toMs) {
      if (this.enqueued > limit)
        throw new StreamError(
          'TIMERS_WITHOUT_END',
          `The data has ended, and a timer has set itself again ${AT_THE_END} times: time goes on for ever now. Do not set one when the watermark is at its end (currentWatermark() === Infinity), and use a continuous trigger on windows that end.`,
        );
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

/** Timers of an owner, ms: plain data, kept with its state. */
export interface OwnTimers {
  readonly eventTimers: number[];
  readonly processingTimers: number[];
}

/** What functions and triggers do with time, for the owner at hand. */
export interface TimerService {
  /** Milliseconds. */
  currentWatermark(): number;
  currentProcessingTime(): number;
  /** Fires when the watermark reaches the time; a time that has passed fires at the next watermark. At most one per owner and time. */
  registerEventTimeTimer(timeMs: number): void;
  registerProcessingTimeTimer(timeMs: number): void;
  deleteEventTimeTimer(timeMs: number): void;
  deleteProcessingTimeTimer(timeMs: number): void;
}

/** The timers of one operator subtask in both domains of time. */
export class Timers<Owner> {
  readonly event: TimerQueue<Owner>;
  private readonly processing: TimerQueue<Owner>;
  private readonly timersOf: (owner: Owner) => OwnTimers;
  private context!: OperatorContext;

  constructor(timersOf: (owner: Owner) => OwnTimers) {
    this.timersOf = timersOf;
    this.event = new TimerQueue((owner) => timersOf(owner).eventTimers);
    this.processing = new TimerQueue((owner) => timersOf(owner).processingTimers);
  }

  open(context: OperatorContext): void {
    this.context = context;
  }

  /** @param current whose timers are registered and deleted. @param watermark milliseconds. */
  service(current: () => Owner, watermark: () => number): TimerService {
    return {
      currentWatermark: watermark,
      currentProcessingTime: () => this.context.currentProcessingTime(),
      registerEventTimeTimer: (timeMs) => this.event.register(current(), timeMs),
      registerProcessingTimeTimer: (timeMs) => {
        this.processing.register(current(), timeMs);
        this.context.wakeAt(timeMs);
      },
      deleteEventTimeTimer: (timeMs) => this.event.delete(current(), timeMs),
      deleteProcessingTimeTimer: (timeMs) => this.processing.delete(current(), timeMs),
    };
  }

  /** Fires those of the clock that are due, and asks to be woken for the next. */
  processingTime(nowMs: number, fire: (owner: Owner, timeMs: number) => void): void {
    this.processing.advance(nowMs, fire);
    this.wake();
  }

  /** Queues what a restored owner holds. */
  restore(owner: Owner): void {
    const { eventTimers, processingTimers } = this.timersOf(owner);
    for (const timeMs of eventTimers) this.event.enqueue(owner, timeMs);
    for (const timeMs of processingTimers) this.processing.enqueue(owner, timeMs);
  }

  /** Asks to be woken for the first timer of the clock, if there is one. */
  wake(): void {
    if (!this.processing.empty) this.context.wakeAt(this.processing.next());
  }
}
