// Scenario documents are written short and read through the same validator as a stranger's file.
import { readScenario, type Scenario } from '../contract/scenario.ts';

/** @throws Error with the first problem when the document is not valid: a mistake of ours. */
export function defineScenario(document: unknown): Scenario {
  const read = readScenario(document);
  if (!read.ok) {
    const p = read.problems[0]!;
    throw new Error(`scenario: ${p.path} must be ${p.rule}, not ${p.got}. ${p.hint}`);
  }
  return read.value;
}
