import { describe, expect, it } from 'vitest';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { createSession, type Runner, type RunSink } from './session.ts';

const scenario = { ...scenarioById('leader-dies')!, horizonMs: 6000 };
const universe: Universe = { scenario, faults: ['kill broker-2 at 3s for 2s'], seed: 1, files: {} };

/** Runs at once and hands over everything. */
const atOnce: Runner = (u, sink) => {
  const result = runToEnd(u, (chunk) => sink.chunk(chunk));
  sink.done(result.hash);
  return { cancel: () => undefined };
};

/** Runs at once and hands over when told. */
function stepwise(): { runner: Runner; runs: { sink: RunSink; chunks: TraceChunk[]; hash: string | null; cancelled: boolean }[] } {
  const runs: { sink: RunSink; chunks: TraceChunk[]; hash: string | null; cancelled: boolean }[] = [];
  return {
    runs,
    runner: (u, sink) => {
      const run = { sink, chunks: [] as TraceChunk[], hash: null as string | null, cancelled: false };
      run.hash = runToEnd(u, (chunk) => run.chunks.push(chunk)).hash;
      runs.push(run);
      return { cancel: () => void (run.cancelled = true) };
    },
  };
}

function open() {
  const session = createSession(atOnce);
  session.load(universe);
  return session;
}

describe('a session', () => {
  it('shows the events at or before the playhead and no others', () => {
    const session = open();
    session.seek(2_500_000);
    const { trace, position } = session.state();
    expect(trace.timeAt(position - 1)).toBeLessThanOrEqual(2_500_000);
    expect(trace.timeAt(position)).toBeGreaterThan(2_500_000);
  });

  it('steps by one event, and its time is that event', () => {
    const session = open();
    session.seek(2_500_000);
    const before = session.state().position;
    session.step(1);
    const { position, timeUs, trace } = session.state();
    expect(position).toBe(before + 1);
    expect(timeUs).toBe(trace.timeAt(before));
    session.step(-1);
    expect(session.state().position).toBe(before);
  });

  it('stops just after the next key event', () => {
    const session = open();
    session.seek(2_900_000);
    const seq = session.stepInteresting(1);
    expect(session.state().trace.typeAt(seq)).toBe('fault.started');
    expect(session.state().position).toBe(seq + 1);
    expect(session.stepInteresting(-1)).toBeLessThan(seq);
  });

  it('lets nothing past a gate, by no way', () => {
    const session = open();
    session.setGate(2_000_000);
    const past = () => session.state().trace.positionAt(1_999_999);
    session.seek(5_000_000);
    expect(session.state().timeUs).toBe(2_000_000);
    expect(session.state().position).toBe(past());
    session.step(1);
    session.seekPosition(1e9);
    while (session.stepInteresting(1) >= 0);
    expect(session.state().position).toBeLessThanOrEqual(past());
    session.setGate(null);
    session.seek(5_000_000);
    expect(session.state().timeUs).toBe(5_000_000);
  });

  it('goes to where it was asked to stand once a gate before that is lifted', () => {
    const session = createSession(atOnce);
    session.setGate(2_000_000);
    session.load(universe, { timeUs: 4_000_000 });
    expect(session.state().timeUs).toBe(2_000_000);
    session.setGate(null);
    expect(session.state().timeUs).toBe(4_000_000);
  });

  it('makes a new future with one more fault, equal up to the playhead, and keeps the old one', () => {
    const session = open();
    session.seek(2_000_000);
    const was = session.state();
    const line = session.inject('kill broker-1 for 1s');
    expect(line).toMatch(/^kill broker-1 at (2s|2001ms|20000\d\dus) for 1s$/);
    const now = session.state();
    expect(now.universe!.faults).toHaveLength(2);
    expect(now.hasPrevious).toBe(true);
    expect(now.timeUs - was.timeUs).toBeLessThanOrEqual(1000);
    expect(Array.from({ length: now.position - was.position }, (_, i) => now.trace.typeAt(was.position + i))).toEqual(['fault.started', 'process.killed']);
    for (let seq = 0; seq < was.position; seq++) expect(now.trace.event(seq)).toEqual(was.trace.event(seq));
    expect(now.hash).not.toBe(was.hash);
    session.back();
    expect(session.state().hash).toBe(was.hash);
    session.back();
    expect(session.state().hash).toBe(now.hash);
  });

  it('leaves a future that could not be computed behind when it goes back', () => {
    const { runner, runs } = stepwise();
    const session = createSession(runner);
    session.load(universe);
    const finish = (n: number) => {
      for (const chunk of runs[n]!.chunks) runs[n]!.sink.chunk(chunk);
      runs[n]!.sink.done(runs[n]!.hash);
    };
    finish(0);
    session.seek(4_000_000);
    session.inject('pause recs-a for 1s');
    finish(1);
    session.inject('pause recs-b for 1s');
    runs[2]!.sink.failed({ message: { ko: '멈췄습니다.', en: 'It stopped.' } });
    expect(session.state()).toMatchObject({ status: 'failed', failure: { message: { en: 'It stopped.' } } });
    session.back();
    expect(session.state()).toMatchObject({ status: 'computed', failure: null, hash: runs[0]!.hash });
  });

  it('shows the old future until the new one has come as far as the playhead', () => {
    const { runner, runs } = stepwise();
    const session = createSession(runner);
    session.load(universe);
    for (const chunk of runs[0]!.chunks) runs[0]!.sink.chunk(chunk);
    runs[0]!.sink.done(runs[0]!.hash);
    session.seek(4_000_000);
    const old = session.state().trace;
    session.inject('pause recs-a for 1s');
    expect(session.state().trace).toBe(old);
    expect(session.state().status).toBe('computing');
    for (const chunk of runs[1]!.chunks) runs[1]!.sink.chunk(chunk);
    runs[1]!.sink.done(runs[1]!.hash);
    expect(session.state().trace).not.toBe(old);
    expect(session.state().status).toBe('computed');
  });

  it('goes to where it was asked to stand as soon as the trace has come so far', () => {
    const { runner, runs } = stepwise();
    const session = createSession(runner);
    session.load(universe, { timeUs: 3_000_000 });
    expect(session.state().position).toBe(0);
    for (const chunk of runs[0]!.chunks) runs[0]!.sink.chunk(chunk);
    expect(session.state().timeUs).toBe(3_000_000);
  });

  it('says why a run could not be computed', () => {
    const message = { ko: '안 됩니다', en: 'It does not run' };
    const session = createSession((_, sink) => {
      sink.failed({ message });
      return { cancel: () => undefined };
    });
    session.load(universe);
    expect(session.state().status).toBe('failed');
    expect(session.state().failure!.message).toEqual(message);
  });

  it('ends what it computes when another universe is opened or it is closed', () => {
    const { runner, runs } = stepwise();
    const session = createSession(runner);
    session.load(universe);
    session.load({ ...universe, seed: 2 });
    expect(runs[0]!.cancelled).toBe(true);
    session.close();
    expect(runs[1]!.cancelled).toBe(true);
  });
});

describe('an empty session', () => {
  it('has a state that every view can draw', () => {
    const session = createSession(atOnce);
    const state = session.state();
    expect(state.trace).toBeInstanceOf(TraceStore);
    expect(state.views.cluster.at(0).partitions.size).toBe(0);
    session.play();
    session.step(1);
    session.back();
    expect(session.inject('kill broker-1')).toBeNull();
    expect(session.state().position).toBe(0);
  });
});
