// One run: builds the processes of a universe, merges its schedule, watches its invariants, and advances in slices.
import type { Sym } from './contract/events.ts';
import { brokerNames, streamProcessNames, type Universe } from './contract/scenario.ts';
import { parseFault, type Fault, type FaultError } from './faults/grammar.ts';
import { scheduleFaults } from './faults/schedule.ts';
import type { InvariantId } from './invariants/catalogue.ts';
import { watchCommitted, type CommittedOutput } from './invariants/outputs.ts';
import { Replicas } from './invariants/replicas.ts';
import { watchInvariants, type InvariantResult } from './invariants/watch.ts';
import { buildProcesses, buildStreams, keepFrames, type GuestFactory } from './kafka/cluster.ts';
import { graphOf } from './streams/jobs/catalogue.ts';
import type { JobMaker } from './streams/runtime/job.ts';
import { Kernel, type StopReason } from './kernel/kernel.ts';
import { TraceWriter, type TraceChunk } from './kernel/trace.ts';

export interface RunOptions {
  /** Takes the trace in chunks; null = only hash, invariants and metrics. */
  readonly sink: ((chunk: TraceChunk) => void) | null;
  /** Whether the chunks carry every message as bytes, for looking at the wire; false unless told. */
  readonly frames?: boolean;
  /** Runs the learner's code; null where there is none. */
  readonly guests: GuestFactory | null;
  /** Where the clock stands on the calendar at the start, milliseconds since 1970: 2026-01-01 unless told. Only for runs that meet a clock outside. */
  readonly epochMs?: number;
  /** Makes the graphs of stream jobs; those of the catalogue unless told. */
  readonly jobs?: JobMaker;
  /** The run ends at a broken promise of one of these. */
  readonly stopAt?: readonly InvariantId[];
}

export interface Metrics {
  /** Records acknowledged to producers, given up by producers, handed to consumers. */
  readonly acknowledged: number;
  readonly failed: number;
  readonly delivered: number;
  readonly retried: number;
  readonly leaderElections: number;
  /** Kernel dispatches: the engine's unit of work. */
  readonly dispatches: number;
}

export interface RunResult {
  /** 32 hex digits; null when the watchdog ended the run, which is not reproducible. */
  readonly hash: string | null;
  readonly events: number;
  readonly virtualUs: number;
  readonly ended: { readonly reason: 'horizon' | 'violation' | 'limit' | 'guestStopped'; readonly detail: string };
  readonly invariants: readonly InvariantResult[];
  readonly metrics: Metrics;
}

export interface Run {
  readonly kernel: Kernel;
  readonly trace: TraceWriter;
  /** Handles up to `budget` events; `hop`: let microtasks drain by a macrotask, then call again. */
  advance(budget: number, untilUs?: number): StopReason;
  result(): RunResult;
}

/** Process names of a scenario, in order: the targets that faults may have. */
export function processNames(scenario: Universe['scenario']): string[] {
  return ['controller', ...brokerNames(scenario), ...streamProcessNames(scenario), ...scenario.processes.map((p) => p.name)];
}

/** Reads the lines of a schedule. @returns all errors, with the number of their line. */
export function readSchedule(
  lines: readonly string[],
  scenario: Universe['scenario'],
): { ok: true; faults: Fault[] } | { ok: false; errors: { readonly line: number; readonly text: string; readonly error: FaultError }[] } {
  const names = processNames(scenario);
  const faults: Fault[] = [];
  const errors: { line: number; text: string; error: FaultError }[] = [];
  lines.forEach((text, line) => {
    const read = parseFault(text, names);
    if (read.ok) faults.push(read.fault);
    else errors.push({ line, text, error: read.error });
  });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, faults };
}

