// Each new property is broken once by a trace that no broker would write: an invariant that cannot fail proves nothing.
import { describe, expect, it } from 'vitest';
import { Kernel } from '../kernel/kernel.ts';
import { TraceWriter } from '../kernel/trace.ts';
import { universe } from '../testing.ts';
import type { InvariantId } from './catalogue.ts';
import { watchInvariants } from './watch.ts';

const PRODUCER = 7;

function watching(config: object = {}) {
  const trace = new TraceWriter(null);
  const kernel = new Kernel({ seed: 1, trace, horizonUs: 1_000_000, limits: { events: 10_000, payloadBytes: 1e9, processes: 10 } });
  const { scenario } = universe({
    cluster: { brokers: 3, config },
    topics: [{ name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 }],
  });
  const results = watchInvariants(kernel, scenario, []);
  const s = (text: string) => trace.sym(text);
  let records = 0;
  const record = (key: string) => trace.record({ producer: s('p'), key, nth: ++records, value: 'v', timestampMs: 0, bytes: 10 });
  const is = {
    role: (broker: string, role: string, logEndOffset: number, isr = '1,2,3') => trace.emit('kafka.roleTaken', s(broker), -1, s('t'), 0, s(role), 1, 0, logEndOffset, s(isr)),
    append: (broker: string, leader: boolean, offset: number, first: number, producerId = -1, count = 1) =>
      trace.emit('kafka.append', s(broker), -1, s('t'), 0, leader, offset, count, first, 0, 100, producerId, producerId < 0 ? -1 : 0, -1, first),
    opened: (offset: number) => trace.emit('kafka.transactionOpened', s('broker-1'), -1, s('t'), 0, offset, PRODUCER, 0),
    marker: (marker: string, offset: number, firstOffset: number) => {
      is.append('broker-1', true, offset, -1, PRODUCER);
      trace.emit('transaction.markerWritten', s('broker-1'), -1, s('t'), 0, s(marker), offset, PRODUCER, 0, 0, firstOffset);
    },
    met: (isolation: string, group = 'g') => trace.emit('consumer.metTransaction', s('c'), -1, s(group), s('t'), 0, s(isolation)),
    delivered: (offset: number, first: number, count = 1, group = 'g') => trace.emit('consumer.delivered', s('c'), -1, s(group), s('t'), 0, offset, offset + count, count, first),
    acknowledged: (offset: number, first: number) => trace.emit('producer.acknowledged', s('p'), -1, s('t'), 0, offset, 1, first, -1),
    logStart: (broker: string, offset: number, reason: string) => trace.emit('kafka.logStartOffset', s(broker), -1, s('t'), 0, offset, s(reason), 0),
    compacted: (broker: string, to: number) => trace.emit('kafka.compacted', s(broker), -1, s('t'), 0, to, 1, 1, 100, s('')),
    highWatermark: (broker: string, offset: number) => trace.emit('kafka.highWatermark', s(broker), -1, s('t'), 0, offset, broker === 'broker-1', 100, 0),
    lastStable: (offset: number, highWatermark: number) => trace.emit('kafka.lastStableOffset', s('broker-1'), -1, s('t'), 0, offset, highWatermark),
    tailLost: (broker: string, to: number) => trace.emit('kafka.tailLost', s(broker), -1, s('t'), 0, to, 1),
    isr: (list: string) => trace.emit('kafka.isrChanged', s('controller'), -1, s('t'), 0, s(list), s(list), 1, 0, 0),
  };
  const broken = (): [InvariantId, string][] =>
    results()
      .filter((r) => !r.held)
      .map((r) => [r.id, r.unmet]);
  const tested = (id: InvariantId) => results().find((r) => r.id === id)!.tested;
  return { ...is, record, broken, tested };
}

