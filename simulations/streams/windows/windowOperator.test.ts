import { describe, expect, it } from 'vitest';
import { drawInt, drawKey } from '../../kernel/draws.ts';
import type { Key } from '../keyGroups.ts';
import { bareContext } from '../bareContext.ts';
import { MAX_TIME } from '../time.ts';
import { CumulativeEventTimeWindows, EventTimeSessionWindows, GlobalWindows, SlidingEventTimeWindows, TumblingEventTimeWindows, type WindowAssigner } from './assigners.ts';
import { aggregating, listing, reducing, type WindowContents } from './contents.ts';
import { cellsOf, KeyTable, newCell } from './cells.ts';
import {
  continuousEventTimeTrigger,
  continuousProcessingTimeTrigger,
  countTrigger,
  eventTimeTrigger,
  processingTimeoutTrigger,
  processingTimeTrigger,
  purgingTrigger,
  type Trigger,
} from './triggers.ts';
import { windowText, type Window } from './window.ts';
import { WindowOperator } from './windowOperator.ts';

interface Event {
  readonly key: Key;
  readonly value: number;
  readonly atMs: number;
}

const sum: WindowContents = aggregating<Event, { total: number }, number>({
  createAccumulator: () => ({ total: 0 }),
  add: (e, a) => ({ total: a.total + e.value }),
  getResult: (a) => a.total,
  merge: (a, b) => ({ total: a.total + b.total }),
});

function operatorOf(assigner: WindowAssigner, contents: WindowContents, allowedLatenessMs: number) {
  /** The last result of each key and window: later ones replace earlier ones. */
  const last = new Map<string, unknown>();
  const fired: { key: Key; window: Window }[] = [];
  const context = bareContext({
    output: { collect: (made) => void last.set((made as [string, unknown])[0], (made as [string, unknown])[1]) },
    observer: { windowFired: (key, window) => void fired.push({ key: key!, window }) },
  });
  const open = () => {
    const operator = new WindowOperator({
      assigner,
      trigger: null,
      contents,
      apply: (key, { window }, values) => [[`${key} ${windowText(window)}`, contents === sum ? values[0] : values.reduce<number>((n, v) => n + (v as Event).value, 0)]],
      allowedLatenessMs,
      lateTag: null,
    });
    operator.open(context);
    return operator;
  };
  return { open, last, fired };
}

const ASSIGNERS: readonly [string, () => WindowAssigner][] = [
  ['tumbling', () => TumblingEventTimeWindows.of(50)],
  ['sliding', () => SlidingEventTimeWindows.of(60, 20)],
  ['cumulating', () => CumulativeEventTimeWindows.of(60, 15)],
  ['sessions', () => EventTimeSessionWindows.withGap(12)],
];

/** Events with drawn keys and times; no two of a key at the same time. */
function drawn(seed: number, n: number): Event[] {
  const key = drawKey(seed, 'events');
  const taken = new Set<string>();
  return Array.from({ length: n }, (_, i) => ({ key: `k${drawInt(key, 3 * i, 3)}`, value: 1 + drawInt(key, 3 * i + 1, 100), atMs: drawInt(key, 3 * i + 2, 600) })).filter((e) => {
    const id = `${e.key}@${e.atMs}`;
    return !taken.has(id) && taken.add(id);
  });
}

/** The same events in an order in which none comes more than `lateMs` of event time behind a later one. */
function disordered(events: readonly Event[], seed: number, lateMs: number): Event[] {
  const key = drawKey(seed, 'order');
  return events
    .map((e, i) => ({ e, due: e.atMs + drawInt(key, i, lateMs + 1) }))
    .toSorted((a, b) => a.due - b.due)
    .map(({ e }) => e);
}

/** Feeds events, the watermark as far as the highest time allows. */
function feed(assigner: WindowAssigner, contents: WindowContents, events: readonly Event[], options: { delayMs: number; latenessMs: number; snapshotAt?: number }) {
  const { open, last, fired } = operatorOf(assigner, contents, options.latenessMs);
  let operator = open();
  let highest = 0;
  let dropped = 0;
  events.forEach((e, i) => {
    if (options.snapshotAt === i) {
      dropped += operator.lateDropped;
      const state = operator.snapshot();
      operator = open();
      operator.restore(state);
    }
    operator.element({ value: e, timestampMs: e.atMs, key: e.key, record: -1, cause: -1 });
    highest = Math.max(highest, e.atMs);
    operator.watermark(highest - options.delayMs - 1);
  });
  operator.watermark(MAX_TIME);
  return { last, fired, dropped: dropped + operator.lateDropped, state: operator.snapshot() };
}

