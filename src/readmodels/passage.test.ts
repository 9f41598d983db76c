import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { chainOf } from './causes.ts';
import { createPassages } from './passage.ts';

const scenario = { ...scenarioById('trending-content')!, horizonMs: 30_000 };
const store = new TraceStore();
runToEnd({ scenario, faults: scenario.faults, seed: 1, files: {} }, (chunk) => store.append(chunk));
const passages = createPassages(store);
const all = Array.from({ length: store.count }, (_, seq) => store.event(seq));
const fired = all.filter((e) => e.type === 'window.fired');
const received = all.filter((e) => e.type === 'operator.received');

describe('the passage of a record through a job', () => {
  it('leads from a record to every firing that holds it, and from there to the result in its topic', () => {
    const arrival = received.find((e) => e.timeUs > 6_000_000)!;
    expect(passages.arrivalsOf(arrival.record, store.count)[0]).toBe(arrival.seq);
    const next = passages.next(arrival.seq, store.count).map((seq) => store.event(seq));
    const expected = fired.filter((e) => e.seq > arrival.seq && e.key === arrival.key && e.startMs <= arrival.timestampMs && arrival.timestampMs < e.endMs);
    expect(next.map((e) => e.seq)).toEqual(expected.map((e) => e.seq));
    expect(expected.length).toBeGreaterThan(5);
    const [emitted] = passages.next(expected[0]!.seq, store.count);
    const record = passages.resultOf(emitted!, store.count);
    expect(store.records[record]?.value).toBe((store.event(emitted!) as unknown as { value: string }).value);
    expect(passages.emittedBy(record)).toBe(emitted);
  });

  it('knows nothing past the playhead', () => {
    const arrival = received[0]!;
    const [first] = passages.next(arrival.seq, store.count);
    expect(passages.next(arrival.seq, first!)).toEqual([]);
    expect(passages.next(arrival.seq, first! + 1)).toEqual([first]);
    const emitted = all.find((e) => e.type === 'operator.emitted')!.seq;
    const sent = all.find((e) => e.type === 'producer.sent' && e.cause === emitted)!.seq;
    expect([passages.resultOf(emitted, sent), passages.resultOf(emitted, sent + 1) >= 0]).toEqual([-1, true]);
  });

  it('leads back from a firing to each record of its window once, though some came again after a restart', () => {
    const again = received.filter((e, i) => received.findIndex((o) => o.record === e.record) < i);
    expect(again.length).toBeGreaterThan(10);
    for (const e of fired) {
      const held = new Set(received.filter((r) => r.seq < e.seq && r.key === e.key && e.startMs <= r.timestampMs && r.timestampMs < e.endMs).map((r) => r.record));
      const told = passages.previous(e.seq, store.count).map((seq) => (store.event(seq) as unknown as { record: number }).record);
      expect(told.length).toBe(held.size);
      expect(new Set(told)).toEqual(held);
    }
  });

  it('finds the result of everything that was written, but for what was lost with its process', () => {
    const emitted = all.filter((e) => e.type === 'operator.emitted');
    const sent = all.filter((e) => e.type === 'producer.sent' && e.process.startsWith('taskmanager'));
    const first = new Set(sent.flatMap((e) => (e.type === 'producer.sent' ? Array.from({ length: e.records }, (_, i) => e.firstRecord + i) : [])));
    expect(new Set(emitted.map((e) => passages.resultOf(e.seq, store.count)).filter((record) => record >= 0))).toEqual(first);
  });
});

describe('why a window fired', () => {
  it('is its watermark, not the window that fired before it', () => {
    const many = fired.filter((e, i) => i > 0 && e.cause === fired[i - 1]!.cause);
    expect(many.length).toBeGreaterThan(5);
    for (const e of many)
      expect(
        chainOf(store, e.seq)
          .map((seq) => store.typeAt(seq))
          .slice(-2),
      ).toEqual(['watermark.advanced', 'window.fired']);
  });
});

describe('the passage of records through a pattern', () => {
  it.each(['premium-conversion', 'virality', 'taste-change', 'churn-risk'])('leads from a match back to each record that it took, and from each of them to the match: %s', (id) => {
    const of = new TraceStore();
    runToEnd({ scenario: scenarioById(id)!, faults: scenarioById(id)!.faults, seed: 1, files: {} }, (chunk) => of.append(chunk));
    const patterns = createPassages(of);
    const recordOf = (seq: number) => (of.event(seq) as unknown as { record: number }).record;
    let matches = 0;
    for (let seq = 0; seq < of.count; seq++) {
      const e = of.event(seq);
      if (e.type !== 'cep.matched') continue;
      matches++;
      const previous = patterns.previous(seq, of.count);
      const events = e.stages.split(',').reduce((sum, stage) => sum + Number(stage.split('=')[1]), 0);
      expect(new Set(previous.map(recordOf)).size, e.stages).toBe(events);
      expect(previous.every((s) => recordOf(s) >= 0)).toBe(true);
      for (const s of previous) {
        const arrival = of.typeAt(s) === 'operator.received' ? s : of.causeAt(s);
        expect(patterns.next(arrival, of.count)).toContain(seq);
      }
    }
    expect(matches).toBeGreaterThan(3);
  });
});
