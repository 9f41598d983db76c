// Frames become engine messages and back: Produce by reference to the record table, Fetch with offsets as the log has them.
import { describe, expect, it } from 'vitest';
import type { Sym } from '../../contract/events.ts';
import type { RecordRow } from '../../kernel/records.ts';
import type { RecordBatch } from './batch.ts';
import { batchesToWire, requestToEngine, responseToWire } from './bridge.ts';
import { decodeResponse, encodeRequest } from './codec.ts';
import { FrameCutter } from './frames.ts';
import type { ProduceRequest } from './messages.ts';
import { decodeBatches, encodeBatch } from './records.ts';
import { toUtf8 } from './utf8.ts';

const rows: RecordRow[] = [
  { producer: 1 as Sym, key: 'user-1', nth: 1, value: 'play', timestampMs: 1000, bytes: 10 },
  { producer: 1 as Sym, key: null, nth: 1, value: undefined, timestampMs: 1003, bytes: 3 },
];
const batch: RecordBatch = {
  baseOffset: 40,
  leaderEpoch: 2,
  lastOffsetDelta: 1,
  attributes: 0,
  baseTimestampMs: 1000,
  maxTimestampMs: 1003,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  count: 2,
  bytes: 100,
  firstRecord: 0,
  digest: 0,
  encoded: null,
  internal: null,
  kept: null,
};
const book = { name: () => ({ firstRecord: 0, digest: 9 }) };

describe('bridge', () => {
  it('makes bytes of a native batch from the record table', () => {
    const read = decodeBatches(batchesToWire([batch], rows), null);
    expect(read).toMatchObject({
      ok: true,
      batches: [
        {
          header: { baseOffset: 40, partitionLeaderEpoch: 2 },
          records: [
            { key: toUtf8('user-1'), value: toUtf8('play'), timestampDelta: 0 },
            { key: null, value: new Uint8Array(3), timestampDelta: 3 },
          ],
        },
      ],
    });
  });

  it('keeps the bytes a client sent, and only places them', () => {
    const sent = encodeBatch(
      { baseOffset: 0, partitionLeaderEpoch: -1, attributes: 0, lastOffsetDelta: 0, baseTimestamp: 5, maxTimestamp: 5, producerId: 1, producerEpoch: 0, baseSequence: 3 },
      [{ attributes: 0, timestampDelta: 0, offsetDelta: 0, key: null, value: toUtf8('v'), headers: [] }],
      null,
    );
    const frame = encodeRequest(
      { apiKey: 0, apiVersion: 7, correlationId: 3, clientId: 'app' },
      { transactionalId: null, acks: -1, timeoutMs: 30000, topicData: [{ name: 't', partitionData: [{ index: 2, records: sent }] }] },
    );
    const read = requestToEngine(frame.subarray(4), book, null);
    expect(read).toMatchObject({ ok: true, message: { api: 0, apiVersion: 7, correlationId: 3, clientId: 'app', bytes: frame.length, firstRecord: 0, records: 1 } });
    if (!read.ok) return;
    const got = (read.message.body as ProduceRequest).topicData[0]!.partitionData[0]!.records![0]!;
    expect(got).toMatchObject({ baseSequence: 3, producerId: 1, digest: 9, firstRecord: 0, count: 1 });
    const answer = {
      ...read.message,
      api: 1,
      apiVersion: 11,
      response: true,
      body: { responses: [{ topic: 't', partitions: [{ partitionIndex: 2, errorCode: 0, highWatermark: 8, records: [{ ...got, baseOffset: 7, leaderEpoch: 4 }] }] }] },
    };
    const back = decodeResponse(1, 11, responseToWire(answer, rows).subarray(4));
    const records = back.ok ? (back.body['responses'] as { partitions: { records: Uint8Array }[] }[])[0]!.partitions[0]!.records : new Uint8Array();
    expect(decodeBatches(records, null)).toMatchObject({ ok: true, batches: [{ header: { baseOffset: 7, partitionLeaderEpoch: 4, baseSequence: 3 } }] });
  });

  it('hands on what is wrong with records as Kafka’s error', () => {
    const bad = encodeBatch(
      { baseOffset: 0, partitionLeaderEpoch: -1, attributes: 0, lastOffsetDelta: 0, baseTimestamp: 5, maxTimestamp: 5, producerId: 1, producerEpoch: 0, baseSequence: 3 },
      [],
      null,
    );
    bad[22] = 1;
    const frame = encodeRequest({ apiKey: 0, apiVersion: 7, correlationId: 3, clientId: 'app' }, { acks: 1, timeoutMs: 1, topicData: [{ name: 't', partitionData: [{ index: 0, records: bad }] }] });
    expect(requestToEngine(frame.subarray(4), book, null)).toMatchObject({ ok: true, message: { body: { topicData: [{ partitionData: [{ records: null, recordsError: 2 }] }] } } });
  });

  it('asks for all topics whichever way the version says it', () => {
    for (const [version, topics] of [
      [0, []],
      [1, null],
    ] as const) {
      const frame = encodeRequest({ apiKey: 3, apiVersion: version, correlationId: 1, clientId: 'a' }, { topics });
      expect(requestToEngine(frame.subarray(4), book, null)).toMatchObject({ ok: true, message: { body: { topics: null } } });
    }
  });

  it('refuses forms the engine has no value for', () => {
    const frame = encodeRequest({ apiKey: 0, apiVersion: 2, correlationId: 1, clientId: 'a' }, { acks: 1, timeoutMs: 1, topicData: [] });
    expect(requestToEngine(frame.subarray(4), book, null)).toMatchObject({ ok: false, problem: 'unsupportedVersion' });
  });

  it('cuts a stream into frames wherever it is split', () => {
    const frame = encodeRequest({ apiKey: 18, apiVersion: 0, correlationId: 1, clientId: 'a' }, {});
    const stream = new Uint8Array(frame.length * 3);
    for (let i = 0; i < 3; i++) stream.set(frame, i * frame.length);
    for (let step = 1; step < stream.length; step++) {
      const cutter = new FrameCutter();
      const frames: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += step) frames.push(...cutter.push(stream.subarray(at, at + step))!);
      expect(frames).toEqual([frame.slice(4), frame.slice(4), frame.slice(4)]);
    }
    expect(new FrameCutter().push(Uint8Array.of(0xff, 0, 0, 0))).toBeNull();
  });
});
