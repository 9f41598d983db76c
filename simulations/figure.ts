// Figures of a bench: ratios inside one run, yardstick and subject interleaved in one process, the median of the pairwise ratios.

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

function round3(x: number): number {
  return Math.round(x * 1000) / 1000;
}
