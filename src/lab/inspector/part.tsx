// A part of the inspector: a small heading, something to do with it, and what it says.
import type { ReactNode } from 'react';
import { formatSeconds } from '../../app/format.ts';

export function Part({ title, action, children }: { title: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="part">
      <h3>
        <span>{title}</span>
        {action}
      </h3>
      {children}
    </section>
  );
}

/** A step in a chain of what happened: a click goes there. */
export function ChainStep({ timeUs, onClick, children }: { timeUs: number; onClick: () => void; children: ReactNode }) {
  return (
    <li>
      <button type="button" onClick={onClick}>
        <span className="mono">{formatSeconds(timeUs)}</span>
        <i />
        <span>{children}</span>
      </button>
    </li>
  );
}
