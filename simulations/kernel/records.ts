// The record table: one entry per record a producer sent, named by (producer, key, n-th send), with its payload kept once.
import type { Sym } from '../contract/events.ts';

/** Payload text kept per run, in bytes; beyond it records keep name and size only, and the run ends at its payload limit. */
export interface RecordRow {
  readonly producer: Sym;
  /** Key as text; null for a record without a key. */
  readonly key: string | null;
  /** How many records of this key this producer sent before, plus one. */
  readonly nth: number;
  /** Value as text; null for a null value (tombstone); undefined when it was not kept. */
  readonly value: string | null | undefined;
  /** CreateTime of the record, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** Key and value together, bytes. */
  readonly bytes: number;
}
