// Windows: half-open intervals of time, or all of it (Flink TimeWindow, GlobalWindow).
import { LAST_TIME, MAX_TIME } from '../time.ts';

/** [startMs, endMs). The global window is the interval of all times. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

export const GLOBAL_WINDOW: Window = { startMs: Number.NEGATIVE_INFINITY, endMs: MAX_TIME };

/** The last timestamp that belongs to a window: its end - 1. MAX_TIME for the global window. */
export function maxTimestamp(window: Window): number {
  return window.endMs - 1;
}

/** Where the aligned window of a timestamp begins. @param sizeMs above 0. */
export function windowStart(timestampMs: number, offsetMs: number, sizeMs: number): number {
  const rest = (timestampMs - offsetMs) % sizeMs;
  return rest < 0 ? timestampMs - (rest + sizeMs) : timestampMs - rest;
}

/** Whether two windows have a time in common or touch. */
export function intersects(a: Window, b: Window): boolean {
  return a.startMs <= b.endMs && a.endMs >= b.startMs;
}

export function sameWindow(a: Window, b: Window): boolean {
  return a.startMs === b.startMs && a.endMs === b.endMs;
}

/** Groups of windows that make one, touching ones too, each with the window it makes. Windows that stay alone are left out. */
export function mergeWindows(windows: readonly Window[]): { readonly result: Window; readonly merged: Window[] }[] {
  const groups: { result: Window; merged: Window[] }[] = [];
  for (const w of windows.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = groups.at(-1);
    if (last && intersects(last.result, w)) {
      last.result = { startMs: Math.min(last.result.startMs, w.startMs), endMs: Math.max(last.result.endMs, w.endMs) };
      last.merged.push(w);
    } else groups.push({ result: w, merged: [w] });
  }
  return groups.filter((g) => g.merged.length > 1);
}

/** A window as text: `[0,10)` or `global`. */
export function windowText(window: Window): string {
  return window.endMs > LAST_TIME ? 'global' : `[${window.startMs},${window.endMs})`;
}
