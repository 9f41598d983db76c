// The tracks of the transport bar on one time axis: schedule, activity, invariants. Nothing past the playhead is drawn but what is
// planned; past a prediction gate stands "not yet".
import { ACTIVITY_BINS, type ActivityBins } from '../../readmodels/activity.ts';
import { Sketch, type Scene } from '../marks.ts';

export interface InvariantRow {
  readonly title: string;
  /** Times of its violations so far, microseconds. */
  readonly violatedUs: readonly number[];
}

export interface TracksInput {
  readonly width: number;
  readonly labelWidth: number;
  readonly horizonUs: number;
  readonly timeUs: number;
  readonly computedUs: number;
  readonly gateUs: number | null;
  readonly activity: ActivityBins;
  /** Rows of the fault track: faults that overlap in time stand below one another. */
  readonly faultRows: number;
  readonly rows: readonly InvariantRow[];
  /** Times of interesting events so far. */
  readonly stops: readonly number[];
  readonly labels: { readonly faults: string; readonly activity: string; readonly notYet: string };
  /** What stands at a time of the axis; the last one tells the unit. */
  readonly axis: (us: number, last: boolean) => string;
}

export const FAULT_TOP = 4;
const ACTIVITY_HEIGHT = 22;
const ROW = 13;

/** Left and right edge of the time axis. */
export function axisEdges(width: number, labelWidth: number): { x0: number; x1: number } {
  return labelWidth > 0 ? { x0: labelWidth, x1: width - 16 } : { x0: 22, x1: width - 12 };
}

/** Height of one clip. */
export function clipHeight(faultRows: number): number {
  return faultRows <= 1 ? 22 : faultRows === 2 ? 18 : 16;
}

export function faultHeight(faultRows: number): number {
  const rows = Math.max(1, faultRows);
  return rows * clipHeight(rows) + (rows - 1) * 2;
}

export function tracksHeight(rows: number, faultRows: number): number {
  return rowY(rows, faultRows) + 1 + 18;
}

/** Middle of the i-th invariant's line. */
export function rowY(i: number, faultRows: number): number {
  return FAULT_TOP + faultHeight(faultRows) + 4 + ACTIVITY_HEIGHT + 7 + i * ROW + 3;
}

