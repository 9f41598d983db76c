// A restart takes the list of partial matches back to the checkpoint: what the crash undid counts no more, and no life mixes two attempts.
import { describe, expect, it } from 'vitest';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { columns } from './columns.ts';
import { createMatches, type PartialMatch } from './matches.ts';

const SNAPSHOT = columns('checkpoint.snapshotTaken');
const RESTORED = columns('job.restored');

/** @param rescaleAtMs the job stops with a savepoint then and goes on with three subtasks instead of two; 0 = never */
function run(id: string, faults: readonly string[], rescaleAtMs = 0) {
  const plain = scenarioById(id)!;
  const actions = rescaleAtMs > 0 ? [{ atMs: rescaleAtMs, kind: 'rescale' as const, parallelism: 3 }] : [];
  const scenario = { ...plain, streams: { ...plain.streams!, jobs: plain.streams!.jobs.map((j) => ({ ...j, actions })) } };
  const store = new TraceStore();
  runToEnd({ scenario, faults, seed: 1, files: {} }, (chunk) => store.append(chunk));
  const job = scenario.streams!.jobs[0]!.name;
  const all = Array.from({ length: store.count }, (_, seq) => seq);
  const ofType = (type: string) => all.filter((seq) => store.typeAt(seq) === type);
  return { store, job, matches: createMatches(store), ofType };
}

const named = (m: PartialMatch) => `${m.operator} ${m.key} ${m.match} ${m.state} ${m.taken} ${m.steps.map((s) => s.seq).join(',')}`;

describe('partial matches of a job that begins again', () => {
  it.each<[id: string, faults: string[], rescaleAtMs?: number]>([
    ['premium-conversion', ['kill taskmanager-1 at 24s for 12s']],
    ['premium-conversion', ['kill taskmanager-1 at 24s for 12s'], 14_000],
    ['premium-conversion', ['kill taskmanager-1 at 17500ms for 12s'], 16_000],
    ['premium-conversion', ['kill taskmanager-1 at 12s for 2s', 'kill taskmanager-2 at 19s for 2s']],
    // Twice from one checkpoint.
    ['premium-conversion', ['kill taskmanager-1 at 22s for 2s', 'kill taskmanager-2 at 24500ms for 2s']],
    ['virality', ['kill taskmanager-1 at 19s for 10s']],
    ['churn-risk', ['kill taskmanager-1 at 23s for 1s']],
  ])('are those of the checkpoint: %s, %j', (id, faults, rescaleAtMs = 0) => {
    const { store, job, matches, ofType } = run(id, faults, rescaleAtMs);
    const restores = ofType('job.restored');
    expect(restores.length).toBe(faults.length + (rescaleAtMs > 0 ? 1 : 0));
    let undone = 0;
    for (const [n, restored] of restores.entries()) {
      const checkpoint = store.value(restored, RESTORED.checkpoint);
      // What was open in the checkpoint: for every subtask, what was open when it took its part.
      const open = ofType('checkpoint.snapshotTaken').flatMap((taken) => {
        if (store.value(taken, SNAPSHOT.checkpoint) !== checkpoint || taken > restored) return [];
        const operators = store.texts[store.value(taken, SNAPSHOT.task)]!.split(' → ');
        const subtask = store.value(taken, SNAPSHOT.subtask);
        return matches.list(job, taken, 10_000, (m) => m.end === 'open' && operators.includes(m.operator) && subtask === (m.steps.at(-1)!.seq > (restores[n - 1] ?? -1) ? m.subtask : 0));
      });
      const now = matches.list(job, restored + 1, 10_000, (m) => m.end === 'open');
      expect(now.map(named).sort()).toEqual(open.map(named).sort());
      expect(now.every((m) => m.restoredFrom === checkpoint && m.since === restored)).toBe(true);
      expect(matches.waiting(job, restored + 1).open).toBe(now.length);
      undone += matches.list(job, restored + 1, 10_000, (m) => m.end === 'undone' && m.endedBy === restored).length;
    }
    expect(undone).toBeGreaterThan(0);
  });

  it('are counted at every event as the list has them', () => {
    const { store, job, matches } = run('premium-conversion', ['kill taskmanager-1 at 24s for 12s']);
    for (let position = 0; position <= store.count; position += 331) {
      const open = matches.list(job, position, 10_000, (m) => m.end === 'open');
      const ofKey = new Map<string, number>();
      for (const m of open) ofKey.set(m.key, (ofKey.get(m.key) ?? 0) + 1);
      expect(matches.waiting(job, position)).toEqual({ open: open.length, most: Math.max(0, ...ofKey.values()) });
    }
  });

  it('each have one life: it begins once, and nothing comes after its end', () => {
    const { store, job, matches } = run('premium-conversion', ['kill taskmanager-1 at 24s for 12s']);
    const [restored] = Array.from({ length: store.count }, (_, seq) => seq).filter((seq) => store.typeAt(seq) === 'job.restored');
    const all = matches.list(job, store.count, 10_000);
    for (const m of all) {
      expect(m.steps.filter((s) => s.action === 'start').length).toBeLessThanOrEqual(1);
      if (m.endedBy >= 0) expect(m.steps.every((s) => s.seq < m.endedBy)).toBe(true);
      const [before, after] = [m.steps.filter((s) => s.seq < restored!), m.steps.filter((s) => s.seq > restored!)];
      if (before.length > 0 && after.length > 0) expect(m.restoredFrom).toBeGreaterThan(0);
    }
    // One number, two lives; either can be found.
    const undone = all.find((m) => m.end === 'undone')!;
    expect(matches.find(undone, store.count)).toEqual(undone);
    expect(matches.speaks(undone, undone.steps.at(-1)!.seq)).toBe(true);
    const again = matches.find({ ...undone, since: restored! }, store.count);
    if (again) expect(matches.speaks(again, undone.steps.at(-1)!.seq)).toBe(false);
    expect(matches.find(undone, restored!)!.end).not.toBe('undone');
  });
});
