// Old and new versions of OffsetFetch and FindCoordinator are one form in the engine.
import { describe, expect, it } from 'vitest';
import type { Message } from '../../kernel/network.ts';
import { KEY } from './apiKeys.ts';
import { requestToEngine, requestToWire, responseToWire } from './bridge.ts';
import { decodeRequest, decodeResponse, encodeRequest, type Body } from './codec.ts';

const book = { name: () => ({ firstRecord: -1, digest: 0 }) };
const toEngine = (apiKey: number, apiVersion: number, body: Body) => {
  const read = requestToEngine(encodeRequest({ apiKey, apiVersion, correlationId: 1, clientId: 'a' }, body).subarray(4), book, null);
  if (!read.ok) throw new Error(read.detail);
  return read.message;
};
const toWire = (api: number, apiVersion: number, body: unknown) => {
  const message: Message = { response: true, api, apiVersion, correlationId: 1, clientId: 'a', body, bytes: 0, firstRecord: -1, records: 0 };
  const read = decodeResponse(api, apiVersion, responseToWire(message, []).subarray(4), { absentFields: false });
  if (!read.ok) throw new Error(read.detail);
  return read.body;
};
const partition = { partitionIndex: 2, committedOffset: 41, committedLeaderEpoch: 3, metadata: 'm', errorCode: 0 };

describe('OffsetFetch', () => {
  it.each([1, 4, 5, 6, 7])('of one group, version %i, becomes one of several', (version) => {
    const message = toEngine(KEY.OffsetFetch, version, { groupId: 'g', topics: [{ name: 't', partitionIndexes: [2] }], requireStable: true });
    expect(message.body).toEqual({ groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: [{ name: 't', partitionIndexes: [2] }] }], requireStable: version >= 7 });
    const again = decodeRequest(requestToWire(message, []).subarray(4));
    expect(again).toMatchObject({ ok: true, body: { groupId: 'g', topics: [{ name: 't', partitionIndexes: [2] }] } });
    const answer = toWire(KEY.OffsetFetch, version, { throttleTimeMs: 0, groups: [{ groupId: 'g', topics: [{ name: 't', partitions: [partition] }], errorCode: 16 }] });
    expect(answer).toMatchObject({ topics: [{ name: 't', partitions: [{ partitionIndex: 2, committedOffset: 41 }] }] });
    expect(answer['errorCode']).toBe(version >= 2 ? 16 : undefined);
  });

  it.each([8, 9])('of several groups, version %i, stays as it is', (version) => {
    const message = toEngine(KEY.OffsetFetch, version, {
      groups: [
        { groupId: 'g', topics: null },
        { groupId: 'h', topics: [] },
      ],
      requireStable: false,
    });
    expect(message.body).toMatchObject({ groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: null }, { groupId: 'h' }], requireStable: false });
    expect(toWire(KEY.OffsetFetch, version, { throttleTimeMs: 0, groups: [{ groupId: 'g', topics: [], errorCode: 16 }] })).toMatchObject({ groups: [{ groupId: 'g', errorCode: 16 }] });
  });
});

describe('FindCoordinator', () => {
  const found = { key: 'g', nodeId: 2, host: 'broker-2', port: 9092, errorCode: 0, errorMessage: null };
  it.each([0, 1, 3])('of one key, version %i, becomes one of several', (version) => {
    const message = toEngine(KEY.FindCoordinator, version, { key: 'g', keyType: 0 });
    expect(message.body).toEqual({ keyType: 0, coordinatorKeys: ['g'] });
    expect(decodeRequest(requestToWire(message, []).subarray(4))).toMatchObject({ ok: true, body: { key: 'g' } });
    expect(toWire(KEY.FindCoordinator, version, { throttleTimeMs: 0, coordinators: [found] })).toMatchObject({ nodeId: 2, host: 'broker-2', port: 9092 });
  });
  it.each([4, 6])('of several keys, version %i, stays as it is', (version) => {
    expect(toEngine(KEY.FindCoordinator, version, { coordinatorKeys: ['g', 'h'], keyType: 0 }).body).toMatchObject({ keyType: 0, coordinatorKeys: ['g', 'h'] });
    expect(toWire(KEY.FindCoordinator, version, { throttleTimeMs: 0, coordinators: [found] })).toMatchObject({ coordinators: [found] });
  });
});
