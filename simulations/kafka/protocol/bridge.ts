// Between bytes on a socket and messages in the engine: Produce and Fetch carry record batches as values in the engine and as bytes
// outside; everything else is the codec's plain object with the differences between versions smoothed over.
import type { Message } from '../../kernel/network.ts';
import type { RecordRow, Records } from '../../kernel/records.ts';
import { KEY } from './apiKeys.ts';
import type { RecordBatch } from './batch.ts';
import { findCoordinatorRequestToWire, findCoordinatorResponseToWire, findCoordinatorToEngine, offsetFetchRequestToWire, offsetFetchResponseToWire, offsetFetchToEngine } from './groupBridge.ts';
import { decodeRequest, encodeRequest, encodeResponse, type Body, type DecodedRequest, type Undecodable } from './codec.ts';
import { ERROR } from './errors.ts';
import { encodeMarker, type Marker } from './markers.ts';
import { CODEC_MASK, CONTROL, decodeBatches, DELETE_HORIZON, encodeBatch, restamp, type Compression, type WireBatch, type WireRecord } from './records.ts';
import { toUtf8, utf8Length } from './utf8.ts';

/** Gives the records of a batch that came as bytes their place in the record table. */
export interface RecordBook {
  /** @returns id of the first record, the rest follow on, and the batch's digest (unsigned 32-bit). */
  name(topic: string, partition: number, batch: WireBatch): { firstRecord: number; digest: number };
}

export type EngineRequest = { readonly ok: true; readonly message: Message; readonly decoded: DecodedRequest } | Undecodable;

/**
 * A request frame as a message for the engine.
 * @param frame header and body, without the size in front.
 */
export function requestToEngine(frame: Uint8Array, book: RecordBook, compression: Compression | null): EngineRequest {
  const decoded = decodeRequest(frame);
  if (!decoded.ok) return decoded;
  const { header } = decoded;
  const refused = notInEngine(header.apiKey, header.apiVersion);
  if (refused) return { ok: false, problem: 'unsupportedVersion', detail: refused, header };
  const range = { first: -1, count: 0 };
  let body: unknown = decoded.body;
  if (header.apiKey === KEY.Produce) body = produceToEngine(decoded.body, book, compression, range);
  else if (header.apiKey === KEY.Metadata) body = metadataToEngine(decoded.body, header.apiVersion);
  else if (header.apiKey === KEY.OffsetFetch) body = offsetFetchToEngine(decoded.body, header.apiVersion);
  else if (header.apiKey === KEY.FindCoordinator) body = findCoordinatorToEngine(decoded.body, header.apiVersion);
  const message: Message = {
    response: false,
    api: header.apiKey,
    apiVersion: header.apiVersion,
    correlationId: header.correlationId,
    clientId: header.clientId ?? '',
    body,
    bytes: frame.length + 4,
    firstRecord: range.first,
    records: range.count,
  };
  return { ok: true, message, decoded };
}

/** Forms of a request that the engine's values cannot express. */
function notInEngine(apiKey: number, version: number): string | null {
  if (apiKey === KEY.Produce && version < 3) return 'Produce before version 3 carries record formats that Kafka 4 no longer keeps (KIP-896)';
  if (apiKey === KEY.Fetch && version < 4) return 'Fetch before version 4 asks for record formats that Kafka 4 no longer keeps (KIP-896)';
  return null;
}

interface WireTopic {
  readonly name: string;
  readonly partitionData: readonly { readonly index: number; readonly records: Uint8Array | null }[];
}

function produceToEngine(body: Body, book: RecordBook, compression: Compression | null, range: { first: number; count: number }): unknown {
  const topicData = (body['topicData'] as WireTopic[]).map((topic) => ({
    name: topic.name,
    partitionData: topic.partitionData.map((p) => {
      if (p.records === null || p.records.length === 0) return { index: p.index, records: null };
      const read = decodeBatches(p.records, compression);
      if (!read.ok) return { index: p.index, records: null, recordsError: read.problem === 'oldMagic' || read.problem === 'records' ? ERROR.INVALID_RECORD : ERROR.CORRUPT_MESSAGE };
      if (read.batches.some((b) => b.header.baseOffset !== 0)) return { index: p.index, records: null, recordsError: ERROR.INVALID_RECORD };
      return {
        index: p.index,
        records: read.batches.map((wire) => {
          const { firstRecord, digest } = book.name(topic.name, p.index, wire);
          extend(range, firstRecord, wire.count);
          return batchToEngine(wire, firstRecord, digest);
        }),
      };
    }),
  }));
  return { ...body, topicData };
}

/** The range of records that a message carries, as far as they follow on from each other. */
function extend(range: { first: number; count: number }, first: number, count: number): void {
  if (first < 0 || count <= 0) return;
  if (range.count === 0) range.first = first;
  else if (range.first + range.count !== first) return;
  range.count += count;
}

function batchToEngine(wire: WireBatch, firstRecord: number, digest: number): RecordBatch {
  const { header } = wire;
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: header.lastOffsetDelta,
    attributes: header.attributes,
    baseTimestampMs: Number(header.baseTimestamp),
    maxTimestampMs: Number(header.maxTimestamp),
    producerId: Number(header.producerId),
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    count: wire.count,
    bytes: wire.bytes.length,
    firstRecord,
    digest,
    encoded: new Uint8Array(wire.bytes),
    internal: null,
    kept: null,
  };
}

