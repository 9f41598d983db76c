// Batches survive the way to bytes and back; bytes that are no batch are told apart; placing a batch does not touch its checksum.
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { decodeBatches, encodeBatch, restamp, sequenceAfter, stampAppendTime, withMaxTimestamp, type BatchHeader, type WireRecord } from './records.ts';
import { toUtf8 } from './utf8.ts';

const header: BatchHeader = {
  baseOffset: 0,
  partitionLeaderEpoch: -1,
  attributes: 0,
  lastOffsetDelta: 1,
  baseTimestamp: 1_767_225_600_000,
  maxTimestamp: 1_767_225_600_007,
  producerId: 4000,
  producerEpoch: 1,
  baseSequence: 42,
};
const records: WireRecord[] = [
  { attributes: 0, timestampDelta: 0, offsetDelta: 0, key: toUtf8('user-1'), value: toUtf8('play'), headers: [{ key: 'trace', value: null }] },
  { attributes: 0, timestampDelta: 7, offsetDelta: 1, key: null, value: null, headers: [] },
];

describe('record batches', () => {
  it('survive the way to bytes and back', () => {
    const bytes = encodeBatch(header, records, null);
    const read = decodeBatches(bytes, null);
    expect(read).toMatchObject({ ok: true, left: 0 });
    if (!read.ok) return;
    expect(read.batches[0]!.header).toEqual(header);
    expect(read.batches[0]!.records).toEqual(records);
  });
  it('are read one after the other, and a cut one at the end is left', () => {
    const one = encodeBatch(header, records, null);
    const two = new Uint8Array(one.length * 2 - 5);
    two.set(one);
    two.set(one.subarray(0, one.length - 5), one.length);
    expect(decodeBatches(two, null)).toMatchObject({ ok: true, batches: [{ count: 2 }], left: one.length - 5 });
  });
  it('keep their checksum when the leader places them', () => {
    const bytes = encodeBatch(header, records, null);
    restamp(bytes, 123456789012, 5);
    expect(decodeBatches(bytes, null)).toMatchObject({ ok: true, batches: [{ header: { baseOffset: 123456789012, partitionLeaderEpoch: 5 } }] });
  });
  it('are refused with the reason', () => {
    const bytes = encodeBatch(header, records, null);
    const flipped = bytes.slice();
    flipped[70]! ^= 1;
    expect(decodeBatches(flipped, null)).toMatchObject({ ok: false, problem: 'crc' });
    const old = bytes.slice();
    old[16] = 1;
    expect(decodeBatches(old, null)).toMatchObject({ ok: false, problem: 'oldMagic' });
    const short = bytes.slice();
    short[11] = 3;
    expect(decodeBatches(short, null)).toMatchObject({ ok: false, problem: 'noBatch' });
    const future = bytes.slice();
    future[16] = 9;
    expect(decodeBatches(future, null)).toMatchObject({ ok: false, problem: 'noBatch' });
    const more = encodeBatch({ ...header, lastOffsetDelta: 0 }, records.slice(0, 1), null);
    more[60] = 2;
    new DataView(more.buffer).setUint32(17, crc32c(more, 21));
    expect(decodeBatches(more, null)).toMatchObject({ ok: false, problem: 'records' });
  });
  it('leave what is cut off at the end, as a fetch does', () => {
    const bytes = encodeBatch(header, records, null);
    for (const tail of [1, 11, 16, 40]) {
      const cut = new Uint8Array([...bytes, ...bytes.subarray(0, tail)]);
      expect(decodeBatches(cut, null)).toMatchObject({ ok: true, batches: [{ count: records.length }], left: tail });
    }
  });
  it('get another time in a copy of their own, whatever holds the bytes', () => {
    const pooled = Buffer.from(encodeBatch(header, records, null));
    const before = [...pooled];
    const later = withMaxTimestamp(pooled, 4_321);
    expect([...pooled]).toEqual(before);
    expect(decodeBatches(later, null)).toMatchObject({ ok: true, batches: [{ header: { maxTimestamp: 4_321 } }] });
    expect(decodeBatches(stampAppendTime(pooled, 99), null)).toMatchObject({ ok: true, batches: [{ header: { maxTimestamp: 99 } }] });
  });
  it('pass through unread when their codec is not at hand', () => {
    const bytes = encodeBatch({ ...header, attributes: 4 }, records, { compress: (_, b) => b.slice().reverse(), decompress: () => null });
    expect(decodeBatches(bytes, null)).toMatchObject({ ok: true, batches: [{ count: 2, records: null }] });
  });
  it('wrap their sequence numbers', () => {
    expect([sequenceAfter(2147483647, 1), sequenceAfter(5, 3), sequenceAfter(-1, 4)]).toEqual([0, 8, -1]);
  });
});
