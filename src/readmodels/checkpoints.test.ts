import { describe, expect, it } from 'vitest';
import { readScenario } from '../../simulations/contract/scenario.ts';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { createCheckpoints } from './checkpoints.ts';

function run(change: Readonly<Record<string, unknown>> = {}, faults?: readonly string[]) {
  const listed = scenarioById('trending-content')!;
  const job = { ...listed.streams!.jobs[0]!, ...change };
  const read = readScenario({ ...listed, horizonMs: 30_000, streams: { ...listed.streams!, jobs: [job] } });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const store = new TraceStore();
  runToEnd({ scenario: read.value, faults: faults ?? listed.faults, seed: 1, files: {} }, (chunk) => store.append(chunk));
  const checkpoints = createCheckpoints(store);
  return { store, list: (seconds: number) => checkpoints.list('trending', store.positionAt(seconds * 1_000_000), seconds * 1_000_000), checkpoints };
}

describe('checkpoints', () => {
  const { list, store, checkpoints } = run();

  it('are listed as far as the playhead has come, with what every subtask did', () => {
    expect(list(5.4)).toEqual([]);
    const [first] = list(5.501);
    expect([first!.state, first!.endUs]).toEqual(['underway', 5_501_000]);
    expect(first!.parts.map((p) => [p.task, p.subtask, p.takenUs > 0, p.storedUs])).toEqual([
      ['views', 0, true, -1],
      ['views', 1, true, -1],
      ['trending → trending-out', 0, true, -1],
      ['trending → trending-out', 1, true, -1],
    ]);
    const [done] = list(6);
    const told = Array.from({ length: store.count }, (_, seq) => store.event(seq)).find((e) => e.type === 'checkpoint.completed')!;
    expect([done!.state, done!.endUs - done!.triggeredUs, done!.bytes]).toEqual(['completed', told.durationUs, told.bytes]);
    expect(done!.parts.every((p) => p.storedUs > p.takenUs)).toBe(true);
  });

  it('know which attempt began with them', () => {
    expect(list(21).map((c) => c.restored.length)).toEqual([0, 0, 0]);
    expect(list(22).map((c) => c.restored.map((r) => r.attempt))).toEqual([[], [], [2]]);
  });

  it('decide the transactions of sinks, each in its state at the playhead', () => {
    const states = (checkpoint: number, seconds: number) => checkpoints.transactions('trending', checkpoint, store.positionAt(seconds * 1_000_000)).map((t) => t.state);
    expect(states(1, 6)).toEqual(['unused', 'unused']);
    expect(states(2, 10)).toEqual(['begun', 'begun']);
    expect(states(2, 10.51)).toEqual(['preCommitted', 'preCommitted']);
    expect(states(2, 11)).toEqual(['committed', 'committed']);
    // What the first attempt had open is aborted by the second, which begins again under the same name.
    expect(states(4, 20)).toEqual(['begun', 'begun']);
    expect(states(4, 22).sort()).toEqual(['aborted', 'aborted', 'begun', 'begun']);
  });

  it('tell savepoints apart, and what has failed', () => {
    const saved = run({ actions: [{ atMs: 8_000, kind: 'savepoint' }] }).list(29);
    expect(saved.map((c) => c.savepoint)).toContain(true);
    const slow = run({ checkpointing: { intervalMs: 5_000, timeoutMs: 10, tolerableFailures: 100 } }, []).list(29);
    expect(slow.length).toBeGreaterThan(2);
    expect(slow.every((c) => c.state === 'failed' && c.reason === 'expired' && c.endUs - c.triggeredUs === 10_000)).toBe(true);
  });
});
