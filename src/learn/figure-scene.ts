// The live figure as marks: what was sent, the logs it went to, and what a reader was handed, one cell per event, colour by viewer.
import type { FigureMark, FigureRead } from '../../lessons/contract.ts';
import { hueOf } from '../lab/hue.ts';
import { Sketch, type Scene } from '../lab/marks.ts';

const CELL = 18;
const TOP = 2;
const FIRST_LANE = 40;
const LANE = 32;

export interface FigureWords {
  readonly sent: string;
  readonly read: string;
}

/** @param events how many events the figure is laid out for; `read` null while nothing is computed. */
export function figureScene(read: FigureRead | null, width: number, lanes: number, events: number, words: FigureWords): Scene {
  const sketch = new Sketch();
  const left = width < 400 ? 36 : 48;
  const pitch = (width - left - 4) / events;
  const readTop = FIRST_LANE + lanes * LANE + 8;
  const at = (i: number) => left + i * pitch;

  sketch.text(0, TOP + 13, words.sent, { ink: 'ink-3' });
  read?.sent.forEach((mark, i) => cell(sketch, at(i), TOP, pitch - 2, mark));
  for (let lane = 0; lane < lanes; lane++) {
    const y = FIRST_LANE + lane * LANE;
    sketch.text(0, y + 14, `P${lane}`, { mono: true, ink: 'ink-2' });
    // A leader's log has a double border.
    sketch.rect(left - 4.5, y - 3.5, events * pitch + 7, CELL + 7, { stroke: 'line-3', width: 0.9, r: 3 });
    sketch.rect(left - 2.5, y - 1.5, events * pitch + 3, CELL + 3, { stroke: 'line-3', width: 0.9, r: 1.5 });
    read?.partitions[lane]?.forEach((mark, i) => cell(sketch, at(i), y, pitch - 2, mark));
  }
  sketch.text(0, readTop + 14, words.read, { ink: 'ink-3' });
  read?.read.forEach((mark, i) => {
    cell(sketch, at(i), readTop, pitch - 2, mark);
    if (!mark.overtaken) return;
    sketch.rect(at(i) - 1.5, readTop - 1.5, pitch + 1, CELL + 3, { stroke: 'broken', width: 1.5, r: 2 });
    sketch.icon('cross', at(i) + (pitch - 2) / 2 - 5, readTop + CELL + 4, 10, 'broken', { width: 2.4 });
  });
  return { width, height: readTop + CELL + 16, marks: sketch.marks };
}

function cell(sketch: Sketch, x: number, y: number, w: number, mark: FigureMark): void {
  const hue = hueOf(mark.user);
  sketch.rect(x, y, w, CELL, { fill: `k${hue}`, r: 1 });
  if (w < 7) return;
  const ink = `k${hue}-on`;
  const cx = x + w / 2;
  const cy = y + CELL / 2;
  if (mark.type === 'play') sketch.path(`M${round(cx - 2.5)} ${cy - 3.5}l6 3.5-6 3.5z`, { fill: ink });
  else if (mark.type === 'pause') {
    sketch.rect(cx - 3, cy - 3.5, 2, 7, { fill: ink });
    sketch.rect(cx + 1, cy - 3.5, 2, 7, { fill: ink });
  } else sketch.rect(cx - 3, cy - 3, 6, 6, { fill: ink });
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
