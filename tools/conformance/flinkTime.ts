// Checkers for windows, watermarks and key groups.
import { bareContext } from '../../simulations/streams/bareContext.ts';
import { StreamError } from '../../simulations/streams/errors.ts';
import { defaultMaxParallelism, hashCodeOf, keyGroupOf, longHash, murmur, rangeOf, subtaskOf, type Key } from '../../simulations/streams/keyGroups.ts';
import { LAST_TIME, MAX_TIME, MIN_TIME } from '../../simulations/streams/time.ts';
import { WatermarkStrategy, type WatermarkOutput } from '../../simulations/streams/watermarks/generators.ts';
import { WatermarkMultiplexer } from '../../simulations/streams/watermarks/multiplexer.ts';
import { WatermarkValve } from '../../simulations/streams/watermarks/valve.ts';
import {
  CumulativeEventTimeWindows,
  EventTimeSessionWindows,
  GlobalWindows,
  ProcessingTimeSessionWindows,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  type WindowAssigner,
  type AssignerContext,
  type WindowStagger,
} from '../../simulations/streams/windows/assigners.ts';
import { listing } from '../../simulations/streams/windows/contents.ts';
import { countEvictor, deltaEvictor, timeEvictor, type Evictor } from '../../simulations/streams/windows/evictors.ts';
import {
  continuousEventTimeTrigger,
  continuousProcessingTimeTrigger,
  countTrigger,
  deltaTrigger,
  endOfStreamTrigger,
  eventTimeTrigger,
  neverTrigger,
  processingTimeoutTrigger,
  processingTimeTrigger,
  purgingTrigger,
  type Trigger,
} from '../../simulations/streams/windows/triggers.ts';
import { GLOBAL_WINDOW, mergeWindows, windowStart, type Window } from '../../simulations/streams/windows/window.ts';
import { WindowOperator } from '../../simulations/streams/windows/windowOperator.ts';
import { all, type Case, type Checker, type Outcome } from './outcome.ts';

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** Reads and writes times of one case. Where a case counts up to Long.MAX_VALUE, its times are moved down by a multiple of `step`, so that our last time takes the place of Flink's. */
class Times {
  private readonly shift: bigint;
  constructor(c: Case, stepMs: number) {
    const far = [...JSON.stringify(c).matchAll(/"(-?\d{17,})"/g)].some((m) => BigInt(m[1]!) !== LONG_MIN && BigInt(m[1]!) !== LONG_MAX);
    const distance = LONG_MAX - BigInt(LAST_TIME);
    const step = BigInt(Math.max(1, stepMs));
    this.shift = far ? ((distance + step - 1n) / step) * step : 0n;
  }
  in(value: unknown): number {
    if (value === null || value === undefined) return MIN_TIME;
    const exact = BigInt(value as string | number);
    return exact === LONG_MIN ? MIN_TIME : exact === LONG_MAX ? MAX_TIME : Number(exact - this.shift);
  }
  out(timeMs: number): string | number {
    if (timeMs === MIN_TIME) return String(LONG_MIN);
    if (timeMs === MAX_TIME) return String(LONG_MAX);
    const exact = BigInt(timeMs) + this.shift;
    return exact > BigInt(LAST_TIME) || exact < -BigInt(LAST_TIME) ? String(exact) : Number(exact);
  }
  window(window: Window): unknown {
    return window === GLOBAL_WINDOW || window.endMs === MAX_TIME ? 'global' : [this.out(window.startMs), this.out(window.endMs)];
  }
}

interface AssignerSpec {
  readonly type: string;
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs?: number;
  readonly gapMs: number;
  readonly stagger?: string;
  readonly gapByKeyMs: Readonly<Record<string, number>>;
  readonly maxSizeMs: number;
  readonly stepMs: number;
}

interface Element {
  readonly key: Key;
}

