// Which windows an element belongs to (Flink api.windowing.assigners; cumulate from the Table API's CumulativeWindowAssigner).
import { StreamError } from '../errors.ts';
import { MIN_TIME } from '../time.ts';
import { endOfStreamTrigger, eventTimeTrigger, neverTrigger, processingTimeTrigger, type Trigger } from './triggers.ts';
import { GLOBAL_WINDOW, windowStart, type Window } from './window.ts';

/** What an assigner may ask besides the element. */
export interface AssignerContext {
  /** Milliseconds. */
  currentProcessingTime(): number;
  /** A drawn number of this subtask: 0 to 2^32-1. */
  drawStagger(): number;
  /** How far the windows of this subtask are shifted, ms; set by an assigner that staggers, when its first element comes. Not part of a checkpoint, as in Flink. */
  staggerMs: number | null;
}

/** Aligned event-time windows: every slide, of the same size. */
export interface Aligned {
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
}

export interface WindowAssigner<T = unknown> {
  /** Says the same as `assign`, for the window operator, which then needs no list for each element. */
  readonly aligned?: Aligned;
  readonly isEventTime: boolean;
  /** Whether there is only the global window. */
  readonly isGlobal?: boolean;
  /** Whether windows that touch become one (sessions). */
  readonly merging: boolean;
  /** @throws StreamError NO_TIMESTAMP where aligned event-time windows meet an element without one. */
  assign(element: T, timestampMs: number, context: AssignerContext): readonly Window[];
  /** The trigger that is used where the job sets none. */
  defaultTrigger(): Trigger<T>;
}

/** ALIGNED: all subtasks at the same time. RANDOM: each with a drawn shift. NATURAL: shifted to the arrival of the first element. */
export type WindowStagger = 'ALIGNED' | 'RANDOM' | 'NATURAL';

/** @throws StreamError NO_TIMESTAMP */
export function timestamped(timestampMs: number): number {
  if (timestampMs === MIN_TIME)
    throw new StreamError(
      'NO_TIMESTAMP',
      'The record has no timestamp, so it has no event-time window. Give the source a watermark strategy with a timestamp assigner, or use processing-time windows.',
    );
  return timestampMs;
}

function sizeAbove0(sizeMs: number, offsetMs: number, code: string, step = sizeMs): void {
  if (!(sizeMs > 0) || Math.abs(offsetMs) >= step)
    throw new StreamError(
      code,
      `Windows need a size above 0 ms and an offset smaller than ${step === sizeMs ? 'it' : 'the slide'}; these have size ${sizeMs}, ${step === sizeMs ? '' : `slide ${step}, `}offset ${offsetMs}.`,
    );
}

function tumbling<T>(isEventTime: boolean, sizeMs: number, offsetMs: number, stagger: WindowStagger): WindowAssigner<T> {
  sizeAbove0(sizeMs, offsetMs, 'INVALID_TUMBLING_PARAMETERS');
  const shiftOf = (context: AssignerContext): number => {
    const nowMs = context.currentProcessingTime();
    return stagger === 'RANDOM' ? context.drawStagger() % sizeMs : nowMs - windowStart(nowMs, 0, sizeMs);
  };
  return {
    ...(isEventTime && stagger === 'ALIGNED' && { aligned: { sizeMs, slideMs: sizeMs, offsetMs } }),
    isEventTime,
    merging: false,
    assign: (_, timestampMs, context) => {
      const timeMs = isEventTime ? timestamped(timestampMs) : context.currentProcessingTime();
      const shiftMs = stagger === 'ALIGNED' ? 0 : (context.staggerMs ??= shiftOf(context));
      const startMs = windowStart(timeMs, (offsetMs + shiftMs) % sizeMs, sizeMs);
      return [{ startMs, endMs: startMs + sizeMs }];
    },
    defaultTrigger: isEventTime ? eventTimeTrigger : processingTimeTrigger,
  };
}

function sliding<T>(isEventTime: boolean, sizeMs: number, slideMs: number, offsetMs: number): WindowAssigner<T> {
  sizeAbove0(sizeMs, offsetMs, 'INVALID_SLIDING_PARAMETERS', slideMs);
  return {
    ...(isEventTime && { aligned: { sizeMs, slideMs, offsetMs } }),
    isEventTime,
    merging: false,
    assign: (_, timestampMs, context) => {
      const timeMs = isEventTime ? timestamped(timestampMs) : context.currentProcessingTime();
      const windows: Window[] = [];
      for (let startMs = windowStart(timeMs, offsetMs, slideMs); startMs > timeMs - sizeMs; startMs -= slideMs) windows.push({ startMs, endMs: startMs + sizeMs });
      return windows;
    },
    defaultTrigger: isEventTime ? eventTimeTrigger : processingTimeTrigger,
  };
}

function sessions<T>(isEventTime: boolean, gapOf: (element: T) => number): WindowAssigner<T> {
  return {
    isEventTime,
    merging: true,
    assign: (element, timestampMs, context) => {
      const startMs = isEventTime ? timestampMs : context.currentProcessingTime();
      const gapMs = gapOf(element);
      if (!(gapMs > 0)) throw new StreamError('INVALID_SESSION_GAP', `A session gap must be above 0 ms, and ${gapMs} is not.`);
      return [{ startMs, endMs: startMs + gapMs }];
    },
    defaultTrigger: isEventTime ? eventTimeTrigger : processingTimeTrigger,
  };
}

