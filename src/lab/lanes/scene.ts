// The picture of the log lanes: cells of records in the leader and its replicas at the same x, the high watermark through them, and
// where readers stand. A pure function of model and viewport.
import type { LabMessages } from '../messages/en.ts';
import { Sketch, type Scene } from '../marks.ts';
import type { Selection } from '../selection.ts';
import { textWidth } from '../text-width.ts';
import { sizeOf } from '../topology/layout.ts';
import { cells, type CellLooks } from './cells.ts';
import type { LanesModel, PartitionLane, ReplicaLane } from './model.ts';
import { readers } from './readers.ts';

export interface LanesViewport {
  readonly width: number;
  /** Part of the picture that is visible; lanes outside are measured and not drawn. */
  readonly top: number;
  readonly bottom: number;
}

export interface LanesSceneInput extends CellLooks {
  readonly model: LanesModel;
  readonly view: LanesViewport;
  readonly words: LabMessages;
  readonly selection: Selection | null;
}

export interface LaneGeometry {
  readonly size: 'wide' | 'mid' | 'narrow';
  /** Left edge of the first cell. */
  readonly x0: number;
  readonly pitch: number;
  readonly cells: number;
  readonly right: number;
}

export function laneGeometry(width: number): LaneGeometry {
  const size = sizeOf(width);
  const gutter = size === 'wide' ? 158 : size === 'mid' ? 104 : 58;
  const right = size === 'wide' ? 170 : size === 'mid' ? 112 : 30;
  const room = width - gutter - right - (size === 'narrow' ? 8 : 20);
  const cells = Math.max(8, Math.round(room / (size === 'narrow' ? 9 : 19)));
  return { size, x0: gutter + 4, pitch: room / cells, cells, right };
}

const HEAD = { wide: 24, mid: 24, narrow: 14 } as const;

function laneHeights(size: LaneGeometry['size'], replicas: number, open: boolean) {
  const strip = open ? 16 : 8;
  const leader = open ? 20 : 13;
  const follower = open ? 12 : 4.5;
  const shownFollowers = size === 'mid' && !open ? 0 : Math.max(0, replicas - 1);
  const height = strip + leader + (open ? 7 : 5.5) + shownFollowers * (follower + (open ? 6 : 4.5)) + (open ? 17 : 3);
  return { strip, leader, follower, shownFollowers, height };
}

/** Top and bottom of every lane, for scrolling and for leaving out what is not in view. */
export function laneTops(model: { lanes: readonly { partition: number; replicaCount: number }[] }, size: LaneGeometry['size'], open: number | null): { tops: number[]; height: number } {
  const tops: number[] = [];
  let y = HEAD[size];
  for (const lane of model.lanes) {
    tops.push(y);
    y += laneHeights(size, lane.replicaCount, lane.partition === open).height;
  }
  return { tops, height: y + 4 };
}

/** The partition that is open: the selected one, or that of the selected record. */
export function openPartition(selection: Selection | null, topic: string): number | null {
  return (selection?.kind === 'partition' || selection?.kind === 'record') && selection.topic === topic ? selection.partition : null;
}

export function lanesScene(input: LanesSceneInput, tops: readonly number[], height: number): Scene {
  const { model, view, words, selection } = input;
  const g = laneGeometry(view.width);
  const s = new Sketch();
  const open = openPartition(selection, model.topic);
  if (g.size !== 'narrow') {
    if (g.size === 'wide') s.text(64, 15, words.lanes.replica, { size: 11, ink: 'ink-3' });
    s.text(g.x0, 15, words.lanes.older, { size: 11, ink: 'ink-3' });
    s.text(g.x0 + g.cells * g.pitch, 15, words.lanes.newer, { size: 11, ink: 'ink-3', anchor: 'end' });
    const [end, hw, lag] = figures(g, view.width);
    s.text(end, 15, 'LEO', { size: 11, ink: 'ink-3', anchor: 'end' });
    s.text(hw, 15, 'HW', { size: 11, ink: 'ink-3', anchor: 'end' });
    s.text(lag, 15, words.lag, { size: 11, ink: 'ink-3', anchor: 'end' });
  }
  model.lanes.forEach((lane, i) => {
    const top = tops[i]!;
    const bottom = tops[i + 1] ?? height;
    if (bottom < view.top || top > view.bottom || lane.replicas.length === 0) return;
    drawLane(s, input, g, lane, top, bottom - 4, lane.partition === open);
  });
  return { width: view.width, height, marks: s.marks };
}

function figures(g: LaneGeometry, width: number): readonly [number, number, number] {
  return g.size === 'mid' ? [width - 74, width - 40, width - 12] : [width - 124, width - 76, width - 20];
}

