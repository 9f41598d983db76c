// What travels between tasks: elements, packed in buffers (Flink StreamElement, network buffers).
import type { StreamRecord } from '../operator.ts';

/** The checkpoint that a barrier belongs to. */
export interface Barrier {
  readonly checkpoint: number;
  readonly savepoint: boolean;
  /** Whether it overtakes what waits in the buffers. */
  readonly unaligned: boolean;
  /** When the coordinator triggered it, microseconds. */
  readonly triggeredUs: number;
}

export type StreamElement =
  | { readonly kind: 'record'; readonly record: StreamRecord }
  | { readonly kind: 'watermark'; readonly timeMs: number; readonly cause: number }
  | { readonly kind: 'status'; readonly active: boolean; readonly cause: number };

/** Elements that travel together, or one event that does not need room: a barrier, or the end of the data. */
export interface Buffer {
  readonly elements: readonly StreamElement[];
  readonly records: number;
  readonly event: null | { readonly kind: 'barrier'; readonly barrier: Barrier } | { readonly kind: 'end' };
  readonly cause: number;
}

export function eventBuffer(event: NonNullable<Buffer['event']>, cause: number): Buffer {
  return { elements: [], records: 0, event, cause };
}

/** Bytes of a buffer on the wire, an estimate. */
export function bytesOf(buffer: Buffer): number {
  return 24 + buffer.records * 64 + buffer.elements.length * 8;
}
