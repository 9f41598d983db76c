// Code to read: numbered and coloured, with what is said about it underneath.
import { Fragment } from 'react';
import { highlight } from './highlight.ts';

export function CodeView({ text, label }: { text: string; label: string }) {
  return (
    <pre className="code-view" tabIndex={0} aria-label={label}>
      {text
        .replace(/\n$/, '')
        .split('\n')
        .map((line, i) => (
          <span key={i} className="code-line">
            <span className="code-number" aria-hidden="true">
              {i + 1}
            </span>
            <span>
              {highlight(line).map((token, j) =>
                token.kind === 'plain' ? (
                  <Fragment key={j}>{token.text}</Fragment>
                ) : (
                  <span key={j} className={`t-${token.kind}`}>
                    {token.text}
                  </span>
                ),
              )}
              {'\n'}
            </span>
          </span>
        ))}
    </pre>
  );
}
