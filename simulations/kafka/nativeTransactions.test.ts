// Native producers with transactions, and what readers of both isolation levels see: timelines I and J of the semantics.
import { describe, expect, it } from 'vitest';
import { told, universe, type Told } from '../testing.ts';

const topic = { name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 };
const producer = (name: string, over: object = {}) => ({ name, role: 'producer', transactionalId: name, ...over });
const reader = (name: string, isolationLevel: string) => ({ name, role: 'consumer', group: name, topics: ['t'], autoOffsetReset: 'earliest', isolationLevel });
const readers = [reader('careful', 'read_committed'), reader('hasty', 'read_uncommitted')];
const load = (process: string, records: number, over: object = {}) => ({ process, topic: 't', records, startMs: 3_000, everyUs: 100_000, ...over });
const handed = (r: Told, process: string) =>
  r
    .of('consumer.delivered')
    .filter((e) => e.process === process)
    .flatMap((e) => Array.from({ length: e.records }, (_, i) => e.firstRecord + i));
const senders = (r: Told, ids: readonly number[]) => ids.map((id) => r.store.texts[r.store.records[id]!.producer]);

describe('a native producer with transactional.id', () => {
  it('commits every so many records and aborts every n-th; careful readers see what was committed, in order', () => {
    const r = told(universe({ topics: [topic], processes: [producer('p', { recordsPerTransaction: 4, abortEvery: 3 }), ...readers], workloads: [load('p', 30)], horizonMs: 30_000 }));
    const ends = r.of('producer.transactionEnded');
    expect(ends.map((e) => [e.number, e.committed, e.records])).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n, n % 3 !== 0, n === 8 ? 2 : 4]));
    expect(handed(r, 'hasty')).toHaveLength(30);
    expect(handed(r, 'careful')).toHaveLength(22);
    expect(r.of('consumer.skipped').reduce((n, e) => n + e.records, 0)).toBe(8);
    // Every end gives the next epoch, and sequences begin at 0 again.
    expect(
      r
        .of('kafka.append')
        .filter((e) => e.topic === 't' && e.leader && e.records > 0 && e.firstRecord >= 0 && e.baseSequence === 0)
        .map((e) => e.producerEpoch),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
    // Committed offsets pass over markers and aborted records: 30 records and 8 markers.
    expect(
      r
        .of('offset.committed')
        .filter((e) => e.group === 'careful')
        .at(-1)!.offset,
    ).toBe(38);
  });

  it('goes on through the death of a leader and of its coordinator', () => {
    const faults = ['kill broker-1 at 6s for 12s', 'kill broker-2 at 30s for 12s', 'loss p<->broker-3 share=1/5 at 20s for 5s'];
    const topics = [{ ...topic, partitions: 4 }];
    const r = told(universe({ topics, processes: [producer('p', { recordsPerTransaction: 7 }), ...readers], workloads: [load('p', 300)], horizonMs: 120_000 }, faults));
    expect(r.of('producer.fatal')).toEqual([]);
    expect(r.of('producer.transactionEnded').reduce((n, e) => n + (e.committed ? e.records : 0), 0)).toBe(300);
    expect(new Set(handed(r, 'careful')).size).toBe(300);
    expect(handed(r, 'careful')).toHaveLength(300);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('killed and started again fences itself: its open transaction is aborted, and it begins anew', () => {
    const r = told(universe({ topics: [topic], processes: [producer('p', { recordsPerTransaction: 10 }), ...readers], workloads: [load('p', 40)], horizonMs: 40_000 }, ['kill p at 4500ms for 2s']));
    expect(r.of('transaction.stateChanged').filter((e) => e.reason === 'fencing')).toHaveLength(1);
    expect(r.of('producer.transactionEnded').map((e) => [e.number, e.committed, e.records])).toEqual([[1, true, 10], ...[1, 2, 3, 4].map((n) => [n, true, 10])]);
    expect(r.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('aborts when a record cannot be delivered in time, and goes on with the next transaction', () => {
    const slow = producer('p', { recordsPerTransaction: 5, deliveryTimeoutMs: 2_000, requestTimeoutMs: 1_000 });
    const r = told(universe({ topics: [topic], processes: [slow, ...readers], workloads: [load('p', 60)], horizonMs: 40_000 }, ['cut p<->{broker-1,broker-2,broker-3} at 5s for 6s']));
    const ends = r.of('producer.transactionEnded');
    expect(ends.some((e) => !e.committed)).toBe(true);
    expect(ends.at(-1)!.committed).toBe(true);
    expect(r.of('producer.failed').length).toBeGreaterThan(0);
    expect(new Set(handed(r, 'careful')).size).toBe(ends.reduce((n, e) => n + (e.committed ? e.records : 0), 0));
  });
});

describe('a zombie (timeline I)', () => {
  it('is fenced by its successor, hears 47 of its batch and 90 of its end, and nobody careful ever saw its open records', () => {
    const processes = [producer('old', { transactionalId: 'pay', recordsPerTransaction: 10 }), producer('young', { transactionalId: 'pay', recordsPerTransaction: 10, startMs: 10_000 }), ...readers];
    const r = told(universe({ topics: [topic], processes, workloads: [load('old', 100), load('young', 20, { startMs: 10_000 })], horizonMs: 60_000 }, ['pause old at 5500ms for 20s']));
    const changes = r.of('transaction.stateChanged').filter((e) => e.timeUs > 10_000_000 && e.timeUs < 10_600_000);
    const epoch = changes[0]!.producerEpoch;
    expect(changes.slice(0, 3).map((e) => [e.from, e.to, e.producerEpoch - epoch, e.reason])).toEqual([
      ['Ongoing', 'PrepareAbort', 0, 'fencing'],
      ['PrepareAbort', 'CompleteAbort', 0, 'markersWritten'],
      ['CompleteAbort', 'Empty', 1, 'client'],
    ]);
    const refused = (api: string, client: string) =>
      r
        .of('request.answered')
        .filter((e) => e.api === api && e.client === client && e.error !== 'NONE')
        .map((e) => e.error);
    expect(refused('InitProducerId', 'young')).toEqual(['CONCURRENT_TRANSACTIONS']);
    expect(refused('Produce', 'old')).toEqual(['INVALID_PRODUCER_EPOCH']);
    expect(refused('EndTxn', 'old')).toEqual(['PRODUCER_FENCED']);
    expect(r.of('producer.fatal')).toMatchObject([{ process: 'old', transactionalId: 'pay', error: 'PRODUCER_FENCED' }]);
    expect(r.of('producer.transactionEnded').filter((e) => e.process === 'young')).toHaveLength(2);
    const careful = senders(r, handed(r, 'careful'));
    const done = r
      .of('producer.transactionEnded')
      .filter((e) => e.process === 'old')
      .reduce((n, e) => n + e.records, 0);
    expect(careful.filter((p) => p === 'old')).toHaveLength(done);
    expect(senders(r, handed(r, 'hasty')).filter((p) => p === 'old').length).toBeGreaterThan(done);
  });
});

describe('a hanging transaction (timeline J)', () => {
  it('holds the last stable offset until transaction.timeout.ms and the next look have passed; hasty readers do not wait', () => {
    const processes = [producer('hung', { recordsPerTransaction: 100 }), producer('busy', { recordsPerTransaction: 20 }), ...readers];
    const r = told(universe({ topics: [topic], processes, workloads: [load('hung', 50), load('busy', 400, { startMs: 6_000, everyUs: 50_000 })], horizonMs: 100_000 }, ['pause hung at 4s']));
    const opened = r.of('kafka.transactionOpened')[0]!;
    const stable = r.of('kafka.lastStableOffset');
    const lastHeld = stable.filter((e) => e.offset === opened.firstOffset).at(-1)!;
    const released = stable.find((e) => e.seq > lastHeld.seq)!;
    const waitedMs = (released.timeUs - opened.timeUs) / 1000;
    expect(waitedMs).toBeGreaterThan(60_000);
    expect(waitedMs).toBeLessThan(70_100);
    const aborted = r.of('transaction.stateChanged').find((e) => e.transactionalId === 'hung' && e.to === 'PrepareAbort')!;
    expect(aborted.reason).toBe('timeout');
    expect(aborted.timeUs % 10_000_000).toBeLessThan(20_000);
    const readBefore = (name: string) =>
      r
        .of('consumer.delivered')
        .filter((e) => e.process === name && e.timeUs < released.timeUs)
        .at(-1)?.nextOffset ?? 0;
    expect(readBefore('careful')).toBe(opened.firstOffset);
    // 400 records of the busy one, 20 markers, and what the hung one had sent.
    expect(readBefore('hasty')).toBeGreaterThan(410);
    expect(new Set(handed(r, 'careful')).size).toBe(400);
  });
});