function drawLane(s: Sketch, input: LanesSceneInput, g: LaneGeometry, lane: PartitionLane, top: number, bottom: number, open: boolean): void {
  const { words, view, model } = input;
  const { strip, leader: leaderH, follower: followerH, shownFollowers } = laneHeights(g.size, lane.replicas.length, open);
  const wide = g.size === 'wide';
  const narrow = g.size === 'narrow';
  const hit: Selection = { kind: 'partition', topic: model.topic, partition: lane.partition };
  const X = (offset: number) => g.x0 + (offset - lane.from) * g.pitch;
  const inside = (x: number) => Math.max(g.x0 - 2, Math.min(x, g.x0 + g.cells * g.pitch));
  s.rect(0, top - 2, view.width, bottom - top + 2, open ? { fill: 'accent-wash', hit } : { hit });
  if (open) s.rect(0, top - 2, 2, bottom - top + 2, { fill: 'accent' });
  let y = top + strip;
  const laneW = g.cells * g.pitch;
  const [first, ...others] = lane.replicas;
  const led = first?.leads ?? false;
  const up = first?.role === 'leader';

  readers(s, { lane, open, words, g, y, leaderH, X, inside });
  // On a phone the name of the broker follows close by.
  const digits = String(lane.partition).length;
  s.text(narrow ? 8 : 20, y + leaderH / 2 + 4.5, `P${lane.partition}`, { size: narrow && digits > 2 ? 11 : 13, weight: 640, ink: open ? 'accent-ink' : 'ink' });

  // the leader's lane, or the first replica's while nobody leads
  if (up) {
    s.rect(g.x0 - 4, y - 3.5, laneW + 7, leaderH + 7, { stroke: 'line-3', width: 0.9, r: 3 });
    s.rect(g.x0 - 2, y - 1.5, laneW + 3, leaderH + 3, { stroke: 'line-3', width: 0.9, r: 1.5 });
  } else s.rect(g.x0 - 2, y - 1.5, laneW + 3, leaderH + 3, { stroke: 'line-3', width: 0.9, r: 1.5, dash: '2.5 2.5' });
  const name = first ? (wide ? `broker-${first.broker}` : `b${first.broker}`) : '';
  s.text(narrow ? (digits > 1 ? 36 : 30) : 64, y + leaderH / 2 + 4, led ? name : wide ? words.lanes.noLeader : '–', { size: 11, mono: led, ink: up ? 'ink' : led ? 'ink-3' : 'amber-ink' });
  if (wide && led && !up) s.icon('kill', first!.broker > 9 ? 130 : 125, y + leaderH / 2 - 6, 12, 'fault', { width: 1.7 });
  if (wide && up)
    s.text(first.broker > 9 ? 132 : 126, y + leaderH / 2 + 4, `e${lane.leaderEpoch}`, {
      size: 11,
      mono: true,
      ink: lane.leaderEpoch > 0 ? 'ink-2' : 'ink-3',
      weight: lane.leaderEpoch > 0 ? 640 : 430,
    });
  const common = { looks: input, topic: model.topic, lane, selection: input.selection, pitch: g.pitch, X };
  if (first) cells(s, { ...common, replica: first, y, h: leaderH, letters: true });
  if (!narrow) {
    const [endX, hwX, lagX] = figures(g, view.width);
    const behind = lane.logEndOffset - lane.highWatermark > 3;
    const lag = lane.readers[0]?.lag ?? -1;
    s.text(endX, y + leaderH / 2 + 4, String(lane.logEndOffset), { size: 12, mono: true, anchor: 'end' });
    s.text(hwX, y + leaderH / 2 + 4, String(lane.highWatermark), { size: 12, mono: true, anchor: 'end', ink: behind ? 'ink' : 'ink-2', weight: behind ? 680 : 430 });
    s.text(lagX, y + leaderH / 2 + 4, lag < 0 ? '–' : String(lag), { size: 12, mono: true, anchor: 'end', ink: 'ink-2' });
    if (wide && lag >= 0) {
      const room = lag > 999 ? 12 : 20;
      s.rect(hwX + 8, y + leaderH / 2 - 1.5, room, 3, { fill: 'well' });
      s.rect(hwX + 8, y + leaderH / 2 - 1.5, room * Math.min(1, lag / lagScale(model)), 3, { fill: 'ink-3' });
    }
  } else if (lane.readers[0] && lane.readers[0].lag >= 0) s.text(view.width, y + leaderH / 2 + 4, String(lane.readers[0].lag), { size: 11, mono: true, anchor: 'end', ink: 'ink-2' });
  const hwTop = y - 3 - (open ? 3 : 0);
  y += leaderH + (open ? 7 : 5.5);
  let hwBottom = y - (open ? 2 : 2.5);

  for (const replica of others.slice(0, shownFollowers)) {
    const off = replica.role === 'offline' || replica.role === 'outOfSync';
    s.rect(g.x0 - 2, y - 1.5, laneW + 3, followerH + 3, off ? { stroke: 'line-3', width: 0.9, r: 1.5, dash: '2.5 2.5', opacity: 0.8 } : { stroke: 'line-2', width: 0.9, r: 1.5 });
    if (open && !narrow) {
      s.text(64, y + followerH / 2 + 4, wide ? `broker-${replica.broker}` : `b${replica.broker}`, { size: 11, mono: true, ink: off ? 'ink-3' : 'ink-2' });
      if (replica.role === 'offline' && wide) s.icon('kill', replica.broker > 9 ? 130 : 125, y + followerH / 2 - 6, 12, 'fault', { width: 1.7 });
    }
    cells(s, { ...common, replica, y, h: followerH, letters: open });
    if (open) aside(s, words, g, replica, y, followerH, X);
    if (!off) hwBottom = y + followerH + 2;
    y += followerH + (open ? 6 : 4.5);
  }
  const hwX = inside(X(lane.highWatermark));
  const held = lane.lastStableOffset < lane.highWatermark;
  // Where it lies before the window there is no place for its line: the label points there.
  if (held && lane.lastStableOffset >= lane.from) s.line(inside(X(lane.lastStableOffset)), hwTop, inside(X(lane.lastStableOffset)), hwBottom, 'teal', { width: 2, dash: '3 2' });
  s.rect(hwX - 1.25, hwTop, 2, hwBottom - hwTop, { fill: 'teal' });
  if (open) marksUnder(s, words, g, lane, { y: y + 8, X, hwX, stableX: held ? inside(X(lane.lastStableOffset)) : null });
}

