// How jobs run: back pressure, alignment of sources, idleness, unaligned checkpoints, slow lookups.
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../contract/scenario.ts';
import { TraceStore } from '../../kernel/traceStore.ts';
import { createRun } from '../../run.ts';
import { AsyncDataStream } from '../api/dataStream.ts';
import { kafkaSink, kafkaSource } from '../api/connectors.ts';
import { StreamExecutionEnvironment } from '../api/environment.ts';
import { jobScenario, runJob } from '../testing.ts';
import { WatermarkStrategy } from '../watermarks/generators.ts';
import { TumblingEventTimeWindows } from '../windows/assigners.ts';

interface View {
  readonly at: number;
  readonly viewer: string;
  readonly title: string;
}

type Build = (env: StreamExecutionEnvironment, views: ReturnType<typeof readViews>) => void;

function readViews(env: StreamExecutionEnvironment, strategy = WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000)) {
  return env.fromSource(
    kafkaSource<View>({ topics: ['views'], groupId: 'job' }),
    strategy.withTimestampAssigner((v) => v.at),
    'views',
  );
}

function jobs(build: Build, strategy?: WatermarkStrategy<View>) {
  return () => {
    const env = new StreamExecutionEnvironment();
    build(env, readViews(env, strategy));
    return env.getStreamGraph();
  };
}

const results = kafkaSink<unknown>({ topic: 'results' });

/** Windows behind windows. */
function twoWindows(views: ReturnType<typeof readViews>) {
  const count = <T>() => ({ createAccumulator: () => 0, add: (_: T, n: number) => n + 1, getResult: (n: number) => n });
  views
    .keyBy((v) => v.title)
    .window(TumblingEventTimeWindows.of(60_000))
    .aggregate<number, number>(count<View>())
    .name('first')
    .keyBy((n) => n)
    .window(TumblingEventTimeWindows.of(120_000))
    .aggregate<number, number>(count<number>())
    .name('second')
    .sinkTo(results);
}

/** The levels of back pressure that a task had. */
function levels(scenario: Scenario, build: Build, task: string): Set<string> {
  const seen = new Set<string>();
  const o = runJob(scenario, { jobs: jobs(build), watch: (trace) => trace.watch('task.loaded', (v) => void (trace.text(v[1]! as never).startsWith(task) && seen.add(trace.text(v[5]! as never)))) });
  expect(o.states.at(-1)).toBe('FINISHED');
  return seen;
}

describe('back pressure', () => {
  const slow: Build = (_, views) => {
    views
      .map((v) => v.title)
      .disableChaining()
      .name('titles')
      .keyBy((t) => t)
      .processKeyed<string>(() => ({ processElement: (t, __, out) => out.collect(t) }))
      .name('slow')
      .workUs(60_000)
      .sinkTo(results);
  };
  const load = { records: 600, horizonMs: 120_000, story: { outOfOrderMs: 0 }, job: { bufferRecords: 2, bufferTimeoutMs: 10 } };

  it('reaches from a slow operator to the source through bounded buffers', () => {
    const fast = jobScenario({ ...load });
    const scenario = { ...fast, workloads: fast.workloads.map((w) => ({ ...w, everyUs: 2_000 })) };
    expect([...levels(scenario, slow, 'titles')]).toContain('HIGH');
    expect([...levels(scenario, slow, 'views')]).toContain('HIGH');
    expect([...levels(scenario, slow, 'slow')]).not.toContain('HIGH');
  });

  it('lengthens aligned checkpoints, and unaligned ones overtake it', () => {
    const took = (unaligned: boolean) => {
      const fast = jobScenario({ ...load, job: { ...load.job, checkpointing: { intervalMs: 1_000, unaligned } } });
      const scenario = { ...fast, workloads: fast.workloads.map((w) => ({ ...w, everyUs: 2_000 })) };
      const durations: number[] = [];
      let inFlight = 0;
      runJob(scenario, {
        jobs: jobs(slow),
        watch: (trace) => {
          trace.watch('checkpoint.completed', (v, _, timeUs) => void (timeUs < 8_000_000 && durations.push(v[3]!)));
          trace.watch('checkpoint.snapshotTaken', (v) => void (inFlight += v[6]!));
        },
      });
      return { worst: Math.max(...durations), inFlight };
    };
    const aligned = took(false);
    const unaligned = took(true);
    expect(aligned.inFlight).toBe(0);
    expect(unaligned.inFlight).toBeGreaterThan(0);
    expect(unaligned.worst * 3).toBeLessThan(aligned.worst);
  });
});

