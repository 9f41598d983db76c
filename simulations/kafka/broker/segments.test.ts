// Segments, retention and what a loss of power leaves, on one log with a clock that the test turns.
import { describe, expect, it } from 'vitest';
import { EPOCH_MS } from '../../kernel/epoch.ts';
import { batchOf } from '../probe.test-helper.ts';
import { PartitionLog } from './log.ts';
import { deleteOldSegments, type Deleted } from './retention.ts';
import { TOPIC_DEFAULTS, type TopicConfig } from '../metadata/configs.ts';

function build(config: Partial<TopicConfig> = {}) {
  const clock = { nowUs: 0 };
  const log = new PartitionLog(clock);
  log.config = { ...TOPIC_DEFAULTS, ...config };
  const rolls: [number, string][] = [];
  log.rolled = (segment, reason) => void rolls.push([segment.baseOffset, reason]);
  /** Appends one record of 100 bytes at a second of the clock. */
  const append = (second: number, over: object = {}) => {
    clock.nowUs = second * 1_000_000;
    const ms = EPOCH_MS + second * 1000;
    return log.appendAsLeader(batchOf(1, { bytes: 100, baseTimestampMs: ms, maxTimestampMs: ms, ...over }), 0);
  };
  const expire = (highWatermark = log.logEndOffset) => {
    const deleted: Deleted[] = [];
    deleteOldSegments(log, highWatermark, log.nowMs, (d) => void deleted.push(d));
    return deleted;
  };
  return { clock, log, rolls, append, expire, bases: () => log.segments.map((s) => s.baseOffset) };
}

describe('segments of a log', () => {
  it('begins a new one before the batch that does not fit any more', () => {
    const { rolls, append, log } = build({ segmentBytes: 250 });
    for (let i = 0; i < 5; i++) append(0);
    expect(rolls).toEqual([
      [2, 'size'],
      [4, 'size'],
    ]);
    expect(log.segments.map((s) => [s.batches, s.bytes])).toEqual([
      [2, 200],
      [2, 200],
      [1, 100],
    ]);
  });

  it('begins a new one when the timestamps of its batches are segment.ms apart', () => {
    const { rolls, append } = build({ segmentMs: 10_000 });
    append(0);
    append(10);
    expect(rolls).toEqual([]);
    append(11);
    expect(rolls).toEqual([[2, 'time']]);
  });

  it('counts segment.ms by the records and not by the clock', () => {
    const { rolls, append } = build({ segmentMs: 10_000 });
    append(0);
    append(60, { maxTimestampMs: EPOCH_MS + 5_000 });
    expect(rolls).toEqual([]);
  });

  it('drops segments that truncation empties and goes on in the one before', () => {
    const { log, append, bases } = build({ segmentBytes: 250 });
    for (let i = 0; i < 5; i++) append(i);
    log.truncateTo(3);
    expect(bases()).toEqual([0, 2]);
    expect(log.segments[1]).toMatchObject({ batches: 1, bytes: 100, largestTimestampMs: EPOCH_MS + 2_000 });
    append(9);
    expect(log.logEndOffset).toBe(4);
    expect(log.segments[1]!.batches).toBe(2);
  });
});

