// The trace as it is written: typed columns of events with interned texts, hashed as they are emitted whether or not they are stored.
import { EVENT_NAMES, EVENT_SPECS, type EventName, type EventValues, type Sym } from '../contract/events.ts';
import { digestText, Hasher, putInt } from './hash.ts';
import { TextWords } from './textWords.ts';
import { RecordTable, type RecordRow } from './records.ts';
import { MAX_FIELDS, TraceColumns, type Columns } from './traceColumns.ts';

/** Numbers of the event types: the position in the catalogue. Stable within one build only; NDJSON and links use names. */
export const TYPE_OF = Object.fromEntries(EVENT_NAMES.map((name, i) => [name, i])) as Record<EventName, number>;

const FIELD_COUNT = EVENT_NAMES.map((n) => EVENT_SPECS[n].fields.length);
const FIELD_KIND = EVENT_NAMES.map((n) => Uint8Array.from(EVENT_SPECS[n].fields, (f) => (!f.hashed ? 0 : f.type === 'sym' ? 2 : 1)));
/** What stands for the name of a type in the hash. */
export const NAME_WORDS = EVENT_NAMES.map((n) => digestText(n, 0x27d4eb2f));

/** A piece of a trace, as it travels from worker to page; buffers are transferable. */
export interface TraceChunk extends Columns {
  readonly firstSeq: number;
  /** Texts interned since the last chunk; their numbers follow on. */
  readonly texts: readonly string[];
  /** Records named since the last chunk. */
  readonly records: readonly RecordRow[];
  /** Messages sent since the last chunk as they stand on the wire; null in a run that keeps none. */
  readonly frames: Frames | null;
}

/** The buffers of a chunk, to be handed over rather than copied. */
export function buffersOf(chunk: TraceChunk): ArrayBuffer[] {
  const columns = [chunk.timeUs, chunk.type, chunk.process, chunk.cause, chunk.start, chunk.values, chunk.wideAt, chunk.wide, ...(chunk.frames ? [chunk.frames.ends, chunk.frames.bytes] : [])];
  return columns.map((column) => column.buffer as ArrayBuffer);
}

/** Frames of consecutive messages of the run. */
export interface Frames {
  /** Number of the first, see the field `message` of net.sent. */
  readonly firstMessage: number;
  /** End of each frame in `bytes`; equal to the end before it where no bytes are kept. */
  readonly ends: Uint32Array;
  readonly bytes: Uint8Array;
}

/** Bytes of frames that a run keeps at most; later messages have none. */
export const MAX_FRAME_BYTES = 33_554_432;

/** Sees an event as it is emitted. `values` is only valid during the call. */
export type Watcher = (values: Float64Array, seq: number, timeUs: number, process: Sym) => void;

const NO_BYTES = new Uint8Array(0);
if (Math.max(...FIELD_COUNT) > MAX_FIELDS) throw new Error('an event has more fields than emitPlain has parameters');

export class TraceWriter {
  /** Number of events emitted. */
  count = 0;
  /** Virtual time of the event being handled, microseconds; the kernel sets it. */
  nowUs = 0;
  readonly texts: string[] = [];
  readonly records = new RecordTable(this.texts);
  payloadBytes = 0;
  /** @internal for the writers of `hotEvents.ts`, as `words`. */
  readonly hasher = new Hasher();
  /** @internal */
  readonly words = new TextWords();
  private readonly rows = Array.from({ length: 8 }, () => new Float64Array(MAX_FIELDS));
  private depth = 0;
  private readonly numbers = new Map<string, Sym>();
  private readonly watchers: (Watcher[] | undefined)[] = [];
  /** Where events are stored; null = nowhere. */
  private readonly columns: TraceColumns | null;
  private flushed = 0;
  private textsSent = 0;
  private recordsSent = 0;
  private readonly sink: ((chunk: TraceChunk) => void) | null;
  private frames: Uint8Array[] = [];
  private framesSent = 0;
  private frameBytes = 0;

  /** @param sink takes full chunks; null = hash and watchers only, nothing stored. */
  constructor(sink: ((chunk: TraceChunk) => void) | null) {
    this.sink = sink;
    this.columns = sink && new TraceColumns();
    this.sym('');
  }

  /** Number of a text; the same text always has the same number within a run. */
  sym(text: string): Sym {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.length as Sym;
    this.numbers.set(text, number);
    this.texts.push(text);
    this.words.add(text);
    return number;
  }

  text(sym: Sym): string {
    return this.texts[sym]!;
  }

  /** Sees every event of a type from now on, after it is hashed and stored. */
  watch(type: EventName, watcher: Watcher): void {
    (this.watchers[TYPE_OF[type]] ??= []).push(watcher);
  }

  /** Adds a record to the table and returns its id. */
  record(row: RecordRow): number {
    const id = this.name(row.producer, row.key === null ? -1 : this.sym(row.key), row.nth, row.timestampMs, row.bytes);
    if (row.value !== undefined) this.records.keepValue(id, row.value);
    return id;
  }

  /** Adds a record whose value is not kept. @param key number of the key's text; -1 = no key. @returns its id. */
  name(producer: Sym, key: number, nth: number, timestampMs: number, bytes: number): number {
    this.payloadBytes += bytes;
    return this.records.add(producer, key, nth, timestampMs, bytes);
  }

