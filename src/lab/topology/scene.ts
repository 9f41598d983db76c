// The picture of the topology without its messages: a pure function of model, layout and words.
import type { LabMessages } from '../messages/en.ts';
import { Sketch, type Scene } from '../marks.ts';
import type { Selection } from '../selection.ts';
import type { SessionState } from '../session.ts';
import { textWidth } from '../text-width.ts';
import { gutterX, slotBox, wayBetween, type Box, type Layout } from './layout.ts';
import { streamPipes, streamsScene } from './streams-scene.ts';
import type { BrokerNode, ConsumerNode, GroupNode, ProducerNode, Slot, TopologyModel } from './model.ts';

export interface TopologyInput {
  readonly model: TopologyModel;
  readonly layout: Layout;
  readonly words: LabMessages;
  readonly duration: (us: number) => string;
  readonly timeUs: number;
  /** What the controller said last, from its fullest wording to its shortest; empty = nothing yet. */
  readonly controllerSays: readonly string[];
  readonly selection: Selection | null;
  /** Links that a fault strikes now, as `from>to`. */
  readonly struckLinks: ReadonlySet<string>;
}

export function topologyScene(input: TopologyInput): Scene {
  const { model, layout } = input;
  const s = new Sketch();
  columnsHead(s, input);
  const streams = model.streams && { ...input, view: model.streams, connected: model.connected };
  if (streams) streamPipes(s, streams);
  controller(s, input);
  edges(s, input);
  model.brokers.forEach((b, i) => broker(s, input, b, i));
  replication(s, input);
  model.brokers.forEach((b, row) => b.slots.forEach((slot) => drawSlot(s, input, slot, b, row)));
  moves(s, input);
  if (layout.size !== 'narrow' && layout.producers.size) {
    const first = Array.from(layout.producers.values())[0]!;
    s.text(first.x, first.y - 8, input.words.producers, { size: 11, ink: 'ink-3' });
  }
  for (const p of model.producers) producer(s, input, p, layout.producers.get(p.name)!);
  groupHeads(s, input);
  for (const c of model.consumers) consumer(s, input, c, layout.consumers.get(c.name)!);
  if (streams) streamsScene(s, streams);
  return { width: layout.width, height: layout.height, marks: s.marks };
}

const isProcess = (selection: Selection | null, name: string) => selection?.kind === 'process' && selection.name === name;
const isPartition = (selection: Selection | null, topic: string, partition: number) =>
  (selection?.kind === 'partition' || selection?.kind === 'record') && selection.topic === topic && selection.partition === partition;

function columnsHead(s: Sketch, { model, layout, selection, words }: TopologyInput): void {
  const { block, pitch, slot } = layout;
  for (const c of layout.columns) {
    const chosen = isPartition(selection, model.topic, c.partition);
    const hit: Selection = { kind: 'partition', topic: model.topic, partition: c.partition };
    s.rect(c.x - (pitch - slot.w) / 2 + 1, block.y - 18, pitch - 2, block.h + 22, chosen ? { fill: 'accent-wash', r: 2, hit } : { hit });
    s.text(c.x + slot.w / 2, block.y - 6, `P${c.partition}`, { size: 11, mono: true, anchor: 'middle', ink: chosen ? 'accent-ink' : 'ink-3', weight: chosen ? 640 : 430 });
  }
  const all = model.partitions;
  if (layout.columns.length < all.length) {
    const [from, to] = [layout.columns[0]!.partition, layout.columns.at(-1)!.partition];
    const whole = words.columnsShown(from, to, all.length);
    s.text(block.x + 10, block.y - 6, textWidth(whole) < layout.label - 12 ? whole : words.columnsShownShort(from, to, all.length), { size: 11, ink: 'ink-3' });
  }
}

