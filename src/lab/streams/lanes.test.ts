// Event-time lanes, headless: a real run at a few moments, and one whose records come too late.
import { describe, expect, it } from 'vitest';
import { describeMarks, pick, type Mark } from '../marks.ts';
import { en } from '../messages/en.ts';
import type { Selection } from '../selection.ts';
import type { Session } from '../session.ts';
import { laneModel, type LaneModel } from './lane-model.ts';
import { laneScene } from './lane-scene.ts';
import { openTrending, seekAfter } from './testing.test-helper.ts';

const listed = openTrending();
const job = listed.state().universe!.scenario.streams!.jobs[0]!;
const MINUTE = 60_000;

function lane(session: Session, subtask: number | null = null, key: string | null = null): LaneModel {
  const state = session.state();
  return laneModel(state, state.universe!.scenario, { job: 'trending', operator: 'trending', subtask, key, selection: state.selection });
}

function scene(session: Session, width = 936, selection: Selection | null = null) {
  return laneScene({ model: lane(session), width, words: en, selection, key: null, alone: true });
}

/** Which event a mark stands for changes with everything that the engine tells besides. */
const withoutHit = (mark: Mark) => Object.fromEntries(Object.entries(mark).filter(([name]) => name !== 'hit')) as unknown as Mark;
const texts = (marks: readonly Mark[]) => marks.flatMap((m) => (m.kind === 'text' ? [m.text] : []));

describe('an event-time lane', () => {
  it.each([936, 676, 358])('is drawn at %i px', (width) => {
    seekAfter(listed, 'window.fired');
    const { marks, width: w, height } = scene(listed, width);
    expect(describeMarks(marks.map(withoutHit))).toMatchSnapshot();
    expect(marks.filter((m) => m.kind === 'rect' && (m.x < -1 || m.x + m.w > w + 1 || m.y < 0 || m.y + m.h > height))).toEqual([]);
  });

  it('shows no record before it has come, and the watermark as it stands', () => {
    listed.seek(6_000_000);
    const { records, watermarks, received } = lane(listed);
    const { trace, position } = listed.state();
    expect(records).toHaveLength(received);
    expect(records.every((r) => r.seq < position)).toBe(true);
    const all = Array.from({ length: trace.count }, (_, seq) => seq).filter((seq) => trace.typeAt(seq) === 'operator.received').length;
    expect(received).toBeLessThan(all);
    const last = (subtask: number) => {
      for (let seq = position - 1; ; seq--) {
        const e = trace.event(seq) as unknown as { type: string; operator: string; subtask: number; watermarkMs: number };
        if (e.type === 'watermark.advanced' && e.operator === 'trending' && e.subtask === subtask) return e.watermarkMs;
      }
    };
    expect(watermarks.map((w) => w.timeMs)).toEqual([last(0), last(1)]);
  });

  it('has windows open from their first record, fired when the trace says so, closed after that', () => {
    seekAfter(listed, 'operator.received');
    const [record] = lane(listed).records;
    const open = lane(listed).windows;
    expect(open).toHaveLength(15);
    expect(open.every((w) => w.state === 'open' && w.startMs <= record!.timestampMs && record!.timestampMs < w.endMs && w.endMs - w.startMs === 15 * MINUTE)).toBe(true);
    const seq = seekAfter(listed, 'window.fired');
    const fired = listed.state().trace.event(seq) as unknown as { startMs: number };
    expect(lane(listed).windows.find((w) => w.startMs === fired.startMs)?.state).toBe('fired');
    listed.seek(listed.state().timeUs + 5_000);
    expect(lane(listed).windows.find((w) => w.startMs === fired.startMs)?.state).toBe('closed');
    expect(lane(listed).windows.filter((w) => w.state === 'open').length).toBeGreaterThan(10);
  });

  it('keeps the rows of windows while the picture moves on', () => {
    const rows = (seconds: number) => {
      listed.seek(seconds * 1_000_000);
      return new Map(lane(listed).windows.map((w) => [w.startMs, w.row]));
    };
    const before = rows(14);
    for (const [start, row] of rows(15)) if (before.has(start)) expect(row).toBe(before.get(start));
  });

  it('goes back to the checkpoint that the job was restored from', () => {
    const open = (subtask: number) =>
      lane(listed, subtask)
        .windows.filter((w) => w.state !== 'closed')
        .map((w) => `${w.startMs} ${w.keys} ${w.records}`);
    const held = [0, 1].map((subtask) => {
      seekAfter(listed, 'checkpoint.snapshotTaken', (e) => e['checkpoint'] === 3 && e['subtask'] === subtask && e['task'] !== 'views');
      return open(subtask);
    });
    listed.seek(19_990_000);
    expect([open(0), open(1)]).not.toEqual(held);
    seekAfter(listed, 'job.restored');
    expect([open(0), open(1)]).toEqual(held);
    const restored = lane(listed);
    expect(restored.watermarks).toEqual([]);
    expect(restored.records.some((r) => r.undone)).toBe(true);
    listed.seek(60_000_000);
    const state = listed.state();
    expect(lane(listed).fired).toBe(Array.from({ length: state.position }, (_, seq) => seq).filter((seq) => state.trace.typeAt(seq) === 'window.fired').length);
  });

  it('selects a window or the arrival of a record where it is clicked', () => {
    listed.seek(12_000_000);
    const { marks } = scene(listed);
    const hits = marks.flatMap((m) => (m.kind === 'rect' && m.hit ? [m] : []));
    const window = hits.find((m) => m.hit!.kind === 'window')!;
    expect(pick(marks, window.x + window.w - 2, window.y + 2)).toMatchObject({ kind: 'window', job: 'trending', operator: 'trending', key: null });
    const record = hits.filter((m) => m.hit!.kind === 'event').at(-1)!;
    expect(pick(marks, record.x + 3, record.y + 3)).toMatchObject({ kind: 'event' });
  });

  it('cuts a key that does not fit at its front, where keys are alike', () => {
    listed.seek(12_000_000);
    const model = lane(listed);
    const long = laneScene({ model: { ...model, keys: model.keys.map((key) => `subscription-${key}`) }, width: 358, words: en, selection: null, key: null, alone: true });
    const shown = texts(long.marks).filter((text) => text.startsWith('…'));
    expect(new Set(shown).size).toBe(model.keys.length);
    expect(shown.every((text, i) => text.endsWith(model.keys[i]!.slice(-2)))).toBe(true);
  });

  it('writes the figures of a window beside the watermark, not across it', () => {
    seekAfter(listed, 'window.fired');
    const model = lane(listed);
    const [fromMs, toMs] = [0, 100 * MINUTE];
    const window = { startMs: 0, endMs: toMs, state: 'open', keys: 1, records: 7, row: 0, key: null } as const;
    const at = (timeMs: number) => {
      const { marks } = laneScene({
        model: { ...model, fromMs, toMs, stepMs: toMs, windows: [window], windowRows: 1, watermarks: [{ subtask: 0, timeMs, idle: false }] },
        width: 936,
        words: en,
        selection: null,
        key: null,
        alone: true,
      });
      const text = marks.find((m) => m.kind === 'text' && m.text === '7 received');
      const line = marks.findLast((m) => m.kind === 'rect' && m.fill === 'ink' && m.w === 2);
      return { text: text?.kind === 'text' ? text.x : NaN, line: line?.kind === 'rect' ? line.x : NaN };
    };
    const across = at(3 * MINUTE);
    expect(across.text).toBeGreaterThan(across.line + 2);
    expect(at(50 * MINUTE).text).toBeLessThan(across.text);
  });

  it('shows one subtask alone', () => {
    listed.seek(12_000_000);
    const [first, second] = [lane(listed, 0), lane(listed, 1)];
    expect(first.records.every((r) => r.subtask === 0)).toBe(true);
    expect(first.records.length + second.records.length).toBe(lane(listed).records.length);
    expect(first.watermarks.map((w) => w.subtask)).toEqual([0]);
  });
});

