// Where the job stands in the topology: the job manager above, task managers as rows, tasks as columns in the order in which records
// go through them. A slot is a lane of its row, so that what one slot does reads from left to right.
import type { Box, Layout } from './layout.ts';
import { channel, pipe, reversed, type Curve } from './curve.ts';

export interface StreamsShape {
  readonly managers: readonly { readonly name: string; /** Slots in use. */ readonly lanes: number }[];
  readonly tasks: readonly { readonly parallelism: number; readonly readsFrom: readonly number[] }[];
}

export interface StreamsLayout {
  /** The line of the job manager. */
  readonly head: Box;
  /** Names of the tasks stand above this. */
  readonly top: number;
  readonly label: number;
  /** By task: its column, and its place where several tasks are equally far from the sources. */
  readonly places: readonly { readonly x: number; readonly w: number; readonly row: number }[];
  readonly managers: ReadonlyMap<string, { readonly box: Box; readonly lanes: readonly Box[] }>;
  /** Height of a subtask, and of a lane. */
  readonly cell: number;
  readonly pitch: number;
  /** Where records come in from Kafka, and where they leave. */
  readonly readX: number;
  readonly writeX: number;
}

const MEASURES = {
  wide: { pad: 20, label: 116, gutter: 26, gap: 62, mostGap: 160, mostW: 310 },
  mid: { pad: 20, label: 104, gutter: 20, gap: 40, mostGap: 110, mostW: 180 },
  narrow: { pad: 0, label: 56, gutter: 14, gap: 22, mostGap: 60, mostW: 150 },
} as const;
const CELL = 24;
/** Height of a task manager on which nothing runs. */
const LEAST_BOX = 44;
const ROOM_FOR_NAME = 15;

/** @param top below everything else of the topology. */
export function streamsLayout(
  { managers, tasks }: StreamsShape,
  { size, width, top }: { readonly size: Layout['size']; readonly width: number; readonly top: number },
): { readonly streams: StreamsLayout; readonly bottom: number } {
  const m = MEASURES[size];
  const depths = depthsOf(tasks);
  const columnsShown = Math.max(1, ...depths.map((d) => d + 1));
  const rowOf = depths.map((d, i) => depths.slice(0, i).filter((other) => other === d).length);
  const rows = Math.max(1, ...rowOf.map((r) => r + 1));
  const room = width - 2 * m.pad - m.label - 2 * m.gutter;
  const w = Math.max(16, Math.min(m.mostW, (room - (columnsShown - 1) * m.gap) / columnsShown));
  const gap = columnsShown > 1 ? Math.min(m.mostGap, (room - columnsShown * w) / (columnsShown - 1)) : 0;
  const x0 = m.pad + m.label + m.gutter;
  const places = depths.map((d, i) => ({ x: x0 + d * (w + gap), w, row: rowOf[i]! }));
  const head = { x: m.pad, y: top + (size === 'narrow' ? 30 : 26), w: width - 2 * m.pad, h: size === 'narrow' ? 40 : 22 };
  const first = head.y + head.h + 14 + rows * ROOM_FOR_NAME + 4;
  const lane = rows * (CELL + 4) - 4;
  const pitch = lane + 6;
  const heightOf = (lanes: number) => Math.max(LEAST_BOX, lanes * pitch - 6 + 12);
  let y = first;
  const placed = new Map(
    managers.map(({ name, lanes }) => {
      const box = { x: m.pad, y, w: width - 2 * m.pad, h: heightOf(lanes) };
      y += box.h + 8;
      const inset = (box.h - (lanes * pitch - 6)) / 2;
      return [name, { box, lanes: Array.from({ length: lanes }, (_, n) => ({ x: x0, y: box.y + inset + n * pitch, w: columnsShown * (w + gap) - gap, h: lane })) }];
    }),
  );
  // The room of a job that runs on one task manager is kept while it does not run, so that nothing below moves when it restarts.
  const widest = Math.max(1, ...tasks.map((t) => t.parallelism));
  const bottom = Math.max(y, first + managers.length * (LEAST_BOX + 8) - LEAST_BOX + heightOf(widest));
  return {
    streams: {
      head,
      top: first,
      label: m.label,
      places,
      managers: placed,
      cell: CELL,
      pitch,
      readX: x0 - m.gutter / 2,
      writeX: x0 + columnsShown * (w + gap) - gap + m.gutter / 2,
    },
    bottom,
  };
}

