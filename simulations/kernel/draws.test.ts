import { describe, expect, it } from 'vitest';
import { draw32, drawChance, drawFraction, drawInt, drawKey } from './draws.ts';
import { digestText, Hasher } from './hash.ts';

describe('draws', () => {
  it('are the same numbers on every machine', () => {
    const key = drawKey(42, 'link/a/jitter');
    expect([0, 1, 2, 1_000_000].map((n) => draw32(key, n))).toMatchInlineSnapshot(`
      [
        2022286379,
        3373973213,
        4195775156,
        149216074,
      ]
    `);
  });

  it('differ by seed, name and number', () => {
    const values = new Set<number>();
    for (let seed = 0; seed < 20; seed++) for (const name of ['a', 'b', 'ab']) for (let n = 0; n < 50; n++) values.add(draw32(drawKey(seed, name), n));
    expect(values.size).toBe(20 * 3 * 50);
  });

  it('are spread evenly', () => {
    const key = drawKey(7, 'even');
    const buckets = new Array<number>(10).fill(0);
    for (let n = 0; n < 100_000; n++) buckets[drawInt(key, n, 10)]!++;
    // Chi-square with 9 degrees of freedom: 27.9 is exceeded once in a thousand.
    const chi = buckets.reduce((sum, b) => sum + (b - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(27.9);
    let hits = 0;
    for (let n = 0; n < 100_000; n++) if (drawChance(key, n, 1, 20)) hits++;
    expect(Math.abs(hits - 5_000)).toBeLessThan(300);
    let sum = 0;
    for (let n = 0; n < 10_000; n++) sum += drawFraction(key, n);
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.02);
  });
});

describe('the hash', () => {
  it('names what was added, in order', () => {
    const of = (...words: number[]) => {
      const h = new Hasher();
      for (const w of words) h.int(w);
      return h.hex();
    };
    expect(of()).toMatchInlineSnapshot(`"e91f04a20af47235906a0625791e4f68"`);
    expect(of(1, 2, 3, 4, 5)).toMatchInlineSnapshot(`"c3074ed881b87fca6454e3ea11cd8dfc"`);
    expect(of(1, 2)).not.toBe(of(2, 1));
    expect(of(0)).not.toBe(of(0, 0));
    expect(of(2 ** 40)).not.toBe(of(2 ** 41));
    expect(of(-1)).not.toBe(of(4_294_967_295));
    const long = Array.from({ length: 10_001 }, (_, i) => i * 7919);
    const h = new Hasher();
    for (const w of long) {
      h.int(w);
      if (w % 1000 < 3) h.hex();
    }
    expect(h.hex()).toBe(of(...long));
  });

  it('takes texts by their UTF-8 bytes', () => {
    expect(digestText('héllo 한국어 🎬', 1)).toMatchInlineSnapshot(`1846740214`);
    expect(digestText('a', 1)).not.toBe(digestText('b', 1));
  });
});