describe('records that come too late', () => {
  const hasty = openTrending({ jobs: [{ ...job, parameters: { outOfOrderMs: '5000', sizeMs: '60000', slideMs: '60000' } }] });

  it('are marked, each when it is told to be late', () => {
    const seq = seekAfter(hasty, 'operator.late');
    const late = lane(hasty).records.filter((r) => r.late !== 0);
    expect(late).toHaveLength(1);
    expect(lane(hasty).late).toBe(1);
    hasty.seekPosition(seq);
    expect(lane(hasty).records.filter((r) => r.late !== 0)).toEqual([]);
    hasty.seekPosition(seq + 1);
    const marks = scene(hasty).marks;
    expect(marks.filter((m) => m.kind === 'circle' && m.stroke === 'amber')).toHaveLength(1);
    expect(marks.filter((m) => m.kind === 'icon' && m.name === 'cross')).toHaveLength(1);
    expect(texts(marks).some((text) => text.endsWith('1 late'))).toBe(true);
  });
});

describe('the lane of a job that learner code puts together', () => {
  const { trace } = listed.state();

  it('shows the windows that have fired, and does not say how many records are in them', () => {
    seekAfter(listed, 'window.fired');
    const state = listed.state();
    const { scenario } = state.universe!;
    const unknown = { ...scenario, streams: { ...scenario.streams!, jobs: [{ ...job, job: 'submitted' }] } };
    // What was folded for a trace stays with it, so that this one has to be a trace of its own.
    const own = Object.create(trace) as typeof trace;
    const model = laneModel({ ...state, trace: own }, unknown, { job: 'trending', operator: 'trending', subtask: null, key: null, selection: null });
    expect(model.windows.length).toBeGreaterThan(0);
    expect(model.windows.every((w) => w.records === null)).toBe(true);
    const { marks } = laneScene({ model, width: 936, words: en, selection: null, key: null, alone: true });
    expect(texts(marks).filter((text) => text.endsWith(' received'))).toEqual([]);
  });
});
