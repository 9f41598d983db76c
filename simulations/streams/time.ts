// Event time as streams count it: milliseconds, with the two ends that Flink writes as Long.MIN_VALUE and Long.MAX_VALUE.

/** Timestamp of a record that carries none, and the watermark before any has come. */
export const MIN_TIME = Number.NEGATIVE_INFINITY;

/** The last watermark: no more records will follow. It fires every event-time timer. */
export const MAX_TIME = Number.POSITIVE_INFINITY;

/** Times count up to here; a sum beyond it is MAX_TIME, as a sum beyond Long.MAX_VALUE is in Flink. */
export const LAST_TIME = Number.MAX_SAFE_INTEGER;

/** @returns the sum, or MAX_TIME where it would pass the last time that can be counted. */
export function plusTime(timeMs: number, durationMs: number): number {
  const sum = timeMs + durationMs;
  return sum > LAST_TIME ? MAX_TIME : sum;
}

/** A time as the trace and JSON hold it: whole numbers only. */
export function countable(timeMs: number): number {
  return timeMs === MIN_TIME ? -LAST_TIME : timeMs === MAX_TIME ? LAST_TIME : timeMs;
}
