// Functions with keyed state and timers, on one input or two (Flink KeyedProcessOperator, KeyedCoProcessOperator).
import type { Key } from '../keyGroups.ts';
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { copyOf } from '../state/copy.ts';
import { KeyedStates, type KeyData } from '../state/keyedState.ts';
import { Timers, type TimerService } from '../state/timers.ts';
import { MIN_TIME } from '../time.ts';
import type { Collector } from './functionOperator.ts';

export interface KeyedContext {
  getCurrentKey(): Key;
  /** Of the record, or of the timer that fires, ms. */
  timestamp(): number;
  timerService(): TimerService;
  output(tag: string, value: unknown): void;
}

export interface OnTimerContext extends KeyedContext {
  timeDomain(): 'EVENT_TIME' | 'PROCESSING_TIME';
}

/** What a function may do when it opens. */
export interface RuntimeContext {
  readonly states: KeyedStates;
  readonly subtask: number;
  readonly parallelism: number;
  /** A record that came too late for this function: dropped and counted, or sent to a side output. */
  late(timestampMs: number, kept: boolean): void;
}

export interface KeyedProcessFunction<In, Out> {
  open?(context: RuntimeContext): void;
  processElement(value: In, context: KeyedContext, out: Collector<Out>): void;
  onTimer?(timestampMs: number, context: OnTimerContext, out: Collector<Out>): void;
}

export interface KeyedCoProcessFunction<A, B, Out> {
  open?(context: RuntimeContext): void;
  processElement1(value: A, context: KeyedContext, out: Collector<Out>): void;
  processElement2(value: B, context: KeyedContext, out: Collector<Out>): void;
  onTimer?(timestampMs: number, context: OnTimerContext, out: Collector<Out>): void;
}

/** A function of either kind, by inputs. */
export interface AnyKeyedFunction {
  open?(context: RuntimeContext): void;
  readonly inputs: readonly ((value: unknown, context: KeyedContext, out: Collector<unknown>) => void)[];
  onTimer?(timestampMs: number, context: OnTimerContext, out: Collector<unknown>): void;
}

interface Owner extends KeyData {
  readonly key: Key;
}

export class KeyedProcessOperator implements StreamOperator {
  lateDropped = 0;
  private readonly fn: AnyKeyedFunction;
  private readonly byKey = new Map<Key, Owner>();
  private readonly timers = new Timers<Owner>((owner) => owner);
  private context!: OperatorContext;
  private owner!: Owner;
  /** Of the record, or of the timer. */
  private timestampMs = MIN_TIME;
  /** What results bear: those of a timer of the clock bear none. */
  private resultMs = MIN_TIME;
  private domain: 'EVENT_TIME' | 'PROCESSING_TIME' = 'EVENT_TIME';
  private watermarkMs = MIN_TIME;
  private readonly out: Collector<unknown> = { collect: (value, timestampMs) => this.context.output.collect(value, timestampMs ?? this.resultMs) };
  private readonly elementContext: OnTimerContext;

  constructor(fn: AnyKeyedFunction) {
    this.fn = fn;
    const timerService = this.timers.service(
      () => this.owner,
      () => this.watermarkMs,
    );
    this.elementContext = {
      getCurrentKey: () => this.owner.key,
      timestamp: () => this.timestampMs,
      timerService: () => timerService,
      output: (tag, value) => this.context.output.side(tag, value, this.timestampMs),
      timeDomain: () => this.domain,
    };
  }

  open(context: OperatorContext): void {
    this.context = context;
    this.timers.open(context);
    this.fn.open?.({
      states: new KeyedStates(
        () => this.owner,
        () => context.currentProcessingTime(),
      ),
      subtask: context.subtask,
      parallelism: context.parallelism,
      late: (timestampMs, kept) => {
        if (!kept) this.lateDropped++;
        context.observer?.late(this.owner.key, timestampMs, kept);
      },
    });
  }

  element({ value, timestampMs, key }: StreamRecord, input: number): void {
    this.enter(key!);
    this.timestampMs = this.resultMs = timestampMs;
    this.fn.inputs[input]!(value, this.elementContext, this.out);
    this.leave();
  }

  private enter(key: Key): void {
    let owner = this.byKey.get(key);
    if (!owner) this.byKey.set(key, (owner = { key, states: {}, eventTimers: [], processingTimers: [] }));
    this.owner = owner;
  }

  /** A key that has nothing left is forgotten. */
  private leave(): void {
    const { owner } = this;
    if (owner.eventTimers.length > 0 || owner.processingTimers.length > 0) return;
    for (const _ in owner.states) return;
    this.byKey.delete(owner.key);
  }

  watermark(timeMs: number): void {
    this.watermarkMs = timeMs;
    this.timers.event.advance(timeMs, (owner, atMs) => this.fire(owner, atMs, 'EVENT_TIME'));
    this.context.output.watermark(timeMs);
  }

  processingTime(nowMs: number): void {
    this.timers.processingTime(nowMs, (owner, atMs) => this.fire(owner, atMs, 'PROCESSING_TIME'));
  }

  private fire(owner: Owner, atMs: number, domain: 'EVENT_TIME' | 'PROCESSING_TIME'): void {
    this.owner = owner;
    this.timestampMs = atMs;
    this.resultMs = domain === 'EVENT_TIME' ? atMs : MIN_TIME;
    this.domain = domain;
    this.fn.onTimer?.(atMs, this.elementContext, this.out);
    this.leave();
  }

  snapshot(): OperatorState {
    return {
      keyed: [...this.byKey.values()].map(({ key, states, eventTimers, processingTimers }) => ({
        key,
        data: { states: copyOf(states), eventTimers: [...eventTimers], processingTimers: [...processingTimers] },
      })),
      list: [],
    };
  }

  restore(state: OperatorState): void {
    for (const { key, data } of state.keyed) {
      const owner: Owner = { key, ...(copyOf(data) as KeyData) };
      this.byKey.set(key, owner);
      this.timers.restore(owner);
    }
    this.timers.wake();
  }
}
