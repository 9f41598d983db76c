// Checkers for requests, responses, recorded dialogues and the embedded consumer protocol: a frame decodes with no byte left, equals the
// given JSON where there is one, and encodes back to the same bytes.
import { Reader, Writer } from '../../simulations/kafka/protocol/bytes.ts';
import { ERROR } from '../../simulations/kafka/protocol/errors.ts';
import { API, apiByKey } from '../../simulations/kafka/protocol/layout.ts';
import { decodeEmbedded, decodeRequest, decodeResponse, encodeEmbedded, encodeRequest, encodeResponse, type Body, type DecodedRequest } from '../../simulations/kafka/protocol/codec.ts';
import { decodeBatches } from '../../simulations/kafka/protocol/records.ts';
import { compression } from '../compression.ts';
import { all, equal, fromHex, PASS, toHex, type Case, type Checker, type Outcome } from './outcome.ts';

const requestsKafkajs: Checker = (c) => {
  const read = request(c['frameHex'] as string);
  if ('kind' in read) return read;
  const { header } = read;
  // The vectors name the API as kafkajs does; the key decides.
  const outcome = all([{ apiKey: c['apiKey'], apiVersion: c['apiVersion'], correlationId: c['correlationId'], clientId: c['clientId'] }, { ...header, clientId: header.clientId ?? null }]);
  return outcome.kind === 'pass' ? sameJson(c['decodedByKafka'], read.body) : outcome;
};

const responsesKafka: Checker = (c) => {
  const read = response(c['apiKey'] as number, c['apiVersion'] as number, c['frameHex'] as string);
  if ('kind' in read) return read;
  const frame = c['frameHex'] as string;
  const outcome = all([c['correlationId'], read.correlationId], [c['bodyHex'], frame.slice(frame.length - (c['bodyHex'] as string).length)]);
  return outcome.kind === 'pass' ? sameJson(c['json'], read.body) : outcome;
};

const wire: Checker = (c) => {
  const asked = request(c['requestHex'] as string);
  if ('kind' in asked) return asked;
  const { header } = asked;
  const outcome = all([{ apiKey: c['apiKey'], apiVersion: c['apiVersion'], correlationId: c['correlationId'] }, { apiKey: header.apiKey, apiVersion: header.apiVersion, correlationId: header.correlationId }]);
  if (outcome.kind !== 'pass' || c['responseHex'] === undefined) return outcome;
  const answered = response(header.apiKey, header.apiVersion, c['responseHex'] as string);
  if ('kind' in answered) return answered;
  return all([header.correlationId, answered.correlationId]);
};

const consumerProtocol: Checker = (c) => {
  const name = c['kind'] === 'assignment' ? 'ConsumerProtocolAssignment' : 'ConsumerProtocolSubscription';
  const read = decodeEmbedded(name, fromHex(c['hex'] as string));
  if (!read.ok || read.left > 0) return { kind: 'fail', expected: 'no byte left', actual: read };
  const userData = read.body['userData'] as Uint8Array | null;
  const given = { version: c['version'], userDataHex: c['userDataHex'] };
  const head = { version: read.version, userDataHex: userData === null ? null : toHex(userData) };
  const again = toHex(encodeEmbedded(name, read.version, read.body, read.layoutVersion));
  if (c['kind'] !== 'assignment') return all([given, head], [c['topics'], read.body['topics']], [c['hex'], again]);
  const assigned = Object.fromEntries((read.body['assignedPartitions'] as { topic: string; partitions: number[] }[]).map((t) => [t.topic, t.partitions]));
  return all([given, head], [c['assignment'], assigned], [c['hex'], again]);
};

/** A whole request frame that is sound and encodes back, or what is wrong with it. */
function request(hex: string): DecodedRequest | Outcome {
  const frame = fromHex(hex);
  const size = new DataView(frame.buffer).getInt32(0);
  if (size !== frame.length - 4) return { kind: 'fail', expected: `size ${frame.length - 4}`, actual: `size ${size}` };
  const read = decodeRequest(frame.subarray(4), { absentFields: false });
  if (!read.ok || read.left > 0) return { kind: 'fail', expected: 'a request with no byte left', actual: read };
  const again = toHex(encodeRequest(read.header, read.body));
  if (again !== hex) return { kind: 'fail', expected: hex, actual: again };
  return batchesAreSound(read.body) ?? read;
}

