import { describe, expect, it } from 'vitest';
import { drawInt, drawKey } from '../kernel/draws.ts';
import type { InvariantResult } from '../invariants/watch.ts';
import { createRun } from '../run.ts';
import { jobScenario, runJob, type Observed } from './testing.ts';

const invariant = (o: Observed, id: string): InvariantResult => o.run.result().invariants.find((i) => i.id === id)!;

/** One crash, drawn: what it strikes, and when. */
function crash(seed: number, targets: readonly string[]): string {
  const key = drawKey(seed, 'crash');
  return `kill ${targets[drawInt(key, 0, targets.length)]!} at ${900 + drawInt(key, 1, 6_000)}ms for ${200 + drawInt(key, 2, 3_000)}ms`;
}

const MODES = [
  { parallelism: 2, checkpointing: { intervalMs: 1_000 } },
  { parallelism: 4, checkpointing: { intervalMs: 700 } },
  { parallelism: 4, checkpointing: { intervalMs: 500, unaligned: true } },
  { parallelism: 2, checkpointing: { intervalMs: 900, unaligned: true, alignedTimeoutMs: 5 }, workUsPerRecord: 4_000 },
] as const;

describe('a job after one crash at a random time', () => {
  const PER_MODE = 125;
  MODES.forEach((job, mode) =>
    it(`commits what it commits without one: ${JSON.stringify(job)}, ${PER_MODE} seeds`, () => {
      const scenario = jobScenario({ job, records: 100, horizonMs: 30_000 });
      let struck = 0;
      for (let n = 0; n < PER_MODE; n++) {
        const seed = mode * 10_000 + n;
        const fault = crash(seed, ['taskmanager-1', 'taskmanager-2', 'jobmanager']);
        const o = runJob(scenario, { faults: [fault], seed });
        struck += (o.counts.get('job.restored') ?? 0) > 0 ? 1 : 0;
        expect(o.states.at(-1), `seed ${seed}, ${fault}`).toBe('FINISHED');
        for (const id of ['output-complete', 'output-once']) {
          const found = invariant(o, id);
          expect(found.tested, `seed ${seed}, ${fault}: ${id}`).toBeGreaterThan(0);
          expect(found.violations, `seed ${seed}, ${fault}: ${id}`).toBe(0);
        }
      }
      expect(struck).toBeGreaterThan(PER_MODE / 2);
    }, 120_000),
  );

  it('commits at least that when the sink only waits for acknowledgements, and repeats some', () => {
    const scenario = jobScenario({ job: { parameters: { guarantee: 'AT_LEAST_ONCE' } }, records: 100, horizonMs: 30_000 });
    let repeated = 0;
    for (let seed = 0; seed < 30; seed++) {
      const o = runJob(scenario, { faults: [crash(seed, ['taskmanager-1'])], seed });
      expect(invariant(o, 'output-complete').violations).toBe(0);
      const once = invariant(o, 'output-once');
      repeated += once.violations > 0 ? 1 : 0;
      expect(once.violations === 0 || !once.promised).toBe(true);
      if (once.violations > 0) expect(once.unmet).toBe('sink-exactly-once');
    }
    expect(repeated).toBeGreaterThan(5);
  }, 60_000);

  it('loses what a transaction held that timed out before the job came back', () => {
    const scenario = jobScenario({ job: { parameters: { transactionTimeoutMs: '2000' }, checkpointing: { intervalMs: 1_000 } }, records: 100, horizonMs: 60_000 });
    // The word that a checkpoint is complete is under way for half a second; meanwhile both task managers die, and stay away longer than the transaction lives.
    const faults = ['delay jobmanager->{taskmanager-1,taskmanager-2} by=500ms at 1s for 10s', 'kill taskmanager-1 at 3300ms for 25s', 'kill taskmanager-2 at 3300ms for 25s'];
    const complete = invariant(runJob(scenario, { faults }), 'output-complete');
    expect(complete.violations).toBeGreaterThan(0);
    expect(complete.promised).toBe(false);
    expect(complete.unmet).toBe('transaction-timeout');
    // With time enough the transaction is committed by the next attempt.
    const patient = jobScenario({ job: { checkpointing: { intervalMs: 1_000 } }, records: 100, horizonMs: 60_000 });
    expect(invariant(runJob(patient, { faults }), 'output-complete').violations).toBe(0);
  }, 60_000);
});

