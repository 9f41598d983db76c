// How far the learner has come in each lesson: steps read, the answer committed to, quiz answers, hints and the best grading.
import type { DocumentKind } from './documents.ts';
import { documents } from './saved.ts';

export const STEPS = ['hook', 'idea', 'predict', 'run', 'break', 'do', 'check', 'work'] as const;
export type StepId = (typeof STEPS)[number];

export interface Best {
  readonly quiet: number;
  readonly faulted: number;
  /** Runs per group. */
  readonly of: number;
}

export interface LessonProgress {
  /** Steps that are done. */
  readonly done: readonly StepId[];
  /** The option committed to; the run may not yet have answered. */
  readonly prediction: string | null;
  readonly explained: boolean;
  /** Chosen option by question. */
  readonly quiz: Readonly<Record<string, string>>;
  readonly hints: number;
  readonly best: Best | null;
}

export const FRESH: LessonProgress = { done: [], prediction: null, explained: false, quiz: {}, hints: 0, best: null };

/** Progress by lesson id. */
export type Progress = Readonly<Record<string, LessonProgress>>;

export const PROGRESS: DocumentKind<Progress> = { version: 1, empty: {}, check: (data) => (isTable(data) && Object.values(data).every(isLesson) ? (data as Progress) : null) };

export function lessonProgress(lesson: string): LessonProgress {
  return documents.read('progress', PROGRESS)[lesson] ?? FRESH;
}

export function changeProgress(lesson: string, change: (progress: LessonProgress) => Partial<LessonProgress>): void {
  const all = documents.read('progress', PROGRESS);
  const present = all[lesson] ?? FRESH;
  documents.write('progress', PROGRESS, { ...all, [lesson]: { ...present, ...change(present) } });
}

/** Share of the lesson's steps that are done, 0 to 1. */
export function shareDone(progress: LessonProgress): number {
  return progress.done.length / STEPS.length;
}

function isLesson(value: unknown): boolean {
  if (!isTable(value)) return false;
  const { done, prediction, explained, quiz, hints, best } = value;
  return (
    Array.isArray(done) &&
    done.every((step) => (STEPS as readonly unknown[]).includes(step)) &&
    (prediction === null || typeof prediction === 'string') &&
    typeof explained === 'boolean' &&
    isTable(quiz) &&
    Object.values(quiz).every((option) => typeof option === 'string') &&
    typeof hints === 'number' &&
    (best === null || (isTable(best) && [best.quiet, best.faulted, best.of].every((n) => typeof n === 'number')))
  );
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
