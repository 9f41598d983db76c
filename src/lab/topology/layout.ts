// Where everything of the topology stands: producers left, brokers as rows with partitions as columns, consumers right, the
// controller above. On a phone producers stand above the brokers and consumers below.
import { streamsLayout, streamWay, type StreamsLayout, type StreamsShape } from './streams-layout.ts';
import { channel, pipe, reversed, type Curve, type Point } from './curve.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Size = 'wide' | 'mid' | 'narrow';

export interface LayoutInput {
  readonly width: number;
  readonly brokers: number;
  readonly partitions: readonly number[];
  /** The partition that must be in view. */
  readonly selected: number | null;
  readonly producers: readonly string[];
  readonly consumers: readonly { readonly name: string; readonly group: string }[];
  /** What of stream jobs there is to place; absent where there is none. */
  readonly streams?: StreamsShape | null;
}

export interface Layout {
  readonly size: Size;
  readonly width: number;
  readonly height: number;
  /** The block of all broker rows. */
  readonly block: Box;
  /** Width of the column of broker names. */
  readonly label: number;
  readonly rows: readonly Box[];
  /** Partitions in view, with the left edge of their slots. */
  readonly columns: readonly { readonly partition: number; readonly x: number }[];
  readonly slot: { readonly w: number; readonly h: number };
  readonly pitch: number;
  readonly controller: Box;
  readonly producers: ReadonlyMap<string, Box>;
  readonly consumers: ReadonlyMap<string, Box>;
  /** Heading above the first member of each group. */
  readonly groups: readonly { readonly name: string; readonly x: number; readonly y: number; readonly w: number }[];
  /** Height of one client, which decides how much is said on it. */
  readonly clientHeight: number;
  /** The job, below everything else; null where there is none. */
  readonly streams: StreamsLayout | null;
}

const LEAST_PITCH = { wide: 36, mid: 34, narrow: 34 } as const;
const MOST_PITCH = 66;

/** How much room a stage has, by the width of its pictures. */
export function sizeOf(width: number): Size {
  return width >= 820 ? 'wide' : width >= 488 ? 'mid' : 'narrow';
}

export function layoutOf(input: LayoutInput): Layout {
  const size: Size = sizeOf(input.width);
  const layout = size === 'narrow' ? narrow(input) : beside(input, size);
  if (!input.streams) return layout;
  const { streams, bottom } = streamsLayout(input.streams, { size, width: input.width, top: layout.height - 10 });
  return { ...layout, streams, height: bottom + 4 };
}

/** What stands beside the brokers, from roomy to tight, px. */
const MEASURES = {
  wide: { pad: 20, clientW: 168, readerW: 152, gap: 84, label: 92 },
  mid: { pad: 20, clientW: 116, readerW: 106, gap: 40, label: 74 },
  tight: { pad: 12, clientW: 90, readerW: 86, gap: 22, label: 72 },
} as const;

