// What one event, and the passing of time, do to the partial matches of a key: Flink's NFA.
import { concernOf, ENDS_ALL, NOBODY } from './concern.ts';
import { decide } from './decide.ts';
import { CepError } from './errors.ts';
import { beginEvent, type NfaHost } from './evaluation.ts';
import { bitOf, ENTRY, ENTRY_FIELDS, EVENT, FIRST, ID, MATCH_FIELDS, START_ROW, STATE, type CepKeyState, type OpenMatches } from './keyState.ts';
import { copyRest, push } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { matchAt, releaseEntry, releaseEvent, type Match } from './sharedBuffer.ts';
import { beginMatches, endMatches, endMatchesIfOver, freeRow } from './openMatches.ts';
import { emitFound, emitMatches } from './skipping.ts';
import { completeFrom, find, moveOn, startFrom } from './step.ts';

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
  if (key.open === null) {
    const decision = decide(evaluation, nfa.start, 0, -1);
    if (decision.waits) {
      key.startVersion += decision.increase;
      return NOTHING;
    }
    return offerToAll(nfa, key, beginMatches(nfa, key));
  }
  const { open } = key;
  const concern = concernOf(nfa, open.occupied);
  if (concern === NOBODY) return NOTHING;
  if (concern === ENDS_ALL && host.observer === null && nfa.skip.kind === 'NO_SKIP') {
    // Nobody is told, and nothing can be held back: how many there are and what they took does not matter any more.
    endMatches(nfa, key, open);
    return NOTHING;
  }
  return offerToAll(nfa, key, open);
}

function offerToAll<T>(nfa: Nfa<T>, key: CepKeyState<T>, open: OpenMatches<T>): Processed<T> {
  const { evaluation, states } = nfa;
  const { event, timestampMs, host } = evaluation;
  evaluation.open = open;
  const { order, count } = open.partialMatches;
  const { fields } = open.rows;
  open.occupied = 0;
  let at = 0;
  for (; at < count; at++) {
    const row = order[at]!;
    const field = MATCH_FIELDS * row;
    const state = fields[field + STATE]!;
    const decision = decide(evaluation, states[state]!, fields[field + ID]!, fields[field + ENTRY]!);
    if (decision.waits) {
      if (row === START_ROW) key.startVersion += decision.increase;
    } else if (decision.completes) completeFrom(nfa, row, decision);
    else break;
    open.occupied |= bitOf(state);
  }
  if (at === count && evaluation.complete.count === 0) return NOTHING;
  const started = at < count && offerToRest(nfa, key, at) && timestampMs > 0;
  if (evaluation.eventSlot >= 0) releaseEvent(open.buffer, evaluation.eventSlot);
  const matches = emitComplete(nfa, open, event, timestampMs, host.observer);
  if (open.partialMatches.count + open.completedMatches.count > nfa.maxPartialMatches) limitReached(nfa, open, host.observer);
  if (matches.length > 0 && nfa.skip.kind !== 'NO_SKIP') open.occupied = findOccupied(open);
  findEarliest(open);
  endMatchesIfOver(nfa, key, open);
  return matches.length > 0 ? { matches, started } : started ? STARTED : NOTHING;
}

function findEarliest<T>(open: OpenMatches<T>): void {
  const { count, order } = open.partialMatches;
  if (count > 0 && order[0] !== START_ROW) open.earliestStartMs = startOf(open, order[0]!);
}

/** Timestamp of the first event. */
function startOf<T>({ rows, buffer }: OpenMatches<T>, row: number): number {
  return buffer.timestampsMs[rows.fields[MATCH_FIELDS * row + FIRST]!]!;
}

/**
 * Puts what becomes of the partial matches from `from` on behind those before it, which stay as they are. That is Flink's way of putting all of
 * them into a new queue: the beginning of a heap's array comes out the same when it is put in again one by one.
 * @returns whether the start was left
 */
function offerToRest<T>(nfa: Nfa<T>, key: CepKeyState<T>, from: number): boolean {
  const { evaluation, states } = nfa;
  const { rest, open } = evaluation;
  const { partialMatches } = open;
  const { fields } = open.rows;
  copyRest(rest, partialMatches, from);
  partialMatches.count = from;
  let started = false;
  for (let at = 0; at < rest.count; at++) {
    const row = rest.order[at]!;
    const field = MATCH_FIELDS * row;
    const state = fields[field + STATE]!;
    const decision = decide(evaluation, states[state]!, fields[field + ID]!, fields[field + ENTRY]!);
    if (decision.waits) {
      push(open, partialMatches, row);
      open.occupied |= bitOf(state);
      if (row === START_ROW) key.startVersion += decision.increase;
    } else if (row !== START_ROW) {
      moveOn(nfa, row, decision);
    } else {
      startFrom(nfa, state, decision);
      started = true;
    }
  }
  return started;
}

