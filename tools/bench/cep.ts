// Complex event processing against the same work done otherwise, over the same events: by hand in typed arrays for one open match at a time; for many, by an
// automaton that copies objects, and by hand in copied lists.
import { Pattern } from '../../simulations/streams/cep/pattern.ts';
import { createKeyState, type CepKeyState } from '../../simulations/streams/cep/keyState.ts';
import { compileGraph } from '../../simulations/streams/cep/compiler.ts';
import { compileNfa, type Nfa } from '../../simulations/streams/cep/nfa.ts';
import type { NfaHost } from '../../simulations/streams/cep/evaluation.ts';
import { advanceTime, processEvent } from '../../simulations/streams/cep/process.ts';
import type { Match } from '../../simulations/streams/cep/sharedBuffer.ts';
import { CopyingNfa } from './copyingNfa.ts';
import { cpuSeconds } from './measure.ts';

export interface Reading {
  readonly key: number;
  /** 0 to `kinds` - 1; the pattern asks for 0, 1, 2 ... */
  readonly kind: number;
  readonly timeMs: number;
}

/** Each millisecond one event; keys and kinds drawn evenly, the same at every call. */
export function readings(count: number, keys: number, kinds: number): Reading[] {
  let x = 12_345;
  const draw = (below: number) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
  return Array.from({ length: count }, (_, timeMs) => ({ key: draw(keys), kind: draw(kinds), timeMs }));
}

export type Link = 'next' | 'followedBy' | 'followedByAny';

/** The conditions of both sides. */
const isKind = (kind: number) => (e: Reading) => e.kind === kind;

/** Kind 0, then 1, then 2 ... */
export function sequence(link: Link, stages: number, windowMs: number): Pattern<Reading> {
  let pattern = Pattern.begin<Reading>('s0').where(isKind(0));
  for (let i = 1; i < stages; i++) pattern = pattern[link](`s${i}`).where(isKind(i));
  return windowMs > 0 ? pattern.within(windowMs) : pattern;
}

export interface Cost {
  readonly seconds: number;
  readonly matches: number;
}

const HOST: NfaHost<Reading> = { currentProcessingTime: () => 0, observer: null };

export function nfaCost(nfa: Nfa<Reading>, events: readonly Reading[], keys: number): Cost {
  const states: CepKeyState<Reading>[] = Array.from({ length: keys }, () => createKeyState());
  let matches = 0;
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      const state = states[event.key]!;
      advanceTime(nfa, state, event.timeMs, null);
      matches += processEvent(nfa, state, event, event.timeMs, HOST).matches.length;
    }
  });
  return { seconds, matches };
}

/** 0 next 1 next 2 within a window, by hand: one state and one start for each key. */
export function typedStrict(events: readonly Reading[], keys: number, windowMs: number): Cost {
  const reached = new Uint8Array(keys);
  const startMs = new Float64Array(keys);
  let matches = 0;
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < events.length; i++) {
      const { key, kind, timeMs } = events[i]!;
      if (kind === 0) {
        reached[key] = 1;
        startMs[key] = timeMs;
      } else if (reached[key] === kind && timeMs - startMs[key]! < windowMs) {
        if (kind === 2) {
          matches++;
          reached[key] = 0;
        } else reached[key] = kind + 1;
      } else reached[key] = 0;
    }
  });
  return { seconds, matches };
}

/** Most matches that wait for one stage at one key; the events below stay under it. */
const RING = 64;

