// Checkers for hashes, integers, error codes and record batches.
import { crc32c } from '../../simulations/kafka/protocol/crc32c.ts';
import { ERRORS, errorOf } from '../../simulations/kafka/protocol/errors.ts';
import { decodeMarker } from '../../simulations/kafka/protocol/markers.ts';
import { murmur2, partitionForKey, toPositive } from '../../simulations/kafka/protocol/murmur2.ts';
import { Writer } from '../../simulations/kafka/protocol/bytes.ts';
import { CODEC_MASK, CODECS, CONTROL, decodeBatches, encodeBatch, encodeBlock, encodeRecords, HEADER_BYTES, LOG_APPEND_TIME, sequenceAfter, TRANSACTIONAL, type BatchHeader, type Int64, type WireBatch, type WireRecord } from '../../simulations/kafka/protocol/records.ts';
import { readUnsignedVarint, readVarint, readVarlong, narrow } from '../../simulations/kafka/protocol/varint.ts';
import { compression } from '../compression.ts';
import { all, equal, fromHex, toHex, type Case, type Checker, type Outcome } from './outcome.ts';

const murmur2Partition: Checker = (c) => {
  const key = fromHex(c['keyHex'] as string);
  const counts = c['partitionByCount'] as Record<string, number>;
  const hash = murmur2(key);
  return all([c['murmur2'], hash], [c['positive'], toPositive(hash)], [counts, Object.fromEntries(Object.keys(counts).map((n) => [n, partitionForKey(key, Number(n))]))]);
};

const crc: Checker = (c) => {
  const value = crc32c(fromHex(c['inputHex'] as string));
  return all([c['crc32c'], value], [c['crc32cHex'], value.toString(16).padStart(8, '0')]);
};

const varint: Checker = (c) => {
  const bytes = fromHex(c['hex'] as string);
  const cursor = { bytes, at: 0 };
  const value = c['value'] as string;
  const writer = new Writer();
  let read: Int64;
  if (c['kind'] === 'varint') {
    read = readVarint(cursor);
    writer.varint(Number(value));
  } else if (c['kind'] === 'varlong') {
    read = readVarlong(cursor);
    writer.varlong(narrow(BigInt(value)));
  } else {
    read = readUnsignedVarint(cursor);
    writer.uvarint(Number(value));
  }
  return all([value, String(read)], [bytes.length, cursor.at], [c['hex'], toHex(writer.done())], [c['size'] ?? bytes.length, writer.length]);
};

const errors: Checker = (c) => {
  const code = c['code'] as number;
  const error = errorOf(code);
  const actual = {
    known: ERRORS.some((e) => e.code === code), name: error.name, exception: error.exception, javaRetriable: error.retriable, javaRefreshesMetadata: error.refreshesMetadata,
    kafkajsType: error.kafkajsType === 'UNKNOWN_SERVER_ERROR' ? 'UNKNOWN' : error.kafkajsType, kafkajsRetriable: error.kafkajsRetriable,
  };
  const { id: _id, code: _code, ...given } = c;
  return all([{ known: true, ...given }, actual]);
};

interface GivenRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: string;
  readonly keyHex: string | null;
  readonly valueHex: string | null;
  readonly headers: readonly { readonly key: string; readonly valueHex: string | null }[];
}

/** Encodes from the inputs and decodes the result; of gzip only what was compressed is compared, because the bytes depend on the zlib build. */
const batchKafkajs: Checker = (c) => {
  const h = c['header'] as Record<string, string | number | boolean>;
  const attributes = CODECS.indexOf(c['compression'] as 'none') | (h['transactional'] ? TRANSACTIONAL : 0);
  const header: BatchHeader = {
    baseOffset: long(h['baseOffset']), partitionLeaderEpoch: Number(h['partitionLeaderEpoch']), attributes, lastOffsetDelta: Number(h['lastOffsetDelta']), baseTimestamp: long(h['baseTimestamp']),
    maxTimestamp: long(h['maxTimestamp']), producerId: long(h['producerId']), producerEpoch: Number(h['producerEpoch']), baseSequence: Number(h['baseSequence']),
  };
  const records = (c['records'] as GivenRecord[]).map(
    (r): WireRecord => ({ attributes: 0, timestampDelta: long(r.timestampDelta), offsetDelta: r.offsetDelta, key: maybe(r.keyHex), value: maybe(r.valueHex), headers: r.headers.map((x) => ({ key: x.key, value: maybe(x.valueHex) })) }),
  );
  const given = fromHex(c['batchHex'] as string);
  const plain = c['compression'] === 'none';
  const outcome = all([c['attributes'], attributes], plain ? [c['batchHex'], toHex(encodeBatch(header, records, null))] : [c['recordsUncompressedHex'], toHex(encodeRecords(records))], [c['batchLength'], given.length - 12]);
  return outcome.kind === 'pass' ? readBack(given, c['decodedByKafka'] as Case) : outcome;
};

