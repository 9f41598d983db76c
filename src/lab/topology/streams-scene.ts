// The picture of a job in the topology: the job manager's line, task managers as rows with their slots, subtasks in the columns of
// their tasks, the channels between them and the barriers in these.
import type { LabMessages } from '../messages/en.ts';
import type { Sketch } from '../marks.ts';
import { sameSelection, type Selection } from '../selection.ts';
import { shortClock } from '../streams/clock.ts';
import { textWidth } from '../text-width.ts';
import type { Box, Layout } from './layout.ts';
import { cellBox, channelBetween, streamWay, type StreamsLayout } from './streams-layout.ts';
import type { ManagerNode, SlotLane, StreamsView, SubtaskNode } from './streams-model.ts';

export interface StreamsInput {
  readonly view: StreamsView;
  readonly layout: Layout;
  readonly words: LabMessages;
  readonly duration: (us: number) => string;
  readonly timeUs: number;
  readonly selection: Selection | null;
  /** `from>to` of every pair that has a connection. */
  readonly connected: ReadonlySet<string>;
}

/** The pipes between the job and Kafka, to be drawn behind everything. */
export function streamPipes(s: Sketch, { view, layout, connected }: StreamsInput): void {
  const brokers = layout.rows.map((_, i) => `broker-${i + 1}`);
  for (const m of view.managers) {
    for (const broker of brokers) {
      if (!connected.has(`${m.name}>${broker}`)) continue;
      for (const api of ['Fetch', 'Produce']) {
        const way = streamWay(layout, m.name, broker, api);
        if (way) s.path(way.d, { stroke: 'line-2', hit: { kind: 'link', from: m.name, to: broker } });
      }
    }
    const way = connected.has(`${m.name}>jobmanager`) ? streamWay(layout, 'jobmanager', m.name) : null;
    if (way) s.path(way.d, { stroke: 'line' });
  }
}

export function streamsScene(s: Sketch, input: StreamsInput): void {
  const { streams } = input.layout;
  if (!streams) return;
  head(s, input, streams);
  columnHeads(s, input, streams);
  for (const m of input.view.managers) manager(s, input, streams, m);
  stubs(s, input, streams);
  channels(s, input, streams);
  for (const m of input.view.managers) m.lanes.forEach((lane, n) => cells(s, input, streams, m, lane, n));
  barriers(s, input, streams);
}

const chosen = (input: StreamsInput, hit: Selection) => sameSelection(input.selection, hit);

function head(s: Sketch, input: StreamsInput, { head: { x, y, w, h } }: StreamsLayout): void {
  const { view, words, layout } = input;
  const hit: Selection = { kind: 'process', name: 'jobmanager' };
  const down = view.jobManager === 'killed' || view.jobManager === 'paused' || view.jobManager === 'exited';
  s.rect(x, y, w, h, chosen(input, hit) ? { fill: 'accent-wash', hit } : { hit });
  s.icon(down ? (view.jobManager === 'paused' ? 'pause' : 'kill') : 'controller', x + 9, y + 4, 13, down ? 'fault' : 'ink-2');
  const name = down ? `${words.streams.jobManager} · ${words.status[view.jobManager]}` : words.streams.jobManager;
  s.text(x + 27, y + 14, name, { size: 11, ink: down ? 'fault-ink' : 'ink-2', weight: down ? 600 : 430 });
  const narrow = layout.size === 'narrow';
  const told = checkpointSays(input);
  const room = w - 36;
  const [jobX, jobY] = narrow ? [x + 9, y + 32] : [x + 44 + textWidth(name), y + 14];
  const after = jobX + textWidth(view.job, 12) * 1.06 + 8;
  const [says, ink] = jobSays(input);
  // Words stand before the pipes that run down behind them.
  s.rect(jobX - 4, jobY - 12, after - jobX + Math.min(textWidth(says) + 8, x + w - after), 16, { fill: 'stage' });
  s.text(jobX, jobY, view.job, { size: 12, weight: 600 });
  const toldRoom = narrow ? textWidth(words.streams.jobManager) + 40 : after + textWidth(says) - x + 24;
  s.text(after, jobY, says, { size: 11, ink, most: x + w - after - 8 });
  if (told && room - toldRoom > 60) {
    const toldW = Math.min(textWidth(told), w - toldRoom - 8);
    s.rect(x + w - 12 - toldW, y + 2, toldW + 8, 16, { fill: 'stage' });
    s.text(x + w - 8, y + 14, told, { size: 11, ink: 'ink-2', anchor: 'end', most: w - toldRoom - 8 });
  }
  s.line(x, y + h, x + w, y + h, down ? 'line-3' : 'line-2', down ? { dash: '3 3' } : {});
}