describe('sources', () => {
  const counts: Build = (_, views) => {
    views
      .keyBy((v) => v.title)
      .window(TumblingEventTimeWindows.of(60_000))
      .aggregate<number, number>({ createAccumulator: () => 0, add: (__, n) => n + 1, getResult: (n) => n })
      .sinkTo(results);
  };
  // All viewers hash to one of many partitions or another; with one viewer the others stay empty.
  const oneViewer = jobScenario({ partitions: 4, records: 100, story: { viewers: 1, endMarker: false }, horizonMs: 20_000 });

  it('are held back by an empty partition, unless it may be idle', () => {
    const held = runJob(oneViewer, { jobs: jobs(counts) });
    expect(held.counts.get('window.fired') ?? 0).toBe(0);
    const free = runJob(oneViewer, { jobs: jobs(counts, WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000).withIdleness(1_000)) });
    expect(free.counts.get('window.fired')).toBeGreaterThan(5);
    expect(free.counts.get('watermark.idle')).toBeGreaterThan(0);
  });

  it('may be idle in the middle of a job: one subtask that sees nothing holds nobody back', () => {
    const fired = (strategy: WatermarkStrategy<View>) => {
      const midway: Build = (env, views) => counts(env, views.assignTimestampsAndWatermarks(strategy.withTimestampAssigner((v) => v.at)));
      return runJob(oneViewer, { jobs: jobs(midway, WatermarkStrategy.noWatermarks<View>()) }).counts;
    };
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000);
    expect(fired(strategy).get('window.fired') ?? 0).toBe(0);
    const free = fired(strategy.withIdleness(1_000));
    expect(free.get('window.fired')).toBeGreaterThan(5);
    expect(free.get('watermark.idle')).toBeGreaterThan(0);
  });

  it('wait for each other when they are aligned, and give the same results', () => {
    // A backlog is read at once. One partition has more records for the same stretch of time than the other, so that its time passes more slowly.
    const backlog = jobScenario({ partitions: 2, records: 200, story: { viewers: 16, outOfOrderMs: 0 }, job: { startMs: 12_000, workUsPerRecord: 10_000, autoWatermarkIntervalMs: 20 } });
    const plain = runJob(backlog, { jobs: jobs(counts) });
    const aligned = runJob(backlog, { jobs: jobs(counts, WatermarkStrategy.forBoundedOutOfOrderness<View>(60_000).withWatermarkAlignment('views', 30_000, 20)) });
    expect(plain.counts.get('source.splitPaused') ?? 0).toBe(0);
    expect(aligned.states.at(-1)).toBe('FINISHED');
    expect(aligned.counts.get('source.splitPaused') ?? 0).toBeGreaterThan(0);
    expect(aligned.emitted.toSorted()).toEqual(plain.emitted.toSorted());
  });
});

