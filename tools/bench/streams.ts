// Windows against the same arithmetic over typed arrays: what the operator costs beyond the counting itself.
import { bareContext } from '../../simulations/streams/bareContext.ts';
import { TumblingEventTimeWindows, GlobalWindows } from '../../simulations/streams/windows/assigners.ts';
import { aggregating, reducing } from '../../simulations/streams/windows/contents.ts';
import { countTrigger, purgingTrigger } from '../../simulations/streams/windows/triggers.ts';
import { WindowOperator } from '../../simulations/streams/windows/windowOperator.ts';
import { cpuSeconds } from './measure.ts';

const KEYS = 10_000;
const WINDOW = 100;

/** Key of the n-th event. */
function keyOf(n: number): number {
  const x = Math.imul(n ^ (n >>> 13), 0x5bd1e995) >>> 0;
  return x % KEYS;
}

let sink = 0;

const context = () =>
  bareContext({
    output: {
      collect: (value) => {
        sink += value as number;
      },
    },
  });

/** @returns CPU seconds of a keyed tumbling count window of 100 over typed arrays. */
export function typedCountWindow(events: number): number {
  const count = new Int32Array(KEYS);
  const sum = new Float64Array(KEYS);
  return cpuSeconds(() => {
    for (let n = 0; n < events; n++) {
      const key = keyOf(n);
      sum[key] = sum[key]! + (n & 7);
      count[key] = count[key]! + 1;
      if (count[key] < WINDOW) continue;
      sink += sum[key]!;
      sum[key] = 0;
      count[key] = 0;
    }
  });
}

/** The same by the window operator: countWindow(100).reduce. */
export function countWindow(events: number): number {
  const operator = new WindowOperator({
    assigner: GlobalWindows.create(),
    trigger: purgingTrigger(countTrigger(WINDOW)),
    contents: reducing<number>((a, b) => a + b),
    apply: (_key, _context, values) => values,
    allowedLatenessMs: 0,
    lateTag: null,
  });
  operator.open(context());
  const record = { value: 0 as unknown, timestampMs: 0, key: 0, record: -1, cause: -1 };
  return cpuSeconds(() => {
    for (let n = 0; n < events; n++) {
      record.value = n & 7;
      record.key = keyOf(n);
      operator.element(record);
    }
  });
}

const SIZE_MS = 1_000;
/** Events come up to this much out of order, and time passes 1 ms every so many events. */
const DISORDER_MS = 200;
const PER_MS = 50;

function timeOf(n: number): number {
  return Math.max(0, Math.floor(n / PER_MS) - (Math.imul(n, 0x9e3779b1) >>> 24));
}

/** @returns CPU seconds of a keyed tumbling time window over typed arrays: two windows at a time, and a list of the keys of each. */
export function typedTimeWindow(events: number): number {
  const sums = [new Float64Array(KEYS), new Float64Array(KEYS)] as const;
  const marks = [new Int32Array(KEYS).fill(-1), new Int32Array(KEYS).fill(-1)] as const;
  const dirty = [new Int32Array(KEYS), new Int32Array(KEYS)] as const;
  const dirtyCount = [0, 0];
  const windowOf = [0, 1];
  return cpuSeconds(() => {
    let highest = 0;
    for (let n = 0; n < events; n++) {
      const key = keyOf(n);
      const at = timeOf(n);
      const window = Math.floor(at / SIZE_MS);
      const pane = window & 1;
      if (windowOf[pane] === window) {
        if (marks[pane]![key] !== window) {
          marks[pane]![key] = window;
          dirty[pane]![dirtyCount[pane]!++] = key;
          sums[pane]![key] = 0;
        }
        sums[pane]![key] = sums[pane]![key]! + (n & 7);
      }
      if (at > highest) highest = at;
      if (n % PER_MS !== 0) continue;
      const watermark = highest - DISORDER_MS - 1;
      for (let p = 0; p < 2; p++) {
        if ((windowOf[p]! + 1) * SIZE_MS - 1 > watermark) continue;
        for (let i = 0; i < dirtyCount[p]!; i++) sink += sums[p]![dirty[p]![i]!]!;
        dirtyCount[p] = 0;
        windowOf[p] = windowOf[p]! + 2;
      }
    }
  });
}

/** The same by the window operator: tumbling event-time windows with an aggregate and allowed lateness. */
export function timeWindow(events: number): number {
  const operator = new WindowOperator({
    assigner: TumblingEventTimeWindows.of(SIZE_MS),
    trigger: null,
    contents: aggregating<number, { sum: number }, number>({
      createAccumulator: () => ({ sum: 0 }),
      add: (value, a) => {
        a.sum += value;
        return a;
      },
      getResult: (a) => a.sum,
    }),
    apply: (_key, _context, values) => values,
    allowedLatenessMs: 100,
    lateTag: null,
  });
  operator.open(context());
  const record = { value: 0 as unknown, timestampMs: 0, key: 0, record: -1, cause: -1 };
  return cpuSeconds(() => {
    let highest = 0;
    for (let n = 0; n < events; n++) {
      record.value = n & 7;
      record.key = keyOf(n);
      record.timestampMs = timeOf(n);
      operator.element(record);
      if (record.timestampMs > highest) highest = record.timestampMs;
      if (n % PER_MS === 0) operator.watermark(highest - DISORDER_MS - 1);
    }
  });
}
