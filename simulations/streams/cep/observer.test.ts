// What the observer is told is the whole life of every partial match, with an honest reason for its end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skipPastLastEvent, skipToFirst, skipToNext, noSkip } from './afterMatchSkip.ts';
import { anyEvents, anyRules, patternOf, type Letter } from './bruteForce.test-helper.ts';
import { createKeyState, type CepKeyState } from './keyState.ts';
import { compileNfa, type Nfa } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { Pattern } from './pattern.ts';
import { advanceTime, processEvent } from './process.ts';
import { heldMatchesOf, partialMatchesOf } from './view.test-helper.ts';

const is = (letter: string) => (e: Letter) => e.letter === letter;

function feed(nfa: Nfa<Letter>, events: readonly Letter[], observer: CepObserver<Letter>, after: (state: CepKeyState<Letter>) => void = () => {}): void {
  const state = createKeyState<Letter>();
  for (const event of events) {
    advanceTime(nfa, state, event.ts, observer);
    after(state);
    processEvent(nfa, state, event, event.ts, { currentProcessingTime: () => 0, observer });
    after(state);
  }
}

/** One letter a millisecond, from 1 on. */
function lives(pattern: Pattern<Letter>, letters: string, timeoutHandling = false): string[] {
  const log: string[] = [];
  const of = (id: number, parent: number | null) => (parent === null ? `new ${id}` : parent === id ? `${id}` : `${id} of ${parent}`);
  feed(
    compileNfa(pattern, { timeoutHandling }),
    [...letters].map((letter, index) => ({ letter, index, ts: index + 1 })),
    {
      entered: (e) => void log.push(`${e.timestampMs} ${e.event.letter}: ${of(e.partialMatchId, e.parentId)} ${e.action === 'TAKE' ? 'takes it' : 'skips it'}, in ${e.state}`),
      completed: (e) =>
        void log.push(
          `${e.timestampMs}: ${of(e.partialMatchId, e.parentId)} complete with ${[...e.match.values()]
            .flat()
            .map((x) => x.ts)
            .join(' ')}`,
        ),
      emitted: (e) => void log.push(`${e.timestampMs}: ${e.partialMatchId} emitted${e.event ? ` at ${e.event.letter}` : ''}`),
      pruned: (e) => void log.push(`${e.timestampMs}: ${e.partialMatchId} in ${e.state} ends by ${e.reason}${e.event ? ` at ${e.event.letter}` : ''}`),
      timedOut: (e) =>
        void log.push(
          `${e.timestampMs}: ${e.partialMatchId} timed out with ${[...e.match.values()]
            .flat()
            .map((x) => x.ts)
            .join(' ')}`,
        ),
      limitReached: () => {},
    },
  );
  return log;
}