const batchKafka: Checker = (c) => {
  const outcome = readBack(fromHex(c['batchHex'] as string), c['decoded'] as Case);
  return outcome.kind === 'pass' ? all([c['attributes'], new DataView(fromHex(c['batchHex'] as string).buffer).getInt16(21)]) : outcome;
};

/** Decodes to what Kafka's reader says, and encodes back to the same bytes (around the same block where it is compressed). */
function readBack(given: Uint8Array, expected: Case): Outcome {
  const read = decodeBatches(given, compression);
  if (!read.ok || read.batches.length !== 1 || read.left > 0) return { kind: 'fail', expected: 'one batch', actual: read };
  const batch = read.batches[0]!;
  if (batch.records === null) return { kind: 'fail', expected: 'records', actual: 'no codec' };
  const described = describe(batch, batch.records);
  if (!equal(expected, described)) return { kind: 'fail', expected, actual: described };
  const block = given.subarray(HEADER_BYTES);
  const bytes = (batch.header.attributes & CODEC_MASK) === 0 ? encodeBatch(batch.header, batch.records, null) : encodeBlock(batch.header, batch.count, block);
  if (toHex(bytes) !== toHex(given)) return { kind: 'fail', expected: toHex(given), actual: toHex(bytes) };
  const unpacked = batch.count === 0 ? block : compression.decompress(CODECS[batch.header.attributes & CODEC_MASK]!, block)!;
  return all([toHex(unpacked), toHex(encodeRecords(batch.records))]);
}

/** A batch in the words of the vectors. */
function describe(batch: WireBatch, records: readonly WireRecord[]): Case {
  const { header } = batch;
  const append = (header.attributes & LOG_APPEND_TIME) !== 0;
  const control = (header.attributes & CONTROL) !== 0;
  const base = BigInt(header.baseOffset);
  return {
    baseOffset: String(base), lastOffset: String(base + BigInt(header.lastOffsetDelta)), partitionLeaderEpoch: header.partitionLeaderEpoch, magic: 2, sizeInBytes: batch.bytes.length, crc32c: batch.crc, valid: true,
    compression: CODECS[header.attributes & CODEC_MASK], timestampType: append ? 'LogAppendTime' : 'CreateTime', maxTimestamp: String(header.maxTimestamp), producerId: String(header.producerId),
    producerEpoch: header.producerEpoch, baseSequence: header.baseSequence, lastSequence: sequenceAfter(header.baseSequence, header.lastOffsetDelta), transactional: (header.attributes & TRANSACTIONAL) !== 0, control,
    countOrNull: batch.count,
    records: records.map((r) => ({
      offset: String(base + BigInt(r.offsetDelta)), timestamp: String(append ? header.maxTimestamp : BigInt(header.baseTimestamp) + BigInt(r.timestampDelta)), sequence: sequenceAfter(header.baseSequence, r.offsetDelta),
      keyHex: r.key && toHex(r.key), valueHex: r.value && toHex(r.value), headers: r.headers.map((x) => ({ key: x.key, valueHex: x.value && toHex(x.value) })), ...(control ? marker(r) : {}),
    })),
  };
}

function marker(record: WireRecord): Case {
  const read = decodeMarker(record.key, record.value);
  return read ? { controlType: read.type, coordinatorEpoch: read.coordinatorEpoch } : {};
}

function long(text: unknown): Int64 {
  return narrow(BigInt(text as string));
}

function maybe(hex: string | null): Uint8Array | null {
  return hex === null ? null : fromHex(hex);
}

export const KAFKA_BYTES: Readonly<Record<string, Checker>> = {
  'murmur2-partition': murmur2Partition,
  crc32c: crc,
  varint,
  errors,
  'record-batch-kafkajs': batchKafkajs,
  'record-batch-kafka': batchKafka,
};
