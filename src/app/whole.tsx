// Running text in which names do not break at their hyphens: broker-2, watch-events-0, order-service.
import type { ReactNode } from 'react';

/** Longer than this a name may break, or it would not fit a phone. */
const LONGEST = 36;
export const HYPHENED = /[A-Za-z0-9_.]+(?:-[A-Za-z0-9_]+)+/;
const SPLIT = new RegExp(`(${HYPHENED.source})`);

export function Whole({ text }: { readonly text: string }): ReactNode {
  return text.split(SPLIT).map((part, i) => (i % 2 ? wholeName(part, i) : part));
}

export function wholeName(name: string, key: number): ReactNode {
  return name.length > LONGEST ? (
    name
  ) : (
    <span key={key} className="whole">
      {name}
    </span>
  );
}
