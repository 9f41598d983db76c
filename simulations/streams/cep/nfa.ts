// The automaton made ready to run: states by number, edges in arrays, conditions as small expressions whose answers are kept for as long as they hold.
import type { AfterMatchSkipStrategy } from './afterMatchSkip.ts';
import { compileGraph } from './compiler.ts';
import type { ConcernNode } from './concern.ts';
import type { Condition, ConditionNode } from './condition.ts';
import { createEvaluation, type Evaluation } from './evaluation.ts';
import { stageOf, type Action, type GraphState, type NfaGraph, type StateType } from './graph.ts';
import type { OpenMatches } from './keyState.ts';
import type { Pattern } from './pattern.ts';

/** A condition of the pattern and its last answer. */
export interface Atom<T> {
  readonly test: Condition<T>;
  /** Whether the answer may differ between partial matches: the function declares more than the event. */
  readonly iterative: boolean;
  /** For which event, or event and partial match, `answer` was given. */
  stamp: number;
  answer: boolean;
}

/** A condition as the automaton evaluates it: `op` is one of the numbers below, which a switch tells apart faster than texts. */
export interface Test<T> {
  readonly op: number;
  readonly atom: Atom<T> | null;
  readonly left: Test<T> | null;
  readonly right: Test<T> | null;
}

export const ALWAYS = 0;
export const ASK = 1;
export const ASK_NOT = 2;
export const NOT = 3;
export const AND = 4;
export const OR = 5;

export interface NfaEdge<T> {
  readonly action: Action;
  readonly source: NfaState<T>;
  readonly target: NfaState<T>;
  readonly condition: Test<T>;
  readonly until: Test<T> | null;
}

/** The edges open to one event from one state, through every open PROCEED. */
export interface Decision<T> {
  readonly edges: readonly NfaEdge<T>[];
  readonly takes: number;
  /** Without those that stay in the state. */
  readonly ignores: number;
  /** How far the last Dewey digit of what stays in the state moves past the digits of what leaves it. */
  readonly increase: number;
  /** Whether one leads to a Stop state. */
  readonly stops: boolean;
  /** Whether the event changes nothing for what waits in the state, but for the version of the start. */
  readonly waits: boolean;
  /** Whether not even that changes. */
  readonly passes: boolean;
  /** Whether what waits in the state stays there, and all that the event makes of it is complete. */
  readonly completes: boolean;
}

/**
 * What conditions have decided in a state so far: which one is asked first, what follows from its answer. Grows with the answers that come up, and does not change
 * what is asked or when. A node without atom and decision has not been reached yet.
 */
export interface DecisionNode<T> {
  atom: Atom<T> | null;
  yes: DecisionNode<T> | null;
  no: DecisionNode<T> | null;
  decision: Decision<T> | null;
}

export interface NfaState<T> {
  readonly index: number;
  readonly name: string;
  /** The stage that its events are matched under, as an index of the automaton's stage names. */
  readonly stage: number;
  readonly type: StateType;
  readonly windowMs: number;
  readonly edges: NfaEdge<T>[];
  /** Whether some condition on the way over PROCEED is iterative, so that each partial match decides for itself. */
  iterative: boolean;
  /** Whether PROCEED edges lead to the end. */
  nearEnd: boolean;
  readonly decisions: DecisionNode<T>;
  /** How many decisions are kept. */
  decided: number;
  /** The last decision, and for which event it was made. */
  decision: Decision<T> | null;
  stamp: number;
}

export interface NfaOptions {
  /** Whether partial matches that time out are reported. Flink: a TimedOutPartialMatchHandler. Default false. */
  readonly timeoutHandling?: boolean;
  /** Most partial matches of one key at a time, counting held-back matches. Default {@link DEFAULT_MAX_PARTIAL_MATCHES}. */
  readonly maxPartialMatches?: number;
}

/** Enough for any lesson; a pattern that gets here grows without bound and needs `within`, `until` or a skip strategy. */
export const DEFAULT_MAX_PARTIAL_MATCHES = 10_000;

