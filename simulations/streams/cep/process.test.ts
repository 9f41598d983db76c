// The automaton finds what trying everything finds, its state can be copied at any time, and its buffer is Flink's.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noSkip, skipPastLastEvent, skipToFirst, skipToLast, skipToNext, type AfterMatchSkipStrategy } from './afterMatchSkip.ts';
import { anyEvents, anyRules, bruteForce, patternOf, type Found, type Letter } from './bruteForce.test-helper.ts';
import { copyKeyState, createKeyState, ENTRY, ENTRY_FIELDS, EVENT, EVENT_FIELDS, EVENT_REFERENCES, ID, MATCH_FIELDS, PREVIOUS, REFERENCES, STAGE, START_ROW, type CepKeyState } from './keyState.ts';
import { compileNfa, type Nfa } from './nfa.ts';
import { Pattern } from './pattern.ts';
import type { NfaHost } from './evaluation.ts';
import { advanceTime, processEvent } from './process.ts';
import { labelOf, pathTo, type Match } from './sharedBuffer.ts';

const host: NfaHost<Letter> = { currentProcessingTime: () => 0, observer: null };
const RUNS = { numRuns: 2_000, seed: 20 } as const;

/** @param between called after each event; what it returns is gone on with */
function run(nfa: Nfa<Letter>, events: readonly Letter[], between: (state: CepKeyState<Letter>, index: number) => CepKeyState<Letter> = (s) => s, to = host) {
  let state = createKeyState<Letter>();
  const found: Found[] = [];
  const add = (matches: readonly Match<Letter>[], at: number) => {
    for (const match of matches) found.push({ match: Object.fromEntries(Array.from(match, ([stage, taken]) => [stage, taken.map((e) => e.index)])), at });
  };
  for (const event of events) {
    add(advanceTime(nfa, state, event.ts, to.observer).matches, event.index);
    add(processEvent(nfa, state, event, event.ts, to).matches, event.index);
    state = between(state, event.index);
  }
  add(advanceTime(nfa, state, Infinity, to.observer).matches, events.length);
  return { found, state: copyKeyState(state) };
}

const inOrder = (found: readonly Found[]) => found.map((f) => `${f.at} ${JSON.stringify(Object.entries(f.match).sort(([a], [b]) => (a < b ? -1 : 1)))}`).sort();

const anySkip: fc.Arbitrary<AfterMatchSkipStrategy> = fc.constantFrom(noSkip(), skipToNext(), skipPastLastEvent(), skipToFirst('s0'), skipToLast('s0'));

