// Codecs for record batches outside the browser: gzip from Node, zstd from fzstd, snappy (with Xerial's framing, as Kafka's Java clients write it)
// and LZ4 frames here. Only gzip is encoded. A block that says it is small and unpacks to more than the limit is refused, before memory is taken for it.
import { gunzipSync, gzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Compression } from '../simulations/kafka/protocol/records.ts';

/** What one batch may unpack to, bytes. */
export const MOST_BYTES = 67_108_864;

export const compression: Compression = {
  compress: (codec, bytes) => (codec === 'none' ? bytes : codec === 'gzip' ? plain(gzipSync(bytes)) : null),
  decompress(codec, bytes) {
    switch (codec) {
      case 'none':
        return bytes;
      case 'gzip':
        return plain(gunzipSync(bytes, { maxOutputLength: MOST_BYTES }));
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

function tooMuch(codec: string): Error {
  return new Error(`${codec}: more than ${MOST_BYTES} bytes in one batch`);
}

/** Bytes written one after the other and read back within. */
class Output {
  private bytes = new Uint8Array(4_096);
  length = 0;
  private readonly codec: string;

  constructor(codec: string) {
    this.codec = codec;
  }

  private room(more: number): void {
    const wanted = this.length + more;
    if (wanted > MOST_BYTES) throw tooMuch(this.codec);
    if (wanted <= this.bytes.length) return;
    const grown = new Uint8Array(Math.min(MOST_BYTES, Math.max(wanted, this.bytes.length * 2)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** @throws when fewer bytes are there than were announced. */
  literals(from: Uint8Array, at: number, count: number): void {
    if (at + count > from.length) throw new Error(`${this.codec}: ${count} bytes announced, ${from.length - at} left`);
    this.room(count);
    this.bytes.set(from.subarray(at, at + count), this.length);
    this.length += count;
  }

  /** Repeats what stands `offset` bytes back; the two may overlap. */
  copy(offset: number, count: number): void {
    if (offset === 0 || offset > this.length) throw new Error(`${this.codec}: copy from ${offset} back at ${this.length}`);
    this.room(count);
    const { bytes } = this;
    for (let i = 0, at = this.length; i < count; i++, at++) bytes[at] = bytes[at - offset]!;
    this.length += count;
  }

  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

const XERIAL = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];

/** Sixteen bytes of header, then blocks with their size in front; without the header it is one bare block. */
function unsnappyFramed(bytes: Uint8Array): Uint8Array {
  const out = new Output('snappy');
  if (!XERIAL.every((b, i) => bytes[i] === b)) unsnappy(bytes, out);
  else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 16; at < bytes.length;) {
      const size = view.getUint32(at);
      if (at + 4 + size > bytes.length) throw new Error(`snappy: a block of ${size} bytes, ${bytes.length - at - 4} left`);
      unsnappy(bytes.subarray(at + 4, at + 4 + size), out);
      at += 4 + size;
    }
  }
  return out.done();
}

/** One snappy block (google/snappy format_description.txt). A copy reaches back into this block alone. */
function unsnappy(bytes: Uint8Array, out: Output): void {
  let at = 0;
  // The size in front is not believed: what comes is what counts.
  while (at < bytes.length && bytes[at++]! >= 0x80);
  const start = out.length;
  const number = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value |= bytes[at++]! << (8 * i);
    return value >>> 0;
  };
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    let length: number;
    let offset: number;
    switch (tag & 3) {
      case 0:
        length = (tag >> 2) + 1;
        if (length > 60) length = number(length - 60) + 1;
        out.literals(bytes, at, length);
        at += length;
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
    if (offset > out.length - start) throw new Error(`snappy: copy from ${offset} back at ${out.length - start}`);
    out.copy(offset, length);
  }
}

/** An LZ4 frame (lz4_Frame_format.md); checksums are not looked at, the batch has its own. */
function unlz4(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0x184d2204) throw new Error('lz4: no frame');
  const flags = bytes[4]!;
  const blockChecksum = (flags & 0x10) !== 0;
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
  const out = new Output('lz4');
  for (;;) {
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) break;
    const size = head & 0x7fffffff;
    if (head >>> 31) out.literals(bytes, at, size);
    else unlz4Block(bytes.subarray(at, at + size), out);
    at += size + (blockChecksum ? 4 : 0);
  }
  return out.done();
}

function unlz4Block(block: Uint8Array, out: Output): void {
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
    const literals = length(token >> 4);
    out.literals(block, at, literals);
    at += literals;
    if (at >= block.length) break;
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    out.copy(offset, length(token & 15) + 4);
  }
}

const ZSTD_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;

function unzstd(bytes: Uint8Array): Uint8Array {
  checkZstdFrames(bytes);
  const out = new Output('zstd');
  new Decompress((chunk) => out.literals(chunk, 0, chunk.length)).push(bytes, true);
  return out.done();
}

/** Walks over the frames and refuses one whose window, for which the decoder takes memory at once, is too large (RFC 8878, 3.1). */
function checkZstdFrames(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const magic = view.getUint32(at, true);
    at += 4;
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      at += 4 + view.getUint32(at, true);
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw new Error('zstd: no frame');
    const descriptor = bytes[at++]!;
    const single = (descriptor & 0x20) !== 0;
    if (!single) {
      const window = bytes[at++]!;
      const base = 2 ** (10 + (window >> 3));
      if (base + (base / 8) * (window & 7) > MOST_BYTES) throw tooMuch('zstd');
    }
    at += [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    const size = sizeBytes === 8 ? Number(view.getBigUint64(at, true)) : sizeBytes === 4 ? view.getUint32(at, true) : 0;
    if (size > MOST_BYTES) throw tooMuch('zstd');
    at += sizeBytes;
    for (let last = false; !last;) {
      const head = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
      last = (head & 1) === 1;
      at += 3 + (((head >> 1) & 3) === 1 ? 1 : head >> 3);
    }
    if (descriptor & 4) at += 4;
  }
}
