// Estimates of how much room things take.
import type { OperatorState } from '../operator.ts';

/** Bytes of plain data, roughly as JSON would take. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, v) => sum + sizeOf(v) + 1, 2);
  if (value instanceof Map) return [...value].reduce((sum, [k, v]) => sum + sizeOf(k) + sizeOf(v) + 2, 2);
  if (value instanceof Set) return [...value].reduce((sum: number, v) => sum + sizeOf(v) + 1, 2);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Object.entries(value).reduce((sum, [k, v]) => sum + k.length + 4 + sizeOf(v), 2);
}

export function sizeOfStates(states: Readonly<Record<string, OperatorState>>): number {
  return Object.values(states).reduce((sum, s) => sum + sizeOf(s.list) + s.keyed.reduce((n, e) => n + 16 + sizeOf(e.data), 0), 0);
}
