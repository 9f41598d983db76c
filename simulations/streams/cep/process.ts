// What one event, and the passing of time, do to the partial matches of a key: Flink's NFA.
import { beginEvent, decide, type Clock } from './decide.ts';
import { CepError } from './errors.ts';
import { NOT_STARTED, type CepKeyState, type PartialMatch } from './keyState.ts';
import { push } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { increased, matchAt, releaseEntry, releaseEvent, type Match } from './sharedBuffer.ts';
import { emitMatches } from './skipping.ts';
import { moveOn, startFrom, type Step } from './step.ts';

/** What the automaton needs from outside. */
export interface NfaHost<T> extends Clock {
  readonly observer: CepObserver<T> | null;
}

export interface Processed<T> {
  readonly matches: readonly Match<T>[];
  /** Whether the event started a partial match, and its timestamp is greater than 0. */
  readonly started: boolean;
}

const NOTHING: Processed<never> = { matches: [], started: false };
const STARTED: Processed<never> = { matches: [], started: true };

/**
 * Offers an event to the partial matches of a key. Time is not advanced: call {@link advanceTime} with the same timestamp first.
 *
 * After an error the state of the key is undefined, as a job's is that has failed: restore it from a copy.
 * @throws CepError CONDITION_FAILED, SKIP_TARGET_MISSING_IN_MATCH, SKIP_TO_FIRST_ELEMENT_OF_MATCH, PARTIAL_MATCH_LIMIT, PROCEED_CYCLE
 */
export function processEvent<T>(nfa: Nfa<T>, key: CepKeyState<T>, event: T, timestampMs: number, host: NfaHost<T>): Processed<T> {
  const { evaluation } = nfa;
  beginEvent(evaluation, key, event, timestampMs, host);
  const before = key.partialMatches;
  let step: Step<T> | null = null;
  let started = false;
  for (let at = 0; at < before.length; at++) {
    const match = before[at]!;
    const decision = decide(evaluation, nfa.states[match.state]!, match);
    if (decision.waits) {
      if (match.entry < 0) match.version = increased(match.version, decision.increase);
      if (step !== null) push(step.partial, match);
      continue;
    }
    // The beginning of a heap's array is a heap, and stays as it is when it is put in again element by element.
    step ??= { nfa, key, event, timestampMs, observer: host.observer, eventSlot: -1, partial: before.slice(0, at), complete: [] };
    if (match.entry >= 0) {
      moveOn(step, match, decision);
    } else {
      startFrom(step, match, decision);
      started = timestampMs > 0;
    }
  }
  if (step === null) return NOTHING;

  if (step.eventSlot >= 0) releaseEvent(key.buffer, step.eventSlot);
  const matches = step.complete.length > 0 || key.completedMatches.length > 0 ? emitMatches(nfa, key, step.complete, step.partial, timestampMs, host.observer) : NOTHING.matches;
  key.partialMatches = step.partial;
  checkLimit(nfa, key, host.observer);
  return matches.length > 0 ? { matches, started } : started ? STARTED : NOTHING;
}

export interface Advanced<T> {
  /** Matches that were waiting for their window to pass, or for what passed. */
  readonly matches: readonly Match<T>[];
  readonly timedOut: readonly TimedOut<T>[];
}

export interface TimedOut<T> {
  /** The events taken so far. */
  readonly match: Match<T>;
  /** When the window had passed. */
  readonly timestampMs: number;
}

const NOTHING_PASSED: Advanced<never> = { matches: [], timedOut: [] };

/**
 * Lets time come to `nowMs`, after which no event with an earlier timestamp is expected: partial matches whose window has passed end. A window
 * of w ms has passed at the first event plus w. What then waits for the end of a last notFollowedBy is a match.
 * @throws CepError SKIP_TARGET_MISSING_IN_MATCH, SKIP_TO_FIRST_ELEMENT_OF_MATCH
 */
export function advanceTime<T>(nfa: Nfa<T>, key: CepKeyState<T>, nowMs: number, observer: CepObserver<T> | null): Advanced<T> {
  const before = key.partialMatches;
  if (!nfa.hasStateWindows) {
    // The earliest start is first: if its window has not passed, none has.
    const first = before[0];
    if (nfa.windowMs === 0 || first === undefined || nowMs - first.startTimestampMs < nfa.windowMs) return NOTHING_PASSED;
  }
  const partial: PartialMatch[] = [];
  const complete: PartialMatch[] = [];
  const timedOut: TimedOut<T>[] = [];
  for (const match of before) {
    const passedMs = windowPassed(nfa, match, nowMs);
    if (passedMs === null) {
      push(partial, match);
      continue;
    }
    const state = nfa.states[match.state]!;
    if (state.type === 'Pending') {
      complete.push(match);
      if (observer !== null) observer.completed({ partialMatchId: match.id, parentId: match.id, match: matchAt(key.buffer, match.entry), timestampMs: nowMs });
      continue;
    }
    if (nfa.timeoutHandling) timedOut.push({ match: matchAt(key.buffer, match.entry), timestampMs: passedMs });
    if (observer !== null) {
      if (nfa.timeoutHandling) observer.timedOut({ partialMatchId: match.id, match: matchAt(key.buffer, match.entry), timestampMs: passedMs });
      else observer.pruned({ partialMatchId: match.id, state: state.name, reason: 'time', event: null, timestampMs: passedMs });
    }
    releaseEntry(key.buffer, match.entry);
  }
  if (partial.length === before.length) return NOTHING_PASSED;
  const queue: PartialMatch[] = [];
  for (const match of complete) push(queue, match);
  const matches = emitMatches(nfa, key, queue, partial, nowMs, observer);
  key.partialMatches = partial;
  return { matches, timedOut };
}

/** When the window of `match` has passed; null if it has not by `nowMs`. */
function windowPassed<T>(nfa: Nfa<T>, match: PartialMatch, nowMs: number): number | null {
  if (match.startEvent === NOT_STARTED) return null;
  const waitMs = nfa.states[match.state]!.windowMs;
  if (waitMs > 0 && nowMs - match.previousTimestampMs >= waitMs) return match.previousTimestampMs + waitMs;
  return nfa.windowMs > 0 && nowMs - match.startTimestampMs >= nfa.windowMs ? match.startTimestampMs + nfa.windowMs : null;
}

function checkLimit<T>(nfa: Nfa<T>, key: CepKeyState<T>, observer: CepObserver<T> | null): void {
  const count = key.partialMatches.length + key.completedMatches.length;
  if (count <= nfa.maxPartialMatches) return;
  observer?.limitReached(count, nfa.maxPartialMatches);
  throw new CepError(
    'PARTIAL_MATCH_LIMIT',
    'LimitExceeded',
    `${count} partial matches are open for one key, more than the ${nfa.maxPartialMatches} allowed. Bound the pattern with within(), until() or an after-match skip strategy.`,
  );
}
