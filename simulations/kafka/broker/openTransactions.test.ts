// Transactions as one partition's log sees them: what is stable, what was aborted, and that truncation and restarts forget nothing.
import { describe, expect, it } from 'vitest';
import { batchOf } from '../probe.test-helper.ts';
import { TRANSACTIONAL } from '../protocol/records.ts';
import { PartitionLog } from './log.ts';
import { markerBatch } from './markers.ts';
import { Partition } from './partition.ts';
import { checkMarker, checkSequence } from './producerState.ts';
import { lastStableOffset } from './stable.ts';

function partition() {
  const log = new PartitionLog();
  const p = new Partition('t', 0 as never, 0, log);
  const sequences = new Map<number, number>();
  const send = (producerId: number, count = 1, producerEpoch = 0) => {
    const key = producerId * 100 + producerEpoch;
    const baseSequence = sequences.get(key) ?? 0;
    sequences.set(key, baseSequence + count);
    return log.appendAsLeader(batchOf(count, { producerId, producerEpoch, baseSequence, attributes: TRANSACTIONAL }), 0);
  };
  const end = (producerId: number, type: 'COMMIT' | 'ABORT', producerEpoch = 0, coordinatorEpoch = 0) => log.appendAsLeader(markerBatch({ type, coordinatorEpoch }, producerId, producerEpoch, 0), 0);
  const settle = () => {
    p.highWatermark = log.logEndOffset;
    log.transactions.settleBelow(p.highWatermark);
    return lastStableOffset(p);
  };
  return { log, p, send, end, settle };
}

describe('the last stable offset', () => {
  it('is the high watermark without transactions, and the first offset of the earliest open one otherwise', () => {
    const { log, send, end, settle } = partition();
    log.appendAsLeader(batchOf(3), 0);
    expect(settle()).toBe(3);
    send(1, 2);
    send(2, 1);
    log.appendAsLeader(batchOf(4), 0);
    expect(settle()).toBe(3);
    end(1, 'COMMIT');
    expect(settle()).toBe(5);
    end(2, 'ABORT');
    expect(settle()).toBe(12);
  });

  it('stays back while a marker is above the high watermark', () => {
    const { log, p, send, end, settle } = partition();
    send(1, 2);
    settle();
    end(1, 'COMMIT');
    expect(lastStableOffset(p)).toBe(0);
    p.highWatermark = 2;
    log.transactions.settleBelow(2);
    expect(lastStableOffset(p)).toBe(0);
    expect(settle()).toBe(3);
  });
});

describe('aborted transactions', () => {
  it('are found where they reach into what is read, empty ones never', () => {
    const { log, send, end } = partition();
    send(1, 2); // 0 1
    send(2, 2); // 2 3
    end(1, 'ABORT'); // 4
    end(2, 'COMMIT'); // 5
    send(3, 1); // 6
    end(3, 'ABORT'); // 7
    end(4, 'ABORT'); // 8, empty
    const of = (from: number, to: number) => log.transactions.abortedIn(from, to).map((t) => t.producerId);
    expect(of(0, 9)).toEqual([1, 3]);
    expect(of(5, 9)).toEqual([3]);
    expect(of(0, 4)).toEqual([1]);
    expect(of(8, 9)).toEqual([]);
  });

  it('are forgotten when their marker is truncated, and the transaction is open again', () => {
    const { log, send, end, settle } = partition();
    send(1, 2);
    end(1, 'ABORT');
    log.truncateTo(2);
    expect(log.transactions.abortedIn(0, 9)).toEqual([]);
    expect(settle()).toBe(0);
    expect(log.producers.get(1)).toMatchObject({ currentTxnFirstOffset: 0, coordinatorEpoch: -1 });
    end(1, 'COMMIT');
    expect(settle()).toBe(3);
  });
});

describe('producers across a new segment', () => {
  it('are rebuilt from the snapshot at its base: open transactions stay open, of resent batches only the last is known', () => {
    const { log, send, end, settle } = partition();
    log.config = { ...log.config, segmentBytes: 200 };
    const first = send(1, 1);
    const second = send(1, 1);
    send(1, 1);
    expect(log.segments.map((s) => s.baseOffset)).toEqual([0, 2]);
    log.reload();
    expect(settle()).toBe(0);
    expect(checkSequence(log.producers, second)).toMatchObject({ kind: 'duplicate' });
    expect(checkSequence(log.producers, first)).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    end(1, 'ABORT');
    expect(log.transactions.abortedIn(0, 9)).toHaveLength(1);
    log.reload();
    expect(log.transactions.abortedIn(0, 9)).toHaveLength(1);
  });
});

describe('a marker', () => {
  it('of an older coordinator or an older epoch is refused', () => {
    const { log, send, end } = partition();
    send(1, 1, 3);
    end(1, 'COMMIT', 3, 7);
    expect(checkMarker(log.producers, 1, 3, 6)).toBe('TRANSACTION_COORDINATOR_FENCED');
    expect(checkMarker(log.producers, 1, 2, 9)).toBe('INVALID_PRODUCER_EPOCH');
    expect(checkMarker(log.producers, 1, 3, 7)).toBe(null);
  });
});