describe('offsets of a source', () => {
  const committedBy = (checkpointing: object, faults: readonly string[] = [], between: (views: ReturnType<typeof readViews>) => { sinkTo(sink: typeof results): unknown } = (views) => views) => {
    const committed: string[] = [];
    const completed: number[] = [];
    runJob(jobScenario({ records: 120, partitions: 2, horizonMs: 30_000, job: { checkpointing } }), {
      faults,
      jobs: jobs((_, views) => void between(views).sinkTo(results)),
      watch: (trace) => {
        trace.watch('offset.committed', (v, _, timeUs) => void (trace.text(v[0]! as never) === 'job' && committed.push(`${v[2]!}@${v[3]!} ${Math.floor(timeUs / 1e6)}s`)));
        trace.watch('checkpoint.completed', (_, __, timeUs) => void completed.push(timeUs));
      },
    });
    return { committed, completed };
  };

  const lastOf = (committed: readonly string[], partition: number) => Number(/@(\d+)/.exec(committed.findLast((c) => c.startsWith(`${partition}@`))!)![1]);

  it('are committed to its group when a checkpoint is complete, and never without checkpoints', () => {
    const { committed, completed } = committedBy({ intervalMs: 1_000 });
    expect(completed.length).toBeGreaterThan(3);
    // Both partitions at each checkpoint, the last time behind the record that ends the partition.
    expect(committed.length).toBeGreaterThan(completed.length);
    expect(lastOf(committed, 0) + lastOf(committed, 1)).toBe(122);
    expect(committedBy({ intervalMs: 0 }).committed).toEqual([]);
  });

  it('are committed by the last checkpoint, though its source ends with it', () => {
    // All is read long before the first checkpoint, which is the last one, and the source is a task by itself.
    const { committed, completed } = committedBy({ intervalMs: 15_000 }, [], (views) => views.keyBy((v) => v.title).map((v) => v.viewer));
    expect(completed).toHaveLength(1);
    expect(lastOf(committed, 0) + lastOf(committed, 1)).toBe(122);
  });

  it('go on after a crash where the restored checkpoint has them, whatever was committed', () => {
    const { committed } = committedBy({ intervalMs: 1_000 }, ['kill taskmanager-1 at 3500ms for 500ms']);
    expect(lastOf(committed, 0) + lastOf(committed, 1)).toBe(122);
  });
});

describe('a sink that writes in transactions', () => {
  it('has its task wait for the next transaction: nothing is read meanwhile', () => {
    let open = true;
    let between = 0;
    let begun = 0;
    const o = runJob(jobScenario({ records: 120, partitions: 1, job: { parallelism: 1, checkpointing: { intervalMs: 500 } } }), {
      faults: ['delay taskmanager-1<->broker-1 by=100ms at 0s for 30s'],
      jobs: jobs((_, views) => void views.map((v) => v.title).sinkTo(kafkaSink({ topic: 'results', guarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'job' }))),
      watch: (trace) => {
        trace.watch('sink.transactionChanged', (v) => {
          const to = trace.text(v[5]! as never);
          if (to === 'begun') begun++;
          if (to === 'begun' || to === 'preCommitted') open = to === 'begun';
        });
        trace.watch('consumer.delivered', () => void (open || between++));
      },
    });
    expect(o.states.at(-1)).toBe('FINISHED');
    expect(new Set(o.emitted).size).toBeGreaterThan(1);
    expect(begun).toBeGreaterThan(4);
    expect(between).toBe(0);
  });
});

describe('the cause of event time', () => {
  it('leads from operator to operator to the record that the source read, past the results that came of it', () => {
    const store = new TraceStore();
    const scenario = jobScenario({ records: 60 });
    const run = createRun({ scenario, faults: [], seed: 1, files: {} }, { sink: (chunk) => store.append(chunk), guests: null, jobs: jobs((_, views) => void twoWindows(views)) });
    while (run.advance(65_536) !== 'ended');
    const advanced = Array.from({ length: store.count }, (_, seq) => store.event(seq)).flatMap((e) => (e.type === 'watermark.advanced' ? [e] : []));
    const of = (operator: string) => advanced.filter((e) => e.operator === operator);
    const from = (operator: string) =>
      new Set(of(operator).map((e) => `${store.typeAt(e.cause)} ${store.typeAt(e.cause) === 'watermark.advanced' ? String((store.event(e.cause) as { operator?: string }).operator) : ''}`));
    expect(of('second').length).toBeGreaterThan(3);
    expect(store.count).toBeGreaterThan(0);
    expect(Array.from({ length: store.count }, (_, seq) => store.typeAt(seq)).filter((t) => t === 'window.fired').length).toBeGreaterThan(3);
    expect([...from('second')]).toEqual(['watermark.advanced first']);
    expect([...from('first')]).toEqual(['watermark.advanced views']);
  });
});

