// A scenario of the lab as the learner left it: the schedule of faults outlives a reload, and what cannot strike any more is set aside.
import type { Scenario, Universe } from '../../simulations/contract/scenario.ts';
import { parseFault } from '../../simulations/faults/grammar.ts';
import type { Documents } from '../store/documents.ts';
import { editKind, editName } from '../store/edits.ts';
import { LIMITS } from '../store/link-limits.ts';
import { processesOf } from './breaks.ts';

/** @param seed as the address says; null = as it was left, or 1. */
export function keptUniverse(documents: Documents, scenario: Scenario, seed: number | null): Universe {
  const edit = documents.read(editName(scenario.id), kindOf(scenario));
  return { scenario, faults: edit?.faults ?? scenario.faults, seed: seed ?? edit?.seed ?? 1, files: scenario.files };
}

/** Keeps a schedule that is not the scenario's own; of a longer one than a link could hold, what was kept before stays. */
export function keepUniverse(documents: Documents, { scenario, faults, seed }: Universe): void {
  const name = editName(scenario.id);
  const kind = kindOf(scenario);
  const kept = documents.read(name, kind);
  if (sameSchedule(faults, scenario.faults)) {
    if (kept) documents.write(name, kind, null);
  } else if (faults.length <= LIMITS.faults && !(kept && kept.seed === seed && sameSchedule(kept.faults, faults))) documents.write(name, kind, { faults, seed });
}

export function sameSchedule(a: readonly string[], b: readonly string[]): boolean {
  return a.join('\n') === b.join('\n');
}

function kindOf(scenario: Scenario) {
  const names = processesOf(scenario);
  return editKind((line) => parseFault(line, names).ok);
}
