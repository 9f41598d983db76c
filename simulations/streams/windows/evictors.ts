// What is taken out of a window when it fires (Flink api.windowing.evictors). Evictors need every element kept.
import { MIN_TIME } from '../time.ts';

export interface TimestampedValue<T = unknown> {
  readonly value: T;
  readonly timestampMs: number;
}

/** @returns the elements that stay, in order. */
export interface Evictor<T = unknown> {
  evictBefore(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[];
  evictAfter(elements: readonly TimestampedValue<T>[]): readonly TimestampedValue<T>[];
}

function evictor<T>(evict: (elements: readonly TimestampedValue<T>[]) => readonly TimestampedValue<T>[], after: boolean): Evictor<T> {
  const keep = (elements: readonly TimestampedValue<T>[]) => elements;
  return { evictBefore: after ? keep : evict, evictAfter: after ? evict : keep };
}

/** Keeps the latest elements by arrival. @param maxCount how many stay. @param after evict after the window function instead of before it. */
export function countEvictor<T>(maxCount: number, after = false): Evictor<T> {
  return evictor((elements) => elements.slice(Math.max(0, elements.length - maxCount)), after);
}

/** Keeps what is younger than the youngest minus the time. Does nothing where elements have no timestamps. */
export function timeEvictor<T>(windowMs: number, after = false): Evictor<T> {
  return evictor((elements) => {
    if (elements.length === 0 || elements[0]!.timestampMs === MIN_TIME) return elements;
    const cutoffMs = elements.reduce((max, e) => Math.max(max, e.timestampMs), MIN_TIME) - windowMs;
    return elements.filter((e) => e.timestampMs > cutoffMs);
  }, after);
}

/** Drops what differs from the last element by the threshold or more. */
export function deltaEvictor<T>(threshold: number, delta: (element: T, last: T) => number, after = false): Evictor<T> {
  return evictor((elements) => {
    const last = elements.at(-1);
    return last === undefined ? elements : elements.filter((e) => delta(e.value, last.value) < threshold);
  }, after);
}
