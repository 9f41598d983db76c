// Bytes in and out: a reader that never passes its end and a writer that grows, with the number formats of Kafka's protocol.
import { Malformed, narrow, readUnsignedVarint, type Cursor } from './varint.ts';
import { readUtf8, utf8Length, writeUtf8 } from './utf8.ts';
import { BASE64URL } from './uuid.ts';

/** Reads big-endian values; throws `Malformed` instead of reading past the end. */
export class Reader implements Cursor {
  readonly bytes: Uint8Array;
  at: number;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  private take(count: number): number {
    const at = this.at;
    if (count < 0 || count > this.bytes.length - at) throw new Malformed(`${count} bytes wanted, ${this.bytes.length - at} left`);
    this.at = at + count;
    return at;
  }

  int8(): number {
    return this.view.getInt8(this.take(1));
  }
  int16(): number {
    return this.view.getInt16(this.take(2));
  }
  uint16(): number {
    return this.view.getUint16(this.take(2));
  }
  int32(): number {
    return this.view.getInt32(this.take(4));
  }
  uint32(): number {
    return this.view.getUint32(this.take(4));
  }
  /** A number; a bigint only where a number would not be exact. */
  int64(): number | bigint {
    const at = this.take(8);
    const high = this.view.getInt32(at);
    if (high >= -0x200000 && high < 0x200000) {
      const value = high * 4294967296 + this.view.getUint32(at + 4);
      if (Number.isSafeInteger(value)) return value;
    }
    return narrow(this.view.getBigInt64(at));
  }
  float64(): number {
    return this.view.getFloat64(this.take(8));
  }
  uvarint(): number {
    return readUnsignedVarint(this);
  }
  /** A copy of the next bytes. */
  slice(count: number): Uint8Array {
    const at = this.take(count);
    return this.bytes.slice(at, at + count);
  }
  text(count: number): string {
    const at = this.take(count);
    return readUtf8(this.bytes, at, at + count);
  }
  /** Sixteen bytes as Kafka prints a Uuid: base64url without padding, 22 characters. */
  uuid(): string {
    const at = this.take(16);
    let out = '';
    for (let i = 0; i < 16; i += 3) {
      const a = this.bytes[at + i]!;
      const b = i + 1 < 16 ? this.bytes[at + i + 1]! : 0;
      const c = i + 2 < 16 ? this.bytes[at + i + 2]! : 0;
      out += BASE64URL[a >> 2]! + BASE64URL[((a & 3) << 4) | (b >> 4)]!;
      if (i + 1 < 16) out += BASE64URL[((b & 15) << 2) | (c >> 6)]! + BASE64URL[c & 63]!;
    }
    return out;
  }
}

/** Writes big-endian values into bytes that grow as needed. */
export class Writer {
  private bytes: Uint8Array;
  private data: DataView;
  length = 0;

  constructor(size = 256) {
    this.bytes = new Uint8Array(size);
    this.data = new DataView(this.bytes.buffer);
  }

  /** Makes room, moving to a larger buffer where needed. @returns where the room begins. */
  private room(count: number): number {
    const at = this.length;
    if (at + count > this.bytes.length) {
      const grown = new Uint8Array(Math.max(at + count, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, at));
      this.bytes = grown;
      this.data = new DataView(grown.buffer);
    }
    this.length = at + count;
    return at;
  }

  int8(value: number): void {
    const at = this.room(1);
    this.data.setInt8(at, value);
  }
  int16(value: number): void {
    const at = this.room(2);
    this.data.setInt16(at, value);
  }
  int32(value: number): void {
    const at = this.room(4);
    this.data.setInt32(at, value);
  }
  uint32(value: number): void {
    const at = this.room(4);
    this.data.setUint32(at, value);
  }
  int64(value: number | bigint): void {
    const at = this.room(8);
    if (typeof value === 'bigint') this.data.setBigInt64(at, value);
    else {
      this.data.setInt32(at, Math.floor(value / 4294967296));
      this.data.setUint32(at + 4, value);
    }
  }
  float64(value: number): void {
    const at = this.room(8);
    this.data.setFloat64(at, value);
  }
  private byte(value: number): void {
    const at = this.room(1);
    this.bytes[at] = value;
  }
  uvarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }
  raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
  }
  text(text: string, byteLength = utf8Length(text)): void {
    const at = this.room(byteLength);
    writeUtf8(text, this.bytes, at);
  }
  uuid(text: string): void {
    const at = this.room(16);
    let bits = 0;
    let held = 0;
    let n = 0;
    for (let i = 0; i < 22; i++) {
      held = (held << 6) | BASE64URL.indexOf(text.charAt(i));
      bits += 6;
      if (bits >= 8 && n < 16) {
        bits -= 8;
        this.bytes[at + n++] = (held >> bits) & 0xff;
        held &= (1 << bits) - 1;
      }
    }
  }
  /** Overwrites an int32 written before. */
  patchInt32(at: number, value: number): void {
    this.data.setInt32(at, value);
  }
  /** Zig-zag, signed 32-bit. */
  varint(value: number): void {
    this.uvarint(((value << 1) ^ (value >> 31)) >>> 0);
  }
  /** Zig-zag, signed 64-bit. */
  varlong(value: number | bigint): void {
    if (typeof value === 'number' && value >= -1073741824 && value < 1073741824) {
      this.varint(value);
      return;
    }
    const wide = BigInt(value);
    let rest = BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n));
    while (rest >= 0x80n) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }
  /** What was written so far; valid until more is written. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
  /** A copy of what was written. */
  done(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
