// A live A/B test: two proportions compared, everybody counted once, beside the figure that takes one variant for the truth and counts every showing.
import { exp } from '../../kernel/math.ts';
import type { ValueState } from '../state/keyedState.ts';
import { TumblingEventTimeWindows } from '../windows/assigners.ts';
import type { JobBuilder } from './catalogue.ts';
import { number } from './parameters.ts';
import { MINUTE_MS, readAll, writeTo, type Happened } from './shared.ts';

interface Exposure extends Happened {
  readonly viewer: string;
  readonly experiment: string;
  readonly variant: 'A' | 'B';
  readonly kind: 'exposure' | 'conversion';
}

interface Counted extends Exposure {
  /** Whether it is the first of its kind of this viewer, and for a conversion whether they were shown the variant before. */
  readonly counts: boolean;
}

interface Tally {
  shown: number;
  converted: number;
  /** Every showing and every conversion, as they came. */
  showings: number;
  conversions: number;
}

const emptyTally = (): Tally => ({ shown: 0, converted: 0, showings: 0, conversions: 0 });

/** Two-sided probability of a standard normal value at least this far from 0 (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
export function twoSided(z: number): number {
  const x = Math.abs(z);
  const t = 1 / (1 + 0.2316419 * x);
  const tail = exp(-(x * x) / 2) * 0.3989422804014327 * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.min(1, 2 * tail);
}

/** Pooled two-proportion z statistic; 0 where nothing can be said. */
export function twoProportions(a: { readonly n: number; readonly k: number }, b: { readonly n: number; readonly k: number }): number {
  const pooled = (a.k + b.k) / (a.n + b.n);
  const variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n);
  return variance > 0 ? (b.k / b.n - a.k / a.n) / Math.sqrt(variance) : 0;
}

/** One sample against a rate that is taken for certain. */
export function oneProportion(rate: number, b: { readonly n: number; readonly k: number }): number {
  const variance = (rate * (1 - rate)) / b.n;
  return variance > 0 ? (b.k / b.n - rate) / Math.sqrt(variance) : 0;
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export const abTest: JobBuilder = (env, spec) => {
  const counted = readAll<Exposure>(env, spec, 'exposures')
    .keyBy((e) => e.viewer)
    .processKeyed<Counted>(() => {
      let shown: ValueState<boolean>;
      let converted: ValueState<boolean>;
      return {
        open: ({ states }) => {
          shown = states.valueState('shown');
          converted = states.valueState('converted');
        },
        processElement: (e, _, out) => {
          const first = e.kind === 'exposure' ? !shown.value() : shown.value() === true && !converted.value();
          if (first) (e.kind === 'exposure' ? shown : converted).update(true);
          out.collect({ ...e, counts: first });
        },
      };
    })
    .name('dedupe');
  const results = counted
    .keyBy((e) => e.experiment)
    .window(TumblingEventTimeWindows.of(number(env, 'lookEveryMs', 10 * MINUTE_MS)))
    .process<{ experiment: string; look: number; shown: number; z: number; p: number; significant: boolean; naiveZ: number; naiveP: number; naiveSignificant: boolean }>({
      process: (experiment, { window, globalState }, elements, out) => {
        const tallies = (globalState['tallies'] ??= { A: emptyTally(), B: emptyTally() }) as Record<'A' | 'B', Tally>;
        for (const e of elements) {
          const tally = tallies[e.variant];
          if (e.kind === 'exposure') tally.showings++;
          else tally.conversions++;
          if (e.counts && e.kind === 'exposure') tally.shown++;
          else if (e.counts) tally.converted++;
        }
        const { A, B } = tallies;
        if (A.shown === 0 || B.shown === 0) return;
        const z = twoProportions({ n: A.shown, k: A.converted }, { n: B.shown, k: B.converted });
        const naiveZ = A.showings > 0 && B.showings > 0 ? oneProportion(A.conversions / A.showings, { n: B.showings, k: B.conversions }) : 0;
        const p = twoSided(z);
        const naiveP = twoSided(naiveZ);
        out.collect({
          experiment,
          look: window.endMs,
          shown: A.shown + B.shown,
          z: rounded(z),
          p: rounded(p),
          significant: p < 0.05,
          naiveZ: rounded(naiveZ),
          naiveP: rounded(naiveP),
          naiveSignificant: naiveP < 0.05,
        });
      },
    })
    .name('test');
  writeTo(env, spec, results, 'ab-results', (r) => r.experiment);
};
