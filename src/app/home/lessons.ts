// How far each lesson is: whether it is written, and how far the learner has come in it.

export type LessonState = 'unwritten' | 'open' | 'begun' | 'done';

export interface Lessons {
  stateOf(id: string): LessonState;
  /** The lesson to go on with; null before the first is begun. */
  readonly current: { readonly id: string; readonly doneSteps: number; readonly steps: number } | null;
}

const WRITTEN = new Set(['1.4']);

export function useLessons(): Lessons {
  return { stateOf: (id) => (WRITTEN.has(id) ? 'open' : 'unwritten'), current: null };
}
