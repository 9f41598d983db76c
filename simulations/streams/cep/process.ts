// What one event, and the passing of time, do to the partial matches of a key: Flink's NFA.
import { decide } from './decide.ts';
import { CepError } from './errors.ts';
import { beginEvent, type NfaHost } from './evaluation.ts';
import { ENTRY, ENTRY_FIELDS, EVENT, FIRST, ID, MATCH_FIELDS, NEVER, STATE, type CepKeyState } from './keyState.ts';
import { copyRows, emptyQueue, push } from './matchQueue.ts';
import type { Nfa, NfaState } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { increased, matchAt, releaseEntry, releaseEvent, type Match } from './sharedBuffer.ts';
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
  const { fields, versions, count } = key.partialMatches;
  beginEvent(evaluation, key, event, timestampMs, host);
  const isMany = count > states.length;
  if (isMany && concernsNobody(nfa, key)) return NOTHING;

  let at = 0;
  for (; at < count; at++) {
    const row = MATCH_FIELDS * at;
    const entry = fields[row + ENTRY]!;
    const decision = decide(evaluation, states[fields[row + STATE]!]!, fields[row + ID]!, entry);
    if (!decision.waits) break;
    if (entry < 0 && decision.increase > 0) versions[at] = increased(versions[at]!, decision.increase);
  }
  if (at === count) {
    if (isMany) findOccupied(key);
    return NOTHING;
  }
  const started = offerToRest(nfa, key, at) && timestampMs > 0;
  if (evaluation.eventSlot >= 0) releaseEvent(key.buffer, evaluation.eventSlot);
  const found = emitComplete(nfa, key, timestampMs);
  findEarliest(key);
  checkLimit(nfa, key, host.observer);
  return found.length > 0 ? { matches: found, started } : started ? STARTED : NOTHING;
}

/** Whether in every state that is waited in the event changes nothing, for whoever waits there. */
function concernsNobody<T>({ evaluation, states }: Nfa<T>, key: CepKeyState<T>): boolean {
  for (const state of states) {
    if (key.occupied[state.index] === 0) continue;
    if (state.iterative) return false;
    const decision = decide(evaluation, state, -1, -1);
    if (!decision.waits || decision.increase > 0) return false;
  }
  return true;
}

function findOccupied<T>({ occupied, partialMatches: { fields, count } }: CepKeyState<T>): void {
  occupied.fill(0);
  for (let at = 0; at < count; at++) occupied[fields[MATCH_FIELDS * at + STATE]!] = 1;
}

function findEarliest<T>(key: CepKeyState<T>): void {
  const first = key.partialMatches.count > 0 ? key.partialMatches.fields[FIRST]! : -1;
  key.earliestStartMs = first < 0 ? NEVER : key.buffer.timestampsMs[first]!;
}

/**
 * Puts what becomes of the partial matches from `from` on behind those before it, which stay as they are. That is Flink's way of putting all of
 * them into a new queue: the beginning of a heap's array comes out the same when it is put in again one by one.
 * @returns whether the start was left
 */
function offerToRest<T>(nfa: Nfa<T>, key: CepKeyState<T>, from: number): boolean {
  const { evaluation, states } = nfa;
  const { rest } = evaluation;
  copyRows(rest, key.partialMatches, from);
  key.partialMatches.count = from;
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
      push(key.buffer, key.partialMatches, id, state, entry, first, entry < 0 ? increased(version, decision.increase) : version);
    } else if (entry >= 0) {
      moveOn(nfa, id, state, entry, first, version, decision);
    } else {
      startFrom(nfa, state, version, decision);
      started = true;
    }
  }
  return started;
}

function emitComplete<T>(nfa: Nfa<T>, key: CepKeyState<T>, nowMs: number): readonly Match<T>[] {
  const { complete, host } = nfa.evaluation;
  if (complete.count === 0 && key.completedMatches.count === 0) return NOTHING.matches;
  return emitMatches(nfa, key, complete, nowMs, host.observer);
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
  if (!nfa.hasStateWindows && (nfa.windowMs === 0 || nowMs - key.earliestStartMs < nfa.windowMs)) return NOTHING_PASSED;
  const { buffer, partialMatches } = key;
  const before = nfa.evaluation.rest;
  const complete = emptyQueue();
  const timedOut: TimedOut<T>[] = [];
  copyRows(before, partialMatches, 0);
  partialMatches.count = 0;
  for (let at = 0; at < before.count; at++) {
    const row = MATCH_FIELDS * at;
    const id = before.fields[row + ID]!;
    const state = nfa.states[before.fields[row + STATE]!]!;
    const entry = before.fields[row + ENTRY]!;
    const first = before.fields[row + FIRST]!;
    const passedMs = windowPassed(nfa, key, state, entry, first, nowMs);
    if (passedMs === null) {
      push(buffer, partialMatches, id, state.index, entry, first, before.versions[at]!);
    } else if (state.type === 'Pending') {
      push(buffer, complete, id, state.index, entry, first, before.versions[at]!);
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
  if (partialMatches.count === before.count) return NOTHING_PASSED;
  findOccupied(key);
  const matches = emitMatches(nfa, key, complete, nowMs, observer);
  findEarliest(key);
  return { matches, timedOut };
}

/** When the window of a partial match has passed; null if it has not by `nowMs`. */
function windowPassed<T>(nfa: Nfa<T>, { buffer: { entries, timestampsMs } }: CepKeyState<T>, state: NfaState<T>, entry: number, first: number, nowMs: number): number | null {
  if (first < 0) return null;
  const waitMs = state.windowMs;
  if (waitMs > 0) {
    const previousMs = timestampsMs[entries[ENTRY_FIELDS * entry + EVENT]!]!;
    if (nowMs - previousMs >= waitMs) return previousMs + waitMs;
  }
  const startMs = timestampsMs[first]!;
  return nfa.windowMs > 0 && nowMs - startMs >= nfa.windowMs ? startMs + nfa.windowMs : null;
}

function checkLimit<T>(nfa: Nfa<T>, key: CepKeyState<T>, observer: CepObserver<T> | null): void {
  const count = key.partialMatches.count + key.completedMatches.count;
  if (count <= nfa.maxPartialMatches) return;
  observer?.limitReached(count, nfa.maxPartialMatches);
  throw new CepError(
    'PARTIAL_MATCH_LIMIT',
    'LimitExceeded',
    `${count} partial matches are open for one key, more than the ${nfa.maxPartialMatches} allowed. Bound the pattern with within(), until() or an after-match skip strategy.`,
  );
}