describe('retention', () => {
  it('gives up segments whose newest record is older than retention.ms, the active one too', () => {
    const { clock, log, append, expire, bases } = build({ segmentBytes: 250, retentionMs: 60_000 });
    for (const s of [0, 10, 20, 30, 100]) append(s);
    clock.nowUs = 91_000_000;
    expect(expire()).toEqual([{ reason: 'retentionTime', moved: true, records: 4 }]);
    expect([log.logStartOffset, bases()]).toEqual([4, [4]]);
    clock.nowUs = 161_000_000;
    expect(expire()).toEqual([{ reason: 'retentionTime', moved: true, records: 1 }]);
    expect([log.logStartOffset, log.logEndOffset, bases(), log.batches]).toEqual([5, 5, [5], []]);
    expect(expire()).toEqual([]);
    expect(append(170).baseOffset).toBe(5);
  });

  it('keeps a segment as long as one record in it is young', () => {
    const { clock, append, expire } = build({ segmentBytes: 250, retentionMs: 60_000 });
    append(0);
    append(50);
    append(60);
    clock.nowUs = 100_000_000;
    expect(expire()).toEqual([]);
    clock.nowUs = 110_001_000;
    expect(expire()).toEqual([{ reason: 'retentionTime', moved: true, records: 2 }]);
  });

  it('gives up the oldest segments while the rest still holds retention.bytes', () => {
    const { log, append, expire, bases } = build({ segmentBytes: 250, retentionBytes: 300 });
    for (let i = 0; i < 7; i++) append(i);
    expect(expire()).toEqual([{ reason: 'retentionSize', moved: true, records: 4 }]);
    expect([log.logStartOffset, bases(), log.size()]).toEqual([4, [4, 6], 300]);
  });

  it('never passes the high watermark', () => {
    const { clock, log, append, expire } = build({ segmentBytes: 250, retentionMs: 1_000 });
    for (let i = 0; i < 5; i++) append(i);
    clock.nowUs = 60_000_000;
    expect(expire(3)).toEqual([{ reason: 'retentionTime', moved: true, records: 2 }]);
    expect(log.logStartOffset).toBe(2);
  });

  it('keeps everything with -1, and what a compacted topic does not delete', () => {
    for (const config of [{ retentionMs: -1 }, { retentionMs: 1_000, delete: false, compact: true }]) {
      const { clock, append, expire } = build({ segmentBytes: 250, ...config });
      for (let i = 0; i < 5; i++) append(i);
      clock.nowUs = 600_000_000;
      expect(expire()).toEqual([]);
    }
  });

  it('removes whole segments below a raised start, and nothing is read below it', () => {
    const { log, append, expire, bases } = build({ segmentBytes: 250 });
    for (let i = 0; i < 5; i++) append(i);
    expect(log.raiseLogStart(3)).toBe(true);
    expect(log.raiseLogStart(1)).toBe(false);
    expect(expire()).toEqual([{ reason: 'deleteRecords', moved: false, records: 2 }]);
    expect([log.logStartOffset, bases()]).toEqual([3, [2, 4]]);
    expect(log.read(3, 5, 1_000, true).map((b) => b.baseOffset)).toEqual([3]);
  });
});

describe('a read', () => {
  it('ends with its segment, and nobody waits for more than that', () => {
    const { log, append, bases } = build({ segmentBytes: 250 });
    for (let i = 0; i < 5; i++) append(i);
    expect(bases()).toEqual([0, 2, 4]);
    const read = (offset: number) => log.read(offset, 5, 10_000, true).map((b) => b.baseOffset);
    expect([0, 1, 2, 4].map(read)).toEqual([[0, 1], [1], [2, 3], [4]]);
    expect([0, 3].map((offset) => log.readableBytes(offset, 5, 10_000))).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(log.readableBytes(4, 5, 10_000)).toBe(log.batches.at(-1)!.bytes);
  });
});

describe('a loss of power', () => {
  it('leaves what was written 30 s ago, and everything before the active segment', () => {
    const { log, append } = build({ segmentBytes: 250 });
    append(0);
    expect(log.writeback.durableEnd(29_000_000, log.logEndOffset)).toBe(0);
    append(20);
    expect(log.writeback.durableEnd(29_999_999, log.logEndOffset)).toBe(0);
    // The first second's append is on disk once a later one marks where it ended.
    expect(log.writeback.durableEnd(50_000_000, log.logEndOffset)).toBe(2);
    append(51);
    expect(log.writeback.durableEnd(51_000_000, log.logEndOffset)).toBe(2);
    expect(log.writeback.durableEnd(81_000_000, log.logEndOffset)).toBe(3);
  });

  it('follows a log that is written all the time with 30 s and at most a second between', () => {
    const { log, append, clock } = build();
    for (let i = 0; i < 1_000; i++) {
      append(i / 10);
      const end = log.writeback.durableEnd(clock.nowUs, log.logEndOffset);
      expect(end).toBeLessThanOrEqual(Math.max(0, i - 299));
      expect(end).toBeGreaterThanOrEqual(Math.max(0, i - 310));
    }
  });
});
