// A checkpoint as a picture: time since it was triggered from left to right. Closed, all of its parts stand in one line; open, every
// subtask has a line of its own. A pure function of the checkpoint, a width and the scale that all rows share.
import type { CheckpointPart, CheckpointView } from '../../readmodels/checkpoints.ts';
import { Sketch, type Scene } from '../marks.ts';
import { part as partMark } from '../topology/streams-scene.ts';

export interface CheckpointSceneInput {
  readonly view: CheckpointView;
  readonly width: number;
  /** Time at the right edge, microseconds since it was triggered. */
  readonly scaleUs: number;
  /** Subtasks in the order in which records go through them; null = closed. */
  readonly lines: readonly { readonly task: string; readonly subtask: number }[] | null;
}

export const CHECKPOINT_LINE = 18;
const CLOSED = 20;

export function checkpointScene({ view, width, scaleUs, lines }: CheckpointSceneInput): Scene {
  const s = new Sketch();
  const room = width - 12;
  const X = (us: number) => 4 + Math.max(0, Math.min(1, (us - view.triggeredUs) / scaleUs)) * room;
  const height = lines ? Math.max(1, lines.length) * CHECKPOINT_LINE + 4 : CLOSED;
  const middle = lines ? 0 : CLOSED / 2;
  if (!lines) {
    s.line(4, middle, X(view.endUs), middle, view.state === 'failed' ? 'amber' : 'line-3', { width: 2, ...(view.state === 'underway' ? { dash: '3 3' } : {}) });
    s.line(4, middle - 5, 4, middle + 5, 'ink-2', { width: 2 });
    const sorted = view.parts.toSorted((a, b) => a.takenUs - b.takenUs);
    for (const p of sorted) if (p.takenUs >= 0) partMark(s, X(p.takenUs) - 3.5, middle - 3.5, false);
    for (const p of sorted) if (p.storedUs >= 0) partMark(s, X(p.storedUs) - 3.5, middle - 3.5, true);
    if (view.state === 'failed') s.icon('cross', X(view.endUs) - 5, middle - 5, 10, 'amber', { width: 2.2 });
    return { width, height, marks: s.marks };
  }
  lines.forEach(({ task, subtask }, n) => {
    const y = 2 + n * CHECKPOINT_LINE + CHECKPOINT_LINE / 2;
    s.line(4, y, 4 + room, y, 'line', { width: 0.8 });
    const p = view.parts.find((one) => one.task === task && one.subtask === subtask);
    if (p) line(s, p, y, X);
  });
  s.line(4, 0, 4, height, 'ink-2', { width: 2 });
  if (view.state !== 'underway') s.line(X(view.endUs), 0, X(view.endUs), height, view.state === 'failed' ? 'amber' : 'teal', { width: 1.5 });
  return { width, height, marks: s.marks };
}

/** Samples of the marks, in the order of their words. */
export function checkpointSamples(): readonly Scene[] {
  return (['barrier', 'taken', 'stored'] as const).map((mark) => {
    const s = new Sketch();
    if (mark === 'barrier') s.rect(3.75, 1, 2.5, 10, { fill: 'ink' });
    else partMark(s, 1.5, 2.5, mark === 'stored');
    return { width: 10, height: 12, marks: s.marks };
  });
}

/** First barrier, alignment, snapshot, storing. */
function line(s: Sketch, p: CheckpointPart, y: number, X: (us: number) => number): void {
  if (p.firstBarrierUs >= 0) {
    const to = p.takenUs >= 0 ? X(p.takenUs) : X(Infinity);
    if (p.takenUs >= 0) s.line(X(p.firstBarrierUs), y, to, y, 'ink-3', { width: 1.6, dash: '3 2' });
    s.rect(X(p.firstBarrierUs) - 1.25, y - 5, 2.5, 10, { fill: 'ink' });
  }
  if (p.takenUs >= 0 && p.storedUs >= 0) s.line(X(p.takenUs), y, X(p.storedUs), y, 'teal', { width: 1.8 });
  if (p.takenUs >= 0) {
    s.rect(X(p.takenUs) - 4.5, y - 4.5, 9, 9, { fill: 'stage' });
    partMark(s, X(p.takenUs) - 3.5, y - 3.5, false);
  }
  if (p.storedUs >= 0) partMark(s, X(p.storedUs) - 3.5, y - 3.5, true);
}
