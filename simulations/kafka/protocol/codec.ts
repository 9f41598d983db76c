// Requests and responses to bytes and back, by interpreting the layout table: every API and version in it, flexible ones too.
import { Reader, Writer } from './bytes.ts';
import { apiByKey, defaultOf, EMBEDDED_LAYOUTS, type ApiLayout, type Field, type Shape } from './layout.ts';
import { Malformed } from './varint.ts';
import { utf8Length } from './utf8.ts';

/** A decoded message body: plain objects with Kafka's field names in lowerCamelCase. 64-bit integers are numbers where that is exact, else bigints. */
export type Body = Record<string, unknown>;

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
}
export interface DecodedRequest {
  readonly ok: true;
  readonly api: string;
  readonly header: RequestHeader;
  readonly body: Body;
  /** Bytes after the body; 0 in a sound frame. */
  readonly left: number;
}
export interface DecodedResponse {
  readonly ok: true;
  readonly correlationId: number;
  /** The version it was read in: that asked for, except 0 for a refused ApiVersions. */
  readonly apiVersion: number;
  readonly body: Body;
  readonly left: number;
}
export interface Undecodable {
  readonly ok: false;
  /** A broker closes the connection on each of these, except that it answers an unknown version of ApiVersions in version 0. */
  readonly problem: 'unknownApi' | 'unsupportedVersion' | 'malformed';
  readonly detail: string;
  /** What could be read of the header; null when not even that. */
  readonly header: RequestHeader | null;
}

/** Other forms of decoding. `absentFields: false` leaves out fields that the version lacks instead of giving their default. */
export interface DecodeOptions {
  readonly absentFields?: boolean;
}

const API_VERSIONS = 18;
const UNSUPPORTED_VERSION = 35;

/** Flexible APIs have tagged fields in the header; ApiVersions answers with header 0 always, so that any client can read it (KIP-482, KIP-511). */
export function responseHeaderFlexible(api: ApiLayout, version: number): boolean {
  return api.key !== API_VERSIONS && version >= api.flexibleFrom;
}

/** @param frame header and body, without the size in front. Never throws. */
export function decodeRequest(frame: Uint8Array, options: DecodeOptions = {}): DecodedRequest | Undecodable {
  let header: RequestHeader | null = null;
  try {
    const reader = new Reader(frame);
    const apiKey = reader.int16();
    const apiVersion = reader.int16();
    const correlationId = reader.int32();
    header = { apiKey, apiVersion, correlationId, clientId: null };
    const api = apiByKey(apiKey);
    if (!api) return { ok: false, problem: 'unknownApi', detail: `API key ${apiKey}`, header };
    // The client id keeps its old form in the flexible header too.
    const length = reader.int16();
    header = { apiKey, apiVersion, correlationId, clientId: length < 0 ? null : reader.text(length) };
    if (apiVersion < api.versions.from || apiVersion > api.versions.to) {
      return { ok: false, problem: 'unsupportedVersion', detail: `${api.name} version ${apiVersion}; known are ${api.versions.from} to ${api.versions.to}`, header };
    }
    if (apiVersion >= api.flexibleFrom) readTags(reader, [], {});
    const body = readShape(reader, api.request(apiVersion), options.absentFields !== false);
    return { ok: true, api: api.name, header, body, left: reader.left };
  } catch (error) {
    return undecodable(error, header);
  }
}

/** @returns a whole frame, with its size in front. The API and version must be in the table. */
export function encodeRequest(header: RequestHeader, body: Body): Uint8Array {
  const api = known(header.apiKey, header.apiVersion);
  const writer = new Writer();
  writer.int32(0);
  writer.int16(header.apiKey);
  writer.int16(header.apiVersion);
  writer.int32(header.correlationId);
  if (header.clientId === null) writer.int16(-1);
  else {
    writer.int16(utf8Length(header.clientId));
    writer.text(header.clientId);
  }
  if (header.apiVersion >= api.flexibleFrom) writer.uvarint(0);
  writeShape(writer, api.request(header.apiVersion), body);
  writer.patchInt32(0, writer.length - 4);
  return writer.done();
}

/** @param frame header and body, without the size in front. Never throws. */
export function decodeResponse(apiKey: number, version: number, frame: Uint8Array, options: DecodeOptions = {}): DecodedResponse | Undecodable {
  // A broker that does not know the asked version of ApiVersions answers in version 0 (KIP-511).
  const refused = apiKey === API_VERSIONS && version > 0 && frame.length >= 6 && new Reader(frame, 4).int16() === UNSUPPORTED_VERSION;
  return decodeResponseAt(apiKey, refused ? 0 : version, frame, options);
}