describe('the life of a partial match', () => {
  it('moves on, and ends by contiguity where an event comes between', () => {
    expect(lives(Pattern.begin<Letter>('a').where(is('a')).next('b').where(is('b')), 'abax')).toEqual([
      '1 a: new 1 takes it, in b',
      '2: 1 complete with 1 2',
      '2: 1 emitted at b',
      '3 a: new 2 takes it, in b',
      '4: 2 in b ends by contiguity at x',
    ]);
  });

  it('branches where an event is both taken and skipped: who skips it keeps its id', () => {
    const pattern = Pattern.begin<Letter>('a').where(is('a')).followedByAny('b').where(is('b')).next('c').where(is('c'));
    expect(lives(pattern, 'abbc')).toEqual([
      '1 a: new 1 takes it, in b',
      '2 b: 2 of 1 takes it, in c',
      '3: 2 in c ends by contiguity at b',
      '3 b: 3 of 1 takes it, in c',
      '4: 3 complete with 1 3 4',
      '4: 3 emitted at c',
    ]);
  });

  it('ends by a condition where a greedy loop would have taken the event', () => {
    const pattern = Pattern.begin<Letter>('a')
      .where(is('a'))
      .next('b')
      .where(is('b'))
      .oneOrMore()
      .consecutive()
      .greedy()
      .followedBy('c')
      .where((e) => e.letter === 'c' || e.letter === 'b');
    expect(lives(pattern, 'abxb').filter((line) => line.includes('ends'))).toEqual(['4: 1 in c ends by condition at b']);
  });

  it('ends by until where the loop is over and nothing takes the event', () => {
    const pattern = Pattern.begin<Letter>('b').where(is('b')).oneOrMore().until(is('x')).next('c').where(is('c'));
    expect(lives(pattern, 'bx').filter((line) => line.includes('ends'))).toEqual(['2: 1 in b ends by until at x']);
  });

  it('ends at what must not come', () => {
    const pattern = Pattern.begin<Letter>('a').where(is('a')).notFollowedBy('no').where(is('x')).followedBy('c').where(is('c'));
    expect(lives(pattern, 'abx').at(-1)).toBe('3: 1 in c ends by stop at x');
  });

  it('ends by time, or is reported as timed out where somebody asked', () => {
    const pattern = () => Pattern.begin<Letter>('a').where(is('a')).followedBy('b').where(is('b')).within(2);
    expect(lives(pattern(), 'axx').at(-1)).toBe('3: 1 in b ends by time');
    expect(lives(pattern(), 'axx', true).at(-1)).toBe('3: 1 timed out with 1');
  });

  it('is held back while an earlier one could still win, and ends by skip when that one does', () => {
    const opened = (e: Letter) => e.letter === 'a' || e.letter === 'b';
    const pattern = () =>
      Pattern.begin<Letter>('open', skipPastLastEvent())
        .where(opened)
        .followedBy('close')
        .where((e, { getEventsForPattern }) => e.letter === getEventsForPattern('open')[0]!.letter.toUpperCase());
    expect(lives(pattern(), 'abBA').slice(2)).toEqual(['3: 2 complete with 2 3', '4: 1 complete with 1 4', '4: 1 emitted at A', '4: 2 in $endState$ ends by skip']);
    expect(lives(pattern().within(3), 'abBx').slice(2)).toEqual(['3: 2 complete with 2 3', '4: 1 in close ends by time', '4: 2 emitted']);
  });

  it('adds up to the partial matches there are, for any pattern and skip strategy', () => {
    fc.assert(
      fc.property(anyRules, fc.constantFrom(noSkip(), skipToNext(), skipPastLastEvent(), skipToFirst('s0')), anyEvents, (rules, skip, events) => {
        const nfa = compileNfa(patternOf(rules, skip));
        const live = new Map<number, string>();
        const held = new Set<number>();
        const seen = new Set<number>();
        const parentIsKnown = (id: number, parent: number | null) => expect(parent === null ? !seen.has(id) : seen.has(parent)).toBe(true);
        feed(
          nfa,
          events,
          {
            entered({ partialMatchId, parentId, state }) {
              parentIsKnown(partialMatchId, parentId);
              seen.add(partialMatchId);
              live.set(partialMatchId, state);
            },
            completed({ partialMatchId, parentId }) {
              parentIsKnown(partialMatchId, parentId);
              seen.add(partialMatchId);
              live.delete(partialMatchId);
              held.add(partialMatchId);
            },
            emitted: ({ partialMatchId }) => expect(held.delete(partialMatchId)).toBe(true),
            pruned: ({ partialMatchId }) => expect(live.delete(partialMatchId) || held.delete(partialMatchId)).toBe(true),
            timedOut: ({ partialMatchId }) => expect(live.delete(partialMatchId)).toBe(true),
            limitReached() {},
          },
          (state) => {
            const there = partialMatchesOf(nfa, state).map((m) => [m.id, m.state] as const);
            expect([...live].sort(([a], [b]) => a - b)).toEqual(there.sort(([a], [b]) => a - b));
            expect([...held].sort((a, b) => a - b)).toEqual(
              heldMatchesOf(nfa, state)
                .map((m) => m.id)
                .sort((a, b) => a - b),
            );
          },
        );
      }),
      { numRuns: 300, seed: 24 },
    );
  }, 60_000);
});
