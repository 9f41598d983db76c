// Runs small learner programs for tests: one process per given file, a cluster of three brokers, the trace in memory.
import { readScenario, SCHEMA_VERSION, type Universe } from '../simulations/contract/scenario.ts';
import type { EventName, TraceEvent } from '../simulations/contract/events.ts';
import { TraceStore } from '../simulations/kernel/traceStore.ts';
import { buildGuest } from './build-guest.ts';
import { emit, type Diagnostic } from './emit.ts';
import { runGuest, type GuestOutcome } from './guest.ts';

export interface Trial {
  /** Learner files by name; each `processes` entry runs one of them. */
  readonly files: Readonly<Record<string, string>>;
  /** Entry file by process name; without it every file is a process named as the file without `.ts`. */
  readonly processes?: Readonly<Record<string, string>>;
  readonly faults?: readonly string[];
  readonly seed?: number;
  readonly horizonMs?: number;
  readonly topics?: readonly object[];
  readonly config?: object;
  /** Native clients, their workloads, and stream jobs beside the learner's processes. */
  readonly beside?: { readonly processes?: readonly object[]; readonly workloads?: readonly object[]; readonly streams?: object };
}

export interface TrialResult {
  readonly outcome: GuestOutcome;
  readonly hash: string | null;
  readonly trace: TraceStore;
  readonly diagnostics: readonly Diagnostic[];
  /** All events of a type. */
  of<K extends EventName>(type: K): TraceEvent<K>[];
  /** What a process wrote, as text. */
  lines(process: string): string[];
}

export function trialUniverse(trial: Trial): Universe {
  const entries = trial.processes ?? Object.fromEntries(Object.keys(trial.files).map((file) => [file.replace(/\.ts$/, ''), file]));
  const read = readScenario({
    schemaVersion: SCHEMA_VERSION,
    id: 'trial',
    title: { ko: '시험', en: 'Trial' },
    summary: { ko: '시험', en: 'Trial' },
    horizonMs: trial.horizonMs ?? 10_000,
    cluster: { brokers: 3, config: { minInsyncReplicas: 2, ...trial.config } },
    topics: trial.topics ?? [{ name: 'orders', partitions: 4, replicationFactor: 3 }],
    processes: [...(trial.beside?.processes ?? []), ...Object.keys(entries).map((name) => ({ name, role: 'guest', startMs: 500 }))],
    workloads: trial.beside?.workloads ?? [],
    ...(trial.beside?.streams && { streams: trial.beside.streams }),
    learner: Object.entries(entries).map(([process, entry]) => ({ process, entry })),
    files: trial.files,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return { scenario: read.value, faults: trial.faults ?? [], seed: trial.seed ?? 1, files: trial.files };
}

export async function tryOut(trial: Trial): Promise<TrialResult> {
  const guest = await buildGuest(process.cwd());
  const { js, maps, diagnostics } = emit(trial.files, guest.types);
  const trace = new TraceStore();
  const outcome = await runGuest({ guest: guest.code, universe: trialUniverse(trial), js, maps, sink: (chunk) => trace.append(chunk) });
  const of = <K extends EventName>(type: K): TraceEvent<K>[] => {
    const found: TraceEvent<K>[] = [];
    for (let seq = 0; seq < trace.count; seq++) if (trace.typeAt(seq) === type) found.push(trace.event(seq) as TraceEvent<K>);
    return found;
  };
  return {
    outcome,
    hash: outcome.kind === 'end' ? outcome.result.hash : null,
    trace,
    diagnostics,
    of,
    lines: (process) =>
      of('guest.console')
        .filter((e) => e.process === process && e.file !== '')
        .map((e) => e.text),
  };
}
