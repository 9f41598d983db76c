// What else is told of the video service: profiles, what people do with their subscription, what they recommend to each other, experiments.
import { drawChance, drawInt } from '../kernel/draws.ts';
import type { Teller } from './catalogue.ts';

const PLANS = ['basic', 'standard', 'premium'] as const;
const AGES = ['18-29', '30-44', '45-64', '65+'] as const;

/** Viewers one after another, again and again: each time a newer version of the profile. */
export const profiles: Teller = (n, atMs, draws, spec) => {
  const viewer = `viewer-${(n % spec.viewers) + 1}`;
  return {
    key: viewer,
    value: { at: atMs, viewer, version: Math.floor(n / spec.viewers) + 1, plan: PLANS[drawInt(draws('plan'), n, PLANS.length)]!, age: AGES[drawInt(draws('age'), n % spec.viewers, AGES.length)]! },
  };
};

/** What people do, and how often of a hundred times. */
const STEPS: readonly (readonly [string, number])[] = [
  ['watch', 46],
  ['paywall', 24],
  ['trial', 10],
  ['upgrade', 10],
  ['cancel-page', 10],
];

/** Steps around a subscription, in any order: what they mean is for patterns to find. */
export const journeys: Teller = (n, atMs, draws, spec) => {
  const viewer = `viewer-${drawInt(draws('viewer'), n, spec.viewers) + 1}`;
  let rest = drawInt(draws('step'), n, 100);
  const [step] = STEPS.find(([, weight]) => (rest -= weight) < 0)!;
  return { key: viewer, value: { at: atMs, viewer, step } };
};

/** How far back the recommendation may lie that someone passes on. */
const BACK = 5;

/** Recommendations. Two of three are passed on by someone who was just recommended the title. */
export const shares: Teller = (n, atMs, draws, spec) => {
  const title = `title-${titleOf(n) + 1}`;
  return { key: title, value: { at: atMs, title, by: `viewer-${byOf(n) + 1}`, to: `viewer-${toOf(n) + 1}` } };

  /** The earlier record that the n-th passes on; -1 = none. */
  function before(m: number): number {
    const back = 1 + drawInt(draws('back'), m, BACK);
    return m >= back && drawChance(draws('passed-on'), m, 2, 3) ? m - back : -1;
  }
  function titleOf(m: number): number {
    let at = m;
    for (let b = before(at); b >= 0; b = before(at)) at = b;
    return drawInt(draws('title'), at, spec.titles);
  }
  function toOf(m: number): number {
    return drawInt(draws('to'), m, spec.viewers);
  }
  function byOf(m: number): number {
    const b = before(m);
    return b >= 0 ? toOf(b) : drawInt(draws('by'), m, spec.viewers);
  }
};

/** An experiment in which nothing differs: everybody is in one of two variants, is shown it more than once, and one in seven then signs up. */
export const exposures: Teller = (n, atMs, draws, spec) => {
  const viewer = drawInt(draws('viewer'), n, spec.viewers);
  const variant = drawInt(draws('variant'), viewer, 2) === 0 ? 'A' : 'B';
  const converts = drawChance(draws('converts'), viewer, 1, 7) && drawChance(draws('now'), n, 1, 3);
  return { key: `viewer-${viewer + 1}`, value: { at: atMs, viewer: `viewer-${viewer + 1}`, experiment: 'autoplay', variant, kind: converts ? 'conversion' : 'exposure' } };
};
