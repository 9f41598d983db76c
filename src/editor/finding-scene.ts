// The two events of a broken order, each in its own log: what was sent first, what second, and which the reader had first.
import type { Facts } from '../../lessons/contract.ts';
import { hueOf } from '../lab/hue.ts';
import { Sketch, type Scene } from '../lab/marks.ts';

export interface FindingWords {
  readonly firstHandled: string;
  readonly secondHandled: string;
  readonly sentFirst: string;
  readonly sentSecond: string;
}

const WIDTH = 232;
const STEP = 22;
const LEFT = 26;

/** Null when the facts are not about two places of two logs. */
export function findingScene(facts: Facts, words: FindingWords): Scene | null {
  const { beforePartition, afterPartition, beforeOffset, afterOffset, user, before, after } = facts;
  if (typeof beforePartition !== 'number' || typeof afterPartition !== 'number' || beforePartition === afterPartition) return null;
  const sketch = new Sketch();
  const handled = facts.overtakenSame === 1;
  const hue = hueOf(String(user));
  const earlier = { partition: beforePartition, offset: Number(beforeOffset), type: String(before) };
  const later = { partition: afterPartition, offset: Number(afterOffset), type: String(after) };
  // Top to bottom is the order of handling where the reader had them the wrong way round, else the order of sending.
  const places = handled
    ? [
        { ...later, y: 18, at: 3, say: words.firstHandled },
        { ...earlier, y: 70, at: 5, say: words.secondHandled },
      ]
    : [
        { ...earlier, y: 18, at: 3, say: words.sentFirst },
        { ...later, y: 70, at: 5, say: words.sentSecond },
      ];
  places.forEach((place, row) => {
    const { y, at } = place;
    sketch.text(0, y + 13, `P${place.partition}`, { size: 11, mono: true, ink: 'ink-2' });
    sketch.rect(LEFT - 4.5, y - 2.5, WIDTH - LEFT, 23, { stroke: 'line-3', width: 0.9, r: 3 });
    sketch.rect(LEFT - 2.5, y - 0.5, WIDTH - LEFT - 4, 19, { stroke: 'line-3', width: 0.9, r: 1.5 });
    for (let i = Math.max(0, at - place.offset); i < 8; i++) if (i !== at) sketch.rect(LEFT + i * STEP, y + 2, STEP - 2, 14, { fill: 'line-2', r: 1, opacity: 0.6 });
    const x = LEFT + at * STEP;
    sketch.rect(x, y + 2, STEP - 2, 14, { fill: `k${hue}`, r: 1 });
    glyph(sketch, place.type, x + (STEP - 2) / 2, y + 9, `k${hue}-on`);
    sketch.text(x + (STEP - 2) / 2, y + 34, String(place.offset), { size: 10.5, mono: true, ink: 'ink-2', anchor: 'middle' });
    if (row === 0) sketch.text(LEFT, y - 8, place.say, { size: 11, ink: handled ? 'broken-ink' : 'ink-3', weight: handled ? 540 : 430 });
    else sketch.text(WIDTH - 2, y + 50, place.say, { size: 11, ink: 'ink-3', anchor: 'end', weight: 430 });
  });
  sketch.path('M114 39C124 54 134 54 146 66', { stroke: handled ? 'broken' : 'line-3', width: 1.3 });
  sketch.path('M139.5 64l7 2.5 1-7', { stroke: handled ? 'broken' : 'line-3', width: 1.3 });
  return { width: WIDTH, height: 124, marks: sketch.marks };
}

function glyph(sketch: Sketch, type: string, x: number, y: number, ink: string): void {
  if (type === 'play' || type === 'resume') sketch.path(`M${x - 2.5} ${y - 3.5}l6 3.5-6 3.5z`, { fill: ink });
  else if (type === 'pause') {
    sketch.rect(x - 3, y - 3.5, 2, 7, { fill: ink });
    sketch.rect(x + 1, y - 3.5, 2, 7, { fill: ink });
  } else if (type === 'progress') sketch.circle(x, y, 2.5, { fill: ink });
  else sketch.rect(x - 3, y - 3, 6, 6, { fill: ink });
}
