// Whether and when a job that failed starts again (Flink RestartStrategyOptions; exponential delay: 1 s, times 1.5, at most 1 min, 10 % jitter).
import type { JobSpec } from '../../contract/scenario.ts';
import { drawInt } from '../../kernel/draws.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';

const INITIAL_MS = 1_000;
const MAX_MS = 60_000;
/** Stable for so long, the delay begins anew (1 h). */
const RESET_MS = 3_600_000;

export class RestartStrategy {
  private readonly spec: () => JobSpec;
  private readonly kernel: Kernel;
  private readonly process: Process;
  private failures: number[] = [];
  private backoffMs = INITIAL_MS;
  private n = 0;

  constructor(spec: () => JobSpec, kernel: Kernel, process: Process) {
    this.spec = spec;
    this.kernel = kernel;
    this.process = process;
  }

  /** A failure. @returns the delay before the next attempt, ms; null when there is none. */
  failed(): number | null {
    const { restart, checkpointing } = this.spec();
    const nowMs = this.kernel.nowUs / 1000;
    const last = this.failures.at(-1);
    this.failures.push(nowMs);
    switch (restart.strategy) {
      case 'none':
        return null;
      case 'fixed-delay':
        return this.failures.length > restart.attempts ? null : restart.delayMs;
      case 'failure-rate': {
        this.failures = this.failures.filter((at) => nowMs - at < restart.intervalMs);
        return this.failures.length > restart.maxFailuresPerInterval ? null : restart.delayMs;
      }
      case 'exponential-delay': {
        // Nothing configured and no checkpoints: a job is not restarted.
        if (checkpointing.intervalMs === 0) return null;
        if (last !== undefined && nowMs - last > RESET_MS) this.backoffMs = INITIAL_MS;
        const delayMs = this.backoffMs;
        this.backoffMs = Math.min(Math.round(this.backoffMs * 1.5), MAX_MS);
        const tenth = Math.floor(delayMs / 10);
        return delayMs - tenth + drawInt(this.kernel.draws(this.process, `restart/${this.spec().name}`), this.n++, 2 * tenth + 1);
      }
    }
  }
}