function jobSays({ view, words, duration, timeUs }: StreamsInput): readonly [text: string, ink: string] {
  const t = words.streams;
  const { state } = view;
  if (!state) return [t.jobState['notSubmitted']!, 'ink-3'];
  // While the job manager is down nobody says how the job is.
  if (view.jobManager !== 'running') return [t.lastKnown(t.jobState[state.state] ?? state.state), 'ink-3'];
  const trouble = state.state === 'FAILING' || state.state === 'RESTARTING' || state.state === 'FAILED';
  const parts = [t.jobState[state.state] ?? state.state];
  if (state.attempt > 1 || trouble) parts.push(t.attempt(state.attempt));
  if (state.restored > 0 && !trouble) parts.push(t.fromCheckpoint(state.restored));
  if (state.delayMs > 0 && state.state === 'RESTARTING') parts.push(t.nextIn(duration(Math.max(0, state.delayMs * 1000 - (timeUs - view.sinceUs)))));
  return [parts.join(' · '), trouble ? 'amber-ink' : 'ink-2'];
}

function checkpointSays({ view, words, duration, timeUs }: StreamsInput): string {
  const t = words.streams;
  const { state, plan } = view;
  if (state?.pending) {
    const parts = plan.tasks.reduce((sum, task) => sum + task.parallelism, 0);
    const stored = Array.from(state.subtasks.values()).filter((one) => one.acknowledged >= state.pending!.checkpoint).length;
    return t.underway(state.pending.savepoint, state.pending.checkpoint, stored, parts);
  }
  return state?.completed ? words.said.ago(t.complete(state.completed.savepoint, state.completed.checkpoint), duration(timeUs - view.completedAtUs)) : '';
}

function columnHeads(s: Sketch, input: StreamsInput, streams: StreamsLayout): void {
  const rows = Math.max(...streams.places.map((p) => p.row)) + 1;
  input.view.plan.tasks.forEach((task, number) => {
    const { x, w, row } = streams.places[number]!;
    const hit: Selection = { kind: 'task', job: input.view.job, task: task.name };
    const y = streams.top - 4 - (rows - 1 - row) * 15;
    const on = chosen(input, hit);
    s.rect(x - 4, y - 13, w + 8, 17, on ? { fill: 'accent-wash', r: 2, hit } : { hit });
    s.text(x, y, task.name, { size: 11, ink: on ? 'accent-ink' : 'ink-3', weight: on ? 640 : 430, most: w + (streams.places.length > 1 ? 12 : 0) });
  });
}

/** A task manager looks as a broker does. */
function manager(s: Sketch, input: StreamsInput, streams: StreamsLayout, m: ManagerNode): void {
  const { box } = streams.managers.get(m.name)!;
  const { words, layout, timeUs, duration } = input;
  const on = m.status === 'running' || m.status === 'paused';
  const hit: Selection = { kind: 'process', name: m.name };
  const picked = chosen(input, hit);
  s.rect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, { r: 3, hit, stroke: picked ? 'accent' : on ? 'line' : 'line-3', ...(on ? { fill: picked ? 'accent-wash' : 'panel' } : { dash: '3 3' }) });
  const narrow = layout.size === 'narrow';
  const x = box.x + 10;
  s.text(x, box.y + 19, narrow ? m.name.replace('taskmanager', 'tm') : m.name, { size: narrow ? 12 : 13, weight: 600, ink: on ? 'ink' : 'ink-3', most: streams.label });
  const y = box.y + 34;
  if (m.status === 'running' || m.status === 'unstarted') {
    const used = m.lanes.filter(inUse).length;
    const free = m.slots - used;
    const text = m.status === 'unstarted' ? words.status.unstarted : free === m.slots ? words.streams.slotsFree(free) : words.streams.slotsUsed(used, m.slots);
    s.text(x, y, narrow && m.status === 'running' ? `${used} / ${m.slots}` : text, { size: 11, ink: 'ink-3', most: streams.label - 4 });
    return;
  }
  s.icon(m.status === 'paused' ? 'pause' : 'kill', x - 2, y - 10, 12, 'fault', { width: 1.7 });
  s.text(x + 12, y, words.status[m.status], { size: 11, weight: 600, ink: 'fault-ink' });
  if (box.h > 50 && timeUs > m.sinceUs) s.text(x, y + 14, duration(timeUs - m.sinceUs), { size: 11, mono: true, ink: 'ink-3' });
}