function beside(input: LayoutInput, size: 'wide' | 'mid'): Layout {
  const { pad, clientW, readerW, gap, label } = MEASURES[size === 'mid' && input.width < 640 ? 'tight' : size];
  const shownClients = input.producers.length > 0 || input.consumers.length > 0;
  const room = input.width - 2 * pad - (shownClients ? clientW + readerW + 2 * gap : 0) - label;
  const { columnsShown, pitch } = fit(input, room, LEAST_PITCH[size]);
  const blockW = columnsShown.length ? label + columnsShown.length * pitch : Math.min(300, label + room);
  const spare = Math.max(0, input.width - 2 * pad - (shownClients ? clientW + readerW : 0) - blockW);
  const left = shownClients ? pad + clientW + spare / 2 : pad + spare / 2;
  const top = 56;
  const rowH = input.brokers <= 3 ? 58 : input.brokers <= 5 ? 46 : 38;
  const rowGap = input.brokers <= 3 ? 10 : 6;
  const rows = Array.from({ length: input.brokers }, (_, i) => ({ x: left, y: top + i * (rowH + rowGap), w: blockW, h: rowH }));
  const blockH = input.brokers * rowH + (input.brokers - 1) * rowGap;
  const most = Math.max(input.producers.length, input.consumers.length, 1);
  const clientGap = 10;
  const clientHeight = Math.max(38, Math.min(92, (Math.max(blockH, 194) - (most - 1) * clientGap) / most));
  const producers = stack(input.producers, pad, top, clientW, clientHeight, clientGap);
  const readers: Box[] = [];
  const groups: { name: string; x: number; y: number; w: number }[] = [];
  let y = top;
  input.consumers.forEach((c, i) => {
    const first = i === 0 || input.consumers[i - 1]!.group !== c.group;
    if (first && i > 0) y += 20;
    if (first) groups.push({ name: c.group, x: input.width - pad - readerW, y: y - 8, w: readerW });
    readers.push({ x: input.width - pad - readerW, y, w: readerW, h: clientHeight });
    y += clientHeight + clientGap;
  });
  const lowest = Math.max(top + blockH, ...Array.from(producers.values(), (b) => b.y + b.h), y - clientGap);
  return {
    size,
    width: input.width,
    height: lowest + 10,
    block: { x: left, y: top, w: blockW, h: blockH },
    label,
    rows,
    pitch,
    columns: columnsShown.map((partition, i) => ({ partition, x: left + label + i * pitch })),
    slot: { w: pitch - slotGap(pitch), h: Math.min(38, rowH - 12) },
    controller: overBlock(input.width, pad, left, blockW),
    producers,
    clientHeight,
    groups,
    streams: null,
    consumers: new Map(input.consumers.map((c, i) => [c.name, readers[i]!])),
  };
}

/** Room that the controller needs for its last word, px: it may reach out over both sides of a block of few partitions. */
const LEAST_CONTROLLER = 380;

function overBlock(width: number, pad: number, left: number, blockW: number): Box {
  const w = Math.min(width - 2 * pad, Math.max(blockW, LEAST_CONTROLLER));
  const x = Math.max(pad, Math.min(left + (blockW - w) / 2, width - pad - w));
  return { x, y: 6, w, h: 22 };
}

function narrow(input: LayoutInput): Layout {
  const { width } = input;
  const label = 70;
  const { columnsShown, pitch } = fit(input, width - label, LEAST_PITCH.narrow);
  const perRow = 2;
  const gap = 12;
  const cellW = (count: number) => (count === 1 ? width : (width - gap) / perRow);
  const place = (names: readonly string[], y: number, h: number) =>
    new Map(names.map((name, i) => [name, { x: (i % perRow) * (cellW(names.length) + gap), y: y + Math.floor(i / perRow) * (h + 8), w: cellW(names.length), h }]));
  const producerH = 52;
  const producers = place(input.producers, 12, producerH);
  const producerRows = Math.ceil(input.producers.length / perRow);
  const top = 12 + producerRows * (producerH + 8) + (producerRows ? 48 : 20);
  const rowH = 58;
  const rowGap = 10;
  const rows = Array.from({ length: input.brokers }, (_, i) => ({ x: 0, y: top + i * (rowH + rowGap), w: width, h: rowH }));
  const blockH = input.brokers * rowH + (input.brokers - 1) * rowGap;
  const readersTop = top + blockH + (input.consumers.length ? 34 : 0);
  const readerH = 56;
  const readers = place(
    input.consumers.map((c) => c.name),
    readersTop,
    readerH,
  );
  const readerRows = Math.ceil(input.consumers.length / perRow);
  return {
    size: 'narrow',
    width,
    height: readersTop + readerRows * (readerH + 8) + 4,
    block: { x: 0, y: top, w: width, h: blockH },
    label,
    rows,
    pitch,
    columns: columnsShown.map((partition, i) => ({ partition, x: label + i * pitch })),
    slot: { w: pitch - slotGap(pitch), h: 34 },
    controller: { x: 0, y: top - 38, w: width, h: 16 },
    producers,
    consumers: readers,
    clientHeight: producerH,
    groups: [],
    streams: null,
  };
}

/** As many columns as there is room for, the selected partition among them. */
function fit(input: LayoutInput, room: number, least: number): { columnsShown: readonly number[]; pitch: number } {
  const all = input.partitions;
  const most = Math.max(1, Math.floor(room / least));
  const pitch = Math.min(MOST_PITCH, room / Math.max(1, Math.min(all.length, most)));
  if (all.length <= most) return { columnsShown: all, pitch };
  const at = Math.max(0, input.selected === null ? 0 : all.indexOf(input.selected));
  const from = Math.max(0, Math.min(all.length - most, at - Math.floor(most / 2)));
  return { columnsShown: all.slice(from, from + most), pitch };
}

