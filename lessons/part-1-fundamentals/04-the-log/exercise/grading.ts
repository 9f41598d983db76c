// How the exercise is graded: quiet seeds, and seeds with faults that never make the properties impossible.
import type { Exercise, Files, GradedRun } from '../../../contract.ts';
import { gradePlan, scheduleOf } from '../../../grading.ts';
import { APP, buildScenario, MEMBERS } from '../scenario.ts';
import { CHECKS, judge } from './checks.ts';
import { point, tell } from './diagnoses.ts';
import { HINTS } from './hints.ts';

/** Virtual length of a graded run: the last fault is healed 15 s before it. */
const HORIZON_MS = 60_000;
/** The code sends for about 19 s; a fault begins while it does. */
const SENDING_US = { from: 3_000_000, to: 17_000_000 };

/** @param given the files as first given, by name. */
export function createExercise(given: Files): Exercise {
  const scenario = { ...buildScenario(given, HORIZON_MS), faults: [] };
  return {
    lesson: '1.4',
    entry: 'publish.ts',
    checks: CHECKS,
    plan: gradePlan,
    universe: (run: GradedRun, files: Files, attempt: number) => ({
      scenario,
      faults: run.group === 'quiet' ? [] : scheduleOf(run.seed, attempt, { app: APP, brokers: 3, members: MEMBERS, ...SENDING_US, healedByUs: (HORIZON_MS - 15_000) * 1000 }),
      seed: run.seed,
      files: { ...given, ...files },
    }),
    judge,
    tell,
    point,
    hints: HINTS,
  };
}
