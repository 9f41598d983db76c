// Which edges an event opens for a partial match: Flink's decision graph, with every answer of a condition kept for as long as it holds, and every
// decision kept under the answers that led to it.
import { CepError, proceedCycle } from './errors.ts';
import { about, empty, type Evaluation } from './evaluation.ts';
import { AND, ASK, ASK_NOT, NOT, OR, type Atom, type Decision, type DecisionNode, type NfaEdge, type NfaState, type Test } from './nfa.ts';

/** Far more states than any event can reach, unless PROCEED edges lead in a circle: a loop of a group that can be empty. Flink would never return. */
const MOST_STATES_PER_DECISION = 10_000;
/** Decisions kept for a state; a state with more, behind many optional stages, works out the others anew. */
const MOST_DECISIONS = 256;

/**
 * The edges open to the current event in `state`, in Flink's order: for the partial match `id`, or, where the state is not iterative, for all that wait there.
 * @param entry the partial match's
 * @throws CepError CONDITION_FAILED where a condition throws, PROCEED_CYCLE
 */
export function decide<T>(evaluation: Evaluation<T>, state: NfaState<T>, id: number, entry: number): Decision<T> {
  if (state.iterative) about(evaluation, id, entry);
  else if (state.stamp === evaluation.eventStamp) return state.decision!;
  let at: DecisionNode<T> | null = state.decisions;
  while (at !== null && at.atom !== null) at = ask(evaluation, at.atom) ? at.yes : at.no;
  const decision = at?.decision ?? workOut(evaluation, state);
  state.decision = decision;
  state.stamp = evaluation.eventStamp;
  return decision;
}

function workOut<T>(evaluation: Evaluation<T>, state: NfaState<T>): Decision<T> {
  const asked = new Set<Atom<T>>();
  const decision = recordingAnswers(evaluation, asked, () => follow(evaluation, state));
  if (state.decided >= MOST_DECISIONS) return decision;
  state.decided++;
  let at = state.decisions;
  for (const atom of asked) {
    at.atom = atom;
    if (atom.answer) at = at.yes ??= { atom: null, yes: null, no: null, decision: null };
    else at = at.no ??= { atom: null, yes: null, no: null, decision: null };
  }
  at.decision = decision;
  return decision;
}

/** Notes in `asked` whose answers the result of `work` hangs on, in the order of asking. */
export function recordingAnswers<T, R>(evaluation: Evaluation<T>, asked: Set<Atom<T>>, work: () => R): R {
  const outer = evaluation.asked;
  evaluation.asked = asked;
  const result = work();
  evaluation.asked = outer;
  if (outer !== null) for (const atom of asked) outer.add(atom);
  return result;
}

function follow<T>(evaluation: Evaluation<T>, state: NfaState<T>): Decision<T> {
  const edges: NfaEdge<T>[] = [];
  let takes = 0;
  let ignores = 0;
  let waitsHere = 0;
  let stops = false;
  const stack: NfaState<T>[] = [];
  let at: NfaState<T> | undefined = state;
  for (let looked = 0; at !== undefined; looked++, at = stack.pop()) {
    if (looked > MOST_STATES_PER_DECISION) throw proceedCycle(state.name);
    for (const edge of at.edges) {
      if (!holds(evaluation, edge.condition)) continue;
      if (edge.action === 'PROCEED') {
        stack.push(edge.target);
        continue;
      }
      edges.push(edge);
      if (edge.action === 'TAKE') {
        takes++;
        if (edge.target.type === 'Stop') stops = true;
      } else if (edge.target === state) waitsHere++;
      else ignores++;
    }
  }
  const waits = takes === 0 && (state.type === 'Start' || (ignores === 0 && waitsHere === 1));
  const increase = takes === 0 && ignores === 0 ? 0 : ignores + Math.max(1, takes);
  const completes = state.type !== 'Start' && ignores === 0 && waitsHere === 1 && edges.every((edge) => edge.action === 'IGNORE' || edge.target.type === 'Final');
  return { edges, takes, ignores, increase, stops, waits, passes: waits && increase === 0, completes };
}

/**
 * Whether a match that has just come to `state` is complete with the current event: PROCEED edges lead to the end. Asked, as in Flink, with what
 * the partial match had before it took the event.
 */
export function isComplete<T>(evaluation: Evaluation<T>, state: NfaState<T>): NfaState<T> | null {
  if (!state.nearEnd) return null;
  const { stack } = evaluation;
  empty(stack);
  let at: NfaState<T> | undefined = state;
  for (let looked = 0; at !== undefined; looked++, at = stack.pop()) {
    if (looked > MOST_STATES_PER_DECISION) throw proceedCycle(state.name);
    for (const edge of at.edges) {
      if (edge.action !== 'PROCEED' || !holds(evaluation, edge.condition)) continue;
      if (edge.target.type === 'Final') return edge.target;
      stack.push(edge.target);
    }
  }
  return null;
}

export function holds<T>(evaluation: Evaluation<T>, test: Test<T>): boolean {
  switch (test.op) {
    case ASK:
      return ask(evaluation, test.atom!);
    case ASK_NOT:
      return !ask(evaluation, test.atom!);
    case NOT:
      return !holds(evaluation, test.left!);
    case AND:
      return holds(evaluation, test.left!) && holds(evaluation, test.right!);
    case OR:
      return holds(evaluation, test.left!) || holds(evaluation, test.right!);
    default:
      return true;
  }
}

export function ask<T>(evaluation: Evaluation<T>, atom: Atom<T>): boolean {
  if (evaluation.asked !== null) evaluation.asked.add(atom);
  const stamp = atom.iterative ? evaluation.matchStamp : evaluation.eventStamp;
  if (atom.stamp === stamp) return atom.answer;
  let answer: boolean;
  try {
    answer = atom.test(evaluation.event, evaluation.context);
  } catch (cause) {
    throw new CepError(
      'CONDITION_FAILED',
      'FlinkRuntimeException',
      `A condition of the pattern threw: ${cause instanceof Error ? cause.message : String(cause)}. Mend the condition, or make it false for such events.`,
      { cause },
    );
  }
  atom.stamp = stamp;
  atom.answer = answer;
  return answer;
}
