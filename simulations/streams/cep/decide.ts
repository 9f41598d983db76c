// Which edges an event opens for a partial match: Flink's decision graph, with every answer of a condition kept for as long as it holds.
import type { ConditionContext } from './condition.ts';
import { CepError } from './errors.ts';
import type { CepKeyState, PartialMatch } from './keyState.ts';
import { eventsOfStage } from './sharedBuffer.ts';
import type { Atom, Decision, NfaState, Test } from './nfa.ts';

export interface Clock {
  /** Milliseconds. */
  currentProcessingTime(): number;
}

/** The event being processed and the partial match being asked about. One for an automaton, used again for every event; nothing in it outlives an event. */
export interface Evaluation<T> {
  key: CepKeyState<T> | null;
  /** Whom conditions are asked for, and its buffer entry before the event. */
  match: PartialMatch | null;
  entry: number;
  event: T | null;
  timestampMs: number;
  clock: Clock | null;
  /** Counts events and partial matches; an answer is good for as long as its stamp is the current one. */
  stamp: number;
  eventStamp: number;
  matchStamp: number;
  /** States still to look at. */
  readonly stack: NfaState<T>[];
  readonly context: ConditionContext<T>;
}

export function createEvaluation<T>(): Evaluation<T> {
  const evaluation: Evaluation<T> = {
    key: null,
    match: null,
    entry: -1,
    event: null,
    timestampMs: 0,
    clock: null,
    stamp: 0,
    eventStamp: 0,
    matchStamp: 0,
    stack: [],
    context: {
      getEventsForPattern: (name) => eventsOfStage(evaluation.key!.buffer, evaluation.entry, name),
      timestamp: () => evaluation.timestampMs,
      currentProcessingTime: () => evaluation.clock!.currentProcessingTime(),
    },
  };
  return evaluation;
}

export function beginEvent<T>(evaluation: Evaluation<T>, key: CepKeyState<T>, event: T, timestampMs: number, clock: Clock): void {
  evaluation.key = key;
  evaluation.event = event;
  evaluation.timestampMs = timestampMs;
  evaluation.clock = clock;
  evaluation.eventStamp = ++evaluation.stamp;
  evaluation.match = null;
}

/** From here on conditions are asked for `match`. @param entry its entry before the current event */
export function about<T>(evaluation: Evaluation<T>, match: PartialMatch, entry: number): void {
  if (evaluation.match === match) return;
  evaluation.match = match;
  evaluation.entry = entry;
  evaluation.matchStamp = ++evaluation.stamp;
}

/** Far more states than any event can reach, unless PROCEED edges lead in a circle: a loop of a group that can be empty. Flink would never return. */
const MOST_STATES_PER_DECISION = 10_000;

/**
 * The edges open to the current event for `match`, in Flink's order.
 * @throws CepError CONDITION_FAILED where a condition throws, PROCEED_CYCLE
 */
export function decide<T>(evaluation: Evaluation<T>, state: NfaState<T>, match: PartialMatch): Decision<T> {
  const { decision } = state;
  if (!state.iterative && decision.stamp === evaluation.eventStamp) return decision;
  about(evaluation, match, match.entry);
  const { edges } = decision;
  edges.length = 0;
  let takes = 0;
  let ignores = 0;
  let waitsHere = 0;
  decision.stops = false;
  const { stack } = evaluation;
  stack.length = 0;
  stack.push(state);
  for (let looked = 0; stack.length > 0; looked++) {
    if (looked > MOST_STATES_PER_DECISION) throw proceedCycle(state.name);
    for (const edge of stack.pop()!.edges) {
      if (!holds(evaluation, edge.condition)) continue;
      if (edge.action === 'PROCEED') {
        stack.push(edge.target);
        continue;
      }
      edges.push(edge);
      if (edge.action === 'TAKE') {
        takes++;
        if (edge.target.type === 'Stop') decision.stops = true;
      } else if (edge.target === state) waitsHere++;
      else ignores++;
    }
  }
  decision.takes = takes;
  decision.ignores = ignores;
  decision.increase = takes === 0 && ignores === 0 ? 0 : ignores + Math.max(1, takes);
  decision.waits = takes === 0 && (state.type === 'Start' || (ignores === 0 && waitsHere === 1));
  decision.stamp = evaluation.eventStamp;
  return decision;
}

/**
 * Whether a match that has just come to `state` is complete with the current event: PROCEED edges lead to the end. Asked, as in Flink, with what
 * the partial match had before it took the event.
 */
export function isComplete<T>(evaluation: Evaluation<T>, state: NfaState<T>): NfaState<T> | null {
  if (!state.nearEnd) return null;
  const { stack } = evaluation;
  stack.length = 0;
  stack.push(state);
  for (let looked = 0; stack.length > 0; looked++) {
    if (looked > MOST_STATES_PER_DECISION) throw proceedCycle(state.name);
    for (const edge of stack.pop()!.edges) {
      if (edge.action !== 'PROCEED' || !holds(evaluation, edge.condition)) continue;
      if (edge.target.type === 'Final') return edge.target;
      stack.push(edge.target);
    }
  }
  return null;
}

export function holds<T>(evaluation: Evaluation<T>, test: Test<T>): boolean {
  switch (test.op) {
    case 'always':
      return true;
    case 'ask':
      return ask(evaluation, test.atom);
    case 'askNot':
      return !ask(evaluation, test.atom);
    case 'not':
      return !holds(evaluation, test.of);
    case 'and':
      return holds(evaluation, test.left) && holds(evaluation, test.right);
    case 'or':
      return holds(evaluation, test.left) || holds(evaluation, test.right);
  }
}

function ask<T>(evaluation: Evaluation<T>, atom: Atom<T>): boolean {
  const stamp = atom.iterative ? evaluation.matchStamp : evaluation.eventStamp;
  if (atom.stamp === stamp) return atom.answer;
  let answer: boolean;
  try {
    answer = atom.test(evaluation.event!, evaluation.context);
  } catch (cause) {
    throw new CepError('CONDITION_FAILED', 'FlinkRuntimeException', `A condition threw: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  atom.stamp = stamp;
  atom.answer = answer;
  return answer;
}

function proceedCycle(state: string): CepError {
  return new CepError(
    'PROCEED_CYCLE',
    'LimitExceeded',
    `From the state ${state} the same event is looked at again and again: a loop around a group whose stages are all optional. Make one stage of the group mandatory.`,
  );
}
