// The solution beside the learner's code: Monaco's diff where the full editor is used, a plain one otherwise. It is inserted, not run.
import { useEffect, useRef } from 'react';
import { Dialog } from '../app/components/dialog.tsx';
import { useShownTheme } from '../app/preferences.ts';
import { diffLines } from './diff.ts';
import { useEditorMessages } from './messages.ts';
import { loadMonaco, SHOWN } from './monaco.ts';

export interface SolutionProps {
  readonly mine: string;
  readonly solution: string;
  readonly plain: boolean;
  readonly onInsert: () => void;
  readonly onClose: () => void;
}

export function Solution({ mine, solution, plain, onInsert, onClose }: SolutionProps) {
  const m = useEditorMessages().solution;
  const same = mine === solution;
  return (
    <Dialog title={m.title} onClose={onClose} className="solution">
      <p className="dialog-text">{same ? m.same : m.text}</p>
      {!same && (plain ? <PlainDiff before={mine} after={solution} /> : <MonacoDiff before={mine} after={solution} />)}
      <div className="dialog-actions">
        {!same && (
          <button
            type="button"
            className="button primary"
            onClick={() => {
              onInsert();
              onClose();
            }}
          >
            {m.insert}
          </button>
        )}
      </div>
    </Dialog>
  );
}

function PlainDiff({ before, after }: { before: string; after: string }) {
  const m = useEditorMessages().solution;
  return (
    <pre className="plain-diff" tabIndex={0} aria-label={m.diffLabel}>
      {diffLines(before, after).map((line, i) => (
        <span key={i} className={line.kind}>
          {line.kind === 'gone' ? <del>{`- ${line.text}`}</del> : line.kind === 'new' ? <ins>{`+ ${line.text}`}</ins> : `  ${line.text}`}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}

function MonacoDiff({ before, after }: { before: string; after: string }) {
  const m = useEditorMessages().solution;
  const host = useRef<HTMLDivElement>(null);
  const theme = useShownTheme();
  useEffect(() => {
    let dispose = () => {};
    let gone = false;
    void loadMonaco().then((monaco) => {
      if (gone || !host.current) return;
      const editor = monaco.editor.createDiffEditor(host.current, {
        theme: `millrace-${theme}`,
        fontFamily: '"JetBrains Mono", Pretendard, ui-monospace, Menlo, monospace',
        fontSize: 13,
        lineHeight: 20,
        readOnly: true,
        originalEditable: false,
        renderSideBySide: true,
        useInlineViewWhenSpaceIsLimited: true,
        minimap: { enabled: false },
        folding: false,
        scrollBeyondLastLine: false,
        renderOverviewRuler: false,
        automaticLayout: true,
        ariaLabel: m.diffLabel,
      });
      const original = monaco.editor.createModel(before, SHOWN);
      const modified = monaco.editor.createModel(after, SHOWN);
      editor.setModel({ original, modified });
      dispose = () => {
        editor.dispose();
        original.dispose();
        modified.dispose();
      };
    });
    return () => {
      gone = true;
      dispose();
    };
  }, [before, after, theme, m]);
  return <div ref={host} className="diff-host" />;
}
