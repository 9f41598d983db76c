// Where the readers of a partition stand, above its leader's cells. Bar = committed offset, caret = position; the tint from the first
// group's committed offset to the log end is its lag as Kafka's tools count it.
import type { Sketch } from '../marks.ts';
import type { LabMessages } from '../messages/en.ts';
import { textWidth } from '../text-width.ts';
import type { LaneGeometry } from './scene.ts';
import type { PartitionLane } from './model.ts';

export interface ReadersInput {
  readonly lane: PartitionLane;
  readonly open: boolean;
  readonly words: LabMessages;
  readonly g: LaneGeometry;
  /** Top of the leader's cells. */
  readonly y: number;
  readonly leaderH: number;
  readonly X: (offset: number) => number;
  readonly inside: (x: number) => number;
}

const MOST_SHOWN = 3;

export function readers(s: Sketch, { lane, open, words, g, y, leaderH, X, inside }: ReadersInput): void {
  const up = open ? 11 : 6;
  const right = g.x0 + g.cells * g.pitch;
  const inView = (offset: number) => offset >= lane.from && X(offset) <= right + 1;
  const shown = lane.readers.slice(0, MOST_SHOWN);
  const first = shown[0];
  if (first && first.committed >= 0 && lane.logEndOffset > first.committed)
    s.rect(inside(X(first.committed)), y - up, inside(X(lane.logEndOffset)) - inside(X(first.committed)), open ? 8 : 4, { fill: 'ink', opacity: 0.14 });
  const marked: number[] = [];
  for (const r of shown) {
    if (r.committed >= 0 && inView(r.committed)) {
      s.rect(X(r.committed) - 1, y - up - 1, 2, up + 3 + leaderH, { fill: 'ink' });
      marked.push(X(r.committed));
    }
    if (r.position < 0 || !inView(r.position)) continue;
    s.path(`M${X(r.position) - 4.5} ${y - up - (open ? 0 : 1)}h9l-4.5 ${open ? 7 : 5.5}z`, { fill: 'ink' });
    marked.push(X(r.position));
  }
  if (!open || g.size === 'narrow') return;
  const labels = createLabels(s, y - 4, marked, { left: g.x0, right });
  for (const r of shown) if (r.position >= 0 && inView(r.position)) labels.place(`${r.group} ${r.position}`, X(r.position), ['right', 'left']);
  if (first && first.committed >= 0 && inView(first.committed)) {
    const text = words.lanes.committed(first.committed);
    labels.place(shown.length > 1 ? `${first.group} ${text}` : text, X(first.committed), ['left', 'right']);
  }
}

/** Writes labels beside marks in one row and leaves out those that would cover another or a mark. */
function createLabels(s: Sketch, y: number, marked: readonly number[], bounds: { readonly left: number; readonly right: number }) {
  const taken: (readonly [number, number])[] = [];
  return {
    place(text: string, x: number, sides: readonly ('left' | 'right')[]): void {
      const width = textWidth(text, SIZE);
      for (const side of sides) {
        const from = side === 'right' ? x + GAP : x - GAP - width;
        const to = from + width;
        if (from < bounds.left || to > bounds.right) continue;
        if (taken.some(([a, b]) => from < b + 4 && to > a - 4) || marked.some((m) => m !== x && m > from - 6 && m < to + 6)) continue;
        taken.push([from, to]);
        s.text(side === 'right' ? from : to, y, text, { size: SIZE, ink: 'ink-2', ...(side === 'left' ? { anchor: 'end' as const } : {}) });
        return;
      }
    },
  };
}

/** Between a mark and its label, px. */
const GAP = 8;
const SIZE = 10.5;
