// The picture of the log lanes: cells of records in the leader and its replicas at the same x, the high watermark through them, and
// where readers stand. A pure function of model and viewport.
import type { LabMessages } from '../messages/en.ts';
import { Sketch, type Scene } from '../marks.ts';
import type { Selection } from '../selection.ts';
import { sizeOf } from '../topology/layout.ts';
import type { LanesModel, PartitionLane, ReaderMark, ReplicaLane } from './model.ts';

export interface LanesViewport {
  readonly width: number;
  /** Part of the picture that is visible; lanes outside are measured and not drawn. */
  readonly top: number;
  readonly bottom: number;
}

export interface LanesSceneInput {
  readonly model: LanesModel;
  readonly view: LanesViewport;
  readonly words: LabMessages;
  readonly selection: Selection | null;
  readonly inkOf: (record: number) => string;
  readonly lettersOf: (record: number) => string;
  readonly mine: (record: number) => boolean;
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

  readers(s, lane, open, words, g, y, leaderH, X, inside);
  s.text(narrow ? 8 : 20, y + leaderH / 2 + 4.5, `P${lane.partition}`, { size: 13, weight: 640, ink: open ? 'accent-ink' : 'ink' });

  // the leader's lane, or the first replica's while nobody leads
  if (up) {
    s.rect(g.x0 - 4, y - 3.5, laneW + 7, leaderH + 7, { stroke: 'line-3', width: 0.9, r: 3 });
    s.rect(g.x0 - 2, y - 1.5, laneW + 3, leaderH + 3, { stroke: 'line-3', width: 0.9, r: 1.5 });
  } else s.rect(g.x0 - 2, y - 1.5, laneW + 3, leaderH + 3, { stroke: 'line-3', width: 0.9, r: 1.5, dash: '2.5 2.5' });
  const name = first ? (wide ? `broker-${first.broker}` : `b${first.broker}`) : '';
  s.text(narrow ? 30 : 64, y + leaderH / 2 + 4, led ? name : wide ? words.lanes.noLeader : '–', { size: 11, mono: led, ink: up ? 'ink' : led ? 'ink-3' : 'amber-ink' });
  if (wide && led && !up) s.icon('kill', 125, y + leaderH / 2 - 6, 12, 'fault', { width: 1.7 });
  if (wide && up) s.text(126, y + leaderH / 2 + 4, `e${lane.leaderEpoch}`, { size: 11, mono: true, ink: lane.leaderEpoch > 0 ? 'ink-2' : 'ink-3', weight: lane.leaderEpoch > 0 ? 640 : 430 });
  if (first) cells(s, input, g, lane, first, y, leaderH, X, true, hit);
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
      if (replica.role === 'offline' && wide) s.icon('kill', 125, y + followerH / 2 - 6, 12, 'fault', { width: 1.7 });
    }
    cells(s, input, g, lane, replica, y, followerH, X, open, hit);
    if (open) aside(s, words, g, replica, y, followerH, X);
    if (!off) hwBottom = y + followerH + 2;
    y += followerH + (open ? 6 : 4.5);
  }
  const hwX = inside(X(lane.highWatermark));
  s.rect(hwX - 1.25, hwTop, 2, hwBottom - hwTop, { fill: 'teal' });
  if (open) {
    const ty = y + 8;
    const apart = X(lane.logEndOffset) - hwX > 66;
    s.text(hwX, ty, words.lanes.highWatermark(lane.highWatermark), { size: 11, mono: true, anchor: apart || narrow ? 'middle' : 'end', ink: 'teal-ink', weight: 640 });
    if (!narrow) {
      s.text(Math.min(X(lane.logEndOffset) + (apart ? 0 : 6), g.x0 + laneW - 10), ty, words.lanes.logEnd(lane.logEndOffset), {
        size: 11,
        mono: true,
        ink: 'ink-2',
        ...(apart ? { anchor: 'middle' as const } : {}),
      });
      for (let offset = lane.from + ((10 - (lane.from % 10)) % 10); X(offset) < hwX - 70; offset += 10) s.text(X(offset), ty, String(offset), { size: 10.5, mono: true, ink: 'ink-3' });
    }
  }
}

/** The lag that fills a lag bar: the largest of the lanes, and never a small one. */
function lagScale(model: LanesModel): number {
  return model.lanes.reduce((most, lane) => Math.max(most, lane.readers[0]?.lag ?? 0), 20);
}

