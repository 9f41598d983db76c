// sim run: one universe, its verdict, and if asked for its trace, hash or everything as JSON.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readScenario, type Universe } from '../../simulations/contract/scenario.ts';
import { nearest } from '../../simulations/contract/schema.ts';
import { printTime, parseTime } from '../../simulations/faults/grammar.ts';
import { TraceStore, toNdjson, type TraceChunk } from '../../simulations/kernel/trace.ts';
import { readSchedule, type RunResult } from '../../simulations/run.ts';
import { lookup, say, type EngineText } from '../../simulations/text/contract.ts';
import { en } from '../../simulations/text/en.ts';
import { ko } from '../../simulations/text/ko.ts';
import { execute } from './execute.ts';
import { allUniverses } from './scenarios.ts';
import { withSetting } from './set.ts';
import { BadUsage, readOptions, readSeed, single } from './usage.ts';

export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args, { flags: ['json', 'hash'], values: ['seed', 'until', 'fault', 'set', 'lang', 'trace'] });
  const [name, ...rest] = options.words;
  if (name === undefined) throw new BadUsage('Which scenario? Write sim run leader-dies; sim list shows all.');
  if (rest.length > 0) throw new BadUsage(`One scenario at a time: ${JSON.stringify(rest[0])} is too much. A fault goes in quotes: --fault "kill broker-2 at 12s".`);
  const lang = single(options, 'lang') ?? 'en';
  if (lang !== 'ko' && lang !== 'en') throw new BadUsage(`--lang ${JSON.stringify(lang)}: write ko or en.`);
  const universe = load(name, {
    seed: readSeed(single(options, 'seed')),
    until: single(options, 'until'),
    faults: options.values.get('fault') ?? [],
    settings: options.values.get('set') ?? [],
  });
  const store = new TraceStore();
  const file = single(options, 'trace');
  const out = file === undefined ? null : openTrace(file);
  let written = 0;
  const sink = (chunk: TraceChunk) => {
    store.append(chunk);
    if (out === null) return;
    let lines = '';
    for (; written < store.count; written++) lines += `${toNdjson(store.event(written))}\n`;
    writeSync(out, lines);
  };
  const result = await execute(universe, sink);
  if (out !== null) closeSync(out);
  const text = lang === 'ko' ? ko : en;
  if (options.flags.has('json')) console.log(JSON.stringify(asJson(universe, result, store, text), null, 2));
  else tell(universe, result, store, text);
  if (options.flags.has('hash')) console.log(result.hash ?? '');
  return result.invariants.some((i) => !i.held && i.promised) || result.ended.reason === 'limit' ? 2 : 0;
}

interface Given {
  readonly seed: number;
  readonly until: string | undefined;
  readonly faults: readonly string[];
  readonly settings: readonly string[];
}

function load(name: string, given: Given): Universe {
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
  if (!schedule.ok)
    throw new BadUsage(
      schedule.errors
        .map((e) => `The fault ${JSON.stringify(e.text)} cannot be read: ${e.error.code}${e.error.part ? ` at ${JSON.stringify(e.error.part)}` : ''}. Write for example: ${e.error.hint}.`)
        .join('\n'),
    );
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

function openTrace(path: string): number {
  try {
    return openSync(path, 'w');
  } catch {
    throw new BadUsage(`The trace cannot be written to ${path}. Name a file in a folder that exists.`);
  }
}

function asJson(universe: Universe, result: RunResult, store: TraceStore, text: EngineText) {
  return {
    scenario: universe.scenario.id,
    seed: universe.seed,
    hash: result.hash,
    virtualMs: result.virtualUs / 1000,
    events: result.events,
    ended: result.ended.detail === '' ? { reason: result.ended.reason } : result.ended,
    invariants: result.invariants.map((i) => ({ id: i.id, held: i.held, promised: i.promised, ...(i.held ? {} : { atMs: i.atUs / 1000, message: say(text, store.event(i.seq)) }) })),
    metrics: result.metrics,
  };
}

function tell(universe: Universe, result: RunResult, store: TraceStore, text: EngineText): void {
  console.log(`${universe.scenario.title[text.language]}   ${universe.scenario.id}, seed ${universe.seed}, ${printTime(result.virtualUs)}, ${result.events} events`);
  console.log(text.ended[result.ended.reason]);
  for (const i of result.invariants) {
    const title = lookup(text.invariants, i.id)?.title ?? i.id;
    console.log(`${i.held ? '✓' : '✗'} ${title}${i.held ? '' : `   ${(i.atUs / 1e6).toFixed(3)} s: ${say(text, store.event(i.seq))}`}`);
  }
}
