// A text area with line numbers, for phones and whoever prefers it. Tab leaves it as it leaves any field.
import { useLayoutEffect, useMemo, useRef, type UIEvent } from 'react';
import type { CodeProblem, Marked } from './code-problem.ts';
import { useEditorMessages } from './messages.ts';

export interface PlainEditorProps {
  readonly file: string;
  readonly text: string;
  readonly readOnly: boolean;
  readonly problems: readonly CodeProblem[];
  readonly marked: Marked | null;
  readonly onChange: (text: string) => void;
}

export function PlainEditor({ file, text, readOnly, problems, marked, onChange }: PlainEditorProps) {
  const m = useEditorMessages();
  const gutter = useRef<HTMLOListElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = useMemo(() => text.split('\n').length, [text]);
  const wrong = new Set(problems.map((p) => p.line));

  const follow = (e: UIEvent<HTMLTextAreaElement>) => {
    if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop;
  };
  useLayoutEffect(() => {
    if (marked && area.current) area.current.scrollTop = Math.max(0, (marked.line - 4) * LINE);
  }, [marked]);

  return (
    <div className="plain-editor">
      <ol ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, i) => (
          <li key={i} className={wrong.has(i + 1) || marked?.line === i + 1 ? 'wrong' : ''}>
            {i + 1}
          </li>
        ))}
      </ol>
      <textarea
        ref={area}
        aria-label={file}
        aria-describedby={problems.length ? 'code-problems' : undefined}
        aria-invalid={problems.length > 0}
        value={text}
        readOnly={readOnly}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        wrap="off"
        onScroll={follow}
        onChange={(e) => onChange(e.currentTarget.value)}
      />
      {marked && (
        <p className="plain-note broken">
          {m.problemAt(marked.line, marked.from)}: {marked.note}
        </p>
      )}
    </div>
  );
}

const LINE = 20;
