import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../../simulations/run.ts';
import { scenarioById } from '../../../simulations/scenarios/catalogue.ts';
import { TraceStore } from '../../../simulations/kernel/trace.ts';
import { streamsModel, type JobState } from '../../readmodels/streams.ts';
import { createTimeline } from '../../readmodels/timeline.ts';
import { planFor, planOf } from './plan.ts';

function run(id: string) {
  const listed = scenarioById(id)!;
  const scenario = { ...listed, horizonMs: 12_000 };
  const store = new TraceStore();
  runToEnd({ scenario, faults: [], seed: 1, files: {} }, (chunk) => store.append(chunk));
  const job = Array.from(createTimeline(store, streamsModel).at(store.count).jobs.values())[0]!;
  return { spec: scenario.streams!.jobs[0]!, store, job };
}

describe('the plan of a job', () => {
  it.each(['enrichment-join', 'live-ab-test', 'traffic-anomaly'])('is what %s deploys: tasks, subtasks and channels', (id) => {
    const { spec, store, job } = run(id);
    const plan = planOf(spec)!;
    const planned = plan.tasks.flatMap((t) => Array.from({ length: t.parallelism }, (_, i) => `${t.name}/${i}`));
    expect(Array.from(job.subtasks.keys()).sort()).toEqual(planned.sort());
    const barriers = Array.from({ length: store.count }, (_, seq) => store.event(seq)).flatMap((e) => (e.type === 'barrier.received' ? [e] : []));
    expect(barriers.length).toBeGreaterThan(0);
    for (const e of barriers)
      expect(
        plan.channels(
          plan.tasks.findIndex((t) => t.name === e.task),
          e.subtask,
        ).length,
      ).toBe(e.channels);
  });

  it('is told by the trace where learner code puts the job together', () => {
    const { spec, job } = run('live-ab-test');
    const unknown = { ...spec, job: 'submitted' };
    expect(planOf(unknown)).toBeNull();
    expect(planFor(unknown, null).tasks).toEqual([]);
    const seen = planFor(unknown, job);
    expect(seen.tasks.map((t) => [t.name, t.parallelism])).toEqual(Array.from(new Set(Array.from(job.subtasks.values(), (s) => s.task)), (name) => [name, parallelismOf(job, name)]));
    const operators = seen.tasks.flatMap((t) => t.operators);
    expect(operators.filter((o) => o.stateful).map((o) => o.name)).toEqual(
      planOf(spec)!
        .tasks.flatMap((t) => t.operators)
        .filter((o) => o.stateful)
        .map((o) => o.name),
    );
    expect(seen.channels(1, 0)).toEqual([]);
  });

  it('puts tasks of learner code that end in sinks beside each other, not behind one another', () => {
    const spec = { ...run('live-ab-test').spec, job: 'submitted' };
    const names = ['views', 'window → sink', 'pattern → sink'];
    const subtasks = new Map(names.map((task) => [`${task}/0`, { task, subtask: 0 }]));
    const job = { subtasks, operators: new Map(), parallelism: 1 } as unknown as JobState;
    const { tasks } = planFor(spec, job);
    expect(tasks.map((t) => t.readsFrom)).toEqual([[], [0], [0]]);
    expect(tasks.map((t) => t.operators.at(-1)!.kind)).toEqual(['operator', 'sink', 'sink']);
  });
});

function parallelismOf(job: JobState, task: string): number {
  return Array.from(job.subtasks.values()).filter((s) => s.task === task).length;
}
