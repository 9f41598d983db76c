// Type errors as a list, for every editor and for whoever does not see squiggles.
import type { CodeProblem } from './code-problem.ts';
import { useEditorMessages } from './messages.ts';

export function ProblemList({ problems }: { problems: readonly CodeProblem[] }) {
  const m = useEditorMessages();
  if (problems.length === 0) return null;
  return (
    <ul id="code-problems" className="code-problems">
      {problems.slice(0, MOST).map((problem, i) => (
        <li key={i}>
          <span className="mono">{problem.file}</span> {m.problemAt(problem.line, problem.column)}
          <span className="problem-text" lang="en">
            {problem.message} <span className="quiet mono">TS{problem.code}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

const MOST = 20;
