// How far each lesson is: whether it is written, and how far the learner has come in it.
import { useMemo } from 'react';
import { writtenLesson, WRITTEN } from '../../learn/catalogue.ts';
import { PROGRESS, STEPS, type Progress } from '../../store/progress.ts';
import { useSaved } from '../../store/saved.ts';

export type LessonState = 'unwritten' | 'open' | 'begun' | 'done';

export interface Lessons {
  stateOf(id: string): LessonState;
  /** The lesson to go on with; null before the first is begun. */
  readonly current: { readonly id: string; readonly doneSteps: number; readonly steps: number } | null;
}

export function useLessons(): Lessons {
  const [progress] = useSaved('progress', PROGRESS);
  return useMemo(() => {
    const begun = WRITTEN.find(({ id }) => stateIn(progress, id) === 'begun');
    return {
      stateOf: (id) => stateIn(progress, id),
      current: begun ? { id: begun.id, doneSteps: progress[begun.id]!.done.length, steps: STEPS.length } : null,
    };
  }, [progress]);
}

function stateIn(progress: Progress, id: string): LessonState {
  if (!writtenLesson(id)) return 'unwritten';
  const done = progress[id]?.done.length ?? 0;
  return done === 0 ? 'open' : done < STEPS.length ? 'begun' : 'done';
}
