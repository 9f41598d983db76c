// The eight steps of a lesson as sections of the prose column, and the rail that shows where the learner is.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { STEPS, type StepId } from '../store/progress.ts';
import { useLessonMessages } from './messages.ts';
import { useRoom } from './room.tsx';

function Step({ id, children }: { id: StepId; children: ReactNode }) {
  const m = useLessonMessages();
  const heading = id === 'hook' || id === 'idea' ? null : m.headings[id];
  return (
    <section id={`step-${id}`} data-step={id} aria-label={heading ? undefined : m.steps[id]} aria-labelledby={heading ? `heading-${id}` : undefined} tabIndex={-1}>
      {heading && <h2 id={`heading-${id}`}>{heading}</h2>}
      {children}
    </section>
  );
}

type Children = { children: ReactNode };
export const Hook = ({ children }: Children) => (
  <Step id="hook">
    <div className="hook">{children}</div>
  </Step>
);
export const Idea = ({ children }: Children) => <Step id="idea">{children}</Step>;
export const BreakIt = ({ children }: Children) => <Step id="break">{children}</Step>;
export const DoIt = ({ children }: Children) => <Step id="do">{children}</Step>;
export const AtWork = ({ children }: Children) => <Step id="work">{children}</Step>;
export { Step };

/** Steps that are done by being read. The others are done by what the learner does in them. */
const READ: ReadonlySet<StepId> = new Set(['hook', 'idea', 'work']);

/** The steps, drawn as cells of a log: done are solid, the present one is half filled. */
export function Rail({ scroller }: { scroller: HTMLElement | null }) {
  const m = useLessonMessages();
  const { progress, finish } = useRoom();
  const current = useCurrentStep(scroller, (passed) => {
    if (READ.has(passed)) finish(passed);
  });
  return (
    <nav className="rail" aria-label={m.rail}>
      <ol>
        {STEPS.map((id) => {
          const done = progress.done.includes(id);
          const state = id === current ? 'current' : done ? 'done' : 'open';
          return (
            <li key={id} className={`${done ? 'done' : ''} ${id === current ? 'current' : ''}`}>
              <a href={`#step-${id}`} aria-current={id === current ? 'step' : undefined} onClick={(e) => jump(e, id)}>
                <i aria-hidden="true" />
                <span className="rail-name">{m.steps[id]}</span>
                <span className="unseen">, {m.stepState[state === 'current' && done ? 'done' : state]}</span>
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function jump(event: { preventDefault(): void }, id: StepId): void {
  event.preventDefault();
  const target = document.getElementById(`step-${id}`);
  target?.scrollIntoView({ block: 'start' });
  target?.focus({ preventScroll: true });
}

/** The step at the top third of the view. @param onPass hears of every step whose end was scrolled into view. */
function useCurrentStep(scroller: HTMLElement | null, onPass: (step: StepId) => void): StepId {
  const [current, setCurrent] = useState<StepId>('hook');
  const pass = useRef(onPass);
  pass.current = onPass;
  useEffect(() => {
    if (!scroller) return;
    // On a phone the page scrolls, not the column.
    const target: HTMLElement | Window = getComputedStyle(scroller).overflowY === 'visible' ? window : scroller;
    const look = () => {
      const top = target === window ? 0 : scroller.getBoundingClientRect().top;
      const height = target === window ? innerHeight : scroller.clientHeight;
      const atEnd = target !== window && scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
      let found: StepId = 'hook';
      for (const section of scroller.querySelectorAll<HTMLElement>('[data-step]')) {
        const box = section.getBoundingClientRect();
        const id = section.dataset.step as StepId;
        if (box.top - top < height / 3 || atEnd) found = id;
        if (box.bottom - top < height) pass.current(id);
      }
      setCurrent(found);
    };
    const frame = requestAnimationFrame(look);
    target.addEventListener('scroll', look, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      target.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return current;
}
