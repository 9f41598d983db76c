// Every scenario the command line knows: those of the lab, then the experiments of the lessons.
import type { Universe } from '../../simulations/contract/scenario.ts';
import { SCENARIOS } from '../../simulations/scenarios/catalogue.ts';
import { lessons } from '../catalogue.ts';

export function allUniverses(): Universe[] {
  return [...SCENARIOS.map((scenario) => ({ scenario, faults: scenario.faults, seed: 1, files: {} })), ...lessons().map((l) => l.kit.experiment)];
}

export function allScenarios(): Universe['scenario'][] {
  return allUniverses().map((u) => u.scenario);
}
