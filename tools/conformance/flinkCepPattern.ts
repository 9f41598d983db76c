// A pattern given as data, built with the calls that a learner would make.
import type { AfterMatchSkipStrategy } from '../../simulations/streams/cep/afterMatchSkip.ts';
import type { Condition } from '../../simulations/streams/cep/condition.ts';
import { Pattern, type WithinType } from '../../simulations/streams/cep/pattern.ts';

export interface Event {
  readonly index: number;
  readonly ts: number;
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly volume?: number;
  readonly type?: string;
}

export interface GivenSkip {
  readonly strategy: AfterMatchSkipStrategy['kind'];
  readonly stage?: string;
  readonly throwOnMiss?: boolean;
}

export interface GivenPattern {
  readonly stages: readonly GivenStage[];
}

interface GivenStage {
  readonly type: 'begin' | 'next' | 'followedBy' | 'followedByAny' | 'notNext' | 'notFollowedBy';
  readonly name?: string;
  readonly group?: GivenPattern;
  readonly condition?: GivenCondition;
  readonly quantifier?: { readonly min: number; readonly max: number | null; readonly contiguity: 'relaxed' | 'strict' | 'combinations'; readonly windowMs?: number };
  readonly optional?: boolean;
  readonly greedy?: boolean;
  readonly until?: GivenCondition;
  readonly within?: readonly { readonly ms: number; readonly type: WithinType }[];
}

type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
type Field = keyof Event;

type GivenCondition =
  | { readonly op: Comparison; readonly field: Field; readonly value: string | number }
  | { readonly op: 'contains' | 'startsWith'; readonly field: Field; readonly value: string | number }
  | { readonly op: 'and' | 'or' | 'not'; readonly of: readonly GivenCondition[] }
  | { readonly op: 'isType'; readonly value: string }
  | { readonly op: 'timestamp' | 'processingTime'; readonly cmp: Comparison; readonly value: number }
  | { readonly op: 'agg'; readonly fn: 'sum' | 'count'; readonly stage: string; readonly field?: Field; readonly cmp: Comparison; readonly value: number; readonly includeCurrent?: boolean }
  | { readonly op: 'cmpStage'; readonly field: Field; readonly cmp: Comparison; readonly stage: string; readonly pick: 'first' | 'last'; readonly stageField: Field };

/** @throws CepError */
export function buildPattern({ stages }: GivenPattern, skip?: AfterMatchSkipStrategy): Pattern<Event> {
  let pattern: Pattern<Event> | null = null;
  for (const stage of stages) {
    const named = stage.group ? null : stage.name!;
    const appended: Pattern<Event> = named === null ? appendGroup(pattern, stage, skip) : append(pattern, stage.type, named, skip);
    pattern = withStage(appended, stage);
  }
  return pattern!;
}

function append(pattern: Pattern<Event> | null, type: GivenStage['type'], name: string, skip?: AfterMatchSkipStrategy): Pattern<Event> {
  return pattern === null || type === 'begin' ? Pattern.begin<Event>(name, skip) : pattern[type](name);
}

function appendGroup(pattern: Pattern<Event> | null, { type, group }: GivenStage, skip?: AfterMatchSkipStrategy): Pattern<Event> {
  const inside = buildPattern(group!);
  if (pattern === null || type === 'begin') return Pattern.begin(inside, skip);
  if (type === 'notNext' || type === 'notFollowedBy') throw new Error(`a group cannot be ${type}`);
  return pattern[type](inside);
}

function withStage(pattern: Pattern<Event>, stage: GivenStage): Pattern<Event> {
  const { condition, quantifier, optional, greedy, until, within } = stage;
  if (condition) pattern.where(conditionOf(condition));
  if (quantifier) {
    const { min, max, contiguity, windowMs } = quantifier;
    if (max === null) pattern.timesOrMore(min, windowMs);
    else pattern.times(min, max, windowMs);
    if (contiguity === 'strict') pattern.consecutive();
    if (contiguity === 'combinations') pattern.allowCombinations();
  }
  if (optional) pattern.optional();
  if (greedy) pattern.greedy();
  if (until) pattern.until(conditionOf(until));
  for (const { ms, type } of within ?? []) pattern.within(ms, type);
  return pattern;
}

function compare(a: string | number | undefined, cmp: Comparison, b: string | number | undefined): boolean {
  switch (cmp) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'lt':
      return a! < b!;
    case 'le':
      return a! <= b!;
    case 'gt':
      return a! > b!;
    case 'ge':
      return a! >= b!;
  }
}

function conditionOf(given: GivenCondition): Condition<Event> {
  switch (given.op) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return (event) => compare(event[given.field], given.op, given.value);
    case 'contains':
      return (event) => String(event[given.field]).includes(String(given.value));
    case 'startsWith':
      return (event) => String(event[given.field]).startsWith(String(given.value));
    case 'isType':
      return (event) => event.type === given.value;
    case 'and': {
      const of = given.of.map(conditionOf);
      return (event, context) => of.every((c) => c(event, context));
    }
    case 'or': {
      const of = given.of.map(conditionOf);
      return (event, context) => of.some((c) => c(event, context));
    }
    case 'not': {
      const of = conditionOf(given.of[0]!);
      return (event, context) => !of(event, context);
    }
    case 'timestamp':
      return (_, context) => compare(context.timestamp(), given.cmp, given.value);
    case 'processingTime':
      return (_, context) => compare(context.currentProcessingTime(), given.cmp, given.value);
    case 'agg':
      return (event, context) => {
        const taken = [...context.getEventsForPattern(given.stage), ...(given.includeCurrent ? [event] : [])];
        return compare(given.fn === 'count' ? taken.length : taken.reduce((sum, e) => sum + Number(e[given.field!]), 0), given.cmp, given.value);
      };
    case 'cmpStage':
      return (event, context) => {
        const taken = context.getEventsForPattern(given.stage).at(given.pick === 'first' ? 0 : -1);
        return taken !== undefined && compare(event[given.field], given.cmp, taken[given.stageField]);
      };
  }
}
