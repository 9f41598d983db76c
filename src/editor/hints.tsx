// Three hints, opened one by one and kept open.
import type { Bilingual } from '../../lessons/contract.ts';
import { useLanguage } from '../app/preferences.ts';
import { Rich } from '../app/rich.tsx';
import { useEditorMessages } from './messages.ts';

export function Hints({ hints, open }: { hints: readonly Bilingual[]; open: number }) {
  const m = useEditorMessages().report;
  const language = useLanguage();
  if (open === 0) return null;
  return (
    <div role="status">
      <ol className="hints">
        {hints.slice(0, open).map((hint, i) => (
          <li key={i}>
            <span className="micro">{m.hintTitle(i + 1)}</span>
            <Rich text={hint[language]} />
          </li>
        ))}
      </ol>
    </div>
  );
}
