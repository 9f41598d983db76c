// Ratios inside one run: yardstick and subject interleaved in one process, CPU time, the median of the pairwise ratios.

export interface Figure {
  readonly name: string;
  /** Median of the pairwise ratios. */
  readonly ratio: number;
  readonly target: number;
  readonly better: 'higher' | 'lower';
  /** First and third quartile of the ratios. */
  readonly spread: readonly [number, number];
  /** Even the best quartile misses the target. */
  readonly short: boolean;
}

/** CPU seconds that a piece of work took. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

/**
 * @param round measures one pair and gives its ratio.
 * @param rounds at least 9; three more come first, which warm up and are not counted.
 */
export function figure(name: string, target: number, better: 'higher' | 'lower', round: () => number, rounds = 9): Figure {
  for (let i = 0; i < 3; i++) round();
  const ratios = Array.from({ length: rounds }, round).sort((a, b) => a - b);
  const at = (q: number) => ratios[Math.min(ratios.length - 1, Math.floor(q * ratios.length))]!;
  const spread = [at(0.25), at(0.75)] as const;
  const best = better === 'higher' ? spread[1] : spread[0];
  return { name, ratio: round3(at(0.5)), target, better, spread: [round3(spread[0]), round3(spread[1])], short: better === 'higher' ? best < target : best > target };
}

export function report(f: Figure): void {
  console.log(JSON.stringify(f));
}

function round3(x: number): number {
  return Math.round(x * 1000) / 1000;
}