/** Version 0 asks for all topics by an empty list, later ones by null. */
function metadataToEngine(body: Body, version: number): Body {
  const topics = body['topics'] as unknown[] | null;
  return version === 0 && topics !== null && topics.length === 0 ? { ...body, topics: null } : body;
}

/** A response of the engine as a whole frame, with its size in front. @param compression reads batches that compaction has cut; without it those in a codec cannot be given out. */
export function responseToWire(message: Message, rows: Records, compression: Compression | null = null): Uint8Array {
  return encodeResponse(message.api, message.apiVersion, message.correlationId, bodyToWire(message, rows, compression));
}

/** A request of the engine as a whole frame: what a native client would have sent. */
export function requestToWire(message: Message, rows: Records): Uint8Array {
  const header = { apiKey: message.api, apiVersion: message.apiVersion, correlationId: message.correlationId, clientId: message.clientId };
  return encodeRequest(header, bodyToWire(message, rows));
}

/** A broker's answer to a version of ApiVersions that it does not know: in version 0, telling the range it does know (KIP-511). */
export function apiVersionsRefusal(correlationId: number, minVersion: number, maxVersion: number): Uint8Array {
  return encodeResponse(KEY.ApiVersions, 0, correlationId, { errorCode: ERROR.UNSUPPORTED_VERSION, apiKeys: [{ apiKey: KEY.ApiVersions, minVersion, maxVersion }] });
}

interface EnginePartition {
  readonly records: readonly RecordBatch[] | null;
}

function bodyToWire(message: Message, rows: Records, compression: Compression | null = null): Body {
  const body = message.body as Body;
  const records = (p: EnginePartition) => ({ ...p, records: p.records && batchesToWire(p.records, rows, compression) });
  if ((message.api === KEY.Fetch || message.api === KEY.ShareFetch) && message.response) {
    const responses = body['responses'] as { partitions: EnginePartition[] }[];
    return { ...body, responses: responses.map((t) => ({ ...t, partitions: t.partitions.map(records) })) };
  }
  if (message.api === KEY.Produce && !message.response) {
    const topicData = body['topicData'] as { partitionData: EnginePartition[] }[];
    return { ...body, topicData: topicData.map((t) => ({ ...t, partitionData: t.partitionData.map(records) })) };
  }
  if (message.api === KEY.OffsetFetch) return message.response ? offsetFetchResponseToWire(body, message.apiVersion) : offsetFetchRequestToWire(body, message.apiVersion);
  if (message.api === KEY.FindCoordinator) return message.response ? findCoordinatorResponseToWire(body, message.apiVersion) : findCoordinatorRequestToWire(body, message.apiVersion);
  return body;
}

export function batchesToWire(batches: readonly RecordBatch[], rows: Records, compression: Compression | null = null): Uint8Array {
  const pieces = batches.map((batch) => batchToWire(batch, rows, compression));
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** The client's own bytes where it sent some, with offset and epoch as the log has them; else bytes made from the record table. */
function batchToWire(batch: RecordBatch, rows: Records, compression: Compression | null): Uint8Array {
  const untouched = batch.kept === null && (batch.attributes & DELETE_HORIZON) === 0;
  if (batch.encoded && untouched) {
    const bytes = new Uint8Array(batch.encoded);
    restamp(bytes, batch.baseOffset, batch.leaderEpoch);
    return bytes;
  }
  const header = {
    baseOffset: batch.baseOffset,
    partitionLeaderEpoch: batch.leaderEpoch,
    attributes: batch.attributes & ~CODEC_MASK,
    lastOffsetDelta: batch.lastOffsetDelta,
    baseTimestamp: batch.baseTimestampMs,
    maxTimestamp: batch.maxTimestampMs,
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
  };
  return encodeBatch(header, recordsOf(batch, rows, compression), null);
}

/** What compaction has left is written without compression, whatever the client had sent it in. */
function recordsOf(batch: RecordBatch, rows: Records, compression: Compression | null): WireRecord[] {
  if ((batch.attributes & CONTROL) !== 0)
    return batch.count > 0 ? [{ attributes: 0, timestampDelta: Number(batch.maxTimestampMs) - batch.baseTimestampMs, offsetDelta: 0, ...encodeMarker(batch.internal as Marker), headers: [] }] : [];
  if (batch.encoded) {
    const read = decodeBatches(batch.encoded, compression);
    const wire = read.ok ? read.batches[0] : undefined;
    const base = Number(wire?.header.baseTimestamp ?? 0);
    return (wire?.records ?? [])
      .filter((r) => batch.kept === null || batch.kept.includes(r.offsetDelta))
      .map((r) => ({ ...r, timestampDelta: base + Number(r.timestampDelta) - batch.baseTimestampMs }));
  }
  if (batch.firstRecord < 0) return [];
  return (batch.kept ?? Array.from({ length: batch.count }, (_, i) => i)).map((delta) => recordToWire(rows.at(batch.firstRecord + delta)!, delta, batch.baseTimestampMs));
}

function recordToWire(row: RecordRow, offsetDelta: number, baseTimestampMs: number): WireRecord {
  const key = row.key === null ? null : toUtf8(row.key);
  // A value that the record table did not keep still has its size.
  const value = row.value === undefined ? new Uint8Array(Math.max(0, row.bytes - (row.key === null ? 0 : utf8Length(row.key)))) : row.value === null ? null : toUtf8(row.value);
  return { attributes: 0, timestampDelta: row.timestampMs - baseTimestampMs, offsetDelta, key, value, headers: [] };
}