function decodeResponseAt(apiKey: number, version: number, frame: Uint8Array, options: DecodeOptions): DecodedResponse | Undecodable {
  const api = apiByKey(apiKey);
  if (!api) return { ok: false, problem: 'unknownApi', detail: `API key ${apiKey}`, header: null };
  if (version < api.versions.from || version > api.versions.to) {
    return { ok: false, problem: 'unsupportedVersion', detail: `${api.name} version ${version}; known are ${api.versions.from} to ${api.versions.to}`, header: null };
  }
  try {
    const reader = new Reader(frame);
    const correlationId = reader.int32();
    if (responseHeaderFlexible(api, version)) readTags(reader, [], {});
    const body = readShape(reader, api.response(version), options.absentFields !== false);
    return { ok: true, correlationId, apiVersion: version, body, left: reader.left };
  } catch (error) {
    return undecodable(error, null);
  }
}

/** @returns a whole frame, with its size in front. */
export function encodeResponse(apiKey: number, version: number, correlationId: number, body: Body): Uint8Array {
  const api = known(apiKey, version);
  const writer = new Writer();
  writer.int32(0);
  writer.int32(correlationId);
  if (responseHeaderFlexible(api, version)) writer.uvarint(0);
  writeShape(writer, api.response(version), body);
  writer.patchInt32(0, writer.length - 4);
  return writer.done();
}

export interface DecodedEmbedded {
  readonly ok: true;
  readonly version: number;
  /** The version whose fields are there: kafkajs writes version 1 of a subscription with the fields of version 0. */
  readonly layoutVersion: number;
  readonly body: Body;
  readonly left: number;
}

/**
 * Reads an embedded message such as `ConsumerProtocolSubscription`: its version, then its fields. Of a newer version the fields of the
 * newest known are read, as Kafka's ConsumerProtocol does; where the bytes end early, the fields of the version that fits them.
 */
export function decodeEmbedded(name: string, bytes: Uint8Array): DecodedEmbedded | Undecodable {
  const layout = EMBEDDED_LAYOUTS.find((l) => l.name === name);
  if (!layout) return { ok: false, problem: 'unknownApi', detail: name, header: null };
  let first: DecodedEmbedded | Undecodable | null = null;
  for (let at = layout.versions.to; at >= layout.versions.from; at--) {
    try {
      const reader = new Reader(bytes);
      const version = reader.int16();
      if (version < layout.versions.from) return { ok: false, problem: 'unsupportedVersion', detail: `${name} version ${version}`, header: null };
      if (at > version) continue;
      const body = readShape(reader, layout.value(at), true);
      const read: DecodedEmbedded = { ok: true, version, layoutVersion: at, body, left: reader.left };
      if (reader.left === 0) return read;
      first ??= read;
    } catch (error) {
      first ??= undecodable(error, null);
    }
  }
  return first!;
}

/** @param layoutVersion which version's fields are written, where that is not `version`. */
export function encodeEmbedded(name: string, version: number, body: Body, layoutVersion = version): Uint8Array {
  const layout = EMBEDDED_LAYOUTS.find((l) => l.name === name);
  if (!layout || layoutVersion < layout.versions.from || layoutVersion > layout.versions.to) throw new Error(`no layout of ${name} version ${layoutVersion}`);
  const writer = new Writer();
  writer.int16(version);
  writeShape(writer, layout.value(layoutVersion), body);
  return writer.done();
}

function known(apiKey: number, version: number): ApiLayout {
  const api = apiByKey(apiKey);
  if (!api || version < api.versions.from || version > api.versions.to) throw new Error(`no layout of API ${apiKey} version ${version}`);
  return api;
}

function undecodable(error: unknown, header: RequestHeader | null): Undecodable {
  if (error instanceof Malformed) return { ok: false, problem: 'malformed', detail: error.message, header };
  throw error;
}

function readShape(reader: Reader, shape: Shape, absent: boolean): Body {
  const out: Body = {};
  for (const field of shape.fields) out[field.name] = readField(reader, field, shape.flexible, absent);
  for (const field of shape.tagged) if (absent) out[field.name] = defaultOf(field);
  if (absent) for (const field of shape.absent) out[field.name] = defaultOf(field);
  if (shape.flexible) readTags(reader, shape.tagged, out, absent);
  return out;
}

interface UnknownTag {
  readonly tag: number;
  readonly data: Uint8Array;
}

/** Tagged fields; those we do not know are kept as bytes in `unknownTaggedFields`, so that encoding gives them back. */
function readTags(reader: Reader, tagged: readonly Field[], out: Body, absent = true): void {
  const count = reader.uvarint();
  let last = -1;
  for (let i = 0; i < count; i++) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    if (tag <= last) throw new Malformed(`tag ${tag} after ${last}`);
    last = tag;
    const end = reader.at + size;
    if (size > reader.left) throw new Malformed(`tagged field of ${size} bytes, ${reader.left} left`);
    const field = tagged.find((f) => f.tag === tag);
    if (field) {
      out[field.name] = readField(reader, field, true, absent);
      if (reader.at !== end) throw new Malformed(`tagged field ${field.name} does not fill its size`);
    } else ((out['unknownTaggedFields'] ??= []) as UnknownTag[]).push({ tag, data: reader.slice(size) });
  }
}

