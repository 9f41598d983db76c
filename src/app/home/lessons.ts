// How far each lesson is: whether it is written, and how far the learner has come in it.
import { useMemo } from 'react';
import { WRITTEN, writtenLesson } from '../../learn/catalogue.ts';
import { lessonProgress, STEPS } from '../../store/progress.ts';

export type LessonState = 'unwritten' | 'open' | 'begun' | 'done';

export interface Lessons {
  stateOf(id: string): LessonState;
  minutesOf(id: string): number;
  /** The lesson to go on with; null before the first is begun. */
  readonly current: { readonly id: string; readonly doneSteps: number; readonly steps: number } | null;
}

export function useLessons(): Lessons {
  return useMemo(readLessons, []);
}

export function readLessons(): Lessons {
  const stateOf = (id: string): LessonState => {
    if (!writtenLesson(id)) return 'unwritten';
    const { done, prediction } = lessonProgress(id);
    return done.length >= STEPS.length ? 'done' : done.length > 0 || prediction !== null ? 'begun' : 'open';
  };
  const begun = WRITTEN.find((lesson) => stateOf(lesson.id) === 'begun');
  return {
    stateOf,
    minutesOf: (id) => writtenLesson(id)?.minutes ?? 0,
    current: begun ? { id: begun.id, doneSteps: lessonProgress(begun.id).done.length, steps: STEPS.length } : null,
  };
}
