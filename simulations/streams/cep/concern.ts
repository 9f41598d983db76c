// Whom of a key's partial matches an event concerns, told by the states that they wait in: a key may have many partial matches and wait in few states.
import { ask, decide, recordingAnswers } from './decide.ts';
import { bitOf, SHARED_BIT } from './keyState.ts';
import type { Atom, Nfa } from './nfa.ts';

/** The event changes nothing for anybody; it leaves nothing but the start; it has to be offered to each. */
export const NOBODY = 0;
export const ENDS_ALL = 1;
export const SOMEBODY = 2;

/** As {@link DecisionNode}, for all states that are waited in at once. `concern` is {@link UNKNOWN} where there is an atom to ask, or nothing was reached yet. */
export interface ConcernNode<T> {
  atom: Atom<T> | null;
  yes: ConcernNode<T> | null;
  no: ConcernNode<T> | null;
  concern: number;
}

const UNKNOWN = -1;
/** Answers are kept for combinations of the first states, of which most patterns have no more. */
const KEPT_COMBINATIONS = 2 ** 8;
const MOST_NODES = 4_096;

/** @param occupied the states that are waited in, {@link bitOf} each */
export function concernOf<T>(nfa: Nfa<T>, occupied: number): number {
  if (occupied >= KEPT_COMBINATIONS) return workOut(nfa, occupied);
  let at: ConcernNode<T> | null = (nfa.concerns[occupied] ??= unknown());
  while (at !== null && at.atom !== null) at = ask(nfa.evaluation, at.atom) ? at.yes : at.no;
  return at === null || at.concern === UNKNOWN ? learn(nfa, occupied) : at.concern;
}

function learn<T>(nfa: Nfa<T>, occupied: number): number {
  const { evaluation, concerns } = nfa;
  const asked = new Set<Atom<T>>();
  const concern = recordingAnswers(evaluation, asked, () => workOut(nfa, occupied));
  if (nfa.concernNodes > MOST_NODES) return concern;
  let at = concerns[occupied]!;
  for (const atom of asked) {
    at.atom = atom;
    nfa.concernNodes++;
    at = atom.answer ? (at.yes ??= unknown()) : (at.no ??= unknown());
  }
  at.concern = concern;
  return concern;
}

function unknown<T>(): ConcernNode<T> {
  return { atom: null, yes: null, no: null, concern: UNKNOWN };
}

function workOut<T>({ evaluation, states, start }: Nfa<T>, occupied: number): number {
  if (occupied >= bitOf(SHARED_BIT)) return SOMEBODY;
  let waits = false;
  let ends = false;
  for (let bits = occupied; bits > 0; bits &= bits - 1) {
    const state = states[31 - Math.clz32(bits & -bits)]!;
    if (state.iterative) return SOMEBODY;
    const decision = decide(evaluation, state, -1, -1);
    if (state === start) {
      if (!decision.passes) return SOMEBODY;
    } else if (decision.passes) waits = true;
    else if (decision.edges.length === 0) ends = true;
    else return SOMEBODY;
  }
  if (!ends) return NOBODY;
  return waits || (occupied & bitOf(start.index)) === 0 ? SOMEBODY : ENDS_ALL;
}
