// What the API puts together, run on the simulated cluster and beside what plain code makes of the same records.
import { describe, expect, it } from 'vitest';
import type { TraceWriter } from '../../kernel/trace.ts';
import { jobScenario, runJob } from '../testing.ts';
import { WatermarkStrategy } from '../watermarks/generators.ts';
import { TumblingEventTimeWindows } from '../windows/assigners.ts';
import { kafkaSink, kafkaSource } from './connectors.ts';
import { OutputTag, type DataStream } from './dataStream.ts';
import { StreamExecutionEnvironment } from './environment.ts';

interface View {
  readonly at: number;
  readonly viewer: string;
  readonly title: string;
}

const results = kafkaSink<unknown>({ topic: 'results' });
const scenario = jobScenario({ records: 120 });

/** Runs what is built behind the views. @returns what was emitted, parsed, and the views themselves. */
function run(build: (views: DataStream<View>) => void, outOfOrderMs = 60_000, watch?: (trace: TraceWriter) => void) {
  const read: View[] = [];
  const o = runJob(scenario, {
    jobs: () => {
      const env = new StreamExecutionEnvironment();
      const strategy = WatermarkStrategy.forBoundedOutOfOrderness<View>(outOfOrderMs).withTimestampAssigner((v) => v.at);
      const views = env.fromSource(kafkaSource<View>({ topics: ['views'], groupId: 'job' }), strategy, 'views').map((v) => {
        read.push(v);
        return v;
      });
      build(views);
      return env.getStreamGraph();
    },
    ...(watch && { watch }),
  });
  expect(o.states.at(-1)).toBe('FINISHED');
  expect(read).toHaveLength(120);
  return { emitted: o.emitted.map((text) => JSON.parse(text) as never), read };
}

function countBy<T>(all: readonly T[], keyOf: (value: T) => string | number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of all) counts[keyOf(value)] = (counts[keyOf(value)] ?? 0) + 1;
  return counts;
}

const minuteOf = (v: View) => Math.floor(v.at / 60_000) * 60_000;

describe('a data stream', () => {
  it('windowAll: windows over all keys together', () => {
    const { emitted, read } = run((views) =>
      views
        .windowAll(TumblingEventTimeWindows.of(60_000))
        .process<[number, number]>({ process: (_, { window }, elements, out) => out.collect([window.startMs, elements.length]) })
        .sinkTo(results),
    );
    expect(Object.fromEntries(emitted as [number, number][])).toEqual(countBy(read, minuteOf));
  });

  it('connect: one function with two inputs that share the state of a key', () => {
    const { emitted, read } = run((views) =>
      views
        .keyBy((v) => v.viewer)
        .connect(views.filter((v) => v.at % 2 === 0).keyBy((v) => v.viewer))
        .process<[string, number, number]>(() => {
          let counts!: { value(): [number, number] | undefined; update(value: [number, number]): void };
          const add = (key: string, a: number, b: number, out: { collect(value: [string, number, number]): void }) => {
            const [left, right] = counts.value() ?? [0, 0];
            counts.update([left + a, right + b]);
            out.collect([key, left + a, right + b]);
          };
          return {
            open: ({ states }) => (counts = states.valueState('counts')),
            processElement1: (v, _, out) => add(v.viewer, 1, 0, out),
            processElement2: (v, _, out) => add(v.viewer, 0, 1, out),
          };
        })
        .sinkTo(results),
    );
    const last = new Map((emitted as [string, number, number][]).map(([key, a, b]) => [key, [a, b]] as const));
    const all = countBy(read, (v) => v.viewer);
    const early = countBy(
      read.filter((v) => v.at % 2 === 0),
      (v) => v.viewer,
    );
    expect(Object.values(early).length).toBeGreaterThan(2);
    expect(Object.fromEntries(last)).toEqual(Object.fromEntries(Object.entries(all).map(([key, n]) => [key, [n, early[key] ?? 0]])));
  });

  it('broadcast: every subtask gets every record; global: one gets all; rebalance: each its share; union: both streams', () => {
    const counted = (route: (views: DataStream<View>) => DataStream<View>) => {
      let subtasks = 0;
      const { emitted } = run((views) => {
        // The operator is made once when the job is put together, and once for every subtask.
        route(views)
          .keyBy((v) => v.title)
          .processKeyed<string>(() => ({ open: () => void subtasks++, processElement: (v, _, out) => out.collect(v.title) }))
          .sinkTo(results);
      });
      expect(subtasks).toBe(2);
      return emitted.length;
    };
    expect(counted((views) => views.broadcast().map((v) => v))).toBe(240);
    expect(counted((views) => views.global().map((v) => v))).toBe(120);
    expect(counted((views) => views.rebalance().map((v) => v))).toBe(120);
    expect(counted((views) => views.union(views.filter(() => true)))).toBe(240);
  });

  it('interval join: pairs within the bounds, and each side its own output for what comes late', () => {
    const left = new OutputTag<View>('late-left');
    let late = 0;
    const { emitted } = run(
      (views) => {
        const byViewer = views.keyBy((v) => v.viewer);
        const joined = byViewer
          .intervalJoin(byViewer)
          .between(0, 120_000)
          .sideOutputLeftLateData(left)
          .process<string>((a, b, out) => out.collect(`${a.title} ${b.title}`));
        joined
          .getSideOutput(left)
          .map((v) => ({ late: v.title }))
          .sinkTo(results);
        joined.sinkTo(results);
      },
      0,
      (trace) => trace.watch('operator.late', (v) => void (late += v[5] === 1 ? 1 : 0)),
    );
    const aside = (emitted as (string | { late: string })[]).filter((e) => typeof e === 'object');
    expect(aside.length).toBeGreaterThan(0);
    expect(aside).toHaveLength(late);
    expect(emitted.length).toBeGreaterThan(aside.length);
  });
});
