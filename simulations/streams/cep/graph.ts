// The automaton of a pattern as a graph, with the state names that Flink gives: what the compiler makes, a view draws and the matcher runs on.
import type { ConditionNode } from './condition.ts';

/** TAKE consumes the event and moves on, IGNORE skips the event, PROCEED looks at the same event from another state. */
export type Action = 'TAKE' | 'IGNORE' | 'PROCEED';

/** Pending is the state of a notFollowedBy at the end: when the window passes, it is a match. Reaching Stop ends a partial match. */
export type StateType = 'Start' | 'Normal' | 'Final' | 'Stop' | 'Pending';

export interface GraphEdge<T> {
  readonly action: Action;
  readonly source: GraphState<T>;
  readonly target: GraphState<T>;
  /** Greedy loops narrow the edges of the stage after them when both exist. */
  condition: ConditionNode<T>;
  /** What `until` of the loop adds to the condition; told apart so that the end of a partial match can be explained. */
  readonly until: ConditionNode<T> | null;
}

export interface GraphState<T> {
  /** `stage`, `stage:0`, `stage:1` ...: the stage's name, numbered from the second state of the stage on, counted from the end of the pattern. */
  readonly name: string;
  type: StateType;
  /** In the order in which they are evaluated. */
  readonly edges: GraphEdge<T>[];
}

export interface NfaGraph<T> {
  /** From the end of the pattern to its beginning, in the order of creation. */
  readonly states: readonly GraphState<T>[];
  readonly start: GraphState<T>;
  /** Window of a whole match, milliseconds, exclusive; 0 for none. */
  readonly windowMs: number;
  /** By state name: the longest that a partial match may wait there since it took its last event, milliseconds, exclusive. */
  readonly windowsMs: ReadonlyMap<string, number>;
}

export const END_STATE = '$endState$';
const DELIMITER = ':';

export function connect<T>(source: GraphState<T>, action: Action, target: GraphState<T>, condition: ConditionNode<T>, until: ConditionNode<T> | null = null): void {
  source.edges.push({ action, source, target, condition, until });
}

/** The stage's name of a state's name: the part before the first colon. */
export function stageOf(stateName: string): string {
  const at = stateName.indexOf(DELIMITER);
  return at < 0 ? stateName : stateName.slice(0, at);
}

/** Whether a name is not the first of its stage. */
export function isNumbered(stateName: string): boolean {
  return stateName.includes(DELIMITER);
}

/** A state with the first free name of `base`, `base:0`, `base:1` ..., added to `states`. */
export function addState<T>(states: GraphState<T>[], base: string, type: StateType): GraphState<T> {
  let name = base;
  for (let n = 0; states.some((s) => s.name === name); n++) name = `${base}${DELIMITER}${n}`;
  const state: GraphState<T> = { name, type, edges: [] };
  states.push(state);
  return state;
}
