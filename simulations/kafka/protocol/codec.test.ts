// Everything the table can express survives the way to bytes and back, and bad bytes are an answer, not a crash.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEmbedded, decodeRequest, decodeResponse, encodeEmbedded, encodeRequest, encodeResponse, type Body } from './codec.ts';
import { APIS, ZERO_UUID, type Field, type Shape } from './layout.ts';

/** A body that fills every field of a version with something from `next`. */
function fill(shape: Shape, next: () => number): Body {
  const out: Body = {};
  for (const field of [...shape.fields, ...shape.tagged]) out[field.name] = fillField(field, next);
  return out;
}
function fillField(field: Field, next: () => number): unknown {
  if (field.nullable && next() % 4 === 0) return null;
  if (field.array) return Array.from({ length: next() % 3 }, () => fillValue(field, next));
  return fillValue(field, next);
}
function fillValue(field: Field, next: () => number): unknown {
  switch (field.kind) {
    case 'struct':
      return fill(field.shape!, next);
    case 'string':
      return ['', 'orders', '키-√', '👍'][next() % 4];
    case 'bytes':
    case 'records':
      return Uint8Array.from({ length: next() % 5 }, () => next() & 255);
    case 'bool':
      return next() % 2 === 1;
    case 'uuid':
      return next() % 2 ? ZERO_UUID : 'RuRLSV_RRYSQlZU2i3m-Rw';
    case 'int8':
      return (next() << 24) >> 24;
    case 'int16':
      return (next() << 16) >> 16;
    case 'uint16':
      return next() & 0xffff;
    case 'int32':
      return next() | 0;
    case 'int64':
      return [-1, 0, 2 ** 53 - 1, -(2 ** 53) + 1, 9007199254740993n, -(2n ** 63n)][next() % 6];
    case 'float64':
      return [0, -1.5, 1024, 1e300, 0.1, 2 ** -1074][next() % 6];
  }
}

const numbers = (seed: number) => {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
};

describe('codec', () => {
  it('gives back every API and version, requests and responses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const next = numbers(seed);
        for (const api of APIS) {
          for (let v = api.versions.from; v <= api.versions.to; v++) {
            const header = { apiKey: api.key, apiVersion: v, correlationId: next() | 0, clientId: next() % 3 ? 'app' : null };
            const asked = fill(api.request(v), next);
            const frame = encodeRequest(header, asked);
            expect(decodeRequest(frame.subarray(4), { absentFields: false })).toMatchObject({ ok: true, api: api.name, header, left: 0 });
            const again = decodeRequest(frame.subarray(4));
            if (again.ok) expect(encodeRequest(header, again.body)).toEqual(frame);
            const answer = fill(api.response(v), next);
            if (api.key === 18) answer['errorCode'] = 0;
            const reply = encodeResponse(api.key, v, 7, answer);
            const read = decodeResponse(api.key, v, reply.subarray(4));
            expect(read).toMatchObject({ ok: true, correlationId: 7, left: 0 });
            if (read.ok) expect(encodeResponse(api.key, v, 7, read.body)).toEqual(reply);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('fills in what a version lacks', () => {
    const frame = encodeRequest({ apiKey: 11, apiVersion: 0, correlationId: 1, clientId: 'a' }, { groupId: 'g', sessionTimeoutMs: 10, memberId: '', protocolType: 'consumer', protocols: [] });
    const read = decodeRequest(frame.subarray(4));
    expect(read.ok && read.body).toEqual({ groupId: 'g', sessionTimeoutMs: 10, memberId: '', protocolType: 'consumer', protocols: [], rebalanceTimeoutMs: -1, groupInstanceId: null, reason: null });
  });

  it('keeps tagged fields that it does not know', () => {
    const frame = encodeRequest(
      { apiKey: 18, apiVersion: 3, correlationId: 1, clientId: null },
      { clientSoftwareName: 'x', clientSoftwareVersion: '1', unknownTaggedFields: [{ tag: 9, data: Uint8Array.of(1, 2) }] },
    );
    const read = decodeRequest(frame.subarray(4));
    expect(read.ok && read.body['unknownTaggedFields']).toEqual([{ tag: 9, data: Uint8Array.of(1, 2) }]);
    if (read.ok) expect(encodeRequest(read.header, read.body)).toEqual(frame);
  });

  it('answers every ApiVersions with the plain response header', () => {
    const frame = encodeResponse(18, 3, 5, { errorCode: 0, apiKeys: [] });
    expect([...frame.subarray(4, 8)]).toEqual([0, 0, 0, 5]);
    expect([...frame.subarray(8, 10)]).toEqual([0, 0]);
  });

  it('tells unknown APIs and versions apart, with the header that asked', () => {
    const bytes = (apiKey: number, version: number) => Uint8Array.of(apiKey >> 8, apiKey & 255, 0, version, 0, 0, 0, 9, 0, 1, 97);
    expect(decodeRequest(bytes(999, 0))).toMatchObject({ ok: false, problem: 'unknownApi' });
    expect(decodeRequest(bytes(18, 60))).toMatchObject({ ok: false, problem: 'unsupportedVersion', header: { apiKey: 18, apiVersion: 60, correlationId: 9, clientId: 'a' } });
    expect(decodeRequest(Uint8Array.of(0, 18))).toMatchObject({ ok: false, problem: 'malformed', header: null });
  });

  it('never throws, whatever the bytes', () => {
    const next = numbers(99);
    for (const api of APIS) {
      const v = api.versions.to;
      const frame = encodeRequest({ apiKey: api.key, apiVersion: v, correlationId: 1, clientId: 'app' }, fill(api.request(v), next)).slice(4);
      const reply = encodeResponse(api.key, v, 1, fill(api.response(v), next)).slice(4);
      for (let i = 0; i < 200; i++) {
        const bad = frame.slice(0, next() % 3 ? frame.length : next() % frame.length);
        for (let k = next() % 4; k >= 0 && bad.length > 10; k--) bad[10 + (next() % (bad.length - 10))] = next() & 255;
        expect(typeof decodeRequest(bad).ok).toBe('boolean');
        const worse = reply.slice(0, next() % (reply.length + 1));
        if (worse.length) worse[next() % worse.length] = next() & 255;
        expect(typeof decodeResponse(api.key, v, worse).ok).toBe('boolean');
      }
    }
  });

  it('does not make room for elements that cannot be there', () => {
    const frame = Uint8Array.of(0, 3, 0, 4, 0, 0, 0, 1, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff);
    expect(decodeRequest(frame)).toMatchObject({ ok: false, problem: 'malformed' });
  });

  it('reads a newer embedded version as the newest it knows', () => {
    const bytes = encodeEmbedded('ConsumerProtocolSubscription', 3, { topics: ['t'] });
    bytes[1] = 9;
    expect(decodeEmbedded('ConsumerProtocolSubscription', bytes)).toMatchObject({ ok: true, version: 9, layoutVersion: 3, body: { topics: ['t'], userData: null, generationId: -1 } });
  });
});
