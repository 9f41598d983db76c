// Functions with keyed state and timers, on one input or two (Flink KeyedProcessOperator, KeyedCoProcessOperator).
import type { Key } from '../keyGroups.ts';
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { copyOf } from '../state/copy.ts';
import { KeyedStates, type KeyData } from '../state/keyedState.ts';
import { TimerQueue } from '../state/timers.ts';
import { MIN_TIME } from '../time.ts';
import type { Collector } from './functionOperator.ts';

export interface TimerService {
  /** Milliseconds. */
  currentWatermark(): number;
  currentProcessingTime(): number;
  /** Fires when the watermark reaches the time; a time that has passed fires at the next watermark. At most one per key and time. */
  registerEventTimeTimer(timeMs: number): void;
  registerProcessingTimeTimer(timeMs: number): void;
  deleteEventTimeTimer(timeMs: number): void;
  deleteProcessingTimeTimer(timeMs: number): void;
}

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
  private readonly eventTimers = new TimerQueue<Owner>((o) => o.eventTimers);
  private readonly processingTimers = new TimerQueue<Owner>((o) => o.processingTimers);
  private context!: OperatorContext;
  private owner!: Owner;
  private timestampMs = MIN_TIME;
  private domain: 'EVENT_TIME' | 'PROCESSING_TIME' = 'EVENT_TIME';
  private watermarkMs = MIN_TIME;
  private readonly out: Collector<unknown> = { collect: (value, timestampMs) => this.context.output.collect(value, timestampMs ?? this.timestampMs) };
  private readonly timers: TimerService;
  private readonly elementContext: OnTimerContext;

  constructor(fn: AnyKeyedFunction) {
    this.fn = fn;
    this.timers = {
      currentWatermark: () => this.watermarkMs,
      currentProcessingTime: () => this.context.currentProcessingTime(),
      registerEventTimeTimer: (timeMs) => this.eventTimers.register(this.owner, timeMs),
      registerProcessingTimeTimer: (timeMs) => {
        this.processingTimers.register(this.owner, timeMs);
        this.context.wakeAt(timeMs);
      },
      deleteEventTimeTimer: (timeMs) => this.eventTimers.delete(this.owner, timeMs),
      deleteProcessingTimeTimer: (timeMs) => this.processingTimers.delete(this.owner, timeMs),
    };
    this.elementContext = {
      getCurrentKey: () => this.owner.key,
      timestamp: () => this.timestampMs,
      timerService: () => this.timers,
      output: (tag, value) => this.context.output.side(tag, value, this.timestampMs),
      timeDomain: () => this.domain,
    };
  }

  open(context: OperatorContext): void {
    this.context = context;
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
    this.timestampMs = timestampMs;
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
    this.eventTimers.advance(timeMs, (owner, atMs) => this.fire(owner, atMs, 'EVENT_TIME'));
    this.context.output.watermark(timeMs);
  }

  processingTime(nowMs: number): void {
    this.processingTimers.advance(nowMs, (owner, atMs) => this.fire(owner, atMs, 'PROCESSING_TIME'));
    if (!this.processingTimers.empty) this.context.wakeAt(this.processingTimers.next());
  }

  private fire(owner: Owner, atMs: number, domain: 'EVENT_TIME' | 'PROCESSING_TIME'): void {
    this.owner = owner;
    this.timestampMs = domain === 'EVENT_TIME' ? atMs : MIN_TIME;
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
      for (const timeMs of owner.eventTimers) this.eventTimers.enqueue(owner, timeMs);
      for (const timeMs of owner.processingTimers) this.processingTimers.enqueue(owner, timeMs);
    }
    if (!this.processingTimers.empty) this.context.wakeAt(this.processingTimers.next());
  }
}
