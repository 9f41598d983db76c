// A part of the inspector: a small heading, something to do with it, and what it says.
import type { ReactNode } from 'react';

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