/** @param event null where time has passed */
function emitComplete<T>(nfa: Nfa<T>, open: OpenMatches<T>, event: T | null, nowMs: number, observer: CepObserver<T> | null): readonly Match<T>[] {
  const { complete } = nfa.evaluation;
  if (complete.count === 0 && open.completedMatches.count === 0) return NOTHING.matches;
  return nfa.skip.kind === 'NO_SKIP' ? emitFound(nfa, open, event, nowMs, observer) : emitMatches(nfa, open, event, nowMs, observer);
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
  const { rows, buffer, partialMatches } = open;
  const from = firstPassed(nfa, open, nowMs);
  if (from === partialMatches.count) return NOTHING_PASSED;
  const { rest, complete } = nfa.evaluation;
  let timedOut: TimedOut<T>[] | null = null;
  nfa.evaluation.open = open;
  complete.count = 0;
  copyRest(rest, partialMatches, from);
  partialMatches.count = from;
  for (let at = 0; at < rest.count; at++) {
    const row = rest.order[at]!;
    const passedMs = windowPassed(nfa, open, row, nowMs);
    if (passedMs === STILL_OPEN) {
      push(open, partialMatches, row);
      continue;
    }
    const id = rows.fields[MATCH_FIELDS * row + ID]!;
    const state = nfa.states[rows.fields[MATCH_FIELDS * row + STATE]!]!;
    const entry = rows.fields[MATCH_FIELDS * row + ENTRY]!;
    if (state.type === 'Pending') {
      if (observer !== null) observer.completed({ partialMatchId: id, parentId: id, action: 'TIME', event: null, match: matchAt(buffer, entry, nfa.stages), timestampMs: nowMs });
      if (nfa.skip.kind === 'NO_SKIP') find(nfa, row);
      push(open, complete, row);
      continue;
    }
    if (nfa.timeoutHandling) (timedOut ??= []).push({ match: matchAt(buffer, entry, nfa.stages), timestampMs: passedMs });
    if (observer !== null) {
      if (nfa.timeoutHandling) observer.timedOut({ partialMatchId: id, state: state.name, match: matchAt(buffer, entry, nfa.stages), timestampMs: passedMs });
      else observer.pruned({ partialMatchId: id, state: state.name, reason: 'time', event: null, timestampMs: passedMs });
    }
    releaseEntry(buffer, entry);
    freeRow(rows, row);
  }
  const matches = emitComplete(nfa, open, null, nowMs, observer);
  open.occupied = findOccupied(open);
  findEarliest(open);
  endMatchesIfOver(nfa, key, open);
  return matches.length > 0 || timedOut !== null ? { matches, timedOut: timedOut ?? NOTHING_PASSED.timedOut } : NOTHING_PASSED;
}

/** The first place of the queue at which a window has passed, in the order of the array; the length of the queue where none has. */
function firstPassed<T>(nfa: Nfa<T>, open: OpenMatches<T>, nowMs: number): number {
  const { order, count } = open.partialMatches;
  let at = 0;
  while (at < count && windowPassed(nfa, open, order[at]!, nowMs) === STILL_OPEN) at++;
  return at;
}

function findOccupied<T>({ partialMatches: { order, count }, rows: { fields } }: OpenMatches<T>): number {
  let occupied = 0;
  for (let at = 0; at < count; at++) occupied |= bitOf(fields[MATCH_FIELDS * order[at]! + STATE]!);
  return occupied;
}

const STILL_OPEN = Infinity;

/** When the window of a partial match has passed; {@link STILL_OPEN} if it has not by `nowMs`. */
function windowPassed<T>(nfa: Nfa<T>, open: OpenMatches<T>, row: number, nowMs: number): number {
  if (row === START_ROW) return STILL_OPEN;
  if (nfa.hasStateWindows) {
    const { fields } = open.rows;
    const { entries, timestampsMs } = open.buffer;
    const waitMs = nfa.states[fields[MATCH_FIELDS * row + STATE]!]!.windowMs;
    const previousMs = timestampsMs[entries[ENTRY_FIELDS * fields[MATCH_FIELDS * row + ENTRY]! + EVENT]!]!;
    if (waitMs > 0 && nowMs - previousMs >= waitMs) return previousMs + waitMs;
  }
  if (nfa.windowMs === 0) return STILL_OPEN;
  const startMs = startOf(open, row);
  return nowMs - startMs >= nfa.windowMs ? startMs + nfa.windowMs : STILL_OPEN;
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
