// Seeded luck without state: the n-th draw for a purpose is a pure function of (seed, name, n), so that what one component
// does more or less often never moves another's luck.
import { digestText, finish } from './hash.ts';

/** A named source of draws. Make it once per component and purpose. */
export interface DrawKey {
  readonly a: number;
  readonly b: number;
}

/** @param seed 0 to 2^32-1. @param name e.g. `link/app>broker-1/jitter`. */
export function drawKey(seed: number, name: string): DrawKey {
  return { a: finish(digestText(name, 0x51ed270b) ^ seed), b: finish(digestText(name, 0x2545f491) + Math.imul(seed, 0x9e3779b1)) };
}

/** The n-th draw, an integer from 0 to 2^32-1. */
export function draw32(key: DrawKey, n: number): number {
  let x = finish(key.a + Math.imul(n, 0x9e3779b1)) ^ key.b;
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return (x ^ (x >>> 15)) >>> 0;
}

/** The n-th draw as an integer from 0 to `bound - 1`. @param bound 1 to 2^32. */
export function drawInt(key: DrawKey, n: number, bound: number): number {
  return ((draw32(key, n) / 4294967296) * bound) >>> 0;
}

/** True with probability `numerator / denominator`. */
export function drawChance(key: DrawKey, n: number, numerator: number, denominator: number): boolean {
  return drawInt(key, n, denominator) < numerator;
}

/** The n-th draw as a fraction in [0, 1) with 53 bits. */
export function drawFraction(key: DrawKey, n: number): number {
  return (draw32(key, 2 * n) * 2097152 + (draw32(key, 2 * n + 1) >>> 11)) / 9007199254740992;
}
