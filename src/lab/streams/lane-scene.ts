// The picture of an operator's event time: windows above, records below in rows of keys, the watermark as a flag line through both.
// A pure function of model and width.
import { clock } from '../../../simulations/text/streams.ts';
import { LAST_TIME } from '../../../simulations/streams/time.ts';
import { inkOf } from '../hue.ts';
import type { LabMessages } from '../messages/en.ts';
import { Sketch, type Scene } from '../marks.ts';
import { sameSelection, type Selection } from '../selection.ts';
import { textWidth } from '../text-width.ts';
import { sizeOf } from '../topology/layout.ts';
import { fullClock } from './clock.ts';
import { lateness, type LaneModel, type LaneRecord, type LaneWindow } from './lane-model.ts';

export interface LaneSceneInput {
  readonly model: LaneModel;
  readonly width: number;
  readonly words: LabMessages;
  readonly selection: Selection | null;
  /** Key of the windows that a click selects; null = of all keys. */
  readonly key: string | null;
  /** Whether it has the picture to itself: its rows are higher then. */
  readonly alone: boolean;
}

export interface Geometry {
  readonly x0: number;
  readonly w: number;
  readonly windowsY: number;
  readonly windowH: number;
  readonly recordsY: number;
  readonly keyH: number;
  readonly axisY: number;
  readonly height: number;
}

const HEAD = 26;
const FLAGS = 17;

export function laneGeometryOf(model: LaneModel, width: number, alone: boolean): Geometry {
  const size = sizeOf(width);
  const x0 = size === 'wide' ? 142 : size === 'mid' ? 104 : 78;
  const windowH = model.windowRows <= 2 ? 16 : model.windowRows <= 6 ? 10 : alone ? 9 : 6;
  const keyH = !alone || size === 'narrow' ? 12 : size === 'wide' ? 22 : 18;
  const windowsY = HEAD + FLAGS;
  const recordsY = windowsY + model.windowRows * windowH + (model.windowRows ? 10 : 0);
  const axisY = recordsY + Math.max(2, model.keys.length + (model.moreKeys ? 1 : 0)) * keyH + 5;
  return { x0, w: width - x0 - (size === 'narrow' ? 10 : 24), windowsY, windowH, recordsY, keyH, axisY, height: axisY + 24 };
}

export function laneScene(input: LaneSceneInput): Scene {
  const { model, width, words, selection } = input;
  const t = words.streams;
  const g = laneGeometryOf(model, width, input.alone);
  const s = new Sketch();
  const X = (ms: number) => g.x0 + Math.max(-0.02, Math.min(1.02, (ms - model.fromMs) / (model.toMs - model.fromMs))) * g.w;
  const inside = (ms: number) => Math.max(g.x0, Math.min(g.x0 + g.w, X(ms)));
  const narrow = sizeOf(width) === 'narrow';
  const left = narrow ? 8 : 20;
  s.text(left, 17, model.operator, { size: 13, weight: 640, most: narrow ? width * 0.4 : 320 });
  const late = model.late ? t.eventTime.late(model.late) : '';
  const lateW = late ? textWidth(late) + 10 : 0;
  if (late) s.text(g.x0 + g.w, 17, late, { size: 11, weight: 540, ink: 'amber-ink', anchor: 'end' });
  s.text(g.x0 + g.w - lateW, 17, `${t.eventTime.received(model.received)}${model.fired > 0 || model.windowRows > 0 ? ` · ${t.eventTime.fired(model.fired)}` : ''}`, {
    size: 11,
    ink: 'ink-3',
    anchor: 'end',
    most: (narrow ? width * 0.56 : g.w - 160) - lateW,
  });
  axis(s, model, g, X, narrow);
  if (model.received === 0) s.text(g.x0, g.recordsY + 14, t.eventTime.nothing, { size: 11, ink: 'ink-3' });
  if (model.windowRows > 0) s.text(left, g.windowsY + 9, t.eventTime.windows, { size: 11, ink: 'ink-3', most: g.x0 - left - 8 });
  past(s, model, g, inside);
  const chosen = model.windows.find((w) => isChosen(input, w));
  if (chosen) s.rect(inside(chosen.startMs), g.windowsY - 2, inside(chosen.endMs) - inside(chosen.startMs), g.axisY - g.windowsY, { fill: 'accent-wash' });
  keyRows(s, input, g, left);
  const lines = model.watermarks.map((w) => X(w.timeMs));
  for (const w of model.windows) drawWindow(s, input, g, w, inside, lines);
  const key = selection?.kind === 'window' && chosen ? selection.key : null;
  for (const r of model.records) drawRecord(s, g, r, X(r.timestampMs), selection, key !== null && r.key !== key);
  watermarks(s, input, g, X);
  return { width, height: g.height, marks: s.marks };
}

