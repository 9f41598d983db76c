// What every run owes: the same universe the same hash, a fork that shares its past to the byte, luck that does not leak.
import { describe, expect, it } from 'vitest';
import { drawInt, drawKey } from './kernel/draws.ts';
import { EVENT_SPECS, type TraceEvent } from './contract/events.ts';
import { toNdjson } from './kernel/traceStore.ts';
import { createRun, readSchedule, runToEnd } from './run.ts';
import { scenarioById } from './scenarios/catalogue.ts';
import { listed, told, universe } from './testing.ts';

const small = {
  horizonMs: 24_000,
  topics: [{ name: 'events', partitions: 3, replicationFactor: 3, minInsyncReplicas: 2 }],
  processes: [
    { name: 'writer', role: 'producer' },
    { name: 'reader-1', role: 'consumer', group: 'readers', topics: ['events'], autoOffsetReset: 'earliest' },
    { name: 'reader-2', role: 'consumer', group: 'readers', topics: ['events'], autoOffsetReset: 'earliest' },
  ],
  workloads: [{ process: 'writer', topic: 'events', records: 150, everyUs: 120_000 }],
};

describe('a run', () => {
  it('has one hash, stored or not, in slices of any size', () => {
    const u = listed('leader-dies');
    const hash = runToEnd(u).hash;
    expect(told(u).result.hash).toBe(hash);
    const run = createRun(u, { sink: null, guests: null });
    let budget = 1;
    while (run.advance(budget) !== 'ended') budget = (budget * 7) % 1013;
    expect(run.result().hash).toBe(hash);
  });

  it('has another hash for another seed, in every listed scenario', () => {
    for (const id of ['empty-cluster', 'steady-flow', 'leader-dies', 'acks-1-leader-loss', 'consumer-pause']) expect(runToEnd(listed(id, 2)).hash, id).not.toBe(runToEnd(listed(id, 1)).hash);
  });

  it('begins with run.started, ends with exactly one run.ended, and time never goes back', () => {
    const { all } = told(listed('leader-dies'));
    const events = all();
    expect(events[0]!.type).toBe('run.started');
    expect(events.filter((e) => e.type === 'run.ended')).toHaveLength(1);
    expect(events.at(-1)!.type).toBe('run.ended');
    for (let i = 1; i < events.length; i++) {
      expect(events[i]!.timeUs).toBeGreaterThanOrEqual(events[i - 1]!.timeUs);
      expect(events[i]!.cause).toBeLessThan(i);
    }
  });

  it('tells every delivered message of its sending, by cause', () => {
    const { all } = told(listed('steady-flow'));
    const events = all();
    for (const e of events) {
      if (e.type !== 'net.delivered') continue;
      const sent = events[e.cause]!;
      expect(sent.type).toBe('net.sent');
      if (sent.type === 'net.sent') expect([sent.message, sent.dueUs]).toEqual([e.message, e.timeUs]);
    }
  });

  it('leaves the trace before an injected fault byte-identical, at 200 drawn times', { timeout: 120_000 }, () => {
    const base = told(universe(small)).all().map(toNdjson);
    const times = told(universe(small))
      .all()
      .map((e) => e.timeUs);
    const key = drawKey(2026, 'cuts');
    const kinds = ['kill broker-1', 'pause reader-1', 'cut writer<->broker-2', 'delay broker-1<->broker-2 by=30ms', 'loss writer<->broker-1 share=1/3', 'restart broker-3'];
    for (let n = 0; n < 200; n++) {
      const atUs = Math.max(1, n % 4 === 0 ? times[drawInt(key, n, times.length)]! : drawInt(key, n, 24_000_000));
      const forked = told(universe(small, [`${kinds[n % kinds.length]!} at ${atUs}us for 2s`])).all();
      const strike = forked.findIndex((e) => e.type === 'fault.started');
      expect(strike, `cut ${n} at ${atUs}`).toBeGreaterThan(0);
      const before = forked.slice(0, strike);
      expect(before.every((e) => e.timeUs < atUs)).toBe(true);
      expect(times.filter((t) => t < atUs)).toHaveLength(strike);
      for (let i = 0; i < strike; i++) if (toNdjson(before[i]!) !== base[i]) expect(toNdjson(before[i]!)).toBe(base[i]);
    }
  });

  it('keeps every other component’s outcomes when an unrelated process is added', () => {
    const outcomes = (events: readonly TraceEvent[]) => {
      const by = new Map<string, string[]>();
      for (const e of events) {
        if (EVENT_SPECS[e.type].kind !== 'outcome' || e.process === 'bystander') continue;
        const hashed = EVENT_SPECS[e.type].fields.filter((f) => f.hashed).map((f) => (e as unknown as Record<string, unknown>)[f.name]);
        by.set(e.process, [...(by.get(e.process) ?? []), JSON.stringify([e.timeUs, e.type, hashed])]);
      }
      return by;
    };
    const faults = ['kill broker-2 at 6s for 8s', 'loss writer<->broker-1 share=1/5 at 3s for 6s'];
    const alone = outcomes(told(universe(small, faults)).all());
    // First in the list, so that every process after it has another number; it reads metadata and has nothing to send.
    const crowded = outcomes(told(universe({ ...small, processes: [{ name: 'bystander', role: 'producer', startMs: 500 }, ...small.processes] }, faults)).all());
    expect([...crowded.keys()].sort()).toEqual([...alone.keys()].sort());
    for (const [process, list] of alone) expect(crowded.get(process), process).toEqual(list);
    expect(alone.get('writer')!.length).toBeGreaterThan(200);
  });

  it('refuses a seed out of range and a schedule that cannot be read', () => {
    expect(() => createRun({ ...listed('empty-cluster'), seed: 2 ** 32 }, { sink: null, guests: null })).toThrow('seed');
    expect(() => createRun({ ...listed('empty-cluster'), faults: ['kill broker-9 at 1s'] }, { sink: null, guests: null })).toThrow('fault 1');
    const read = readSchedule(['kill broker-1 at 1s', 'slay broker-1 at 1s'], scenarioById('empty-cluster')!);
    expect(!read.ok && read.errors).toMatchObject([{ line: 1, error: { code: 'unknownKind' } }]);
  });
});

describe('what the scenarios are there to show', () => {
  it('acks-1-leader-loss loses an acknowledged record within 200 seeds, and names the unmet condition', () => {
    let lost = 0;
    for (let seed = 0; seed < 200 && lost === 0; seed++) {
      const kept = runToEnd(listed('acks-1-leader-loss', seed)).invariants.find((i) => i.id === 'acknowledged-kept')!;
      if (!kept.held) {
        lost++;
        expect(kept.promised).toBe(false);
        expect(kept.unmet).toBe('acks-all');
      }
    }
    expect(lost).toBe(1);
  });

  it('the quiet scenarios break nothing', () => {
    for (const id of ['empty-cluster', 'steady-flow', 'consumer-pause']) for (const i of runToEnd(listed(id)).invariants) expect(i.held, `${id} ${i.id}`).toBe(true);
  });
});