describe.each(ASSIGNERS)('%s windows', (_, assigner) => {
  it('give results that do not depend on the order of arrival within the allowed lateness: 200 streams', () => {
    for (let seed = 0; seed < 200; seed++) {
      const events = drawn(seed, 60);
      // One less than is allowed: a session that an event only touches is cleaned up one millisecond before that event would be late by itself.
      const lateMs = 5 + (seed % 40);
      const ordered = feed(
        assigner(),
        sum,
        events.toSorted((a, b) => a.atMs - b.atMs),
        { delayMs: 700, latenessMs: 0 },
      );
      for (const delayMs of [0, Math.floor(lateMs / 2), lateMs]) {
        const late = feed(assigner(), sum, disordered(events, seed, lateMs - 1), { delayMs, latenessMs: lateMs - delayMs });
        expect(late.dropped, `seed ${seed}`).toBe(0);
        expect(relevant(late.last, ordered.last), `seed ${seed}`).toEqual(sorted(ordered.last));
      }
    }
  });

  it('give the same with an accumulator as with every element kept', () => {
    for (let seed = 0; seed < 50; seed++) {
      const events = disordered(drawn(seed, 60), seed, 30);
      expect(sorted(feed(assigner(), sum, events, { delayMs: 15, latenessMs: 15 }).last)).toEqual(sorted(feed(assigner(), listing(null), events, { delayMs: 15, latenessMs: 15 }).last));
    }
  });

  it('go on after a restore as if nothing had been', () => {
    for (let seed = 0; seed < 50; seed++) {
      const events = disordered(drawn(seed, 60), seed, 20);
      const whole = feed(assigner(), sum, events, { delayMs: 20, latenessMs: 0 });
      const restored = feed(assigner(), sum, events, { delayMs: 20, latenessMs: 0, snapshotAt: seed % events.length });
      expect(sorted(restored.last)).toEqual(sorted(whole.last));
    }
  });

  it('leave nothing behind when time has passed', () => {
    expect(feed(assigner(), sum, drawn(1, 60), { delayMs: 600, latenessMs: 10 }).state.keyed).toEqual([]);
  });
});

const sorted = (results: ReadonlyMap<string, unknown>) => [...results].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** A session that later grew has fired under its former bounds too, and nothing takes that back: only windows that the ordered stream has are compared. */
function relevant(results: ReadonlyMap<string, unknown>, as: ReadonlyMap<string, unknown>) {
  return sorted(new Map([...results].filter(([id]) => as.has(id))));
}

describe('triggers that the operator carries out itself', () => {
  const plain = (trigger: Trigger): Trigger => {
    const { known, ...rest } = trigger;
    expect(known).toBeDefined();
    return rest;
  };
  const pairs: readonly [string, () => WindowAssigner, () => Trigger][] = [
    ...ASSIGNERS.map(([name, make]) => [`event time, ${name}`, make, eventTimeTrigger] as [string, () => WindowAssigner, () => Trigger]),
    ['count, tumbling', () => TumblingEventTimeWindows.of(50), () => countTrigger(3)],
    ['purging count, sliding', () => SlidingEventTimeWindows.of(60, 20), () => purgingTrigger(countTrigger(2))],
    ['purging count, global', () => GlobalWindows.create(), () => purgingTrigger(countTrigger(4))],
    ['count, global', () => GlobalWindows.create(), () => countTrigger(4)],
  ];
  it.each(pairs)('do what their methods say: %s', (_, assigner, trigger) => {
    for (let seed = 0; seed < 60; seed++) {
      const events = disordered(drawn(seed, 80), seed, 40);
      const logs = [trigger(), plain(trigger())].map((of) => {
        const log: unknown[] = [];
        const make = () => {
          const operator = new WindowOperator({
            assigner: assigner(),
            trigger: of,
            contents: listing(null),
            apply: (key, { window }, values) => [[key, windowText(window), values.length]],
            allowedLatenessMs: 15,
            lateTag: 'late',
          });
          operator.open(bareContext({ output: { collect: (v) => void log.push(JSON.stringify(v)), side: (tag, v) => void log.push(JSON.stringify([tag, v])) } }));
          return operator;
        };
        let operator = make();
        let highest = 0;
        events.forEach((e, i) => {
          if (i === 30 + (seed % 20)) {
            const state = operator.snapshot();
            operator = make();
            operator.restore(state);
          }
          operator.element({ value: e, timestampMs: e.atMs, key: e.key, record: -1, cause: -1 });
          highest = Math.max(highest, e.atMs);
          // What fires at one watermark fires in an order of its own.
          const before = log.length;
          operator.watermark(highest - 20);
          log.push(...log.splice(before).toSorted());
        });
        operator.watermark(MAX_TIME);
        return [...log.slice(0, -20), ...log.slice(-20).toSorted()];
      });
      expect(logs[0], `seed ${seed}`).toEqual(logs[1]);
    }
  });
});