function assignerOf(s: AssignerSpec): WindowAssigner {
  const gap = (e: unknown) => s.gapByKeyMs[String((e as Element).key)]!;
  const stagger = (s.stagger?.toUpperCase() ?? 'ALIGNED') as WindowStagger;
  const make: Record<string, () => WindowAssigner> = {
    tumblingEventTime: () => TumblingEventTimeWindows.of(s.sizeMs, s.offsetMs, stagger),
    tumblingProcessingTime: () => TumblingProcessingTimeWindows.of(s.sizeMs, s.offsetMs, stagger),
    slidingEventTime: () => SlidingEventTimeWindows.of(s.sizeMs, s.slideMs, s.offsetMs),
    slidingProcessingTime: () => SlidingProcessingTimeWindows.of(s.sizeMs, s.slideMs, s.offsetMs),
    sessionEventTime: () => EventTimeSessionWindows.withGap(s.gapMs),
    sessionProcessingTime: () => ProcessingTimeSessionWindows.withGap(s.gapMs),
    dynamicSessionEventTime: () => EventTimeSessionWindows.withDynamicGap(gap),
    dynamicSessionProcessingTime: () => ProcessingTimeSessionWindows.withDynamicGap(gap),
    global: () => GlobalWindows.create(),
    globalEndOfStream: () => GlobalWindows.createWithEndOfStreamTrigger(),
    cumulative: () => CumulativeEventTimeWindows.of(s.maxSizeMs, s.stepMs, s.offsetMs),
  };
  if (!Object.hasOwn(make, s.type)) throw new Error(`unknown assigner ${s.type}`);
  return make[s.type]!();
}

interface TriggerSpec {
  readonly type: string;
  readonly count: number;
  readonly of: TriggerSpec;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly resetTimerOnNewRecord: boolean;
  readonly shouldClearOnTimeout: boolean;
  readonly threshold: number;
}

interface Valued {
  readonly value: number;
}

const difference = (a: unknown, b: unknown): number => (b as Valued).value - (a as Valued).value;

function triggerOf(s: TriggerSpec): Trigger {
  const make: Record<string, () => Trigger> = {
    eventTime: eventTimeTrigger,
    processingTime: processingTimeTrigger,
    count: () => countTrigger(s.count),
    purging: () => purgingTrigger(triggerOf(s.of)),
    continuousEventTime: () => continuousEventTimeTrigger(s.intervalMs),
    continuousProcessingTime: () => continuousProcessingTimeTrigger(s.intervalMs),
    processingTimeTimeout: () => processingTimeoutTrigger(triggerOf(s.of), s),
    delta: () => deltaTrigger(s.threshold, difference),
    never: neverTrigger,
    endOfStream: endOfStreamTrigger,
  };
  if (!Object.hasOwn(make, s.type)) throw new Error(`unknown trigger ${s.type}`);
  return make[s.type]!();
}

function evictorOf(s: { type: string; max: number; windowMs: number; threshold: number; evictAfter: boolean }): Evictor {
  if (s.type === 'count') return countEvictor(s.max, s.evictAfter);
  if (s.type === 'time') return timeEvictor(s.windowMs, s.evictAfter);
  if (s.type === 'delta') return deltaEvictor(s.threshold, difference, s.evictAfter);
  throw new Error(`unknown evictor ${s.type}`);
}

/** Expected errors are compared by code. */
function orError(c: Case, run: () => Outcome): Outcome {
  const { error } = c['expected'] as { error?: { code: string } };
  if (!error) return run();
  try {
    run();
  } catch (e) {
    return all([error.code, e instanceof StreamError ? e.code : String(e)]);
  }
  return { kind: 'fail', expected: error.code, actual: 'no error' };
}

const DEFAULT_TRIGGERS: Readonly<Record<string, string>> = { EventTimeTrigger: 'eventTime', ProcessingTimeTrigger: 'processingTime', NeverTrigger: 'never', EndOfStreamTrigger: 'endOfStream' };

