// What a window keeps until it fires: one accumulator, or every element (Flink ReducingState, AggregatingState, ListState).
import { StreamError } from '../errors.ts';
import type { Evictor, TimestampedValue } from './evictors.ts';

/** Flink's AggregateFunction. `merge` is needed for windows that merge. */
export interface AggregateFunction<In, Acc, Out> {
  createAccumulator(): Acc;
  /** @returns the accumulator, the same object or a new one. */
  add(value: In, accumulator: Acc): Acc;
  getResult(accumulator: Acc): Out;
  merge?(a: Acc, b: Acc): Acc;
}

export type ReduceFunction<T> = (a: T, b: T) => T;

/** Contents of one window. `undefined` is what a window holds when it holds nothing. */
export interface WindowContents {
  add(contents: unknown, value: unknown, timestampMs: number): unknown;
  /** @throws StreamError MERGE_NOT_DEFINED */
  merge(a: unknown, b: unknown): unknown;
  /** What the window function is given: the elements, or one result. */
  elements(contents: unknown): readonly unknown[];
  /** What is left after the window function that was given what `elements` said last. */
  left(contents: unknown): unknown;
  /** How many elements went in; 1 for an accumulator. */
  size(contents: unknown): number;
}

export function reducing<T>(reduce: ReduceFunction<T>): WindowContents {
  return {
    add: (contents, value) => (contents === undefined ? value : reduce(contents as T, value as T)),
    merge: (a, b) => (a === undefined ? b : b === undefined ? a : reduce(a as T, b as T)),
    elements: (contents) => [contents],
    left: (contents) => contents,
    size: () => 1,
  };
}

export function aggregating<In, Acc, Out>(aggregate: AggregateFunction<In, Acc, Out>): WindowContents {
  return {
    add: (contents, value) => aggregate.add(value as In, contents === undefined ? aggregate.createAccumulator() : (contents as Acc)),
    merge: (a, b) => {
      if (a === undefined) return b;
      if (b === undefined) return a;
      if (!aggregate.merge)
        throw new StreamError('MERGE_NOT_DEFINED', 'Session windows merge, and this aggregate function has no merge(a, b). Add one that makes of two accumulators the one of all their elements.');
      return aggregate.merge(a as Acc, b as Acc);
    },
    elements: (contents) => [aggregate.getResult(contents as Acc)],
    left: (contents) => contents,
    size: () => 1,
  };
}

/** Every element, in the order of arrival. */
export function listing(evictor: Evictor | null): WindowContents {
  if (!evictor)
    return {
      add: (contents, value) => {
        if (contents === undefined) return [value];
        (contents as unknown[]).push(value);
        return contents;
      },
      merge: (a, b) => (a === undefined ? b : b === undefined ? a : [...(a as unknown[]), ...(b as unknown[])]),
      elements: (contents) => contents as unknown[],
      left: (contents) => contents,
      size: (contents) => (contents as unknown[]).length,
    };
  let before: readonly TimestampedValue[] = [];
  return {
    add: (contents, value, timestampMs) => {
      if (contents === undefined) return [{ value, timestampMs }];
      (contents as TimestampedValue[]).push({ value, timestampMs });
      return contents;
    },
    merge: (a, b) => (a === undefined ? b : b === undefined ? a : [...(a as unknown[]), ...(b as unknown[])]),
    elements: (contents) => {
      before = evictor.evictBefore(contents as TimestampedValue[]);
      return before.map((e) => e.value);
    },
    left: () => [...evictor.evictAfter(before)],
    size: (contents) => (contents as unknown[]).length,
  };
}
