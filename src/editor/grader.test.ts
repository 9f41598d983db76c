import { describe, expect, it } from 'vitest';
import type { Exercise, Judgement } from '../../lessons/contract.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import type { RunSink } from '../lab/session.ts';
import { grade, heldByCheck, tally, workersHere, type Grading } from './grader.ts';

const held: Judgement = { held: [true, true], findings: [], faultsInEffect: 1 };
const broken: Judgement = { held: [true, false], findings: [{ check: 'b', diagnosis: 'd', atUs: 5, seq: 1, facts: {} }], faultsInEffect: 1 };

/** An exercise whose judgement is decided by seed and attempt, and a runner that is driven by hand. */
function setUp(judged: (seed: number, attempt: number) => Judgement, options: { workers?: number; runs?: number; visible?: () => Promise<void> } = {}) {
  const open: { seed: number; attempt: number; sink: RunSink; cancelled: boolean }[] = [];
  const all: typeof open = [];
  let last: { seed: number; attempt: number } | null = null;
  const exercise = {
    checks: [],
    plan: (runs = 2) => Array.from({ length: 2 * runs }, (_, index) => ({ index, group: index < runs ? 'quiet' : 'faulted', seed: index + 1 })),
    universe: (run: { seed: number }, _: unknown, attempt: number) => ({ seed: run.seed, attempt }) as unknown as Universe,
    judge: () => judged(last!.seed, last!.attempt),
  } as unknown as Exercise;
  const seen: Grading[] = [];
  const cancel = grade({
    exercise,
    files: {},
    workers: options.workers ?? 2,
    runs: options.runs ?? 2,
    now: () => 0,
    onChange: (g) => seen.push(g),
    ...(options.visible ? { visible: options.visible } : {}),
    runner: (universe, sink) => {
      const { seed, attempt } = universe as unknown as { seed: number; attempt: number };
      const job = { seed, attempt, sink, cancelled: false };
      open.push(job);
      all.push(job);
      return { cancel: () => void (job.cancelled = true) };
    },
  });
  const settle = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  return {
    seen,
    cancel,
    open,
    all,
    settle,
    /** Lets the run of a seed finish. */
    async finish(seed: number) {
      const at = open.findIndex((job) => job.seed === seed);
      const [job] = open.splice(at, 1);
      last = job!;
      job!.sink.done('hash');
      await settle();
    },
    now: () => seen.at(-1)!,
  };
}

describe('a grading', () => {
  it('runs as many at a time as there are workers, and tells each as it finishes', async () => {
    const g = setUp(() => held);
    await g.settle();
    expect(g.open.map((job) => job.seed)).toEqual([1, 2]);
    await g.finish(2);
    expect(g.now().cells.map((c) => c.state)).toEqual(['waiting', 'held', 'waiting', 'waiting']);
    expect(g.open.map((job) => job.seed)).toEqual([1, 3]);
    for (const seed of [1, 3, 4]) await g.finish(seed);
    expect(g.now()).toMatchObject({ state: 'finished', finished: 4, firstFailure: null });
    expect(tally(g.now().cells)).toEqual({ quiet: 2, faulted: 2, of: 2 });
  });

  it('tells the first failure as soon as it is known, and the earliest once all are', async () => {
    const g = setUp((seed) => (seed < 3 ? broken : held));
    await g.settle();
    await g.finish(2);
    expect(g.now()).toMatchObject({ state: 'running', firstFailure: { run: { seed: 2 } } });
    await g.finish(1);
    expect(g.now().firstFailure!.run.seed).toBe(1);
    for (const seed of [3, 4]) await g.finish(seed);
    expect(heldByCheck(g.now().cells, 2)).toEqual([4, 2]);
  });

  it('draws a schedule again when it struck nothing', async () => {
    const g = setUp((seed, attempt) => ({ ...held, faultsInEffect: seed === 4 && attempt < 2 ? 0 : 1 }), { workers: 1 });
    await g.settle();
    for (const seed of [1, 2, 3, 4]) await g.finish(seed);
    expect(g.now().state).toBe('running');
    await g.finish(4);
    await g.finish(4);
    expect(g.now().state).toBe('finished');
    expect(g.all.filter((job) => job.seed === 4).map((job) => job.attempt)).toEqual([0, 1, 2]);
  });

  it('does not draw quiet runs again', async () => {
    const g = setUp(() => ({ ...held, faultsInEffect: 0 }), { workers: 4, runs: 1 });
    await g.settle();
    await g.finish(1);
    expect(g.now().cells[0]!.state).toBe('held');
  });

  it('can be cancelled: what runs is ended, what is known stays', async () => {
    const g = setUp(() => held);
    await g.settle();
    await g.finish(1);
    const running = [...g.open];
    g.cancel();
    await g.settle();
    expect(g.now().state).toBe('cancelled');
    expect(running.every((job) => job.cancelled)).toBe(true);
    expect(g.now().finished).toBe(1);
    expect(g.all).toHaveLength(3);
  });

  it('stops with the reason when a run cannot be computed', async () => {
    const g = setUp(() => held);
    await g.settle();
    const failure = { message: { ko: '멈춤', en: 'stopped' } };
    g.open[0]!.sink.failed(failure);
    await g.settle();
    expect(g.now()).toMatchObject({ state: 'stopped', failure });
    expect(g.open[1]!.cancelled).toBe(true);
  });

  it('starts no run while the page is hidden', async () => {
    let show = () => {};
    const shown = new Promise<void>((resolve) => (show = resolve));
    const g = setUp(() => held, { visible: () => shown });
    await g.settle();
    expect(g.open).toHaveLength(0);
    show();
    await g.settle();
    expect(g.open).toHaveLength(2);
  });
});

it('uses one core less than there are, four at most, two where memory is small', () => {
  expect([1, 2, 4, 16].map((cores) => workersHere(cores, 8))).toEqual([1, 1, 3, 4]);
  expect(workersHere(8, 4)).toBe(2);
  expect(workersHere(2, 2)).toBe(1);
  expect(workersHere(8, undefined)).toBe(4);
});
