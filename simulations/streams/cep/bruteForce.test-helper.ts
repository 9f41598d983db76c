// A matcher that tries everything: each event goes to some stage or to none, in every way that keeps the order, and what satisfies the rules is a match.
//
// It knows no automaton, so it can say whether the automaton is right, for NO_SKIP and patterns of single stages and NOT stages: next, followedBy,
// followedByAny, notNext, notFollowedBy (both also at the end), exactly one, times, ranges and loops, optional, inner contiguity relaxed, consecutive
// and with combinations, one window over the whole match. Not covered, but by the recorded vectors: groups, greedy, until, iterative conditions,
// PREVIOUS_AND_CURRENT windows, two NOT stages between the same two stages, an optional stage directly after a NOT stage, a NOT stage that forbids
// what the stages beside it take, and a range like times(1, 3) directly before or after a NOT stage: there Flink's automaton looks for what is
// forbidden in some of the states that wait for the range's further events and not in others, and no rule says it shorter than the automaton does.
import fc from 'fast-check';
import type { AfterMatchSkipStrategy } from './afterMatchSkip.ts';
import { Pattern } from './pattern.ts';

export interface Letter {
  readonly index: number;
  readonly letter: string;
  readonly ts: number;
}

export interface Stage {
  readonly name: string;
  readonly link: 'next' | 'followedBy' | 'followedByAny' | 'notNext' | 'notFollowedBy';
  /** The letters it takes, or forbids. */
  readonly letters: string;
  readonly min: number;
  readonly max: number;
  readonly inner: 'relaxed' | 'consecutive' | 'combinations';
  readonly optional: boolean;
}

export interface Rules {
  readonly stages: readonly Stage[];
  /** 0 for none. */
  readonly windowMs: number;
}

/** A match, and the index of the event that completes it; the number of events where only the end of time does. */
export interface Found {
  readonly match: Readonly<Record<string, readonly number[]>>;
  readonly at: number;
}

const isNot = (stage: Stage) => stage.link === 'notNext' || stage.link === 'notFollowedBy';

export function bruteForce({ stages, windowMs }: Rules, events: readonly Letter[]): Found[] {
  const takes = (stage: Stage, index: number) => stage.letters.includes(events[index]!.letter);
  const between = (from: number, to: number) => events.map((e) => e.index).filter((i) => i > from && i < to);
  const found: Found[] = [];
  const taken: number[][] = stages.map(() => []);

  const tryFrom = (index: number, stage: number) => {
    if (index === events.length) {
      const at = completedAt();
      if (at !== null) found.push({ match: Object.fromEntries(stages.flatMap((s, i) => (taken[i]!.length > 0 ? [[s.name, [...taken[i]!]]] : []))), at });
      return;
    }
    tryFrom(index + 1, stage);
    for (let to = stage; to < stages.length; to++) {
      if (isNot(stages[to]!) || !takes(stages[to]!, index)) continue;
      taken[to]!.push(index);
      tryFrom(index + 1, to);
      taken[to]!.pop();
    }
  };

  /** Whether what is taken is a match; when. */
  const completedAt = (): number | null => {
    const all = taken.flat();
    const first = all[0];
    const last = all.at(-1);
    if (first === undefined || last === undefined) return null;
    let before = -1;
    for (const [i, stage] of stages.entries()) {
      const own = taken[i]!;
      if (isNot(stage)) {
        const after = taken.slice(i + 1).flat()[0];
        if (stage.link === 'notNext') {
          if (after !== undefined && takes(stage, before + 1)) return null;
          // Wherever the loop before could have been left, what came next was looked at, and would have ended all of it.
          const { min } = stages[i - 1]!;
          if (taken[i - 1]!.some((index, n) => n + 1 >= min && index !== before && takes(stage, index + 1))) return null;
        } else {
          // A loop that has begun ends, too, when something comes that must not follow it.
          const from = taken[i - 1]![0]!;
          if (after !== undefined && between(from, after).some((j) => takes(stage, j))) return null;
        }
        continue;
      }
      if (own.length === 0 ? !stage.optional : own.length < stage.min || own.length > stage.max) return null;
      for (const [n, index] of own.entries()) {
        const contiguity = n === 0 ? stage.link : stage.inner;
        if (before >= 0) {
          if ((contiguity === 'next' || contiguity === 'consecutive') && index !== before + 1) return null;
          if ((contiguity === 'followedBy' || contiguity === 'relaxed') && between(before, index).some((j) => takes(stage, j))) return null;
        }
        before = index;
      }
    }
    const inWindow = (index: number) => windowMs === 0 || events[index]!.ts - events[first]!.ts < windowMs;
    if (!inWindow(last)) return null;
    const end = stages.at(-1)!;
    if (end.link === 'notNext') return last + 1 < events.length && !takes(end, last + 1) && inWindow(last + 1) ? last + 1 : null;
    if (end.link === 'notFollowedBy') {
      const from = taken.at(-2)![0]!;
      // A loop that could take more is left at the next event, and what is still in the loop when its window passes is no match.
      const inLoop = taken.at(-2)!.length < stages.at(-2)!.max;
      if (inLoop && !(last + 1 < events.length && inWindow(last + 1))) return null;
      if (between(from, events.length).some((j) => takes(end, j) && inWindow(j))) return null;
      const passed = events.findIndex((_, j) => j > last && !inWindow(j));
      return passed < 0 ? events.length : passed;
    }
    return last;
  };

  tryFrom(0, 0);
  return found;
}

