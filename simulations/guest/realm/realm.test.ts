// Dates, locale and sorting as the simulation has them, without changing the realm of the tests.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from './dates.ts';
import { compareText, formatDate, formatDateTime, formatNumber, formatTime } from './locale.ts';
import { mergeSort } from './sorting.ts';

describe('dates', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01', '2026-01-01T00:00:00.000Z'],
    ['2026-01-31T10:20', '2026-01-31T10:20:00.000Z'],
    ['2026-01-31T10:20:30.1234+09:00', '2026-01-31T01:20:30.123Z'],
    ['2026-01-31 10:20:30Z', '2026-01-31T10:20:30.000Z'],
    ['Sat, 31 Jan 2026 10:20:30 GMT', '2026-01-31T10:20:30.000Z'],
    ['Sat Jan 31 2026 10:20:30 GMT+0000 (Coordinated Universal Time)', '2026-01-31T10:20:30.000Z'],
    ['January 31, 2026 1:05 pm', '2026-01-31T13:05:00.000Z'],
    ['1/31/2026', '2026-01-31T00:00:00.000Z'],
    ['2026/01/31 23:59:59', '2026-01-31T23:59:59.000Z'],
  ])('reads %s', (text, iso) => {
    expect(new Date(parseDate(text)).toISOString()).toBe(iso);
  });
  it.each(['', 'soon', '2026-13-01', '2026-01-31T25:00', '31.01.2026'])('does not guess at "%s"', (text) => {
    expect(parseDate(text)).toBeNaN();
  });
  it('reads back what toISOString, toString and toUTCString write', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
        expect(parseDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });
});

describe('locale', () => {
  const d = new Date(Date.UTC(2026, 0, 5, 13, 4, 9, 87));
  it('writes dates as en-US does', () => {
    const options = { timeZone: 'UTC' } as const;
    // Newer engines put a narrow space before AM and PM.
    const theirs = (text: string) => text.replaceAll('\u202f', ' ');
    expect(formatDate(d)).toBe(d.toLocaleDateString('en-US', options));
    expect(formatTime(d)).toBe(theirs(d.toLocaleTimeString('en-US', options)));
    expect(formatDateTime(d)).toBe(theirs(d.toLocaleString('en-US', options)));
    for (const o of [
      { month: 'long', day: 'numeric', year: 'numeric' },
      { weekday: 'short', month: 'short', day: '2-digit' },
      { year: 'numeric', month: '2-digit', day: '2-digit' },
    ] as const)
      expect(formatDate(d, o)).toBe(d.toLocaleDateString('en-US', { ...options, ...o }));
    for (const o of [
      { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false },
      { hour: 'numeric', minute: '2-digit' },
    ] as const)
      expect(formatTime(d, o)).toBe(theirs(d.toLocaleTimeString('en-US', { ...options, ...o })));
  });
  it('writes numbers as en-US does', () => {
    for (const n of [0, -0, 1, 1234.5, 1234567.891, -98765.4321, 0.0005, 1e21, NaN, Infinity, 999999.9999]) expect(formatNumber(n), String(n)).toBe(n.toLocaleString('en-US'));
    expect(formatNumber(0.256, { style: 'percent' })).toBe((0.256).toLocaleString('en-US', { style: 'percent' }));
    expect(formatNumber(1234.5, { style: 'currency', currency: 'USD' })).toBe('$1,234.50');
    expect(formatNumber(5, { minimumFractionDigits: 2 })).toBe('5.00');
  });
  it('orders words as a reader does', () => {
    const words = ['zebra', 'Apfel', 'apfel', 'über', 'uber', 'Uber', '10', '9', 'a b', 'ab', 'é', 'e', '나', '가'];
    const collator = new Intl.Collator('en-US');
    for (const a of ['a', 'B', 'é', 'e', 'Z', '1', 'ab', 'Ab'])
      for (const b of ['a', 'b', 'E', 'e', 'z', '2', 'aB', 'ab']) expect([a, b, Math.sign(compareText(a, b))]).toEqual([a, b, Math.sign(collator.compare(a, b))]);
    expect(words.toSorted(compareText)).toEqual(words.toSorted(compareText).toSorted(compareText));
  });
});

describe('sorting', () => {
  it('is stable and sorts as the host does', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: fc.integer({ min: 0, max: 5 }), at: fc.nat() })), (list) => {
        const ours = [...list];
        mergeSort(ours, (a, b) => a.key - b.key);
        expect(ours).toEqual(list.toSorted((a, b) => a.key - b.key));
      }),
    );
  });
});
