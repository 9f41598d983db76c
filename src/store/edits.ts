// The schedule of faults that the learner gave a scenario of the lab, so that a reload does not drop it.
import type { DocumentKind } from './documents.ts';
import { LIMITS } from './link-limits.ts';
import { isTable } from './progress.ts';

export interface Edit {
  /** The whole schedule, lines of the fault grammar. */
  readonly faults: readonly string[];
  readonly seed: number;
}

/** null = the scenario as it is listed. @param isFault whether a line can strike in the scenario: with one that cannot, the document is set aside. */
export function editKind(isFault: (line: string) => boolean): DocumentKind<Edit | null> {
  return {
    version: 1,
    empty: null,
    check: (data) => {
      if (!isTable(data) || !Array.isArray(data.faults) || data.faults.length > LIMITS.faults || !isSeed(data.seed)) return null;
      return data.faults.every((line) => typeof line === 'string' && isFault(line)) ? (data as unknown as Edit) : null;
    },
  };
}

export function editName(scenario: string): string {
  return `lab.${scenario}`;
}

function isSeed(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff;
}
