import { describe, expect, it } from 'vitest';
import { describeMarks } from '../marks.ts';
import { LEGEND_WORDS } from '../messages/legend.ts';
import { LEGEND_STREAMS, streamLegendScene, type StreamLegendId } from './stream-scenes.ts';
import { LEGEND_LOG, LEGEND_SYSTEM, legendScene, type LegendId } from './scenes.ts';

const ALL = [...LEGEND_LOG, ...LEGEND_SYSTEM, ...LEGEND_STREAMS];
const sceneOf = (id: (typeof ALL)[number]) => ((LEGEND_STREAMS as readonly string[]).includes(id) ? streamLegendScene(id as StreamLegendId) : legendScene(id as LegendId));

describe('the samples of the legend', () => {
  it('are there for every sentence, in both languages', () => {
    for (const language of ['en', 'ko'] as const) expect(Object.keys(LEGEND_WORDS[language].says).sort()).toEqual([...ALL].sort());
  });

  it('all look different', () => {
    const pictures = ALL.map((id) => describeMarks(sceneOf(id).marks).join('\n'));
    expect(new Set(pictures).size).toBe(ALL.length);
  });

  it('stay inside their room', () => {
    for (const id of ALL) {
      const { marks, width, height } = sceneOf(id);
      expect(marks.length, id).toBeGreaterThan(0);
      for (const m of marks) if (m.kind === 'rect') expect(m.x >= 0 && m.y >= 0 && m.x + m.w <= width && m.y + m.h <= height, `${id} ${JSON.stringify(m)}`).toBe(true);
    }
  });

  it('show what they say: hatching, strokes, a check, a dashed and a whole line', () => {
    const marks = (id: (typeof ALL)[number]) => sceneOf(id).marks;
    expect(marks('open').filter((m) => m.kind === 'path')).toHaveLength(3);
    expect(marks('aborted').filter((m) => m.kind === 'line' && m.y1 === m.y2)).toHaveLength(3);
    expect(marks('tombstone').filter((m) => m.kind === 'rect' && m.stroke !== undefined && m.fill === undefined)).toHaveLength(1);
    expect(marks('tombstone').filter((m) => m.kind === 'path')).toHaveLength(1);
    expect(marks('markers').filter((m) => m.kind === 'icon' && m.name === 'check')).toHaveLength(1);
    expect(marks('lastStableOffset').some((m) => m.kind === 'line' && m.dash !== undefined && m.stroke === 'teal')).toBe(true);
    expect(marks('highWatermark').some((m) => m.kind === 'rect' && m.fill === 'teal')).toBe(true);
    expect(marks('lost').some((m) => m.kind === 'icon' && m.name === 'cross')).toBe(true);
  });
});
