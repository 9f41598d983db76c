// What crosses between a guest worker and whoever started it. One worker computes one run.
import type { Universe } from '../contract/scenario.ts';
import type { InvariantId } from '../invariants/catalogue.ts';
import type { TraceChunk } from '../kernel/trace.ts';
import type { RunResult } from '../run.ts';

/** To the worker, once. */
export interface RunMessage {
  readonly kind: 'run';
  readonly universe: Universe;
  /** Emitted JavaScript and source maps by the name of the source, e.g. `producer.ts`. */
  readonly js: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, string>>;
  /** Whether the trace is wanted, or only its hash, invariants and metrics. */
  readonly record: boolean;
  /** Whether the trace shall carry every message as bytes; false unless told. */
  readonly frames?: boolean;
  /** The run ends at a broken promise of one of these. */
  readonly stopAt?: readonly InvariantId[];
}

/** Where a run is. Lines count from 1; -1 and '' before any learner code ran. */
export interface Place {
  /** The process whose code ran last. */
  readonly process: string;
  readonly timeUs: number;
  readonly events: number;
  readonly file: string;
  readonly line: number;
}

/** From the worker. */
export type GuestReport =
  /** The worker stands and waits for a run. */
  | { readonly kind: 'ready' }
  /** Virtual time moves on: at least every 100 ms of the worker's own work, always between two events. This feeds the watchdog. */
  | ({ readonly kind: 'progress' } & Place)
  /** Learner code has been running for 200 ms and more without returning: where it is. Does not feed the watchdog. */
  | ({ readonly kind: 'inside' } & Place)
  /** The next piece of the trace; its buffers are transferred. */
  | { readonly kind: 'chunk'; readonly chunk: TraceChunk }
  /** The last message of a run. */
  | { readonly kind: 'end'; readonly result: RunResult }
  /** A mistake of ours, or a universe that cannot be read: nothing follows. */
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string };