/** @throws Error when the schedule cannot be read (check it with `readSchedule` first) or the seed is out of range. */
export function createRun(universe: Universe, options: RunOptions): Run {
  const { seed } = universe;
  // A document of plain values, read as JSON once more: objects that were filled field by field in a loop stay hash tables in V8, and every
  // look at a setting of a process would be a look-up.
  const scenario = JSON.parse(JSON.stringify(universe.scenario)) as Universe['scenario'];
  if (!Number.isInteger(seed) || seed < 0 || seed > 4_294_967_295) throw new Error(`seed ${seed} is not an integer from 0 to 4294967295`);
  const schedule = readSchedule(universe.faults, scenario);
  if (!schedule.ok) throw new Error(`fault ${schedule.errors[0]!.line + 1} cannot be read: ${schedule.errors[0]!.text}`);
  const trace = new TraceWriter(options.sink);
  const kernel = new Kernel({ seed, trace, horizonUs: scenario.horizonMs * 1000, limits: scenario.limits, ...(options.epochMs === undefined ? {} : { epochMs: options.epochMs }) });
  const counts = { acknowledged: 0, failed: 0, delivered: 0, retried: 0, leaderElections: 0 };
  trace.watch('producer.acknowledged', (v) => void (counts.acknowledged += v[3]!));
  trace.watch('producer.failed', (v) => void (counts.failed += v[2]!));
  trace.watch('producer.retried', (v) => void (counts.retried += v[2]!));
  trace.watch('consumer.delivered', (v) => void (counts.delivered += v[5]!));
  trace.watch('kafka.leaderElected', (v) => void (counts.leaderElections += v[2]! >= 0 && v[4]! > 0 ? 1 : 0));
  const ended = { reason: 'horizon' as RunResult['ended']['reason'], detail: '' };
  trace.watch('run.ended', (v) => {
    ended.reason = trace.text(v[0] as never) as RunResult['ended']['reason'];
    ended.detail = trace.text(v[1] as never);
  });
  const results = watchInvariants(kernel, scenario, options.stopAt ?? [], comparable(universe) && !options.jobs && options.epochMs === undefined ? outputWithoutFaults(universe) : null);
  trace.emit('run.started', trace.sym(''), -1, trace.sym(scenario.id), trace.sym(scenario.profile), seed, scenario.horizonMs * 1000);
  buildProcesses(kernel, scenario, options.guests);
  buildStreams(kernel, scenario, options.jobs ?? graphOf);
  if (options.frames) keepFrames(kernel);
  scheduleFaults(kernel, schedule.faults);
  return {
    kernel,
    trace,
    advance: (budget, untilUs) => kernel.advance(budget, untilUs),
    result: () => ({ hash: trace.hash(), events: trace.count, virtualUs: kernel.nowUs, ended, invariants: results(), metrics: { ...counts, dispatches: kernel.dispatches } }),
  };
}

/** Whether the run without faults can be computed here, and is another one. Runs that meet a clock outside have none. */
function comparable({ scenario, faults }: Universe): boolean {
  return scenario.streams !== undefined && faults.length > 0 && scenario.learner.length === 0;
}

/** What the sinks of stream jobs commit when nothing fails. */
function outputWithoutFaults({ scenario, seed }: Universe): CommittedOutput {
  const trace = new TraceWriter(null);
  const kernel = new Kernel({ seed, trace, horizonUs: scenario.horizonMs * 1000, limits: scenario.limits });
  const replicas = new Replicas();
  trace.watch('kafka.roleTaken', (v, _seq, _timeUs, process) => {
    if (trace.text(v[2]! as Sym) === 'leader') replicas.view(v[0]! as Sym, v[1]!).leader = process;
  });
  trace.watch('kafka.append', (v, _seq, _timeUs, process) => {
    const view = replicas.view(v[0]! as Sym, v[1]!);
    if (v[2] === 1) view.leader = process;
    replicas.log(view, process).push(v[3]!, v[4]!, v[5]!, v[11]!, v[8]!, v[9]!, v[10]!);
  });
  const output = watchCommitted({ kernel, replicas }, scenario);
  buildProcesses(kernel, scenario, null);
  buildStreams(kernel, scenario, graphOf);
  while (kernel.advance(65_536) !== 'ended');
  return output.committed();
}

/** Runs a universe without learner code to its end. */
export function runToEnd(universe: Universe, sink: ((chunk: TraceChunk) => void) | null = null): RunResult {
  const run = createRun(universe, { sink, guests: null });
  while (run.advance(65_536) !== 'ended');
  return run.result();
}
