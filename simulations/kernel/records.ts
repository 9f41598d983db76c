// The record table: one entry per record a producer sent, named by (producer, key, n-th send), with its payload kept once.
import type { Sym } from '../contract/events.ts';
import { copied } from './arrays.ts';

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

/** Rows of a full block. */
const BLOCK = 65_536;
const BLOCK_SHIFT = 16;

/** The columns of some rows. */
class Block {
  readonly producers: Int32Array;
  /** Numbers of the keys' texts; -1 = no key. */
  readonly keys: Int32Array;
  readonly nths: Int32Array;
  readonly timestamps: Float64Array;
  readonly sizes: Int32Array;

  constructor(rows: number) {
    this.producers = new Int32Array(rows);
    this.keys = new Int32Array(rows);
    this.nths = new Int32Array(rows);
    this.timestamps = new Float64Array(rows);
    this.sizes = new Int32Array(rows);
  }

  /** @returns one for twice as many rows, which begins as this one is. */
  doubled(): Block {
    const to = new Block(2 * this.keys.length);
    copied(this.producers, to.producers);
    copied(this.keys, to.keys);
    copied(this.nths, to.nths);
    copied(this.timestamps, to.timestamps);
    copied(this.sizes, to.sizes);
    return to;
  }
}

/** The record table of a run: columns, because a run may name millions of records and look at few of them again; in blocks, because a column of millions is not moved to grow. */
export class RecordTable implements Records {
  length = 0;
  /** All but the last are full; the first is small as long as it is alone. */
  private readonly blocks: Block[] = [new Block(1024)];
  private last = this.blocks[0]!;
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
    const at = id & (BLOCK - 1);
    if (at === 0 ? id > 0 : at === this.last.keys.length) this.grow();
    const { last } = this;
    last.producers[at] = producer;
    last.keys[at] = key;
    last.nths[at] = nth;
    last.timestamps[at] = timestampMs;
    last.sizes[at] = bytes;
    return id;
  }

  /** Keeps the value of a record. */
  keepValue(id: number, value: string | null): void {
    this.values.set(id, value);
  }

  /** Number of the text of a record's key; -1 = no key. */
  keyOf(id: number): number {
    return this.blocks[id >>> BLOCK_SHIFT]!.keys[id & (BLOCK - 1)]!;
  }

  producerOf(id: number): Sym {
    return this.blocks[id >>> BLOCK_SHIFT]!.producers[id & (BLOCK - 1)]! as Sym;
  }

  nthOf(id: number): number {
    return this.blocks[id >>> BLOCK_SHIFT]!.nths[id & (BLOCK - 1)]!;
  }

  at(id: number): RecordRow | undefined {
    if (id < 0 || id >= this.length) return undefined;
    const block = this.blocks[id >>> BLOCK_SHIFT]!;
    const at = id & (BLOCK - 1);
    const key = block.keys[at]!;
    return {
      producer: block.producers[at]! as Sym,
      key: key === NO_KEY ? null : this.texts[key]!,
      nth: block.nths[at]!,
      value: this.values.get(id),
      timestampMs: block.timestamps[at]!,
      bytes: block.sizes[at]!,
    };
  }

  /** The rows from an id on. */
  rowsFrom(id: number): RecordRow[] {
    return Array.from({ length: this.length - id }, (_, i) => this.at(id + i)!);
  }

  private grow(): void {
    if (this.last.keys.length < BLOCK) this.blocks[0] = this.last = this.last.doubled();
    else this.blocks.push((this.last = new Block(BLOCK)));
  }
}
