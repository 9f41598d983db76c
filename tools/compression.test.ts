// Codecs against data that lies: what unpacks to more than the limit is refused before memory is taken for it, and bad data ends in an error.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compression, MOST_BYTES } from './compression.ts';

const text = (bytes: Uint8Array | null) => Buffer.from(bytes!).toString();
const le = (value: number, bytes: number) => Array.from({ length: bytes }, (_, i) => (value / 2 ** (8 * i)) & 255);

/** "abcd" and a copy from four bytes back, as often as asked, 64 bytes each. */
const snappy = (copies: number, size = 4 + 64 * copies) => {
  const varint: number[] = [];
  for (let v = size; ; v = Math.floor(v / 128)) {
    varint.push(v >= 128 ? (v % 128) + 128 : v);
    if (v < 128) break;
  }
  return Uint8Array.from([...varint, (4 - 1) << 2, 97, 98, 99, 100, ...Array.from({ length: copies }, () => [((64 - 1) << 2) | 2, 4, 0]).flat()]);
};
const lz4 = (block: readonly number[]) => Uint8Array.from([...le(0x184d2204, 4), 0x60, 0x40, 0, ...le(block.length, 4), ...block, ...le(0, 4)]);
/** One frame without a content size, a window of 1 KiB, and as many run-length blocks of 100,000 times "a". */
const zstd = (blocks: number, window = 0) =>
  Uint8Array.from([...le(0xfd2fb528, 4), 0, window, ...Array.from({ length: blocks }, (_, i) => [...le((100_000 << 3) | 2 | (i === blocks - 1 ? 1 : 0), 3), 97]).flat()]);

describe('what is honest unpacks', () => {
  it('by each codec', () => {
    expect(text(compression.decompress('snappy', snappy(1)))).toBe('abcd'.repeat(17));
    // Four letters, a match of 15 + 4 + 9 from four back, and one letter that ends it.
    expect(text(compression.decompress('lz4', lz4([0x4f, 97, 98, 99, 100, 4, 0, 9, 0x10, 101])))).toBe(`${'abcd'.repeat(8)}e`);
    expect(text(compression.decompress('gzip', gzipSync('hello')))).toBe('hello');
    expect(compression.decompress('zstd', zstd(2, 10 << 3))).toHaveLength(200_000);
  });
});

describe('what is too much is refused', () => {
  const limit = `more than ${MOST_BYTES} bytes`;

  it('by each codec, though it is small as it comes', () => {
    expect(() => compression.decompress('gzip', gzipSync(Buffer.alloc(MOST_BYTES + 1)))).toThrow(/larger than|output/);
    expect(() => compression.decompress('snappy', snappy(MOST_BYTES / 64))).toThrow(limit);
    expect(() => compression.decompress('lz4', lz4([0x4f, 97, 98, 99, 100, 4, 0, ...Array.from({ length: MOST_BYTES / 255 + 1 }, () => 255), 0, 0x10, 101]))).toThrow(limit);
    expect(() => compression.decompress('zstd', zstd(Math.ceil(MOST_BYTES / 100_000), 10 << 3))).toThrow(limit);
  });

  it('where only a size in front says so', () => {
    expect(text(compression.decompress('snappy', snappy(0, 2 ** 32 - 1)))).toBe('abcd');
    expect(() => compression.decompress('zstd', zstd(1, 20 << 3))).toThrow(limit);
  });
});

it('ends in an error or an answer for whatever bytes come', () => {
  const good = [snappy(3), lz4([0x4f, 97, 98, 99, 100, 4, 0, 9, 0x10, 101]), zstd(2, 10 << 3), new Uint8Array(gzipSync('hello hello'))];
  fc.assert(
    fc.property(fc.constantFrom('snappy', 'lz4', 'zstd', 'gzip'), fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }), fc.nat(60), (codec, bytes, changes, cut) => {
      const bad = bytes.slice(0, bytes.length - (cut > 40 ? cut - 40 : 0));
      for (const [at, value] of changes) if (at < bad.length) bad[at] = value;
      let size = 0;
      try {
        size = compression.decompress(codec, bad)!.length;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
      expect(size).toBeLessThanOrEqual(MOST_BYTES);
    }),
    { numRuns: 3_000, seed: 5 },
  );
});