export function tracksScene(input: TracksInput): Scene {
  const { width, labelWidth, horizonUs, timeUs, gateUs, rows, labels, faultRows } = input;
  const faultH = faultHeight(faultRows);
  const { x0, x1 } = axisEdges(width, labelWidth);
  const X = (us: number) => x0 + ((x1 - x0) * us) / Math.max(1, horizonUs);
  const s = new Sketch();
  const labelled = labelWidth > 0;
  if (labelled) s.text(16, FAULT_TOP + 15, labels.faults, { size: 11, ink: 'ink-3' });
  s.rect(x0, FAULT_TOP, x1 - x0, faultH, { fill: 'well', r: 2 });

  const base = FAULT_TOP + faultH + 4 + ACTIVITY_HEIGHT;
  if (labelled) s.text(16, base - 7, labels.activity, { size: 11, ink: 'ink-3' });
  const now = X(timeUs);
  s.line(x0, base, now, base, 'line-2');
  s.line(now, base, x1, base, 'line-2', { dash: '2 4' });
  activity(s, input, X, base);

  rows.forEach((row, i) => {
    const y = rowY(i, faultRows);
    const broken = row.violatedUs.length > 0;
    const icon = broken ? 'cross' : 'check';
    s.icon(icon, labelled ? 14 : 5, y - 5, 10, broken ? 'broken' : 'teal', { width: 2 });
    if (labelled) s.text(29, y + 4, row.title, { size: 11, ink: broken ? 'broken-ink' : 'ink-2', most: labelWidth - 38 });
    s.line(x0, y, x1, y, 'line', { width: 1 });
    const first = row.violatedUs[0] ?? timeUs;
    s.line(x0, y, X(Math.min(first, timeUs)), y, 'teal', { width: 2 });
    if (broken) s.line(X(first), y, now, y, 'broken', { width: 2 });
  });

  const axisY = rowY(rows.length, faultRows) + 1;
  const step = axisStep(horizonUs, (x1 - x0) / (labelled ? 90 : 70));
  for (let t = 0; t <= horizonUs + 1; t += step) {
    const last = t + step > horizonUs + 1;
    s.line(X(t), axisY - 2, X(t), axisY + 2, 'line-3');
    s.text(X(t), axisY + 13, input.axis(t, last), {
      size: 10.5,
      mono: true,
      ink: 'ink-3',
      ...(t === 0 ? {} : { anchor: last && X(t) > x1 - 12 ? ('end' as const) : ('middle' as const) }),
    });
  }
  let lastX = -Infinity;
  for (const stop of input.stops) {
    const x = X(stop);
    if (x - lastX < 7) continue;
    lastX = x;
    s.path(`M${r(x)} ${axisY - 4}l3.5 4-3.5 4-3.5-4z`, { fill: 'ink-2' });
  }
  if (gateUs !== null) {
    const gx = X(gateUs);
    for (const dx of [0, 3.5]) s.line(gx + dx, FAULT_TOP, gx + dx, axisY, 'ink-2', { width: 1.5 });
    if (x1 - gx > 160) s.text(gx + 14, base - 7, labels.notYet, { size: 11, ink: 'ink-3', most: x1 - gx - 20 });
  }
  s.line(now, 0, now, axisY + 3, 'accent', { width: 1.5 });
  s.path(`M${r(now - 5)} 0h10v5l-5 5-5-5z`, { fill: 'accent' });
  rows.forEach((row, i) => {
    const y = rowY(i, faultRows);
    let drawn = -Infinity;
    for (const us of row.violatedUs) {
      const x = X(us);
      if (x - drawn < 9) continue;
      drawn = x;
      s.circle(x, y, 6, { fill: 'chrome' });
      s.icon('cross', x - 5.5, y - 5.5, 11, 'broken', { width: 2.6 });
    }
  });
  return { width, height: tracksHeight(rows.length, faultRows), marks: s.marks };
}

function activity(s: Sketch, { activity: bins, horizonUs }: TracksInput, X: (us: number) => number, base: number): void {
  let most = 1;
  let sum = 0;
  let busy = 0;
  for (let i = 0; i < bins.upTo; i++) {
    const total = bins.appended[i]! + bins.acknowledged[i]! + bins.troubled[i]!;
    most = Math.max(most, total);
    sum += total;
    if (total > 0) busy++;
  }
  // One burst must not flatten all the rest: what is more than five times the mean fills the track.
  most = Math.min(most, Math.max(4, (5 * sum) / Math.max(1, busy)));
  const width = horizonUs / ACTIVITY_BINS;
  for (let i = 0; i < bins.upTo; i++) {
    const x = X(i * width);
    const w = Math.max(0.6, X((i + 1) * width) - x - 0.8);
    const total = bins.appended[i]! + bins.acknowledged[i]! + bins.troubled[i]!;
    if (total === 0) continue;
    // The whole bar grows with the square root, so that a burst does not flatten the rest; its parts keep their shares.
    const scale = (Math.sqrt(Math.min(1, total / most)) * (ACTIVITY_HEIGHT - 1)) / total;
    let y = base;
    for (const [row, fill] of [
      [bins.appended, 'line-3'],
      [bins.acknowledged, 'teal'],
      [bins.troubled, 'amber'],
    ] as const) {
      const h = row[i]! * scale;
      s.rect(x, y - h, w, h, { fill });
      y -= h;
    }
  }
}

/** A round step that makes about `most` marks. */
export function axisStep(horizonUs: number, most: number): number {
  const rough = horizonUs / Math.max(1, most);
  for (const step of [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1e6, 2e6, 5e6, 10e6, 15e6, 30e6, 60e6, 120e6]) if (step >= rough) return step;
  return 300e6;
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
