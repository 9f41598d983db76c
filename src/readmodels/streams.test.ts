import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { streamsModel } from './streams.ts';
import { createTimeline } from './timeline.ts';

const scenario = scenarioById('trending-content')!;
const store = new TraceStore();
runToEnd({ scenario, faults: scenario.faults, seed: 1, files: {} }, (chunk) => store.append(chunk));
const jobAt = (seconds: number) =>
  createTimeline(store, streamsModel)
    .at(store.positionAt(seconds * 1_000_000))
    .jobs.get('trending')!;

describe('the state of a job', () => {
  it('is the same from every keyframe', () => {
    const often = createTimeline(store, streamsModel, 500);
    const once = createTimeline(store, streamsModel, store.count + 1);
    for (const seconds of [1, 6, 15.51, 20.01, 22, 60]) {
      const position = store.positionAt(seconds * 1_000_000);
      expect(often.at(position)).toEqual(once.copyAt(position));
    }
  });

  it('names the task manager of every subtask, and says that it is lost with it', () => {
    const places = (seconds: number) => Array.from(jobAt(seconds).subtasks.values(), (s) => `${s.task} ${s.subtask} ${s.process} ${s.status}`);
    expect(places(19)).toContain('views 1 taskmanager-1 RUNNING');
    expect(places(20.5).every((p) => p.endsWith('taskmanager-1 LOST'))).toBe(true);
    expect(places(22)).toContain('views 1 taskmanager-2 RUNNING');
  });

  it('goes back to a checkpoint and begins event time anew', () => {
    const before = jobAt(20.5);
    expect([before.state, before.attempt, before.completed?.checkpoint]).toEqual(['RESTARTING', 1, 3]);
    const after = jobAt(21.05);
    expect([after.state, after.attempt, after.restored]).toEqual(['RUNNING', 2, 3]);
    expect(Array.from(after.operators.values()).every((o) => o.watermarkMs === null)).toBe(true);
  });
});