/** A window is lit whether it was chosen for one key or for all. */
function isChosen({ model, selection }: LaneSceneInput, w: LaneWindow): boolean {
  return (
    selection?.kind === 'window' &&
    selection.job === model.job &&
    selection.operator === model.operator &&
    selection.startMs === w.startMs &&
    selection.endMs === w.endMs &&
    (w.key === null || selection.key === w.key)
  );
}

export function windowHit({ model, key }: Pick<LaneSceneInput, 'model' | 'key'>, { startMs, endMs, key: own }: LaneWindow): Extract<Selection, { kind: 'window' }> {
  return { kind: 'window', job: model.job, operator: model.operator, key: own ?? key, startMs, endMs };
}

function axis(s: Sketch, model: LaneModel, g: Geometry, X: (ms: number) => number, narrow: boolean): void {
  s.line(g.x0, g.axisY + 0.5, g.x0 + g.w, g.axisY + 0.5, 'line-2');
  const steps = Math.round((model.toMs - model.fromMs) / model.stepMs);
  const every = Math.max(1, Math.ceil((steps * (model.stepMs >= 60_000 ? 44 : 66)) / g.w));
  for (let i = 0; i <= steps; i++) {
    const ms = model.fromMs + i * model.stepMs;
    s.line(X(ms), g.axisY, X(ms), g.axisY + 4, 'line-3');
    const ends = i === 0 || i === steps;
    if (i % every !== 0 || (narrow && ends && i !== 0)) continue;
    const whole = clock(ms) ?? '';
    s.text(X(ms), g.axisY + 16, model.stepMs >= 60_000 ? whole.slice(0, 5) : whole, { size: 10.5, mono: true, ink: 'ink-3', anchor: i === steps ? 'end' : 'middle' });
  }
}

/** What lies behind the slowest watermark: a record that comes there is late. */
function past(s: Sketch, model: LaneModel, g: Geometry, inside: (ms: number) => number): void {
  if (model.watermarks.length === 0) return;
  const to = inside(Math.min(...model.watermarks.map((w) => w.timeMs)));
  s.rect(g.x0, g.windowsY - 4, to - g.x0, g.axisY - g.windowsY + 4, { fill: 'ink', opacity: 0.035 });
}

/** @param lines where watermarks are drawn over it, px: its words keep clear of them. */
export function drawWindow(s: Sketch, input: LaneSceneInput, g: Geometry, w: LaneWindow, inside: (ms: number) => number, lines: readonly number[] = []): void {
  const { model, words } = input;
  const x = inside(w.startMs);
  const width = inside(w.endMs) - x - 1;
  const y = w.key === null ? g.windowsY + w.row * g.windowH : g.recordsY + w.row * g.keyH + 1;
  const h = (w.key === null ? g.windowH : g.keyH) - 2;
  const hit = windowHit(input, w);
  if (width <= 0) return;
  s.rect(x, y - 1, width, h + 2, { hit });
  // Where a window goes on beyond the picture, its bracket has no end.
  const left = w.startMs >= model.fromMs ? `M${round(x + 0.5)} ${y + h}V${y + 0.5}` : `M${round(x)} ${y + 0.5}`;
  const right = w.endMs <= model.toMs ? `H${round(x + width)}V${y + h}` : `H${round(x + width)}`;
  if (w.state !== 'open') s.rect(x, y, width, h, { fill: w.state === 'fired' ? 'line-3' : 'line-2', opacity: w.state === 'fired' ? 0.85 : 0.7 });
  if (w.state !== 'closed') s.path(`${left}${right}`, { stroke: w.state === 'open' ? 'line-3' : 'ink-2', width: 1.1 });
  if (isChosen(input, w)) s.rect(x - 1, y - 1.5, width + 2, h + 3, { stroke: 'accent', width: 1.5, r: 1.5 });
  if (w.key !== null || w.records === null || h < 13 || width <= 60) return;
  const text = words.streams.eventTime.received(w.records);
  const from = lines.reduce((left, line) => (line > left - 4 && line < left + textWidth(text, 10.5) + 4 ? line + 6 : left), x + 6);
  const room = x + width - from - 4;
  const ink = w.state === 'closed' ? 'ink-2' : 'ink-3';
  if (room > textWidth(text, 10.5)) s.text(from, y + 10.5, text, { size: 10.5, ink });
  else if (room > 20) s.text(from, y + 10.5, String(w.records), { size: 10.5, ink });
}

/** Keys are told apart by their ends, so what does not fit is cut at the front. */
function keyText(key: string, room: number): string {
  const most = Math.max(2, Math.floor(room / 6.3));
  return key.length <= most ? key : `…${key.slice(1 - most)}`;
}

