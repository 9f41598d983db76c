// CPU time of a piece of work, and the line that tells a figure.
import type { Figure } from '../../simulations/figure.ts';

/** CPU seconds that a piece of work took. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

export function report(f: Figure): void {
  console.log(JSON.stringify(f));
}

/** Median of measured times, the first three, which warm up, left out. */
export function median(times: readonly number[]): number {
  const counted = times.slice(3).sort((a, b) => a - b);
  return counted[counted.length >> 1]!;
}
