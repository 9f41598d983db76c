// Variable-length integers survive at every size, and bytes that are none are refused.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Writer } from './bytes.ts';
import { narrow, readUnsignedVarint, readVarint, readVarlong } from './varint.ts';

function written(job: (w: Writer) => void): { bytes: Uint8Array; at: number } {
  const writer = new Writer(1);
  job(writer);
  return { bytes: writer.done(), at: 0 };
}

describe('varints', () => {
  it('give back 32-bit numbers', () => {
    for (const value of [0, 1, 127, 128, 16383, 16384, 2 ** 31 - 1, 2 ** 32 - 1]) expect(readUnsignedVarint(written((w) => w.uvarint(value)))).toBe(value);
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(readVarint(written((w) => w.varint(value)))).toBe(value);
      }),
    );
  });
  it('give back 64-bit numbers, as bigints only where they must be', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const cursor = written((w) => w.varlong(narrow(value)));
        const read = readVarlong(cursor);
        expect(BigInt(read)).toBe(value);
        expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
        expect(cursor.at).toBe(cursor.bytes.length);
      }),
    );
    for (const value of [0, -1, 2 ** 30, -(2 ** 30), 2 ** 30 - 1, 2 ** 47, 2 ** 48, -(2 ** 48), 2 ** 53 - 1]) expect(readVarlong(written((w) => w.varlong(value)))).toBe(value);
    for (const value of [2n ** 63n - 1n, -(2n ** 63n)]) expect(readVarlong(written((w) => w.varlong(value)))).toBe(value);
  });
  it('are refused when they are too long or end early', () => {
    const cursor = (...bytes: number[]) => ({ bytes: Uint8Array.from(bytes), at: 0 });
    expect(() => readUnsignedVarint(cursor(0xff, 0xff))).toThrow();
    expect(() => readUnsignedVarint(cursor(0xff, 0xff, 0xff, 0xff, 0xff, 0x01))).toThrow();
    expect(() => readUnsignedVarint(cursor(0xff, 0xff, 0xff, 0xff, 0x7f))).toThrow();
    expect(() => readVarlong(cursor(...Array.from({ length: 11 }, () => 0xff)))).toThrow();
  });
});
