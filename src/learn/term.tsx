// A term at its first use: a button that opens one sentence about it beside the word. Esc and a click elsewhere close it.
import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useLanguage } from '../app/preferences.ts';
import { GLOSSARY, type TermId } from './glossary.ts';

export function Term({ id, children }: { id: TermId; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const pop = useRef<HTMLSpanElement>(null);
  const language = useLanguage();
  const textId = useId();
  const entry = GLOSSARY[id];
  const other = language === 'ko' ? 'en' : 'ko';

  useEffect(() => {
    if (!open) return;
    const close = (e: Event) => {
      if (e instanceof KeyboardEvent ? e.key === 'Escape' : !(e.target instanceof Node && (button.current?.contains(e.target) || pop.current?.contains(e.target)))) setOpen(false);
    };
    addEventListener('keydown', close);
    addEventListener('pointerdown', close);
    return () => {
      removeEventListener('keydown', close);
      removeEventListener('pointerdown', close);
    };
  }, [open]);

  // Kept inside the column: the word may stand at the end of a line.
  useLayoutEffect(() => {
    const box = pop.current;
    const column = box?.closest('article');
    if (!open || !box || !column) return;
    box.style.marginLeft = '0';
    const over = box.getBoundingClientRect().right - column.getBoundingClientRect().right + parseFloat(getComputedStyle(column).paddingRight);
    if (over > 0) box.style.marginLeft = `${-over}px`;
  }, [open]);

  return (
    <span className="term">
      <button ref={button} type="button" aria-expanded={open} aria-describedby={open ? textId : undefined} onClick={() => setOpen(!open)}>
        {children}
      </button>
      {open && (
        <span ref={pop} className="term-pop" role="note" id={textId}>
          <b>{entry.name[language]}</b> <span lang={other}>{entry.name[other]}</span>
          <span className="term-text">{entry.text[language]}</span>
        </span>
      )}
    </span>
  );
}
