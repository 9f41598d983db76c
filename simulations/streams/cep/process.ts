// What one event, and the passing of time, do to the partial matches of a key: Flink's NFA.
import { decide } from './decide.ts';
import { CepError } from './errors.ts';
import { beginEvent, type NfaHost } from './evaluation.ts';
import { bitOf, ENTRY, ENTRY_FIELDS, EVENT, FIRST, ID, MATCH_FIELDS, SHARED_BIT, STATE, type CepKeyState, type OpenMatches } from './keyState.ts';
import { copyRows, push } from './matchQueue.ts';
import type { Nfa, NfaState } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { matchAt, releaseEntry, releaseEvent, type Match } from './sharedBuffer.ts';
import { beginMatches, endMatchesIfOver } from './openMatches.ts';
import { emitMatches } from './skipping.ts';
import { moveOn, startFrom } from './step.ts';

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
  const { evaluation, states } = nfa;
  beginEvent(evaluation, key, event, timestampMs, host);
  if (key.open === null) {
    const decision = decide(evaluation, nfa.start, 0, -1);
    if (decision.waits) {
      key.startVersion += decision.increase;
      return NOTHING;
    }
    beginMatches(nfa, key);
  }
  const open = key.open!;
  evaluation.open = open;
  if (concernsNobody(nfa, open)) return NOTHING;

  const { fields, count } = open.partialMatches;
  let at = 0;
  open.occupied = 0;
  for (; at < count; at++) {
    const row = MATCH_FIELDS * at;
    const state = fields[row + STATE]!;
    const entry = fields[row + ENTRY]!;
    const decision = decide(evaluation, states[state]!, fields[row + ID]!, entry);
    if (!decision.waits) break;
    open.occupied |= bitOf(state);
    if (entry < 0) key.startVersion += decision.increase;
  }
  if (at === count) return NOTHING;
  const started = offerToRest(nfa, key, at) && timestampMs > 0;
  if (evaluation.eventSlot >= 0) releaseEvent(open.buffer, evaluation.eventSlot);
  const matches = emitComplete(nfa, open, timestampMs);
  if (open.partialMatches.count + open.completedMatches.count > nfa.maxPartialMatches) limitReached(nfa, open, host.observer);
  if (matches.length > 0 && nfa.skip.kind !== 'NO_SKIP') findOccupied(open);
  findEarliest(open);
  endMatchesIfOver(nfa, key, open);
  return matches.length > 0 ? { matches, started } : started ? STARTED : NOTHING;
}

/** Whether in every state that is waited in the event changes nothing, for whoever waits there. */
function concernsNobody<T>({ evaluation, states }: Nfa<T>, { occupied }: OpenMatches<T>): boolean {
  if (occupied >= bitOf(SHARED_BIT)) return false;
  for (let bits = occupied; bits > 0; bits &= bits - 1) {
    const state = states[31 - Math.clz32(bits & -bits)]!;
    if (state.iterative) return false;
    const decision = decide(evaluation, state, -1, -1);
    if (!decision.waits || decision.increase > 0) return false;
  }
  return true;
}

function findEarliest<T>(open: OpenMatches<T>): void {
  const { count, fields } = open.partialMatches;
  if (count > 0 && fields[FIRST]! >= 0) open.earliestStartMs = open.buffer.timestampsMs[fields[FIRST]!]!;
}

/**
 * Puts what becomes of the partial matches from `from` on behind those before it, which stay as they are. That is Flink's way of putting all of
 * them into a new queue: the beginning of a heap's array comes out the same when it is put in again one by one.
 * @returns whether the start was left
 */
function offerToRest<T>(nfa: Nfa<T>, key: CepKeyState<T>, from: number): boolean {
  const { evaluation, states } = nfa;
  const { rest, open } = evaluation;
  const { buffer, partialMatches } = open;
  copyRows(rest, partialMatches, from);
  partialMatches.count = from;
  evaluation.complete.count = 0;
  const { fields, versions, count } = rest;
  let started = false;
  for (let at = 0; at < count; at++) {
    const row = MATCH_FIELDS * at;
    const id = fields[row + ID]!;
    const state = fields[row + STATE]!;
    const entry = fields[row + ENTRY]!;
    const first = fields[row + FIRST]!;
    const version = versions[at]!;
    const decision = decide(evaluation, states[state]!, id, entry);
    if (decision.waits) {
      push(buffer, partialMatches, id, state, entry, first, version);
      open.occupied |= bitOf(state);
      if (entry < 0) key.startVersion += decision.increase;
    } else if (entry >= 0) {
      moveOn(nfa, id, state, entry, first, version, decision);
    } else {
      startFrom(nfa, state, decision);
      started = true;
    }
  }
  return started;
}

