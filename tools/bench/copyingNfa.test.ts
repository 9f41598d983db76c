// The yardstick finds what the engine finds, in the same order: for the patterns of the bench and for any others.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEvents, anyRules, patternOf, type Letter } from '../../simulations/streams/cep/bruteForce.test-helper.ts';
import { compileGraph } from '../../simulations/streams/cep/compiler.ts';
import { createKeyState } from '../../simulations/streams/cep/keyState.ts';
import { compileNfa } from '../../simulations/streams/cep/nfa.ts';
import type { Pattern } from '../../simulations/streams/cep/pattern.ts';
import { advanceTime, processEvent } from '../../simulations/streams/cep/process.ts';
import { readings, sequence, type Reading } from './cep.ts';
import { CopyingNfa } from './copyingNfa.ts';

function both<T>(pattern: Pattern<T>, events: readonly T[], timeOf: (event: T) => number): { readonly copied: unknown[]; readonly engine: unknown[] } {
  const byHand = new CopyingNfa(compileGraph(pattern));
  const nfa = compileNfa(pattern);
  const key = createKeyState<T>();
  const told = (matches: readonly ReadonlyMap<string, readonly T[]>[]) => matches.map((match) => [...match]);
  const copied = events.map((event) => told(byHand.process(event, timeOf(event))));
  const engine = events.map((event) => {
    advanceTime(nfa, key, timeOf(event), null);
    return told(processEvent(nfa, key, event, timeOf(event), { currentProcessingTime: () => 0, observer: null }).matches);
  });
  return { copied, engine };
}

describe('the copying automaton', () => {
  it.each(['next', 'followedBy', 'followedByAny'] as const)('finds what the engine finds, in its order: %s', (link) => {
    const { copied, engine } = both<Reading>(sequence(link, 3, 60), readings(3_000, 1, 6), (e) => e.timeMs);
    expect(copied).toEqual(engine);
    expect(engine.flat().length).toBeGreaterThan(3);
  });

  it('does so for any pattern without a notFollowedBy at the end, which only time completes', () => {
    fc.assert(
      fc.property(anyRules, anyEvents, (rules, events) => {
        fc.pre(rules.stages.at(-1)!.link !== 'notFollowedBy');
        const { copied, engine } = both<Letter>(patternOf(rules), events, (e) => e.ts);
        expect(copied).toEqual(engine);
      }),
      { numRuns: 1_000, seed: 26 },
    );
  });
});