/** 0 followedBy 1 followedBy 2 within a window, by hand: for each key the starts that wait for 1, and those that wait for 2, in rings. */
export function typedRelaxed(events: readonly Reading[], keys: number, windowMs: number): Cost {
  const starts = [new Float64Array(keys * RING), new Float64Array(keys * RING)] as const;
  const heads = [new Int32Array(keys), new Int32Array(keys)] as const;
  const counts = [new Int32Array(keys), new Int32Array(keys)] as const;
  let matches = 0;
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < events.length; i++) {
      const { key, kind, timeMs } = events[i]!;
      const base = key * RING;
      for (let stage = 0; stage < 2; stage++) {
        const of = starts[stage]!;
        while (counts[stage]![key]! > 0 && timeMs - of[base + (heads[stage]![key]! % RING)]! >= windowMs) {
          heads[stage]![key]!++;
          counts[stage]![key]!--;
        }
      }
      if (kind === 0) {
        starts[0][base + ((heads[0][key]! + counts[0][key]!++) % RING)] = timeMs;
      } else if (kind === 1) {
        for (; counts[0][key]! > 0; counts[0][key]!--) starts[1][base + ((heads[1][key]! + counts[1][key]!++) % RING)] = starts[0][base + (heads[0][key]!++ % RING)]!;
      } else if (kind === 2) {
        matches += counts[1][key]!;
        counts[1][key] = 0;
      }
    }
  });
  return { seconds, matches };
}

interface Copied {
  readonly stage: number;
  readonly taken: readonly Reading[];
}

function asMatch(taken: readonly Reading[], names: readonly string[]): Match<Reading> {
  const match = new Map<string, readonly Reading[]>();
  for (let i = 0; i < taken.length; i++) match.set(names[i]!, [taken[i]!]);
  return match;
}

/** Every stage may be followed by any later one, by hand: each partial match an object with its own list of events, in the order in which they come. It knows this one shape of a pattern, and no edges, order of starts or context. */
export function copyingAny(conditions: readonly ((e: Reading) => boolean)[], events: readonly Reading[], keys: number, windowMs: number): Cost {
  const open: Copied[][] = Array.from({ length: keys }, () => []);
  const names = conditions.map((_, i) => `s${i}`);
  let matches = 0;
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < events.length; i++) {
      const event = events[i]!;
      const before = open[event.key]!;
      const after: Copied[] = [];
      const found: Match<Reading>[] = [];
      for (const match of before) {
        if (event.timeMs - match.taken[0]!.timeMs >= windowMs) continue;
        after.push(match);
        if (!conditions[match.stage]!(event)) continue;
        const taken = [...match.taken, event];
        if (taken.length === conditions.length) found.push(asMatch(taken, names));
        else after.push({ stage: match.stage + 1, taken });
      }
      if (conditions[0]!(event)) after.push({ stage: 1, taken: [event] });
      open[event.key] = after;
      matches += found.length;
    }
  });
  return { seconds, matches };
}

/** CPU seconds of `a` over those of `b`. @throws Error where they do not find as many matches */
export function equalMatches(a: Cost, b: Cost): number {
  if (a.matches !== b.matches) throw new Error(`${a.matches} matches by hand, ${b.matches} by the automaton`);
  return a.seconds / b.seconds;
}

const KINDS = 8;

/** Every eighth event of a key starts a match, in a window of 40 of its events: with relaxed contiguity two or three partial matches are open at each key. */
export function linear(link: 'next' | 'followedBy', keys: number): () => number {
  const windowMs = 40 * keys;
  const events = readings(600_000, keys, KINDS);
  const nfa = compileNfa(sequence(link, 3, windowMs));
  const byHand = link === 'next' ? typedStrict : typedRelaxed;
  return () => 1 / equalMatches(byHand(events, keys, windowMs), nfaCost(nfa, events, keys));
}

export interface Load {
  readonly of: string;
  /** One event in so many starts a match, one takes it on, one ends it. */
  readonly kinds: number;
  /** Events of a key. */
  readonly window: number;
}

/** Open partial matches at a key, and matches found: w / k + (w / k)^2 / 2, and w^2 / 2 k^3 an event. */
export const MIDDLE: Load = { of: 'some 7 open partial matches a key, a match every 4 or 5 events', kinds: 20, window: 60 };
export const MANY_OPEN: Load = { of: 'some 60 open partial matches a key, a match every 3 events', kinds: 100, window: 1_000 };
export const FEW_OPEN: Load = { of: 'one or two open partial matches a key, a match every 16 events', kinds: 8, window: 8 };
export const MANY_FOUND: Load = { of: 'some 17 open partial matches a key, 3 matches every 2 events', kinds: 8, window: 40 };

