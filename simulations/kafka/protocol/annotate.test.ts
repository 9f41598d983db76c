// Every frame of the vectors, field by field: the notes tile the frame, and say what the codec reads.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { annotate, type FieldNote } from './annotate.ts';
import { decodeRequest, decodeResponse, encodeEmbedded, encodeRequest } from './codec.ts';

interface Case {
  readonly id: string;
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly frameHex: string;
}
const cases = (set: string) => (JSON.parse(readFileSync(`conformance/vectors/kafka/${set}.json`, 'utf8')) as { cases: Case[] }).cases;
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** The leaves of notes in order, and whether each begins where the one before it ended. */
function tiles(notes: readonly FieldNote[], from: number): number {
  let at = from;
  for (const note of notes) {
    expect(note.from, note.name).toBeGreaterThanOrEqual(at);
    expect(note.to, note.name).toBeGreaterThanOrEqual(note.from);
    if (note.parts.length > 0) expect(tiles(note.parts, note.from)).toBeLessThanOrEqual(note.to);
    at = note.to;
  }
  return at;
}
const find = (notes: readonly FieldNote[], name: string): FieldNote[] => notes.flatMap((n) => [...(n.name === name ? [n] : []), ...find(n.parts, name)]);

describe('a frame field by field', () => {
  it.each(cases('requests-kafkajs').map((c) => [c.id, c] as const))('is noted whole: request %s', (_id, c) => {
    const frame = bytes(c.frameHex);
    const { notes, problem } = annotate(frame, { api: c.apiKey, apiVersion: c.apiVersion, response: false });
    expect(problem).toBe('');
    expect(tiles(notes, 0)).toBe(frame.length);
    // Without gaps at the top: size, header, then the fields of the body.
    for (let i = 1; i < notes.length; i++) expect(notes[i]!.from).toBe(notes[i - 1]!.to);
    const decoded = decodeRequest(frame.subarray(4), { absentFields: false });
    expect(decoded.ok && notes.slice(2).map((n) => n.name)).toEqual(decoded.ok && Object.keys(decoded.body));
    expect(find(notes, 'correlationId')[0]!.value).toBe(decoded.ok ? String(decoded.header.correlationId) : '');
  });

  it('spells out the errors of a response', () => {
    let errors = 0;
    for (const c of cases('responses-kafka')) {
      const frame = bytes(c.frameHex);
      const { notes, problem } = annotate(frame, { api: c.apiKey, apiVersion: c.apiVersion, response: true });
      expect(problem, c.id).toBe('');
      expect(tiles(notes, 0), c.id).toBe(frame.length);
      expect(decodeResponse(c.apiKey, c.apiVersion, frame.subarray(4)).ok, c.id).toBe(true);
      for (const note of find(notes, 'errorCode'))
        if (note.value !== '0') {
          errors++;
          expect(note.error, c.id).toMatch(/^[A-Z_]+$/);
        }
    }
    expect(errors).toBeGreaterThan(5);
  });

  it('reads record batches down to key and value, and what members say to each other', () => {
    const all = cases('requests-kafkajs').map((c) => annotate(bytes(c.frameHex), { api: c.apiKey, apiVersion: c.apiVersion, response: false }).notes);
    const keys = all.flatMap((notes) => find(find(notes, 'records'), 'key')).map((n) => n.value);
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.some((k) => k.startsWith('"'))).toBe(true);
    const metadata = encodeEmbedded('ConsumerProtocolSubscription', 1, { topics: ['orders'], userData: null, ownedPartitions: [{ topic: 'orders', partitions: [2] }] });
    const join = encodeRequest({ apiKey: 11, apiVersion: 5, correlationId: 1, clientId: 'a' }, { groupId: 'g', protocols: [{ name: 'range', metadata }] });
    const member = find(annotate(join, { api: 11, apiVersion: 5, response: false }).notes, 'metadata')[0]!;
    expect(find(member.parts, 'topics')[0]!.parts[0]!.value).toBe('"orders"');
    expect(find(member.parts, 'partitions')[0]!.parts[0]!.value).toBe('2');
  });

  it('stops where the bytes end and says where', () => {
    const c = cases('requests-kafkajs').find((x) => x.apiKey === 3)!;
    const frame = bytes(c.frameHex);
    for (let n = 0; n < frame.length; n++) {
      const { notes, problem } = annotate(frame.subarray(0, n), { api: c.apiKey, apiVersion: c.apiVersion, response: false });
      expect(problem).toMatch(/^at byte \d+: /);
      expect(tiles(notes, 0)).toBeLessThanOrEqual(n);
    }
  });
});