/** How many tasks lie before each, on the longest way. Tasks come behind those that they read from. */
function depthsOf(tasks: StreamsShape['tasks']): number[] {
  const depths: number[] = [];
  for (const task of tasks) depths.push(task.readsFrom.reduce((most, from) => Math.max(most, (depths[from] ?? -1) + 1), 0));
  return depths;
}

/** Where a subtask stands; null when there is no such place. */
export function cellBox(s: StreamsLayout, manager: string, lane: number, task: number): Box | null {
  const box = s.managers.get(manager)?.lanes[lane];
  const place = s.places[task];
  return box && place ? { x: place.x, y: box.y + place.row * (s.cell + 4), w: place.w, h: s.cell } : null;
}

/** The channel between two subtasks. @param share of the target's height at which it arrives. */
export function channelBetween(from: Box, to: Box, share = 0.5): Curve {
  return channel({ x: from.x + from.w, y: from.y + from.h / 2 }, { x: to.x, y: to.y + to.h * share });
}

const WRITING = new Set(['Produce', 'InitProducerId', 'EndTxn', 'AddPartitionsToTxn', 'AddOffsetsToTxn', 'FindCoordinator']);

/**
 * The way of a message that begins or ends at a process of the job; null for every other. What is read of Kafka comes in at the left,
 * what is written leaves at the right.
 */
export function streamWay(layout: Layout, from: string, to: string, api = ''): Curve | null {
  const s = layout.streams;
  if (!s) return null;
  const a = s.managers.get(from)?.box;
  const b = s.managers.get(to)?.box;
  if (a && b) {
    const x = exchangeX(s);
    return pipe([
      { x, y: a.y + a.h / 2 },
      { x, y: b.y + b.h / 2 },
    ]);
  }
  if (b && from === 'jobmanager') return managerWay(layout, s, b);
  if (a && to === 'jobmanager') return reversed(managerWay(layout, s, a));
  if (a) return kafkaWay(layout, s, a, to, api);
  const way = b && kafkaWay(layout, s, b, from, api);
  return way ? reversed(way) : null;
}

/** Where task managers exchange records: in the gap between two columns; left of all where there are more, because a message does not say which it crosses. */
function exchangeX(s: StreamsLayout): number {
  const lefts = Array.from(new Set(s.places.map((p) => p.x))).sort((a, b) => a - b);
  return lefts.length === 2 ? lefts[0]! + s.places[0]!.w + 12 : s.readX - 6;
}

function managerWay(layout: Layout, s: StreamsLayout, box: Box): Curve {
  const x = layout.size === 'narrow' ? box.x + s.label - 8 : box.x + box.w + 8;
  const edge = layout.size === 'narrow' ? x : box.x + box.w;
  return pipe([
    { x: Math.min(x, s.head.x + s.head.w), y: s.head.y + s.head.h },
    { x, y: s.head.y + s.head.h },
    { x, y: box.y + box.h / 2 },
    { x: edge, y: box.y + box.h / 2 },
  ]);
}

/** From a task manager to a broker. */
function kafkaWay(layout: Layout, s: StreamsLayout, box: Box, broker: string, api: string): Curve | null {
  const m = /^broker-(\d+)$/.exec(broker);
  const row = m ? layout.rows[Number(m[1]) - 1] : undefined;
  if (!row) return null;
  const writes = WRITING.has(api);
  const inner = writes ? s.writeX : s.readX;
  const edge = writes ? row.x + row.w : row.x;
  const narrow = layout.size === 'narrow';
  // On a phone the pipes run behind what lies between, close to the edges.
  const outer = narrow ? (writes ? row.x + row.w - 4 : row.x + 4) : edge + (writes ? 14 : -14);
  // Below the words of the job manager and above the names of the tasks.
  const turn = s.head.y + s.head.h + (writes ? 9 : 6);
  return pipe([
    { x: inner, y: box.y + box.h / 2 },
    { x: inner, y: turn },
    { x: outer, y: turn },
    { x: outer, y: row.y + row.h * 0.82 },
    { x: narrow ? outer : edge, y: row.y + row.h * 0.82 },
  ]);
}
