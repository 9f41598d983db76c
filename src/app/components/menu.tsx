// A small menu beside the thing it belongs to: arrow keys move, Enter chooses, Esc closes, the focus goes back.
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Icon, type IconName } from '../icons.tsx';

export interface MenuItem {
  readonly id: string;
  readonly title: string;
  readonly icon?: IconName;
  readonly hint?: string;
  run(): void;
}

export interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Where it opens, in the page. */
  readonly at: { readonly x: number; readonly y: number };
  readonly onClose: () => void;
}

export function Menu({ label, items, at, onClose }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);
  const returnTo = useRef<Element | null>(null);

  useLayoutEffect(() => {
    const box = ref.current!.getBoundingClientRect();
    setPlace({ x: Math.max(8, Math.min(at.x, innerWidth - box.width - 8)), y: Math.max(8, Math.min(at.y, innerHeight - box.height - 8)) });
  }, [at.x, at.y]);

  useEffect(() => {
    returnTo.current = document.activeElement;
    ref.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const outside = (e: PointerEvent) => {
      if (!ref.current?.contains(e.target as Node)) onClose();
    };
    addEventListener('pointerdown', outside, true);
    return () => {
      removeEventListener('pointerdown', outside, true);
      if (returnTo.current instanceof HTMLElement || returnTo.current instanceof SVGElement) returnTo.current.focus({ preventScroll: true });
    };
  }, [onClose]);

  function onKeyDown(e: KeyboardEvent): void {
    e.stopPropagation();
    const all = Array.from(ref.current!.querySelectorAll<HTMLElement>('[role=menuitem]'));
    const n = all.indexOf(document.activeElement as HTMLElement);
    const by = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    if (by) {
      e.preventDefault();
      all[(n + by + all.length) % all.length]?.focus();
    } else if (e.key === 'Escape' || e.key === 'Tab') {
      e.preventDefault();
      onClose();
    }
  }

  return (
    <div ref={ref} role="menu" aria-label={label} className="menu" style={{ left: place.x, top: place.y }} onKeyDown={onKeyDown}>
      <div className="menu-label" aria-hidden="true">
        {label}
      </div>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            onClose();
            item.run();
          }}
        >
          {item.icon && <Icon name={item.icon} />}
          <span>{item.title}</span>
          {item.hint && <kbd>{item.hint}</kbd>}
        </button>
      ))}
    </div>
  );
}
