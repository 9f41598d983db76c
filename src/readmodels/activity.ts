// How busy the run was over time, in equal bins from 0 to the horizon: appended, acknowledged, and sent again or given up.
import { EVENT_NAMES } from '../../simulations/contract/events.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';

export const ACTIVITY_BINS = 200;

export interface ActivityBins {
  /** Records in each bin; bins after `upTo` are empty because they are not yet. */
  readonly appended: Float64Array;
  readonly acknowledged: Float64Array;
  readonly troubled: Float64Array;
  /** Bins that hold anything of the time up to the position. */
  readonly upTo: number;
}

export interface Activity {
  at(position: number): ActivityBins;
  extend(): void;
}

const APPEND = columns('kafka.append');
const ACKED = columns('producer.acknowledged');
const RETRIED = columns('producer.retried');
/** 1 = appended, 2 = acknowledged, 3 = sent again or given up, whose numbers of records stand in the same place. */
const KIND = Uint8Array.from(EVENT_NAMES, (name) => (name === 'kafka.append' ? 1 : name === 'producer.acknowledged' ? 2 : name === 'producer.retried' || name === 'producer.failed' ? 3 : 0));

export function createActivity(store: TraceStore, horizonUs: number): Activity {
  const width = Math.max(1, horizonUs / ACTIVITY_BINS);
  const full = bins();
  /** Position at which each bin begins. */
  const starts = new Int32Array(ACTIVITY_BINS + 1).fill(-1);
  let seen = 0;

  const binOf = (timeUs: number) => Math.min(ACTIVITY_BINS - 1, Math.floor(timeUs / width));

  function count(into: ReturnType<typeof bins>, bin: number, seq: number): void {
    const kind = KIND[store.typeNumberAt(seq)]!;
    if (kind === 0) return;
    if (kind === 1) {
      // What brokers write of groups and transactions is not what clients do.
      if (store.value(seq, APPEND.leader) === 1 && store.value(seq, APPEND.firstRecord) >= 0) into.appended[bin]! += store.value(seq, APPEND.records);
    } else if (kind === 2) into.acknowledged[bin]! += store.value(seq, ACKED.records);
    else into.troubled[bin]! += store.value(seq, RETRIED.records);
  }

  function extend(): void {
    for (; seen < store.count; seen++) {
      const bin = binOf(store.timeAt(seen));
      if (starts[bin] === -1) starts[bin] = seen;
      count(full, bin, seen);
    }
  }

  return {
    extend,
    at(position) {
      extend();
      const out = bins();
      if (position <= 0) return { ...out, upTo: 0 };
      const last = binOf(store.timeAt(position - 1));
      for (const row of ['appended', 'acknowledged', 'troubled'] as const) out[row].set(full[row].subarray(0, last));
      for (let seq = starts[last]!; seq >= 0 && seq < position; seq++) count(out, last, seq);
      return { ...out, upTo: last + 1 };
    },
  };
}

function bins() {
  return { appended: new Float64Array(ACTIVITY_BINS), acknowledged: new Float64Array(ACTIVITY_BINS), troubled: new Float64Array(ACTIVITY_BINS) };
}
