// What a run's trace is written into: columns of the events since the last chunk. Nearly all values are whole numbers of 32 bits and are
// kept as such, in half the room of doubles; the few others (times past 35 minutes, timestamps) stand beside them.

/** Stands in a column of values where the value is kept apart: it is no whole number of 32 bits, or it is this very number. */
export const WIDE = -2_147_483_648;

/** Events of a chunk at most. */
const CHUNK_EVENTS = 16384;
/** Fields of an event at most. */
export const MAX_FIELDS = 12;

/** The columns of a chunk, see `TraceChunk`. */
export interface Columns {
  readonly count: number;
  readonly timeUs: Float64Array;
  readonly type: Uint8Array;
  readonly process: Int32Array;
  readonly cause: Int32Array;
  /** Start of each event's values, counted from the start of this chunk's `values`. */
  readonly start: Uint32Array;
  /** The values, `WIDE` where they are kept apart. */
  readonly values: Int32Array;
  /** Places in `values` of those that are kept apart, ascending. */
  readonly wideAt: Uint32Array;
  readonly wide: Float64Array;
}

export class TraceColumns {
  /** A writer puts names, truth values and other whole numbers of 32 bits here itself, from the place on that `open` gave; other numbers by `put`. */
  readonly values = new Int32Array(CHUNK_EVENTS * MAX_FIELDS);
  /** Number of events since the last chunk. */
  count = 0;
  private readonly timeUs = new Float64Array(CHUNK_EVENTS);
  private readonly type = new Uint8Array(CHUNK_EVENTS);
  private readonly process = new Int32Array(CHUNK_EVENTS);
  private readonly cause = new Int32Array(CHUNK_EVENTS);
  private readonly start = new Uint32Array(CHUNK_EVENTS);
  private valueCount = 0;
  private wideAt: number[] = [];
  private wide: number[] = [];

  /** Whether a chunk has to be taken before the next event. */
  get full(): boolean {
    return this.count === CHUNK_EVENTS;
  }

  /** Enters an event. @returns where its values go. */
  open(timeUs: number, type: number, process: number, cause: number, fields: number): number {
    const n = this.count++;
    const at = this.valueCount;
    this.timeUs[n] = timeUs;
    this.type[n] = type;
    this.process[n] = process;
    this.cause[n] = cause;
    this.start[n] = at;
    this.valueCount = at + fields;
    return at;
  }

  /** Puts any number at a place of `values`. Places are filled in ascending order. */
  put(at: number, value: number): void {
    const low = value | 0;
    if (low === value && low !== WIDE) this.values[at] = low;
    else this.putApart(at, value);
  }

  /** The columns since the last chunk, copied: the next chunk begins. */
  take(): Columns {
    const { count } = this;
    const columns = {
      count,
      timeUs: this.timeUs.slice(0, count),
      type: this.type.slice(0, count),
      process: this.process.slice(0, count),
      cause: this.cause.slice(0, count),
      start: this.start.slice(0, count),
      values: this.values.slice(0, this.valueCount),
      wideAt: Uint32Array.from(this.wideAt),
      wide: Float64Array.from(this.wide),
    };
    this.count = 0;
    this.valueCount = 0;
    this.wideAt = [];
    this.wide = [];
    return columns;
  }

  private putApart(at: number, value: number): void {
    this.values[at] = WIDE;
    this.wideAt.push(at);
    this.wide.push(value);
  }
}