describe('read-committed', () => {
  /** One record in a transaction, the marker, and another record. */
  function transaction(marker: 'COMMIT' | 'ABORT' | null, isolation: string) {
    const w = watching();
    w.role('broker-1', 'leader', 0);
    w.opened(0);
    const first = w.record('a');
    w.append('broker-1', true, 0, first, PRODUCER);
    if (marker) w.marker(marker, 1, 0);
    w.met(isolation);
    return { ...w, first };
  }

  it.each([
    ['COMMIT', 'read_committed', false],
    ['ABORT', 'read_committed', true],
    [null, 'read_committed', true],
    ['ABORT', 'read_uncommitted', false],
    [null, 'read_uncommitted', false],
  ] as const)('%s transaction, %s: broken %s', (marker, isolation, isBroken) => {
    const w = transaction(marker, isolation);
    w.delivered(0, w.first);
    expect(w.broken()).toEqual(isBroken ? [['read-committed', '']] : []);
    expect(w.tested('read-committed')).toBe(isolation === 'read_committed' ? 1 : 0);
  });

  it('judges each group of a process by its own isolation level', () => {
    const w = transaction('ABORT', 'read_committed');
    w.met('read_uncommitted', 'other');
    w.delivered(0, w.first, 1, 'other');
    expect(w.broken()).toEqual([]);
  });

  it('lets the records of others pass, between those of an open transaction', () => {
    const w = transaction(null, 'read_committed');
    const other = w.record('b');
    w.append('broker-1', true, 1, other);
    w.delivered(1, other);
    expect(w.broken()).toEqual([]);
    w.delivered(0, w.first);
    expect(w.broken()).toEqual([['read-committed', '']]);
  });

  it('forgets an end that the next leader does not have', () => {
    const w = transaction('COMMIT', 'read_committed');
    w.append('broker-2', false, 0, w.first, PRODUCER);
    w.role('broker-2', 'leader', 1, '2,3');
    w.delivered(0, w.first);
    expect(w.broken()).toEqual([['read-committed', '']]);
  });

  it('forgets a beginning that the next leader does not have', () => {
    const w = transaction(null, 'read_committed');
    w.role('broker-2', 'leader', 0, '2,3');
    const other = w.record('b');
    w.append('broker-2', true, 0, other, PRODUCER);
    w.delivered(0, other);
    expect(w.broken()).toEqual([]);
  });
});

describe('markers-hidden', () => {
  it('is broken by a delivery that reaches over a marker', () => {
    const w = watching();
    w.role('broker-1', 'leader', 0);
    w.opened(0);
    const first = w.record('a');
    w.record('b');
    w.append('broker-1', true, 0, first, PRODUCER);
    w.marker('COMMIT', 1, 0);
    w.delivered(0, first);
    expect(w.broken()).toEqual([]);
    expect(w.tested('markers-hidden')).toBe(1);
    w.delivered(0, first, 2);
    expect(w.broken()).toEqual([['markers-hidden', '']]);
  });
});

describe('offsets-kept', () => {
  it('is broken when compaction gives a record another offset', () => {
    const w = watching();
    w.role('broker-1', 'leader', 0);
    const [a, b] = [w.record('a'), w.record('b')];
    w.append('broker-1', true, 0, a);
    w.append('broker-1', true, 1, b);
    w.compacted('broker-1', 2);
    w.delivered(1, b);
    expect(w.broken()).toEqual([]);
    expect(w.tested('offsets-kept')).toBe(1);
    w.delivered(0, b);
    expect(w.broken()).toEqual([['offsets-kept', '']]);
  });
});

describe('log-bounds', () => {
  it.each([
    ['a last stable offset above the high watermark', (w: ReturnType<typeof watching>) => w.lastStable(6, 5)],
    ['a last stable offset below the start', (w: ReturnType<typeof watching>) => w.lastStable(2, 5)],
    ['a start above the high watermark', (w: ReturnType<typeof watching>) => w.logStart('broker-1', 6, 'retentionSize')],
    ['a start that goes back', (w: ReturnType<typeof watching>) => w.logStart('broker-1', 2, 'leader')],
  ])('is broken by %s', (_what, act) => {
    const w = watching();
    w.role('broker-1', 'leader', 0);
    w.highWatermark('broker-1', 5);
    w.logStart('broker-1', 3, 'deleteRecords');
    w.lastStable(3, 5);
    expect(w.broken()).toEqual([]);
    act(w);
    expect(w.broken()).toEqual([['log-bounds', '']]);
  });
});

