import { describe, expect, it } from 'vitest';
import { drawInt, drawKey } from '../../kernel/draws.ts';
import type { Key } from '../keyGroups.ts';
import { bareContext } from '../bareContext.ts';
import type { StreamOperator } from '../operator.ts';
import type { ValueState, MapState, ListState } from '../state/keyedState.ts';
import { MAX_TIME, MIN_TIME } from '../time.ts';
import { WatermarkStrategy } from '../watermarks/generators.ts';
import { AsyncWaitOperator, type AsyncSpec } from './asyncWaitOperator.ts';
import { intervalJoin } from './intervalJoin.ts';
import { KeyedProcessOperator, type AnyKeyedFunction } from './keyedProcessOperator.ts';
import { TimestampsOperator } from './timestampsOperator.ts';

/** Runs one operator, and owns its clock. */
class Harness {
  nowMs = 0;
  readonly log: string[] = [];
  failed = '';
  private wakeAtMs = Infinity;
  operator: StreamOperator;
  private readonly make: () => StreamOperator;

  constructor(make: () => StreamOperator) {
    this.make = make;
    this.operator = this.opened();
  }

  private opened(): StreamOperator {
    const context = bareContext({
      output: {
        collect: (value, timestampMs) => void this.log.push(`${String(value)}@${timestampMs}`),
        side: (tag, value, timestampMs) => void this.log.push(`${tag}:${String(value)}@${timestampMs}`),
        watermark: (timeMs) => void this.log.push(`w${timeMs}`),
        status: (active) => void this.log.push(active ? 'active' : 'idle'),
      },
      currentProcessingTime: () => this.nowMs,
      wakeAt: (timeMs) => (this.wakeAtMs = Math.min(this.wakeAtMs, timeMs)),
      fail: (reason) => (this.failed = reason),
    });
    const operator = this.make();
    operator.open(context);
    return operator;
  }

  element(value: unknown, timestampMs: number, key: Key = 'k', input = 0): void {
    this.operator.element({ value, timestampMs, key, record: -1, cause: -1 }, input);
  }

  watermark(timeMs: number): void {
    this.operator.watermark(timeMs);
  }

  clock(toMs: number): void {
    while (this.wakeAtMs <= toMs) {
      this.nowMs = this.wakeAtMs;
      this.wakeAtMs = Infinity;
      this.operator.processingTime(this.nowMs);
    }
    this.nowMs = toMs;
  }

  restart(): void {
    const state = this.operator.snapshot(1);
    this.operator = this.opened();
    this.operator.restore(state);
  }

  take(): string[] {
    return this.log.splice(0);
  }
}

const keyed = (fn: () => AnyKeyedFunction) => new Harness(() => new KeyedProcessOperator(fn()));

describe('an interval join', () => {
  const join = (lowerMs: number, upperMs: number, lateTags: readonly [string | null, string | null] = [null, null]) =>
    keyed(() => intervalJoin<string, string, string>({ lowerMs, upperMs, join: (a, b, out) => out.collect(`${a}${b}`), lateTags }));

  it('finds exactly the pairs whose times fit, whatever order they come in: 300 streams', () => {
    for (let seed = 0; seed < 300; seed++) {
      const draws = drawKey(seed, 'join');
      const lowerMs = drawInt(draws, 0, 30) - 20;
      const upperMs = lowerMs + drawInt(draws, 1, 30);
      const h = join(lowerMs, upperMs);
      const sides: [string, number][][] = [[], []];
      for (let i = 0; i < 20; i++) {
        const side = drawInt(draws, 10 + 2 * i, 2);
        const atMs = drawInt(draws, 11 + 2 * i, 60);
        const name = `${side === 0 ? 'a' : 'b'}${i}`;
        sides[side]!.push([name, atMs]);
        h.element(name, atMs, 'k', side);
      }
      const expected = sides[0]!.flatMap(([a, at]) => sides[1]!.flatMap(([b, bt]) => (bt - at >= lowerMs && bt - at <= upperMs ? [`${a}${b}@${Math.max(at, bt)}`] : [])));
      expect(h.take().toSorted(), `seed ${seed}`).toEqual(expected.toSorted());
    }
  });

  it('forgets what can no longer match', () => {
    const h = join(-5, 10);
    h.element('a', 20);
    h.element('b', 100, 'k', 1);
    expect(h.operator.snapshot(1).keyed).toHaveLength(1);
    h.watermark(MAX_TIME);
    expect(h.operator.snapshot(1).keyed).toEqual([]);
  });

  it('puts late records aside', () => {
    const h = join(0, 5, ['late', null]);
    h.watermark(50);
    h.element('a', 49);
    h.element('c', 50);
    h.element('b', 49, 'k', 1);
    expect(h.take()).toEqual(['w50', 'late:a@49']);
    expect(h.operator.lateDropped).toBe(1);
  });

  it('wants its bounds the right way round', () => expect(() => join(5, 0)).toThrow(/lower bound/));
});

