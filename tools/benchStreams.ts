// `npm run bench`, the part of stream jobs, in a process of its own: what a run of a million records leaves behind in memory is no part of theirs.
import { branching, FEW_OPEN, growth, linear, MANY_FOUND, MANY_OPEN, MIDDLE, type Load } from './bench/cep.ts';
import { figure } from '../simulations/figure.ts';
import { report } from './bench/measure.ts';
import { countWindow, timeWindow, typedCountWindow, typedTimeWindow } from './bench/streams.ts';

const WINDOWED = 1_000_000;
report(figure('keyed tumbling count window / typed loop', 3, 'lower', () => countWindow(WINDOWED) / typedCountWindow(WINDOWED)));
report(figure('keyed event-time window with lateness / typed loop', 6, 'lower', () => timeWindow(WINDOWED) / typedTimeWindow(WINDOWED)));

for (const [link, contiguity] of [
  ['next', 'strict'],
  ['followedBy', 'relaxed'],
] as const) {
  const name = (keys: number) => `CEP, ${contiguity} contiguity (3 stages, ${keys} keys, NO_SKIP) / typed loop, CPU seconds`;
  for (const keys of [1_000, 10_000]) report(figure(name(keys), 10, 'lower', linear(link, keys)));
  information(name(100), linear(link, 100));
}
const branchingName = (other: string, { of }: Load) => `${other} / CEP, non-deterministic relaxed contiguity with ${of}, CPU seconds`;
for (const load of [MIDDLE, MANY_OPEN]) report(figure(branchingName('object-copying NFA', load), 2, 'higher', branching(load, 'automaton')));
for (const load of [FEW_OPEN, MANY_FOUND]) information(branchingName('object-copying NFA', load), branching(load, 'automaton'));
for (const load of [MIDDLE, MANY_OPEN, FEW_OPEN, MANY_FOUND]) information(branchingName('copied lists by hand, for this pattern alone', load), branching(load, 'byHand'));
for (const { of, ...rest } of growth()) console.log(JSON.stringify({ name: `CEP, growth with ${of}`, information: true, ...rest }));

/** A ratio without a target. */
function information(name: string, round: () => number): void {
  const { ratio, spread } = figure(name, 0, 'higher', round);
  console.log(JSON.stringify({ name, information: true, ratio, spread }));
}
