// Running text of the message tables: what stands between backticks is code, and names do not break at their hyphens.
import { Fragment } from 'react';
import { Whole } from './whole.tsx';

export function Rich({ text }: { readonly text: string }) {
  return text.split('`').map((piece, i) => (
    <Fragment key={i}>
      {i % 2 ? (
        <code>
          <Whole text={piece} />
        </code>
      ) : (
        <Whole text={piece} />
      )}
    </Fragment>
  ));
}