function controller(s: Sketch, input: TopologyInput): void {
  const { layout, model, words, selection } = input;
  const { x, y, w, h } = layout.controller;
  const { status } = model.controller;
  const down = status === 'killed' || status === 'paused' || status === 'exited';
  const hit: Selection = { kind: 'process', name: 'controller' };
  if (layout.size === 'narrow') return;
  const chosen = isProcess(selection, 'controller');
  s.rect(x, y, w, h, chosen ? { fill: 'accent-wash', hit } : { hit });
  s.icon(down ? (status === 'paused' ? 'pause' : 'kill') : 'controller', x + 9, y + 4, 13, down ? 'fault' : 'ink-2');
  const name = down ? `${words.controller} · ${words.status[status]}` : words.controller;
  const room = w - 27 - textWidth(name) - 20;
  s.text(x + 27, y + 14, name, { size: 11, ink: down ? 'fault-ink' : 'ink-2', weight: down || chosen ? 600 : 430 });
  if (status === 'unstarted') s.text(x + w - 8, y + 14, words.status.unstarted, { size: 11, ink: 'ink-3', anchor: 'end' });
  else {
    const says = input.controllerSays.find((text) => textWidth(text) <= room) ?? input.controllerSays.at(-1);
    if (says) s.text(x + w - 8, y + 14, says, { size: 11, ink: 'ink-2', anchor: 'end', most: room });
  }
  s.line(x, y + h, x + w, y + h, down ? 'line-3' : 'line-2', down ? { dash: '3 3' } : {});
  for (const [i] of model.brokers.entries()) {
    const way = wayBetween(layout, 'controller', `broker-${i + 1}`);
    if (way && model.connected.has(`broker-${i + 1}>controller`)) s.path(way.d, { stroke: 'line', width: 1 });
  }
}

/** Channels between clients and brokers: solid while connected, dashed to a broker that is down, and where a link is cut. */
function edges(s: Sketch, { model, layout, struckLinks }: TopologyInput): void {
  const clients = [...model.producers, ...model.consumers];
  for (const client of clients) {
    for (const b of model.brokers) {
      const connected = model.connected.has(`${client.name}>${b.name}`);
      const down = b.status === 'killed' || b.status === 'exited';
      const struck = struckLinks.has(`${client.name}>${b.name}`) || struckLinks.has(`${b.name}>${client.name}`);
      if (!connected && !down) continue;
      const way = wayBetween(layout, client.name, b.name);
      if (!way || (layout.size === 'narrow' && b.id > 1)) continue;
      const hit: Selection = { kind: 'link', from: client.name, to: b.name };
      const style = client.mine && !down ? { stroke: 'violet', opacity: 0.75 } : { stroke: down || struck ? 'line-3' : 'line-2' };
      s.path(way.d, { ...style, width: 1, hit, ...(down || struck || !connected ? { dash: '3 4' } : {}) });
    }
  }
}

function broker(s: Sketch, input: TopologyInput, b: BrokerNode, row: number): void {
  const { layout, words, selection, timeUs, duration } = input;
  const box = layout.rows[row]!;
  const on = b.status === 'running' || b.status === 'paused';
  const hit: Selection = { kind: 'process', name: b.name };
  const chosen = isProcess(selection, b.name);
  s.rect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, {
    r: 3,
    hit,
    stroke: chosen ? 'accent' : on ? 'line' : 'line-3',
    ...(on ? { fill: chosen ? 'accent-wash' : 'panel' } : { dash: '3 3' }),
  });
  const small = box.h < 50;
  const name = layout.size === 'narrow' ? `b-${b.id}` : b.name;
  const x = box.x + 10;
  s.text(x, box.y + (small ? box.h / 2 - 2 : 21), name, { size: layout.size === 'narrow' ? 12 : 13, weight: 600, ink: on ? 'ink' : 'ink-3' });
  const line = box.y + (small ? box.h / 2 + 13 : 37);
  const since = timeUs > b.sinceUs ? duration(timeUs - b.sinceUs) : '';
  if (b.status === 'running') {
    const text = b.fenced ? words.fenced : b.leads > 0 ? words.leaders(b.leads) : words.status.running;
    s.text(x, line, text, { size: 11, ink: b.fenced ? 'amber-ink' : 'ink-3', weight: b.fenced ? 540 : 430 });
  } else if (b.status === 'unstarted') s.text(x, line, words.status.unstarted, { size: 11, ink: 'ink-3' });
  else {
    s.icon(b.status === 'paused' ? 'pause' : 'kill', x - 2, line - 10, 12, 'fault', { width: 1.7 });
    s.text(x + 12, line, words.status[b.status], { size: 11, weight: 600, ink: 'fault-ink' });
    if (!small && since) s.text(x, line + 14, since, { size: 11, mono: true, ink: 'ink-3' });
  }
}

