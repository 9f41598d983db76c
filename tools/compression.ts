// Codecs for record batches outside the browser: gzip from Node, zstd from fzstd, snappy (with Xerial's framing, as Kafka's Java clients write it)
// and LZ4 frames here. Only gzip is encoded.
import { gunzipSync, gzipSync } from 'node:zlib';
import { decompress as unzstd } from 'fzstd';
import type { Compression } from '../simulations/kafka/protocol/records.ts';

export const compression: Compression = {
  compress: (codec, bytes) => (codec === 'none' ? bytes : codec === 'gzip' ? plain(gzipSync(bytes)) : null),
  decompress(codec, bytes) {
    switch (codec) {
      case 'none':
        return bytes;
      case 'gzip':
        return plain(gunzipSync(bytes));
      case 'snappy':
        return unsnappyFramed(bytes);
      case 'lz4':
        return unlz4(bytes);
      case 'zstd':
        return unzstd(bytes);
    }
  },
};

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

const XERIAL = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];

/** Sixteen bytes of header, then blocks with their size in front; without the header it is one bare block. */
function unsnappyFramed(bytes: Uint8Array): Uint8Array {
  if (!XERIAL.every((b, i) => bytes[i] === b)) return unsnappy(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out: number[] = [];
  let at = 16;
  while (at < bytes.length) {
    const size = view.getInt32(at);
    for (const b of unsnappy(bytes.subarray(at + 4, at + 4 + size))) out.push(b);
    at += 4 + size;
  }
  return Uint8Array.from(out);
}

/** One snappy block (google/snappy format_description.txt). */
function unsnappy(bytes: Uint8Array): Uint8Array {
  let at = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const b = bytes[at++]!;
    size |= (b & 0x7f) << shift;
    if (b < 0x80) break;
  }
  const out = new Uint8Array(size);
  let n = 0;
  const number = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value |= bytes[at++]! << (8 * i);
    return value >>> 0;
  };
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    let length: number;
    let offset = 0;
    switch (tag & 3) {
      case 0:
        length = tag >> 2;
        if (length >= 60) length = number(length - 59);
        out.set(bytes.subarray(at, at + length + 1), n);
        at += length + 1;
        n += length + 1;
        continue;
      case 1:
        length = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | bytes[at++]!;
        break;
      case 2:
        length = (tag >> 2) + 1;
        offset = number(2);
        break;
      default:
        length = (tag >> 2) + 1;
        offset = number(4);
    }
    if (offset === 0 || offset > n) throw new Error(`snappy: copy from ${offset} back at ${n}`);
    for (let i = 0; i < length; i++, n++) out[n] = out[n - offset]!;
  }
  return out;
}

/** An LZ4 frame (lz4_Frame_format.md); checksums are not looked at, the batch has its own. */
function unlz4(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x184d2204) throw new Error('lz4: no frame');
  const flags = bytes[4]!;
  const blockChecksum = (flags & 0x10) !== 0;
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
  const out: number[] = [];
  for (;;) {
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) break;
    const size = head & 0x7fffffff;
    const block = bytes.subarray(at, at + size);
    if (head >>> 31) for (const b of block) out.push(b);
    else unlz4Block(block, out);
    at += size + (blockChecksum ? 4 : 0);
  }
  return Uint8Array.from(out);
}

function unlz4Block(block: Uint8Array, out: number[]): void {
  let at = 0;
  const length = (start: number) => {
    let value = start;
    if (start === 15) {
      let b: number;
      do {
        b = block[at++]!;
        value += b;
      } while (b === 255);
    }
    return value;
  };
  while (at < block.length) {
    const token = block[at++]!;
    for (let literals = length(token >> 4); literals > 0; literals--) out.push(block[at++]!);
    if (at >= block.length) break;
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    if (offset === 0 || offset > out.length) throw new Error(`lz4: copy from ${offset} back at ${out.length}`);
    for (let i = length(token & 15) + 4; i > 0; i--) out.push(out[out.length - offset]!);
  }
}