describe('the automaton', () => {
  it('finds the matches that trying everything finds, when they are complete, for 2,000 patterns', () => {
    let matches = 0;
    fc.assert(
      fc.property(anyRules, anyEvents, (rules, events) => {
        const { found } = run(compileNfa(patternOf(rules)), events);
        matches += found.length;
        expect(inOrder(found)).toEqual(inOrder(bruteForce(rules, events)));
      }),
      RUNS,
    );
    expect(matches).toBeGreaterThan(2_000);
  }, 60_000);

  it('goes on from a copy of its state as if nothing had been', () => {
    fc.assert(
      fc.property(anyRules, anySkip, anyEvents, fc.nat(8), (rules, skip, events, cut) => {
        const nfa = compileNfa(patternOf(rules, skip));
        const whole = run(nfa, events);
        for (const copy of [copyKeyState<Letter>, (s: CepKeyState<Letter>) => JSON.parse(JSON.stringify(s)) as CepKeyState<Letter>]) {
          expect(run(nfa, events, (state, index) => (index === cut ? copy(state) : state))).toEqual(whole);
        }
        let kept: CepKeyState<Letter> | null = null;
        let text = '';
        run(nfa, events, (state, index) => {
          if (index === cut) {
            kept = copyKeyState(state);
            text = JSON.stringify(kept);
          }
          return state;
        });
        expect(JSON.stringify(kept ?? '')).toBe(kept ? text : '""');
      }),
      { numRuns: 300, seed: 21 },
    );
  }, 60_000);

  it('does the same whatever it has decided before, and whether or not anybody is told', () => {
    const told: NfaHost<Letter> = { ...host, observer: { entered() {}, completed() {}, emitted() {}, pruned() {}, timedOut() {}, limitReached() {} } };
    fc.assert(
      fc.property(anyRules, anySkip, anyEvents, anyEvents, (rules, skip, before, events) => {
        const experienced = compileNfa(patternOf(rules, skip));
        run(experienced, before);
        const states: string[] = [];
        const fresh = run(compileNfa(patternOf(rules, skip)), events, (state) => (states.push(JSON.stringify(copyKeyState(state))), state));
        expect(run(experienced, events, (state, index) => (expect(JSON.stringify(copyKeyState(state))).toBe(states[index]), state))).toEqual(fresh);
        expect(run(experienced, events, (state, index) => (expect(JSON.stringify(copyKeyState(state))).toBe(states[index]), state), told)).toEqual(fresh);
      }),
      { numRuns: 500, seed: 25 },
    );
  }, 60_000);

  it('goes through more stages than there are bits for', () => {
    const stages = [...Array.from({ length: 40 }).keys()];
    let pattern = Pattern.begin<Letter>('0').where((e) => e.letter === '0');
    for (const i of stages.slice(1)) pattern = pattern.followedBy(`${i}`).where((e) => e.letter === `${i}`);
    const letters = stages.flatMap((i) => [`${i}`, 'x', '0']);
    const { found, state } = run(
      compileNfa(pattern.within(119)),
      letters.map((letter, index) => ({ letter, index, ts: index })),
    );
    expect(found.map(({ at, match }) => ({ at, taken: Object.values(match).flat().length, from: match['0'] }))).toEqual(
      letters.slice(0, 4).flatMap((letter, index) => (letter === '0' ? { at: 117, taken: 40, from: [index] } : [])),
    );
    expect(state.open).toBeNull();
  });

  it('gives a key arrays only while a match has begun, and counts on where it left off', () => {
    const nfa = compileNfa(
      Pattern.begin<Letter>('a')
        .where((e) => e.letter === 'a')
        .next('b')
        .where((e) => e.letter === 'b'),
    );
    const keys = [createKeyState<Letter>(), createKeyState<Letter>()] as const;
    const offer = (key: CepKeyState<Letter>, letter: string, index: number) => processEvent(nfa, key, { index, letter, ts: index }, index, host).matches.length;
    expect([offer(keys[0], 'x', 1), keys[0].open]).toEqual([0, null]);
    offer(keys[0], 'a', 2);
    const { open } = keys[0];
    expect([offer(keys[0], 'b', 3), keys[0].open]).toEqual([1, null]);
    offer(keys[1], 'a', 4);
    expect(keys[1].open).toBe(open);
    expect([offer(keys[1], 'x', 5), keys[1].open]).toEqual([0, null]);
    offer(keys[0], 'a', 6);
    expect(keys[0].open!.rows.fields[MATCH_FIELDS * keys[0].open!.partialMatches.order[0]! + ID]).toBe(2);
    expect([keys[0].startVersion, keys[1].startVersion]).toEqual([3, 2]);
    expect(JSON.stringify(keys[0])).not.toContain('"letter":"b"');
  });

  it('emits what one event completes by the timestamps of the starts, in whatever order they came', () => {
    const nfa = compileNfa(
      Pattern.begin<Letter>('a')
        .where((e) => e.letter === 'a')
        .times(1, 2),
    );
    const timestamps = [0, 7, 3];
    const { found } = run(
      nfa,
      timestamps.map((ts, index) => ({ index, letter: 'a', ts })),
    );
    expect(found.map(({ match }) => match['a']!.map((index) => timestamps[index]))).toEqual([[0], [0, 7], [7], [3], [7, 3]]);
  });

  it('counts partial matches against a limit, and says so', () => {
    const pattern = Pattern.begin<Letter>('a')
      .followedByAny('b')
      .followedByAny('c')
      .where((e) => e.letter === 'x');
    const nfa = compileNfa(pattern, { maxPartialMatches: 50 });
    const seen: number[] = [];
    const observer = { entered() {}, completed() {}, emitted() {}, pruned() {}, timedOut() {}, limitReached: (count: number) => void seen.push(count) };
    const state = createKeyState<Letter>();
    const offer = () => {
      for (let i = 0; i < 20; i++) processEvent(nfa, state, { index: i, letter: 'a', ts: i }, i, { ...host, observer });
    };
    expect(offer).toThrow(expect.objectContaining({ code: 'PARTIAL_MATCH_LIMIT', exception: 'LimitExceeded' }));
    expect(seen).toEqual([56]);
  });

  it('says which condition threw', () => {
    const cause = new TypeError('no such field');
    const nfa = compileNfa(
      Pattern.begin<Letter>('a').where(() => {
        throw cause;
      }),
    );
    expect(() => run(nfa, [{ index: 0, letter: 'a', ts: 1 }])).toThrow(expect.objectContaining({ code: 'CONDITION_FAILED', cause }));
  });

  it('ends where Flink would look at one event for ever', () => {
    const nfa = compileNfa(
      Pattern.begin<Letter>('a')
        .followedBy(
          Pattern.begin<Letter>('b')
            .where((e) => e.letter === 'b')
            .optional(),
        )
        .oneOrMore(),
    );
    expect(() =>
      run(
        nfa,
        ['a', 'b', 'c'].map((letter, index) => ({ index, letter, ts: index })),
      ),
    ).toThrow(expect.objectContaining({ code: 'PROCEED_CYCLE' }));
  });

  it('asks a condition of the event once for each event, and a condition of the partial match once for each of those', () => {
    let simple = 0;
    let iterative = 0;
    const nfa = compileNfa(
      Pattern.begin<Letter>('a')
        .where((e) => e.letter === 'a')
        .followedBy('b')
        .where((e) => (simple++, e.letter === 'b'))
        .where((e, context) => (iterative++, context.getEventsForPattern('a').length === 1 && e.ts > 0)),
    );
    run(
      nfa,
      [...'aaab'].map((letter, index) => ({ index, letter, ts: index + 1 })),
    );
    expect({ simple, iterative }).toEqual({ simple: 3, iterative: 3 });
  });
});

