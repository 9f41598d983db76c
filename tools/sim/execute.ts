// Runs any universe: in this thread where it is all ours, in a worker of its own where learner code takes part.
import type { Universe } from '../../simulations/contract/scenario.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { runToEnd, type RunResult } from '../../simulations/run.ts';
import { buildGuest } from '../build-guest.ts';
import { emit, type Emitted } from '../emit.ts';
import { runGuest } from '../guest.ts';
import { BadUsage } from './usage.ts';

/** @throws BadUsage when learner code has type errors. */
export async function execute(universe: Universe, sink: ((chunk: TraceChunk) => void) | null): Promise<RunResult> {
  if (universe.scenario.learner.length === 0) return runToEnd(universe, sink);
  return executeCode(universe, await compile(universe.files), sink);
}

/** Emits learner code. @throws BadUsage with every type error, by file, line and column. */
export async function compile(files: Readonly<Record<string, string>>): Promise<Emitted> {
  const emitted = emit(files, (await buildGuest()).types);
  if (emitted.diagnostics.length > 0) throw new BadUsage(emitted.diagnostics.map((d) => `${d.file}:${d.line}:${d.column} TS${d.code}: ${d.message}`).join('\n'));
  return emitted;
}

export async function executeCode(universe: Universe, code: Emitted, sink: ((chunk: TraceChunk) => void) | null): Promise<RunResult> {
  const outcome = await runGuest({ guest: (await buildGuest()).code, universe, js: code.js, maps: code.maps, sink });
  if (outcome.kind === 'end') return outcome.result;
  if (outcome.kind === 'stuck') {
    const at = outcome.at;
    const where = at && at.file !== '' ? ` in ${at.process}, near ${at.file}:${at.line}, at virtual time ${(at.timeUs / 1e6).toFixed(6)} s after event ${at.events - 1}` : '';
    throw new BadUsage(`The code did not return within 2 s${where}. Look for a loop that never ends or never awaits.`);
  }
  throw new Error(`${outcome.message}\n${outcome.stack}`);
}
