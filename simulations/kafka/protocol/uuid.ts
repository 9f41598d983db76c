// Kafka's Uuid as it prints one: sixteen bytes in base64url without padding, 22 characters.
import { draw32, drawKey } from '../../kernel/draws.ts';

export const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A version-4 uuid of four drawn words (unsigned 32-bit), as Kafka's Uuid.randomUuid makes them. */
export function uuidOf(words: readonly [number, number, number, number]): string {
  const [a, b, c, d] = [words[0], (words[1] & 0xffff0fff) | 0x4000, (words[2] & 0x3fffffff) | 0x80000000, words[3]];
  let out = '';
  for (let digit = 0; digit < 22; digit++) {
    let value = 0;
    for (let bit = digit * 6; bit < digit * 6 + 6; bit++) value = value * 2 + (bit < 128 ? ([a, b, c, d][bit >> 5]! >>> (31 - (bit & 31))) & 1 : 0);
    out += BASE64URL[value]!;
  }
  return out;
}

/** A uuid of a name: the same in every run with this seed. As in Kafka none begins with a dash. */
export function drawUuid(seed: number, name: string): string {
  const key = drawKey(seed, name);
  for (let n = 0; ; n += 4) {
    const uuid = uuidOf([draw32(key, n), draw32(key, n + 1), draw32(key, n + 2), draw32(key, n + 3)]);
    if (!uuid.startsWith('-')) return uuid;
  }
}

/** Kafka 4.0 compares the first 64 bits as a signed number: ids whose first bit is set come first. */
export function compareUuids(a: string, b: string): number {
  for (let i = 0; i < 22; i++) {
    const [x, y] = [BASE64URL.indexOf(a[i]!), BASE64URL.indexOf(b[i]!)];
    if (x !== y) return i === 0 ? (x ^ 32) - (y ^ 32) : x - y;
  }
  return 0;
}

/** Java's hash of a Uuid: its four words, exclusive-ored. */
export function uuidHash(uuid: string): number {
  let hash = 0;
  for (let digit = 0; digit < 22; digit++) {
    const value = BASE64URL.indexOf(uuid[digit]!);
    for (let bit = 0; bit < 6 && digit * 6 + bit < 128; bit++) hash ^= ((value >> (5 - bit)) & 1) << (31 - ((digit * 6 + bit) & 31));
  }
  return hash;
}
