// When a window gives its result (Flink api.windowing.triggers). A trigger decides; cleaning up is the window operator's job.
import { StreamError } from '../errors.ts';
import type { TimerService } from '../state/timers.ts';
import { MAX_TIME } from '../time.ts';
import { maxTimestamp, type Window } from './window.ts';

/** FIRE: give the result. PURGE: forget the contents. */
export type TriggerResult = 'CONTINUE' | 'FIRE' | 'PURGE' | 'FIRE_AND_PURGE';

/** What a trigger remembers for one key and window: plain data, so that a checkpoint can hold it. `nested` is that of the trigger inside it. */
export interface TriggerState {
  nested?: TriggerState;
  [name: string]: unknown;
}

export interface TriggerContext extends TimerService {
  /** Of this key, window and trigger. */
  state: TriggerState;
}

/** Triggers that the window operator knows and carries out itself, because nearly all windows have them. What they do is said by their methods. */
export type KnownTrigger = { readonly kind: 'eventTime' } | { readonly kind: 'count'; readonly maxCount: number; readonly purging: boolean };

export interface Trigger<T = unknown> {
  readonly known?: KnownTrigger;
  /** It looks at the end of the window: no trigger for the global one. */
  readonly timeWindowsOnly?: boolean;
  onElement(element: T, timestampMs: number, window: Window, context: TriggerContext): TriggerResult;
  onEventTime(timeMs: number, window: Window, context: TriggerContext): TriggerResult;
  onProcessingTime(timeMs: number, window: Window, context: TriggerContext): TriggerResult;
  /** Absent: the trigger cannot be used with windows that merge. @param absorbed what the trigger remembered for the windows that became this one. */
  onMerge?(window: Window, absorbed: readonly TriggerState[], context: TriggerContext): void;
  /** Deletes timers of its own. What it remembered is forgotten with the window. */
  clear(window: Window, context: TriggerContext): void;
}

const proceed = (): TriggerResult => 'CONTINUE';
const nothing = (): void => {};

/** Fires when the watermark passes the end of the window, and for every element that comes after that. */
export function eventTimeTrigger<T>(): Trigger<T> {
  return {
    known: { kind: 'eventTime' },
    timeWindowsOnly: true,
    onElement: (_element, _timestampMs, window, context) => {
      if (maxTimestamp(window) <= context.currentWatermark()) return 'FIRE';
      context.registerEventTimeTimer(maxTimestamp(window));
      return 'CONTINUE';
    },
    onEventTime: (timeMs, window) => (timeMs === maxTimestamp(window) ? 'FIRE' : 'CONTINUE'),
    onProcessingTime: proceed,
    onMerge: (window, _, context) => {
      if (maxTimestamp(window) > context.currentWatermark()) context.registerEventTimeTimer(maxTimestamp(window));
    },
    clear: (window, context) => context.deleteEventTimeTimer(maxTimestamp(window)),
  };
}

/** Fires when the clock reaches the last millisecond of the window. */
export function processingTimeTrigger<T>(): Trigger<T> {
  return {
    timeWindowsOnly: true,
    onElement: (_element, _timestampMs, window, context) => {
      context.registerProcessingTimeTimer(maxTimestamp(window));
      return 'CONTINUE';
    },
    onEventTime: proceed,
    onProcessingTime: () => 'FIRE',
    onMerge: (window, _, context) => {
      if (maxTimestamp(window) > context.currentProcessingTime()) context.registerProcessingTimeTimer(maxTimestamp(window));
    },
    clear: (window, context) => context.deleteProcessingTimeTimer(maxTimestamp(window)),
  };
}

/** Fires at every n-th element; the contents stay. @param maxCount from 1. */
export function countTrigger<T>(maxCount: number): Trigger<T> {
  if (!(maxCount >= 1)) throw new StreamError('INVALID_COUNT', `A count trigger needs a count of 1 or more, and ${maxCount} is not.`);
  return {
    known: { kind: 'count', maxCount, purging: false },
    onElement: (_element, _timestampMs, _window, context) => {
      const count = ((context.state['count'] as number | undefined) ?? 0) + 1;
      context.state['count'] = count >= maxCount ? 0 : count;
      return count >= maxCount ? 'FIRE' : 'CONTINUE';
    },
    onEventTime: proceed,
    onProcessingTime: proceed,
    onMerge: (_window, absorbed, context) => {
      context.state['count'] = absorbed.reduce((sum, s) => sum + ((s['count'] as number | undefined) ?? 0), 0);
    },
    clear: nothing,
  };
}