/** Bar = committed offset, caret = position, tint from the committed offset to the log end: the lag as Kafka's tools count it. */
function readers(s: Sketch, lane: PartitionLane, open: boolean, words: LabMessages, g: LaneGeometry, y: number, leaderH: number, X: (offset: number) => number, inside: (x: number) => number): void {
  const up = open ? 11 : 6;
  lane.readers.slice(0, 3).forEach((r: ReaderMark, i) => {
    const end = inside(X(lane.logEndOffset));
    if (i === 0 && r.committed >= 0 && lane.logEndOffset > r.committed) s.rect(inside(X(r.committed)), y - up, end - inside(X(r.committed)), open ? 8 : 4, { fill: 'ink', opacity: 0.14 });
    const inView = (offset: number) => offset >= lane.from && X(offset) <= g.x0 + g.cells * g.pitch + 1;
    if (r.committed >= 0 && inView(r.committed)) s.rect(X(r.committed) - 1, y - up - 1, 2, up + 3 + leaderH, { fill: 'ink' });
    if (r.position >= 0 && inView(r.position)) s.path(`M${X(r.position) - 4.5} ${y - up - (open ? 0 : 1)}h9l-4.5 ${open ? 7 : 5.5}z`, { fill: 'ink' });
    if (!open || g.size === 'narrow' || i > 0) return;
    if (r.committed >= 0 && inView(r.committed)) {
      const left = X(r.committed) - g.x0 > 96;
      s.text(X(r.committed) + (left ? -6 : 6), y - 4, words.lanes.committed(r.committed), { size: 10.5, ink: 'ink-2', ...(left ? { anchor: 'end' as const } : {}) });
    }
    const clash = r.committed >= 0 && X(r.position) - X(r.committed) < 90 && X(r.committed) - g.x0 <= 96;
    if (r.position < 0 || !inView(r.position)) return;
    const label = `${r.group} ${r.position}`;
    const fits = g.x0 + g.cells * g.pitch - X(r.position) - 9 > label.length * 5.8;
    if (fits && !clash) s.text(X(r.position) + 9, y - 4, label, { size: 10.5, ink: 'ink-2' });
    else if (!fits && X(r.position) - X(Math.max(r.committed, lane.from)) > 110 + label.length * 5.8) s.text(X(r.position) - 9, y - 4, label, { size: 10.5, ink: 'ink-2', anchor: 'end' });
  });
}

function cells(
  s: Sketch,
  input: LanesSceneInput,
  g: LaneGeometry,
  lane: PartitionLane,
  replica: ReplicaLane,
  y: number,
  h: number,
  X: (offset: number) => number,
  letters: boolean,
  lane0: Selection,
): void {
  const c = g.pitch - 1;
  const off = replica.role === 'offline' || replica.role === 'outOfSync';
  const { window } = replica;
  const dim = off ? { opacity: 0.38 } : {};
  const { leads } = replica;
  const chosen =
    input.selection?.kind === 'record' && input.selection.topic === input.model.topic && input.selection.partition === lane.partition && input.selection.broker === replica.broker
      ? input.selection.offset
      : -1;
  for (let i = 0; i < window.record.length; i++) {
    const record = window.record[i]!;
    const offset = window.from + i;
    if (record < 0 && window.leaderEpoch[i]! < 0) continue;
    const x = X(offset);
    const ink = input.inkOf(record);
    const committed = offset < (leads ? lane.highWatermark : Math.min(replica.highWatermark, replica.logEndOffset)) || (!leads && offset < lane.highWatermark && !replica.lost.includes(offset));
    const hit: Selection = lane0.kind === 'partition' ? { kind: 'record', topic: lane0.topic, partition: lane0.partition, broker: replica.broker, offset } : lane0;
    if (committed) s.rect(x, y, c, h, { fill: ink, r: h > 8 ? 1 : 0, hit, ...dim });
    else if (h > 6) s.rect(x + 0.75, y + 0.75, c - 1.5, h - 1.5, { stroke: ink, width: 1.5, r: 1, hit, ...dim });
    else s.rect(x + 0.5, y + 0.5, c - 1, h - 1, { stroke: ink, width: 1, hit, ...dim });
    if (leads && input.mine(record)) {
      s.rect(x, y + h - 2.6, c, 0.7, { fill: 'stage' });
      s.rect(x, y + h - 2, c, 2, { fill: 'violet' });
    }
    if (letters && leads && !off && c >= 12)
      s.text(x + c / 2, y + h / 2 + 3.4, input.lettersOf(record), { size: h >= 18 ? 10 : 9, mono: true, anchor: 'middle', ink: committed ? (ink === 'line-3' ? 'stage' : `${ink}-on`) : 'ink-2' });
    if (replica.lost.includes(offset)) s.icon('cross', x + c / 2 - 6, y + h / 2 - 6, 12, 'broken', { width: 2.2 });
    if (offset === chosen) s.rect(x - 1.5, y - 1.5, c + 3, h + 3, { stroke: 'accent', width: 1.6, r: 2 });
  }
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
    const width = text.length * (text.charCodeAt(0) >= 0x1100 ? 8.2 : 5.8) + 10;
    s.rect(left - width, y - 1, width + 4, h + 2, { fill: 'stage', opacity: 0.86, r: 2 });
    s.text(left, y + h / 2 + 4, text, { size: 11, ink, weight: 540, anchor: 'end' });
  }
}
