// Asks something outside for each record without waiting for the answer before the next (Flink AsyncWaitOperator, AsyncDataStream).
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { copyOf } from '../state/copy.ts';

/** What is asked: an answer, and how long it takes. */
export type AsyncFunction<In, Out> = (value: In, context: AsyncContext) => { readonly results: readonly Out[]; readonly afterMs: number };

export interface AsyncContext {
  /** Milliseconds. */
  currentProcessingTime(): number;
  /** A drawn number from 0 to below - 1. */
  random(below: number): number;
}

export interface AsyncSpec {
  readonly ask: AsyncFunction<unknown, unknown>;
  /** Whether results leave in the order of the records. Unordered ones still do not overtake watermarks. */
  readonly ordered: boolean;
  /** Records under way at most; at the limit the operator takes no more. From 1. */
  readonly capacity: number;
  readonly timeoutMs: number;
  /** What leaves when the answer takes longer; null = the task fails, as in Flink. */
  readonly onTimeout: ((value: unknown) => readonly unknown[]) | null;
}

interface Asked {
  readonly kind: 'record';
  readonly record: StreamRecord;
  readonly dueMs: number;
  results: readonly unknown[] | null;
  readonly answer: readonly unknown[] | 'timeout';
}

type Entry = Asked | { readonly kind: 'watermark'; readonly timeMs: number };

export class AsyncWaitOperator implements StreamOperator {
  private readonly spec: AsyncSpec;
  private context!: OperatorContext;
  private queue: Entry[] = [];
  /** What came while it was full: at most the rest of a buffer, for the task takes no more. */
  private readonly waiting: (StreamRecord | number)[] = [];
  private draws = 0;

  constructor(spec: AsyncSpec) {
    this.spec = spec;
  }

  open(context: OperatorContext): void {
    this.context = context;
  }

  /** Whether it takes no more for now. */
  get full(): boolean {
    return this.underWay >= this.spec.capacity;
  }

  private get underWay(): number {
    return this.queue.reduce((n, e) => n + (e.kind === 'record' ? 1 : 0), 0);
  }

  /** Whether answers are missing. */
  get pending(): boolean {
    return this.queue.length > 0 || this.waiting.length > 0;
  }

  element(record: StreamRecord): void {
    if (this.full || this.waiting.length > 0) this.waiting.push(record);
    else this.ask(record);
  }

  private ask(record: StreamRecord): void {
    const nowMs = this.context.currentProcessingTime();
    const { results, afterMs } = this.spec.ask(record.value, {
      currentProcessingTime: () => this.context.currentProcessingTime(),
      random: (below) => this.context.draw(`async/${this.draws++}`) % below,
    });
    const late = afterMs > this.spec.timeoutMs;
    const dueMs = nowMs + Math.max(1, Math.round(late ? this.spec.timeoutMs : afterMs));
    this.queue.push({ kind: 'record', record, dueMs, results: null, answer: late ? 'timeout' : results });
    this.context.wakeAt(dueMs);
  }

  watermark(timeMs: number): void {
    if (this.full && this.waiting.length > 0) this.waiting.push(timeMs);
    else if (this.queue.length === 0) this.context.output.watermark(timeMs);
    else this.queue.push({ kind: 'watermark', timeMs });
  }

  processingTime(nowMs: number): void {
    for (const e of this.queue) {
      if (e.kind === 'watermark' || e.results || e.dueMs > nowMs) continue;
      if (e.answer !== 'timeout') e.results = e.answer;
      else if (this.spec.onTimeout) e.results = this.spec.onTimeout(e.record.value);
      else {
        this.context.fail('TimeoutException');
        return;
      }
    }
    this.release();
    while (!this.full && this.waiting.length > 0) {
      const next = this.waiting.shift()!;
      if (typeof next === 'number') this.watermark(next);
      else this.ask(next);
    }
    let nextMs = Number.POSITIVE_INFINITY;
    for (const e of this.queue) if (e.kind === 'record' && !e.results) nextMs = Math.min(nextMs, e.dueMs);
    if (nextMs < Number.POSITIVE_INFINITY) this.context.wakeAt(nextMs);
  }

  /** Lets go what may leave: in order, or up to the next watermark whatever is answered. */
  private release(): void {
    while (this.queue.length > 0) {
      const head = this.queue[0]!;
      if (head.kind === 'watermark') {
        this.queue.shift();
        this.context.output.watermark(head.timeMs);
        continue;
      }
      let at = head.results ? 0 : -1;
      if (!this.spec.ordered)
        for (let i = 0; at < 0 && i < this.queue.length; i++) {
          const e = this.queue[i]!;
          if (e.kind === 'watermark') break;
          if (e.results) at = i;
        }
      if (at < 0) return;
      const [done] = this.queue.splice(at, 1) as [Asked];
      for (const value of done.results!) this.context.output.collect(value, done.record.timestampMs);
    }
  }

  /** What was asked is asked again after a restore: the answers are not part of the state. */
  snapshot(): OperatorState {
    const records = [...this.queue.flatMap((e) => (e.kind === 'record' ? [e.record] : [])), ...this.waiting.filter((w) => typeof w !== 'number')];
    return { keyed: [], list: copyOf(records) };
  }

  restore(state: OperatorState): void {
    for (const record of state.list as StreamRecord[]) this.element(record);
  }
}