/** Forgets the contents whenever the other trigger fires. */
export function purgingTrigger<T>(of: Trigger<T>): Trigger<T> {
  const purge = (result: TriggerResult): TriggerResult => (result === 'FIRE' ? 'FIRE_AND_PURGE' : result);
  const { onMerge, known, timeWindowsOnly } = of;
  return {
    ...(timeWindowsOnly && { timeWindowsOnly }),
    ...(known?.kind === 'count' && { known: { ...known, purging: true } }),
    onElement: (element, timestampMs, window, context) => purge(of.onElement(element, timestampMs, window, context)),
    onEventTime: (timeMs, window, context) => purge(of.onEventTime(timeMs, window, context)),
    onProcessingTime: (timeMs, window, context) => purge(of.onProcessingTime(timeMs, window, context)),
    ...(onMerge && { onMerge: (window, absorbed, context) => onMerge(window, absorbed, context) }),
    clear: (window, context) => of.clear(window, context),
  };
}

/** Next multiple of the interval after a time, at most the end of the window. */
function nextFire(fromMs: number, intervalMs: number, window: Window): number {
  return Math.min(fromMs + intervalMs, maxTimestamp(window));
}

function earliestOf(absorbed: readonly TriggerState[]): number | undefined {
  const times = absorbed.flatMap((s) => (s['fireMs'] === undefined ? [] : [s['fireMs'] as number]));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Fires at multiples of the interval, by event time, and at the end of the window. @param intervalMs above 0. */
export function continuousEventTimeTrigger<T>(intervalMs: number): Trigger<T> {
  const register = (fromMs: number, window: Window, context: TriggerContext) => {
    const fireMs = nextFire(fromMs, intervalMs, window);
    context.state['fireMs'] = fireMs;
    context.registerEventTimeTimer(fireMs);
  };
  return {
    onElement: (_element, timestampMs, window, context) => {
      if (maxTimestamp(window) <= context.currentWatermark()) return 'FIRE';
      context.registerEventTimeTimer(maxTimestamp(window));
      if (context.state['fireMs'] === undefined) register(timestampMs - (timestampMs % intervalMs), window, context);
      return 'CONTINUE';
    },
    onEventTime: (timeMs, window, context) => {
      if (timeMs === maxTimestamp(window)) return 'FIRE';
      if (context.state['fireMs'] !== timeMs) return 'CONTINUE';
      register(timeMs, window, context);
      return 'FIRE';
    },
    onProcessingTime: proceed,
    onMerge: (_window, absorbed, context) => {
      const fireMs = earliestOf(absorbed);
      if (fireMs === undefined) return;
      context.state['fireMs'] = fireMs;
      context.registerEventTimeTimer(fireMs);
    },
    clear: (_window, context) => {
      const fireMs = context.state['fireMs'] as number | undefined;
      if (fireMs !== undefined) context.deleteEventTimeTimer(fireMs);
    },
  };
}

/** Fires at multiples of the interval, by the clock. @param intervalMs above 0. */
export function continuousProcessingTimeTrigger<T>(intervalMs: number): Trigger<T> {
  const register = (fromMs: number, window: Window, context: TriggerContext) => {
    const fireMs = nextFire(fromMs, intervalMs, window);
    context.state['fireMs'] = fireMs;
    context.registerProcessingTimeTimer(fireMs);
  };
  return {
    onElement: (_element, _timestampMs, window, context) => {
      const nowMs = context.currentProcessingTime();
      if (context.state['fireMs'] === undefined) register(nowMs - (nowMs % intervalMs), window, context);
      return 'CONTINUE';
    },
    onEventTime: proceed,
    onProcessingTime: (timeMs, window, context) => {
      if (timeMs === maxTimestamp(window)) return 'FIRE';
      if (context.state['fireMs'] !== timeMs) return 'CONTINUE';
      register(timeMs, window, context);
      return 'FIRE';
    },
    onMerge: (_window, absorbed, context) => {
      const fireMs = earliestOf(absorbed);
      if (fireMs === undefined) return;
      context.state['fireMs'] = fireMs;
      context.registerProcessingTimeTimer(fireMs);
    },
    clear: (_window, context) => {
      const fireMs = context.state['fireMs'] as number | undefined;
      if (fireMs !== undefined) context.deleteProcessingTimeTimer(fireMs);
    },
  };
}

/** Never fires: the default of global windows. */
export function neverTrigger<T>(): Trigger<T> {
  return { onElement: proceed, onEventTime: proceed, onProcessingTime: proceed, onMerge: nothing, clear: nothing };
}

/** Fires once, when the stream ends. */
export function endOfStreamTrigger<T>(): Trigger<T> {
  return {
    onElement: (_element, _timestampMs, _window, context) => {
      context.registerEventTimeTimer(MAX_TIME);
      return 'CONTINUE';
    },
    onEventTime: (timeMs) => (timeMs === MAX_TIME ? 'FIRE' : 'CONTINUE'),
    onProcessingTime: proceed,
    onMerge: (_window, _absorbed, context) => context.registerEventTimeTimer(MAX_TIME),
    clear: (_window, context) => context.deleteEventTimeTimer(MAX_TIME),
  };
}

/** Fires when an element differs from the one of the last firing by more than the threshold. The first element is only the reference. */
export function deltaTrigger<T>(threshold: number, delta: (reference: T, current: T) => number): Trigger<T> {
  return {
    onElement: (element, _timestampMs, _window, context) => {
      if (!('reference' in context.state)) {
        context.state['reference'] = element;
        return 'CONTINUE';
      }
      if (!(delta(context.state['reference'] as T, element) > threshold)) return 'CONTINUE';
      context.state['reference'] = element;
      return 'FIRE';
    },
    onEventTime: proceed,
    onProcessingTime: proceed,
    clear: nothing,
  };
}

/** Fires as the other trigger does, and when the clock has run for the time-out since the first element (or the latest one). */
export function processingTimeoutTrigger<T>(of: Trigger<T>, options: { readonly timeoutMs: number; readonly resetTimerOnNewRecord?: boolean; readonly shouldClearOnTimeout?: boolean }): Trigger<T> {
  const { timeoutMs, resetTimerOnNewRecord = false, shouldClearOnTimeout = true } = options;
  const inside = <R>(context: TriggerContext, call: () => R): R => {
    const own = context.state;
    context.state = own.nested ??= {};
    const result = call();
    context.state = own;
    return result;
  };
  const clear = (window: Window, context: TriggerContext): void => {
    const dueMs = context.state['dueMs'] as number | undefined;
    if (dueMs !== undefined) context.deleteProcessingTimeTimer(dueMs);
    delete context.state['dueMs'];
    inside(context, () => of.clear(window, context));
    delete context.state.nested;
  };
  const timedOut = (result: TriggerResult, window: Window, context: TriggerContext): TriggerResult => {
    if (shouldClearOnTimeout) clear(window, context);
    return result === 'PURGE' || result === 'FIRE_AND_PURGE' ? 'FIRE_AND_PURGE' : 'FIRE';
  };
  const { onMerge, timeWindowsOnly } = of;
  return {
    ...(timeWindowsOnly && { timeWindowsOnly }),
    onElement: (element, timestampMs, window, context) => {
      const result = inside(context, () => of.onElement(element, timestampMs, window, context));
      if (result === 'FIRE' || result === 'FIRE_AND_PURGE') {
        clear(window, context);
        return result;
      }
      const dueMs = context.state['dueMs'] as number | undefined;
      if (dueMs !== undefined && !resetTimerOnNewRecord) return result;
      if (dueMs !== undefined) context.deleteProcessingTimeTimer(dueMs);
      const nextMs = context.currentProcessingTime() + timeoutMs;
      context.state['dueMs'] = nextMs;
      context.registerProcessingTimeTimer(nextMs);
      return result;
    },
    onEventTime: (timeMs, window, context) =>
      timedOut(
        inside(context, () => of.onEventTime(timeMs, window, context)),
        window,
        context,
      ),
    onProcessingTime: (timeMs, window, context) =>
      timedOut(
        inside(context, () => of.onProcessingTime(timeMs, window, context)),
        window,
        context,
      ),
    ...(onMerge && {
      onMerge: (window, absorbed, context) =>
        inside(context, () =>
          onMerge(
            window,
            absorbed.flatMap((s) => (s.nested ? [s.nested] : [])),
            context,
          ),
        ),
    }),
    clear,
  };
}
