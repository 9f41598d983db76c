// Compaction of one log: what stays of each key, how long tombstones and markers stay, and that nothing is renumbered.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sym } from '../../contract/events.ts';
import type { RecordRow } from '../../kernel/records.ts';
import { EPOCH_MS } from '../../kernel/epoch.ts';
import { batchOf } from '../probe.test-helper.ts';
import { nextOffsetOf, runsOf } from '../protocol/batch.ts';
import { DELETE_HORIZON, TRANSACTIONAL } from '../protocol/records.ts';
import { cleanable, compact } from './compaction.ts';
import { PartitionLog } from './log.ts';
import { markerBatch } from './markers.ts';
import { TOPIC_DEFAULTS, type TopicConfig } from '../metadata/configs.ts';

type Written = readonly [key: string | null, value: string | null];

function build(config: Partial<TopicConfig> = {}) {
  const clock = { nowUs: 0 };
  const log = new PartitionLog(clock);
  log.config = { ...TOPIC_DEFAULTS, compact: true, delete: false, ...config };
  const rows: RecordRow[] = [];
  const write = (records: readonly Written[], over: object = {}) => {
    const firstRecord = rows.length;
    for (const [key, value] of records) rows.push({ producer: 0 as Sym, key, nth: 1, value, timestampMs: log.nowMs, bytes: 20 });
    return log.appendAsLeader(batchOf(records.length, { firstRecord, bytes: 61 + 20 * records.length, baseTimestampMs: log.nowMs, maxTimestampMs: log.nowMs, ...over }), 0);
  };
  const transaction = (producerId: number, records: readonly Written[], type: 'COMMIT' | 'ABORT' | null) => {
    write(records, { producerId, producerEpoch: 0, baseSequence: log.producers.get(producerId)?.lastSequence ?? 0, attributes: TRANSACTIONAL });
    if (type) marker(producerId, type);
  };
  const marker = (producerId: number, type: 'COMMIT' | 'ABORT') => {
    log.appendAsLeader(markerBatch({ type, coordinatorEpoch: 0 }, producerId, 0, log.nowMs), 0);
    log.transactions.settleBelow(log.logEndOffset);
  };
  /** Cleans everything that stands in the log now. */
  const clean = (stable = log.logEndOffset) => {
    log.roll('size');
    return compact(log, stable, log.nowMs, rows);
  };
  /** What a reader finds: offset, key and value. */
  const content = () =>
    log.batches.flatMap((b) =>
      runsOf(b, 0).flatMap((r) => Array.from({ length: r.firstRecord < 0 ? 0 : r.count }, (_, i) => [r.offset + i, rows[r.firstRecord + i]!.key, rows[r.firstRecord + i]!.value] as const)),
    );
  const after = (ms: number) => void (clock.nowUs += ms * 1000);
  return { log, rows, write, transaction, marker, clean, content, after };
}