function slotGap(pitch: number): number {
  return pitch >= 52 ? 17 : pitch >= 42 ? 12 : 8;
}

function stack(names: readonly string[], x: number, y: number, w: number, h: number, gap: number): Map<string, Box> {
  return new Map(names.map((name, i) => [name, { x, y: y + i * (h + gap), w, h }]));
}

export function slotBox(layout: Layout, column: number, row: number): Box {
  const r = layout.rows[row]!;
  return { x: layout.columns[column]!.x, y: r.y + (r.h - layout.slot.h) / 2, w: layout.slot.w, h: layout.slot.h };
}

/** x of the gutter to the right of a column, where replication runs; column -1 is the gutter beside the names. */
export function gutterX(layout: Layout, column: number): number {
  if (column < 0) return (layout.columns[0]?.x ?? layout.block.x + layout.block.w) - (layout.pitch - layout.slot.w) / 2;
  return layout.columns[column]!.x + layout.slot.w + (layout.pitch - layout.slot.w) / 2;
}

/** The way between two processes; null when one of them has no place. @param column partition column for replication, -1 = none. @param api what goes there, where that decides the way. */
export function wayBetween(layout: Layout, from: string, to: string, column = -1, api = ''): Curve | null {
  const ofJob = streamWay(layout, from, to, api);
  if (ofJob) return ofJob;
  const a = brokerRow(layout, from);
  const b = brokerRow(layout, to);
  if (a >= 0 && b >= 0) {
    const x = gutterX(layout, column);
    return pipe([
      { x, y: middle(layout.rows[a]!) },
      { x, y: middle(layout.rows[b]!) },
    ]);
  }
  if (from === 'controller' && b >= 0) return controllerWay(layout, b);
  if (to === 'controller' && a >= 0) return reversed(controllerWay(layout, a));
  if (b >= 0) return clientWay(layout, from, b);
  if (a >= 0) {
    const way = clientWay(layout, to, a);
    return way && reversed(way);
  }
  return null;
}

function controllerWay(layout: Layout, row: number): Curve {
  const c = layout.controller;
  const r = layout.rows[row]!;
  if (layout.size === 'narrow')
    return pipe([
      { x: layout.label - 8, y: c.y + c.h },
      { x: layout.label - 8, y: middle(r) },
    ]);
  const edge = layout.block.x + layout.block.w;
  const x = edge + 8;
  return pipe([
    { x: Math.min(x, c.x + c.w), y: c.y + c.h },
    { x, y: c.y + c.h },
    { x, y: middle(r) },
    { x: edge, y: middle(r) },
  ]);
}

/** From a client to a broker's row; each broker has its own port on the client, each client its own on the broker. */
function clientWay(layout: Layout, client: string, row: number): Curve | null {
  const producer = layout.producers.get(client);
  const reader = layout.consumers.get(client);
  const box = producer ?? reader;
  if (!box) return null;
  const r = layout.rows[row]!;
  if (layout.size === 'narrow') {
    const x = box.x + box.w / 2;
    const edge = producer ? layout.block.y - 20 : layout.block.y + layout.block.h;
    return channel({ x, y: producer ? box.y + box.h : box.y }, { x, y: edge }, true);
  }
  const port = box.h * (0.24 + (0.52 * (row + 0.5)) / layout.rows.length);
  const names = Array.from((producer ? layout.producers : layout.consumers).keys());
  const share = (names.indexOf(client) + 1) / (names.length + 1);
  const arrive: Point = { x: producer ? layout.block.x : layout.block.x + layout.block.w, y: r.y + r.h * (0.2 + 0.6 * share) };
  return channel({ x: producer ? box.x + box.w : box.x, y: box.y + port }, arrive);
}

function brokerRow(layout: Layout, name: string): number {
  const m = /^broker-(\d+)$/.exec(name);
  const row = m ? Number(m[1]) - 1 : -1;
  return row < layout.rows.length ? row : -1;
}

function middle(box: Box): number {
  return box.y + box.h / 2;
}
