// Text to UTF-8 and back without the host's TextEncoder, so that the engine is the same everywhere. Bytes that are not UTF-8 become
// U+FFFD, one for each maximal ill-formed part (Unicode 15, section 3.9), as in Java and in browsers.

export function utf8Length(text: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) n += 1;
    else if (c < 0x800) n += 2;
    else if (isPair(text, i)) {
      n += 4;
      i++;
    } else n += 3;
  }
  return n;
}

/** Writes at `at`; there must be `utf8Length(text)` bytes of room. A lone surrogate is written as U+FFFD. @returns the position after it. */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c < 0x80) {
      bytes[at++] = c;
      continue;
    }
    if (c < 0x800) bytes[at++] = 0xc0 | (c >> 6);
    else {
      if (isPair(text, i)) {
        c = 0x10000 + ((c - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00);
        bytes[at++] = 0xf0 | (c >> 18);
        bytes[at++] = 0x80 | ((c >> 12) & 63);
      } else {
        if (c >= 0xd800 && c < 0xe000) c = 0xfffd;
        bytes[at++] = 0xe0 | (c >> 12);
      }
      bytes[at++] = 0x80 | ((c >> 6) & 63);
    }
    bytes[at++] = 0x80 | (c & 63);
  }
  return at;
}

export function toUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  writeUtf8(text, bytes, 0);
  return bytes;
}

/** @param end position after the last byte. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  let out = '';
  let at = start;
  while (at < end) {
    let run = at;
    while (run < end && bytes[run]! < 0x80 && run - at < 4096) run++;
    if (run > at) {
      out += String.fromCharCode(...bytes.subarray(at, run));
      at = run;
      continue;
    }
    const size = sequenceAt(bytes, at, end);
    if (size > 0) out += String.fromCodePoint(codePointAt(bytes, at, size));
    else out += '\ufffd';
    at += Math.abs(size);
  }
  return out;
}

/** Whether the bytes are well-formed UTF-8, so that reading and writing them gives the same bytes. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const size = bytes[at]! < 0x80 ? 1 : sequenceAt(bytes, at, bytes.length);
    if (size < 0) return false;
    at += size;
  }
  return true;
}

/** Length of the well-formed sequence of two to four bytes at a position; of an ill-formed one minus the length of its maximal part. */
function sequenceAt(bytes: Uint8Array, at: number, end: number): number {
  const b = bytes[at]!;
  const need = b >= 0xc2 && b <= 0xdf ? 2 : b >= 0xe0 && b <= 0xef ? 3 : b >= 0xf0 && b <= 0xf4 ? 4 : 0;
  if (need === 0) return -1;
  // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
  let low = b === 0xe0 ? 0xa0 : b === 0xf0 ? 0x90 : 0x80;
  let high = b === 0xed ? 0x9f : b === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < need; i++) {
    const next = at + i < end ? bytes[at + i]! : 0;
    if (next < low || next > high) return -i;
    low = 0x80;
    high = 0xbf;
  }
  return need;
}

function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  let c = bytes[at]! & (size === 2 ? 0x1f : size === 3 ? 0x0f : 0x07);
  for (let i = 1; i < size; i++) c = (c << 6) | (bytes[at + i]! & 0x3f);
  return c;
}

function isPair(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  if (c < 0xd800 || c >= 0xdc00 || i + 1 >= text.length) return false;
  const d = text.charCodeAt(i + 1);
  return d >= 0xdc00 && d < 0xe000;
}
