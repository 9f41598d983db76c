// Rows of eight numbers in one memory for all lists of them: a run has hundreds of lists, each of which grows, and a row is found with two looks.

/** Numbers of a row: eight, so that one line of the cache holds them. */
export const WIDTH = 8;
/** Rows of a chunk. */
const CHUNK = 64;
const CHUNK_SHIFT = 6;

/** The memory of all lists. */
export class RowPool {
  numbers = new Float64Array(64 * CHUNK * WIDTH);
  private used = 0;

  /** @returns where a new chunk begins. */
  chunk(): number {
    const at = this.used;
    this.used += CHUNK * WIDTH;
    if (this.used > this.numbers.length) {
      const grown = new Float64Array(2 * this.numbers.length);
      grown.set(this.numbers);
      this.numbers = grown;
    }
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
    const i = this.length++;
    if ((i & (CHUNK - 1)) === 0) {
      const number = i >>> CHUNK_SHIFT;
      if (number === this.chunks.length) this.chunks.push(this.pool.chunk());
      this.tail = this.chunks[number]!;
    }
    return this.tail + (i & (CHUNK - 1)) * WIDTH;
  }

  /** Where the numbers of the i-th row are in the pool. */
  protected at(i: number): number {
    return this.chunks[i >>> CHUNK_SHIFT]! + (i & (CHUNK - 1)) * WIDTH;
  }

  /** Lets go of the last rows. @param length of what stays. */
  protected shorten(length: number): void {
    this.length = length;
    if ((length & (CHUNK - 1)) !== 0) this.tail = this.chunks[length >>> CHUNK_SHIFT]!;
  }
}