describe('two jobs, one behind the other', () => {
  it('the second reads what the first commits, or what it writes, as its isolation level says', () => {
    const first = jobScenario({ records: 100, horizonMs: 60_000, job: { checkpointing: { intervalMs: 2_000 } } });
    const behind = { ...first.streams!.jobs[0]!, name: 'behind' };
    const scenario: Scenario = {
      ...first,
      topics: [...first.topics, { ...first.topics[1]!, name: 'copies' }],
      streams: { ...first.streams!, taskManagers: 4, jobs: [first.streams!.jobs[0]!, behind] },
    };
    const copied = (isolationLevel: 'read_uncommitted' | 'read_committed') => {
      const by = new Map<string, string[]>([
        ['job', []],
        ['behind', []],
      ]);
      runJob(scenario, {
        faults: ['kill taskmanager-1 at 4300ms for 1s'],
        jobs: (spec) => {
          const env = new StreamExecutionEnvironment();
          if (spec.name === 'job')
            readViews(env)
              .map((v) => `${v.title} ${v.at}`)
              .sinkTo(kafkaSink({ topic: 'results', guarantee: 'EXACTLY_ONCE', transactionalIdPrefix: 'job' }));
          else env.fromSource(kafkaSource<string>({ topics: ['results'], groupId: 'behind', isolationLevel }), WatermarkStrategy.noWatermarks(), 'results').sinkTo(kafkaSink({ topic: 'copies' }));
          return env.getStreamGraph();
        },
        watch: (trace) => trace.watch('operator.emitted', (v) => void by.get(trace.text(v[0]! as never))!.push(trace.text(v[5]! as never))),
      });
      return { wrote: by.get('job')!, copies: by.get('behind')! };
    };
    const committed = copied('read_committed');
    // What the crash undid was written again; a reader of what is committed sees each once.
    expect(committed.wrote.length).toBeGreaterThan(100);
    expect(committed.copies.toSorted()).toEqual([...new Set(committed.wrote)].toSorted());
    const uncommitted = copied('read_uncommitted');
    expect(uncommitted.copies.length).toBeGreaterThan(committed.copies.length);
    expect(uncommitted.copies.toSorted()).toEqual(uncommitted.wrote.toSorted());
  });
});

describe('async lookups in a job', () => {
  const enrich =
    (ordered: boolean): Build =>
    (_, views) => {
      const wait = ordered ? AsyncDataStream.orderedWait : AsyncDataStream.unorderedWait;
      wait(views, (v: View, context) => ({ results: [`${v.title} ${v.viewer}`], afterMs: 5 + context.random(200) }), 1_000, 20).sinkTo(results);
    };

  it('lose and repeat nothing, through a crash, in order or not', () => {
    const scenario = jobScenario({ records: 150, horizonMs: 40_000 });
    const expected = runJob(scenario, { jobs: jobs((_, views) => void views.map((v) => `${v.title} ${v.viewer}`).sinkTo(results)) }).emitted.toSorted();
    expect(expected).toHaveLength(150);
    for (const ordered of [true, false]) {
      expect(runJob(scenario, { jobs: jobs(enrich(ordered)) }).emitted.toSorted()).toEqual(expected);
      const crashed = runJob(scenario, { jobs: jobs(enrich(ordered)), faults: ['kill taskmanager-1 at 4s for 1s'] });
      expect(crashed.states.at(-1)).toBe('FINISHED');
      expect([...new Set(crashed.emitted)].toSorted()).toEqual([...new Set(expected)]);
    }
  });
});
