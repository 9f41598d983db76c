// A grading as React holds it: compiled first, then run; one at a time, and it survives a change of tab.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LessonKit } from '../../lessons/contract.ts';
import type { CodeProblem } from './code-problem.ts';
import { grade, workersHere, type Grading } from './grader.ts';
import { learnerRunner } from './learner-runner.ts';
import { compile } from './typescript-service.ts';

export type GradingState =
  | { readonly kind: 'none' }
  | { readonly kind: 'compiling' }
  | { readonly kind: 'typeErrors'; readonly problems: readonly CodeProblem[] }
  | { readonly kind: 'noCompiler' }
  | { readonly kind: 'graded'; readonly grading: Grading };

export function useGrading(kit: LessonKit, onFinished: (grading: Grading) => void): { readonly state: GradingState; start(files: Readonly<Record<string, string>>): void; cancel(): void } {
  const [state, setState] = useState<GradingState>({ kind: 'none' });
  const stop = useRef<() => void>(() => {});
  const finished = useRef(onFinished);
  finished.current = onFinished;
  useEffect(() => () => stop.current(), []);

  const start = useCallback(
    (files: Readonly<Record<string, string>>) => {
      stop.current();
      let ended = false;
      stop.current = () => void (ended = true);
      setState({ kind: 'compiling' });
      compile(files).then(
        (compiled) => {
          if (ended) return;
          if (!compiled.ok) {
            setState({ kind: 'typeErrors', problems: compiled.problems });
            return;
          }
          stop.current = grade({
            exercise: kit.exercise,
            files,
            runner: learnerRunner,
            workers: workersHere(navigator.hardwareConcurrency || 2, (navigator as { deviceMemory?: number }).deviceMemory),
            visible,
            now: () => performance.now(),
            onChange: (grading) => {
              setState({ kind: 'graded', grading });
              if (grading.state === 'finished') finished.current(grading);
            },
          });
        },
        () => {
          if (!ended) setState({ kind: 'noCompiler' });
        },
      );
    },
    [kit],
  );
  const cancel = useCallback(() => stop.current(), []);
  return { state, start, cancel };
}

/** Resolves at once while the page is visible, else when it becomes so. */
function visible(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
  });
}
