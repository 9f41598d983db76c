// Deep copies of plain data: what a checkpoint holds must not change when the running job goes on.
import { StreamError } from '../errors.ts';

/** @throws StreamError STATE_NOT_PLAIN for functions, symbols and instances of classes of your own. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw notPlain(value);
    return value;
  }
  if (Array.isArray(value)) return value.map((v: unknown) => copyOf(v)) as T;
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [copyOf<unknown>(k), copyOf<unknown>(v)])) as T;
  if (value instanceof Set) return new Set([...value].map((v) => copyOf<unknown>(v))) as T;
  if (ArrayBuffer.isView(value)) return (value as unknown as Uint8Array).slice() as T;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm (learner code) has another Object.prototype, whose prototype is null all the same.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw notPlain(value);
  const copy: Record<string, unknown> = {};
  for (const [k, v] of Object.entries(value)) copy[k] = copyOf<unknown>(v);
  return copy as T;
}

function notPlain(value: unknown): StreamError {
  const what = typeof value === 'object' ? `an instance of ${(value as { constructor?: { name?: string } }).constructor?.name ?? 'a class'}` : `a ${typeof value}`;
  return new StreamError('STATE_NOT_PLAIN', `State must be plain data so that a checkpoint can hold it, and this is ${what}. Keep objects, arrays, maps, sets, texts and numbers in state.`);
}