/** What has ended keeps its place until the next attempt, and gives its slot back. */
function inUse(lane: SlotLane): boolean {
  return lane.cells.length === 0 || lane.cells.some((c) => c !== null && (c.status === 'RUNNING' || c.status === 'DEPLOYING'));
}

/** Where each subtask stands now. */
function placed({ view }: StreamsInput, streams: StreamsLayout, task: number, subtask: number): Box | null {
  for (const m of view.managers) {
    const lane = m.lanes.findIndex((l) => l.job === view.job && l.subtask === subtask && l.cells[task]);
    if (lane >= 0) return cellBox(streams, m.name, lane, task);
  }
  return null;
}

/** From the pipes to the sources, and from the sinks to the pipes. */
function stubs(s: Sketch, input: StreamsInput, streams: StreamsLayout): void {
  input.view.plan.tasks.forEach((task, number) => {
    for (let subtask = 0; subtask < task.parallelism; subtask++) {
      const box = placed(input, streams, number, subtask);
      if (!box) continue;
      const y = box.y + box.h / 2;
      if (task.operators.some((o) => o.kind === 'source')) s.path(`M${streams.readX} ${y}H${box.x}`, { stroke: 'line-2' });
      if (task.operators.some((o) => o.kind === 'sink')) s.path(`M${box.x + box.w} ${y}H${streams.writeX}`, { stroke: 'line-2' });
    }
  });
}

function eachChannel(input: StreamsInput, streams: StreamsLayout, draw: (from: readonly [number, number], to: readonly [number, number], way: ReturnType<typeof channelBetween>) => void): void {
  input.view.plan.tasks.forEach((task, number) => {
    for (let subtask = 0; subtask < task.parallelism; subtask++) {
      const to = placed(input, streams, number, subtask);
      if (!to) continue;
      const inputs = input.view.plan.channels(number, subtask);
      inputs.forEach((from, channel) => {
        const box = placed(input, streams, from.task, from.subtask);
        if (box) draw([from.task, from.subtask], [number, subtask], channelBetween(box, to, (channel + 1) / (inputs.length + 1)));
      });
    }
  });
}

const barrierAt = (input: StreamsInput, from: readonly [number, number], to: readonly [number, number]) =>
  input.view.barriers.find((b) => b.from.task === from[0] && b.from.subtask === from[1] && b.to.task === to[0] && b.to.subtask === to[1]);

function channels(s: Sketch, input: StreamsInput, streams: StreamsLayout): void {
  eachChannel(input, streams, (from, to, way) => {
    const waits = barrierAt(input, from, to)?.state === 'waiting';
    s.path(way.d, { stroke: waits ? 'line-3' : 'line-2', ...(waits ? { dash: '3 3' } : {}) });
  });
}

function barriers(s: Sketch, input: StreamsInput, streams: StreamsLayout): void {
  if (input.view.barriers.length === 0) return;
  eachChannel(input, streams, (from, to, way) => {
    const mark = barrierAt(input, from, to);
    if (mark) barrier(s, way.at(mark.state === 'underway' ? 0.5 : 0.94), mark.state === 'waiting');
  });
}

/** A bar across its channel; two where the channel waits for the barriers of the others. */
export function barrier(s: Sketch, { x, y }: { readonly x: number; readonly y: number }, waits: boolean): void {
  s.rect(x - 3.5, y - 7, waits ? 10 : 6, 14, { fill: 'stage', opacity: 0.9 });
  s.rect(x - 1.25, y - 6, 2.5, 12, { fill: 'ink' });
  if (waits) s.rect(x + 2.75, y - 6, 2.5, 12, { fill: 'ink' });
}

