import { describe, expect, it } from 'vitest';
import { describeMarks } from '../marks.ts';
import { checkpointScene } from './checkpoint-scene.ts';
import { openTrending } from './testing.test-helper.ts';

const session = openTrending();

function view(seconds: number) {
  session.seek(seconds * 1_000_000);
  const { views, position, timeUs } = session.state();
  return views.checkpoints.list('trending', position, timeUs).at(-1)!;
}

const LINES = ['views', 'trending → trending-out'].flatMap((task) => [0, 1].map((subtask) => ({ task, subtask })));

describe('the picture of a checkpoint', () => {
  it.each([
    ['closed and complete', 6, null],
    ['open and under way', 5.522, LINES],
  ] as const)('%s', (_, seconds, lines) => {
    const scene = checkpointScene({ view: view(seconds), width: 400, scaleUs: 40_000, lines });
    expect(describeMarks(scene.marks)).toMatchSnapshot();
    expect(scene.marks.filter((m) => m.kind === 'rect' && (m.x < -1 || m.x + m.w > 402))).toEqual([]);
  });

  it('puts every mark at its time', () => {
    const one = view(6);
    const at = (us: number) => 4 + (388 * (us - one.triggeredUs)) / 40_000;
    const { marks } = checkpointScene({ view: one, width: 400, scaleUs: 40_000, lines: null });
    const filled = marks.flatMap((m) => (m.kind === 'rect' && m.fill === 'teal' ? [m.x + 3.5] : []));
    expect(filled.map(Math.round).sort()).toEqual(one.parts.map((p) => Math.round(at(p.storedUs))).sort());
  });
});
