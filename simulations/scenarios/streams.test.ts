// Every job of the story gives what it is there to show, and after one crash commits what it commits without one.
import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../contract/events.ts';
import { streamProcessNames, type Scenario } from '../contract/scenario.ts';
import { TraceStore } from '../kernel/traceStore.ts';
import { drawInt, drawKey } from '../kernel/draws.ts';
import { createRun, runToEnd, type RunResult } from '../run.ts';
import { STREAM_JOBS } from './streams.ts';

const CRASHES = 8;

function run(scenario: Scenario, seed: number, faults: readonly string[]): { result: RunResult; finished: boolean; restored: boolean } {
  const made = createRun({ scenario, faults, seed, files: {} }, { sink: null, guests: null });
  let finished = false;
  let restored = false;
  made.trace.watch('job.stateChanged', (v) => {
    if (made.trace.text(v[3]! as never) === 'FINISHED') finished = true;
  });
  made.trace.watch('job.restored', () => (restored = true));
  while (made.advance(65_536) !== 'ended');
  return { result: made.result(), finished, restored };
}

describe.each(STREAM_JOBS.map((s) => [s.id, s] as const))('%s', (_, scenario) => {
  it(`keeps its promises through one crash: ${CRASHES} seeds`, () => {
    const targets = [...streamProcessNames(scenario), 'broker-1', 'broker-2', 'broker-3'];
    let restored = 0;
    for (let seed = 0; seed < CRASHES; seed++) {
      const draws = drawKey(seed, `crash/${scenario.id}`);
      const target = seed % 2 === 0 ? 'taskmanager-1' : targets[drawInt(draws, 0, targets.length)]!;
      const fault = `kill ${target} at ${4_000 + drawInt(draws, 1, 30_000)}ms for ${500 + drawInt(draws, 2, 6_000)}ms`;
      const o = run(scenario, seed, [fault]);
      restored += o.restored ? 1 : 0;
      expect(o.finished, `seed ${seed}, ${fault}`).toBe(true);
      for (const i of o.result.invariants) expect(i.held || !i.promised, `seed ${seed}, ${fault}: ${i.id} ${i.unmet}`).toBe(true);
      const once = o.result.invariants.find((i) => i.id === 'output-once')!;
      expect(once.tested).toBeGreaterThan(0);
      if (!once.held) expect(once.unmet).toBe('no-late-records');
    }
    expect(restored).toBeGreaterThan(CRASHES / 3);
  }, 60_000);
});

function eventsOf<K extends TraceEvent['type']>(id: string, type: K, seed = 1): Extract<TraceEvent, { type: K }>[] {
  const scenario = STREAM_JOBS.find((s) => s.id === id)!;
  const store = new TraceStore();
  runToEnd({ scenario, faults: [], seed, files: {} }, (chunk) => store.append(chunk));
  const found: Extract<TraceEvent, { type: K }>[] = [];
  for (let seq = 0; seq < store.count; seq++) if (store.typeAt(seq) === type) found.push(store.event(seq) as Extract<TraceEvent, { type: K }>);
  return found;
}

const resultsOf = (id: string, seed = 1) => eventsOf(id, 'operator.emitted', seed).map((e) => JSON.parse(e.value) as Record<string, unknown>);

describe('what the jobs show', () => {
  it('sessions that a late view joined, and views that came too late', () => {
    expect(eventsOf('engagement-per-session', 'operator.late').length).toBeGreaterThan(2);
    expect(resultsOf('engagement-per-session').some((r) => (r['views'] as number) > 3)).toBe(true);
  });

  it('every view once with the profile that held', () => {
    const enriched = resultsOf('enrichment-join');
    expect(enriched).toHaveLength(400);
    expect(enriched.filter((e) => e['plan'] === 'unknown').length).toBeLessThan(40);
    expect(new Set(enriched.map((e) => e['version'])).size).toBeGreaterThan(2);
  });

  it('partial matches that end for different reasons', () => {
    const reasons = (id: string) => new Set(eventsOf(id, 'cep.matchPruned').map((e) => e.reason));
    expect([...reasons('binge-watching')]).toEqual(expect.arrayContaining(['contiguity']));
    expect([...reasons('churn-risk')]).toEqual(expect.arrayContaining(['stop']));
    expect([...reasons('premium-conversion')]).toEqual(expect.arrayContaining(['time']));
    expect([...reasons('virality')]).toEqual(expect.arrayContaining(['skip', 'time']));
  });

  it('three of one series within two hours', () => {
    for (const b of resultsOf('binge-watching')) expect((b['until'] as number) - (b['from'] as number)).toBeLessThan(7_200_000);
  });

  it('significance where nothing differs, by the naive figure', () => {
    const last = Array.from({ length: 20 }, (_, seed) => resultsOf('live-ab-test', seed).at(-1)!);
    const naive = last.filter((r) => r['naiveSignificant'] === true).length;
    const right = last.filter((r) => r['significant'] === true).length;
    expect(naive).toBeGreaterThanOrEqual(3);
    expect(right).toBeLessThanOrEqual(2);
  });

  it('silence, then a spike', () => expect(resultsOf('traffic-anomaly').map((r) => r['kind'])).toEqual(expect.arrayContaining(['silence', 'spike'])));
});
