// The pattern API: what it refuses, and what of Flink's ways may surprise.
import { describe, expect, expectTypeOf, it } from 'vitest';
import { skipToFirst, skipToLast, skipToNext, throwExceptionOnMiss } from './afterMatchSkip.ts';
import { compileGraph } from './compiler.ts';
import { CepError } from './errors.ts';
import { Pattern } from './pattern.ts';

interface Click {
  readonly kind: string;
  readonly page: string;
}
interface Purchase extends Click {
  readonly kind: 'purchase';
  readonly amount: number;
}

const begin = () => Pattern.begin<Click>('a');
const always = () => true;

/** The code of the error that `make` throws, and the exception that Flink throws there. */
function refusal(make: () => Pattern<Click>): string {
  try {
    compileGraph(make());
  } catch (error) {
    if (error instanceof CepError) return `${error.code} ${error.exception}`;
    throw error;
  }
  return 'none';
}

describe('a pattern', () => {
  it.each<[string, () => Pattern<Click>]>([
    ['QUANTIFIER_ALREADY_APPLIED MalformedPatternException', () => begin().oneOrMore().times(2)],
    ['TIMES_NOT_POSITIVE IllegalArgumentException', () => begin().times(0)],
    ['TIMES_NOT_POSITIVE IllegalArgumentException', () => begin().timesOrMore(0)],
    ['TIMES_RANGE_REVERSED IllegalArgumentException', () => begin().times(3, 2)],
    ['OPTIONAL_ALREADY_APPLIED MalformedPatternException', () => begin().optional().optional()],
    ['OPTIONAL_ALREADY_APPLIED MalformedPatternException', () => begin().times(0, 2).optional()],
    ['OPTIONAL_AFTER_GREEDY MalformedPatternException', () => begin().oneOrMore().greedy().next('b').optional()],
    ['NOT_STAGE_CANNOT_BE_OPTIONAL MalformedPatternException', () => begin().notNext('b').optional()],
    ['NOT_STAGE_CANNOT_BE_QUANTIFIED MalformedPatternException', () => begin().notFollowedBy('b').oneOrMore()],
    ['NOT_STAGE_CANNOT_BE_QUANTIFIED MalformedPatternException', () => begin().notFollowedBy('b').greedy()],
    ['NOT_AFTER_OPTIONAL_UNSUPPORTED UnsupportedOperationException', () => begin().next('b').optional().notNext('c')],
    ['GREEDY_NEEDS_QUANTIFIER MalformedPatternException', () => begin().greedy()],
    ['GREEDY_WITH_COMBINATIONS MalformedPatternException', () => begin().oneOrMore().allowCombinations().greedy()],
    ['GREEDY_ON_GROUP MalformedPatternException', () => Pattern.begin(begin()).oneOrMore().greedy()],
    ['CONTIGUITY_NEEDS_QUANTIFIER MalformedPatternException', () => begin().consecutive()],
    ['CONTIGUITY_CONFLICT MalformedPatternException', () => begin().oneOrMore().consecutive().allowCombinations()],
    ['CONTIGUITY_ALREADY_APPLIED MalformedPatternException', () => begin().oneOrMore().consecutive().consecutive()],
    ['UNTIL_NEEDS_LOOP MalformedPatternException', () => begin().times(2).until(always)],
    ['UNTIL_ALREADY_APPLIED MalformedPatternException', () => begin().oneOrMore().until(always).until(always)],
    ['CONDITION_ON_GROUP UnsupportedOperationException', () => Pattern.begin(begin()).where(always)],
    ['DUPLICATE_STAGE_NAME MalformedPatternException', () => begin().next(Pattern.begin<Click>('b').next('a'))],
    ['DUPLICATE_STAGE_NAME MalformedPatternException', () => begin().next('$endState$')],
    ['SKIP_STAGE_UNKNOWN MalformedPatternException', () => Pattern.begin<Click>('a', skipToFirst('b'))],
    ['SKIP_STAGE_UNKNOWN MalformedPatternException', () => Pattern.begin<Click>('a', skipToLast('b')).next(Pattern.begin<Click>('b'))],
    ['NOT_FOLLOWED_BY_LAST_WITHOUT_WINDOW MalformedPatternException', () => begin().notFollowedBy('b')],
    ['PREVIOUS_WINDOW_EXCEEDS_TOTAL_WINDOW MalformedPatternException', () => begin().within(5).next('b').within(6, 'PREVIOUS_AND_CURRENT')],
    ['PROCEED_CYCLE LimitExceeded', () => begin().notFollowedBy('b').followedBy('c').optional().followedBy(Pattern.begin<Click>('d').optional()).oneOrMore().optional()],
    ['TIMES_NOT_POSITIVE IllegalArgumentException', () => begin().times(-1, 2)],
    ['NOT_A_WHOLE_NUMBER IllegalArgumentException', () => begin().times(1.5)],
    ['NOT_A_WHOLE_NUMBER IllegalArgumentException', () => begin().times(1, NaN)],
    ['NOT_A_WHOLE_NUMBER IllegalArgumentException', () => begin().oneOrMore(-1)],
    ['NOT_A_WHOLE_NUMBER IllegalArgumentException', () => begin().within(NaN)],
    ['NOT_A_WHOLE_NUMBER IllegalArgumentException', () => begin().within(-5, 'PREVIOUS_AND_CURRENT')],
    ['CONDITION_MISSING NullPointerException', () => begin().where(undefined as unknown as () => boolean)],
    ['CONDITION_MISSING NullPointerException', () => begin().or(null as unknown as () => boolean)],
    [
      'CONDITION_MISSING NullPointerException',
      () =>
        begin()
          .oneOrMore()
          .until('x' as unknown as () => boolean),
    ],
    ['none', () => begin().within(0)],
    ['none', () => begin().notFollowedBy('b').within(5, 'PREVIOUS_AND_CURRENT')],
    ['none', () => Pattern.begin<Click>('a', skipToFirst('b')).next('b')],
  ])('is refused with %s', (code, make) => {
    expect(refusal(make)).toBe(code);
  });

  it('is refused in words that say which stage, why and what next', () => {
    const words = (make: () => Pattern<Click>) => {
      try {
        compileGraph(make());
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(words(() => begin().oneOrMore().greedy().next('b').optional())).toBe(
      'The stage "b" cannot be optional, because the stage before it is greedy and would not know where to go on. Take greedy() or optional() away.',
    );
    expect(words(() => begin().within(5).next('b').within(6, 'PREVIOUS_AND_CURRENT'))).toBe(
      'The window of 6 ms between two events at the stage "b" is larger than the 5 ms of the whole match, and would never count. Make it smaller, or the window of the match larger.',
    );
    expect(words(() => Pattern.begin(begin()).times(3, 2))).toBe('The group is asked for 3 to 2 events, and that range is empty. The second number is the larger one.');
    expect(words(() => begin().where(undefined as unknown as () => boolean))).toBe(
      'where() of the stage "a" was given undefined instead of a condition. Give a function from an event to true or false.',
    );
  });

  it('forgets optional() said before the quantifier, as Flink does', () => {
    expect(begin().optional().oneOrMore().quantifier.optional).toBe(false);
    expect(begin().oneOrMore().optional().quantifier.optional).toBe(true);
  });

  it('takes times(0, n) for an optional times(1, n)', () => {
    expect(begin().times(0, 3).quantifier).toMatchObject({ from: 1, to: 3, optional: true });
  });

  it('takes the smallest window said on any stage', () => {
    expect(compileGraph(begin().within(7).next('b').within(9).next('c')).windowMs).toBe(7);
  });

  it('leaves a strategy that names no stage as it is when it shall throw on a miss', () => {
    expect(throwExceptionOnMiss(skipToNext())).toEqual({ kind: 'SKIP_TO_NEXT' });
    expect(throwExceptionOnMiss(skipToFirst('a'))).toMatchObject({ stage: 'a', throwsOnMiss: true });
  });

  it('knows the types of its stages', () => {
    const isPurchase = (e: Click): e is Purchase => e.kind === 'purchase';
    const pattern = Pattern.begin<Click>('look')
      .where((e) => e.page === 'shoes')
      .next('buy')
      .subtype(isPurchase)
      .where((e, context) => {
        expectTypeOf(e).toEqualTypeOf<Purchase>();
        expectTypeOf(context.getEventsForPattern('look')).toEqualTypeOf<readonly Click[]>();
        return e.amount > 10;
      });
    expectTypeOf(pattern).toEqualTypeOf<Pattern<Click, Purchase>>();
    expectTypeOf(pattern.followedBy('after')).toEqualTypeOf<Pattern<Click, Click>>();
    const compiled: Pattern<Click> = pattern;
    expect(compileGraph(compiled).states.map((s) => `${s.name} ${s.type}`)).toEqual(['$endState$ Final', 'buy Normal', 'look Start']);
  });
});