function replication(s: Sketch, { layout, model }: TopologyInput): void {
  layout.columns.forEach((c, i) => {
    const rows = model.brokers.flatMap((b, row) =>
      b.slots.some((slot) => slot.partition === c.partition && (slot.role === 'leader' || slot.role === 'inSync' || slot.role === 'outOfSync')) ? [row] : [],
    );
    const leader = model.brokers.findIndex((b) => b.slots.some((slot) => slot.partition === c.partition && slot.role === 'leader'));
    if (leader < 0 || rows.length < 2) return;
    const x = c.x + layout.slot.w;
    const gutter = gutterX(layout, i);
    const ys = rows.map((row) => layout.rows[row]!.y + layout.rows[row]!.h / 2);
    s.path(`M${gutter} ${Math.min(...ys)}V${Math.max(...ys)}${ys.map((y) => `M${x} ${y}H${gutter}`).join('')}`, { stroke: 'line-3', width: 0.9, opacity: 0.7 });
  });
}

/** Double border = leader, single = in-sync follower, dashed = out of sync or down. */
export function slotFrame(s: Sketch, { x, y, w, h }: Box, role: Exclude<Slot['role'], 'none'>, style: { readonly hit?: Selection } = {}): void {
  if (role === 'leader') {
    s.rect(x + 0.6, y + 0.6, w - 1.2, h - 1.2, { fill: 'stage', stroke: 'ink-2', width: 1.2, r: 3, ...style });
    s.rect(x + 3.5, y + 3.5, w - 7, h - 7, { stroke: 'ink-2', width: 0.9, r: 1 });
  } else if (role === 'inSync') s.rect(x + 0.5, y + 0.5, w - 1, h - 1, { fill: 'stage', stroke: 'line-3', r: 2, ...style });
  else s.rect(x + 0.5, y + 0.5, w - 1, h - 1, { stroke: 'line-3', r: 2, dash: '2.5 2.5', ...style });
}

function drawSlot(s: Sketch, { layout, model, selection }: TopologyInput, slot: Slot, b: BrokerNode, row: number): void {
  const column = layout.columns.findIndex((c) => c.partition === slot.partition);
  if (column < 0) return;
  const { x, y, w, h } = slotBox(layout, column, row);
  const hit: Selection = { kind: 'partition', topic: model.topic, partition: slot.partition };
  const narrow = w < 36;
  if (slot.role === 'none') return;
  slotFrame(s, { x, y, w, h }, slot.role, { hit });
  const off = slot.role === 'offline' || slot.role === 'outOfSync';
  const digits = String(slot.logEndOffset);
  const size = digits.length > 5 ? 9.5 : digits.length > 4 || narrow ? 10.5 : 12;
  s.text(x + w / 2, y + h / 2 + (off && h >= 34 ? 4 : 2), digits, { size, mono: true, anchor: 'middle', ink: off ? 'ink-3' : 'ink', weight: slot.role === 'leader' ? 600 : 430 });
  if (off && slot.role === 'offline') return;
  // Share of what is in view of this log (the last 14 records) that is committed.
  const room = w - 16;
  const share = Math.max(0, Math.min(1, 1 - (slot.logEndOffset - slot.highWatermark) / 14));
  const by = y + h - 10.5;
  s.rect(x + 8, by, room * share, 2.5, { fill: 'teal' });
  if (share < 1) s.rect(x + 8 + room * share + 0.5, by + 0.4, room * (1 - share) - 0.5, 1.7, { stroke: 'teal', width: 0.8 });
  if (selection?.kind === 'record' && selection.topic === model.topic && selection.partition === slot.partition && selection.broker === b.id)
    s.rect(x - 1.5, y - 1.5, w + 3, h + 3, { stroke: 'accent', width: 1.5, r: 4 });
}