/** What a trigger does with one element of a window, which tells the kinds of default triggers apart. */
function behaviour(trigger: Trigger): unknown {
  const calls: unknown[] = [];
  const note = (name: string) => (timeMs: number) => void calls.push([name, String(timeMs)]);
  const result = trigger.onElement(
    {},
    5,
    { startMs: 0, endMs: 10 },
    {
      state: {},
      currentWatermark: () => 0,
      currentProcessingTime: () => 0,
      registerEventTimeTimer: note('event'),
      registerProcessingTimeTimer: note('processing'),
      deleteEventTimeTimer: note('-event'),
      deleteProcessingTimeTimer: note('-processing'),
    },
  );
  return [result, calls];
}

const assign: Checker = (c) => {
  const times = new Times(c, 1);
  return orError(c, () => {
    const assigner = assignerOf(c['assigner'] as AssignerSpec);
    const expected = c['expected'] as { values: unknown[]; isEventTime?: boolean; defaultTrigger?: string };
    const inputs = c['inputs'] as { ts: unknown; processingTime?: number; key?: Key }[];
    let nowMs = 0;
    const context: AssignerContext = { currentProcessingTime: () => nowMs, drawStagger: () => 0, staggerMs: null };
    const values = inputs.map((input) => {
      nowMs = input.processingTime ?? 0;
      const windows = assigner.assign(input, times.in(input.ts), context);
      return windows.map((w) => times.window(w));
    });
    const asSet = (v: unknown) => (v as unknown[]).map((w) => JSON.stringify(w)).toSorted();
    const pairs: [unknown, unknown][] = [[expected.values.map(asSet), values.map(asSet)]];
    if (expected.isEventTime !== undefined) pairs.push([expected.isEventTime, assigner.isEventTime]);
    const known = expected.defaultTrigger === undefined ? undefined : DEFAULT_TRIGGERS[expected.defaultTrigger];
    if (known) pairs.push([behaviour(triggerOf({ type: known } as TriggerSpec)), behaviour(assigner.defaultTrigger())]);
    return all(...pairs);
  });
};

const startFormula: Checker = (c) => {
  const inputs = c['inputs'] as { ts: number }[];
  return all([(c['expected'] as { values: unknown }).values, inputs.map((i) => windowStart(i.ts, c['offsetMs'] as number, c['sizeMs'] as number) + 0)]);
};

const merge: Checker = (c) => {
  const windows = (c['windows'] as [number, number][]).map(([startMs, endMs]) => ({ startMs, endMs }));
  const groups = mergeWindows(windows).map((g) => ({ result: [g.result.startMs, g.result.endMs], merged: g.merged.map((w) => [w.startMs, w.endMs]) }));
  const sorted = (values: unknown) => (values as { result: unknown; merged: unknown[] }[]).map((g) => JSON.stringify([g.result, g.merged.map((w) => JSON.stringify(w)).toSorted()])).toSorted();
  return all([sorted((c['expected'] as { values: unknown }).values), sorted(groups)]);
};

/* ---- the window operator ---- */

interface Step {
  readonly element?: { readonly key: Key; readonly value: number; readonly ts: unknown };
  readonly watermark?: unknown;
  readonly processingTime?: number;
  readonly snapshotRestore?: true;
}