function keyRows(s: Sketch, { model, words }: LaneSceneInput, g: Geometry, left: number): void {
  model.keys.forEach((key, row) => {
    const y = g.recordsY + row * g.keyH + g.keyH / 2;
    s.line(g.x0, y, g.x0 + g.w, y, 'line', { width: 0.8 });
    s.text(left, y + 3.5, key === '' ? words.streams.eventTime.records : keyText(key, g.x0 - left - 8), { size: 10.5, mono: key !== '', ink: 'ink-2', most: g.x0 - left - 8 });
  });
  if (model.moreKeys) s.text(left, g.recordsY + (model.keys.length + 0.5) * g.keyH + 3.5, words.streams.eventTime.more(model.moreKeys), { size: 10.5, ink: 'ink-3', most: g.x0 - left - 8 });
}

/** @param aside drawn faint, because others are looked at. */
export function drawRecord(s: Sketch, g: Geometry, r: LaneRecord, x: number, selection: Selection | null, aside: boolean): void {
  const y = g.recordsY + r.row * g.keyH + g.keyH / 2;
  const hit: Selection = { kind: 'event', seq: r.seq };
  const ink = inkOf(r.key === '' ? null : r.key);
  const c = g.keyH > 18 ? 10 : g.keyH > 12 ? 9 : 7;
  if (r.input === 1) s.circle(x, y, c / 2, { ...(r.undone ? { stroke: ink, width: 1, opacity: 0.55 } : { fill: ink, ...(aside ? { opacity: 0.25 } : {}) }), hit });
  else if (r.undone) s.rect(x - c / 2 + 0.5, y - c / 2 + 0.5, c - 1, c - 1, { stroke: ink, width: 1, r: 1, opacity: 0.55, hit });
  else s.rect(x - c / 2, y - c / 2, c, c, { fill: ink, r: 1, hit, ...(aside ? { opacity: 0.25 } : {}) });
  const late = lateness(r);
  if (late !== 'no') {
    s.circle(x, y, 6, { stroke: 'amber', width: 1.5 });
    // Dropped: a cross. Kept: it leaves downwards, to the side output.
    if (late === 'dropped') s.icon('cross', x - 4.5, y - 4.5, 9, 'ink', { width: 2.4 });
    else s.path(`M${round(x)} ${y + 4}v6m-2.5 -2.6l2.5 2.6l2.5 -2.6`, { stroke: 'amber', width: 1.5 });
  }
  if (sameSelection(selection, hit)) s.circle(x, y, 7.5, { stroke: 'accent', width: 1.8 });
}

/** One flag for each subtask; those that stand at the same time share one. */
function watermarks(s: Sketch, { model, width: all, words }: LaneSceneInput, g: Geometry, X: (ms: number) => number): void {
  const t = words.streams;
  const wide = sizeOf(all) === 'wide';
  const groups: { timeMs: number; subtasks: number[]; idle: boolean }[] = [];
  for (const w of model.watermarks) {
    const same = groups.find((o) => o.timeMs === w.timeMs && o.idle === w.idle);
    if (same) same.subtasks.push(w.subtask);
    else groups.push({ timeMs: w.timeMs, subtasks: [w.subtask], idle: w.idle });
  }
  groups.sort((a, b) => a.timeMs - b.timeMs);
  let taken = -Infinity;
  groups.forEach((group, n) => {
    const x = Math.max(g.x0 - 3, X(group.timeMs));
    const one = groups.length === 1;
    const time = group.timeMs >= LAST_TIME ? t.endOfTime : fullClock(group.timeMs, t);
    const numbers = group.subtasks.map((i) => i + 1).join(' ');
    const name = one ? `${t.watermark} ` : wide ? `${t.watermark} ${numbers} · ` : `${numbers} · `;
    const text = `${name}${time}${group.idle ? ` ${t.idle}` : ''}`;
    const width = textWidth(text, 11) + 12;
    const room = g.x0 + g.w - x;
    // To the right of its line where that fits, or else to the left; left out where another has taken the room.
    const onLeft = (room < width && x - g.x0 > width) || (n === 0 && groups.length > 1 && x - g.x0 > width);
    const from = onLeft ? x - width : x;
    const hidden = from < taken;
    watermarkLine(s, x, HEAD + 2, g.axisY, onLeft, group.idle);
    if (hidden) return;
    taken = from + width;
    s.text(onLeft ? x - 9 : x + 9, HEAD + 11, text, { size: 11, weight: 600, ...(onLeft ? { anchor: 'end' as const } : {}) });
  });
}

/** A flag line; faint while it is idle. */
export function watermarkLine(s: Sketch, x: number, top: number, bottom: number, onLeft: boolean, idle = false): void {
  s.rect(x - 1, top, 2, bottom - top, { fill: 'ink', ...(idle ? { opacity: 0.45 } : {}) });
  s.path(onLeft ? `M${round(x)} ${top}h-6l2 4l-2 4h6z` : `M${round(x)} ${top}h6l-2 4l2 4h-6z`, { fill: 'ink' });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
