// How often a stage takes events, and what may stand between them: Flink's Quantifier, as a plain value.
import { CepError, malformed } from './errors.ts';

/** What may stand between two events: nothing; what does not match; anything; or the two negations, which take no events. */
export type Contiguity = 'STRICT' | 'SKIP_TILL_NEXT' | 'SKIP_TILL_ANY' | 'NOT_NEXT' | 'NOT_FOLLOW';

export interface Quantifier {
  readonly kind: 'single' | 'looping' | 'times';
  /** Between the stage before and the first event of this one. */
  readonly contiguity: Contiguity;
  /** Between the events of this one. */
  readonly inner: 'STRICT' | 'SKIP_TILL_NEXT' | 'SKIP_TILL_ANY';
  readonly optional: boolean;
  readonly greedy: boolean;
  /** Both 1 for a single event; of a loop, `from` = `to` = the least number of events. */
  readonly from: number;
  readonly to: number;
  /** Most milliseconds between two events of the loop, exclusive; 0 for no such window. */
  readonly windowMs: number;
}

export function one(contiguity: Contiguity): Quantifier {
  return { kind: 'single', contiguity, inner: 'SKIP_TILL_NEXT', optional: false, greedy: false, from: 1, to: 1, windowMs: 0 };
}

export function isNot(quantifier: Quantifier): boolean {
  return quantifier.contiguity === 'NOT_NEXT' || quantifier.contiguity === 'NOT_FOLLOW';
}

/** As in Flink, the new quantifier starts afresh: `optional()` said before it is forgotten. */
export function repeated(before: Quantifier, kind: 'looping' | 'times', from: number, to: number, windowMs: number): Quantifier {
  checkNotNegated(before);
  if (before.kind !== 'single') throw malformed('QUANTIFIER_ALREADY_APPLIED', 'This stage has a quantifier already. Give each stage one of oneOrMore, times or timesOrMore.');
  const optional = kind === 'times' && from === 0;
  const least = optional ? 1 : from;
  if (!(least > 0)) throw new CepError('TIMES_NOT_POSITIVE', 'IllegalArgumentException', `A stage cannot be asked for ${from} events. Ask for one or more, or make it optional().`);
  if (to < least) throw new CepError('TIMES_RANGE_REVERSED', 'IllegalArgumentException', `The range from ${from} to ${to} is empty. The second number is the larger one.`);
  return { kind, contiguity: before.contiguity, inner: 'SKIP_TILL_NEXT', optional, greedy: false, from: least, to, windowMs };
}

export function withOptional(quantifier: Quantifier): Quantifier {
  if (quantifier.optional) throw malformed('OPTIONAL_ALREADY_APPLIED', 'This stage is optional already.');
  if (isNot(quantifier)) throw malformed('NOT_STAGE_CANNOT_BE_OPTIONAL', 'A notNext or notFollowedBy stage cannot be optional: it takes no event that could be left out.');
  return { ...quantifier, optional: true };
}

export function withGreedy(quantifier: Quantifier): Quantifier {
  if (quantifier.inner === 'SKIP_TILL_ANY') throw malformed('GREEDY_WITH_COMBINATIONS', 'greedy() and allowCombinations() contradict each other. Keep one of them.');
  if (quantifier.kind === 'single') throw malformed('GREEDY_NEEDS_QUANTIFIER', 'greedy() is for loops and ranges. Say oneOrMore, times or timesOrMore first.');
  return { ...quantifier, greedy: true };
}

export function withInner(quantifier: Quantifier, inner: 'STRICT' | 'SKIP_TILL_ANY'): Quantifier {
  if (quantifier.kind === 'single')
    throw malformed('CONTIGUITY_NEEDS_QUANTIFIER', 'consecutive() and allowCombinations() are for stages that take several events. Say oneOrMore, times or timesOrMore first.');
  if (quantifier.inner === inner) throw malformed('CONTIGUITY_ALREADY_APPLIED', 'This was said of the stage already.');
  if (quantifier.inner !== 'SKIP_TILL_NEXT') throw malformed('CONTIGUITY_CONFLICT', 'A stage is either consecutive() or allows combinations, not both.');
  return { ...quantifier, inner };
}

export function checkNotNegated(quantifier: Quantifier): void {
  if (isNot(quantifier)) throw malformed('NOT_STAGE_CANNOT_BE_QUANTIFIED', 'A notNext or notFollowedBy stage takes no events, so it can have no quantifier.');
}
