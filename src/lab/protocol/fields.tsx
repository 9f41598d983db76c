// The fields of a frame as a tree: name, value, type. Choosing one shows its bytes, and the other way round.
import { useMemo, useState, type KeyboardEvent } from 'react';
import type { FieldNote } from '../../../simulations/kafka/protocol/annotate.ts';
import { Icon } from '../../app/icons.tsx';
import type { ProtocolMessages } from './messages.ts';

export interface FieldsProps {
  readonly notes: readonly FieldNote[];
  readonly frame: Uint8Array;
  readonly chosen: FieldNote | null;
  readonly words: ProtocolMessages;
  onChoose(note: FieldNote): void;
}

/** Parts of a field that are shown at once; a longer list opens when asked. */
const OPEN_AT_MOST = 8;
const HEX_AT_MOST = 16;

interface Row {
  readonly note: FieldNote;
  readonly level: number;
  readonly open: boolean;
}

export function Fields({ notes, frame, chosen, words, onChoose }: FieldsProps) {
  const [toggled, setToggled] = useState<ReadonlySet<FieldNote>>(new Set());
  // A chosen field is never hidden in a closed one.
  const inside = useMemo(() => new Set(chosen ? pathTo(notes, chosen) : []), [notes, chosen]);
  const rows: Row[] = [];
  const add = (list: readonly FieldNote[], level: number) => {
    for (const note of list) {
      const open = note.parts.length > 0 && (inside.has(note) || note.parts.length <= OPEN_AT_MOST !== toggled.has(note));
      rows.push({ note, level, open });
      if (open) add(note.parts, level + 1);
    }
  };
  add(notes, 1);
  const found = rows.findIndex((r) => r.note === chosen);
  /** The row that the keys start from: the chosen one, or the first. */
  const at = Math.max(0, found);
  const toggle = (note: FieldNote) => setToggled((was) => (was.has(note) ? new Set([...was].filter((n) => n !== note)) : new Set([...was, note])));

  function onKeyDown(e: KeyboardEvent<HTMLElement>): void {
    const row = rows[at];
    if (!row) return;
    let next = at;
    if (e.key === 'ArrowDown') next = Math.min(rows.length - 1, at + 1);
    else if (e.key === 'ArrowUp') next = Math.max(0, at - 1);
    else if (e.key === 'Home') next = 0;
    else if (e.key === 'End') next = rows.length - 1;
    else if (e.key === 'ArrowRight') {
      if (row.note.parts.length > 0 && !row.open) toggle(row.note);
      else next = Math.min(rows.length - 1, at + 1);
    } else if (e.key === 'ArrowLeft') {
      if (row.open && !row.note.parts.some((p) => inside.has(p))) toggle(row.note);
      else for (next = at - 1; next > 0 && (rows[next]?.level ?? 0) >= row.level; next--);
    } else return;
    e.preventDefault();
    e.stopPropagation();
    const to = rows[next];
    if (next !== at && to) {
      onChoose(to.note);
      const list = e.currentTarget;
      requestAnimationFrame(() => list.querySelectorAll<HTMLElement>('[role=treeitem]')[next]?.focus());
    }
  }

  return (
    <ul className="wire-fields" role="tree" aria-label={words.fields} onKeyDown={onKeyDown}>
      {rows.map(({ note, level, open }, i) => (
        <li
          key={`${note.from}-${note.to}-${level}-${note.name}`}
          role="treeitem"
          aria-level={level}
          aria-selected={note === chosen}
          {...(note.parts.length > 0 ? { 'aria-expanded': open } : {})}
          aria-label={words.field(note.name, note.type, note.error ? `${note.value} ${note.error}` : note.value, hexOf(frame, note))}
          tabIndex={i === at ? 0 : -1}
          style={{ paddingLeft: `${(level - 1) * 14}px` }}
          onClick={() => {
            if (note === chosen && note.parts.length > 0) toggle(note);
            onChoose(note);
          }}
        >
          <span className={note.parts.length > 0 ? (open ? 'twist open' : 'twist') : 'twist leaf'}>{note.parts.length > 0 && <Icon name="chevron" />}</span>
          <span className="field-name">{note.name}</span>
          {note.value !== '' && <span className={note.error ? 'field-value mono amber' : 'field-value mono'}>{note.value}</span>}
          {note.error && <span className="field-error amber">{note.error}</span>}
          <span className="field-type">{note.type}</span>
        </li>
      ))}
    </ul>
  );
}

function hexOf(frame: Uint8Array, note: FieldNote): string {
  if (note.parts.length > 0 && note.to - note.from > HEX_AT_MOST) return '';
  const bytes = frame.subarray(note.from, Math.min(note.to, note.from + HEX_AT_MOST));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(' ') + (note.to - note.from > HEX_AT_MOST ? ' …' : '');
}

/** The fields that hold a field, outermost first. */
export function pathTo(notes: readonly FieldNote[], target: FieldNote): FieldNote[] {
  for (const note of notes) {
    if (note === target) return [];
    if (note.parts.includes(target)) return [note];
    const below = pathTo(note.parts, target);
    if (below.length > 0) return [note, ...below];
  }
  return [];
}

/** The innermost field that a byte belongs to. */
export function fieldAt(notes: readonly FieldNote[], byte: number): FieldNote | null {
  for (const note of notes) if (byte >= note.from && byte < note.to) return fieldAt(note.parts, byte) ?? note;
  return null;
}
