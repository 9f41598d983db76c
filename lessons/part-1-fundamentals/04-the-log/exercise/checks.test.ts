import { describe, expect, it } from 'vitest';
import { TraceWriter } from '../../../../simulations/kernel/trace.ts';
import { TraceStore } from '../../../../simulations/kernel/traceStore.ts';
import type { Sym } from '../../../../simulations/contract/events.ts';
import { judge } from './checks.ts';
import { DIAGNOSES, tell } from './diagnoses.ts';
import type { WatchEvent } from './events.ts';

/** A run written by hand: 600 events of 48 users, 30 ms apart, placed by key and partition. */
function run(place: (e: WatchEvent, i: number) => { key: string | null; partition: number } | null, more: (w: Writer) => void = () => {}) {
  const w = new Writer();
  for (let i = 0; i < 600; i++) {
    const at = place(eventOf(i), i);
    if (at) w.append(2_000_000 + i * 30_000, at.partition, at.key, JSON.stringify(eventOf(i)));
  }
  more(w);
  return w.done();
}

/** Users take turns; each changes the title every fourth event. */
function eventOf(i: number): WatchEvent {
  const type = (['play', 'pause', 'resume', 'stop'] as const)[Math.floor(i / 48) % 4]!;
  return { id: `watch-${String(i + 1).padStart(3, '0')}`, userId: `user-${1001 + (i % 48)}`, contentId: `c-${101 + (i % 7) + Math.floor(i / 192)}`, type, positionSec: i };
}

class Writer {
  readonly store = new TraceStore();
  private readonly trace = new TraceWriter((chunk) => this.store.append(chunk));
  private readonly ends = Array<number>(6).fill(0);
  private sym(text: string): Sym {
    return this.trace.sym(text);
  }
  append(atUs: number, partition: number, key: string | null, value: string, broker = 'broker-1', offset = this.ends[partition]!): number {
    this.trace.nowUs = atUs;
    const id = this.trace.record({ producer: this.sym('watch-app'), key, nth: 1, value, timestampMs: 0, bytes: 10 });
    this.trace.emit('producer.sent', this.sym('watch-app'), -1, this.sym('watch-events'), partition, 1, id, -1, 0);
    this.trace.emit('kafka.append', this.sym(broker), -1, this.sym('watch-events'), partition, true, offset, 1, id, 0, 10, -1, -1, -1, 0);
    this.ends[partition] = offset + 1;
    return id;
  }
  read(atUs: number, partition: number, id: number): void {
    this.trace.nowUs = atUs;
    this.trace.emit('consumer.delivered', this.sym('viewing-1'), -1, this.sym('viewing'), this.sym('watch-events'), partition, 0, 1, 1, id);
  }
  truncate(atUs: number, partition: number, toOffset: number): void {
    this.trace.nowUs = atUs;
    this.trace.emit('kafka.truncate', this.sym('broker-1'), -1, this.sym('watch-events'), partition, toOffset, 1);
    this.ends[partition] = toOffset;
  }
  elect(partition: number, leader: number): void {
    this.trace.emit('kafka.leaderElected', this.sym('controller'), -1, this.sym('watch-events'), partition, leader, -1, 0, this.sym('1,2,3'), this.sym('1,2,3'), false);
  }
  fault(atUs: number, index: number, kind: string, tookEffect: boolean, endUs: number, touched: number): void {
    this.trace.nowUs = atUs;
    this.trace.emit('fault.started', 0 as Sym, -1, index, this.sym(kind), this.sym(kind), tookEffect);
    this.trace.nowUs = endUs;
    this.trace.emit('fault.ended', 0 as Sym, -1, index, this.sym(kind), this.sym(kind), touched);
  }
  uncaught(atUs: number): void {
    this.trace.nowUs = atUs;
    this.trace.emit('guest.uncaught', this.sym('watch-app'), -1, this.sym('TypeError'), this.sym(''), this.sym('x is undefined'), this.sym(''), this.sym('publish.ts'), 12, 3);
  }
  done(): TraceStore {
    this.trace.flush();
    return this.store;
  }
}

const userPartition = (e: WatchEvent) => Number(e.userId.slice(5)) % 6;

