// Every exercise against the engine: the starter and each wrong answer fail with their own diagnosis, and the solution holds on every run.
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { drawAgain, type Exercise, type Files, type GradedRun, type Judgement } from '../lessons/contract.ts';
import type { Universe } from '../simulations/contract/scenario.ts';
import { TraceStore } from '../simulations/kernel/traceStore.ts';
import { lessons } from './catalogue.ts';
import { compile, executeCode } from './sim/execute.ts';

const WORKERS = Math.max(1, Math.min(4, availableParallelism()));

async function judged(exercise: Exercise, universe: Universe): Promise<Judgement> {
  const store = new TraceStore();
  await executeCode(universe, await compile(universe.files), (chunk) => store.append(chunk));
  return exercise.judge(store);
}

/** One run of a plan, drawn again until a fault struck. */
async function graded(exercise: Exercise, run: GradedRun, files: Files): Promise<{ universe: Universe; judgement: Judgement; attempts: number }> {
  for (let attempt = 0; ; attempt++) {
    const universe = exercise.universe(run, files, attempt);
    const judgement = await judged(exercise, universe);
    if (!drawAgain(run, judgement, attempt)) return { universe, judgement, attempts: attempt + 1 };
  }
}

describe.each(lessons())('the exercise of lesson $id', ({ kit, wrong }) => {
  const { exercise, given } = kit;
  const withEntry = (text: string): Files => ({ ...given, [exercise.entry]: text });
  const quiet = (seed: number): GradedRun => ({ index: 0, group: 'quiet', seed });

  it('fails the starter, with a diagnosis that says what is missing', { timeout: 60_000 }, async () => {
    const { judgement } = await graded(exercise, quiet(1), given);
    expect(judgement.findings.map((f) => f.diagnosis)).toHaveLength(1);
    expect(exercise.tell(judgement.findings[0]!, 'ko')).not.toBe('');
  });

  it.each(wrong)('rejects $name with its own diagnosis', { timeout: 60_000 }, async ({ text, seed, schedule, diagnosis }) => {
    const universe = { ...exercise.universe(quiet(seed), withEntry(text), 0), faults: schedule };
    const judgement = await judged(exercise, universe);
    expect(judgement.findings.map((f) => f.diagnosis)).toEqual(expect.arrayContaining(diagnosis.split(', ')));
  });

  it('has at least four wrong answers, each for another reason', () => {
    expect(new Set(wrong.map((w) => w.diagnosis)).size).toBeGreaterThanOrEqual(4);
  });

  it('passes the solution on every run, and every run with faults is struck', { timeout: 900_000 }, async () => {
    const files = withEntry(kit.solution);
    const plan = [...exercise.plan()];
    const failed: string[] = [];
    let drawnAgain = 0;
    const worker = async () => {
      for (let run = plan.shift(); run; run = plan.shift()) {
        const { universe, judgement, attempts } = await graded(exercise, run, files);
        drawnAgain += attempts - 1;
        if (run.group === 'faulted') expect(judgement.faultsInEffect, `seed ${run.seed}`).toBeGreaterThan(0);
        for (const finding of judgement.findings) failed.push(`seed ${run.seed} [${universe.faults.join('; ')}] ${finding.check}: ${finding.diagnosis}`);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    console.log(`lesson ${kit.lesson}: ${drawnAgain} schedules struck nothing and were drawn again`);
    expect(failed).toEqual([]);
  });
});
