// The universe that a link names.
import type { Universe } from '../../simulations/contract/scenario.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import type { LinkedRun } from '../store/link.ts';

/** @returns null when the link names a scenario that this version does not have. */
export function universeOf(linked: LinkedRun): Universe | null {
  if (linked.run.kind === 'universe') return linked.run.universe;
  const scenario = scenarioById(linked.run.id);
  if (!scenario) return null;
  const { seed, faults, files } = linked.run.changes;
  return { scenario, seed, faults: faults ?? scenario.faults, files: { ...scenario.files, ...files } };
}