export interface Nfa<T> {
  readonly graph: NfaGraph<T>;
  readonly states: readonly NfaState<T>[];
  /** Names by index. */
  readonly stages: readonly string[];
  readonly start: NfaState<T>;
  readonly windowMs: number;
  readonly hasStateWindows: boolean;
  readonly skip: AfterMatchSkipStrategy;
  readonly timeoutHandling: boolean;
  readonly maxPartialMatches: number;
  readonly evaluation: Evaluation<T>;
  /** Arrays of keys whose partial matches have all ended, empty, for the next key that needs some. */
  readonly spare: OpenMatches<T>[];
  /** By occupied states, see concern.ts; and how many nodes there are. */
  readonly concerns: (ConcernNode<T> | undefined)[];
  concernNodes: number;
}

/**
 * Makes a pattern ready to run. The result is for one operator: it keeps answers of conditions, but nothing of any key.
 * @param pattern its last stage. @throws CepError as {@link compileGraph}
 */
export function compileNfa<T>(pattern: Pattern<T>, { timeoutHandling = false, maxPartialMatches = DEFAULT_MAX_PARTIAL_MATCHES }: NfaOptions = {}): Nfa<T> {
  const graph = compileGraph(pattern);
  const atoms = new Map<Condition<T>, Atom<T>>();
  const stages = [...new Set(graph.states.map((s) => stageOf(s.name)))];
  const states = graph.states.map((state, index) => emptyState(state, index, stages.indexOf(stageOf(state.name)), graph));
  const byName = new Map(states.map((s) => [s.name, s]));
  for (const state of graph.states) {
    const source = byName.get(state.name)!;
    for (const edge of state.edges) {
      const condition = compileTest(edge.condition, atoms);
      source.edges.push({ action: edge.action, source, target: byName.get(edge.target.name)!, condition, until: edge.until && compileTest(edge.until, atoms) });
    }
  }
  for (const state of states) {
    const reached = overProceed(state);
    state.iterative = [...reached].some((s) => s.edges.some((e) => isIterative(e.condition)));
    state.nearEnd = [...reached].some((s) => s.type === 'Final');
  }
  return {
    graph,
    states,
    stages,
    start: byName.get(graph.start.name)!,
    windowMs: graph.windowMs,
    hasStateWindows: graph.windowsMs.size > 0,
    skip: pattern.afterMatchSkip,
    timeoutHandling,
    maxPartialMatches,
    evaluation: createEvaluation(stages),
    spare: [],
    concerns: [],
    concernNodes: 0,
  };
}

function emptyState<T>({ name, type }: GraphState<T>, index: number, stage: number, graph: NfaGraph<T>): NfaState<T> {
  const decisions: DecisionNode<T> = { atom: null, yes: null, no: null, decision: null };
  return { index, name, stage, type, windowMs: graph.windowsMs.get(name) ?? 0, edges: [], iterative: false, nearEnd: false, decisions, decided: 0, decision: null, stamp: 0 };
}

function overProceed<T>(from: NfaState<T>): Set<NfaState<T>> {
  const reached = new Set([from]);
  for (const state of reached) for (const edge of state.edges) if (edge.action === 'PROCEED') reached.add(edge.target);
  return reached;
}

function compileTest<T>(node: ConditionNode<T>, atoms: Map<Condition<T>, Atom<T>>): Test<T> {
  const test = (op: number, atom: Atom<T> | null = null, left: Test<T> | null = null, right: Test<T> | null = null): Test<T> => ({ op, atom, left, right });
  switch (node.kind) {
    case 'true':
      return test(ALWAYS);
    case 'test': {
      let atom = atoms.get(node.test);
      if (!atom) atoms.set(node.test, (atom = { test: node.test, iterative: node.test.length !== 1, stamp: 0, answer: false }));
      return test(ASK, atom);
    }
    case 'not': {
      const of = compileTest(node.of, atoms);
      return of.op === ASK ? test(ASK_NOT, of.atom) : test(NOT, null, of);
    }
    case 'and':
    case 'or':
      return test(node.kind === 'and' ? AND : OR, null, compileTest(node.left, atoms), compileTest(node.right, atoms));
  }
}

function isIterative<T>(test: Test<T> | null): boolean {
  return test !== null && (test.atom?.iterative === true || isIterative(test.left) || isIterative(test.right));
}
