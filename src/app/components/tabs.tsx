// A row of tabs: one is chosen, arrow keys move between them. What they open is the caller's.
import { useRef, type KeyboardEvent } from 'react';

export interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly title: string }[];
  readonly value: Id;
  /** Id of the element that a tab opens. */
  readonly panelOf: (id: Id) => string;
  onChange(id: Id): void;
}

export function Tabs<Id extends string>({ label, tabs, value, panelOf, onChange }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);

  function move(e: KeyboardEvent): void {
    const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    e.preventDefault();
    e.stopPropagation();
    const next = tabs[(tabs.findIndex((t) => t.id === value) + by + tabs.length) % tabs.length]!;
    onChange(next.id);
    list.current?.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  }

  return (
    <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ id, title }) => (
        <button key={id} type="button" role="tab" id={`tab-${id}`} aria-selected={value === id} aria-controls={panelOf(id)} tabIndex={value === id ? 0 : -1} onClick={() => onChange(id)}>
          {title}
        </button>
      ))}
    </div>
  );
}
