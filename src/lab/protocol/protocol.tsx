// The protocol inspector: the requests up to the playhead, newest last, and one of them field by field beside its bytes.
import { useEffect, useId, useLayoutEffect, useMemo, useReducer, useRef, useState, type KeyboardEvent } from 'react';
import { APIS } from '../../../simulations/kafka/protocol/layout.ts';
import { formatSeconds } from '../../app/format.ts';
import { useLanguage } from '../../app/preferences.ts';
import { durationIn } from '../messages/use-lab-messages.ts';
import type { Session } from '../session.ts';
import { usePaced } from '../use-session.ts';
import { createExchanges, errorOf, SENT, versionOf, type Exchange } from './exchanges.ts';
import { ExchangeView } from './exchange-view.tsx';
import { filtersOf, requestTest, type Filter } from './filters.ts';
import { useProtocolMessages } from './messages.ts';
import './protocol.css';

/** Rows in the page at most. */
const MOST = 120;
const READ_AT_ONCE = 300_000;

export function Protocol({ session }: { session: Session }) {
  const words = useProtocolMessages();
  const duration = durationIn(useLanguage());
  const state = usePaced(session, 6);
  const { trace, position, timeUs, universe, selection } = state;
  const scenario = universe?.scenario ?? null;
  const [filter, setFilter] = useState<Filter>('clients');
  const [api, setApi] = useState('');
  /** null = the newest row that passes. */
  const [chosen, setChosen] = useState<number | null>(null);
  const [, nextSlice] = useReducer((n: number) => n + 1, 0);
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();

  const exchanges = useMemo(() => createExchanges(trace), [trace]);
  const caughtUp = exchanges.extend(READ_AT_ONCE, trace.count);
  useEffect(() => {
    if (caughtUp) return;
    const timer = setTimeout(nextSlice, 0);
    return () => clearTimeout(timer);
  });
  useEffect(() => setChosen(null), [trace, filter, api]);

  const rows = useMemo(() => {
    if (!scenario) return [];
    const passes = requestTest(trace, scenario, filter, selection, api);
    if (filter !== 'errors') return exchanges.last(position, MOST, passes);
    return exchanges
      .last(position, MOST * 40, passes)
      .filter((e) => errorOf(trace, e.response) !== '')
      .slice(-MOST);
  }, [exchanges, trace, scenario, filter, selection, api, position, caughtUp]);
  const current: Exchange | null = chosen === null ? (rows.at(-1) ?? null) : exchanges.at(chosen, position);
  const shown = current && current.request < position ? current : null;

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (chosen === null) box.scrollTop = box.scrollHeight;
    else box.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [rows, chosen]);

  function onKeyDown(e: KeyboardEvent): void {
    const at = rows.findIndex((r) => r.index === shown?.index);
    const next = e.key === 'ArrowDown' ? at + 1 : e.key === 'ArrowUp' ? at - 1 : e.key === 'Home' ? 0 : e.key === 'End' ? rows.length - 1 : null;
    if (next === null) return;
    e.preventDefault();
    e.stopPropagation();
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (row) setChosen(row.index);
  }

  if (!scenario) return null;
  const own = new Set(scenario.processes.filter((p) => p.role === 'guest').map((p) => p.name));
  const text = (seq: number, field: number) => trace.texts[trace.value(seq, field)]!;

  return (
    <div className="protocol">
      <div className="protocol-list">
        <div className="protocol-bar">
          <label>
            <span className="unseen">{words.who}</span>
            <select value={filter} onChange={(e) => setFilter(e.target.value as Filter)}>
              {filtersOf(scenario).map((f) => (
                <option key={f} value={f}>
                  {words.filters[f]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span className="unseen">{words.api}</span>
            <select value={api} onChange={(e) => setApi(e.target.value)}>
              <option value="">{words.everyApi}</option>
              {APIS.map((a) => (
                <option key={a.name} value={a.name}>
                  {a.name}
                </option>
              ))}
            </select>
          </label>
          <span className="spring" />
          {chosen !== null && (
            <button type="button" className="link small" onClick={() => setChosen(null)}>
              {words.latest}
            </button>
          )}
        </div>
        <div ref={scroller} className="protocol-rows" role="listbox" tabIndex={0} aria-label={words.label} aria-activedescendant={shown ? `${listId}-${shown.index}` : undefined} onKeyDown={onKeyDown}>
          {rows.map((e) => {
            const [from, to, name] = [text(e.request, SENT.from), text(e.request, SENT.to), text(e.request, SENT.api)];
            const error = errorOf(trace, e.response);
            const sentUs = trace.timeAt(e.request);
            const status =
              error ||
              (e.answered >= 0
                ? duration(trace.timeAt(e.answered) - sentUs)
                : e.response >= 0 || e.arrived < 0
                  ? timeUs - sentUs > 100_000 && e.arrived < 0
                    ? words.lost
                    : words.underWay
                  : words.waiting(duration(timeUs - sentUs)));
            const version = versionOf(trace, e);
            const what = `${name} v${version < 0 ? '?' : version}`;
            return (
              <div
                key={e.index}
                id={`${listId}-${e.index}`}
                role="option"
                aria-selected={e.index === shown?.index}
                aria-label={words.row(from, to, what, formatSeconds(sentUs), status)}
                className={own.has(from) ? 'row own' : 'row'}
                onClick={() => setChosen(e.index)}
              >
                <span className="mono quiet">{formatSeconds(sentUs)}</span>
                <span className="row-who">
                  {from} <span className="quiet">→</span> {to}
                </span>
                <span className="row-api">{name}</span>
                <span className={error || e.answered < 0 ? 'row-status amber' : 'row-status quiet mono'}>{status}</span>
              </div>
            );
          })}
          {rows.length === 0 && <p className="quiet protocol-none">{caughtUp ? words.none : '…'}</p>}
        </div>
      </div>
      {shown ? <ExchangeView session={session} store={trace} scenario={scenario} exchange={shown} position={position} timeUs={timeUs} /> : <p className="quiet protocol-none">{words.choose}</p>}
    </div>
  );
}
