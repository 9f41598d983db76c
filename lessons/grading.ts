// The runs of a grading, and schedules of faults drawn from a seed: at most one broker down at once, everything healed in time.
import { drawInt, drawKey, type DrawKey } from '../simulations/kernel/draws.ts';
import type { GradedRun } from './contract.ts';

export const RUNS_PER_GROUP = 100;

/** Quiet runs have seeds 1 to n, runs with faults n + 1 to 2n. */
export function gradePlan(runs: number = RUNS_PER_GROUP): GradedRun[] {
  return Array.from({ length: 2 * runs }, (_, index) => ({ index, group: index < runs ? 'quiet' : 'faulted', seed: index + 1 }));
}

export interface Terrain {
  /** The learner's process: slowed and cut off, never killed. */
  readonly app: string;
  readonly brokers: number;
  /** Consumers, which may also be struck. */
  readonly members: readonly string[];
  /** When a fault may begin, microseconds. */
  readonly from: number;
  readonly to: number;
  readonly healedByUs: number;
}

/** Milliseconds from and to. */
type Span = readonly [number, number];

/**
 * One to three faults, one after the other where they take a broker away, so that with three replicas and a minimum of two in sync every
 * record can still be stored.
 * @param attempt another number draws another schedule of the same seed.
 */
export function scheduleOf(seed: number, attempt: number, on: Terrain): string[] {
  const draws = new Draws(drawKey(seed, `schedule/${attempt}`));
  const lines: string[] = [];
  let freeMs = on.from / 1000;
  for (let left = 1 + draws.int(3); left > 0; left--) {
    const latest = on.to / 1000;
    if (freeMs > latest) break;
    const atMs = freeMs + draws.int(latest - freeMs + 1);
    const { line, forMs } = draw(draws, on, atMs, on.healedByUs / 1000);
    lines.push(line);
    freeMs = atMs + forMs + 3_000;
  }
  return lines;
}

function draw(draws: Draws, on: Terrain, atMs: number, healedByMs: number): { line: string; forMs: number } {
  const broker = `broker-${1 + draws.int(on.brokers)}`;
  const other = `broker-${1 + ((Number(broker.slice(7)) + draws.int(on.brokers - 1)) % on.brokers)}`;
  const lasting = (what: string, [from, to]: Span) => {
    const forMs = Math.min(from + draws.int(to - from + 1), healedByMs - atMs);
    return { line: `${what} at ${atMs}ms for ${forMs}ms`, forMs };
  };
  switch (draws.int(10)) {
    case 0:
    case 1:
      return lasting(`kill ${broker}`, [500, 14_000]);
    case 2:
      return { line: `restart ${broker} at ${atMs}ms`, forMs: 1_000 };
    case 3:
      return lasting(`pause ${broker}`, [200, 8_000]);
    case 4:
      return lasting(`pause ${on.members[draws.int(on.members.length)]}`, [1_000, 6_000]);
    case 5:
      return lasting(`cut ${broker}<->${other}`, [500, 6_000]);
    case 6:
      return lasting(`cut ${on.app}<->${broker}`, [500, 6_000]);
    case 7:
      return lasting(`delay ${on.app}->${broker} by=${10 + draws.int(191)}ms`, [1_000, 8_000]);
    case 8:
      return lasting(`delay ${broker}<->${other} by=${10 + draws.int(191)}ms`, [1_000, 8_000]);
    default:
      return lasting(`loss ${on.app}<->${broker} share=1/${5 + draws.int(36)}`, [1_000, 8_000]);
  }
}

/** Draws one after the other. */
class Draws {
  private n = 0;
  private readonly key: DrawKey;
  constructor(key: DrawKey) {
    this.key = key;
  }
  int(bound: number): number {
    return drawInt(this.key, this.n++, bound);
  }
}
