// What is at hand while one event is processed. One for an automaton, used again for every event; nothing in it outlives an event.
import type { ConditionContext } from './condition.ts';
import type { CepKeyState, MatchQueue, OpenMatches } from './keyState.ts';
import { emptyQueue } from './matchQueue.ts';
import type { Atom, NfaState } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { eventsOfStage, type Match } from './sharedBuffer.ts';

/** What the automaton needs from outside. */
export interface NfaHost<T> {
  /** Milliseconds. */
  currentProcessingTime(): number;
  readonly observer: CepObserver<T> | null;
}

export interface Evaluation<T> {
  key: CepKeyState<T>;
  /** Of the key, once it has any. */
  open: OpenMatches<T>;
  event: T;
  timestampMs: number;
  host: NfaHost<T>;
  /** Slot of the event, once a stage has taken it; -1 before. */
  eventSlot: number;
  /** Id of whom conditions are asked for, -1 for nobody yet, and its buffer entry before the event. */
  matchId: number;
  entry: number;
  /** Counts events and partial matches; an answer is good for as long as its stamp is the current one. */
  stamp: number;
  eventStamp: number;
  matchStamp: number;
  /** Whose answers a decision that is being worked out hangs on, in the order of asking; null when none is. */
  asked: Set<Atom<T>> | null;
  /** States still to look at. */
  readonly stack: NfaState<T>[];
  /** Partial matches that the event is still to be offered to. */
  readonly rest: MatchQueue;
  /** What the event completed. Without a skip strategy, which could hold it back, the `ENTRY` of a row is its place in `found` instead of an entry. */
  readonly complete: MatchQueue;
  readonly found: Match<T>[];
  readonly context: ConditionContext<T>;
}

/** Not usable before {@link beginEvent}. @param stages names by index */
export function createEvaluation<T>(stages: readonly string[]): Evaluation<T> {
  const evaluation = {
    key: null,
    open: null,
    event: null,
    host: null,
    timestampMs: 0,
    eventSlot: -1,
    matchId: -1,
    entry: -1,
    stamp: 0,
    eventStamp: 0,
    matchStamp: 0,
    asked: null,
    stack: [],
    rest: emptyQueue(),
    complete: emptyQueue(),
    found: [],
    context: null,
  } as unknown as Evaluation<T> & { context: ConditionContext<T> };
  evaluation.context = {
    getEventsForPattern: (name) => (evaluation.entry < 0 ? [] : eventsOfStage(evaluation.open.buffer, evaluation.entry, name, stages)),
    timestamp: () => evaluation.timestampMs,
    currentProcessingTime: () => evaluation.host.currentProcessingTime(),
  };
  return evaluation;
}

export function beginEvent<T>(evaluation: Evaluation<T>, key: CepKeyState<T>, event: T, timestampMs: number, host: NfaHost<T>): void {
  evaluation.key = key;
  evaluation.event = event;
  evaluation.timestampMs = timestampMs;
  evaluation.host = host;
  evaluation.eventSlot = -1;
  evaluation.matchId = -1;
  evaluation.asked = null;
  evaluation.complete.count = 0;
  if (evaluation.found.length > 0) empty(evaluation.found);
  evaluation.eventStamp = ++evaluation.stamp;
}

/** From here on conditions are asked for the partial match `id`. @param entry its entry before the current event */
export function about<T>(evaluation: Evaluation<T>, id: number, entry: number): void {
  if (evaluation.matchId === id) return;
  evaluation.matchId = id;
  evaluation.entry = entry;
  evaluation.matchStamp = ++evaluation.stamp;
}

/** Popping keeps the memory of the array. */
export function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
