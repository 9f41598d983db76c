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
    const b = bytes[at++]!;
    if (b < 0x80) {
      out += String.fromCharCode(b);
      continue;
    }
    let need = 0;
    let low = 0x80;
    let high = 0xbf;
    let c = 0;
    if (b >= 0xc2 && b <= 0xdf) {
      need = 1;
      c = b & 0x1f;
    } else if (b >= 0xe0 && b <= 0xef) {
      need = 2;
      c = b & 0x0f;
      if (b === 0xe0) low = 0xa0;
      if (b === 0xed) high = 0x9f;
    } else if (b >= 0xf0 && b <= 0xf4) {
      need = 3;
      c = b & 0x07;
      if (b === 0xf0) low = 0x90;
      if (b === 0xf4) high = 0x8f;
    }
    let whole = need > 0;
    while (need > 0) {
      const next = at < end ? bytes[at]! : 0;
      if (next < low || next > high) {
        whole = false;
        break;
      }
      low = 0x80;
      high = 0xbf;
      c = (c << 6) | (next & 0x3f);
      at++;
      need--;
    }
    out += whole ? String.fromCodePoint(c) : '\ufffd';
  }
  return out;
}

/** Whether the bytes are well-formed UTF-8, so that reading and writing them gives the same bytes. */
export function isUtf8(bytes: Uint8Array): boolean {
  const text = readUtf8(bytes, 0, bytes.length);
  if (utf8Length(text) !== bytes.length) return false;
  const again = toUtf8(text);
  for (let i = 0; i < again.length; i++) if (again[i] !== bytes[i]) return false;
  return true;
}

function isPair(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  if (c < 0xd800 || c >= 0xdc00 || i + 1 >= text.length) return false;
  const d = text.charCodeAt(i + 1);
  return d >= 0xdc00 && d < 0xe000;
}