/** Same-sized windows side by side. */
export const TumblingEventTimeWindows = {
  /** @param sizeMs above 0. @param offsetMs smaller than the size. @throws StreamError INVALID_TUMBLING_PARAMETERS */
  of: <T>(sizeMs: number, offsetMs = 0, stagger: WindowStagger = 'ALIGNED'): WindowAssigner<T> => tumbling(true, sizeMs, offsetMs, stagger),
};

export const TumblingProcessingTimeWindows = {
  /** @param sizeMs above 0. @param offsetMs smaller than the size. @throws StreamError INVALID_TUMBLING_PARAMETERS */
  of: <T>(sizeMs: number, offsetMs = 0, stagger: WindowStagger = 'ALIGNED'): WindowAssigner<T> => tumbling(false, sizeMs, offsetMs, stagger),
};

/** Same-sized windows that begin every slide; with a slide above the size there are gaps. */
export const SlidingEventTimeWindows = {
  /** @param offsetMs smaller than the slide. @throws StreamError INVALID_SLIDING_PARAMETERS */
  of: <T>(sizeMs: number, slideMs: number, offsetMs = 0): WindowAssigner<T> => sliding(true, sizeMs, slideMs, offsetMs),
};

export const SlidingProcessingTimeWindows = {
  /** @param offsetMs smaller than the slide. @throws StreamError INVALID_SLIDING_PARAMETERS */
  of: <T>(sizeMs: number, slideMs: number, offsetMs = 0): WindowAssigner<T> => sliding(false, sizeMs, slideMs, offsetMs),
};

function fixedGap<T>(isEventTime: boolean, gapMs: number): WindowAssigner<T> {
  if (!(gapMs > 0)) throw new StreamError('INVALID_SESSION_GAP', `A session gap must be above 0 ms, and ${gapMs} is not.`);
  return sessions(isEventTime, () => gapMs);
}

/** A window lasts until nothing has come for the gap. */
export const EventTimeSessionWindows = {
  /** @throws StreamError INVALID_SESSION_GAP */
  withGap: <T>(gapMs: number): WindowAssigner<T> => fixedGap(true, gapMs),
  /** The gap is a function of the element. A gap that is not above 0 throws StreamError INVALID_SESSION_GAP when its element comes. */
  withDynamicGap: <T>(gapOf: (element: T) => number): WindowAssigner<T> => sessions(true, gapOf),
};

export const ProcessingTimeSessionWindows = {
  /** @throws StreamError INVALID_SESSION_GAP */
  withGap: <T>(gapMs: number): WindowAssigner<T> => fixedGap(false, gapMs),
  /** The gap is a function of the element. A gap that is not above 0 throws StreamError INVALID_SESSION_GAP when its element comes. */
  withDynamicGap: <T>(gapOf: (element: T) => number): WindowAssigner<T> => sessions(false, gapOf),
};

const GLOBAL: readonly Window[] = [GLOBAL_WINDOW];

/** One window of all time. Only a trigger ends it. */
export const GlobalWindows = {
  create: <T>(): WindowAssigner<T> => ({ isEventTime: false, isGlobal: true, merging: false, assign: () => GLOBAL, defaultTrigger: neverTrigger }),
  /** Fires once, when the stream ends. */
  createWithEndOfStreamTrigger: <T>(): WindowAssigner<T> => ({ isEventTime: false, isGlobal: true, merging: false, assign: () => GLOBAL, defaultTrigger: endOfStreamTrigger }),
};

/** Windows that share a start and grow by a step until the largest size (Flink SQL: CUMULATE). */
export const CumulativeEventTimeWindows = {
  /** @param maxSizeMs a multiple of stepMs, both above 0. @throws StreamError INVALID_CUMULATE_PARAMETERS, CUMULATE_SIZE_NOT_MULTIPLE_OF_STEP */
  of: <T>(maxSizeMs: number, stepMs: number, offsetMs = 0): WindowAssigner<T> => {
    if (!(maxSizeMs > 0) || !(stepMs > 0)) throw new StreamError('INVALID_CUMULATE_PARAMETERS', `Cumulating windows need a largest size and a step above 0 ms; these have ${maxSizeMs} and ${stepMs}.`);
    if (maxSizeMs % stepMs !== 0) throw new StreamError('CUMULATE_SIZE_NOT_MULTIPLE_OF_STEP', `The largest size, ${maxSizeMs} ms, must be a multiple of the step, ${stepMs} ms.`);
    return {
      isEventTime: true,
      merging: false,
      assign: (_, timestampMs) => {
        const timeMs = timestamped(timestampMs);
        const startMs = windowStart(timeMs, offsetMs, maxSizeMs);
        const windows: Window[] = [];
        for (let endMs = windowStart(timeMs, offsetMs, stepMs) + stepMs; endMs <= startMs + maxSizeMs; endMs += stepMs) windows.push({ startMs, endMs });
        return windows;
      },
      defaultTrigger: eventTimeTrigger,
    };
  },
};
