// The simulation worker: runs one universe without learner code in slices and streams its trace. What crosses is data, errors too.
import { expose, transfer } from 'comlink';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { createRun, type RunResult } from '../../simulations/run.ts';
import { buffersOf, type TraceChunk } from '../../simulations/kernel/trace.ts';

export type SimOutcome = { readonly ok: true; readonly result: RunResult } | { readonly ok: false; readonly reason: string };

const SLICE = 20_000;

const simulation = {
  async run(universe: Universe, take: (chunk: TraceChunk) => void): Promise<SimOutcome> {
    try {
      let taken: unknown;
      const run = createRun(universe, { sink: (chunk) => (taken = take(transfer(chunk, buffersOf(chunk)))), frames: true, guests: null });
      // Between slices the worker hears its messages, so that it can be ended, and what is computed reaches the page early.
      while (run.advance(SLICE) !== 'ended') {
        run.trace.flush();
        await new Promise((resume) => setTimeout(resume, 0));
      }
      run.trace.flush();
      await taken;
      return { ok: true, result: run.result() };
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  },
};

export type Simulation = typeof simulation;

expose(simulation);
