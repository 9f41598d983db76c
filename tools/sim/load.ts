// The universe that a call of the command line names.
import { readFileSync } from 'node:fs';
import { readScenario, type Universe } from '../../simulations/contract/scenario.ts';
import { nearest } from '../../simulations/contract/schema.ts';
import { parseTime } from '../../simulations/faults/grammar.ts';
import { readSchedule } from '../../simulations/run.ts';
import { faultSentence } from '../faultSentence.ts';
import { allUniverses } from './scenarios.ts';
import { withSetting } from './set.ts';
import { BadUsage } from './usage.ts';

export interface Given {
  readonly seed: number;
  readonly until: string | undefined;
  readonly faults: readonly string[];
  readonly settings: readonly string[];
}

/** The universe that a call names: a listed scenario or a document in a file, with what the options change. @throws BadUsage with every problem. */
export function load(name: string, given: Given): Universe {
  const known = allUniverses();
  const listed = known.find((u) => u.scenario.id === name);
  let document: unknown = listed?.scenario;
  if (!listed) {
    if (!name.endsWith('.json'))
      throw new BadUsage(
        `There is no scenario ${JSON.stringify(name)}. Nearest: ${nearest(
          name,
          known.map((u) => u.scenario.id),
        ).join(', ')}. A file's name ends in .json.`,
      );
    document = readDocument(name);
  }
  for (const setting of given.settings) document = withSetting(document, setting);
  if (given.until !== undefined) {
    const us = parseTime(given.until);
    if (us === null || us < 1000 || us > 600_000_000 || us % 1000 !== 0) throw new BadUsage(`--until ${JSON.stringify(given.until)}: write a time from 1ms to 10m, for example --until 30s.`);
    document = { ...(document as object), horizonMs: us / 1000 };
  }
  const read = readScenario(document);
  if (!read.ok) throw new BadUsage(read.problems.map((p) => `${p.path}: must be ${p.rule}, not ${p.got}. ${p.hint}`).join('\n'));
  const faults = given.faults.length > 0 ? given.faults : (listed?.faults ?? read.value.faults);
  const schedule = readSchedule(faults, read.value);
  if (!schedule.ok) throw new BadUsage(schedule.errors.map((e) => faultSentence(e.text, e.error)).join('\n'));
  return { scenario: read.value, faults, seed: given.seed, files: Object.keys(listed?.files ?? {}).length > 0 ? listed!.files : read.value.files };
}

function readDocument(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new BadUsage(`The file ${path} cannot be read. Check its name.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadUsage(`The file ${path} is not JSON: ${(error as Error).message}.`);
  }
}
