import { describe, expect, it } from 'vitest';
import { Reader, Writer } from './bytes.ts';
import { hashSetOrder } from '../javaHash.ts';
import { compareUuids, uuidHash, uuidOf } from './uuid.ts';

describe('uuids', () => {
  it('carry version 4 and the variant of RFC 4122 in the bits that are not drawn', () => {
    const writer = new Writer(16);
    writer.uuid(uuidOf([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]));
    expect(Buffer.from(writer.done()).toString('hex')).toBe('ffffffffffff4fffbfffffffffffffff');
    expect(new Reader(writer.done()).uuid()).toBe(uuidOf([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]));
    expect(uuidOf([0, 0, 0, 0])).toBe('AAAAAAAAQACAAAAAAAAAAA');
  });

  it('are ordered as Kafka 4.0 orders them: by a signed number', () => {
    const [zero, high, low] = [uuidOf([0, 0, 0, 1]), uuidOf([0x80000000, 0, 0, 0]), uuidOf([0x7fffffff, 0, 0, 0])];
    expect([zero, low, high].sort(compareUuids)).toEqual([high, zero, low]);
  });

  it('lie in a Java hash set in the order of their hashes', () => {
    expect(hashSetOrder(['T1-A4s3VTwiI5CTbEp6POw', 'T2-B4s3VTwiI5YHbPp6YUQ', 'T3-CU8fVTLCz5YMkLoDQsQ'], uuidHash)).toEqual([
      'T2-B4s3VTwiI5YHbPp6YUQ',
      'T3-CU8fVTLCz5YMkLoDQsQ',
      'T1-A4s3VTwiI5CTbEp6POw',
    ]);
  });
});