describe('the same job with another parallelism', () => {
  it('gives the same results with 1 as with 4', () => {
    const results = [1, 4].map((parallelism) => runJob(jobScenario({ job: { parallelism }, partitions: 4 }), { seed: 7 }).emitted.toSorted());
    expect(results[0]!.length).toBeGreaterThan(50);
    expect(results[1]).toEqual(results[0]);
  });

  it('goes on from a savepoint with more subtasks, and with fewer', () => {
    const whole = runJob(jobScenario({ job: { parallelism: 2 } }), { seed: 3 });
    for (const parallelism of [4, 1]) {
      const o = runJob(jobScenario({ job: { parallelism: 2, actions: [{ atMs: 4_300, kind: 'rescale', parallelism }] } }), { seed: 3 });
      expect(o.states.filter((s) => s === 'RUNNING')).toHaveLength(2);
      expect(o.states.at(-1)).toBe('FINISHED');
      expect(o.emitted.toSorted()).toEqual(whole.emitted.toSorted());
    }
  });

  it('stops with a savepoint, and drains', () => {
    const stopped = runJob(jobScenario({ job: { actions: [{ atMs: 4_300, kind: 'stop' }] } }));
    expect(stopped.states.at(-1)).toBe('SUSPENDED');
    const drained = runJob(jobScenario({ job: { actions: [{ atMs: 4_300, kind: 'drain' }] } }));
    expect(drained.states.at(-1)).toBe('FINISHED');
    // The last watermark fires every window that was open.
    expect(drained.emitted.length).toBeGreaterThan(stopped.emitted.length);
  });
});

describe('savepoints', () => {
  const watched = (job: Record<string, unknown>, faults: readonly string[]) => {
    const restored: number[] = [];
    const savepoints: number[] = [];
    const committed: number[] = [];
    const o = runJob(jobScenario({ job, horizonMs: 60_000 }), {
      faults,
      watch: (trace) => {
        trace.watch('job.restored', (v) => void restored.push(v[2]!));
        trace.watch('checkpoint.completed', (v) => void (trace.text(v[2]! as never) === 'savepoint' && savepoints.push(v[1]!)));
        trace.watch('sink.transactionChanged', (v, _, timeUs) => void (trace.text(v[5]! as never) === 'committed' && committed.push(timeUs)));
      },
    });
    return { o, restored, savepoints, committed };
  };

  it('belong to whoever asked for them: a failure goes back to the checkpoint before, and sinks commit nothing for them', () => {
    const { o, restored, savepoints, committed } = watched({ checkpointing: { intervalMs: 3_000 }, actions: [{ atMs: 4_300, kind: 'savepoint' }] }, ['kill taskmanager-1 at 5s for 300ms']);
    expect(savepoints).toEqual([2]);
    expect(restored).toEqual([1]);
    expect(committed.filter((timeUs) => timeUs > 4_300_000 && timeUs < 5_000_000)).toEqual([]);
    expect(o.states.at(-1)).toBe('FINISHED');
    for (const id of ['output-complete', 'output-once']) expect(invariant(o, id)).toMatchObject({ violations: 0 });
  });

  it('that come too late fail nothing, where checkpoints that do fail the job', () => {
    const checkpointing = { intervalMs: 3_000, timeoutMs: 500 };
    const late = ['pause taskmanager-1 at 4200ms for 700ms'];
    const { o } = watched({ checkpointing, actions: [{ atMs: 4_300, kind: 'savepoint' }] }, late);
    expect(o.counts.get('checkpoint.failed')).toBe(1);
    expect(o.states).toEqual(['RUNNING', 'FINISHED']);
    const { o: other } = watched({ checkpointing: { ...checkpointing, intervalMs: 3_800 } }, late);
    expect(other.counts.get('checkpoint.failed')).toBe(1);
    expect(other.states).toContain('RESTARTING');
  });

  it('that were to stop the job and come too late restart it, for its sources have stopped', () => {
    const whole = [...new Set(runJob(jobScenario()).emitted)].toSorted();
    for (const kind of ['stop', 'drain']) {
      const { o } = watched({ checkpointing: { intervalMs: 3_000, timeoutMs: 500 }, actions: [{ atMs: 4_300, kind }] }, ['pause taskmanager-1 at 4200ms for 700ms']);
      expect(o.states).toEqual(['RUNNING', 'FAILING', 'RESTARTING', 'CREATED', 'RUNNING', 'FINISHED']);
      if (kind === 'stop') expect([...new Set(o.emitted)].toSorted()).toEqual(whole);
      else expect(invariant(o, 'output-once')).toMatchObject({ promised: false, unmet: 'not-drained' });
    }
  });
});

