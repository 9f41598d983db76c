// A frame field by field: for each value the bytes it stands on, its name and type as the layout table has them, and what it says. For
// people who want to see the wire; brokers and clients read frames with codec.ts.
import { Reader } from './bytes.ts';
import { apiByKey, EMBEDDED_LAYOUTS, type ApiLayout, type Field, type Shape } from './layout.ts';
import { responseHeaderFlexible } from './codec.ts';
import { errorName } from './errors.ts';
import { CODECS, CODEC_MASK, HEADER_BYTES } from './records.ts';
import { isUtf8, readUtf8 } from './utf8.ts';
import { Malformed, readVarint, readVarlong } from './varint.ts';

export interface FieldNote {
  readonly name: string;
  /** Type as Kafka's message definitions write it: `int32`, `[]string`, `records`; '' for a structure. */
  readonly type: string;
  /** First byte, counted from the start of the frame with its size, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** What stands there, as text; '' for what has parts. */
  readonly value: string;
  /** Name of the error for an error code that is not 0; '' for all else. */
  readonly error: string;
  readonly parts: readonly FieldNote[];
}

export interface FrameNotes {
  readonly notes: readonly FieldNote[];
  /** Where reading stopped and why, for a frame that is not sound; '' otherwise. */
  readonly problem: string;
}

/** What is known of a frame from elsewhere. */
export interface FrameKind {
  readonly api: number;
  readonly apiVersion: number;
  readonly response: boolean;
}

/** @param frame whole, with its size in front. Never throws on bad bytes: what could be read stands in the notes. */
export function annotate(frame: Uint8Array, kind: FrameKind): FrameNotes {
  const notes: FieldNote[] = [];
  const walk = new Walk(frame);
  const api = apiByKey(kind.api);
  try {
    notes.push(walk.number('size', 'int32'));
    if (kind.response) {
      notes.push(walk.group('header', () => [walk.number('correlationId', 'int32'), ...(api && responseHeaderFlexible(api, kind.apiVersion) ? walk.tags([]) : [])]));
    } else {
      notes.push(
        walk.group('header', () => [
          walk.number('requestApiKey', 'int16'),
          walk.number('requestApiVersion', 'int16'),
          walk.number('correlationId', 'int32'),
          // The client id keeps its old form in the flexible header too.
          walk.text('clientId', false),
          ...(api && kind.apiVersion >= api.flexibleFrom ? walk.tags([]) : []),
        ]),
      );
    }
    if (!api || kind.apiVersion < api.versions.from || kind.apiVersion > api.versions.to) return { notes, problem: `no layout of API ${kind.api} version ${kind.apiVersion}` };
    walk.api = api;
    walk.response = kind.response;
    for (const note of walk.shape(kind.response ? api.response(kind.apiVersion) : api.request(kind.apiVersion))) notes.push(note);
    return { notes, problem: walk.reader.left > 0 ? `${walk.reader.left} bytes after the last field` : '' };
  } catch (error) {
    if (error instanceof Malformed) return { notes, problem: `at byte ${walk.reader.at}: ${error.message}` };
    throw error;
  }
}

class Walk {
  readonly reader: Reader;
  api: ApiLayout | null = null;
  response = false;

  constructor(bytes: Uint8Array, at = 0) {
    this.reader = new Reader(bytes, at);
  }

  group(name: string, read: () => FieldNote[]): FieldNote {
    const from = this.reader.at;
    const parts = read();
    return { name, type: '', from, to: this.reader.at, value: '', error: '', parts };
  }

  private note(name: string, type: string, from: number, value: string, parts: readonly FieldNote[] = [], error = ''): FieldNote {
    return { name, type, from, to: this.reader.at, value, error, parts };
  }

  number(name: string, type: 'int8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'float64'): FieldNote {
    const from = this.reader.at;
    const value = this.reader[type]();
    const isError = type === 'int16' && /errorCode$/i.test(name);
    return this.note(name, type, from, String(value), [], isError && value !== 0 ? errorName(Number(value)) : '');
  }

  text(name: string, flexible: boolean): FieldNote {
    const from = this.reader.at;
    const length = flexible ? this.reader.uvarint() - 1 : this.reader.int16();
    const value = length < 0 ? 'null' : JSON.stringify(this.reader.text(length));
    return this.note(name, 'string', from, value);
  }

  shape(shape: Shape): FieldNote[] {
    const out = shape.fields.map((field) => this.field(field, shape.flexible));
    return shape.flexible ? [...out, ...this.tags(shape.tagged)] : out;
  }

  /** Tagged fields: their count, then each that is there. */
  tags(tagged: readonly Field[]): FieldNote[] {
    const from = this.reader.at;
    const count = this.reader.uvarint();
    const parts: FieldNote[] = [];
    for (let i = 0; i < count; i++) {
      const at = this.reader.at;
      const tag = this.reader.uvarint();
      const size = this.reader.uvarint();
      const field = tagged.find((f) => f.tag === tag);
      if (field) parts.push({ ...this.field(field, true), from: at });
      else {
        this.reader.slice(size);
        parts.push(this.note(`tag ${tag}`, 'bytes', at, `${size} bytes`));
      }
    }
    return [this.note('taggedFields', 'uvarint', from, String(count), parts)];
  }

