// sim run: one universe, its verdict, and if asked for its trace, hash or everything as JSON.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { printTime } from '../../simulations/faults/grammar.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { TraceStore, toNdjson } from '../../simulations/kernel/traceStore.ts';
import type { RunResult } from '../../simulations/run.ts';
import { lookup, say, type EngineText } from '../../simulations/text/contract.ts';
import { en } from '../../simulations/text/en.ts';
import { ko } from '../../simulations/text/ko.ts';
import { execute } from './execute.ts';
import { load } from './load.ts';
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
