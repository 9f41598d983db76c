// Which subtask owns a key (Flink KeyGroupRangeAssignment, MathUtils.murmurHash).
import { StreamError } from './errors.ts';

/** What a stream can be keyed by. Whole numbers hash as Java's int where they fit, else as long; others as double. */
export type Key = string | number;

/** Inclusive range of key groups. */
export interface KeyGroupRange {
  readonly first: number;
  readonly last: number;
}

/** Largest and smallest maxParallelism that is derived from a parallelism. */
const UPPER = 32_768;
const LOWER = 128;

/** Java's String.hashCode, over UTF-16 units. @returns a 32-bit integer. */
export function stringHash(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(31, h) + text.charCodeAt(i)) | 0;
  return h;
}

/** Java's Long.hashCode. @param value a safe integer. */
export function longHash(value: number): number {
  return ((value | 0) ^ Math.floor(value / 4_294_967_296)) | 0;
}

const bits = new DataView(new ArrayBuffer(8));

/** Java's hashCode of a key. @throws StreamError KEY_NOT_HASHABLE for what is neither text nor number. */
export function hashCodeOf(key: Key): number {
  if (typeof key === 'string') return stringHash(key);
  if (typeof key !== 'number' || Number.isNaN(key)) throw new StreamError('KEY_NOT_HASHABLE', `A key must be a string or a number, and this one is ${String(key)}. Let the key selector return one.`);
  if (Number.isSafeInteger(key)) return key === (key | 0) ? key : longHash(key);
  bits.setFloat64(0, key);
  return bits.getInt32(0) ^ bits.getInt32(4);
}

/** Flink's murmur of one 32-bit integer. @returns 0 to 2^31-1. */
export function murmur(code: number): number {
  let c = Math.imul(code, 0xcc9e2d51);
  c = (c << 15) | (c >>> 17);
  c = Math.imul(c, 0x1b873593);
  c = (c << 13) | (c >>> 19);
  c = (Math.imul(c, 5) + 0xe6546b64) | 0;
  c ^= 4;
  c ^= c >>> 16;
  c = Math.imul(c, 0x85ebca6b);
  c ^= c >>> 13;
  c = Math.imul(c, 0xc2b2ae35);
  c ^= c >>> 16;
  return c >= 0 ? c : c === -2_147_483_648 ? 0 : -c;
}

/** @returns the key group, 0 to maxParallelism-1. */
export function keyGroupOf(key: Key, maxParallelism: number): number {
  return murmur(hashCodeOf(key)) % maxParallelism;
}

/** @returns the subtask that owns a key group. */
export function subtaskOf(keyGroup: number, parallelism: number, maxParallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** @returns the key groups of one subtask. */
export function rangeOf(subtask: number, parallelism: number, maxParallelism: number): KeyGroupRange {
  return { first: Math.ceil((subtask * maxParallelism) / parallelism), last: Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism) };
}

/** maxParallelism where a job sets none. It stays what it was at the first run, or state is lost. */
export function defaultMaxParallelism(parallelism: number): number {
  let power = 1;
  while (power < parallelism + Math.floor(parallelism / 2)) power *= 2;
  return Math.min(Math.max(power, LOWER), UPPER);
}
