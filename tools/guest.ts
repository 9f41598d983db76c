// Runs a universe with learner code headless: guest.js in a worker thread of its own, watched from outside.
import { Worker } from 'node:worker_threads';
import type { InvariantId } from '../simulations/invariants/catalogue.ts';
import type { Universe } from '../simulations/contract/scenario.ts';
import type { GuestReport, Place, RunMessage } from '../simulations/guest/protocol.ts';
import type { TraceChunk } from '../simulations/kernel/trace.ts';
import type { RunResult } from '../simulations/run.ts';

/** Without a report for this long, learner code is taken for stuck; longer before the first event, when files are evaluated. */
const SILENCE_MS = 2_000;
const FIRST_SILENCE_MS = 5_000;

export interface GuestRunOptions {
  /** Text of guest.js. */
  readonly guest: string;
  readonly universe: Universe;
  readonly js: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, string>>;
  /** Takes the trace in chunks; null = only hash, invariants and metrics. */
  readonly sink: ((chunk: TraceChunk) => void) | null;
  readonly stopAt?: readonly InvariantId[];
}

export type GuestOutcome =
  | { readonly kind: 'end'; readonly result: RunResult }
  /** Learner code did not return; `at` is the last that was heard. */
  | { readonly kind: 'stuck'; readonly at: Place | null }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };

/** Computes one run in a new worker, which is ended afterwards in every case. */
export function runGuest(options: GuestRunOptions): Promise<GuestOutcome> {
  const worker = new Worker(options.guest, { eval: true, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  return new Promise<GuestOutcome>((resolve) => {
    let last: Place | null = null;
    let timer: NodeJS.Timeout;
    const finish = (outcome: GuestOutcome) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(outcome);
    };
    const wait = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => finish({ kind: 'stuck', at: last }), ms);
    };
    worker.on('error', (error) => finish({ kind: 'failed', message: error.message, stack: String(error.stack) }));
    worker.on('exit', (code) => finish({ kind: 'failed', message: `the worker ended with code ${code}`, stack: '' }));
    worker.on('message', (report: GuestReport) => {
      switch (report.kind) {
        case 'ready': {
          const { universe, js, maps, stopAt } = options;
          const message: RunMessage = { kind: 'run', universe, js, maps, record: options.sink !== null, ...(stopAt ? { stopAt } : {}) };
          worker.postMessage(message);
          wait(FIRST_SILENCE_MS);
          return;
        }
        case 'progress':
          last = report;
          wait(report.events > 1 ? SILENCE_MS : FIRST_SILENCE_MS);
          return;
        case 'inside':
          last = report;
          return;
        case 'chunk':
          options.sink?.(report.chunk);
          return;
        case 'end':
          finish({ kind: 'end', result: report.result });
          return;
        case 'failed':
          finish(report);
      }
    });
    wait(FIRST_SILENCE_MS);
  });
}