function cells(s: Sketch, input: StreamsInput, streams: StreamsLayout, m: ManagerNode, lane: SlotLane, n: number): void {
  if (lane.cells.length === 0) {
    const box = streams.managers.get(m.name)!.lanes[n]!;
    const hit: Selection = { kind: 'job', job: lane.job };
    s.rect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1, { stroke: 'line', r: 2, hit });
    s.text(box.x + 10, box.y + box.h / 2 + 4, `${lane.job} ${lane.subtask + 1}`, { size: 11, ink: 'ink-3', most: box.w - 20 });
    return;
  }
  for (const node of lane.cells) {
    const box = node && cellBox(streams, m.name, n, node.task);
    if (box) subtask(s, input, node, box, m);
  }
}

function subtask(s: Sketch, input: StreamsInput, node: SubtaskNode, box: Box, m: ManagerNode): void {
  const { words, view } = input;
  const t = words.streams;
  const hit: Selection = { kind: 'subtask', job: view.job, task: view.plan.tasks[node.task]!.name, subtask: node.subtask };
  const on = chosen(input, hit);
  const works = (node.status === 'RUNNING' || node.status === 'DEPLOYING') && m.status === 'running';
  const { x, y, w, h } = box;
  s.rect(x + 0.5, y + 0.5, w - 1, h - 1, { r: 2, hit, stroke: on ? 'accent' : 'line-3', fill: on ? 'accent-wash' : works ? 'stage' : 'panel', ...(works ? {} : { dash: '2.5 2.5' }) });
  if (on) s.rect(x + 0.5, y + 0.5, w - 1, h - 1, { r: 2, stroke: 'accent', width: 1.5 });
  const roomy = w >= 64;
  const whole = w >= 90;
  s.text(roomy ? x + 8 : x + w / 2, y + 15, String(node.subtask + 1), { size: 11, mono: true, weight: 600, ink: works ? 'ink-2' : 'ink-3', ...(roomy ? {} : { anchor: 'middle' as const }) });
  const marked = node.part === 'none' ? 0 : 12;
  if (marked) part(s, x + w - 11, y + 6, node.part === 'stored');
  if (roomy) {
    const running = node.status === 'RUNNING';
    const time = shortClock(node.watermarkMs, t);
    const text = !running ? t.taskState[node.status]! : node.idle ? t.idle : whole ? time : time.slice(0, 5);
    const ink = node.status === 'FAILED' || node.status === 'LOST' ? 'amber-ink' : works ? 'ink' : 'ink-3';
    s.text(x + w - 8 - marked, y + 15, text, { size: 11, mono: running && !node.idle, ink, anchor: 'end', most: w - (whole ? 30 : 22) - marked });
    const trouble = node.level !== 'OK' ? t.backPressure(node.level) : node.held.length > 0 ? t.held(node.held.map(partitionOf).join(' ')) : '';
    if (running && trouble && w >= 130) s.text(x + 24, y + 15, trouble, { size: 11, ink: 'amber-ink', weight: 540, most: w - 110 });
    else if (running && node.held.length > 0) s.icon('pause', x + 18, y + 6, 11, 'amber', { width: 1.7 });
  }
  if (!works) return;
  loadBar(s, { x: x + 6, y: y + h - 5, w: w - 12 }, node.busyPermille, node.backPressuredPermille);
}

/** A partition as topics with one column each call it. */
function partitionOf(name: string): string {
  return `P${name.slice(name.lastIndexOf('-') + 1)}`;
}

/** How a subtask spent the last second: working, waiting for room in its output. */
export function loadBar(s: Sketch, { x, y, w }: Pick<Box, 'x' | 'y' | 'w'>, busyPermille: number, backPressuredPermille: number): void {
  const busy = (w * busyPermille) / 1000;
  s.rect(x, y, w, 2, { fill: 'well' });
  s.rect(x, y, busy, 2, { fill: 'ink-2' });
  s.rect(x + busy, y, (w * backPressuredPermille) / 1000, 2, { fill: 'amber' });
}

/** A subtask's part of the checkpoint under way: outlined once taken, filled once the coordinator has it. */
export function part(s: Sketch, x: number, y: number, stored: boolean): void {
  if (stored) s.rect(x, y, 7, 7, { fill: 'teal', r: 1 });
  else s.rect(x + 0.6, y + 0.6, 5.8, 5.8, { stroke: 'teal', width: 1.3, r: 1 });
}
