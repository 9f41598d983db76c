// Record batches of magic 2 (KIP-98) to bytes and back: a header of 61 bytes, then records with variable-length integers.
//
//   0 baseOffset i64 · 8 batchLength i32 · 12 partitionLeaderEpoch i32 · 16 magic i8 · 17 crc u32 (over all from 21 on) · 21 attributes i16
//   23 lastOffsetDelta i32 · 27 baseTimestamp i64 · 35 maxTimestamp i64 · 43 producerId i64 · 51 producerEpoch i16 · 53 baseSequence i32
//   57 count i32 · 61 records, compressed as one block where attributes name a codec
import { Reader, Writer } from './bytes.ts';
import { crc32c } from './crc32c.ts';
import { Malformed, readVarint, readVarlong } from './varint.ts';
import { readUtf8, toUtf8 } from './utf8.ts';

/** A 64-bit integer: a number where that is exact, else a bigint. */
export type Int64 = number | bigint;

export interface BatchHeader {
  readonly baseOffset: Int64;
  readonly partitionLeaderEpoch: number;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  /** Milliseconds since the epoch; -1 = none. */
  readonly baseTimestamp: Int64;
  readonly maxTimestamp: Int64;
  readonly producerId: Int64;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

export interface WireRecord {
  readonly attributes: number;
  readonly timestampDelta: Int64;
  readonly offsetDelta: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

export interface WireBatch {
  readonly header: BatchHeader;
  /** As the header says, whether or not the records could be read. */
  readonly count: number;
  readonly crc: number;
  /** Null where the records are compressed by a codec that is not at hand: the batch is then passed on as it is. */
  readonly records: readonly WireRecord[] | null;
  /** The whole batch, a view on what was decoded. */
  readonly bytes: Uint8Array;
}

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** Attribute bits (DefaultRecordBatch). */
export const CODEC_MASK = 0x07;
export const LOG_APPEND_TIME = 0x08;
export const TRANSACTIONAL = 0x10;
export const CONTROL = 0x20;
/** The base timestamp is the time until which tombstones and markers in the batch stay (KIP-534). */
export const DELETE_HORIZON = 0x40;

/** Codecs are handed in, because none is part of the engine. Both answer null for a codec they lack and throw for bad data. */
export interface Compression {
  compress(codec: Codec, bytes: Uint8Array): Uint8Array | null;
  decompress(codec: Codec, bytes: Uint8Array): Uint8Array | null;
}

export const HEADER_BYTES = 61;
const CRC_FROM = 21;

export type DecodedBatches =
  | { readonly ok: true; readonly batches: readonly WireBatch[]; /** Bytes of an incomplete batch at the end, which a fetch may cut off. */ readonly left: number }
  | { readonly ok: false; readonly problem: 'oldMagic' | 'noBatch' | 'crc' | 'records'; readonly detail: string };

/** Smallest size of a batch of any format, without offset and size (Kafka LegacyRecord.RECORD_OVERHEAD_V0). */
const SMALLEST = 14;

/**
 * Reads all batches, as Kafka's ByteBufferLogInputStream does: what is too short for the batch that it begins is left. Never throws on bad bytes.
 * A problem is `oldMagic` for a format before 2, `noBatch` for what no batch begins with, `crc` for a wrong checksum, `records` for records that cannot be read.
 */
export function decodeBatches(bytes: Uint8Array, compression: Compression | null): DecodedBatches {
  const batches: WireBatch[] = [];
  let at = 0;
  while (bytes.length - at >= 12) {
    const length = new Reader(bytes, at + 8).int32();
    if (length < SMALLEST) return { ok: false, problem: 'noBatch', detail: `batch length ${length}` };
    if (bytes.length - at < 17) break;
    const magic = bytes[at + 16]!;
    if (magic > 2) return { ok: false, problem: 'noBatch', detail: `magic ${magic}` };
    const size = length + 12;
    if (size > bytes.length - at) break;
    if (magic < 2) return { ok: false, problem: 'oldMagic', detail: `magic ${magic}; this broker keeps magic 2 only` };
    if (size < HEADER_BYTES) return { ok: false, problem: 'noBatch', detail: `batch length ${length}` };
    const read = decodeBatch(bytes.subarray(at, at + size), compression);
    if (!read.ok) return read;
    batches.push(read.batch);
    at += size;
  }
  return { ok: true, batches, left: bytes.length - at };
}

function decodeBatch(bytes: Uint8Array, compression: Compression | null): { ok: true; batch: WireBatch } | Extract<DecodedBatches, { ok: false }> {
  const reader = new Reader(bytes);
  const baseOffset = reader.int64();
  reader.int32();
  const partitionLeaderEpoch = reader.int32();
  reader.int8();
  const crc = reader.uint32();
  const actual = crc32c(bytes, CRC_FROM);
  if (crc !== actual) return { ok: false, problem: 'crc', detail: `checksum ${crc} in the batch, ${actual} of its bytes` };
  const attributes = reader.int16();
  const lastOffsetDelta = reader.int32();
  const baseTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const producerId = reader.int64();
  const producerEpoch = reader.int16();
  const baseSequence = reader.int32();
  const count = reader.int32();
  const header: BatchHeader = { baseOffset, partitionLeaderEpoch, attributes, lastOffsetDelta, baseTimestamp, maxTimestamp, producerId, producerEpoch, baseSequence };
  const codec = CODECS[attributes & CODEC_MASK];
  if (codec === undefined || count < 0) return { ok: false, problem: 'records', detail: codec === undefined ? `codec ${attributes & CODEC_MASK}` : `count ${count}` };
  try {
    const block = bytes.subarray(HEADER_BYTES);
    const plain = codec === 'none' || count === 0 ? block : (compression?.decompress(codec, block) ?? null);
    const records = plain === null ? null : decodeRecords(plain, count);
    return { ok: true, batch: { header, count, crc, records, bytes } };
  } catch (error) {
    return { ok: false, problem: 'records', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads `count` records from uncompressed bytes and throws `Malformed` when they are fewer or more. */
export function decodeRecords(bytes: Uint8Array, count: number): WireRecord[] {
  const reader = new Reader(bytes);
  const records: WireRecord[] = [];
  for (let i = 0; i < count; i++) {
    const size = readVarint(reader);
    const end = reader.at + size;
    if (size < 0 || end > bytes.length) throw new Malformed(`record of ${size} bytes, ${reader.left} left`);
    const attributes = reader.int8();
    const timestampDelta = readVarlong(reader);
    const offsetDelta = readVarint(reader);
    const key = readBytes(reader);
    const value = readBytes(reader);
    const headerCount = readVarint(reader);
    if (headerCount < 0 || headerCount > reader.left) throw new Malformed(`${headerCount} record headers`);
    const headers: { key: string; value: Uint8Array | null }[] = [];
    for (let h = 0; h < headerCount; h++) {
      const name = readBytes(reader);
      if (name === null) throw new Malformed('record header without a key');
      headers.push({ key: readUtf8(name, 0, name.length), value: readBytes(reader) });
    }
    if (reader.at !== end) throw new Malformed(`record of ${size} bytes ends at ${reader.at}, not at ${end}`);
    records.push({ attributes, timestampDelta, offsetDelta, key, value, headers });
  }
  if (reader.left > 0) throw new Malformed(`${reader.left} bytes after the last record`);
  return records;
}

function readBytes(reader: Reader): Uint8Array | null {
  const length = readVarint(reader);
  return length < 0 ? null : reader.slice(length);
}

/** Records as uncompressed bytes. */
export function encodeRecords(records: readonly WireRecord[]): Uint8Array {
  const writer = new Writer(records.length * 64);
  const body = new Writer(256);
  for (const record of records) {
    body.length = 0;
    body.int8(record.attributes);
    body.varlong(record.timestampDelta);
    body.varint(record.offsetDelta);
    writeBytes(body, record.key);
    writeBytes(body, record.value);
    body.varint(record.headers.length);
    for (const header of record.headers) {
      writeBytes(body, toUtf8(header.key));
      writeBytes(body, header.value);
    }
    writer.varint(body.length);
    writer.raw(body.view());
  }
  return writer.done();
}

function writeBytes(writer: Writer, bytes: Uint8Array | null): void {
  writer.varint(bytes === null ? -1 : bytes.length);
  if (bytes !== null) writer.raw(bytes);
}

/** One batch as bytes with its length and checksum. @param compression must have the codec that the attributes name. */
export function encodeBatch(header: BatchHeader, records: readonly WireRecord[], compression: Compression | null): Uint8Array {
  const codec = CODECS[header.attributes & CODEC_MASK]!;
  const plain = encodeRecords(records);
  // An empty batch, as compaction leaves it, carries no block at all.
  const block = codec === 'none' || records.length === 0 ? plain : compression?.compress(codec, plain);
  if (!block) throw new Error(`no ${codec} at hand`);
  return encodeBlock(header, records.length, block);
}

/** One batch around a block of records that is already compressed as the attributes say. */
export function encodeBlock(header: BatchHeader, count: number, block: Uint8Array): Uint8Array {
  const writer = new Writer(HEADER_BYTES + block.length);
  writer.int64(header.baseOffset);
  writer.int32(HEADER_BYTES - 12 + block.length);
  writer.int32(header.partitionLeaderEpoch);
  writer.int8(2);
  writer.int32(0);
  writer.int16(header.attributes);
  writer.int32(header.lastOffsetDelta);
  writer.int64(header.baseTimestamp);
  writer.int64(header.maxTimestamp);
  writer.int64(header.producerId);
  writer.int16(header.producerEpoch);
  writer.int32(header.baseSequence);
  writer.int32(count);
  writer.raw(block);
  const bytes = writer.done();
  new DataView(bytes.buffer).setUint32(17, crc32c(bytes, CRC_FROM));
  return bytes;
}

/** Writes offset and leader epoch into a batch in place, as a leader does on append; the checksum does not cover them. */
export function restamp(bytes: Uint8Array, baseOffset: Int64, leaderEpoch: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setBigInt64(0, BigInt(baseOffset));
  view.setInt32(12, leaderEpoch);
}

/** A copy of a batch with the broker's time as timestamp of all its records, and a checksum over that (DefaultRecordBatch.setMaxTimestamp). */
export function stampAppendTime(bytes: Uint8Array, timestampMs: number): Uint8Array {
  return stamped(bytes, timestampMs, LOG_APPEND_TIME);
}

/** A copy of a batch with another largest timestamp, and a checksum over that. */
export function withMaxTimestamp(bytes: Uint8Array, timestampMs: number): Uint8Array {
  return stamped(bytes, timestampMs, 0);
}

function stamped(bytes: Uint8Array, timestampMs: number, attribute: number): Uint8Array {
  // Not `slice`: a Buffer's shares its memory.
  const out = new Uint8Array(bytes);
  const view = new DataView(out.buffer);
  view.setInt16(21, view.getInt16(21) | attribute);
  view.setBigInt64(35, BigInt(timestampMs));
  view.setUint32(17, crc32c(out, CRC_FROM));
  return out;
}

/** The sequence number `steps` after one; it wraps to 0 after 2^31-1 (DefaultRecordBatch.incrementSequence). -1 = none stays so. */
export function sequenceAfter(base: number, steps: number): number {
  return base < 0 ? -1 : (base + steps) % 2147483648;
}