describe('the checks of lesson 1.4', () => {
  it('hold when the key is the user', () => {
    const judged = judge(run((e) => ({ key: e.userId, partition: userPartition(e) })));
    expect(judged).toEqual({ held: [true, true, true], findings: [], faultsInEffect: 0 });
  });

  it.each([
    ['no-key', (_: WatchEvent, i: number) => ({ key: null, partition: i % 5 })],
    ['keyed-by-content', (e: WatchEvent) => ({ key: e.contentId, partition: Number(e.contentId.slice(2)) % 6 })],
    ['keyed-by-type', (e: WatchEvent) => ({ key: e.type, partition: e.type.length - 4 })],
    ['split-by-content', (e: WatchEvent) => ({ key: `${e.userId}:${e.contentId}`, partition: (userPartition(e) + Number(e.contentId.slice(2))) % 6 })],
    ['salted-user', (e: WatchEvent, i: number) => ({ key: `${e.userId}-${Math.floor(i / 48) % 4}`, partition: (userPartition(e) + Math.floor(i / 48)) % 6 })],
    ['partition-by-hand', (e: WatchEvent, i: number) => ({ key: e.userId, partition: i % 5 })],
    ['one-key', () => ({ key: 'all', partition: 3 })],
  ])('tell %s from the records', (diagnosis, place) => {
    const judged = judge(run(place));
    expect(judged.findings.map((f) => f.diagnosis)).toContain(diagnosis);
  });

  it('name the first wrong event with its time', () => {
    const judged = judge(run((e, i) => ({ key: e.userId, partition: i === 300 ? (userPartition(e) + 1) % 6 : userPartition(e) })));
    expect(judged.findings).toHaveLength(1);
    expect(judged.findings[0]).toMatchObject({ check: 'order', atUs: 2_000_000 + 300 * 30_000, facts: { afterId: 'watch-301', user: 'user-1013' } });
  });

  it('find the record with which a partition got past its share for good', () => {
    const judged = judge(run((e) => ({ key: e.userId, partition: userPartition(e) < 3 ? 0 : userPartition(e) })));
    const balance = judged.findings.find((f) => f.check === 'balance')!;
    expect(judged.held).toEqual([true, false, true]);
    expect(balance.facts).toMatchObject({ partition: 0, fullestPercent: 50 });
    // The 241st record of partition 0, which takes three events of every six.
    expect(balance.atUs).toBe(2_000_000 + 481 * 30_000);
  });

  it('count a record stored twice once, and only by its first place', () => {
    const store = run(
      (e) => ({ key: e.userId, partition: userPartition(e) }),
      (w) => w.append(30_000_000, userPartition(eventOf(0)), 'user-1001', JSON.stringify(eventOf(0))),
    );
    expect(judge(store).held).toEqual([true, true, true]);
  });

  it('miss what was cut off the log and never stored again', () => {
    const store = run(
      (e) => ({ key: e.userId, partition: userPartition(e) }),
      (w) => w.truncate(30_000_000, 0, 99),
    );
    expect(judge(store).findings).toMatchObject([{ check: 'arrival', diagnosis: 'sent-not-stored', facts: { missing: 1 } }]);
  });

  it('read the log of the last leader', () => {
    const store = run(
      (e) => ({ key: e.userId, partition: userPartition(e) }),
      (w) => {
        for (let i = 0; i < 100; i++) w.append(30_000_000 + i, 0, 'x', 'something else', 'broker-2', i);
        w.elect(0, 2);
      },
    );
    expect(judge(store).findings.map((f) => f.check)).toEqual(['arrival']);
  });

  it('say which error ended the code', () => {
    const judged = judge(
      run(
        (e, i) => (i < 200 ? { key: e.userId, partition: userPartition(e) } : null),
        (w) => w.uncaught(8_000_000),
      ),
    );
    expect(judged.findings).toMatchObject([{ diagnosis: 'stopped-by-error', atUs: 8_000_000, facts: { missing: 400, line: 12, error: 'TypeError' } }]);
  });

  it('notice a reader that handled the later event first', () => {
    const w = new Writer();
    const ids = [w.append(2_000_000, 0, null, JSON.stringify(eventOf(0))), w.append(2_100_000, 1, null, JSON.stringify(eventOf(48)))];
    w.read(2_200_000, 1, ids[1]!);
    w.read(2_900_000, 0, ids[0]!);
    const order = judge(w.done()).findings.find((f) => f.check === 'order')!;
    expect(order.facts).toMatchObject({ overtakenUs: 2_200_000, overtakenSame: 1 });
    expect(tell(order, 'en')).toContain('at 2.200\u00a0s');
  });

  it('count only faults that struck while the code was sending', () => {
    const place = (e: WatchEvent) => ({ key: e.userId, partition: userPartition(e) });
    const struck = (...fault: Parameters<Writer['fault']>) => judge(run(place, (w) => w.fault(...fault))).faultsInEffect;
    expect(struck(5_000_000, 0, 'kill', true, 9_000_000, 1)).toBe(1);
    expect(struck(5_000_000, 0, 'kill', false, 9_000_000, 0)).toBe(0);
    expect(struck(5_000_000, 0, 'delay', true, 9_000_000, 0)).toBe(0);
    expect(struck(5_000_000, 0, 'delay', true, 9_000_000, 12)).toBe(1);
    expect(struck(50_000_000, 0, 'kill', true, 51_000_000, 1)).toBe(0);
  });
});

it('every diagnosis is a sentence in both languages', () => {
  const facts = { overtakenUs: -1, overtakenSame: 0, line: 3, file: 'publish.ts', afterContent: 'c-101', afterId: 'watch-002', id: 'watch-001' };
  for (const [id, said] of Object.entries(DIAGNOSES)) {
    expect(said.ko(facts), id).toMatch(/[.다요]$|요\.$/);
    expect(said.en(facts), id).toMatch(/\.$/);
  }
});
