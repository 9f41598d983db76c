// The CEP operator over one key's state: buffering by timestamp, watermarks, timers, lateness. Flink: CepOperator.
import type { CepKeyState } from './keyState.ts';
import { compileNfa, type Nfa, type NfaOptions } from './nfa.ts';
import type { Pattern } from './pattern.ts';
import type { NfaHost } from './evaluation.ts';
import { advanceTime, processEvent } from './process.ts';
import type { Match } from './sharedBuffer.ts';

export interface CepOptions<T> extends NfaOptions {
  /** Default event time. */
  readonly timeBehaviour?: 'EventTime' | 'ProcessingTime';
  /** Orders events of one timestamp; negative when `a` comes first. Default: as they arrived. In processing time it makes events wait for the next millisecond. */
  readonly comparator?: (a: T, b: T) => number;
  /** Whether late events go to a side output instead of being dropped and counted. Default false. */
  readonly lateSideOutput?: boolean;
}

/** A pattern as an operator: one for all keys. */
export interface CepOperator<T> {
  readonly nfa: Nfa<T>;
  readonly processingTime: boolean;
  readonly comparator: ((a: T, b: T) => number) | null;
  readonly lateSideOutput: boolean;
}

/**
 * What the operator needs from the runtime, for the key that it is called for. All times in milliseconds. A timestamp of null is that of a record without one:
 * in processing time, results carry none.
 */
export interface CepHost<T> extends NfaHost<T> {
  /** `-Infinity` before the first watermark, `Infinity` after the last. */
  currentWatermark(): number;
  /** Calls {@link onEventTime} once for this key when the watermark reaches `timeMs`; asked again for the same time, still once. */
  registerEventTimeTimer(timeMs: number): void;
  /** Calls {@link onProcessingTime} once for this key when the clock reaches `timeMs`; asked again for the same time, still once. */
  registerProcessingTimeTimer(timeMs: number): void;
  match(match: Match<T>, timestampMs: number | null): void;
  /** A partial match that timed out, with the time at which its window had passed. Only with `timeoutHandling`. */
  timedOut(match: Match<T>, timestampMs: number | null): void;
  /** A late event for the side output. Only with `lateSideOutput`. */
  late(event: T, timestampMs: number): void;
  /** A late event was dropped: counts numLateRecordsDropped. */
  lateDropped(event: T, timestampMs: number): void;
}

/** @throws CepError as compileNfa */
export function createCepOperator<T>(pattern: Pattern<T>, options: CepOptions<T> = {}): CepOperator<T> {
  return {
    nfa: compileNfa(pattern, options),
    processingTime: options.timeBehaviour === 'ProcessingTime',
    comparator: options.comparator ?? null,
    lateSideOutput: options.lateSideOutput ?? false,
  };
}

/**
 * An event has come for the key. In event time it waits until the watermark reaches its timestamp, or is late if the watermark is there already;
 * in processing time it is processed at once, stamped with the clock.
 * @param timestampMs ignored in processing time
 */
export function onElement<T>(operator: CepOperator<T>, state: CepKeyState<T>, event: T, timestampMs: number, host: CepHost<T>): void {
  if (operator.processingTime) {
    const nowMs = host.currentProcessingTime();
    if (operator.comparator !== null) {
      wait(operator, state, event, nowMs, host);
      return;
    }
    advance(operator, state, nowMs, host);
    offer(operator, state, event, nowMs, false, host);
  } else if (timestampMs > host.currentWatermark()) {
    wait(operator, state, event, timestampMs, host);
  } else if (operator.lateSideOutput) {
    host.late(event, timestampMs);
  } else {
    host.lateDropped(event, timestampMs);
  }
}

/** An event-time timer of the key fires: what the watermark has reached is processed in the order of time, then time comes to the watermark. */
export function onEventTime<T>(operator: CepOperator<T>, state: CepKeyState<T>, host: CepHost<T>): void {
  const watermarkMs = host.currentWatermark();
  processWaiting(operator, state, watermarkMs, host);
  advance(operator, state, watermarkMs, host);
}

/** A processing-time timer of the key fires: what waited to be sorted is processed, then time comes to the clock. */
export function onProcessingTime<T>(operator: CepOperator<T>, state: CepKeyState<T>, host: CepHost<T>): void {
  processWaiting(operator, state, Infinity, host);
  advance(operator, state, host.currentProcessingTime(), host);
}

function processWaiting<T>(operator: CepOperator<T>, state: CepKeyState<T>, untilMs: number, host: CepHost<T>): void {
  const { waiting } = state;
  if (waiting === null) return;
  const later = waiting.findIndex((w) => w.timestampMs > untilMs);
  const due = waiting.splice(0, later < 0 ? waiting.length : later);
  if (later < 0) state.waiting = null;
  // As in Flink, once an event of this call has started a partial match, each event after it sets a timer too.
  let started = false;
  for (const { timestampMs, events } of due) {
    advance(operator, state, timestampMs, host);
    if (operator.comparator !== null) events.sort(operator.comparator);
    for (const event of events) started = offer(operator, state, event, timestampMs, started, host);
  }
}

function wait<T>(operator: CepOperator<T>, state: CepKeyState<T>, event: T, timestampMs: number, host: CepHost<T>): void {
  const waiting = (state.waiting ??= []);
  let at = waiting.length;
  while (at > 0 && waiting[at - 1]!.timestampMs > timestampMs) at--;
  const same = at > 0 ? waiting[at - 1]! : null;
  if (same?.timestampMs === timestampMs) {
    same.events.push(event);
    return;
  }
  waiting.splice(at, 0, { timestampMs, events: [event] });
  register(operator, timestampMs, host);
}

function register<T>(operator: CepOperator<T>, timeMs: number, host: CepHost<T>): void {
  if (operator.processingTime) host.registerProcessingTimeTimer(timeMs + 1);
  else host.registerEventTimeTimer(timeMs);
}

function offer<T>(operator: CepOperator<T>, state: CepKeyState<T>, event: T, timestampMs: number, startedBefore: boolean, host: CepHost<T>): boolean {
  const { nfa } = operator;
  const processed = processEvent(nfa, state, event, timestampMs, host);
  const started = startedBefore || processed.started;
  if (nfa.windowMs > 0 && started) register(operator, timestampMs + nfa.windowMs, host);
  emit(operator, processed.matches, timestampMs, host);
  return started;
}

function advance<T>(operator: CepOperator<T>, state: CepKeyState<T>, nowMs: number, host: CepHost<T>): void {
  const { matches, timedOut } = advanceTime(operator.nfa, state, nowMs, host.observer);
  emit(operator, matches, nowMs, host);
  for (const { match, timestampMs } of timedOut) host.timedOut(match, operator.processingTime ? null : timestampMs);
}

function emit<T>(operator: CepOperator<T>, matches: readonly Match<T>[], timestampMs: number, host: CepHost<T>): void {
  for (const match of matches) host.match(match, operator.processingTime ? null : timestampMs);
}