  /**
   * Emits one event at the present virtual time, its values in the order of the catalogue's fields.
   * @returns its sequence number.
   */
  readonly emit: <K extends EventName>(name: K, process: Sym, cause: number, ...values: EventValues<K>) => number = this.emitPlain as never;

  /** Parameters one by one instead of a list: nothing is allocated for an event. */
  private emitPlain(name: EventName, process: number, cause: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0): number {
    const type = TYPE_OF[name];
    const values = this.row(a, b, c, d, e, f, g, h, i, j, k, l);
    let to = this.hashHead(type, process, cause);
    const { buffer } = this.hasher;
    const words = this.words.pairs;
    const kinds = FIELD_KIND[type]!;
    for (let at = 0; at < kinds.length; at++) {
      const kind = kinds[at]!;
      if (kind === 1) to = putInt(buffer, to, values[at]!);
      else if (kind === 2) {
        const text = 2 * values[at]!;
        buffer[to++] = words[text]!;
        buffer[to++] = words[text + 1]!;
      }
    }
    this.hasher.pending = to;
    return this.tell(type, process, cause, values);
  }

  /** @internal Begins an event in the hash: everything but its fields. @returns where these go; the writer sets `hasher.pending` after them. */
  hashHead(type: number, process: number, cause: number): number {
    const { hasher } = this;
    hasher.reserve();
    const { buffer } = hasher;
    const words = this.words.pairs;
    buffer[hasher.pending] = NAME_WORDS[type]!;
    const to = putInt(buffer, hasher.pending + 1, this.nowUs);
    buffer[to] = this.count;
    buffer[to + 1] = words[2 * process]!;
    buffer[to + 2] = words[2 * process + 1]!;
    buffer[to + 3] = cause;
    return to + 4;
  }

  /** @internal Where an event is stored once it is hashed, if nothing but that is left to be done with it; else null. */
  stored(type: number): TraceColumns | null {
    return this.watchers[type] === undefined ? this.columns : null;
  }

  /** @internal Counts an event and enters it into the columns. @returns where the writer puts its values. */
  open(columns: TraceColumns, type: number, process: number, cause: number): number {
    if (columns.full) this.flush();
    this.count++;
    return columns.open(this.nowUs, type, process, cause, FIELD_COUNT[type]!);
  }

  /** @internal Whether somebody sees the events of a type. */
  watched(type: number): boolean {
    return this.watchers[type] !== undefined;
  }

  /** @internal As `tell` for one value after the other. */
  show(type: number, process: number, cause: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0): number {
    return this.tell(type, process, cause, this.row(a, b, c, d, e, f, g, h, i, j, k, l));
  }

  /** The values of the event at hand as a row. A watcher that emits itself gets the next one. */
  private row(a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0): Float64Array {
    const values = this.rows[this.depth]!;
    values[0] = a;
    values[1] = b;
    values[2] = c;
    values[3] = d;
    values[4] = e;
    values[5] = f;
    values[6] = g;
    values[7] = h;
    values[8] = i;
    values[9] = j;
    values[10] = k;
    values[11] = l;
    return values;
  }

  /** Counts an event, stores it and shows it to those who watch its type. @returns its sequence number. */
  private tell(type: number, process: number, cause: number, values: Float64Array): number {
    const seq = this.count;
    const { columns } = this;
    if (columns) {
      const at = this.open(columns, type, process, cause);
      const fields = FIELD_COUNT[type]!;
      for (let i = 0; i < fields; i++) columns.put(at + i, values[i]!);
    } else this.count++;
    const watchers = this.watchers[type];
    if (watchers) {
      this.depth++;
      for (let w = 0; w < watchers.length; w++) watchers[w]!(values, seq, this.nowUs, process as Sym);
      this.depth--;
    }
    return seq;
  }

  /** Keeps the frame of the next message of the run. @param make is called only while there is room; null = this message has no bytes. */
  frame(make: () => Uint8Array | null): void {
    const bytes = this.frameBytes < MAX_FRAME_BYTES ? make() : null;
    this.frames.push(bytes ?? NO_BYTES);
    this.frameBytes += bytes?.length ?? 0;
  }

  private takeFrames(): Frames | null {
    const { frames } = this;
    if (frames.length === 0) return null;
    const ends = new Uint32Array(frames.length);
    let size = 0;
    for (let i = 0; i < frames.length; i++) ends[i] = size += frames[i]!.length;
    const bytes = new Uint8Array(size);
    for (let i = 0; i < frames.length; i++) bytes.set(frames[i]!, i === 0 ? 0 : ends[i - 1]!);
    const firstMessage = this.framesSent;
    this.framesSent += frames.length;
    this.frames = [];
    return { firstMessage, ends, bytes };
  }

  /** Hands what is stored so far to the sink. */
  flush(): void {
    const { columns, sink } = this;
    if (!columns || !sink) return;
    if (columns.count === 0 && this.textsSent === this.texts.length && this.recordsSent === this.records.length && this.frames.length === 0) return;
    const chunk: TraceChunk = {
      firstSeq: this.flushed,
      ...columns.take(),
      texts: this.texts.slice(this.textsSent),
      records: this.records.rowsFrom(this.recordsSent),
      frames: this.takeFrames(),
    };
    this.flushed += chunk.count;
    this.textsSent = this.texts.length;
    this.recordsSent = this.records.length;
    sink(chunk);
  }

  /** The run's hash over everything emitted so far: 32 hex digits. */
  hash(): string {
    return this.hasher.hex();
  }
}
