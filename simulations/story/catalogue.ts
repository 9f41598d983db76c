// What the records of a workload tell: the events of the video service, invented record by record from draws. Event time runs faster than the
// run's clock, so that hours of viewing fit into a minute.
import { drawChance, drawInt, type DrawKey } from '../kernel/draws.ts';
import { EPOCH_MS } from '../kernel/epoch.ts';
import { exposures, journeys, profiles, shares } from './others.ts';
import { views } from './views.ts';

export interface StorySpec {
  readonly kind: StoryKind;
  /** Milliseconds of event time for each millisecond of the run. */
  readonly speed: number;
  /** Every record is late by up to this, drawn evenly, ms of event time. */
  readonly outOfOrderMs: number;
  /** One in so many records is late by `lateMs` instead; 0 = none. */
  readonly lateOneIn: number;
  readonly lateMs: number;
  /** How many different viewers. */
  readonly viewers: number;
  /** How many different titles. */
  readonly titles: number;
}

export interface StoryRecord {
  readonly key: string | null;
  /** Becomes JSON. Its `at` is the event time, milliseconds since 1970. */
  readonly value: { readonly at: number; readonly [field: string]: unknown };
}

/** Makes the n-th record, which happened at `atMs`. */
export type Teller = (n: number, atMs: number, draws: (name: string) => DrawKey, spec: StorySpec) => StoryRecord;

export const STORY_KINDS = ['views', 'profiles', 'journeys', 'shares', 'exposures'] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

const TELLERS: Readonly<Record<StoryKind, Teller>> = { views, profiles, journeys, shares, exposures };

/** What ends a stream: the last record of every partition, for sources that are to end. */
export const END_OF_STREAM = '{"end":true}';

export interface Story {
  /** @param sentMs the run's clock, ms. */
  next(n: number, sentMs: number): StoryRecord;
}

export function makeStory(spec: StorySpec, draws: (name: string) => DrawKey): Story {
  const made = new Map<string, DrawKey>();
  const named = (name: string) => {
    let key = made.get(name);
    if (!key) made.set(name, (key = draws(name)));
    return key;
  };
  return {
    next: (n, sentMs) => {
      const late = spec.lateOneIn > 0 && drawChance(named('late'), n, 1, spec.lateOneIn);
      const lateMs = late ? spec.lateMs : drawInt(named('disorder'), n, spec.outOfOrderMs + 1);
      return TELLERS[spec.kind](n, Math.max(EPOCH_MS, EPOCH_MS + sentMs * spec.speed - lateMs), named, spec);
    },
  };
}