function moves(s: Sketch, { model, layout }: TopologyInput): void {
  for (const move of model.moves) {
    const column = layout.columns.findIndex((c) => c.partition === move.partition);
    const from = model.brokers.findIndex((b) => b.id === move.from);
    const to = model.brokers.findIndex((b) => b.id === move.to);
    if (column < 0 || from < 0 || to < 0) continue;
    const a = slotBox(layout, column, from);
    const b = slotBox(layout, column, to);
    const x = a.x + a.w / 2;
    const up = b.y < a.y;
    const start = up ? a.y - 1 : a.y + a.h + 1;
    const end = up ? b.y + b.h + 2 : b.y - 2;
    const d = up ? -1 : 1;
    // Past a row that lies between, the arrow is drawn beside its slot.
    const between = Math.abs(from - to) > 1;
    const lane = between ? a.x + 2 : x;
    s.path(`M${x} ${start}${between ? `L${lane} ${start + d * 6}V${end - d * 6}L${x} ${end - d * 1.5}` : `V${end - d * 1.5}`}M${x - 3.2} ${end - d * 5}L${x} ${end}L${x + 3.2} ${end - d * 5}`, {
      stroke: 'ink',
      width: 1.25,
    });
    s.text(x + 6, up ? start - 5 : start + 13, `e${move.epoch}`, { size: 10.5, mono: true, ink: 'ink-2' });
  }
}

function producer(s: Sketch, input: TopologyInput, p: ProducerNode, box: Box): void {
  const { words, layout } = input;
  const narrow = layout.size === 'narrow';
  const roomy = layout.size === 'wide';
  const tag = p.mine ? words.yourCode : !roomy ? '' : p.transaction ? words.transactional : p.idempotent ? words.idempotent : '';
  client(s, input, box, p.name, p.mine, tag && layout.size !== 'mid' ? 0.62 : 0.94);
  headTag(s, input, box, p.mine, tag);
  if (troubled(s, input, box, p.status)) {
    // What it has left open holds readers back for as long as it is away.
    if (p.transaction && p.transaction.records > 0 && box.h >= 64) s.text(box.x + 12, box.y + 56, words.transaction.open(p.transaction.records), { size: 11, ink: 'ink-2', most: box.w - 22 });
    return;
  }
  const second = box.y + Math.min(38, box.h - 10);
  detail(s, input, p, box, second);
  if (p.transaction?.fatal) return;
  if (box.h >= 44 && p.failed > 0) s.text(box.x + box.w - 10, second, words.failed(p.failed), { size: 11, ink: 'amber-ink', anchor: 'end' });
  else if (box.h >= 44 && p.retries > 0) s.text(box.x + box.w - 10, second, roomy ? words.retries(p.retries) : `↻ ${p.retries}`, { size: 11, ink: 'amber-ink', anchor: 'end' });
  // Learner code that has produced nothing yet need not be a producer.
  if (narrow || box.h < 80 || p.acks === null) return;
  const shown = layout.columns.map((c) => p.waiting[input.model.partitions.indexOf(c.partition)] ?? 0);
  const width = (box.w - 24) / Math.max(1, shown.length);
  const bar = Math.min(24, width - (width > 14 ? 6 : 2));
  shown.forEach((v, i) => {
    const x = box.x + 12 + i * width;
    const base = box.y + box.h - 21;
    s.line(x, base, x + bar, base, 'line-2');
    const height = Math.min(24, v * 2.6);
    s.rect(x, base - height, bar, height, { fill: p.mine ? 'violet' : 'ink-3', opacity: 0.85 });
    if (width >= 12) s.text(x + bar / 2, base + 13, String(layout.columns[i]!.partition), { size: 10, mono: true, ink: 'ink-3', anchor: 'middle' });
  });
}

/** What it asks of brokers; for a transactional producer, which always asks for all, how far its transaction is. */
function detail(s: Sketch, { words }: TopologyInput, p: ProducerNode, box: Box, y: number): void {
  if (box.h < 44) return;
  const room = box.w - 22 - (p.failed > 0 || p.retries > 0 ? 60 : 0);
  if (p.transaction?.fatal) s.text(box.x + 12, y, p.transaction.fatal, { size: 11, ink: 'amber-ink', most: box.w - 22 });
  else if (p.transaction) s.text(box.x + 12, y, p.transaction.records > 0 ? words.transaction.open(p.transaction.records) : words.transaction.none, { size: 11, ink: 'ink-2', most: room });
  else if (p.submits.length > 0) s.text(box.x + 12, y, words.streams.submits(p.submits.join(', ')), { size: 11, ink: 'ink-2', most: room });
  else if (p.acks !== null) s.text(box.x + 12, y, `acks=${p.acks}`, { size: 11, mono: true, ink: 'ink-2' });
}

