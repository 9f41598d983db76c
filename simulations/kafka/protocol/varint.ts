// Reading variable-length integers of Kafka's protocol: unsigned, and zig-zag for 32 and 64 bits (protocol buffers' encoding).

/** Where to read next; the functions here move it on. `at` beyond the end means the bytes were too few. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Bytes that could not be read: too few, or a number that is too long. */
export class Malformed extends Error {}

/** @returns 0 to 2^32-1. Throws `Malformed` beyond five bytes. */
export function readUnsignedVarint(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (cursor.at >= cursor.bytes.length) throw new Malformed('bytes end inside a varint');
    const byte = cursor.bytes[cursor.at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      if (value > 0xffffffff) throw new Malformed('varint exceeds 32 bits');
      return value;
    }
  }
  throw new Malformed('varint exceeds five bytes');
}

/** @returns a signed 32-bit integer. */
export function readVarint(cursor: Cursor): number {
  const raw = readUnsignedVarint(cursor);
  return (raw >>> 1) ^ -(raw & 1);
}

/** @returns a signed 64-bit integer, as a bigint only where a number would not be exact. */
export function readVarlong(cursor: Cursor): number | bigint {
  let low = 0;
  let shift = 0;
  while (shift < 49) {
    if (cursor.at >= cursor.bytes.length) throw new Malformed('bytes end inside a varlong');
    const byte = cursor.bytes[cursor.at++]!;
    low += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) return low % 2 === 1 ? -(low + 1) / 2 : low / 2;
  }
  let value = BigInt(low);
  for (; shift < 70; shift += 7) {
    if (cursor.at >= cursor.bytes.length) throw new Malformed('bytes end inside a varlong');
    const byte = cursor.bytes[cursor.at++]!;
    value |= BigInt(byte & 0x7f) << BigInt(shift);
    if (byte < 0x80) {
      const raw = BigInt.asUintN(64, value);
      return narrow((raw >> 1n) ^ -(raw & 1n));
    }
  }
  throw new Malformed('varlong exceeds ten bytes');
}

/** A bigint as a number where that is exact. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
