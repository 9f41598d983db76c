// Streams, and what can be done with them (Flink DataStream, KeyedStream, WindowedStream, ConnectedStreams, AsyncDataStream).
import type { KafkaSinkSpec } from '../connectors/kafkaSinkSpec.ts';
import { StreamError } from '../errors.ts';
import type { NodeRole, OperatorNode, Partitioning } from '../graph/jobGraph.ts';
import type { Key } from '../keyGroups.ts';
import type { StreamOperator } from '../operator.ts';
import { AsyncWaitOperator, type AsyncFunction } from '../operators/asyncWaitOperator.ts';
import { FunctionOperator, type Collector, type ElementContext, type ElementFunction } from '../operators/functionOperator.ts';
import { intervalJoin } from '../operators/intervalJoin.ts';
import { KeyedProcessOperator, type AnyKeyedFunction, type KeyedCoProcessFunction, type KeyedProcessFunction } from '../operators/keyedProcessOperator.ts';
import { TimestampsOperator } from '../operators/timestampsOperator.ts';
import type { ValueState } from '../state/keyedState.ts';
import type { WatermarkStrategy } from '../watermarks/generators.ts';
import { GlobalWindows, type WindowAssigner } from '../windows/assigners.ts';
import { aggregating, listing, reducing, type AggregateFunction, type ReduceFunction, type WindowContents } from '../windows/contents.ts';
import { countEvictor, type Evictor } from '../windows/evictors.ts';
import { countTrigger, purgingTrigger, type Trigger } from '../windows/triggers.ts';
import { WindowOperator, type WindowFunction } from '../windows/windowOperator.ts';
import type { GraphBuilder } from './environment.ts';
import type { ProcessWindowFunction } from './functions.ts';

/** Names a side output. */
export class OutputTag<T> {
  readonly id: string;
  readonly type?: T;
  constructor(id: string) {
    this.id = id;
  }
}

/** A sink of a stream (Flink KafkaSink). */
export interface Sink<T> {
  readonly spec: KafkaSinkSpec;
  readonly type?: (value: T) => void;
}

/** Where a stream comes from: several operators after a union. */
interface Origin {
  readonly from: number;
  readonly tag: string | null;
}

interface Route {
  readonly partitioning: Partitioning;
  readonly keyOf: ((value: unknown) => Key) | null;
}

const FORWARD: Route = { partitioning: 'forward', keyOf: null };

export class DataStream<T> {
  protected readonly builder: GraphBuilder;
  protected readonly origins: readonly Origin[];
  protected readonly route: Route;
  protected readonly tickMs: number;

  constructor(builder: GraphBuilder, origins: readonly Origin[], tickMs: number, route: Route = FORWARD) {
    this.builder = builder;
    this.origins = origins;
    this.tickMs = tickMs;
    this.route = route;
  }

  /* ---- what is said of the last operator ---- */

  private get node(): OperatorNode {
    const [origin] = this.origins;
    if (this.origins.length !== 1) throw new StreamError('NOT_ONE_OPERATOR', 'This stream is a union of several: say it of each of them.');
    return this.builder.nodes[origin!.from]!;
  }

  name(name: string): this {
    const { node } = this;
    if (node.uid === `${node.name}-${node.id}`) node.uid = `${name}-${node.id}`;
    node.name = name;
    return this;
  }

  /** State is found by it when the job changes. */
  uid(uid: string): this {
    this.node.uid = uid;
    return this;
  }

  setParallelism(parallelism: number): this {
    this.node.parallelism = parallelism;
    return this;
  }

  /** Not in Flink: how long the operator works on a record, µs of simulated time. */
  workUs(us: number): this {
    this.node.workUs = us;
    return this;
  }

  disableChaining(): this {
    this.node.chainable = false;
    return this;
  }

  /* ---- one record at a time ---- */

  map<R>(map: (value: T) => R): DataStream<R> {
    return this.element('map', (value, out) => out.collect(map(value as T)));
  }

  filter(keep: (value: T) => boolean): DataStream<T> {
    return this.element('filter', (value, out) => {
      if (keep(value as T)) out.collect(value);
    });
  }

  flatMap<R>(flatMap: (value: T, out: Collector<R>) => void): DataStream<R> {
    return this.element('flatMap', (value, out) => flatMap(value as T, out as Collector<R>));
  }

  /** Like flatMap, with timestamps and side outputs. */
  process<R>(process: (value: T, out: Collector<R>, context: ElementContext) => void): DataStream<R> {
    return this.element('process', process as ElementFunction);
  }

