// The trace as its readers hold it: grown chunk by chunk, read by sequence number.
import { copied } from './arrays.ts';
import { EVENT_NAMES, EVENT_SPECS, type EventName, type TraceEvent } from '../contract/events.ts';
import type { RecordRow } from './records.ts';
import type { Frames, TraceChunk } from './trace.ts';
import { WIDE } from './traceColumns.ts';

/** A trace as its readers hold it: grows by chunks, answers by sequence number. */
export class TraceStore {
  count = 0;
  readonly texts: string[] = [];
  readonly records: RecordRow[] = [];
  private timeUs = new Float64Array(1024);
  private type = new Uint8Array(1024);
  private process = new Int32Array(1024);
  private cause = new Int32Array(1024);
  private start = new Float64Array(1024);
  private values = new Int32Array(8192);
  private valueCount = 0;
  /** Places in `values` of those that are kept apart, ascending, and their values. */
  private wideAt = new Float64Array(64);
  private wide = new Float64Array(64);
  private wideCount = 0;
  /** In order of their messages. */
  private readonly frames: Frames[] = [];

  append(chunk: TraceChunk): void {
    const n = this.count + chunk.count;
    if (n > this.timeUs.length) {
      const size = Math.max(n, this.timeUs.length * 2);
      this.timeUs = copied(this.timeUs, new Float64Array(size));
      this.type = copied(this.type, new Uint8Array(size));
      this.process = copied(this.process, new Int32Array(size));
      this.cause = copied(this.cause, new Int32Array(size));
      this.start = copied(this.start, new Float64Array(size));
    }
    const v = this.valueCount + chunk.values.length;
    if (v > this.values.length) this.values = copied(this.values, new Int32Array(Math.max(v, this.values.length * 2)));
    this.timeUs.set(chunk.timeUs, this.count);
    this.type.set(chunk.type, this.count);
    this.process.set(chunk.process, this.count);
    this.cause.set(chunk.cause, this.count);
    for (let i = 0; i < chunk.count; i++) this.start[this.count + i] = this.valueCount + chunk.start[i]!;
    this.values.set(chunk.values, this.valueCount);
    this.appendWide(chunk);
    for (const text of chunk.texts) this.texts.push(text);
    for (const row of chunk.records) this.records.push(row);
    if (chunk.frames) this.frames.push(chunk.frames);
    this.count = n;
    this.valueCount = v;
  }

  private appendWide({ wideAt, wide }: TraceChunk): void {
    const w = this.wideCount + wide.length;
    if (w > this.wide.length) {
      const size = Math.max(w, this.wide.length * 2);
      this.wideAt = copied(this.wideAt, new Float64Array(size));
      this.wide = copied(this.wide, new Float64Array(size));
    }
    for (let i = 0; i < wide.length; i++) this.wideAt[this.wideCount + i] = this.valueCount + wideAt[i]!;
    this.wide.set(wide, this.wideCount);
    this.wideCount = w;
  }

  /** A value that is kept apart. @param place its place in `values`. */
  private wideValue(place: number): number {
    let low = 0;
    let high = this.wideCount - 1;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.wideAt[mid]! < place) low = mid + 1;
      else high = mid;
    }
    return this.wide[low]!;
  }

  /** Virtual time of an event, microseconds. */
  timeAt(seq: number): number {
    return this.timeUs[seq]!;
  }

  typeAt(seq: number): EventName {
    return EVENT_NAMES[this.type[seq]!]!;
  }

  /** Number of the type, see `TYPE_OF`: for hot folds. */
  typeNumberAt(seq: number): number {
    return this.type[seq]!;
  }

  processAt(seq: number): string {
    return this.texts[this.process[seq]!]!;
  }

  causeAt(seq: number): number {
    return this.cause[seq]!;
  }

  /** The i-th field as stored: a number, 0 or 1 for a bool, the text's number for a sym. */
  value(seq: number, i: number): number {
    const place = this.start[seq]! + i;
    const value = this.values[place]!;
    return value === WIDE ? this.wideValue(place) : value;
  }

  /** Number of events at or before a virtual time: the fold position of that time. */
  positionAt(timeUs: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.timeUs[mid]! <= timeUs) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** One event as an object with named fields. */
  event(seq: number): TraceEvent {
    const type = this.type[seq]!;
    const name = EVENT_NAMES[type]!;
    const out: Record<string, unknown> = { seq, timeUs: this.timeUs[seq]!, type: name, process: this.texts[this.process[seq]!]!, cause: this.cause[seq]! };
    const fields = EVENT_SPECS[name].fields;
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i]!;
      const value = this.value(seq, i);
      out[field.name] = field.type === 'sym' ? this.texts[value]! : field.type === 'bool' ? value === 1 : value;
    }
    return out as unknown as TraceEvent;
  }

  /** A message as it stood on the wire, its size in front; null where no bytes are kept: another run, a message of the controller's log, or past `MAX_FRAME_BYTES`. */
  frame(message: number): Uint8Array | null {
    let low = 0;
    let high = this.frames.length - 1;
    while (low < high) {
      const mid = (low + high + 1) >>> 1;
      if (this.frames[mid]!.firstMessage <= message) low = mid;
      else high = mid - 1;
    }
    const frames = this.frames[low];
    const at = frames ? message - frames.firstMessage : -1;
    if (!frames || at < 0 || at >= frames.ends.length) return null;
    const from = at === 0 ? 0 : frames.ends[at - 1]!;
    const to = frames.ends[at]!;
    return to > from ? frames.bytes.subarray(from, to) : null;
  }

  /** A record's key as text, '' for none. */
  keyOf(record: number): string {
    return this.records[record]?.key ?? '';
  }
}

/** One event as a line of NDJSON, without the newline. */
export function toNdjson(event: TraceEvent): string {
  return JSON.stringify(event);
}
