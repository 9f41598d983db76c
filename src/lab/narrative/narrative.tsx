// The narrative: one sentence for each event up to the playhead. Only a window of rows is in the page; it grows as one reads back.
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState, type KeyboardEvent } from 'react';
import { Icon } from '../../app/icons.tsx';
import { formatSeconds } from '../../app/format.ts';
import { useEngineText, useLabMessages } from '../messages/use-lab-messages.ts';
import { Said, namesOf } from '../said.tsx';
import { selectionId } from '../selection.ts';
import type { Session } from '../session.ts';
import { usePaced } from '../use-session.ts';
import { say } from '../../../simulations/text/contract.ts';
import { createEntries, type NarrativeFilter } from './entries.ts';
import './narrative.css';

const PAGE = 60;
const MOST = 300;
const LISTED_AT_ONCE = 300_000;
const SEARCHED_AT_ONCE = 8_000;
const FILTERS: readonly NarrativeFilter[] = ['outcomes', 'key', 'all', 'selected'];

export function Narrative({ session }: { session: Session }) {
  const words = useLabMessages().narrative;
  const text = useEngineText();
  const state = usePaced(session, 6);
  const [filter, setFilter] = useState<NarrativeFilter>('outcomes');
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const [searching, setSearching] = useState(false);
  const [, nextSlice] = useReducer((n: number) => n + 1, 0);
  /** First row in the page; null = the last page, following the playhead. */
  const [start, setStart] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { trace, position, universe, selection } = state;
  const scenario = universe?.scenario;
  const names = useMemo(() => (scenario ? namesOf(scenario) : null), [scenario]);
  const concerned = filter === 'selected' && selection ? selectionId(selection) : '';
  // The selection itself is read through its id, so that choosing a thing does not build the index anew for other filters.
  const entries = useMemo(() => createEntries(trace, filter, filter === 'selected' ? selection : null, universe?.faults ?? [], search, text), [trace, filter, concerned, universe, search, text]);
  // Sentences are made to be searched, so a search looks at fewer events at a time; the rest follows in the next slices.
  const caughtUp = entries.extend(search ? SEARCHED_AT_ONCE : LISTED_AT_ONCE, position);
  const count = entries.count(position);
  const first = start === null ? Math.max(0, count - PAGE) : Math.min(start, Math.max(0, count - 1));
  const last = start === null ? count : Math.min(count, first + MOST);

  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (caughtUp) return;
    const timer = setTimeout(nextSlice, 0);
    return () => clearTimeout(timer);
  });
  useEffect(() => setStart(null), [filter, concerned, search, trace]);
  useLayoutEffect(() => {
    if (start === null && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  });

  function onScroll(): void {
    const box = scroller.current!;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
    if (atEnd && last === count) {
      if (start !== null) setStart(null);
    } else if (box.scrollTop < 160 && first > 0) setStart(Math.max(0, first - PAGE));
    else if (start === null && !atEnd) setStart(first);
  }

  /** Arrow keys go along the rows, from the latest; Enter on a row goes there, as a click does. */
  function onKeyDown(e: KeyboardEvent): void {
    const rowsShown = Array.from(scroller.current!.querySelectorAll('button'));
    const at = rowsShown.findIndex((row) => row === document.activeElement);
    const to = { ArrowUp: at < 0 ? rowsShown.length - 1 : at - 1, ArrowDown: at < 0 ? rowsShown.length - 1 : at + 1, Home: 0, End: rowsShown.length - 1 }[e.key];
    if (to === undefined || e.ctrlKey || e.metaKey || e.altKey) return;
    rowsShown[Math.max(0, Math.min(rowsShown.length - 1, to))]?.focus();
    e.preventDefault();
  }

  const rows: number[] = [];
  for (let n = first; n < last; n++) rows.push(entries.at(n));
  const latest = rows.at(-1) ?? -1;
  return (
    <section className="narrative" aria-label={words.title}>
      <div className="narrative-head">
        <h3>{words.title}</h3>
        <span className="spring" />
        <label>
          <span className="unseen">{words.filter}</span>
          <select value={filter} onChange={(e) => setFilter(e.target.value as NarrativeFilter)}>
            {FILTERS.map((f) => (
              <option key={f} value={f}>
                {words.filters[f]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="tool"
          aria-label={words.search}
          aria-expanded={searching}
          onClick={() => {
            setSearching(!searching);
            setTyped('');
          }}
        >
          <Icon name="search" />
        </button>
      </div>
      {searching && (
        <div className="narrative-search">
          <input type="search" autoFocus aria-label={words.search} placeholder={words.search} value={typed} onChange={(e) => setTyped(e.target.value)} onKeyDown={(e) => e.stopPropagation()} />
        </div>
      )}
      <div ref={scroller} className="narrative-scroll" onScroll={onScroll} onKeyDown={onKeyDown} tabIndex={0} role="group" aria-label={words.label}>
        <ol>
          {names &&
            rows.map((seq) => {
              const event = trace.event(seq);
              const now = seq === latest && start === null && position - 1 - seq < 400;
              return (
                <li key={seq} className={now ? 'now' : ''} aria-current={now ? 'true' : undefined}>
                  <button
                    type="button"
                    tabIndex={-1}
                    onClick={() => {
                      session.select({ kind: 'event', seq });
                      session.seekPosition(seq + 1);
                    }}
                  >
                    <span className="mono">{formatSeconds(event.timeUs)}</span>
                    <span>
                      <Said event={event} text={text} names={names} />
                    </span>
                  </button>
                </li>
              );
            })}
        </ol>
        {count === 0 && <p className="quiet narrative-none">{!caughtUp ? '…' : search ? words.noMatch : words.empty}</p>}
      </div>
      {start !== null && (
        <button type="button" className="narrative-latest link" onClick={() => setStart(null)}>
          {words.latest}
        </button>
      )}
      <p className="unseen" aria-live="polite">
        {!state.playing && position > 0 ? say(text, trace.event(position - 1)) : ''}
      </p>
    </section>
  );
}