const operator: Checker = (c) => {
  const assignerSpec = c['assigner'] as AssignerSpec;
  const times = new Times(c, (assignerSpec.sizeMs ?? 1) * (assignerSpec.slideMs ?? 1));
  return orError(c, () => {
    const outputs: Record<string, unknown>[] = [];
    let step = 0;
    let nowMs = 0;
    let dropped = 0;
    const evictor = c['evictor'] ? evictorOf(c['evictor'] as Parameters<typeof evictorOf>[0]) : null;
    const context = bareContext({
      output: {
        collect: (value, timestampMs) => void outputs.push({ step, record: { ...(value as object), ts: times.out(timestampMs) } }),
        side: (_, value, timestampMs) => {
          const { key, value: v } = value as { key: Key; value: number };
          outputs.push({ step, late: { key, value: v, ts: times.out(timestampMs) } });
        },
        watermark: (timeMs) => void outputs.push({ step, watermark: times.out(timeMs) }),
      },
      currentProcessingTime: () => nowMs,
    });
    const open = () => {
      const made = new WindowOperator({
        assigner: assignerOf(assignerSpec),
        trigger: c['trigger'] ? triggerOf(c['trigger'] as TriggerSpec) : null,
        contents: listing(evictor),
        apply: (key, { window }, elements) => [{ key, sum: elements.reduce<number>((sum, e) => sum + (e as Valued).value, 0), count: elements.length, window: times.window(window) }],
        allowedLatenessMs: (c['allowedLatenessMs'] as number | undefined) ?? 0,
        lateTag: c['lateSideOutput'] ? 'late' : null,
      });
      made.open(context);
      return made;
    };
    let running = open();
    for (const s of c['steps'] as Step[]) {
      if (s.element) running.element({ value: s.element, timestampMs: times.in(s.element.ts), key: s.element.key, record: -1, cause: -1 });
      if (s.watermark !== undefined) running.watermark(times.in(s.watermark));
      if (s.processingTime !== undefined) {
        nowMs = s.processingTime;
        running.processingTime(nowMs);
      }
      if (s.snapshotRestore) {
        const state = running.snapshot();
        dropped += running.lateDropped;
        running = open();
        running.restore(state);
      }
      step++;
    }
    const expected = c['expected'] as { outputs: Record<string, unknown>[]; lateDropped: number };
    return all([expected.lateDropped, dropped + running.lateDropped], [betweenWatermarks(expected.outputs), betweenWatermarks(outputs)]);
  });
};

/** Results between two watermarks are a multiset. */
function betweenWatermarks(outputs: readonly Record<string, unknown>[]): unknown[] {
  const parts: unknown[] = [];
  let part: string[] = [];
  for (const o of outputs) {
    if (!('watermark' in o)) {
      part.push(canonical(o));
      continue;
    }
    parts.push(part.toSorted(), canonical(o));
    part = [];
  }
  return [...parts, part.toSorted()];
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).toSorted(([a], [b]) => (a < b ? -1 : 1))) : v));
}

/* ---- watermarks ---- */

/** Collects what comes out at each step. */
function collecting(times: Times): { output: WatermarkOutput; take(): unknown[] } {
  let said: unknown[] = [];
  const output = { emitWatermark: (timeMs: number) => void said.push(times.out(timeMs)), markIdle: () => void said.push('IDLE'), markActive: () => void said.push('ACTIVE') };
  return {
    output,
    take: () => {
      const taken = said;
      said = [];
      return taken;
    },
  };
}

const generator: Checker = (c) =>
  orError(c, () => {
    const times = new Times(c, 1);
    const { type, delayMs, idleTimeoutMs } = c['generator'] as { type: string; delayMs?: number; idleTimeoutMs?: number };
    let strategy = type === 'ascending' ? WatermarkStrategy.forMonotonousTimestamps() : WatermarkStrategy.forBoundedOutOfOrderness(delayMs!);
    if (idleTimeoutMs !== undefined) strategy = strategy.withIdleness(idleTimeoutMs);
    let nowMs = 0;
    const made = strategy.createGenerator(() => nowMs);
    const { output, take } = collecting(times);
    const values = (c['steps'] as { event?: unknown; periodicEmit?: boolean; advanceClockMs?: number }[]).map((s) => {
      if (s.event !== undefined) made.onEvent({}, times.in(s.event), output);
      if (s.periodicEmit) made.onPeriodicEmit(output);
      nowMs += s.advanceClockMs ?? 0;
      return take();
    });
    return all([(c['expected'] as { values: unknown }).values, values]);
  });