function readField(reader: Reader, field: Field, flexible: boolean, absent: boolean): unknown {
  if (field.array) {
    const count = flexible ? reader.uvarint() - 1 : reader.int32();
    if (count < 0) return nothing(field);
    if (count > reader.left) throw new Malformed(`${field.name}: ${count} elements in ${reader.left} bytes`);
    const list: unknown[] = [];
    for (let i = 0; i < count; i++) list.push(readValue(reader, field, flexible, absent));
    return list;
  }
  switch (field.kind) {
    case 'struct':
      // A structure that may be null has a byte in front; a tagged one that may not has none.
      if (field.nullable && reader.int8() < 0) return null;
      return readShape(reader, field.shape!, absent);
    default:
      return readValue(reader, field, flexible, absent);
  }
}

function readValue(reader: Reader, field: Field, flexible: boolean, absent: boolean): unknown {
  switch (field.kind) {
    case 'struct':
      return readShape(reader, field.shape!, absent);
    case 'string': {
      const length = flexible ? reader.uvarint() - 1 : reader.int16();
      return length < 0 ? nothing(field) : reader.text(length);
    }
    case 'bytes':
    case 'records': {
      const length = flexible ? reader.uvarint() - 1 : reader.int32();
      return length < 0 ? nothing(field) : reader.slice(length);
    }
    case 'bool':
      return reader.int8() !== 0;
    case 'uuid':
      return reader.uuid();
    case 'int8':
      return reader.int8();
    case 'int16':
      return reader.int16();
    case 'uint16':
      return reader.uint16();
    case 'int32':
      return reader.int32();
    case 'int64':
      return reader.int64();
    case 'float64':
      return reader.float64();
  }
}

function nothing(field: Field): null {
  if (field.nullable) return null;
  throw new Malformed(`${field.name} must not be null`);
}

/** Fields that are missing are written as their default; fields that the version lacks are not written. */
function writeShape(writer: Writer, shape: Shape, body: Body): void {
  for (const field of shape.fields) {
    const value = body[field.name];
    writeField(writer, field, value === undefined ? defaultOf(field) : value, shape.flexible);
  }
  if (shape.flexible) writeTags(writer, shape.tagged, body);
}

function writeTags(writer: Writer, tagged: readonly Field[], body: Body): void {
  const items: UnknownTag[] = [...((body['unknownTaggedFields'] as UnknownTag[] | undefined) ?? [])];
  for (const field of tagged) {
    const value = body[field.name];
    if (value === undefined || same(value, defaultOf(field))) continue;
    const inner = new Writer(32);
    writeField(inner, field, value, true);
    items.push({ tag: field.tag, data: inner.done() });
  }
  items.sort((a, b) => a.tag - b.tag);
  writer.uvarint(items.length);
  for (const item of items) {
    writer.uvarint(item.tag);
    writer.uvarint(item.data.length);
    writer.raw(item.data);
  }
}

function writeField(writer: Writer, field: Field, value: unknown, flexible: boolean): void {
  if (field.array) {
    const list = value as readonly unknown[] | null;
    if (list === null) mayBeNull(field);
    const count = list === null ? -1 : list.length;
    if (flexible) writer.uvarint(count + 1);
    else writer.int32(count);
    if (list !== null) for (const item of list) writeValue(writer, field, item, flexible);
    return;
  }
  if (field.kind === 'struct' && field.nullable) {
    writer.int8(value === null ? -1 : 1);
    if (value === null) return;
  }
  writeValue(writer, field, value, flexible);
}

function writeValue(writer: Writer, field: Field, value: unknown, flexible: boolean): void {
  switch (field.kind) {
    case 'struct':
      writeShape(writer, field.shape!, value as Body);
      return;
    case 'string': {
      if (value === null) mayBeNull(field);
      const length = value === null ? -1 : utf8Length(value as string);
      if (flexible) writer.uvarint(length + 1);
      else writer.int16(length);
      if (value !== null) writer.text(value as string, length);
      return;
    }
    case 'bytes':
    case 'records': {
      if (value === null) mayBeNull(field);
      const length = value === null ? -1 : (value as Uint8Array).length;
      if (flexible) writer.uvarint(length + 1);
      else writer.int32(length);
      if (value !== null) writer.raw(value as Uint8Array);
      return;
    }
    case 'bool':
      writer.int8(value ? 1 : 0);
      return;
    case 'uuid':
      writer.uuid(value as string);
      return;
    case 'int8':
      writer.int8(value as number);
      return;
    case 'int16':
    case 'uint16':
      writer.int16(value as number);
      return;
    case 'int32':
      writer.int32(value as number);
      return;
    case 'int64':
      writer.int64(value as number | bigint);
      return;
    case 'float64':
      writer.float64(value as number);
      return;
  }
}

function mayBeNull(field: Field): void {
  if (!field.nullable) throw new Error(`${field.name} must not be null`);
}

/** Deep equality of decoded values, to leave out tagged fields that hold their default. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || a instanceof Uint8Array) {
    const x = a as ArrayLike<unknown>;
    const y = b as ArrayLike<unknown>;
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (!same(x[i], y[i])) return false;
    return true;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => same((a as Body)[k], (b as Body)[k]));
}
