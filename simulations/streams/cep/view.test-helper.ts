// The state of a key as objects, for tests that look into it.
import { ENTRY, FIRST, ID, MATCH_FIELDS, START_ROW, STATE, type CepKeyState, type MatchQueue, type OpenMatches } from './keyState.ts';
import type { Nfa } from './nfa.ts';
import { labelOf, matchAt, type Match } from './sharedBuffer.ts';

export interface PartialMatchView<T> {
  readonly id: number;
  /** Name of the automaton's state that it waits in. */
  readonly state: string;
  /** The events taken so far. */
  readonly match: Match<T>;
  readonly startTimestampMs: number;
  /** Its Dewey number, as `1.0.1`. */
  readonly version: string;
}

/** Partial matches that have started, in the order of Flink's queue. */
export function partialMatchesOf<T>(nfa: Nfa<T>, state: CepKeyState<T>): PartialMatchView<T>[] {
  return state.open === null ? [] : viewed(nfa, state.open, state.open.partialMatches);
}

/** Complete matches that an after-match skip strategy holds back. */
export function heldMatchesOf<T>(nfa: Nfa<T>, state: CepKeyState<T>): PartialMatchView<T>[] {
  return state.open === null ? [] : viewed(nfa, state.open, state.open.completedMatches);
}

function viewed<T>(nfa: Nfa<T>, { rows: { fields, versions }, buffer }: OpenMatches<T>, { count, order }: MatchQueue): PartialMatchView<T>[] {
  return order.slice(0, count).flatMap((row) => {
    if (row === START_ROW) return [];
    const at = MATCH_FIELDS * row;
    const entry = fields[at + ENTRY]!;
    return {
      id: fields[at + ID]!,
      state: nfa.states[fields[at + STATE]!]!.name,
      match: matchAt(buffer, entry, nfa.stages),
      startTimestampMs: buffer.timestampsMs[fields[at + FIRST]!]!,
      version: [...labelOf(buffer, entry), ...versions[row]!].join('.'),
    };
  });
}