describe('restart strategies', () => {
  const kills = ['kill taskmanager-1 at 2s for 300ms', 'kill taskmanager-1 at 4500ms for 300ms', 'kill taskmanager-1 at 7s for 300ms'];
  const statesWith = (restart: object, checkpointing: object = { intervalMs: 1_000 }) => runJob(jobScenario({ job: { restart, checkpointing }, taskManagers: 1 }), { faults: kills }).states;

  it('none: the first failure is the last', () => expect(statesWith({ strategy: 'none' }).at(-1)).toBe('FAILED'));
  it('fixed-delay: so many attempts', () => {
    expect(statesWith({ strategy: 'fixed-delay', attempts: 2, delayMs: 100 }).at(-1)).toBe('FAILED');
    expect(statesWith({ strategy: 'fixed-delay', attempts: 3, delayMs: 100 }).at(-1)).toBe('FINISHED');
  });
  it('failure-rate: so many in so long', () => {
    expect(statesWith({ strategy: 'failure-rate', maxFailuresPerInterval: 1, intervalMs: 10_000, delayMs: 100 }).at(-1)).toBe('FAILED');
    expect(statesWith({ strategy: 'failure-rate', maxFailuresPerInterval: 1, intervalMs: 2_000, delayMs: 100 }).at(-1)).toBe('FINISHED');
  });
  it('exponential-delay where nothing is set, but not without checkpoints', () => {
    expect(statesWith({ strategy: 'exponential-delay' }).at(-1)).toBe('FINISHED');
    expect(statesWith({ strategy: 'exponential-delay' }, { intervalMs: 0 }).at(-1)).toBe('FAILED');
  });
});

describe('a cluster without room', () => {
  it('waits for slots until a task manager comes back', () => {
    const o = runJob(jobScenario({ taskManagers: 1, job: { parallelism: 2 } }), { faults: ['kill taskmanager-1 at 3s for 6s'] });
    expect(o.states).toEqual(['RUNNING', 'FAILING', 'RESTARTING', 'CREATED', 'RUNNING', 'FINISHED']);
  });

  it('restarts after a heartbeat time-out when a task manager only hangs', () => {
    const scenario = jobScenario({ taskManagers: 2, horizonMs: 60_000 });
    const impatient = { ...scenario, streams: { ...scenario.streams!, heartbeatIntervalMs: 500, heartbeatTimeoutMs: 2_000 } };
    const o = runJob(impatient, { faults: ['pause taskmanager-1 at 3s for 10s'] });
    expect(o.states.at(-1)).toBe('FINISHED');
    expect(o.counts.get('job.restored')).toBe(1);
    expect(invariant(o, 'output-once').violations).toBe(0);
  });
});

describe('a run that follows a clock outside', () => {
  it('is not compared with one without faults: it has no end', () => {
    const scenario = jobScenario({ horizonMs: 600_000 });
    const run = createRun({ scenario, faults: ['kill taskmanager-1 at 3s'], seed: 1, files: {} }, { sink: null, guests: null, epochMs: 1_800_000_000_000 });
    expect(run.advance(1_000, 5_000_000)).toBe('more');
    expect(run.result().invariants.find((i) => i.id === 'output-once')!.tested).toBe(0);
  });
});
