// Type errors of the files as they are edited. The full editor tells them itself; for the plain one the worker is asked after a pause.
import { useCallback, useEffect, useState } from 'react';
import type { CodeProblem } from './code-problem.ts';
import { beginTypeScript } from './typescript-service.ts';

const PAUSE_MS = 500;
const NONE: readonly CodeProblem[] = [];

export function useChecked(files: Readonly<Record<string, string>>, ask: boolean): { readonly problems: readonly CodeProblem[]; readonly checking: boolean; onProblems(problems: readonly CodeProblem[]): void } {
  const [problems, setProblems] = useState(NONE);
  const [checking, setChecking] = useState(false);
  useEffect(() => {
    if (!ask) return;
    let gone = false;
    setChecking(true);
    const timer = setTimeout(() => {
      beginTypeScript()
        .then(({ service }) => service.check(files))
        .then(
          (found) => {
            if (gone) return;
            setProblems(found);
            setChecking(false);
          },
          () => {
            // Without the compiler nothing can be said; grading tells that it could not be loaded.
            if (!gone) setChecking(false);
          },
        );
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [files, ask]);
  const onProblems = useCallback((found: readonly CodeProblem[]) => setProblems(found), []);
  return { problems, checking: ask && checking, onProblems };
}
