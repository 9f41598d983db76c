import { describe, expect, it } from 'vitest';
import { INVARIANT_IDS, JOB_INVARIANTS } from '../../simulations/invariants/catalogue.ts';
import { swarm } from './run.ts';

describe('the swarm', () => {
  it('finds no violation over 200 seeds of safe settings, and puts every fault and invariant to the test', { timeout: 600_000 }, () => {
    const report = swarm({ seeds: 200, first: 0 });
    console.log(
      `swarm: ${report.seeds} seeds, ${report.withLeaderChange} with a leader change; faults that took effect ${JSON.stringify(report.tookEffect)}; invariants tested ${JSON.stringify(report.tested)}`,
    );
    expect(report.broken).toEqual([]);
    expect(report.unfinished).toBe(0);
    expect(report.withLeaderChange).toBeGreaterThanOrEqual(150);
    expect(report.withConversion).toBeGreaterThanOrEqual(15);
    for (const kind of ['kill', 'restart', 'pause', 'cut', 'delay', 'loss', 'shutdown', 'powerloss']) expect(report.tookEffect[kind] ?? 0, kind).toBeGreaterThanOrEqual(10);
    // What stream jobs promise is put to the test where there are jobs: simulations/streams/recovery.test.ts, simulations/scenarios/streams.test.ts.
    for (const id of INVARIANT_IDS) if (!JOB_INVARIANTS.has(id)) expect(report.tested[id], id).toBeGreaterThanOrEqual(50);
  });
});