describe('what a window function keeps', () => {
  it('is its own for each window, and shared by all windows of a key where it says so', () => {
    const results: unknown[] = [];
    const operator = new WindowOperator({
      assigner: TumblingEventTimeWindows.of(10),
      trigger: null,
      contents: reducing<number>((a, b) => a + b),
      apply: (_key, { windowState, globalState }, [value]) => {
        windowState['fired'] = ((windowState['fired'] as number | undefined) ?? 0) + 1;
        globalState['fired'] = ((globalState['fired'] as number | undefined) ?? 0) + 1;
        return [[value, windowState['fired'], globalState['fired']]];
      },
      allowedLatenessMs: 5,
      lateTag: null,
    });
    operator.open(bareContext({ output: { collect: (v) => void results.push(v) } }));
    const element = (value: number, timestampMs: number) => operator.element({ value, timestampMs, key: 'a', record: -1, cause: -1 });
    element(1, 1);
    operator.watermark(9);
    element(2, 2);
    element(5, 11);
    operator.watermark(30);
    expect(results).toEqual([
      [1, 1, 1],
      [3, 2, 2],
      [5, 1, 3],
    ]);
  });
});

describe('triggers that fire at the end of a window', () => {
  it('are refused on the global one, inside others too', () => {
    const on = (trigger: Trigger) => () => new WindowOperator({ assigner: GlobalWindows.create(), trigger, contents: listing(null), apply: () => [], allowedLatenessMs: 0, lateTag: null });
    for (const trigger of [eventTimeTrigger(), processingTimeTrigger(), purgingTrigger(eventTimeTrigger()), processingTimeoutTrigger(processingTimeTrigger(), { timeoutMs: 5 })])
      expect(on(trigger)).toThrow(/global window has no end/);
    for (const trigger of [countTrigger(2), purgingTrigger(countTrigger(2)), continuousEventTimeTrigger(5)]) expect(on(trigger)).not.toThrow();
  });
});

describe('continuous triggers', () => {
  const fired = (trigger: Trigger, assigner: WindowAssigner, drive: (operator: WindowOperator, clock: (toMs: number) => void) => void) => {
    let nowMs = 0;
    const times: string[] = [];
    const operator = new WindowOperator({
      assigner,
      trigger,
      contents: listing(null),
      apply: (key, { window }, elements) => [`${key} ${windowText(window)} ${elements.length}`],
      allowedLatenessMs: 0,
      lateTag: null,
    });
    operator.open(bareContext({ output: { collect: (v) => void times.push(v as string) }, currentProcessingTime: () => nowMs }));
    drive(operator, (toMs) => {
      nowMs = toMs;
      operator.processingTime(toMs);
    });
    return times;
  };
  const element = { value: 1, timestampMs: 0, key: 'b', record: -1, cause: -1 };

  it('by the clock on windows of event time: the last firing is at the end of the window, once', () => {
    const times = fired(continuousProcessingTimeTrigger(2), TumblingEventTimeWindows.of(10), (operator, clock) => {
      operator.element(element);
      clock(3);
      clock(11);
      clock(30);
    });
    expect(times).toHaveLength(5);
  });

  it('on the global window have no end when the data ends: the task fails instead of firing for ever', () => {
    expect(() =>
      fired(continuousEventTimeTrigger(5), GlobalWindows.create(), (operator) => {
        operator.element(element);
        operator.watermark(20);
        operator.watermark(MAX_TIME);
      }),
    ).toThrow(/set itself again 10000 times/);
  });
});

describe('staggered windows', () => {
  const startsOf = (assigner: WindowAssigner, drawn: number, nowMs: number) => {
    const starts: number[] = [];
    const operator = new WindowOperator({ assigner, trigger: null, contents: listing(null), apply: (_, { window }) => [window.startMs], allowedLatenessMs: 0, lateTag: null });
    operator.open(bareContext({ output: { collect: (v) => void starts.push(v as number) }, draw: () => drawn, currentProcessingTime: () => nowMs }));
    for (const timestampMs of [5, 105]) operator.element({ value: 1, timestampMs, key: 'a', record: -1, cause: -1 });
    operator.watermark(MAX_TIME);
    return starts;
  };

  it('are shifted for each subtask by itself, though all have one assigner', () => {
    const random = TumblingEventTimeWindows.of<unknown>(100, 0, 'RANDOM');
    expect(startsOf(random, 30, 0)).toEqual([-70, 30]);
    expect(startsOf(random, 250, 0)).toEqual([-50, 50]);
    const natural = TumblingEventTimeWindows.of<unknown>(100, 0, 'NATURAL');
    expect(startsOf(natural, 0, 1_240)).toEqual([-60, 40]);
    expect(startsOf(natural, 0, 1_201)).toEqual([1, 101]);
  });
});

describe('the table of keys', () => {
  it('forgets keys without windows, and finds all others, whatever they are', () => {
    const table = new KeyTable();
    const odd: Key[] = [-1, 0.5, 1e9, 'a', 7];
    for (const key of odd) newCell(table.of(key), { startMs: 0, endMs: 1 });
    const many = Array.from({ length: 3_000 }, (_, i): Key => (i % 3 === 0 ? -2 - i : i % 3 === 1 ? i + 70_000 : `k${i}`));
    for (const key of many) {
      table.of(key);
      table.emptied();
    }
    expect(table.snapshot().map((e) => e.key)).toEqual(odd);
    for (const key of odd) expect(cellsOf(table.of(key))).toHaveLength(1);
    expect(Object.keys(table['dense']).every((index) => Number(index) >= 0 && Number(index) < 65_536)).toBe(true);
  });
});