/** Flink's automaton as one would write it first. */
function copyingCost(pattern: Pattern<Reading>, events: readonly Reading[], keys: number): Cost {
  const graph = compileGraph(pattern);
  const byKey = Array.from({ length: keys }, () => new CopyingNfa(graph));
  let matches = 0;
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < events.length; i++) matches += byKey[events[i]!.key]!.process(events[i]!, events[i]!.timeMs).length;
  });
  return { seconds, matches };
}

/** Non-deterministic relaxed contiguity at 100 keys. @param yardstick the automaton that copies, or the loop by hand */
export function branching({ kinds, window }: Load, yardstick: 'automaton' | 'byHand'): () => number {
  const keys = 100;
  const windowMs = window * keys;
  const events = readings(200_000, keys, kinds);
  const pattern = sequence('followedByAny', 3, windowMs);
  const nfa = compileNfa(pattern);
  const conditions = [0, 1, 2].map(isKind);
  const other = () => (yardstick === 'automaton' ? copyingCost(pattern, events, keys) : copyingAny(conditions, events, keys, windowMs));
  return () => equalMatches(other(), nfaCost(nfa, events, keys));
}

export interface Growth {
  readonly of: string;
  readonly sizes: readonly number[];
  readonly nsPerEvent: readonly number[];
  /** Of the cost of an event, from the smallest to the largest size. */
  readonly exponent: number;
}

/** What an event costs as one thing grows; the least of three runs each. */
export function growth(): Growth[] {
  const relaxed = (stages: number, keys: number) => {
    const events = readings(300_000, keys, KINDS);
    const nfa = compileNfa(sequence('followedBy', stages, 40 * keys));
    return least(() => nfaCost(nfa, events, keys).seconds / events.length);
  };
  return [
    grown('stages of the pattern (followedBy, 100 keys)', [2, 4, 8], (stages) => relaxed(stages, 100)),
    grown('keys (followedBy, 3 stages)', [10, 100, 1_000, 10_000], (keys) => relaxed(3, keys)),
    grown('open partial matches of the key (followedByAny), an event that concerns none', [10, 100, 1_000], (open) => eventCost(open, [9])),
    grown('open partial matches of the key (followedByAny), an event that each takes or that ends as many', [10, 100, 1_000], (open) => eventCost(open, [1, 9])),
  ];
}

function grown(of: string, sizes: readonly number[], cost: (size: number) => number): Growth {
  const costs = sizes.map(cost);
  const exponent = Math.log(costs.at(-1)! / costs[0]!) / Math.log(sizes.at(-1)! / sizes[0]!);
  return { of, sizes, nsPerEvent: costs.map((s) => Math.round(s * 1e9)), exponent: Math.round(exponent * 100) / 100 };
}

function least(run: () => number): number {
  return Math.min(run(), run(), run());
}

/** Seconds for one event at a key where `open` partial matches wait for kind 1, over and over the kinds given: 1 makes as many branch off, and the next event ends those. */
function eventCost(open: number, kinds: readonly number[]): number {
  const pattern = sequence('followedByAny', 2, 0).next('s2').where(isKind(2));
  const nfa = compileNfa(pattern, { maxPartialMatches: 1e7 });
  const state = createKeyState<Reading>();
  for (let timeMs = 0; timeMs < open; timeMs++) processEvent(nfa, state, { key: 0, kind: 0, timeMs }, timeMs, HOST);
  const events = kinds.map((kind): Reading => ({ key: 0, kind, timeMs: open }));
  const times = kinds.includes(1) ? Math.ceil(400_000 / open) : 400_000;
  const seconds = least(() =>
    cpuSeconds(() => {
      for (let i = 0; i < times; i++) processEvent(nfa, state, events[i % events.length]!, open, HOST);
    }),
  );
  return seconds / times;
}