describe('an async lookup', () => {
  const lookup = (ordered: boolean, more: Partial<AsyncSpec> = {}) =>
    new Harness(() => new AsyncWaitOperator({ ask: (value) => ({ results: [`r${String(value)}`], afterMs: Number(value) }), ordered, capacity: 10, timeoutMs: 100, onTimeout: null, ...more }));

  it('keeps the order of the records where it is to', () => {
    const h = lookup(true);
    for (const ms of [30, 10, 20]) h.element(ms, 1);
    h.clock(20);
    expect(h.take()).toEqual([]);
    h.clock(30);
    expect(h.take()).toEqual(['r30@1', 'r10@1', 'r20@1']);
  });

  it('lets answers overtake each other else, but never a watermark', () => {
    const h = lookup(false);
    h.element(30, 1);
    h.element(10, 2);
    h.watermark(2);
    h.element(5, 3);
    h.clock(10);
    expect(h.take()).toEqual(['r10@2']);
    h.clock(30);
    expect(h.take()).toEqual(['r30@1', 'w2', 'r5@3']);
  });

  it('takes no more than its capacity', () => {
    const h = lookup(true, { capacity: 2 });
    h.element(10, 1);
    expect(h.operator.full).toBe(false);
    h.element(10, 2);
    expect(h.operator.full).toBe(true);
    h.element(10, 3);
    h.clock(10);
    expect(h.take()).toEqual(['r10@1', 'r10@2']);
    h.clock(20);
    expect(h.take()).toEqual(['r10@3']);
    expect(h.operator.pending).toBe(false);
  });

  it('fails the task at a time-out, or answers as it was told', () => {
    const failing = lookup(true);
    failing.element(500, 1);
    failing.clock(100);
    expect(failing.failed).toBe('TimeoutException');
    const patient = lookup(true, { onTimeout: () => ['unknown'] });
    patient.element(500, 1);
    patient.clock(100);
    expect(patient.take()).toEqual(['unknown@1']);
  });

  it('asks again after a restore', () => {
    const h = lookup(true);
    h.element(30, 1);
    h.clock(20);
    h.restart();
    h.clock(49);
    expect(h.take()).toEqual([]);
    h.clock(50);
    expect(h.take()).toEqual(['r30@1']);
  });
});

describe('timers', () => {
  it('of the clock tell their time, and side outputs bear it; results bear none', () => {
    const h = keyed(() => ({
      inputs: [
        (_, context) => {
          context.timerService().registerEventTimeTimer(30);
          context.timerService().registerProcessingTimeTimer(40);
        },
      ],
      onTimer: (timeMs, context, out) => {
        out.collect(`${context.timeDomain()} ${timeMs} ${context.timestamp()}`);
        context.output('aside', context.timestamp());
      },
    }));
    h.element('x', 5);
    h.watermark(30);
    h.clock(40);
    expect(h.take()).toEqual(['EVENT_TIME 30 30@30', 'aside:30@30', 'w30', `PROCESSING_TIME 40 40@${MIN_TIME}`, 'aside:40@40']);
  });

  const echo = () =>
    keyed(() => ({
      inputs: [
        (value, context) => {
          const [domain, time] = String(value).split(' ');
          const timers = context.timerService();
          if (domain === 'event') timers.registerEventTimeTimer(Number(time));
          else if (domain === 'clock') timers.registerProcessingTimeTimer(Number(time));
          else timers.deleteEventTimeTimer(Number(time));
        },
      ],
      onTimer: (timeMs, context, out) => {
        out.collect(`${String(context.getCurrentKey())} ${context.timeDomain()} ${timeMs}`);
        if (timeMs === 7) context.timerService().registerEventTimeTimer(8);
      },
    }));

  it('fire once for a key and time, in order, those too that come to be due meanwhile', () => {
    const h = echo();
    h.element('event 9', 0, 'a');
    h.element('event 7', 0, 'b');
    h.element('event 7', 0, 'b');
    h.watermark(9);
    expect(h.take().map((l) => l.split('@')[0])).toEqual(['b EVENT_TIME 7', 'b EVENT_TIME 8', 'a EVENT_TIME 9', 'w9']);
  });

  it('in the past fire at the next watermark, not at once', () => {
    const h = echo();
    h.watermark(50);
    h.element('event 10', 60, 'a');
    expect(h.take()).toEqual(['w50']);
    h.watermark(51);
    expect(h.take()[0]).toContain('a EVENT_TIME 10');
  });

  it('are deleted, and survive a restore; what came due by the clock meanwhile fires then', () => {
    const h = echo();
    h.element('event 5', 0, 'a');
    h.element('delete 5', 0, 'a');
    h.element('event 6', 0, 'b');
    h.element('clock 30', 0, 'c');
    h.restart();
    h.watermark(6);
    expect(h.take().map((l) => l.split('@')[0])).toEqual(['b EVENT_TIME 6', 'w6']);
    h.clock(100);
    expect(h.take()[0]).toContain('c PROCESSING_TIME 30');
  });
});

