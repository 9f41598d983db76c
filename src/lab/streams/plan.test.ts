import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../../simulations/run.ts';
import { scenarioById } from '../../../simulations/scenarios/catalogue.ts';
import { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { streamsModel } from '../../readmodels/streams.ts';
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

  it.each(['enrichment-join', 'live-ab-test', 'traffic-anomaly'])('is told by the trace for whoever does not know the job: %s', (id) => {
    const { spec, job } = run(id);
    const unknown = { ...spec, job: 'submitted' };
    expect(planOf(unknown)).toBeNull();
    expect(planFor(unknown, null).tasks).toEqual([]);
    const told = planFor(unknown, job);
    const known = planOf(spec)!;
    expect(told.tasks).toEqual(known.tasks.map((t) => ({ ...t, operators: t.operators.map((o) => ({ ...o, windows: null })) })));
    for (const [task, { parallelism }] of known.tasks.entries()) for (let subtask = 0; subtask < parallelism; subtask++) expect(told.channels(task, subtask)).toEqual(known.channels(task, subtask));
  });
});
