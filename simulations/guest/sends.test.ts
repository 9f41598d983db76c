// What a process sends is told apart by its frames: first sends, retries, acknowledgements, failures, and the names of records.
import { describe, expect, it } from 'vitest';
import type { Kernel, Process } from '../kernel/kernel.ts';
import type { Message } from '../kernel/network.ts';
import { TraceWriter } from '../kernel/trace.ts';
import { TraceStore } from '../kernel/traceStore.ts';
import { toUtf8 } from '../kafka/protocol/utf8.ts';
import type { WireBatch } from '../kafka/protocol/records.ts';
import { Sends } from './sends.ts';

function bench() {
  const store = new TraceStore();
  const trace = new TraceWriter((chunk) => store.append(chunk));
  const kernel = { trace, nowUs: 0, cause: -1 };
  const sends = new Sends(kernel as unknown as Kernel, { name: 'app', sym: trace.sym('app') } as unknown as Process);
  let correlation = 0;
  /** Sends one batch and returns its flight. */
  const send = (partition: number, records: [string | null, string][], sequence = -1, acks = -1): string => {
    const batch = {
      header: {
        baseOffset: 0,
        partitionLeaderEpoch: -1,
        attributes: 0,
        lastOffsetDelta: records.length - 1,
        baseTimestamp: 1000,
        maxTimestamp: 1000,
        producerId: sequence < 0 ? -1 : 7,
        producerEpoch: 0,
        baseSequence: sequence,
      },
      count: records.length,
      crc: 0,
      bytes: new Uint8Array(0),
      records: records.map(([key, value], i) => ({ attributes: 0, timestampDelta: 0, offsetDelta: i, key: key === null ? null : toUtf8(key), value: toUtf8(value), headers: [] })),
    } satisfies WireBatch;
    sends.name('orders', partition, batch);
    const flight = `c/${correlation++}`;
    sends.leaving(flight, { body: { acks } } as unknown as Message, 30_000);
    return flight;
  };
  const answer = (flight: string, partition: number, errorCode: number) =>
    sends.answered(flight, {
      throttleTimeMs: 0,
      responses: [{ name: 'orders', partitionResponses: [{ index: partition, errorCode, baseOffset: 5, logAppendTimeMs: -1, logStartOffset: 0, errorMessage: null }] }],
    });
  const events = () => {
    trace.flush();
    return Array.from({ length: store.count }, (_, seq) => store.event(seq) as unknown as Record<string, unknown>).map((e) => [
      e['type'],
      e['firstRecord'],
      e['records'],
      e['error'] ?? e['attempt'] ?? '',
    ]);
  };
  return { sends, send, answer, events, kernel, trace };
}

describe('sends', () => {
  it('name records by key and number', () => {
    const b = bench();
    b.send(0, [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
      [null, '4'],
    ]);
    b.send(1, [
      ['a', '1'],
      [null, '4'],
    ]);
    expect(b.trace.records.rowsFrom(0).map((r) => [r.key, r.nth, r.value])).toEqual([
      ['a', 1, '1'],
      ['b', 1, '2'],
      ['a', 2, '3'],
      [null, 1, '4'],
      ['a', 3, '1'],
      [null, 2, '4'],
    ]);
  });

  it('take the same content again for a retry only after its request failed', () => {
    const b = bench();
    const first = b.send(0, [['a', '1']]);
    b.send(0, [['a', '1']]);
    b.answer(first, 0, 6);
    b.send(0, [['a', '1']]);
    expect(b.events()).toEqual([
      ['producer.sent', 0, 1, ''],
      ['producer.sent', 1, 1, ''],
      ['producer.retried', 0, 1, 'NOT_LEADER_OR_FOLLOWER'],
    ]);
  });

  it('take the same producer id and sequence for a retry, unless the content is another', () => {
    const b = bench();
    b.send(0, [['a', '1']], 10);
    b.send(0, [['a', '1']], 10);
    b.send(0, [['a', '2']], 10);
    expect(b.events().map((e) => e.slice(0, 2))).toEqual([
      ['producer.sent', 0],
      ['producer.retried', 0],
      ['producer.sent', 1],
    ]);
  });

  it('take a closed connection and a passed time limit for failures', () => {
    const b = bench();
    b.send(0, [['a', '1']]);
    b.sends.lost('c/');
    b.send(1, [['a', '1']]);
    b.kernel.nowUs = 31_000_000;
    const late = b.send(2, [['a', '1']]);
    b.answer(late, 2, 0);
    b.send(2, [['a', '1']]);
    expect(b.events()).toEqual([
      ['producer.sent', 0, 1, ''],
      ['producer.retried', 0, 1, 'DISCONNECTED'],
      ['producer.retried', 0, 1, 'REQUEST_TIMED_OUT'],
      ['producer.acknowledged', 0, 1, ''],
      ['producer.sent', 1, 1, ''],
    ]);
  });

  it('give the same names to records that are grouped otherwise when they are sent again', () => {
    const b = bench();
    b.send(0, [
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
    ]);
    b.sends.lost('c/');
    b.send(1, [
      ['a', '1'],
      ['c', '1'],
    ]);
    expect(b.events().at(-1)).toEqual(['producer.retried', 3, 2, 'DISCONNECTED']);
    expect(b.trace.records.rowsFrom(3).map((r) => [r.key, r.nth])).toEqual([
      ['a', 1],
      ['c', 1],
    ]);
  });

  it('are acknowledged at once with acks=0', () => {
    const b = bench();
    b.send(0, [['a', '1']], -1, 0);
    expect(b.events().map((e) => e[0])).toEqual(['producer.sent', 'producer.acknowledged']);
  });

  it('tell what was given up, also what never reached the wire', () => {
    const b = bench();
    const flight = b.send(3, [
      ['a', '1'],
      ['a', '2'],
    ]);
    b.answer(flight, 3, 19);
    b.sends.gaveUp(
      [
        { topic: 'orders', key: toUtf8('a'), value: toUtf8('1') },
        { topic: 'orders', key: toUtf8('a'), value: toUtf8('2') },
        { topic: 'orders', key: null, value: toUtf8('3') },
      ],
      'DISCONNECTED',
    );
    b.send(3, [[null, '3']]);
    expect(b.events().slice(1)).toEqual([
      ['producer.failed', 0, 2, 'NOT_ENOUGH_REPLICAS'],
      ['producer.failed', 2, 1, 'DISCONNECTED'],
      ['producer.sent', 2, 1, ''],
    ]);
  });
});