function groupHeads(s: Sketch, { layout, model, words }: TopologyInput): void {
  for (const head of layout.groups) {
    const group = model.groups.find((g) => g.name === head.name);
    const hit: Selection = { kind: 'group', group: head.name };
    s.rect(head.x, head.y - 12, head.w, 16, { hit });
    const [name, state] = group?.state && layout.size === 'wide' ? beside(words, group, head.w) : [words.group(head.name), ''];
    s.text(head.x, head.y, name, { size: 11, ink: 'ink-3', most: head.w - (state ? textWidth(state) + 2 : 0) });
    if (state) s.text(head.x + head.w, head.y, state, { size: 11, ink: group!.state === 'Stable' ? 'ink-3' : 'amber-ink', anchor: 'end' });
  }
}

/** Name and state of a group, as much of both as a width holds. */
function beside(words: LabMessages, group: GroupNode, width: number): readonly [name: string, state: string] {
  const whole = words.groupState(group.state, group.generation);
  for (const [name, state] of [
    [words.group(group.name), whole],
    [group.name, whole],
    [words.group(group.name), group.state],
  ] as const)
    if (textWidth(name) + textWidth(state) + 2 <= width) return [name, state];
  return [group.name, group.state];
}

function consumer(s: Sketch, input: TopologyInput, c: ConsumerNode, box: Box): void {
  const { words, layout } = input;
  const most = input.model.consumers.reduce((top, one) => one.reads.reduce((m, r) => Math.max(m, r.lag), top), 20);
  const lag = c.lag < 0 || c.mine ? '' : `${words.lag} ${c.lag}`;
  // The sum stands beside the name only where both fit.
  const fits = c.name.length * 7.4 + lag.length * 6 < box.w - 30;
  client(s, input, box, c.name, c.mine, fits && lag ? 1 - (lag.length * 6.4 + 10) / box.w : 0.94);
  if (c.mine) headTag(s, input, box, true, '');
  if (troubled(s, input, box, c.status)) return;
  if (c.reads.length === 0 && c.elsewhere.length > 0 && box.h >= 44) {
    const topics = c.elsewhere.join(', ');
    const whole = words.reads(topics);
    s.text(box.x + 12, box.y + 38, textWidth(whole) < box.w - 22 ? whole : topics, { size: 11, ink: 'ink-2', most: box.w - 22 });
  }
  if (fits) s.text(box.x + box.w - 10, box.y + 21, lag, { size: 11, ink: 'ink-2', anchor: 'end' });
  const rows = Math.floor((box.h - 30) / 19);
  const fitBeside = Math.floor((box.w - 20) / 28);
  if (layout.size === 'narrow' || rows < Math.min(3, c.reads.length) || (rows < c.reads.length && c.reads.length <= fitBeside)) {
    besideEachOther(s, c, box, most);
    return;
  }
  const shown = c.reads.length > rows ? c.reads.slice(0, rows - 1) : c.reads;
  shown.forEach((r, i) => {
    const y = box.y + 36 + i * 19;
    s.text(box.x + 12, y + 8, `P${r.partition}`, { size: 11, mono: true, ink: 'ink-2' });
    lagBar(s, box.x + 36, y + 3, box.w - 36 - 42, r.lag, most);
    s.text(box.x + box.w - 10, y + 8, r.lag < 0 ? '–' : String(r.lag), { size: 11, mono: true, ink: 'ink-2', anchor: 'end' });
  });
  if (shown.length < c.reads.length) s.text(box.x + 12, box.y + 36 + shown.length * 19 + 8, `+${c.reads.length - shown.length}`, { size: 11, mono: true, ink: 'ink-3' });
}

