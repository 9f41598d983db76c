// Values drawn from distributions, each a pure function of a draw key and a number, by our own logarithm.
import { drawFraction, type DrawKey } from './draws.ts';
import { ln } from './math.ts';
import { cos } from './trigonometry.ts';

/** Exponential with a mean: the gap between arrivals that know nothing of each other. */
export function drawExponential(key: DrawKey, n: number, mean: number): number {
  return -mean * ln(1 - drawFraction(key, n));
}

/** Normal with mean and standard deviation (Box and Muller). Uses two fractions per value. */
export function drawNormal(key: DrawKey, n: number, mean: number, deviation: number): number {
  const radius = Math.sqrt(-2 * ln(1 - drawFraction(key, 2 * n)));
  return mean + deviation * radius * cos(2 * 3.141592653589793 * drawFraction(key, 2 * n + 1));
}
