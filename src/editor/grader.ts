// Grades code over the runs of an exercise: some at a time, each judged as it finishes, the first failure told as soon as it is known.
import type { Exercise, Files, GradedRun, Judgement } from '../../lessons/contract.ts';
import { drawAgain } from '../../lessons/contract.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import type { RunFailure, Runner } from '../lab/session.ts';

export interface Cell {
  readonly run: GradedRun;
  readonly state: 'waiting' | 'held' | 'failed';
  /** The run that counted, with the schedule that was drawn last. */
  readonly universe: Universe | null;
  readonly judgement: Judgement | null;
}

export interface Grading {
  readonly cells: readonly Cell[];
  readonly finished: number;
  /** Failed cells are told apart by their place: this is the first of them among those finished so far. */
  readonly firstFailure: Cell | null;
  readonly state: 'running' | 'finished' | 'cancelled' | 'stopped';
  /** Why it could not go on. */
  readonly failure: RunFailure | null;
  readonly elapsedMs: number;
}

export interface GradeOptions {
  readonly exercise: Exercise;
  readonly files: Files;
  readonly runner: Runner;
  /** Runs at a time. */
  readonly workers: number;
  /** Runs per group. */
  readonly runs?: number;
  /** Called after every finished run. */
  readonly onChange: (grading: Grading) => void;
  /** Resolves when the page is visible: hidden pages start no run. */
  readonly visible?: () => Promise<void>;
  /** Milliseconds of real time. */
  readonly now: () => number;
}

/** Starts a grading. @returns a function that cancels it. */
export function grade(options: GradeOptions): () => void {
  const { exercise, files, runner, onChange, now } = options;
  const plan = exercise.plan(options.runs);
  const cells: Cell[] = plan.map((run) => ({ run, state: 'waiting', universe: null, judgement: null }));
  const running = new Set<{ cancel(): void }>();
  const begun = now();
  let next = 0;
  let finished = 0;
  let state: Grading['state'] = 'running';
  let failure: RunFailure | null = null;

  const tell = () => onChange({ cells: [...cells], finished, firstFailure: cells.find((cell) => cell.state === 'failed') ?? null, state, failure, elapsedMs: now() - begun });
  const end = (how: Grading['state']) => {
    state = how;
    for (const run of running) run.cancel();
    running.clear();
    tell();
  };

  const worker = async (): Promise<void> => {
    while (state === 'running' && next < plan.length) {
      const index = next++;
      await options.visible?.();
      await one(index);
    }
  };

  async function one(index: number): Promise<void> {
    const run = plan[index]!;
    for (let attempt = 0; state === 'running'; attempt++) {
      const universe = exercise.universe(run, files, attempt);
      const trace = await compute(universe);
      if (!trace || state !== 'running') return;
      const judgement = exercise.judge(trace);
      if (drawAgain(run, judgement, attempt)) continue;
      cells[index] = { run, state: judgement.findings.length === 0 ? 'held' : 'failed', universe, judgement };
      finished++;
      if (finished === plan.length) state = 'finished';
      tell();
      return;
    }
  }

  /** The finished trace; null when the grading ended meanwhile. */
  function compute(universe: Universe): Promise<TraceStore | null> {
    return new Promise((resolve) => {
      const trace = new TraceStore();
      const handle: { cancel(): void } = { cancel: () => resolve(null) };
      let inner: { cancel(): void } | null = null;
      const settle = (result: TraceStore | null) => {
        running.delete(handle);
        resolve(result);
      };
      running.add(handle);
      inner = runner(universe, {
        chunk: (chunk) => trace.append(chunk),
        done: () => settle(trace),
        failed: (why) => {
          settle(null);
          if (state !== 'running') return;
          failure = why;
          end('stopped');
        },
      });
      handle.cancel = () => {
        inner?.cancel();
        resolve(null);
      };
    });
  }

  tell();
  for (let i = 0; i < Math.max(1, options.workers); i++) void worker();
  return () => {
    if (state === 'running') end('cancelled');
  };
}

/** How many runs may be computed at a time on this device. */
export function workersHere(cores: number, memoryGb: number | undefined): number {
  if (memoryGb !== undefined && memoryGb <= 4) return Math.max(1, Math.min(2, cores - 1));
  return Math.max(1, Math.min(4, cores - 1));
}

/** Runs held, by group. */
export function tally(cells: readonly Cell[]): { readonly quiet: number; readonly faulted: number; readonly of: number } {
  const held = (group: GradedRun['group']) => cells.filter((cell) => cell.run.group === group && cell.state === 'held').length;
  return { quiet: held('quiet'), faulted: held('faulted'), of: cells.length / 2 };
}

/** Runs in which each check held, among those finished. */
export function heldByCheck(cells: readonly Cell[], checks: number): number[] {
  return Array.from({ length: checks }, (_, i) => cells.filter((cell) => cell.judgement?.held[i]).length);
}