describe('state', () => {
  it('belongs to the key, and is forgotten with its time to live', () => {
    let value!: ValueState<number>;
    let list!: ListState<number>;
    let map!: MapState<number>;
    const h = keyed(() => ({
      open: ({ states }) => {
        value = states.valueState('value', { ttlMs: 100 });
        list = states.listState('list', { ttlMs: 100 });
        map = states.mapState('map', { ttlMs: 100, update: 'OnReadAndWrite' });
      },
      inputs: [
        (given, _, out) => {
          const n = Number(given);
          if (n > 0) {
            value.update((value.value() ?? 0) + n);
            list.add(n);
            map.put('n', n);
          }
          out.collect(`${value.value() ?? '-'} ${list.get().join('+')} ${map.get('n') ?? '-'}`);
        },
      ],
    }));
    const said = (n: number, key: string) => {
      h.element(n, 0, key);
      return h.take()[0]!.split('@')[0];
    };
    expect([said(1, 'a'), said(2, 'b'), said(3, 'a')]).toEqual(['1 1 1', '2 2 2', '4 1+3 3']);
    h.clock(60);
    // Reading keeps the map alive, and nothing else.
    expect(said(0, 'a')).toBe('4 1+3 3');
    h.clock(120);
    expect(said(0, 'a')).toBe('-  3');
    h.clock(300);
    expect(said(0, 'a')).toBe('-  -');
  });

  it('is none once its last entry is gone or was only looked for: the key is forgotten', () => {
    let map!: MapState<number>;
    let list!: ListState<number>;
    const h = keyed(() => ({
      open: ({ states }) => {
        map = states.mapState('map', { ttlMs: 100 });
        list = states.listState('list', { ttlMs: 100 });
      },
      inputs: [
        (given) => {
          if (given === 'look') void [map.get('x'), map.has('x'), map.isEmpty(), map.entries(), list.get()];
          else if (given === 'put') map.put('x', 1);
          else if (given === 'remove') map.remove('x');
          else if (given === 'add') list.add(1);
          else list.update([]);
        },
      ],
    }));
    const keysAfter = (given: string) => {
      h.element(given, 0);
      return h.operator.snapshot(1).keyed.length;
    };
    expect(['look', 'put', 'remove', 'add', 'empty', 'put', 'add'].map(keysAfter)).toEqual([0, 1, 0, 1, 0, 1, 1]);
    // What has expired goes when it is read.
    h.clock(100);
    expect(keysAfter('look')).toBe(0);
  });

  it('must be plain data', () => {
    const h = keyed(() => {
      let state: ValueState<unknown>;
      return { open: ({ states }) => (state = states.valueState('s')), inputs: [() => state.update(new (class Odd {})())] };
    });
    h.element(1, 0);
    expect(() => h.operator.snapshot(1)).toThrow(/plain data.*Odd/);
  });
});

describe('timestamps given in the middle of a job', () => {
  it('come with watermarks of their own; those from upstream end here, but for the last', () => {
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<number>(5).withTimestampAssigner((v) => v);
    const h = new Harness(() => new TimestampsOperator(strategy as WatermarkStrategy<unknown>, 10));
    h.element(20, 0);
    h.watermark(100);
    h.clock(10);
    h.element(15, 0);
    h.clock(20);
    h.watermark(MAX_TIME);
    expect(h.take()).toEqual(['20@20', 'w14', '15@15', 'wInfinity']);
  });

  it('are idle when nothing comes, whatever upstream says of itself, and active again with the next watermark', () => {
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<number>(5)
      .withTimestampAssigner((v) => v)
      .withIdleness(15);
    const h = new Harness(() => new TimestampsOperator(strategy as WatermarkStrategy<unknown>, 10));
    h.operator.status!(false);
    h.element(20, 0);
    h.clock(10);
    expect(h.take()).toEqual(['20@20', 'w14']);
    h.clock(40);
    expect(h.take()).toEqual(['idle']);
    h.operator.status!(true);
    h.element(30, 0);
    expect(h.take()).toEqual(['30@30']);
    h.clock(50);
    expect(h.take()).toEqual(['active', 'w24']);
  });

  it('are emitted by a generator of your own when it likes: punctuated, for every record or for some', () => {
    const punctuated = WatermarkStrategy.forGenerator<number>(() => ({
      onEvent: (value, timestampMs, output) => {
        if (value % 10 === 0) output.emitWatermark(timestampMs - 1);
      },
      onPeriodicEmit: () => {},
    })).withTimestampAssigner((v) => v);
    const h = new Harness(() => new TimestampsOperator(punctuated as WatermarkStrategy<unknown>, 10));
    for (const v of [7, 20, 23, 10, 30]) h.element(v, 0);
    h.clock(100);
    // 10 comes late: no watermark goes back.
    expect(h.take()).toEqual(['7@7', '20@20', 'w19', '23@23', '10@10', '30@30', 'w29']);
  });
});