function emitComplete<T>(nfa: Nfa<T>, open: OpenMatches<T>, nowMs: number): readonly Match<T>[] {
  const { complete, host } = nfa.evaluation;
  if (complete.count === 0 && open.completedMatches.count === 0) return NOTHING.matches;
  return emitMatches(nfa, open, complete, nowMs, host.observer);
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
  const { open } = key;
  if (open === null) return NOTHING_PASSED;
  if (!nfa.hasStateWindows && (nfa.windowMs === 0 || nowMs - open.earliestStartMs < nfa.windowMs)) return NOTHING_PASSED;
  const { buffer, partialMatches } = open;
  const from = firstPassed(nfa, open, nowMs);
  if (from === partialMatches.count) return NOTHING_PASSED;
  const { rest, complete } = nfa.evaluation;
  const timedOut: TimedOut<T>[] = [];
  copyRows(rest, partialMatches, from);
  complete.count = 0;
  partialMatches.count = from;
  for (let at = 0; at < rest.count; at++) {
    const row = MATCH_FIELDS * at;
    const id = rest.fields[row + ID]!;
    const state = nfa.states[rest.fields[row + STATE]!]!;
    const entry = rest.fields[row + ENTRY]!;
    const first = rest.fields[row + FIRST]!;
    const passedMs = windowPassed(nfa, open, state, entry, first, nowMs);
    if (passedMs === null) {
      push(buffer, partialMatches, id, state.index, entry, first, rest.versions[at]!);
    } else if (state.type === 'Pending') {
      push(buffer, complete, id, state.index, entry, first, rest.versions[at]!);
      if (observer !== null) observer.completed({ partialMatchId: id, parentId: id, match: matchAt(buffer, entry, nfa.stages), timestampMs: nowMs });
    } else {
      if (nfa.timeoutHandling) timedOut.push({ match: matchAt(buffer, entry, nfa.stages), timestampMs: passedMs });
      if (observer !== null) {
        if (nfa.timeoutHandling) observer.timedOut({ partialMatchId: id, match: matchAt(buffer, entry, nfa.stages), timestampMs: passedMs });
        else observer.pruned({ partialMatchId: id, state: state.name, reason: 'time', event: null, timestampMs: passedMs });
      }
      releaseEntry(buffer, entry);
    }
  }
  const matches = complete.count === 0 && open.completedMatches.count === 0 ? NOTHING.matches : emitMatches(nfa, open, complete, nowMs, observer);
  findOccupied(open);
  findEarliest(open);
  endMatchesIfOver(nfa, key, open);
  return matches.length > 0 || timedOut.length > 0 ? { matches, timedOut } : NOTHING_PASSED;
}

/** The first row whose window has passed, in the order of the array; the number of rows where none has. */
function firstPassed<T>(nfa: Nfa<T>, open: OpenMatches<T>, nowMs: number): number {
  const { fields, count } = open.partialMatches;
  let at = 0;
  for (; at < count; at++) {
    const row = MATCH_FIELDS * at;
    if (windowPassed(nfa, open, nfa.states[fields[row + STATE]!]!, fields[row + ENTRY]!, fields[row + FIRST]!, nowMs) !== null) break;
  }
  return at;
}

function findOccupied<T>(open: OpenMatches<T>): void {
  const { fields, count } = open.partialMatches;
  open.occupied = 0;
  for (let at = 0; at < count; at++) open.occupied |= bitOf(fields[MATCH_FIELDS * at + STATE]!);
}

/** When the window of a partial match has passed; null if it has not by `nowMs`. */
function windowPassed<T>(nfa: Nfa<T>, { buffer: { entries, timestampsMs } }: OpenMatches<T>, state: NfaState<T>, entry: number, first: number, nowMs: number): number | null {
  if (first < 0) return null;
  const waitMs = state.windowMs;
  if (waitMs > 0) {
    const previousMs = timestampsMs[entries[ENTRY_FIELDS * entry + EVENT]!]!;
    if (nowMs - previousMs >= waitMs) return previousMs + waitMs;
  }
  const startMs = timestampsMs[first]!;
  return nfa.windowMs > 0 && nowMs - startMs >= nfa.windowMs ? startMs + nfa.windowMs : null;
}

function limitReached<T>(nfa: Nfa<T>, open: OpenMatches<T>, observer: CepObserver<T> | null): never {
  const count = open.partialMatches.count + open.completedMatches.count;
  observer?.limitReached(count, nfa.maxPartialMatches);
  throw new CepError(
    'PARTIAL_MATCH_LIMIT',
    'LimitExceeded',
    `${count} partial matches are open for one key, more than the ${nfa.maxPartialMatches} allowed. Bound the pattern with within(), until() or an after-match skip strategy.`,
  );
}