const multiplexer: Checker = (c) => {
  const times = new Times(c, 1);
  const { output, take } = collecting(times);
  const made = new WatermarkMultiplexer(output);
  const values = (c['steps'] as { op: string; output: string; watermark: unknown }[]).map((s) => {
    if (s.op === 'register') made.register(s.output);
    else if (s.op === 'unregister') made.unregister(s.output);
    else if (s.op === 'immediate') made.immediate(s.output).emitWatermark(times.in(s.watermark));
    else if (s.op === 'deferred') made.deferred(s.output).emitWatermark(times.in(s.watermark));
    else if (s.op === 'immediateIdle') made.immediate(s.output).markIdle();
    else if (s.op === 'deferredIdle') made.deferred(s.output).markIdle();
    else if (s.op === 'periodicEmit') made.onPeriodicEmit();
    else throw new Error(`unknown op ${s.op}`);
    return take();
  });
  return all([(c['expected'] as { values: unknown }).values, values]);
};

const valve: Checker = (c) => {
  const times = new Times(c, 1);
  const { output, take } = collecting(times);
  const made = new WatermarkValve(c['channels'] as number, { watermark: (timeMs) => output.emitWatermark(timeMs), status: (active) => (active ? output.markActive() : output.markIdle()) });
  const values = (c['steps'] as { channel: number; watermark?: unknown; status?: string }[]).map((s) => {
    if (s.watermark !== undefined) made.watermark(s.channel, times.in(s.watermark));
    if (s.status !== undefined) made.status(s.channel, s.status === 'ACTIVE');
    return take();
  });
  return all([(c['expected'] as { values: unknown }).values, values]);
};

const keyGroups: Checker = (c) => {
  const parallelism = c['parallelism'] as number;
  const maxParallelism = c['maxParallelism'] as number;
  const values = (c['keys'] as { type: string; value: string | number }[]).map(({ type, value }) => {
    const hashCode = type === 'long' ? longHash(value as number) : hashCodeOf(value);
    const keyGroup = murmur(hashCode) % maxParallelism;
    if (type !== 'long' && keyGroupOf(value, maxParallelism) !== keyGroup) throw new Error('keyGroupOf differs from murmur of hashCodeOf');
    return { hashCode, murmurHash: murmur(hashCode), keyGroup, subtask: subtaskOf(keyGroup, parallelism, maxParallelism) };
  });
  const ranges = Array.from({ length: parallelism }, (_, i) => {
    const { first, last } = rangeOf(i, parallelism, maxParallelism);
    return [first, last];
  });
  const expected = c['expected'] as Case;
  return all([expected['values'], values], [expected['ranges'], ranges], [expected['defaultMaxParallelism'], defaultMaxParallelism(parallelism)]);
};

/** One checker per kind, whatever the set is called. */
const byKind: Checker = (c, find) => {
  const kinds: Readonly<Record<string, Checker>> = { assign, windowStart: startFormula, merge, operator, watermarkGenerator: generator, multiplexer, valve, keyGroup: keyGroups };
  const kind = kinds[String(c['kind'])];
  return kind ? kind(c, find) : { kind: 'fail', expected: 'a known kind of case', actual: c['kind'] };
};

const SETS = [
  'key-groups',
  'watermark-generator',
  'watermark-multiplexer',
  'watermark-valve',
  'window-assign-cumulate',
  'window-assign-global',
  'window-assign-session-pt',
  'window-assign-session',
  'window-assign-sliding-pt',
  'window-assign-sliding',
  'window-assign-tumbling-pt',
  'window-assign-tumbling',
  'window-merge',
  'window-operator',
  'window-operator-recorded',
  'window-start-formula',
];

export const FLINK_TIME: Readonly<Record<string, Checker>> = Object.fromEntries(SETS.map((set) => [set, byKind]));