  private element<R>(name: string, apply: ElementFunction): DataStream<R> {
    return this.append(name, { kind: 'operator', make: () => new FunctionOperator(apply) }, false);
  }

  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): DataStream<T> {
    const { tickMs } = this;
    return this.append('timestamps', { kind: 'operator', make: () => new TimestampsOperator(strategy as WatermarkStrategy<unknown>, tickMs) }, false);
  }

  getSideOutput<R>(tag: OutputTag<R>): DataStream<R> {
    return new DataStream<R>(
      this.builder,
      this.origins.map((o) => ({ from: o.from, tag: tag.id })),
      this.tickMs,
    );
  }

  /* ---- more than one stream ---- */

  union(...others: readonly DataStream<T>[]): DataStream<T> {
    return new DataStream<T>(
      this.builder,
      [this, ...others].flatMap((s) => s.origins),
      this.tickMs,
    );
  }

  keyBy<K extends Key>(keyOf: (value: T) => K): KeyedStream<T, K> {
    return new KeyedStream<T, K>(this.builder, this.origins, this.tickMs, { partitioning: 'hash', keyOf: keyOf as (value: unknown) => Key });
  }

  rebalance(): DataStream<T> {
    return new DataStream<T>(this.builder, this.origins, this.tickMs, { partitioning: 'rebalance', keyOf: null });
  }

  broadcast(): DataStream<T> {
    return new DataStream<T>(this.builder, this.origins, this.tickMs, { partitioning: 'broadcast', keyOf: null });
  }

  global(): DataStream<T> {
    return new DataStream<T>(this.builder, this.origins, this.tickMs, { partitioning: 'global', keyOf: null });
  }

  /** Windows over all records, whatever their key: runs with parallelism 1. */
  windowAll(assigner: WindowAssigner<T>): WindowedStream<T, number> {
    return new WindowedStream<T, number>(
      this.keyBy(() => 0),
      assigner as WindowAssigner,
      1,
    );
  }

  sinkTo(sink: Sink<T>): DataStreamSink {
    const made = this.append<never>('sink', { kind: 'sink', sink: sink.spec }, false);
    return new DataStreamSink(made);
  }

  /** @internal Adds an operator behind this stream, on the first input or on another stream's second. */
  append<R>(name: string, role: NodeRole, stateful: boolean, second?: DataStream<unknown>): DataStream<R> {
    const node = this.builder.add(name, role, stateful);
    [this as DataStream<unknown>, ...(second ? [second] : [])].forEach((stream, input) => {
      for (const o of stream.origins) this.builder.edges.push({ from: o.from, to: node.id, input, tag: o.tag, ...stream.route });
    });
    return new DataStream<R>(this.builder, [{ from: node.id, tag: null }], this.tickMs);
  }
}

export class DataStreamSink {
  private readonly stream: DataStream<never>;
  constructor(stream: DataStream<never>) {
    this.stream = stream;
  }
  name(name: string): this {
    this.stream.name(name);
    return this;
  }
  uid(uid: string): this {
    this.stream.uid(uid);
    return this;
  }
  setParallelism(parallelism: number): this {
    this.stream.setParallelism(parallelism);
    return this;
  }
  /** Not in Flink: how long the sink works on a record, µs of simulated time. */
  workUs(us: number): this {
    this.stream.workUs(us);
    return this;
  }
}

export class KeyedStream<T, K extends Key> extends DataStream<T> {
  /** A function with keyed state and timers. The function is made anew for every subtask. */
  processKeyed<R>(make: () => KeyedProcessFunction<T, R>): DataStream<R> {
    return this.keyed('process', () => {
      const fn = make();
      return {
        ...(fn.open && { open: (context) => fn.open!(context) }),
        inputs: [(value, context, out) => fn.processElement(value as T, context, out as Collector<R>)],
        ...(fn.onTimer && { onTimer: (timeMs, context, out) => fn.onTimer!(timeMs, context, out as Collector<R>) }),
      };
    });
  }

  /** @internal Adds a keyed operator, with the other stream on its second input. */
  keyed<R>(name: string, make: () => AnyKeyedFunction, second?: DataStream<unknown>): DataStream<R> {
    return this.append(name, { kind: 'operator', make: () => new KeyedProcessOperator(make()) }, true, second);
  }

  /** @internal Adds any operator that works by key. */
  operate<R>(name: string, make: () => StreamOperator): DataStream<R> {
    return this.append(name, { kind: 'operator', make }, true);
  }

