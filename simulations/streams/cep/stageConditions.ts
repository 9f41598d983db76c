// The conditions of a stage's edges: when it takes an event, when it may skip one, and what an enclosing group changes about that.
import { ALWAYS, and, not, type ConditionNode } from './condition.ts';
import { GroupPattern, type Pattern } from './pattern.ts';
import type { Contiguity } from './quantifier.ts';

/** Where a stage stands: inside which group, and in which of the group's rounds. */
export interface Scope<T> {
  readonly group: GroupPattern<T>;
  /** The link of a group counts before the first round; before the others, the contiguity inside the group's loop. */
  readonly firstRound: boolean;
}

function isHeadOfGroup<T>(stage: Pattern<T>, scope: Scope<T> | null): scope is Scope<T> {
  return scope !== null && stage.previous === null;
}

/** The first stage of a group that may be left out waits in a state of its own, as an optional stage does. */
export function headsOptionalGroup<T>(stage: Pattern<T>, scope: Scope<T> | null): boolean {
  return isHeadOfGroup(stage, scope) && scope.firstRound && scope.group.quantifier.optional;
}

function withGroupUntil<T>(condition: ConditionNode<T>, scope: Scope<T> | null): ConditionNode<T> {
  return withUntil(condition, scope?.group.untilCondition ?? null);
}

export function withUntil<T>(condition: ConditionNode<T>, until: ConditionNode<T> | null): ConditionNode<T> {
  return until === null ? condition : and(not(until), condition);
}

/** PROCEED is always open, but for the until of an enclosing group. */
export function proceedCondition<T>(scope: Scope<T> | null): ConditionNode<T> {
  return withGroupUntil<T>(ALWAYS, scope);
}

export function takeCondition<T>(stage: Pattern<T>, scope: Scope<T> | null): ConditionNode<T> {
  return withGroupUntil(stage.condition, scope);
}

/** When the wait for the stage's first event goes on; null where it does not. */
export function ignoreCondition<T>(stage: Pattern<T>, scope: Scope<T> | null): ConditionNode<T> | null {
  const { contiguity } = stage.quantifier;
  if (!isHeadOfGroup(stage, scope)) return skipping(stage, contiguity, scope);
  return skipping(stage, scope.firstRound ? scope.group.quantifier.contiguity : scope.group.quantifier.inner, scope);
}

/** When the wait for a further event of the stage goes on; null where it does not. */
export function innerIgnoreCondition<T>(stage: Pattern<T>, scope: Scope<T> | null): ConditionNode<T> | null {
  return skipping(stage, isHeadOfGroup(stage, scope) ? scope.group.quantifier.inner : stage.quantifier.inner, scope);
}

function skipping<T>(stage: Pattern<T>, contiguity: Contiguity, scope: Scope<T> | null): ConditionNode<T> | null {
  switch (contiguity) {
    case 'SKIP_TILL_NEXT':
      return withGroupUntil(not(stage.condition), scope);
    case 'SKIP_TILL_ANY':
      return withGroupUntil<T>(ALWAYS, scope);
    case 'STRICT':
    case 'NOT_NEXT':
    case 'NOT_FOLLOW':
      return null;
  }
}
