// Operators without state: map, filter, flatMap, process (Flink StreamMap, StreamFilter, StreamFlatMap, ProcessOperator).
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { NO_STATE } from '../operator.ts';

/** Where a function puts what it makes. The timestamp stays that of the record unless another is given. */
export interface Collector<T> {
  collect(value: T, timestampMs?: number): void;
}

/** What a function is told of the record at hand. */
export interface ElementContext {
  /** Milliseconds; MIN_TIME = none. */
  readonly timestampMs: number;
  output(tag: string, value: unknown): void;
}

export type ElementFunction = (value: unknown, out: Collector<unknown>, context: ElementContext) => void;

export class FunctionOperator implements StreamOperator {
  private readonly apply: ElementFunction;
  private context!: OperatorContext;
  private timestampMs = 0;
  private readonly out: Collector<unknown> = { collect: (value, timestampMs) => this.context.output.collect(value, timestampMs ?? this.timestampMs) };
  private readonly elementContext: ElementContext;

  constructor(apply: ElementFunction) {
    this.apply = apply;
    const timestamp = () => this.timestampMs;
    this.elementContext = {
      get timestampMs() {
        return timestamp();
      },
      output: (tag, value) => this.context.output.side(tag, value, this.timestampMs),
    };
  }

  open(context: OperatorContext): void {
    this.context = context;
  }

  element(record: StreamRecord): void {
    this.timestampMs = record.timestampMs;
    this.apply(record.value, this.out, this.elementContext);
  }

  watermark(timeMs: number): void {
    this.context.output.watermark(timeMs);
  }

  processingTime(): void {}

  snapshot(): OperatorState {
    return NO_STATE;
  }

  restore(): void {}
}
