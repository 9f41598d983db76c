// Small stream universes for tests.
import { clientSpec, type JobSpec, type Scenario } from '../contract/scenario.ts';
import type { TraceWriter } from '../kernel/trace.ts';
import { createRun, type Run } from '../run.ts';
import { defineScenario } from '../scenarios/define.ts';
import type { JobMaker } from './runtime/job.ts';

export { clientSpec };

/** One topic of views, one job, one topic of results. Everything that is given takes the place of what stands here. */
export function jobScenario(
  given: {
    readonly records?: number;
    readonly horizonMs?: number;
    readonly taskManagers?: number;
    readonly slots?: number;
    readonly job?: Record<string, unknown>;
    readonly story?: Record<string, unknown>;
    readonly partitions?: number;
  } = {},
): Scenario {
  return defineScenario({
    schemaVersion: 1,
    id: 'job-under-test',
    title: { ko: '시험', en: 'A test' },
    summary: { ko: '시험', en: 'A test' },
    horizonMs: given.horizonMs ?? 40_000,
    cluster: { brokers: 1, config: { groupInitialRebalanceDelayMs: 0 } },
    topics: [
      { name: 'views', partitions: given.partitions ?? 2, replicationFactor: 1 },
      { name: 'results', partitions: 2, replicationFactor: 1 },
    ],
    processes: [{ name: 'playback-svc', role: 'producer' }],
    workloads: [
      { process: 'playback-svc', topic: 'views', records: given.records ?? 150, startMs: 1_000, everyUs: 50_000, story: { kind: 'views', outOfOrderMs: 60_000, endMarker: true, ...given.story } },
    ],
    streams: {
      taskManagers: given.taskManagers ?? 2,
      slots: given.slots ?? 2,
      jobs: [
        {
          name: 'job',
          job: 'trending-content',
          parallelism: 2,
          checkpointing: { intervalMs: 1_000 },
          restart: { strategy: 'fixed-delay', attempts: 100, delayMs: 200 },
          ...given.job,
          parameters: { sink: 'results', sizeMs: '300000', slideMs: '60000', outOfOrderMs: '60000', ...(given.job?.['parameters'] as object | undefined) },
        },
      ],
    },
  });
}

export interface Observed {
  readonly run: Run;
  /** States of the job, in order. */
  readonly states: readonly string[];
  /** Results as the sinks wrote them, aborted ones too: value texts in order. */
  readonly emitted: readonly string[];
  readonly counts: ReadonlyMap<string, number>;
}

/** Runs a universe to its end. */
export function runJob(
  scenario: Scenario,
  options: { readonly faults?: readonly string[]; readonly seed?: number; readonly jobs?: JobMaker; readonly watch?: (trace: TraceWriter) => void } = {},
): Observed {
  const run = createRun({ scenario, faults: options.faults ?? [], seed: options.seed ?? 1, files: {} }, { sink: null, guests: null, ...(options.jobs && { jobs: options.jobs }) });
  const { trace } = run;
  options.watch?.(trace);
  const states: string[] = [];
  const emitted: string[] = [];
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  trace.watch('job.stateChanged', (v) => void states.push(trace.text(v[3]! as never)));
  trace.watch('operator.emitted', (v) => void emitted.push(trace.text(v[5]! as never)));
  for (const name of [
    'window.fired',
    'operator.late',
    'checkpoint.completed',
    'checkpoint.failed',
    'job.restored',
    'task.loaded',
    'source.splitPaused',
    'watermark.idle',
    'barrier.received',
    'checkpoint.snapshotTaken',
  ] as const)
    trace.watch(name, () => void count(name));
  while (run.advance(65_536) !== 'ended');
  return { run, states, emitted, counts };
}

/** The job of a scenario with one, for makers of graphs. */
export function onlyJob(scenario: Scenario): JobSpec {
  return scenario.streams!.jobs[0]!;
}