function response(apiKey: number, version: number, hex: string): { correlationId: number; body: Body } | Outcome {
  const frame = fromHex(hex);
  const read = decodeResponse(apiKey, version, frame.subarray(4), { absentFields: false });
  if (apiKey === API['ApiVersions'] && version >= 3 && !(read.ok && read.left === 0)) return mockRefusal(frame);
  if (!read.ok || read.left > 0) return { kind: 'fail', expected: `a response of ${apiByKey(apiKey)?.name ?? apiKey} v${version} with no byte left`, actual: read };
  const again = toHex(encodeResponse(apiKey, read.apiVersion, read.correlationId, read.body));
  if (again !== hex) return { kind: 'fail', expected: hex, actual: again };
  return batchesAreSound(read.body) ?? read;
}

/**
 * The mock broker of librdkafka 2.0 refuses ApiVersions 3 in a form that is neither version 0 nor 3: the count is one byte and not one
 * too high, the entries and the end carry no tags. See conformance/KNOWN.md.
 */
function mockRefusal(frame: Uint8Array): { correlationId: number; body: Body } | Outcome {
  const reader = new Reader(frame, 4);
  const correlationId = reader.int32();
  const errorCode = reader.int16();
  const apiKeys = Array.from({ length: reader.uvarint() }, () => ({ apiKey: reader.int16(), minVersion: reader.int16(), maxVersion: reader.int16() }));
  const throttleTimeMs = reader.int32();
  if (reader.left > 0 || errorCode !== ERROR.UNSUPPORTED_VERSION) return { kind: 'fail', expected: 'a refusal of ApiVersions with no byte left', actual: { errorCode, left: reader.left } };
  const writer = new Writer();
  writer.int32(frame.length - 4);
  writer.int32(correlationId);
  writer.int16(errorCode);
  writer.uvarint(apiKeys.length);
  for (const entry of apiKeys) for (const value of [entry.apiKey, entry.minVersion, entry.maxVersion]) writer.int16(value);
  writer.int32(throttleTimeMs);
  const again = toHex(writer.done());
  return again === toHex(frame) ? { correlationId, body: { errorCode, apiKeys, throttleTimeMs } } : { kind: 'fail', expected: toHex(frame), actual: again };
}

/** Record bytes inside must be record batches too. */
function batchesAreSound(value: unknown, name = ''): Outcome | null {
  if (value instanceof Uint8Array) {
    if (name !== 'records') return null;
    const read = decodeBatches(value, compression);
    return read.ok ? null : { kind: 'fail', expected: 'record batches', actual: read };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const wrong = batchesAreSound(inner, Array.isArray(value) ? name : key);
    if (wrong) return wrong;
  }
  return null;
}

function sameJson(given: unknown, body: Body): Outcome {
  const actual = json(body, given);
  return equal(given, actual) ? PASS : { kind: 'fail', expected: given, actual };
}

/** A decoded body in Kafka's JSON form. Kafka's own converter writes the records of a request as `hex:` without their bytes; then so do we. */
function json(value: unknown, given: unknown): unknown {
  // Beyond 2^53 the vectors have the number as text.
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return given === 'hex:' ? given : `hex:${toHex(value)}`;
  if (Array.isArray(value)) return value.map((item, i) => json(item, (given as unknown[] | null)?.[i]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, json(inner, (given as Case | null | undefined)?.[key])]));
}

export const KAFKA_WIRE: Readonly<Record<string, Checker>> = {
  'requests-kafkajs': requestsKafkajs,
  'responses-kafka': responsesKafka,
  'wire-kafkajs': wire,
  'wire-kcat': wire,
  'consumer-protocol': consumerProtocol,
};
