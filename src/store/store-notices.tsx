// What storage has to say: set-aside data with a way to export it, full storage, data of a newer version.
import { useSyncExternalStore } from 'react';
import { useLanguage } from '../app/preferences.ts';
import type { Documents, StoreProblem } from './documents.ts';
import { STORE_BUTTONS, tellStoreProblem } from './messages.ts';
import './store-notices.css';

export function StoreNotices({ documents }: { documents: Documents }) {
  const problems = useSyncExternalStore(documents.subscribe, documents.problems);
  const language = useLanguage();
  const m = STORE_BUTTONS[language];
  if (problems.length === 0) return null;
  return (
    <div className="store-notices" role="alert" aria-label={m.notice}>
      {problems.map((problem) => (
        <div key={`${problem.kind} ${problem.name}`}>
          <p>{tellStoreProblem(problem, language)}</p>
          <div className="store-actions">
            {problem.kind === 'corrupt' && (
              <button type="button" className="link" onClick={() => exportText(problem)}>
                {m.save}
              </button>
            )}
            <button type="button" className="link" onClick={() => documents.dismiss(problem)}>
              {problem.kind === 'corrupt' ? m.discard : m.dismiss}
            </button>
          </div>
        </div>
      ))}
    </div>
  );
}

function exportText(problem: Extract<StoreProblem, { kind: 'corrupt' }>): void {
  const url = URL.createObjectURL(new Blob([problem.text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `millrace-${problem.name}.txt`;
  link.click();
  URL.revokeObjectURL(url);
}
