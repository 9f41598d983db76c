// What a picture is made of. A scene is a pure function of a read model and a viewport; it yields marks, and a mark is drawn alike
// by SVG and by canvas. Colours are names of tokens, so that one scene serves both themes and a snapshot reads as words.
import type { IconName } from '../app/icons.tsx';
import type { Selection } from './selection.ts';

/** A token of the palette, e.g. `ink-2`, `teal`, `k4`, `k4-on`. */
export type Ink = string;

interface Common {
  readonly opacity?: number;
  /** What a click on it selects. */
  readonly hit?: Selection;
}

export type Mark =
  | (Common & {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
      readonly r?: number;
      readonly fill?: Ink;
      readonly stroke?: Ink;
      readonly width?: number;
      readonly dash?: string;
    })
  | (Common & {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly stroke: Ink;
      readonly width?: number;
      readonly dash?: string;
      readonly round?: boolean;
    })
  | (Common & { readonly kind: 'path'; readonly d: string; readonly fill?: Ink; readonly stroke?: Ink; readonly width?: number; readonly dash?: string })
  | (Common & { readonly kind: 'circle'; readonly x: number; readonly y: number; readonly r: number; readonly fill?: Ink; readonly stroke?: Ink; readonly width?: number })
  | (Common & {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly ink: Ink;
      readonly anchor?: 'middle' | 'end';
      readonly mono?: boolean;
      readonly weight?: number;
      /** Cut with an ellipsis beyond this width. */ readonly most?: number;
    })
  | (Common & { readonly kind: 'icon'; readonly name: IconName; readonly x: number; readonly y: number; readonly size: number; readonly ink: Ink; readonly width?: number });

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** Collects marks with short calls; every call returns the mark's index. */
export class Sketch {
  readonly marks: Mark[] = [];

  rect(x: number, y: number, w: number, h: number, style: Omit<Extract<Mark, { kind: 'rect' }>, 'kind' | 'x' | 'y' | 'w' | 'h'> = {}): void {
    if (w > 0 && h > 0) this.marks.push({ kind: 'rect', x, y, w, h, ...style });
  }
  line(x1: number, y1: number, x2: number, y2: number, stroke: Ink, style: Omit<Extract<Mark, { kind: 'line' }>, 'kind' | 'x1' | 'y1' | 'x2' | 'y2' | 'stroke'> = {}): void {
    this.marks.push({ kind: 'line', x1, y1, x2, y2, stroke, ...style });
  }
  path(d: string, style: Omit<Extract<Mark, { kind: 'path' }>, 'kind' | 'd'>): void {
    this.marks.push({ kind: 'path', d, ...style });
  }
  circle(x: number, y: number, r: number, style: Omit<Extract<Mark, { kind: 'circle' }>, 'kind' | 'x' | 'y' | 'r'>): void {
    this.marks.push({ kind: 'circle', x, y, r, ...style });
  }
  text(x: number, y: number, text: string, style: Omit<Extract<Mark, { kind: 'text' }>, 'kind' | 'x' | 'y' | 'text' | 'size' | 'ink'> & { size?: number; ink?: Ink } = {}): void {
    this.marks.push({ kind: 'text', x, y, text, size: 12, ink: 'ink', ...style });
  }
  icon(name: IconName, x: number, y: number, size: number, ink: Ink, style: Omit<Extract<Mark, { kind: 'icon' }>, 'kind' | 'name' | 'x' | 'y' | 'size' | 'ink'> = {}): void {
    this.marks.push({ kind: 'icon', name, x, y, size, ink, ...style });
  }
}

/** The topmost thing to select at a point: the last mark drawn there that has one. */
export function pick(marks: readonly Mark[], x: number, y: number): Selection | null {
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = marks[i]!;
    if (!mark.hit) continue;
    if (mark.kind === 'rect' && x >= mark.x && x <= mark.x + mark.w && y >= mark.y && y <= mark.y + mark.h) return mark.hit;
    if (mark.kind === 'circle' && (x - mark.x) ** 2 + (y - mark.y) ** 2 <= (mark.r + 4) ** 2) return mark.hit;
  }
  return null;
}

/** Marks as lines of text, for snapshots: coordinates rounded, every style named. */
export function describeMarks(marks: readonly Mark[]): string[] {
  return marks.map((mark) =>
    Object.entries(mark)
      .map(([key, value]) => (key === 'kind' ? String(value) : `${key}=${typeof value === 'number' ? Math.round(value * 10) / 10 : typeof value === 'object' ? JSON.stringify(value) : String(value)}`))
      .join(' '),
  );
}