  private field(field: Field, flexible: boolean): FieldNote {
    const from = this.reader.at;
    if (field.array) {
      const count = flexible ? this.reader.uvarint() - 1 : this.reader.int32();
      if (count > this.reader.left) throw new Malformed(`${field.name}: ${count} elements in ${this.reader.left} bytes`);
      const parts: FieldNote[] = [];
      for (let i = 0; i < count; i++) parts.push(this.value(String(i), field, flexible));
      return this.note(field.name, `[]${field.kind === 'struct' ? '' : field.kind}`, from, count < 0 ? 'null' : String(count), parts);
    }
    if (field.kind === 'struct' && field.nullable && this.reader.int8() < 0) return this.note(field.name, '', from, 'null');
    return { ...this.value(field.name, field, flexible), from };
  }

  private value(name: string, field: Field, flexible: boolean): FieldNote {
    const from = this.reader.at;
    switch (field.kind) {
      case 'struct':
        return this.group(name, () => this.shape(field.shape!));
      case 'string':
        return this.text(name, flexible);
      case 'bytes':
      case 'records': {
        const length = flexible ? this.reader.uvarint() - 1 : this.reader.int32();
        if (length < 0) return this.note(name, field.kind, from, 'null');
        const end = this.reader.at + length;
        if (length > this.reader.left) throw new Malformed(`${length} bytes wanted, ${this.reader.left} left`);
        const parts = field.kind === 'records' ? this.batches(end) : this.embedded(name, end);
        this.reader.at = end;
        return this.note(name, field.kind, from, `${length} bytes`, parts);
      }
      case 'bool': {
        const value = this.reader.int8() !== 0;
        return this.note(name, 'bool', from, String(value));
      }
      case 'uuid': {
        const value = this.reader.uuid();
        return this.note(name, 'uuid', from, value);
      }
      default:
        return this.number(name, field.kind);
    }
  }

  /** What a consumer writes into the bytes of JoinGroup and SyncGroup. Anything else stays bytes. */
  private embedded(name: string, end: number): FieldNote[] {
    const layoutName =
      this.api?.name === 'JoinGroup' && name === 'metadata' ? 'ConsumerProtocolSubscription' : this.api?.name === 'SyncGroup' && name === 'assignment' ? 'ConsumerProtocolAssignment' : null;
    const layout = EMBEDDED_LAYOUTS.find((l) => l.name === layoutName);
    if (!layout || end - this.reader.at < 2) return [];
    const inner = new Walk(this.reader.bytes.subarray(0, end), this.reader.at);
    try {
      const version = inner.number('version', 'int16');
      const known = Math.min(Number(version.value), layout.versions.to);
      return known < layout.versions.from ? [] : [version, ...inner.shape(layout.value(known))];
    } catch (error) {
      if (error instanceof Malformed) return [];
      throw error;
    }
  }

  /** Record batches of magic 2, each with its header and, where they are not compressed, its records. */
  private batches(end: number): FieldNote[] {
    const out: FieldNote[] = [];
    while (end - this.reader.at >= HEADER_BYTES) {
      const at = this.reader.at;
      const size = new Reader(this.reader.bytes, at + 8).int32() + 12;
      if (size < HEADER_BYTES || at + size > end || this.reader.bytes[at + 16] !== 2) break;
      out.push(this.group(`batch ${out.length}`, () => this.batch(at + size)));
      this.reader.at = at + size;
    }
    return out;
  }

  private batch(end: number): FieldNote[] {
    const parts = [this.number('baseOffset', 'int64'), this.number('batchLength', 'int32'), this.number('partitionLeaderEpoch', 'int32'), this.number('magic', 'int8'), this.number('crc', 'uint32')];
    const attributes = this.number('attributes', 'int16');
    const bits = Number(attributes.value);
    const codec = CODECS[bits & CODEC_MASK] ?? `codec ${bits & CODEC_MASK}`;
    const says = [codec, bits & 8 ? 'LogAppendTime' : 'CreateTime', ...(bits & 16 ? ['transactional'] : []), ...(bits & 32 ? ['control'] : [])].join(', ');
    parts.push({ ...attributes, value: `${attributes.value} (${says})` });
    parts.push(this.number('lastOffsetDelta', 'int32'), this.number('baseTimestamp', 'int64'), this.number('maxTimestamp', 'int64'), this.number('producerId', 'int64'));
    parts.push(this.number('producerEpoch', 'int16'), this.number('baseSequence', 'int32'));
    const count = this.number('recordCount', 'int32');
    parts.push(count);
    const from = this.reader.at;
    if (codec !== 'none') {
      this.reader.at = end;
      parts.push(this.note('records', codec, from, `${end - from} bytes`));
    } else for (let i = 0; i < Number(count.value) && this.reader.at < end; i++) parts.push(this.group(`record ${i}`, () => this.record()));
    return parts;
  }

  private record(): FieldNote[] {
    const { reader } = this;
    const varint = (name: string, type: 'varint' | 'varlong' = 'varint') => {
      const from = reader.at;
      const value = String(type === 'varint' ? readVarint(reader) : readVarlong(reader));
      return this.note(name, type, from, value);
    };
    const parts = [varint('length'), this.number('attributes', 'int8'), varint('timestampDelta', 'varlong'), varint('offsetDelta'), this.blob('key'), this.blob('value')];
    const at = reader.at;
    const count = readVarint(reader);
    const headers: FieldNote[] = [];
    for (let i = 0; i < count; i++) headers.push(this.group(String(i), () => [this.blob('key'), this.blob('value')]));
    return [...parts, this.note('headers', 'varint', at, String(count), headers)];
  }

  private blob(name: string): FieldNote {
    const from = this.reader.at;
    const length = readVarint(this.reader);
    if (length < 0) return this.note(name, 'bytes', from, 'null');
    const bytes = this.reader.slice(length);
    return this.note(name, 'bytes', from, isUtf8(bytes) ? JSON.stringify(readUtf8(bytes, 0, length)) : `${length} bytes`);
  }
}