describe('acknowledged-kept', () => {
  function acknowledged(config: object = {}) {
    const w = watching(config);
    w.role('broker-1', 'leader', 0);
    const a = w.record('a');
    w.append('broker-1', true, 0, a);
    w.acknowledged(0, a);
    return { ...w, a };
  }

  it('calls nothing lost that retention gave up or compaction removed', () => {
    const retained = acknowledged();
    retained.logStart('broker-2', 1, 'outOfRange');
    retained.role('broker-2', 'leader', 1);
    expect(retained.broken()).toEqual([]);
    const compacted = acknowledged();
    compacted.compacted('broker-1', 1);
    compacted.role('broker-2', 'leader', 1);
    expect(compacted.broken()).toEqual([]);
    const lost = acknowledged();
    lost.role('broker-2', 'leader', 1);
    expect(lost.broken()).toEqual([['acknowledged-kept', '']]);
  });

  it('is not promised where a loss of power took the end of a log', () => {
    const w = acknowledged();
    w.tailLost('broker-1', 0);
    w.role('broker-2', 'leader', 0);
    expect(w.broken()).toEqual([['acknowledged-kept', 'power']]);
  });

  it('waits for the next leader where an acknowledgement arrives after its broker lost power', () => {
    const late = (follower: boolean) => {
      const w = watching();
      w.role('broker-1', 'leader', 0);
      const a = w.record('a');
      w.append('broker-1', true, 0, a);
      if (follower) w.append('broker-2', false, 0, a);
      w.tailLost('broker-1', 0);
      w.acknowledged(0, a);
      const before = w.broken();
      w.role('broker-2', 'leader', 1);
      return { before, after: w.broken() };
    };
    expect(late(true)).toEqual({ before: [], after: [] });
    expect(late(false)).toEqual({ before: [], after: [['acknowledged-kept', 'power']] });
  });
});

describe('replicas-agree', () => {
  function replicas() {
    const w = watching();
    w.role('broker-1', 'leader', 0);
    const ids = Array.from({ length: 6 }, (_, i) => w.record(`k${i}`));
    ids.forEach((id, i) => w.append('broker-1', true, i, id));
    w.highWatermark('broker-1', 6);
    return { ...w, ids };
  }

  it('compares from where the later of two begins', () => {
    const w = replicas();
    w.logStart('broker-2', 3, 'outOfRange');
    for (const i of [3, 4, 5]) w.append('broker-2', false, i, w.ids[i]!);
    w.isr('1,2');
    expect(w.broken()).toEqual([]);
  });

  it('sees a batch that is missing in the middle', () => {
    const w = replicas();
    for (const i of [0, 1, 3, 4]) w.append('broker-2', false, i, w.ids[i]!);
    w.isr('1,2');
    expect(w.broken()).toEqual([['replicas-agree', '']]);
  });

  it('lets compaction remove what it likes below its end, but not replace, and nothing above', () => {
    const w = replicas();
    w.compacted('broker-1', 4);
    for (const i of [0, 3, 4, 5]) w.append('broker-2', false, i, w.ids[i]!);
    w.isr('1,2');
    expect(w.broken()).toEqual([]);
    for (const i of [0, 3, 5]) w.append('broker-3', false, i, w.ids[i]!);
    w.isr('1,3');
    expect(w.broken()).toEqual([['replicas-agree', '']]);
    // The leader itself may have copied what another had compacted.
    const copied = watching();
    copied.role('broker-1', 'leader', 0);
    const kept = [0, 1, 5].map((offset) => ({ offset, id: copied.record('k') }));
    for (const { offset, id } of kept.filter((k) => k.offset !== 1)) copied.append('broker-1', true, offset, id);
    copied.compacted('broker-2', 5);
    copied.highWatermark('broker-1', 6);
    for (const { offset, id } of kept) copied.append('broker-2', false, offset, id);
    copied.isr('1,2');
    expect(copied.broken()).toEqual([]);
    const other = replicas();
    other.compacted('broker-1', 4);
    other.append('broker-2', false, 2, other.ids[1]!);
    expect(other.broken()).toEqual([['replicas-agree', '']]);
  });
});

describe('key-order', () => {
  /** Records 1, 2 and 3 of one key, in the log in the order 1, 3, 2. */
  const log = (idOf: (n: number) => number) => {
    const w = watching();
    w.role('broker-1', 'leader', 0);
    const ids = [1, 2, 3].map(() => w.record('k'));
    [1, 3, 2].forEach((n, offset) => w.append('broker-1', true, offset, ids[n - 1]!, idOf(n)));
    return w;
  };

  it('is broken by a record that comes behind a later one of its producer; without idempotence nobody promised it', () => {
    expect(log(() => 4).broken()).toEqual([['key-order', '']]);
    expect(log(() => -1).broken()).toEqual([['key-order', 'idempotence']]);
  });

  it('is not asked of two producers of one process', () => {
    const w = log((n) => (n === 2 ? 5 : 4));
    expect(w.broken()).toEqual([]);
    expect(w.tested('key-order')).toBe(3);
  });
});
