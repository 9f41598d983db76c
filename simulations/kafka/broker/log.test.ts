import { describe, expect, it } from 'vitest';
import type { RecordBatch } from '../protocol/batch.ts';
import { PartitionLog } from './log.ts';
import { checkSequence, sequenceAfter } from './producerState.ts';

function batch(count: number, over: Partial<RecordBatch> = {}): RecordBatch {
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: count - 1,
    attributes: 0,
    baseTimestampMs: 0,
    maxTimestampMs: 0,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    count,
    bytes: 100 * count,
    firstRecord: 0,
    digest: 0,
    encoded: null,
    internal: null,
    kept: null,
    ...over,
  };
}

describe('the log of a replica', () => {
  it('gives offsets in order and reads from any of them', () => {
    const log = new PartitionLog();
    for (const n of [3, 1, 5]) log.appendAsLeader(batch(n), 0);
    expect(log.logEndOffset).toBe(9);
    expect([0, 2, 3, 4, 8, 9].map((o) => log.indexOf(o))).toEqual([0, 0, 1, 2, 2, 3]);
    expect(log.read(3, 9, 1_000_000, true).map((b) => b.baseOffset)).toEqual([3, 4]);
  });

  it('returns whole batches: the first even above the limit, none past the end', () => {
    const log = new PartitionLog();
    for (const n of [3, 1, 5]) log.appendAsLeader(batch(n), 0);
    expect(log.read(0, 9, 10, true).map((b) => b.baseOffset)).toEqual([0]);
    expect(log.read(0, 9, 10, false)).toEqual([]);
    expect(log.read(0, 8, 1_000_000, true).map((b) => b.baseOffset)).toEqual([0, 3]);
  });

  it('forgets an epoch that it began and wrote nothing in when it is told to cut at its end', () => {
    const log = new PartitionLog();
    log.appendAsLeader(batch(4), 1);
    log.beginEpoch(3);
    expect(log.latestEpoch()).toBe(3);
    expect(log.truncateTo(4)).toBe(0);
    expect(log.latestEpoch()).toBe(1);
  });

  it('knows where each leader epoch ends (KIP-101, KIP-279)', () => {
    const log = new PartitionLog();
    log.appendAsLeader(batch(4), 1);
    log.appendAsLeader(batch(2), 3);
    log.appendAsLeader(batch(2), 6);
    expect(log.endOffsetFor(3)).toEqual({ epoch: 3, endOffset: 6 });
    expect(log.endOffsetFor(5)).toEqual({ epoch: 3, endOffset: 6 });
    expect(log.endOffsetFor(6)).toEqual({ epoch: 6, endOffset: 8 });
    expect(log.endOffsetFor(0)).toEqual({ epoch: 0, endOffset: 0 });
    expect(log.endOffsetFor(7)).toEqual({ epoch: -1, endOffset: -1 });
    expect(log.endOffsetFor(-1)).toEqual({ epoch: -1, endOffset: -1 });
  });

  it('forgets epochs and producers of what it truncates', () => {
    const log = new PartitionLog();
    const idempotent = (seq: number) => batch(1, { producerId: 9, producerEpoch: 0, baseSequence: seq });
    log.appendAsLeader(idempotent(0), 1);
    log.appendAsLeader(idempotent(1), 2);
    expect(log.truncateTo(1)).toBe(1);
    expect(log.latestEpoch()).toBe(1);
    expect(log.logEndOffset).toBe(1);
    expect(checkSequence(log.producers, idempotent(1))).toEqual({ kind: 'append' });
    expect(checkSequence(log.producers, idempotent(2))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
  });
});

describe('producer state', () => {
  it('forgets an epoch in which it led and appended nothing, though there is nothing to cut', () => {
    const log = new PartitionLog();
    log.beginEpoch(0);
    log.appendAsLeader(batch(2), 0);
    log.beginEpoch(1);
    expect(log.latestEpoch()).toBe(1);
    expect(log.truncateTo(2)).toBe(0);
    expect(log.latestEpoch()).toBe(0);
  });

  it('recognises a resent batch that bears the numbers of the next one, where numbers began anew', () => {
    const log = new PartitionLog();
    const of = (baseSequence: number) => batch(4, { producerId: 1, producerEpoch: 0, baseSequence });
    // A coordinator's own records have no numbers: after one, a producer's begin at 0 again.
    for (const baseSequence of [4, -1, 0]) log.appendAsLeader(of(baseSequence), 0);
    expect(log.producers.get(1)).toMatchObject({ nextSequence: 4, lastSequence: 3 });
    expect(checkSequence(log.producers, of(4))).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 0 } });
    expect(checkSequence(log.producers, of(0))).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 8 } });
  });

  it('forgets the batches of an epoch when a producer has a new one', () => {
    const log = new PartitionLog();
    for (let i = 0; i < 3; i++) log.appendAsLeader(batch(2, { producerId: 1, producerEpoch: 0, baseSequence: i * 2 }), 0);
    log.appendAsLeader(batch(2, { producerId: 1, producerEpoch: 1, baseSequence: 0 }), 0);
    expect(log.producers.get(1)!.batches.map((b) => b.baseOffset)).toEqual([6]);
    expect(checkSequence(log.producers, batch(2, { producerId: 1, producerEpoch: 1, baseSequence: 2 }))).toEqual({ kind: 'append' });
  });

  it('recognises the last five batches and refuses gaps', () => {
    const log = new PartitionLog();
    for (let i = 0; i < 7; i++) log.appendAsLeader(batch(2, { producerId: 1, producerEpoch: 0, baseSequence: i * 2 }), 0);
    expect(checkSequence(log.producers, batch(2, { producerId: 1, producerEpoch: 0, baseSequence: 4 }))).toMatchObject({ kind: 'duplicate', batch: { baseOffset: 4 } });
    expect(checkSequence(log.producers, batch(2, { producerId: 1, producerEpoch: 0, baseSequence: 2 }))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    expect(checkSequence(log.producers, batch(2, { producerId: 1, producerEpoch: 0, baseSequence: 16 }))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    expect(checkSequence(log.producers, batch(2, { producerId: 1, producerEpoch: 1, baseSequence: 0 }))).toEqual({ kind: 'append' });
    expect(checkSequence(log.producers, batch(2, { producerId: 1, producerEpoch: 1, baseSequence: 3 }))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    expect(checkSequence(log.producers, batch(2, { producerId: 2, producerEpoch: 0, baseSequence: 77 }))).toEqual({ kind: 'append' });
  });

  it('fences an older epoch', () => {
    const log = new PartitionLog();
    log.appendAsLeader(batch(1, { producerId: 1, producerEpoch: 3, baseSequence: 0 }), 0);
    expect(checkSequence(log.producers, batch(1, { producerId: 1, producerEpoch: 2, baseSequence: 1 }))).toEqual({ kind: 'error', error: 'INVALID_PRODUCER_EPOCH' });
  });

  it('wraps sequences to 0', () => {
    expect(sequenceAfter(2_147_483_647, 1)).toBe(0);
    expect(sequenceAfter(2_147_483_646, 3)).toBe(1);
  });
});
