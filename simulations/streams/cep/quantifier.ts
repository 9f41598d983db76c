// How often a stage takes events, and what may stand between them: Flink's Quantifier, as a plain value.
import { CepError, checkWhole, malformed } from './errors.ts';

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

/**
 * As in Flink, the new quantifier starts afresh: `optional()` said before it is forgotten.
 * @param stage what errors call it, as in `the stage "b"`
 * @throws CepError NOT_STAGE_CANNOT_BE_QUANTIFIED, QUANTIFIER_ALREADY_APPLIED, NOT_A_WHOLE_NUMBER, TIMES_NOT_POSITIVE, TIMES_RANGE_REVERSED
 */
export function repeated(stage: string, before: Quantifier, { kind, from, to, windowMs }: Pick<Quantifier, 'from' | 'to' | 'windowMs'> & { readonly kind: 'looping' | 'times' }): Quantifier {
  checkNotNegated(stage, before);
  if (before.kind !== 'single') throw malformed('QUANTIFIER_ALREADY_APPLIED', `${upper(stage)} has a quantifier already. Give each stage one of oneOrMore, times or timesOrMore.`);
  checkWhole(`The window between two events of ${stage}`, windowMs);
  if (from < 0 || (from === 0 && kind === 'looping')) throw timesNotPositive(stage, from);
  checkWhole(`The number of events of ${stage}`, from);
  checkWhole(`The most events of ${stage}`, to);
  const optional = from === 0;
  const least = optional ? 1 : from;
  if (to < least)
    throw new CepError('TIMES_RANGE_REVERSED', 'IllegalArgumentException', `${upper(stage)} is asked for ${from} to ${to} events, and that range is empty. The second number is the larger one.`);
  return { kind, contiguity: before.contiguity, inner: 'SKIP_TILL_NEXT', optional, greedy: false, from: least, to, windowMs };
}

export function timesNotPositive(stage: string, times: number): CepError {
  return new CepError('TIMES_NOT_POSITIVE', 'IllegalArgumentException', `${upper(stage)} cannot be asked for ${times} events. Ask for one or more, or make it optional().`);
}

export function withOptional(stage: string, quantifier: Quantifier): Quantifier {
  if (quantifier.optional) throw malformed('OPTIONAL_ALREADY_APPLIED', `${upper(stage)} is optional already. Say optional() once; times(0, n) says it too.`);
  if (isNot(quantifier)) throw malformed('NOT_STAGE_CANNOT_BE_OPTIONAL', `${upper(stage)} takes no event that could be left out, because it says what must not come. Take optional() away.`);
  return { ...quantifier, optional: true };
}

export function withGreedy(stage: string, quantifier: Quantifier): Quantifier {
  if (quantifier.inner === 'SKIP_TILL_ANY') throw malformed('GREEDY_WITH_COMBINATIONS', `In ${stage} greedy() and allowCombinations() contradict each other. Keep one of them.`);
  if (quantifier.kind === 'single') throw malformed('GREEDY_NEEDS_QUANTIFIER', `${upper(stage)} takes one event, and greedy() is for loops and ranges. Say oneOrMore, times or timesOrMore first.`);
  return { ...quantifier, greedy: true };
}

export function withInner(stage: string, quantifier: Quantifier, inner: 'STRICT' | 'SKIP_TILL_ANY'): Quantifier {
  const said = inner === 'STRICT' ? 'consecutive()' : 'allowCombinations()';
  if (quantifier.kind === 'single')
    throw malformed('CONTIGUITY_NEEDS_QUANTIFIER', `${upper(stage)} takes one event, and ${said} is for stages that take several. Say oneOrMore, times or timesOrMore first.`);
  if (quantifier.inner === inner) throw malformed('CONTIGUITY_ALREADY_APPLIED', `Of ${stage} ${said} was said already. Say it once.`);
  if (quantifier.inner !== 'SKIP_TILL_NEXT') throw malformed('CONTIGUITY_CONFLICT', `Of ${stage} both consecutive() and allowCombinations() were said. Keep one of them.`);
  return { ...quantifier, inner };
}

export function checkNotNegated(stage: string, quantifier: Quantifier): void {
  if (isNot(quantifier)) throw malformed('NOT_STAGE_CANNOT_BE_QUANTIFIED', `${upper(stage)} says what must not come and takes no events, so it can have no quantifier. Take it away.`);
}

/** At the beginning of a sentence. */
export function upper(stage: string): string {
  return stage.slice(0, 1).toUpperCase() + stage.slice(1);
}
