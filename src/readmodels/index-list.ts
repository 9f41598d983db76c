// Sequence numbers of the events that pass a test, grown with the trace and cut at a position: nothing past it is found or counted.
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';

export interface IndexList {
  /** How many stand before a position. */
  count(position: number): number;
  /** Sequence number of the n-th. */
  at(n: number): number;
  /** First at or after `from` and before `limit`; -1 when there is none. */
  next(from: number, limit: number): number;
  /** Last before `position`; -1 when there is none. */
  before(position: number): number;
  /** Looks at what has come into the trace since, at most `most` events and none at or after `limit`. @returns whether it has caught up. */
  extend(most?: number, limit?: number): boolean;
}

export function createIndexList(store: TraceStore, passes: (store: TraceStore, seq: number) => boolean): IndexList {
  let seqs = new Int32Array(256);
  let length = 0;
  let seen = 0;

  function extend(most = Infinity, limit = Infinity): boolean {
    const end = Math.min(store.count, limit);
    const stop = Math.min(end, seen + most);
    for (; seen < stop; seen++) {
      if (!passes(store, seen)) continue;
      if (length === seqs.length) {
        const grown = new Int32Array(length * 2);
        grown.set(seqs);
        seqs = grown;
      }
      seqs[length++] = seen;
    }
    return seen >= end;
  }

  function count(position: number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (seqs[mid]! < position) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  return {
    count,
    at: (n) => seqs[n] ?? -1,
    next(from, limit) {
      const n = count(from);
      return n < length && seqs[n]! < limit ? seqs[n]! : -1;
    },
    before: (position) => (count(position) > 0 ? seqs[count(position) - 1]! : -1),
    extend,
  };
}
