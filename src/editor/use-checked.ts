// Type errors of the files as they are edited. The full editor tells them itself; for the plain one the worker is asked after a pause.
import { useCallback, useEffect, useState } from 'react';
import type { CodeProblem } from './code-problem.ts';
import { beginTypeScript } from './typescript-service.ts';

/** `unknown`: the compiler could not be loaded or failed. */
export type CheckState = 'checking' | 'checked' | 'unknown';

const PAUSE_MS = 500;
const NONE: readonly CodeProblem[] = [];

export function useChecked(
  files: Readonly<Record<string, string>>,
  ask: boolean,
): { readonly problems: readonly CodeProblem[]; readonly state: CheckState; onProblems(problems: readonly CodeProblem[]): void } {
  const [problems, setProblems] = useState(NONE);
  const [state, setState] = useState<CheckState>('checked');
  useEffect(() => {
    if (!ask) return;
    let gone = false;
    setState('checking');
    const timer = setTimeout(() => {
      beginTypeScript()
        .then(({ service }) => service.check(files))
        .then(
          (found) => {
            if (gone) return;
            setProblems(found);
            setState('checked');
          },
          () => {
            if (!gone) setState('unknown');
          },
        );
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [files, ask]);
  const onProblems = useCallback((found: readonly CodeProblem[]) => setProblems(found), []);
  return { problems, state: ask ? state : 'checked', onProblems };
}
