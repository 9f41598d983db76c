// What Flink's compiler makes of some patterns, and one would not expect: the fidelity page tells of each. The cases of cep-recorded hold most of them to Flink itself.
import { describe, expect, it } from 'vitest';
import { createKeyState } from './keyState.ts';
import { compileNfa } from './nfa.ts';
import { Pattern } from './pattern.ts';
import { advanceTime, processEvent } from './process.ts';

interface Letter {
  readonly letter: string;
  readonly at: number;
}

const is = (letter: string) => (e: Letter) => e.letter === letter;
const a = () => Pattern.begin<Letter>('a').where(is('a'));

/** Matches of `letters`, one letter a millisecond from 1 on, each by the times of its events and the time at which it came; the end of time comes at Infinity. */
function found(pattern: Pattern<Letter>, letters: string): string[] {
  const nfa = compileNfa(pattern);
  const key = createKeyState<Letter>();
  const host = { currentProcessingTime: () => 0, observer: null };
  return [...letters, null].flatMap((letter, index) => {
    const at = letter === null ? Infinity : index + 1;
    const matches = [...advanceTime(nfa, key, at, null).matches, ...(letter === null ? [] : processEvent(nfa, key, { letter, at }, at, host).matches)];
    return matches.map((match) => `${[...match.values()].flatMap((events) => events.map((e) => e.at)).join(' ')} at ${at}`);
  });
}

describe('as in Flink,', () => {
  it('a range before notFollowedBy does not see what must not come, once it has let another event pass', () => {
    const pattern = (stage: Pattern<Letter>) => stage.notFollowedBy('x').where(is('x')).followedBy('c').where(is('c'));
    // The x at 2 ends what began at 1; the x at 3 does not, because of the y before it.
    expect(found(pattern(a().times(1, 3)), 'axac')).toEqual(['3 4 at 4']);
    expect(found(pattern(a().times(1, 3)), 'ayxac')).toEqual(['1 4 5 at 5', '4 5 at 5']);
    expect(found(pattern(a().oneOrMore()), 'ayxac')).toEqual(['4 5 at 5']);
  });

  it('a loop or range before a last notFollowedBy is no match unless another event comes before the window has passed', () => {
    const pattern = (stage: Pattern<Letter>) => stage.notFollowedBy('x').where(is('x')).within(4);
    expect(found(pattern(a()), 'a')).toEqual(['1 at Infinity']);
    expect(found(pattern(a().oneOrMore()), 'a')).toEqual([]);
    expect(found(pattern(a().times(1, 2)), 'a')).toEqual([]);
    expect(found(pattern(a().oneOrMore()), 'ay')).toEqual(['1 at Infinity']);
    expect(found(pattern(a().times(2)), 'aa')).toEqual(['1 2 at Infinity']);
  });

  it('optional() before the quantifier is forgotten', () => {
    const pattern = (stage: Pattern<Letter>) => stage.followedBy('c').where(is('c'));
    const b = () => a().followedBy('b').where(is('b'));
    for (const repeated of [b().optional().oneOrMore(), b().optional().times(2), b().optional().timesOrMore(1)]) expect(found(pattern(repeated), 'ac')).toEqual([]);
    for (const repeated of [b().oneOrMore().optional(), b().times(2).optional(), b().timesOrMore(1).optional()]) expect(found(pattern(repeated), 'ac')).toEqual(['1 2 at 2']);
  });

  it('within() said on an earlier stage only makes a last notFollowedBy a match at once, whatever follows', () => {
    expect(found(a().within(4).notFollowedBy('x').where(is('x')), 'ax')).toEqual(['1 at 1']);
    expect(found(a().followedBy('b').where(is('b')).within(4).notFollowedBy('x').where(is('x')), 'abx')).toEqual(['1 2 at 2']);
    expect(found(a().notFollowedBy('x').where(is('x')).within(4), 'ax')).toEqual([]);
    expect(found(a().notFollowedBy('x').where(is('x')).within(4), 'ayyyy')).toEqual(['1 at 5']);
  });
});