describe('compaction', () => {
  it('keeps the newest record of each key at its offset', () => {
    const { log, write, clean, content } = build();
    write([
      ['a', '1'],
      ['b', '1'],
    ]);
    write([
      ['a', '2'],
      ['c', '1'],
      ['c', '2'],
    ]);
    write([['b', '2']]);
    expect(clean()).toMatchObject({ toOffset: 6, removed: 3, kept: 3 });
    expect(content()).toEqual([
      [2, 'a', '2'],
      [4, 'c', '2'],
      [5, 'b', '2'],
    ]);
    // The batch that lost a record in the middle still covers its offsets.
    expect(log.batches.map((b) => [b.baseOffset, nextOffsetOf(b), b.count])).toEqual([
      [2, 5, 2],
      [5, 6, 1],
    ]);
    expect(log.read(3, 6, 10_000, true).map((b) => b.baseOffset)).toEqual([2, 5]);
    expect(log.read(0, 6, 10_000, true).map((b) => b.baseOffset)).toEqual([2, 5]);
  });

  it('leaves the active segment alone, and what is not stable yet', () => {
    const { log, write, content, rows } = build();
    write([['a', '1']]);
    write([['a', '2']]);
    expect(compact(log, 2, log.nowMs, rows)).toBeNull();
    log.roll('size');
    write([['a', '3']]);
    expect(compact(log, 1, log.nowMs, rows)).toBeNull();
    expect(compact(log, 3, log.nowMs, rows)).toMatchObject({ toOffset: 2, removed: 1 });
    expect(content().map(([offset]) => offset)).toEqual([1, 2]);
  });

  it('is due above min.cleanable.dirty.ratio, or when max.compaction.lag.ms has passed', () => {
    const { log, write, clean, after } = build({ maxCompactionLagMs: 60_000 });
    for (let i = 0; i < 4; i++) write([[`k${i}`, '1']]);
    clean();
    write([['k0', '2']]);
    log.roll('size');
    expect(cleanable(log, 5, log.nowMs)).toEqual({ toOffset: 5, ratio: 0.2, due: false });
    after(60_000);
    expect(cleanable(log, 5, log.nowMs)!.due).toBe(false);
    after(1);
    expect(cleanable(log, 5, log.nowMs)!.due).toBe(true);
    for (let i = 0; i < 4; i++) write([['k1', String(i)]]);
    log.roll('size');
    expect(cleanable(log, 9, log.nowMs - 60_000)).toMatchObject({ toOffset: 9, due: true });
  });

  it('spares what is younger than min.compaction.lag.ms', () => {
    const { log, write, after } = build({ minCompactionLagMs: 10_000 });
    write([['a', '1']]);
    log.roll('size');
    after(9_000);
    write([['a', '2']]);
    log.roll('size');
    expect(cleanable(log, 2, log.nowMs)).toBeNull();
    after(1_000);
    expect(cleanable(log, 2, log.nowMs)).toMatchObject({ toOffset: 1 });
    after(9_000);
    expect(cleanable(log, 2, log.nowMs)).toMatchObject({ toOffset: 2 });
  });

  it('keeps a tombstone for delete.retention.ms from the first cleaning that saw it', () => {
    const { log, write, clean, content, after } = build({ deleteRetentionMs: 20_000 });
    write([['a', '1']]);
    write([['a', null]]);
    after(5_000);
    clean();
    expect(content()).toEqual([[1, 'a', null]]);
    expect(log.batches[0]!.attributes & DELETE_HORIZON).not.toBe(0);
    expect(log.batches[0]!.baseTimestampMs).toBe(EPOCH_MS + 25_000);
    after(19_999);
    write([['b', '1']]);
    clean();
    expect(content().map(([, key]) => key)).toEqual(['a', 'b']);
    after(1);
    write([['b', '2']]);
    expect(clean()).toMatchObject({ removed: 2, expired: [1] });
    expect(content()).toEqual([[3, 'b', '2']]);
  });

  it('drops records of aborted transactions and keeps committed ones with their marker', () => {
    const { log, write, transaction, clean, content } = build();
    write([['a', '0']]);
    transaction(7, [['a', 'aborted']], 'ABORT');
    transaction(8, [['b', 'committed']], 'COMMIT');
    write([['c', '1']]);
    clean();
    // Not even the older value of a key is replaced by an aborted one.
    expect(content()).toEqual([
      [0, 'a', '0'],
      [3, 'b', 'committed'],
      [5, 'c', '1'],
    ]);
    expect(log.batches.filter((b) => b.producerId === 7).map((b) => [b.baseOffset, b.count])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    expect(log.batches.filter((b) => b.producerId === 8).map((b) => b.baseOffset)).toEqual([3, 4]);
  });

  it('removes a marker when all of its transaction is gone and its time has passed; the last of an active producer stays empty', () => {
    const { log, write, transaction, clean, after } = build({ deleteRetentionMs: 10_000 });
    transaction(8, [['a', '1']], 'COMMIT');
    transaction(8, [['b', '1']], 'COMMIT');
    write([['a', '2']]);
    clean();
    // The first transaction has lost its record; its marker got its time now.
    expect(log.batches.find((b) => b.baseOffset === 1)!.attributes & DELETE_HORIZON).toBe(0);
    write([['z', '1']]);
    clean();
    expect(log.batches.find((b) => b.baseOffset === 1)!.attributes & DELETE_HORIZON).not.toBe(0);
    after(10_000);
    write([['z', '2']]);
    clean();
    expect(log.batches.some((b) => b.baseOffset === 1)).toBe(false);
    expect(log.batches.filter((b) => b.producerId === 8).map((b) => b.baseOffset)).toEqual([2, 3]);
  });

  it('reads the same values of every key before and after, at the same offsets, whatever was written', () => {
    const records = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.constantFrom('1', '2', '3'))), { minLength: 1, maxLength: 4 });
    const step = fc.oneof(
      records.map((r) => ({ kind: 'write' as const, r })),
      fc.record({ kind: fc.constant('transaction' as const), r: records, p: fc.constantFrom(1, 2), type: fc.constantFrom('COMMIT' as const, 'ABORT' as const) }),
      fc.constant({ kind: 'clean' as const }),
      fc.constant({ kind: 'wait' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { log, write, transaction, clean, content, after } = build({ deleteRetentionMs: 1_000, segmentBytes: 400 });
        /** Of each key the newest value and offset that was not aborted. */
        const newest = new Map<string, readonly [number, string | null]>();
        for (const s of steps) {
          if (s.kind === 'wait') after(700);
          else if (s.kind === 'clean') clean();
          else {
            const base = log.logEndOffset;
            if (s.kind === 'write') write(s.r);
            else transaction(s.p, s.r, s.type);
            if (s.kind === 'write' || s.type === 'COMMIT') s.r.forEach(([key, value], i) => newest.set(key, [base + i, value]));
          }
          const found = new Map(content().map(([offset, key, value]) => [`${key}@${offset}`, value]));
          for (const [key, [offset, value]] of newest) {
            if (value !== null) expect(found.get(`${key}@${offset}`)).toBe(value);
            else expect(found.get(`${key}@${offset}`) ?? null).toBeNull();
          }
          let end = -1;
          for (const b of log.batches) {
            expect(b.baseOffset).toBeGreaterThan(end);
            end = nextOffsetOf(b) - 1;
          }
          expect(end).toBeLessThan(log.logEndOffset);
          expect(log.segments.reduce((n, x) => n + x.batches, 0)).toBe(log.batches.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});
