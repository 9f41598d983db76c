// What the editor needs of whatever computes runs of learner code.
import type { Universe } from '../../simulations/contract/scenario.ts';
import type { RunSink } from '../lab/session.ts';

/** A universe with its files turned into JavaScript. */
export interface EmittedRun {
  readonly universe: Universe;
  /** JavaScript and source maps by the name of the TypeScript file, e.g. `publish.ts`. */
  readonly js: Readonly<Record<string, string>>;
  readonly maps: Readonly<Record<string, string>>;
  /** Whether the trace shall carry every message as bytes; false unless told. */
  readonly frames?: boolean;
}

/** Computes one run away from the page, with a watchdog over it, and streams its trace. */
export type Sandbox = (run: EmittedRun, sink: RunSink) => { cancel(): void };