  /** A running reduction: every record gives a result. */
  reduce(reduce: ReduceFunction<T>): DataStream<T> {
    return this.processKeyed<T>(() => {
      let sum: ValueState<T>;
      return {
        open: ({ states }) => (sum = states.valueState('reduced')),
        processElement: (value, _, out) => {
          const before = sum.value();
          const after = before === undefined ? value : reduce(before, value);
          sum.update(after);
          out.collect(after);
        },
      };
    }).name('reduce');
  }

  window(assigner: WindowAssigner<T>): WindowedStream<T, K> {
    return new WindowedStream<T, K>(this, assigner as WindowAssigner);
  }

  /** Windows of so many records; sliding ones give a result every `slide` records. */
  countWindow(size: number, slide?: number): WindowedStream<T, K> {
    const windows = this.window(GlobalWindows.create());
    return slide === undefined ? windows.trigger(purgingTrigger(countTrigger(size))) : windows.evictor(countEvictor(size)).trigger(countTrigger(slide));
  }

  connect<U>(other: KeyedStream<U, K>): ConnectedStreams<T, U, K> {
    return new ConnectedStreams<T, U, K>(this, other);
  }

  intervalJoin<U>(other: KeyedStream<U, K>): IntervalJoined<T, U, K> {
    return new IntervalJoined<T, U, K>(this, other);
  }
}

export class ConnectedStreams<A, B, K extends Key> {
  private readonly first: KeyedStream<A, K>;
  private readonly second: KeyedStream<B, K>;
  constructor(first: KeyedStream<A, K>, second: KeyedStream<B, K>) {
    this.first = first;
    this.second = second;
  }

  /** One function with two inputs that share its state. Made anew for every subtask. */
  process<R>(make: () => KeyedCoProcessFunction<A, B, R>): DataStream<R> {
    return this.first.keyed(
      'co-process',
      () => {
        const fn = make();
        return {
          ...(fn.open && { open: (context) => fn.open!(context) }),
          inputs: [(value, context, out) => fn.processElement1(value as A, context, out as Collector<R>), (value, context, out) => fn.processElement2(value as B, context, out as Collector<R>)],
          ...(fn.onTimer && { onTimer: (timeMs, context, out) => fn.onTimer!(timeMs, context, out as Collector<R>) }),
        };
      },
      this.second as DataStream<unknown>,
    );
  }
}

export class IntervalJoined<A, B, K extends Key> {
  private readonly left: KeyedStream<A, K>;
  private readonly right: KeyedStream<B, K>;
  private lowerMs = 0;
  private upperMs = 0;
  private readonly lateTags: [string | null, string | null] = [null, null];
  constructor(left: KeyedStream<A, K>, right: KeyedStream<B, K>) {
    this.left = left;
    this.right = right;
  }

  /** The right record's time minus the left one's, ms, both included. */
  between(lowerMs: number, upperMs: number): this {
    this.lowerMs = lowerMs;
    this.upperMs = upperMs;
    return this;
  }

  lowerBoundExclusive(): this {
    this.lowerMs++;
    return this;
  }

  upperBoundExclusive(): this {
    this.upperMs--;
    return this;
  }

  /** Records of the left that come too late go here instead of being dropped. */
  sideOutputLeftLateData(tag: OutputTag<A>): this {
    this.lateTags[0] = tag.id;
    return this;
  }

  sideOutputRightLateData(tag: OutputTag<B>): this {
    this.lateTags[1] = tag.id;
    return this;
  }

  process<R>(join: (left: A, right: B, out: Collector<R>) => void): DataStream<R> {
    const { lowerMs, upperMs, lateTags } = this;
    // Made once here, so that a mistake shows when the job is put together.
    intervalJoin({ lowerMs, upperMs, join, lateTags });
    return this.left.keyed('interval-join', () => intervalJoin({ lowerMs, upperMs, join, lateTags }), this.right as DataStream<unknown>);
  }
}

export class WindowedStream<T, K extends Key> {
  private readonly stream: KeyedStream<T, K>;
  private readonly assigner: WindowAssigner;
  private readonly fixedParallelism: number | null;
  private chosenTrigger: Trigger | null = null;
  private chosenEvictor: Evictor | null = null;
  private latenessMs = 0;
  private lateTag: string | null = null;

  constructor(stream: KeyedStream<T, K>, assigner: WindowAssigner, fixedParallelism: number | null = null) {
    this.stream = stream;
    this.assigner = assigner;
    this.fixedParallelism = fixedParallelism;
  }

  /** Replaces the assigner's own trigger. */
  trigger(trigger: Trigger<T>): this {
    this.chosenTrigger = trigger as Trigger;
    return this;
  }