/** Under the open lane: where its last stable offset, its high watermark and its end stand, and every tenth offset before them. */
function marksUnder(
  s: Sketch,
  words: LabMessages,
  g: LaneGeometry,
  lane: PartitionLane,
  { y, X, hwX, stableX }: { readonly y: number; readonly X: (offset: number) => number; readonly hwX: number; /** null while nothing holds it back. */ readonly stableX: number | null },
): void {
  const narrow = g.size === 'narrow';
  const apart = X(lane.logEndOffset) - hwX > 66;
  const centred = apart || narrow;
  // Where it lies before the window, the label stands at the left edge and points there, as that of the last stable offset does.
  const before = lane.highWatermark < lane.from;
  s.text(before ? g.x0 : hwX, y, `${before ? '← ' : ''}${words.lanes.highWatermark(lane.highWatermark)}`, {
    size: 11,
    mono: true,
    ...(before ? {} : { anchor: centred ? ('middle' as const) : ('end' as const) }),
    ink: 'teal-ink',
    weight: 640,
  });
  let taken = (_x: number) => false;
  if (stableX !== null) {
    const text = `${lane.lastStableOffset < lane.from ? '← ' : ''}${words.lanes.lastStableOffset(lane.lastStableOffset)}`;
    const width = text.length * 6.7;
    const right = Math.max(g.x0 + width, Math.min(stableX + width / 2, hwX - (words.lanes.highWatermark(lane.highWatermark).length * 6.7) / (centred ? 2 : 1) - 8));
    s.text(right, y, text, { size: 11, mono: true, anchor: 'end', ink: 'teal-ink' });
    taken = (x) => x > right - width - 26 && x < right + 10;
  }
  if (narrow) return;
  s.text(Math.min(X(lane.logEndOffset) + (apart ? 0 : 6), g.x0 + g.cells * g.pitch - 10), y, words.lanes.logEnd(lane.logEndOffset), {
    size: 11,
    mono: true,
    ink: 'ink-2',
    ...(apart ? { anchor: 'middle' as const } : {}),
  });
  for (let offset = lane.from + ((10 - (lane.from % 10)) % 10); X(offset) < hwX - 70; offset += 10)
    if (!taken(X(offset))) s.text(X(offset), y, String(offset), { size: 10.5, mono: true, ink: 'ink-3' });
}

/** The lag that fills a lag bar: the largest of the lanes, and never a small one. */
function lagScale(model: LanesModel): number {
  return model.lanes.reduce((most, lane) => Math.max(most, lane.readers[0]?.lag ?? 0), 20);
}

/** What stands beside a replica: what is lost on it, what was cut from it. */
function aside(s: Sketch, words: LabMessages, g: LaneGeometry, replica: ReplicaLane, y: number, h: number, X: (offset: number) => number): void {
  const x = X(Math.max(replica.logEndOffset, replica.window.from)) + 6;
  const room = g.x0 + g.cells * g.pitch - x;
  const text = replica.lost.length ? words.lanes.lost(replica.lost.length) : replica.truncated ? words.lanes.truncated(replica.truncated) : '';
  if (!text || g.size === 'narrow') return;
  const ink = replica.lost.length ? 'broken-ink' : 'amber-ink';
  if (room > 70) s.text(x, y + h / 2 + 4, text, { size: 11, ink, weight: 540, most: room });
  else if (replica.lost.length) {
    const left = X(replica.lost[0]!) - 6;
    const width = textWidth(text) + 10;
    s.rect(left - width, y - 1, width + 4, h + 2, { fill: 'stage', opacity: 0.86, r: 2 });
    s.text(left, y + h / 2 + 4, text, { size: 11, ink, weight: 540, anchor: 'end' });
  }
}
