// Conditions as a pattern is written with them, and the expressions that the compiler makes of them.

/** What a condition may ask about the partial match that it is evaluated for. Flink: IterativeCondition.Context. */
export interface ConditionContext<T> {
  /**
   * The events that the stage `name` has taken so far in this partial match, in the order of taking; empty if none. Inside a loop
   * the loop's own earlier events are there, the current event is not.
   */
  getEventsForPattern(name: string): readonly T[];
  /** Timestamp of the current event, milliseconds; in processing time, the clock when it came. */
  timestamp(): number;
  /** The operator's clock, milliseconds. */
  currentProcessingTime(): number;
}

/**
 * Whether a stage takes `event`.
 *
 * A function that declares `event` alone is taken to depend on the event alone and is asked at most once for each event and key;
 * one that declares `context` too (Flink's IterativeCondition) is asked at most once for each event and partial match. Flink asks
 * more often and at unspecified times, so a condition that counts its calls or remembers anything is wrong in both.
 *
 * @typeParam F the events of this stage. @typeParam T the events of the whole pattern.
 */
export type Condition<F, T = F> = (event: F, context: ConditionContext<T>) => boolean;

/** A condition as the compiler combines it. `and` and `or` evaluate left to right and stop early. */
export type ConditionNode<T> =
  | { readonly kind: 'true' }
  | { readonly kind: 'test'; readonly test: Condition<T> }
  | { readonly kind: 'not'; readonly of: ConditionNode<T> }
  | { readonly kind: 'and'; readonly left: ConditionNode<T>; readonly right: ConditionNode<T> }
  | { readonly kind: 'or'; readonly left: ConditionNode<T>; readonly right: ConditionNode<T> };

export const ALWAYS: ConditionNode<unknown> = { kind: 'true' };

export function not<T>(of: ConditionNode<T>): ConditionNode<T> {
  return { kind: 'not', of };
}

export function and<T>(left: ConditionNode<T>, right: ConditionNode<T>): ConditionNode<T> {
  return { kind: 'and', left, right };
}

export function or<T>(left: ConditionNode<T>, right: ConditionNode<T>): ConditionNode<T> {
  return { kind: 'or', left, right };
}