  evictor(evictor: Evictor<T>): this {
    this.chosenEvictor = evictor as Evictor;
    return this;
  }

  /** How long after its end a window still takes records, ms of event time. @throws StreamError LATENESS_NEGATIVE */
  allowedLateness(latenessMs: number): this {
    if (!(latenessMs >= 0)) throw new StreamError('LATENESS_NEGATIVE', `The allowed lateness must not be negative, and ${latenessMs} ms is.`);
    this.latenessMs = latenessMs;
    return this;
  }

  sideOutputLateData(tag: OutputTag<T>): this {
    this.lateTag = tag.id;
    return this;
  }

  reduce(reduce: ReduceFunction<T>): DataStream<T>;
  reduce<R>(reduce: ReduceFunction<T>, then: ProcessWindowFunction<T, R, K>): DataStream<R>;
  reduce<R>(reduce: ReduceFunction<T>, then?: ProcessWindowFunction<T, R, K>): DataStream<T | R> {
    return this.operate('window', this.accumulating(reducing(reduce)), then ? applying(then) : (_key, _context, values) => values);
  }

  aggregate<Acc, R>(aggregate: AggregateFunction<T, Acc, R>): DataStream<R>;
  aggregate<Acc, V, R>(aggregate: AggregateFunction<T, Acc, V>, then: ProcessWindowFunction<V, R, K>): DataStream<R>;
  aggregate<Acc, V, R>(aggregate: AggregateFunction<T, Acc, V>, then?: ProcessWindowFunction<V, R, K>): DataStream<V | R> {
    return this.operate('window', this.accumulating(aggregating(aggregate)), then ? applying(then) : (_key, _context, values) => values);
  }

  process<R>(fn: ProcessWindowFunction<T, R, K>): DataStream<R> {
    return this.operate('window', listing(this.chosenEvictor), applying(fn));
  }

  private accumulating(contents: WindowContents): WindowContents {
    if (this.chosenEvictor)
      throw new StreamError('EVICTOR_NEEDS_ELEMENTS', 'An evictor looks at every element, and reduce or aggregate keep none. Use process(...) with the evictor, or leave it out.');
    return contents;
  }

  private operate<R>(name: string, contents: WindowContents, apply: WindowFunction): DataStream<R> {
    const { assigner, chosenTrigger: trigger, latenessMs: allowedLatenessMs, lateTag } = this;
    const make = () => new WindowOperator({ assigner, trigger, contents, apply, allowedLatenessMs, lateTag });
    make();
    const made = this.stream.operate<R>(name, make);
    return this.fixedParallelism === null ? made : made.setParallelism(this.fixedParallelism);
  }
}

function applying<In, R, K>(fn: ProcessWindowFunction<In, R, K>): WindowFunction {
  return (key, context, elements) => {
    const results: R[] = [];
    fn.process(key as K, context, elements as readonly In[], { collect: (value) => void results.push(value) });
    return results;
  };
}

/** Lookups that do not hold the stream up (Flink AsyncDataStream). */
export const AsyncDataStream = {
  /** Results leave when they are there, but never across a watermark. @param timeoutMs after it the task fails, or onTimeout answers. */
  unorderedWait<T, R>(stream: DataStream<T>, ask: AsyncFunction<T, R>, timeoutMs: number, capacity = 100, onTimeout: ((value: T) => readonly R[]) | null = null): DataStream<R> {
    return wait(stream, ask, timeoutMs, capacity, onTimeout, false);
  },
  /** Results leave in the order of the records. */
  orderedWait<T, R>(stream: DataStream<T>, ask: AsyncFunction<T, R>, timeoutMs: number, capacity = 100, onTimeout: ((value: T) => readonly R[]) | null = null): DataStream<R> {
    return wait(stream, ask, timeoutMs, capacity, onTimeout, true);
  },
};

function wait<T, R>(stream: DataStream<T>, ask: AsyncFunction<T, R>, timeoutMs: number, capacity: number, onTimeout: ((value: T) => readonly R[]) | null, ordered: boolean): DataStream<R> {
  if (!(capacity >= 1)) throw new StreamError('INVALID_CAPACITY', `The capacity of async lookups must be 1 or more, and ${capacity} is not.`);
  const spec = { ask: ask as AsyncFunction<unknown, unknown>, ordered, capacity, timeoutMs, onTimeout: onTimeout as ((value: unknown) => readonly unknown[]) | null };
  return stream.append('async-wait', { kind: 'operator', make: () => new AsyncWaitOperator(spec) }, false);
}
