// Sorting with a comparator, done by one algorithm in every engine: how often and in which order a comparator is called, and what comes of
// one that contradicts itself (`() => Math.random() - 0.5`), would otherwise depend on the engine. A stable bottom-up merge sort.

/** Sorts in place. @param compare negative when the first comes first. */
export function mergeSort<T>(list: T[], compare: (a: T, b: T) => number): void {
  let from = list;
  let to: T[] = list.slice();
  const n = list.length;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) merge(from, to, start, Math.min(start + width, n), Math.min(start + 2 * width, n), compare);
    const sorted = to;
    to = from;
    from = sorted;
  }
  if (from !== list) for (let i = 0; i < n; i++) list[i] = from[i]!;
}

function merge<T>(from: readonly T[], to: T[], start: number, middle: number, end: number, compare: (a: T, b: T) => number): void {
  let i = start;
  let j = middle;
  for (let k = start; k < end; k++) {
    if (i < middle && (j >= end || !(compare(from[i]!, from[j]!) > 0))) to[k] = from[i++]!;
    else to[k] = from[j++]!;
  }
}

type Compare = ((a: unknown, b: unknown) => number) | undefined;

/** Replaces `sort` and `toSorted` of arrays and typed arrays where a comparator is given. */
export function sortAlike(): void {
  const TypedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
  for (const proto of [Array.prototype, TypedArray] as { sort: (compare?: Compare) => unknown; toSorted?: unknown }[]) {
    const native = proto.sort;
    const sort = function (this: ArrayLike<unknown>, compare?: Compare): unknown {
      if (typeof compare !== 'function') return Reflect.apply(native, this, [compare]);
      const present: unknown[] = [];
      let absent = 0;
      for (let i = 0; i < this.length; i++) {
        // Undefined sorts last without being compared; holes after it (ECMA-262, SortIndexedProperties).
        if (!(i in this)) continue;
        if (this[i] === undefined) absent++;
        else present.push(this[i]);
      }
      mergeSort(present, (a, b) => Number(compare(a, b)));
      const out = this as unknown[];
      const { length } = this;
      for (let i = 0; i < length; i++) {
        if (i < present.length) out[i] = present[i];
        else if (i < present.length + absent) out[i] = undefined;
        else delete out[i];
      }
      return this;
    };
    Object.defineProperty(proto, 'sort', { value: sort, writable: true, configurable: true, enumerable: false });
    if (proto.toSorted === undefined) continue;
    const copying = function (this: ArrayLike<unknown>, compare?: Compare): unknown {
      const copy = Array.isArray(this) ? Array.from(this) : (this as unknown as Uint8Array).slice();
      return (copy as unknown[]).sort(compare);
    };
    Object.defineProperty(proto, 'toSorted', { value: copying, writable: true, configurable: true, enumerable: false });
  }
}
