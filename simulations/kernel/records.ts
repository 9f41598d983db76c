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

/** The record table as readers see it: a list of rows, or the columns of a run. */
export interface Records {
  readonly length: number;
  at(id: number): RecordRow | undefined;
}

const NO_KEY = -1;

/** The record table of a run: columns, because a run may name millions of records and look at few of them again. */
export class RecordTable implements Records {
  length = 0;
  private producers = new Int32Array(1024);
  /** Numbers of the keys' texts; -1 = no key. */
  private keys = new Int32Array(1024);
  private nths = new Int32Array(1024);
  private timestamps = new Float64Array(1024);
  private sizes = new Int32Array(1024);
  /** Values that are kept, by record. */
  private readonly values = new Map<number, string | null>();
  private readonly texts: readonly string[];

  /** @param texts the run's texts by their numbers. */
  constructor(texts: readonly string[]) {
    this.texts = texts;
  }

  /** Enters a record. @param key number of the key's text; -1 = no key. @param bytes key and value together. @returns its id. */
  add(producer: Sym, key: number, nth: number, timestampMs: number, bytes: number): number {
    const id = this.length++;
    if (id === this.keys.length) this.grow();
    this.producers[id] = producer;
    this.keys[id] = key;
    this.nths[id] = nth;
    this.timestamps[id] = timestampMs;
    this.sizes[id] = bytes;
    return id;
  }

  /** Keeps the value of a record. */
  keepValue(id: number, value: string | null): void {
    this.values.set(id, value);
  }

  /** Number of the text of a record's key; -1 = no key. */
  keyOf(id: number): number {
    return this.keys[id]!;
  }

  producerOf(id: number): Sym {
    return this.producers[id]! as Sym;
  }

  nthOf(id: number): number {
    return this.nths[id]!;
  }

  at(id: number): RecordRow | undefined {
    if (id < 0 || id >= this.length) return undefined;
    const key = this.keys[id]!;
    return {
      producer: this.producerOf(id),
      key: key === NO_KEY ? null : this.texts[key]!,
      nth: this.nths[id]!,
      value: this.values.get(id),
      timestampMs: this.timestamps[id]!,
      bytes: this.sizes[id]!,
    };
  }

  /** The rows from an id on. */
  rowsFrom(id: number): RecordRow[] {
    return Array.from({ length: this.length - id }, (_, i) => this.at(id + i)!);
  }

  private grow(): void {
    const size = this.keys.length * 2;
    this.producers = copied(this.producers, new Int32Array(size));
    this.keys = copied(this.keys, new Int32Array(size));
    this.nths = copied(this.nths, new Int32Array(size));
    this.timestamps = copied(this.timestamps, new Float64Array(size));
    this.sizes = copied(this.sizes, new Int32Array(size));
  }
}

function copied<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}
