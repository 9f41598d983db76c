// The cells of one replica's log. Fill is the key; solid is committed, outlined is not yet; hatched belongs to an open transaction,
// struck through to an aborted one; a tombstone is hollow with a cross, and dashed until it is committed; a marker that ends a transaction
// is no record of anybody's and has no colour of a key. What compaction has taken is a gap.
import { CELL } from '../../readmodels/transactions.ts';
import type { Sketch } from '../marks.ts';
import type { Selection } from '../selection.ts';
import type { PartitionLane, ReplicaLane } from './model.ts';

/** How records look; -1 = something that no client sent. */
export interface CellLooks {
  readonly inkOf: (record: number) => string;
  readonly lettersOf: (record: number) => string;
  readonly mine: (record: number) => boolean;
  readonly tombstone: (record: number) => boolean;
}

export interface CellsInput {
  readonly looks: CellLooks;
  readonly topic: string;
  readonly lane: PartitionLane;
  readonly replica: ReplicaLane;
  readonly selection: Selection | null;
  readonly pitch: number;
  readonly y: number;
  /** Height of a cell, px. */
  readonly h: number;
  readonly X: (offset: number) => number;
  readonly letters: boolean;
}

export function cells(s: Sketch, input: CellsInput): void {
  const { lane, replica, looks, topic, y, h } = input;
  const c = input.pitch - 1;
  const off = replica.role === 'offline' || replica.role === 'outOfSync';
  const { window, leads } = replica;
  const dim = off ? { opacity: 0.38 } : {};
  const { selection } = input;
  const chosen = selection?.kind === 'record' && selection.topic === topic && selection.partition === lane.partition && selection.broker === replica.broker ? selection.offset : -1;
  for (let i = 0; i < window.record.length; i++) {
    const record = window.record[i]!;
    const offset = window.from + i;
    if (window.appendedBy[i]! < 0 || replica.cells[i] === CELL.compacted) continue;
    const x = input.X(offset);
    const ink = looks.inkOf(record);
    const committed = offset < (leads ? lane.highWatermark : Math.min(replica.highWatermark, replica.logEndOffset)) || (!leads && offset < lane.highWatermark && !replica.lost.includes(offset));
    const hit: Selection = { kind: 'record', topic, partition: lane.partition, broker: replica.broker, offset };
    const state = replica.cells[i]!;
    const box = { x, y, w: c, h };
    if (state === CELL.commitMarker || state === CELL.abortMarker) marker(s, box, state === CELL.commitMarker, committed, { hit, ...dim });
    else {
      const faint = state === CELL.aborted ? { opacity: off ? 0.2 : 0.42 } : dim;
      const deletes = looks.tombstone(record);
      if (deletes) tombstone(s, box, ink, committed, { hit, ...faint });
      else if (committed) s.rect(x, y, c, h, { fill: ink, r: h > 8 ? 1 : 0, hit, ...faint });
      else if (h > 6) s.rect(x + 0.75, y + 0.75, c - 1.5, h - 1.5, { stroke: ink, width: 1.5, r: 1, hit, ...faint });
      else s.rect(x + 0.5, y + 0.5, c - 1, h - 1, { stroke: ink, width: 1, hit, ...faint });
      if (state === CELL.open) s.path(hatch(box, h > 6 ? 4 : 3), { stroke: committed && !deletes ? 'stage' : ink, width: 1.1, ...dim });
      if (leads && looks.mine(record)) {
        s.rect(x, y + h - 2.6, c, 0.7, { fill: 'stage' });
        s.rect(x, y + h - 2, c, 2, { fill: 'violet' });
      }
      if (input.letters && leads && !off && c >= 12 && !deletes) letters(s, box, looks.lettersOf(record), state, committed ? ink : null);
      if (state === CELL.aborted) s.line(x, y + h / 2, x + c, y + h / 2, 'ink', { width: h > 8 ? 1.6 : 1.1, ...dim });
    }
    if (replica.lost.includes(offset)) s.icon('cross', x + c / 2 - 6, y + h / 2 - 6, 12, 'broken', { width: 2.2 });
    if (offset === chosen) s.rect(x - 1.5, y - 1.5, c + 3, h + 3, { stroke: 'accent', width: 1.6, r: 2 });
  }
}

interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** @param fill of the cell; null = outlined. */
function letters(s: Sketch, { x, y, w, h }: CellBox, text: string, state: number, fill: string | null): void {
  if (text === '') return;
  const style = { size: h >= 18 ? 10 : 9, mono: true, anchor: 'middle' as const };
  // On hatching, letters stand on a patch of their own.
  if (state === CELL.open) s.rect(x + w / 2 - 7, y + h / 2 - 5.5, 14, 11, { fill: fill ?? 'stage' });
  const ink = fill === null || state === CELL.aborted ? 'ink-2' : fill === 'line-3' ? 'stage' : `${fill}-on`;
  s.text(x + w / 2, y + h / 2 + 3.4, text, { ...style, ink });
}

/** Two strokes from corner to corner of an empty cell. */
function tombstone(s: Sketch, { x, y, w, h }: CellBox, ink: string, committed: boolean, style: { readonly hit: Selection; readonly opacity?: number }): void {
  const { hit, ...rest } = style;
  const edge = h > 6 ? 1.2 : 0.8;
  s.rect(x + edge / 2, y + edge / 2, w - edge, h - edge, { stroke: ink, width: edge, r: h > 8 ? 1 : 0, hit, ...(committed ? {} : { dash: '2.5 2' }), ...rest });
  const inset = h > 8 ? 4 : h > 6 ? 2 : edge;
  const arm = Math.min(w, h) / 2 - inset;
  const [cx, cy] = [x + w / 2, y + h / 2];
  s.path(`M${cx - arm} ${cy - arm}l${2 * arm} ${2 * arm}M${cx - arm} ${cy + arm}l${2 * arm} ${-2 * arm}`, { stroke: ink, width: h > 8 ? 1.8 : 1.1, ...rest });
}

/** A check where the transaction was committed, a stroke where it was aborted. */
function marker(s: Sketch, { x, y, w, h }: CellBox, commit: boolean, committed: boolean, style: { readonly hit: Selection; readonly opacity?: number }): void {
  const ink = commit ? 'teal-ink' : 'ink-2';
  const { hit, ...rest } = style;
  if (h <= 8) {
    s.rect(x, y, w, h, { hit });
    s.rect(x + w / 2 - 1, y, 2, h, { fill: ink, ...rest });
    return;
  }
  s.rect(x + 0.5, y + 0.5, w - 1, h - 1, { stroke: 'line-3', width: 0.9, r: 1, hit, ...(committed ? { fill: 'well' } : { dash: '2 2' }), ...rest });
  const size = Math.min(12, h - 1, w - 1);
  if (commit) s.icon('check', x + (w - size) / 2, y + (h - size) / 2, size, ink, { width: 2, ...rest });
  else s.line(x + w / 2 - size * 0.3, y + h / 2, x + w / 2 + size * 0.3, y + h / 2, ink, { width: 1.8, round: true, ...rest });
}

/** Rising strokes through a box. @param step from one stroke to the next along an edge, px. */
function hatch({ x, y, w, h }: CellBox, step: number): string {
  const n = (value: number) => String(Math.round(value * 10) / 10);
  let d = '';
  for (let at = step; at < w + h; at += step) {
    const from = at <= h ? { x, y: y + at } : { x: x + at - h, y: y + h };
    const to = at <= w ? { x: x + at, y } : { x: x + w, y: y + at - w };
    d += `M${n(from.x)} ${n(from.y)}L${n(to.x)} ${n(to.y)}`;
  }
  return d;
}
