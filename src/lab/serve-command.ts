// How to put a universe's cluster on ports: the line for the command line, and the document it needs where the scenario is not a listed one.
import type { Scenario, Universe } from '../../simulations/contract/scenario.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';

export interface ServeCommand {
  readonly line: string;
  /** The scenario as a file to save beside the project; null for a scenario that the command line lists itself. */
  readonly file: { readonly name: string; readonly text: string } | null;
}

export const FIRST_PORT = 9092;
const PROGRAM = 'npm run --silent sim -- serve';

export function serveCommand({ scenario, faults, seed }: Universe): ServeCommand {
  const listed = scenarioById(scenario.id);
  const options = [`--port ${FIRST_PORT}`, ...(seed === 1 ? [] : [`--seed ${seed}`])];
  if (listed && same(listed, scenario)) {
    const changed = faults.join('\n') !== listed.faults.join('\n');
    // Without a fault there is no option that says so: the scenario then goes into a file.
    if (!changed || faults.length > 0) return { line: [PROGRAM, scenario.id, ...options, ...(changed ? faults.map((f) => `--fault "${f}"`) : [])].join(' '), file: null };
  }
  const name = `${scenario.id}.json`;
  return { line: [PROGRAM, name, ...options].join(' '), file: { name, text: `${JSON.stringify({ ...scenario, faults }, null, 2)}\n` } };
}

function same(a: Scenario, b: Scenario): boolean {
  return JSON.stringify({ ...a, faults: [] }) === JSON.stringify({ ...b, faults: [] });
}
