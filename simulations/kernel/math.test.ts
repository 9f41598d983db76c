// Our own functions agree with the host's to two units in the last place, hold at the edges, and give the stated bits.
import { describe, expect, it } from 'vitest';
import { drawExponential, drawNormal } from './distributions.ts';
import { drawFraction, drawKey } from './draws.ts';
import * as m from './math.ts';
import * as t from './trigonometry.ts';

const key = drawKey(7, 'math-test');
const ours: Record<string, (x: number) => number> = {
  exp: m.exp,
  expm1: m.expm1,
  log: m.log,
  log1p: m.log1p,
  log2: m.log2,
  log10: m.log10,
  cbrt: m.cbrt,
  sinh: m.sinh,
  cosh: m.cosh,
  tanh: m.tanh,
  asinh: m.asinh,
  acosh: m.acosh,
  atanh: m.atanh,
  sin: t.sin,
  cos: t.cos,
  tan: t.tan,
  asin: t.asin,
  acos: t.acos,
  atan: t.atan,
};
const theirs = Math as unknown as Record<string, (x: number) => number>;
const EDGES = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  10,
  100,
  1000,
  1e-300,
  5e-324,
  -5e-324,
  1e300,
  -1e300,
  Infinity,
  -Infinity,
  NaN,
  1e-10,
  0.7853981633974483,
  1.5707963267948966,
  3.141592653589793,
  1e22,
  709.78,
  -745,
];

/** Distance in units in the last place. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  const bits = (x: number) => {
    const n = new BigInt64Array(new Float64Array([x]).buffer)[0]!;
    return n < 0n ? -(n & 0x7fffffffffffffffn) : n;
  };
  return Number(bits(a) < bits(b) ? bits(b) - bits(a) : bits(a) - bits(b));
}

describe('math', () => {
  it.each(Object.keys(ours))('%s is within a few units in the last place', (name) => {
    let worst = 0;
    let at = 0;
    for (let i = 0; i < 20000; i++) {
      const f = drawFraction(key, i);
      const x = i % 4 === 0 ? f * 2 - 1 : i % 4 === 1 ? (f - 0.5) * 40 : i % 4 === 2 ? (f - 0.5) * 1400 : (f - 0.5) * 10 ** ((i % 37) - 18);
      const distance = ulps(ours[name]!(x), theirs[name]!(x));
      if (distance > worst) {
        worst = distance;
        at = x;
      }
    }
    expect({ name, at: worst > 4 ? at : null, worst: worst > 4 ? worst : 'small' }).toEqual({ name, at: null, worst: 'small' });
  });
  it.each(Object.keys(ours))('%s holds at the edges', (name) => {
    for (const x of EDGES) expect([name, x, ulps(ours[name]!(x), theirs[name]!(x)) <= 4]).toEqual([name, x, true]);
  });
  it('raises to powers', () => {
    let worst = 0;
    for (let i = 0; i < 20000; i++) {
      const x = drawFraction(key, 3 * i) * 10 ** ((i % 9) - 3);
      const y = (drawFraction(key, 3 * i + 1) - 0.5) * 60;
      worst = Math.max(worst, ulps(m.pow(x, y), Math.pow(x, y)));
    }
    expect(worst).toBeLessThanOrEqual(4);
    for (const x of EDGES) for (const y of EDGES) expect([x, y, ulps(m.pow(x, y), Math.pow(x, y)) <= 4]).toEqual([x, y, true]);
    expect([m.pow(2, 10), m.pow(10, 15), m.pow(2, -3), m.pow(-2, 3), m.pow(2, 1023)]).toEqual([1024, 1e15, 0.125, -8, 2 ** 1023]);
  });
  it('turns every way', () => {
    for (const y of EDGES) for (const x of EDGES) expect([y, x, ulps(t.atan2(y, x), Math.atan2(y, x)) <= 4]).toEqual([y, x, true]);
    expect(m.hypot(3, 4)).toBe(5);
    expect(m.hypot(1e200, 1e200)).toBeCloseTo(1.414213562373095e200, -190);
    expect([m.hypot(), m.hypot(NaN, Infinity)]).toEqual([0, Infinity]);
  });
  it('gives these bits in every engine', () => {
    const hex = (x: number) => new BigUint64Array(new Float64Array([x]).buffer)[0]!.toString(16);
    expect([m.exp(1), m.log(10), m.pow(1.5, 2.5), t.sin(1), t.cos(1e10), t.atan(0.3), t.tan(1.5)].map(hex)).toMatchInlineSnapshot(`
      [
        "4005bf0a8b145769",
        "40026bb1bbb55516",
        "40060b9fd68a4554",
        "3feaed548f090cee",
        "3febf098901c931a",
        "3fd2a73a661eaf06",
        "402c33ed50b88778",
      ]
    `);
  });
  it('draws with the right mean and spread', () => {
    const n = 20000;
    let sum = 0;
    let normal = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      sum += drawExponential(key, i, 5);
      const v = drawNormal(key, i, 10, 2);
      normal += v;
      squares += (v - 10) * (v - 10);
    }
    expect(sum / n).toBeCloseTo(5, 0);
    expect(normal / n).toBeCloseTo(10, 1);
    expect(Math.sqrt(squares / n)).toBeCloseTo(2, 1);
  });
});
