// The strip of one run: six partitions, every record a mark at the time it was written. Pure: data and width in, marks out.
import { Sketch, type Scene } from '../../lab/marks.ts';
import { textWidth } from '../../lab/text-width.ts';

export interface StripMark {
  readonly timeUs: number;
  readonly partition: number;
  readonly hue: number;
  /** Committed soon after; else it is drawn as an outline. */
  readonly committed: boolean;
}

export interface StripData {
  readonly marks: readonly StripMark[];
  readonly partitions: number;
  readonly horizonUs: number;
  /** -1 = no fault. */
  readonly faultUs: number;
  /** First election after the fault, -1 = none. */
  readonly electedUs: number;
  readonly hash: string;
}

export interface StripWords {
  readonly fault: string;
  readonly elected: string;
  /** A time with its unit, at the end of the axis. */
  readonly seconds: (n: number) => string;
}

export function stripHeight(width: number, partitions: number): number {
  return width < 600 ? 22 + partitions * 13 + 18 : 26 + partitions * 22 + 18;
}

export function stripScene(data: StripData | null, width: number, words: StripWords): Scene {
  const narrow = width < 600;
  const partitions = data?.partitions ?? 6;
  const horizonUs = data?.horizonUs ?? 40_000_000;
  const x0 = narrow ? 26 : 48;
  const X = (us: number) => x0 + ((width - x0) * us) / horizonUs;
  const laneH = narrow ? 13 : 22;
  const top = narrow ? 22 : 26;
  const h = laneH - 6;
  const w = narrow ? 1.6 : Math.max(2, Math.min(4.4, (width - x0) / 420));
  const s = new Sketch();
  for (let p = 0; p < partitions; p++) {
    const y = top + p * laneH;
    s.line(x0, y + laneH - 2.5, width, y + laneH - 2.5, 'line');
    s.text(0, y + h + 1, `P${p}`, { size: 11, mono: true, ink: 'ink-3' });
  }
  for (const mark of data?.marks ?? []) {
    const y = top + mark.partition * laneH;
    const ink = mark.hue === 0 ? 'line-3' : `k${mark.hue}`;
    if (mark.committed) s.rect(X(mark.timeUs), y + 1, w, h, { fill: ink });
    // Wide enough to be seen as an outline, at any width of the page.
    else s.rect(X(mark.timeUs) + 0.4, y + 1.4, Math.max(w, narrow ? 2.4 : 3.4) - 0.8, h - 0.8, { stroke: ink, width: 0.9 });
  }
  const bottom = top + partitions * laneH;
  if (data && data.faultUs >= 0) {
    const x = X(data.faultUs);
    s.line(x, 8, x, bottom, 'fault', { width: 1.5 });
    const needed = textWidth(words.fault, 12) + 30;
    // Between its line and that of the election, or where that is too narrow before its line.
    const left = data.electedUs >= 0 && X(data.electedUs) - x < needed ? x - needed + 3 : x;
    s.icon('kill', left + 5, 5, 12, 'fault', { width: 1.7 });
    s.text(left + 20, 15, words.fault, { size: 12, weight: 600, ink: 'fault-ink' });
  }
  if (data && data.electedUs >= 0) {
    const x = X(data.electedUs);
    s.line(x, 8, x, bottom, 'ink-2');
    s.text(x + 7, 15, words.elected, { size: 12, ink: 'ink-2' });
  }
  const step = narrow ? 10_000_000 : 5_000_000;
  for (let t = 0; t <= horizonUs; t += step) {
    const last = t + step > horizonUs;
    s.text(X(t), bottom + 14, last ? words.seconds(t / 1_000_000) : String(t / 1_000_000), {
      size: 11,
      mono: true,
      ink: 'ink-3',
      ...(t === 0 ? {} : { anchor: last ? ('end' as const) : ('middle' as const) }),
    });
  }
  return { width, height: stripHeight(width, partitions), marks: s.marks };
}
