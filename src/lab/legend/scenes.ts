// The samples of the legend. They are drawn by what draws the stage itself, so that a mark cannot change and its sample stay.
import { CELL } from '../../readmodels/transactions.ts';
import { cells } from '../lanes/cells.ts';
import type { PartitionLane, ReplicaLane } from '../lanes/model.ts';
import { readers } from '../lanes/readers.ts';
import { Sketch, type Scene } from '../marks.ts';
import { en } from '../messages/en.ts';
import { drawMessage } from '../topology/messages-scene.ts';
import { slotFrame } from '../topology/scene.ts';

/** In the order in which they are listed, the cells of the log first. */
export const LEGEND_LOG = ['key', 'committed', 'appended', 'highWatermark', 'reader', 'mine', 'offline', 'lost', 'open', 'aborted', 'markers', 'lastStableOffset', 'tombstone', 'compacted'] as const;
export const LEGEND_SYSTEM = ['leader', 'inSync', 'outOfSync', 'records', 'acknowledgment', 'other', 'troubled'] as const;
export type LegendId = (typeof LEGEND_LOG)[number] | (typeof LEGEND_SYSTEM)[number];

const WIDTH = 60;
const HEIGHT = 26;
const PITCH = 19;
const TOP = 5;
const CELL_H = 18;
const LEFT = 2;
const X = (offset: number) => LEFT + offset * PITCH;
const INKS = ['k1', 'k3', 'k5'] as const;

export function legendScene(id: LegendId): Scene {
  const s = new Sketch();
  draw(s, id);
  return { width: WIDTH, height: HEIGHT, marks: s.marks };
}

function draw(s: Sketch, id: LegendId): void {
  switch (id) {
    case 'key':
      return strip(s, { letters: true });
    case 'committed':
      return strip(s, { count: 1 });
    case 'appended':
      return strip(s, { count: 1, highWatermark: 0 });
    case 'highWatermark':
      strip(s, { highWatermark: 2 });
      return s.rect(X(2) - 1.5, TOP - 3, 2, CELL_H + 6, { fill: 'teal' });
    case 'reader': {
      strip(s, {});
      const lane = { ...laneOf(3, []), readers: [{ group: '', position: 2, committed: 1, lag: 2 }] };
      const g = { size: 'wide' as const, x0: LEFT, pitch: PITCH, cells: 3, right: 0 };
      return readers(s, { lane, open: false, words: en, g, y: TOP + 3, leaderH: CELL_H - 3, X, inside: (x) => x });
    }
    case 'mine':
      return strip(s, { mine: true });
    case 'offline':
      return strip(s, { role: 'offline' });
    case 'lost':
      return strip(s, { count: 1, role: 'offline', lost: [0] });
    case 'open':
      return strip(s, { cells: [CELL.open, CELL.open, CELL.open] });
    case 'aborted':
      return strip(s, { cells: [CELL.aborted, CELL.aborted, CELL.aborted] });
    case 'markers':
      return strip(s, { cells: [CELL.commitMarker, CELL.abortMarker] });
    case 'lastStableOffset':
      strip(s, { cells: [CELL.plain, CELL.open, CELL.open] });
      return s.line(X(1) - 0.5, TOP - 3, X(1) - 0.5, TOP + CELL_H + 3, 'teal', { width: 2, dash: '3 2' });
    case 'tombstone':
      return strip(s, { tombstone: 1 });
    case 'compacted':
      return strip(s, { cells: [CELL.plain, CELL.compacted, CELL.plain] });
    case 'leader':
    case 'inSync':
    case 'outOfSync':
      return slotFrame(s, { x: LEFT, y: 1, w: 28, h: 24 }, id);
    case 'records':
      return message(s, { records: 3 });
    case 'acknowledgment':
      return message(s, { response: true });
    case 'other':
      return message(s, { api: 'Fetch' });
    case 'troubled':
      return message(s, { records: 1, again: true });
  }
}

interface Strip {
  readonly count?: number;
  readonly highWatermark?: number;
  readonly cells?: readonly number[];
  readonly role?: ReplicaLane['role'];
  readonly lost?: readonly number[];
  readonly letters?: boolean;
  readonly mine?: boolean;
  /** Which of them is a tombstone. */
  readonly tombstone?: number;
}

function strip(s: Sketch, { cells: states = [], count = states.length || 3, highWatermark = count, role = 'leader', lost = [], letters = false, mine = false, tombstone = -1 }: Strip): void {
  const replica: ReplicaLane = {
    broker: 1,
    role,
    leads: role === 'leader',
    logEndOffset: count,
    highWatermark,
    window: { from: 0, to: count, record: Int32Array.from({ length: count }, (_, i) => i), appendedBy: new Int32Array(count) },
    cells: Uint8Array.from({ length: count }, (_, i) => states[i] ?? CELL.plain),
    lost,
    truncated: 0,
  };
  const looks = { inkOf: (record: number) => INKS[record % INKS.length]!, lettersOf: (record: number) => String(record + 7), mine: () => mine, tombstone: (record: number) => record === tombstone };
  cells(s, { looks, topic: '', lane: laneOf(highWatermark, [replica]), replica, selection: null, pitch: PITCH, y: TOP, h: CELL_H, X, letters });
}

function laneOf(highWatermark: number, replicas: readonly ReplicaLane[]): PartitionLane {
  return { partition: 0, leader: 1, leaderEpoch: 0, logEndOffset: 3, highWatermark, lastStableOffset: highWatermark, logStartOffset: 0, from: 0, replicas, readers: [] };
}

function message(s: Sketch, of: { readonly api?: string; readonly records?: number; readonly response?: boolean; readonly again?: boolean }): void {
  s.line(LEFT, HEIGHT / 2, WIDTH - LEFT, HEIGHT / 2, 'line-2');
  const flight = { from: 'a', to: 'b', api: 'Produce', response: false, records: 0, firstRecord: 0, refused: false, again: false, fault: -1, dueUs: 1, lost: 0, ...of };
  drawMessage(s, { mine: () => false, inkOf: (record) => INKS[record % INKS.length]! }, flight, { x: WIDTH / 2, y: HEIGHT / 2, angle: of.response ? Math.PI : 0 });
}
