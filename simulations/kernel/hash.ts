// The run's hash: 128 bits over every event in order, by the body and finish of MurmurHash3 x86_128 (public domain, Austin Appleby),
// fed with 32-bit words. It names what happened; it is not a defence against someone who wants two runs to collide.

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

const BUFFER = 1024;
/** Words that whoever writes into the buffer directly may add after `reserve`. */
export const RESERVED = 64;

/** Words are gathered and mixed a few thousand at a time: the mixing then runs on locals. */
export class Hasher {
  /** Words not mixed yet. A hot writer calls `reserve`, fills in from `pending` on with `putInt` or by itself, and sets `pending`. */
  readonly buffer = new Int32Array(BUFFER);
  pending = 0;
  private h1 = 0x6d696c6c;
  private h2 = 0x72616365;
  private h3 = 0x00000001;
  private h4 = 0x00000000;
  private length = 0;

  /** Adds a safe integer: one word when it fits 32 signed bits, else a mark and two. */
  int(value: number): void {
    this.reserve();
    this.pending = putInt(this.buffer, this.pending, value);
  }

  /** Makes room for `RESERVED` words. */
  reserve(): void {
    if (this.pending > BUFFER - RESERVED) this.mix();
  }

  /** Mixes all whole blocks of four words; up to three words stay. */
  private mix(): void {
    const { buffer } = this;
    const whole = this.pending & ~3;
    let { h1, h2, h3, h4 } = this;
    for (let i = 0; i < whole; i += 4) {
      let k = Math.imul(buffer[i]!, C1);
      k = (k << 15) | (k >>> 17);
      h1 ^= Math.imul(k, C2);
      h1 = (h1 << 19) | (h1 >>> 13);
      h1 = (Math.imul(h1 + h2, 5) + 0x561ccd1b) | 0;
      k = Math.imul(buffer[i + 1]!, C2);
      k = (k << 16) | (k >>> 16);
      h2 ^= Math.imul(k, C3);
      h2 = (h2 << 17) | (h2 >>> 15);
      h2 = (Math.imul(h2 + h3, 5) + 0x0bcaa747) | 0;
      k = Math.imul(buffer[i + 2]!, C3);
      k = (k << 17) | (k >>> 15);
      h3 ^= Math.imul(k, C4);
      h3 = (h3 << 15) | (h3 >>> 17);
      h3 = (Math.imul(h3 + h4, 5) + 0x96cd1c35) | 0;
      k = Math.imul(buffer[i + 3]!, C4);
      k = (k << 18) | (k >>> 14);
      h4 ^= Math.imul(k, C1);
      h4 = (h4 << 13) | (h4 >>> 19);
      h4 = (Math.imul(h4 + h1, 5) + 0x32ac3b17) | 0;
    }
    this.h1 = h1;
    this.h2 = h2;
    this.h3 = h3;
    this.h4 = h4;
    this.length = (this.length + whole) | 0;
    for (let i = whole; i < this.pending; i++) buffer[i - whole] = buffer[i]!;
    this.pending -= whole;
  }

  /** 32 lower-case hex digits over everything added so far; adding may go on afterwards. */
  hex(): string {
    this.mix();
    let a = this.h1;
    let b = this.h2;
    let c = this.h3;
    let d = this.h4;
    if (this.pending > 2) c ^= mixTail(this.buffer[2]!, C3, 17, C4);
    if (this.pending > 1) b ^= mixTail(this.buffer[1]!, C2, 16, C3);
    if (this.pending > 0) a ^= mixTail(this.buffer[0]!, C1, 15, C2);
    const length = (this.length + this.pending) | 0;
    a ^= length;
    b ^= length;
    c ^= length;
    d ^= length;
    a = (a + b + c + d) | 0;
    b = (b + a) | 0;
    c = (c + a) | 0;
    d = (d + a) | 0;
    a = finish(a);
    b = finish(b);
    c = finish(c);
    d = finish(d);
    a = (a + b + c + d) | 0;
    b = (b + a) | 0;
    c = (c + a) | 0;
    d = (d + a) | 0;
    return hex32(a) + hex32(b) + hex32(c) + hex32(d);
  }
}

/** Writes a safe integer at a place of a hasher's buffer, as `int` does. @returns the place after it. */
export function putInt(buffer: Int32Array, at: number, value: number): number {
  const low = value | 0;
  if (low === value) {
    buffer[at] = low;
    return at + 1;
  }
  buffer[at] = 0x7ff80001;
  buffer[at + 1] = low;
  buffer[at + 2] = Math.floor(value / 4294967296) | 0;
  return at + 3;
}

function mixTail(k: number, first: number, rotate: number, second: number): number {
  const m = Math.imul(k, first);
  return Math.imul((m << rotate) | (m >>> (32 - rotate)), second);
}

/** MurmurHash3's 32-bit finish: every input bit reaches every output bit. */
export function finish(value: number): number {
  let h = value;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h;
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Signed 32-bit digest of bytes, seeded. */
export function digestBytes(bytes: Uint8Array, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193) + 0x9e3779b9;
  return finish(h ^ bytes.length);
}

/** Signed 32-bit digest of a text over its UTF-8 bytes, seeded. */
export function digestText(text: string, seed: number): number {
  let h = seed | 0;
  let n = 0;
  const add = (byte: number) => {
    h = Math.imul(h ^ byte, 0x01000193) + 0x9e3779b9;
    n++;
  };
  for (let i = 0; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < text.length) {
      const d = text.charCodeAt(i + 1);
      if (d >= 0xdc00 && d < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
        i++;
      }
    }
    if (c < 0x80) add(c);
    else if (c < 0x800) {
      add(0xc0 | (c >> 6));
      add(0x80 | (c & 63));
    } else if (c < 0x10000) {
      add(0xe0 | (c >> 12));
      add(0x80 | ((c >> 6) & 63));
      add(0x80 | (c & 63));
    } else {
      add(0xf0 | (c >> 18));
      add(0x80 | ((c >> 12) & 63));
      add(0x80 | ((c >> 6) & 63));
      add(0x80 | (c & 63));
    }
  }
  return finish(h ^ n);
}
