import { expect, it } from 'vitest';
import type { FigureRead } from '../../lessons/contract.ts';
import { describeMarks } from '../lab/marks.ts';
import { figureScene } from './figure-scene.ts';

const mark = (n: number, user: string, type: string) => ({ n, user, type });
const read: FigureRead = {
  sent: [mark(0, 'user-1', 'play'), mark(1, 'user-1', 'stop')],
  partitions: [[mark(1, 'user-1', 'stop')], [mark(0, 'user-1', 'play')]],
  read: [
    { ...mark(1, 'user-1', 'stop'), overtaken: false },
    { ...mark(0, 'user-1', 'play'), overtaken: true },
  ],
};
const words = { sent: 'sent', read: 'read' };

it('draws one viewer in one hue everywhere and crosses what was read too late', () => {
  const scene = figureScene(read, 500, 2, 10, words);
  expect(describeMarks(scene.marks)).toMatchSnapshot();
  const fills = new Set(scene.marks.flatMap((m) => (m.kind === 'rect' && m.fill && !m.fill.endsWith('-on') ? [m.fill] : [])));
  expect(fills.size).toBe(1);
  expect(scene.marks.filter((m) => m.kind === 'icon' && m.name === 'cross')).toHaveLength(1);
});

it('shows empty logs before the run is computed, in the same size', () => {
  const empty = figureScene(null, 500, 2, 10, words);
  expect(empty.height).toBe(figureScene(read, 500, 2, 10, words).height);
  expect(empty.marks.some((m) => m.kind === 'rect' && m.fill)).toBe(false);
});