describe('the shared buffer', () => {
  /** Flink's DeweyNumber.isCompatibleWith. */
  const continues = (version: readonly number[], label: readonly number[]) =>
    version.length > label.length
      ? label.every((digit, i) => version[i] === digit)
      : version.length === label.length && label.every((digit, i) => (i < label.length - 1 ? version[i] === digit : version[i]! >= digit));

  it('holds exactly what partial matches go back to, and nothing when they are gone', () => {
    fc.assert(
      fc.property(anyRules, anySkip, anyEvents, (rules, skip, events) => {
        const { state } = run(compileNfa(patternOf({ ...rules, windowMs: 100 }, skip)), events, (key) => {
          const { open } = copyKeyState(key);
          if (open === null) return key;
          const { entries, events: stored, labels, counts, freeEntry } = open.buffer;
          const references = labels.map(() => 0);
          const eventReferences = stored.map(() => 0);
          for (const row of [...open.partialMatches.order, ...open.completedMatches.order]) if (row !== START_ROW) references[open.rows.fields[MATCH_FIELDS * row + ENTRY]!]!++;
          const free = new Set<number>();
          for (let slot = freeEntry; slot >= 0; slot = entries[ENTRY_FIELDS * slot + PREVIOUS]!) free.add(slot);
          for (let slot = 0; slot < labels.length; slot++) {
            if (free.has(slot)) continue;
            eventReferences[entries[ENTRY_FIELDS * slot + EVENT]!]!++;
            if (entries[ENTRY_FIELDS * slot + PREVIOUS]! >= 0) references[entries[ENTRY_FIELDS * slot + PREVIOUS]!]!++;
          }
          expect(labels.map((_, i) => entries[ENTRY_FIELDS * i + REFERENCES])).toEqual(references);
          expect(stored.map((_, i) => counts[EVENT_FIELDS * i + EVENT_REFERENCES])).toEqual(eventReferences);
          expect(stored.map((e) => e === null)).toEqual(eventReferences.map((n) => n === 0));
          expect(references.map((n, slot) => n === 0 && !free.has(slot))).not.toContain(true);
          return key;
        });
        expect(state.open).toBeNull();
      }),
      { numRuns: 300, seed: 22 },
    );
  }, 60_000);

  it('leads to the same events when it is walked over stages and Dewey numbers, as Flink does', () => {
    fc.assert(
      fc.property(anyRules, anyEvents, (rules, events) => {
        run(compileNfa(patternOf(rules)), events, (key) => {
          const { open } = copyKeyState(key);
          if (open === null) return key;
          const { buffer } = open;
          const { entries } = buffer;
          const field = (slot: number, name: number) => entries[ENTRY_FIELDS * slot + name]!;
          const slots = buffer.labels.map((_, slot) => slot).filter((slot) => field(slot, REFERENCES) > 0);
          const isSameNode = (a: number, b: number) => field(a, STAGE) === field(b, STAGE) && field(a, EVENT) === field(b, EVENT);
          const walk = (node: number, version: readonly number[]): number[][] =>
            slots
              .filter((edge) => isSameNode(edge, node) && continues(version, labelOf(buffer, edge)))
              .flatMap((edge) => {
                const previous = field(edge, PREVIOUS);
                return previous < 0 ? [[field(edge, EVENT)]] : walk(previous, labelOf(buffer, edge)).map((path) => [...path, field(edge, EVENT)]);
              });
          for (const row of open.partialMatches.order) {
            if (row === START_ROW) continue;
            const entry = open.rows.fields[MATCH_FIELDS * row + ENTRY]!;
            expect(walk(entry, [...labelOf(buffer, entry), ...open.rows.versions[row]!])).toEqual([pathTo(buffer, entry).map((slot) => field(slot, EVENT))]);
          }
          return key;
        });
      }),
      { numRuns: 300, seed: 23 },
    );
  }, 60_000);
});