/** The same rules, said with the API. */
export function patternOf({ stages, windowMs }: Rules, skip?: AfterMatchSkipStrategy): Pattern<Letter> {
  let pattern: Pattern<Letter> | null = null;
  for (const stage of stages) {
    pattern = pattern === null ? Pattern.begin<Letter>(stage.name, skip) : pattern[stage.link](stage.name);
    pattern.where((event) => stage.letters.includes(event.letter));
    if (isNot(stage)) continue;
    if (stage.max === Infinity) pattern.timesOrMore(stage.min);
    else if (stage.max > 1) pattern.times(stage.min, stage.max);
    if (stage.max > 1 && stage.inner === 'consecutive') pattern.consecutive();
    if (stage.max > 1 && stage.inner === 'combinations') pattern.allowCombinations();
    if (stage.optional) pattern.optional();
  }
  if (windowMs > 0) pattern!.within(windowMs);
  return pattern!;
}

const LETTERS = ['a', 'b', 'c', 'ab', 'bc', 'ca', 'abc'];
const COUNTS = [
  [1, 1],
  [1, 1],
  [2, 2],
  [1, 2],
  [2, 3],
  [1, Infinity],
  [2, Infinity],
] as const;

const taking: fc.Arbitrary<Omit<Stage, 'name'>> = fc
  .record({
    link: fc.constantFrom('next' as const, 'followedBy' as const, 'followedBy' as const, 'followedByAny' as const),
    letters: fc.constantFrom(...LETTERS),
    count: fc.constantFrom(...COUNTS),
    inner: fc.constantFrom('relaxed' as const, 'consecutive' as const, 'combinations' as const),
    optional: fc.boolean(),
  })
  .map(({ count: [min, max], ...rest }) => ({ ...rest, min, max }));

/** A NOT stage takes letters that no other stage knows. */
const negated: fc.Arbitrary<Omit<Stage, 'name'>> = fc
  .record({ link: fc.constantFrom('notNext' as const, 'notFollowedBy' as const), letters: fc.constantFrom('x', 'y', 'xy') })
  .map((stage) => ({ ...stage, min: 1, max: 1, inner: 'relaxed' as const, optional: false }));

export const anyRules: fc.Arbitrary<Rules> = fc
  .record({ stages: fc.array(fc.tuple(taking, fc.option(negated, { freq: 4 })), { minLength: 1, maxLength: 3 }), windowMs: fc.constantFrom(0, 0, 0, 3, 5, 8) })
  .map(({ stages, windowMs }) => {
    const list: Omit<Stage, 'name'>[] = [];
    for (const [stage, not] of stages) {
      const afterNot = list.length > 0 && isNot({ ...list.at(-1)!, name: '' });
      const besideNot = afterNot || not !== null;
      const max = besideNot && stage.max !== Infinity ? stage.min : stage.max;
      list.push({ ...stage, max, optional: stage.optional && !afterNot && not === null });
      if (not !== null) list.push(not);
    }
    const endsWaiting = list.at(-1)!.link === 'notFollowedBy';
    return { stages: list.map((s, i) => ({ ...s, name: `s${i}` })), windowMs: endsWaiting && windowMs === 0 ? 4 : windowMs };
  });

/** Four to eight letters with gaps of 0 to 2 ms. */
export const anyEvents: fc.Arbitrary<Letter[]> = fc
  .array(fc.tuple(fc.constantFrom('a', 'a', 'b', 'b', 'c', 'c', 'x', 'y'), fc.constantFrom(0, 1, 1, 2)), { minLength: 4, maxLength: 8 })
  .map((list) => {
    let ts = 1;
    return list.map(([letter, gap], index) => ({ index, letter, ts: (ts += gap) }));
  });
