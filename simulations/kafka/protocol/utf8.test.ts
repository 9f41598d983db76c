// Text and bytes agree with the host's own encoder, well-formed or not.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUtf8, readUtf8, toUtf8, utf8Length } from './utf8.ts';

describe('utf8', () => {
  it('writes what TextEncoder writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)), maxLength: 20 }), (text) => {
        expect(toUtf8(text)).toEqual(new TextEncoder().encode(text));
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
  it('reads what TextDecoder reads', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        expect(readUtf8(bytes, 0, bytes.length)).toBe(decoder.decode(bytes));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        expect(readUtf8(toUtf8(text), 0, utf8Length(text))).toBe(decoder.decode(new TextEncoder().encode(text)));
      }),
    );
  });
  it('knows which bytes survive as text', () => {
    expect(isUtf8(toUtf8('키-1'))).toBe(true);
    expect(isUtf8(Uint8Array.of(0xff))).toBe(false);
    expect(isUtf8(Uint8Array.of(0xef, 0xbf, 0xbd))).toBe(true);
  });
});
