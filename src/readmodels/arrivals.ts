// Records as they came to the operators that keep state: in order of arrival, with their event time, and which of them came too late.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';

/** How a record that came too late ended. */
export const LATE = { no: 0, dropped: 1, kept: 2 } as const;

export interface Arrivals {
  /** `operator.received` events, ascending. */
  readonly seqs: readonly number[];
  /** Event times, ms. */
  readonly times: readonly number[];
  /** The latest event time up to each. */
  readonly latest: readonly number[];
  /** How many there are before a position. */
  count(position: number): number;
  /** One of `LATE`, for the n-th. */
  late(n: number, position: number): number;
}

export interface ArrivalsOf {
  /** null while nothing has come to it. */
  of(job: string, operator: string): Arrivals | null;
  extend(): void;
}

interface List {
  readonly seqs: number[];
  readonly times: number[];
  readonly latest: number[];
  /** By place in the list, the `operator.late` event. */
  readonly lates: Map<number, number>;
}

const RECEIVED = columns('operator.received');
const LATER = columns('operator.late');
/** A record is told to be late in the event behind its arrival, or a few behind it where others are worked on at once. */
const LOOK_BACK = 64;

export function createArrivals(store: TraceStore): ArrivalsOf {
  const lists = new Map<string, List>();
  let seen = 0;

  const idOf = (seq: number) => `${store.texts[store.value(seq, RECEIVED.job)]}/${store.texts[store.value(seq, RECEIVED.operator)]}`;

  function extend(): void {
    for (; seen < store.count; seen++) {
      const type = store.typeNumberAt(seen);
      if (type === TYPE_OF['operator.received']) {
        const id = idOf(seen);
        let list = lists.get(id);
        if (!list) lists.set(id, (list = { seqs: [], times: [], latest: [], lates: new Map() }));
        const time = store.value(seen, RECEIVED.timestampMs);
        list.seqs.push(seen);
        list.times.push(time);
        list.latest.push(Math.max(time, list.latest.at(-1) ?? time));
      } else if (type === TYPE_OF['operator.late']) {
        const list = lists.get(idOf(seen));
        if (list) markLate(list, seen);
      }
    }
  }

  function markLate(list: List, seq: number): void {
    const time = store.value(seq, LATER.timestampMs);
    const record = store.value(seq, LATER.record);
    for (let n = list.seqs.length - 1; n >= Math.max(0, list.seqs.length - LOOK_BACK); n--) {
      if (list.times[n] !== time || store.value(list.seqs[n]!, RECEIVED.record) !== record || list.lates.has(n)) continue;
      list.lates.set(n, seq);
      return;
    }
  }

  return {
    extend,
    of(job, operator) {
      extend();
      const list = lists.get(`${job}/${operator}`);
      return list
        ? {
            seqs: list.seqs,
            times: list.times,
            latest: list.latest,
            count: (position) => countBefore(list.seqs, position),
            late(n, position) {
              const seq = list.lates.get(n);
              return seq === undefined || seq >= position ? LATE.no : store.value(seq, LATER.kept) === 1 ? LATE.kept : LATE.dropped;
            },
          }
        : null;
    },
  };
}

/** How many of an ascending list are smaller than a value. */
export function countBefore(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (list[mid]! < value) low = mid + 1;
    else high = mid;
  }
  return low;
}
