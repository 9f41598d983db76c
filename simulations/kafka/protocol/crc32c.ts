// CRC-32C (Castagnoli, reflected polynomial 0x82f63b78), the checksum of record batches.

const TABLES = makeTables();

/** Four tables, so that four bytes are taken at a time. */
function makeTables(): Int32Array[] {
  const tables = [new Int32Array(256), new Int32Array(256), new Int32Array(256), new Int32Array(256)];
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    tables[0]![n] = c;
  }
  for (let n = 0; n < 256; n++) {
    for (let t = 1; t < 4; t++) {
      const before = tables[t - 1]![n]!;
      tables[t]![n] = (before >>> 8) ^ tables[0]![before & 0xff]!;
    }
  }
  return tables;
}

/** @param end position after the last byte. @returns an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const [t0, t1, t2, t3] = TABLES as [Int32Array, Int32Array, Int32Array, Int32Array];
  let c = -1;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    c ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    c = t3[c & 0xff]! ^ t2[(c >>> 8) & 0xff]! ^ t1[(c >>> 16) & 0xff]! ^ t0[c >>> 24]!;
  }
  for (; at < end; at++) c = (c >>> 8) ^ t0[(c ^ bytes[at]!) & 0xff]!;
  return ~c >>> 0;
}
