// The partial matches of a job's patterns: which events each took, where it waits, and how and why it ended.
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Icon } from '../../app/icons.tsx';
import { formatSeconds } from '../../app/format.ts';
import { DEFAULT_MAX_PARTIAL_MATCHES } from '../../../simulations/streams/cep/nfa.ts';
import type { PartialMatch } from '../../readmodels/matches.ts';
import { inkOf } from '../hue.ts';
import type { LabMessages } from '../messages/en.ts';
import type { Selection } from '../selection.ts';
import type { Session, SessionState } from '../session.ts';
import { endOf, noteOf, pathOf } from './match-words.ts';

export interface MatchListProps {
  readonly session: Session;
  readonly state: SessionState;
  readonly job: string;
  /** null = all. */
  readonly keyOf: string | null;
  readonly words: LabMessages;
  readonly onInspect?: (() => void) | undefined;
}

const MOST = 200;
const FILTERS = ['all', 'open', 'matched', 'pruned', 'undone'] as const;
const ICONS = { open: 'wait', matched: 'check', pruned: 'cross', undone: 'back' } as const;

export function MatchList({ session, state, job, keyOf, words, onInspect }: MatchListProps) {
  const t = words.streams.matchList;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState<(typeof FILTERS)[number]>('all');
  const { matches } = state.views;
  const { position, trace, selection } = state;
  const rows = matches.list(job, position, MOST, (m) => (filter === 'all' || m.end === filter) && (keyOf === null || m.key === keyOf));
  const waiting = matches.waiting(job, position);
  const isChosen = (m: PartialMatch) => selection?.kind === 'match' && selection.operator === m.operator && selection.key === m.key && selection.match === m.match && selection.since === m.since;
  const chosen = rows.findIndex(isChosen);
  const select = (m: PartialMatch) => session.select(selectionOf(m));

  // The latest stand at the end, and are in view until one is chosen.
  useLayoutEffect(() => {
    const box = list.current;
    const scroller = box?.closest('.streams-scroll');
    if (chosen >= 0) box?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    else {
      // On a phone the rows scroll by themselves.
      for (const one of [scroller, box]) if (one) one.scrollTop = one.scrollHeight;
    }
  }, [chosen, rows.length, filter, keyOf]);

  function onKeyDown(e: KeyboardEvent): void {
    const at = chosen < 0 ? rows.length : chosen;
    const to = e.key === 'ArrowDown' ? at + 1 : e.key === 'ArrowUp' ? at - 1 : e.key === 'Home' ? 0 : e.key === 'End' ? rows.length - 1 : null;
    if (e.key === 'Enter') onInspect?.();
    else if (to === null) return;
    const row = to === null ? undefined : rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row) select(row);
    e.preventDefault();
    e.stopPropagation();
  }

  if (!matches.any(job, position)) return <p className="quiet streams-none">{t.empty}</p>;
  return (
    <div className="matches">
      <div className="match-bar">
        <label>
          <span className="unseen">{t.show}</span>
          <select value={filter} onChange={(e) => setFilter(e.target.value as (typeof FILTERS)[number])}>
            {FILTERS.map((f) => (
              <option key={f} value={f}>
                {t.filters[f]}
              </option>
            ))}
          </select>
        </label>
        <span className="quiet">{t.waiting(waiting.open, waiting.most, DEFAULT_MAX_PARTIAL_MATCHES)}</span>
      </div>
      {matches.limits(job, position).map((limit) => (
        <p key={`${limit.operator}/${limit.key}`} className="match-limit">
          <Icon name="warn" />
          {t.limit(limit.key, limit.partialMatches)}
        </p>
      ))}
      <div ref={list} className="match-rows" role="listbox" tabIndex={0} aria-label={t.label} aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined} onKeyDown={onKeyDown}>
        {rows.map((m, i) => {
          return (
            <div
              key={`${m.operator}/${m.key}/${m.match}/${m.since}`}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen}
              aria-label={t.row(m.match, m.key, [pathOf(m), noteOf(m, t)].filter(Boolean).join(', '), endOf(m, t))}
              className="match"
              onClick={() => select(m)}
            >
              <span className="mono quiet">{formatSeconds(trace.timeAt(m.since))}</span>
              <span className="match-key">
                <i className="swatch" style={{ background: `var(--${inkOf(m.key === '' ? null : m.key)})` }} />
                <b>{m.key}</b> <span className="mono quiet">{m.match}</span>
              </span>
              <span className="match-path">
                {pathOf(m)} <span className="quiet">{[t.events(m.taken), noteOf(m, t)].filter(Boolean).join(', ')}</span>
              </span>
              <span className="match-end">
                <Icon name={ICONS[m.end]} className={m.end === 'matched' ? 'teal' : 'quiet'} />
                <span className={m.end === 'matched' ? 'teal' : ''}>{endOf(m, t)}</span>
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function selectionOf({ job, operator, key, match, since }: PartialMatch): Selection {
  return { kind: 'match', job, operator, key, match, since };
}
