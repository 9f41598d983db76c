// Short texts with `code` in them, as messages carry it.
import { Fragment } from 'react';

export function Rich({ text }: { text: string }) {
  return text.split('`').map((piece, i) => (i % 2 ? <code key={i}>{piece}</code> : <Fragment key={i}>{piece}</Fragment>));
}