/** The partitions of a reader in one row, for boxes that are low. */
function besideEachOther(s: Sketch, c: ConsumerNode, box: Box, most: number): void {
  if (box.h < 52) return;
  const room = box.w - 20;
  const count = Math.min(c.reads.length, Math.max(1, Math.floor(room / 28)));
  const each = room / Math.max(1, Math.min(4, count));
  c.reads.slice(0, count).forEach((r, i) => {
    const x = box.x + 10 + i * Math.min(each, room / count);
    lagBar(s, x, box.y + 32, Math.min(each, room / count) - 8, r.lag, most);
    s.text(x, box.y + 49, `P${r.partition}`, { size: 11, mono: true, ink: 'ink-3' });
  });
}

function lagBar(s: Sketch, x: number, y: number, w: number, lag: number, most: number): void {
  s.rect(x, y, w, 3, { fill: 'well' });
  if (lag > 0) s.rect(x, y, w * Math.min(1, lag / most), 3, { fill: 'ink-2' });
}

function client(s: Sketch, { selection }: TopologyInput, box: Box, name: string, mine: boolean, share: number): void {
  const hit: Selection = { kind: 'process', name };
  const chosen = isProcess(selection, name);
  s.rect(box.x, box.y, box.w, box.h, { fill: chosen ? 'accent-wash' : 'panel', r: 2, hit });
  if (chosen) s.rect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, { stroke: 'accent', r: 2 });
  s.rect(box.x, box.y, 2, box.h, { fill: mine ? 'violet' : 'line-3' });
  s.text(box.x + 12, box.y + 21, name, { size: 13, weight: 600, most: (box.w - 12) * share });
}

function headTag(s: Sketch, { layout }: TopologyInput, box: Box, mine: boolean, tag: string): void {
  const right = box.x + box.w - 10;
  const shown = layout.size === 'mid' ? '' : tag;
  if (shown) s.text(right, box.y + 21, shown, { size: 11, ink: mine ? 'violet-ink' : 'ink-3', anchor: 'end' });
  if (!mine) return;
  // In a small box the mark of the learner's code stands under the name, so that the name has room.
  if (!shown) s.icon('code', right - 12, box.y + 28, 12, 'violet', { width: 1.6 });
  else s.icon('code', right - (shown.length * (shown.charCodeAt(0) > 0x1100 ? 10 : 5.6) + 16), box.y + 11, 12, 'violet', { width: 1.6 });
}

/** A client that does not run says so in place of its figures. */
function troubled(s: Sketch, { words }: TopologyInput, box: Box, status: ProducerNode['status']): boolean {
  if (status === 'running') return false;
  const y = box.y + Math.min(38, box.h - 8);
  if (status === 'unstarted') s.text(box.x + 12, y, words.status.unstarted, { size: 11, ink: 'ink-3' });
  else {
    s.icon(status === 'paused' ? 'pause' : 'kill', box.x + 10, y - 10, 12, 'fault', { width: 1.7 });
    s.text(box.x + 24, y, words.status[status], { size: 11, weight: 600, ink: 'fault-ink' });
  }
  return true;
}

/** The controller's last word with how long ago it was said, and without; empty while it has said nothing. */
export function controllerSays(state: SessionState, model: TopologyModel, words: LabMessages, duration: (us: number) => string): string[] {
  const { said, saidUs } = model.controller;
  const text = said < 0 ? '' : lastWord(state, model, words);
  return text === '' ? [] : [words.said.ago(text, duration(state.timeUs - saidUs)), text];
}

function lastWord(state: SessionState, model: TopologyModel, words: LabMessages): string {
  const event = state.trace.event(model.controller.said);
  if (event.type === 'kafka.fenced') return words.said.fenced(event.broker);
  const partition = 'partition' in event ? (event.topic === model.topic ? `P${event.partition}` : `${event.topic}-${event.partition}`) : '';
  if (event.type === 'kafka.leaderElected') return event.leader > 0 ? words.said.elected(partition, event.leader) : words.said.noLeader(partition);
  if (event.type === 'kafka.isrChanged') return words.said.isr(partition, event.isr.replaceAll(',', ' '));
  return '';
}
