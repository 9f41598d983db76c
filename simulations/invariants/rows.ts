// Rows of eight numbers, those of all lists one after the other in one memory, and each list the numbers of its own: a run has hundreds of
// lists that grow a little each, and what is written in a row costs the least.
import { copied } from '../kernel/arrays.ts';

/** Numbers of a row: eight, so that one line of the cache holds them. */
const WIDTH = 8;
/** Row numbers of a chunk, of which a list has some. */
const CHUNK = 64;
const CHUNK_SHIFT = 6;

/** The memory of all lists. */
export class RowPool {
  numbers = new Float64Array(4096 * WIDTH);
  /** Chunks of row numbers. */
  places = new Int32Array(64 * CHUNK);
  private rows = 0;
  private chunks = 0;

  /** @returns the number of a new row. */
  row(): number {
    const row = this.rows++;
    if (this.rows * WIDTH > this.numbers.length) this.numbers = copied(this.numbers, new Float64Array(2 * this.numbers.length));
    return row;
  }

  /** @returns where a new chunk begins. */
  chunk(): number {
    const at = this.chunks++ * CHUNK;
    if (at === this.places.length) this.places = copied(this.places, new Int32Array(2 * this.places.length));
    return at;
  }
}

/** One list. */
export class Rows {
  length = 0;
  /** Where the chunk of the next row begins. */
  private tail = 0;
  protected readonly pool: RowPool;
  private readonly chunks: number[] = [];

  constructor(pool: RowPool) {
    this.pool = pool;
  }

  /** Adds a row. @returns where its numbers go in the pool. */
  protected add(): number {
    const row = this.pool.row();
    this.addRow(row);
    return row * WIDTH;
  }

  /** Adds the i-th row of another list, as it is: what is written in it is then written in both. */
  protected share(other: Rows, i: number): void {
    this.addRow(other.row(i));
  }

  private addRow(row: number): void {
    const i = this.length++;
    const { pool } = this;
    if ((i & (CHUNK - 1)) === 0) {
      const number = i >>> CHUNK_SHIFT;
      if (number === this.chunks.length) this.chunks.push(pool.chunk());
      this.tail = this.chunks[number]!;
    }
    pool.places[this.tail + (i & (CHUNK - 1))] = row;
  }

  /** Where the numbers of the i-th row are in the pool. */
  protected at(i: number): number {
    return this.row(i) * WIDTH;
  }

  private row(i: number): number {
    return this.pool.places[this.chunks[i >>> CHUNK_SHIFT]! + (i & (CHUNK - 1))]!;
  }

  /** Lets go of the last rows. @param length of what stays. */
  protected shorten(length: number): void {
    this.length = length;
    if ((length & (CHUNK - 1)) !== 0) this.tail = this.chunks[length >>> CHUNK_SHIFT]!;
  }
}
