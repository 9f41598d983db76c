// sim list: every scenario with its id.
import { INVARIANT_IDS } from '../../simulations/invariants/catalogue.ts';
import { allScenarios } from './scenarios.ts';
import { readOptions } from './usage.ts';

export function list(args: readonly string[]): number {
  const options = readOptions(args, { flags: ['json'], values: [] });
  const rows = allScenarios().map((s) => ({
    id: s.id,
    title: s.title,
    ...(s.lesson === undefined ? {} : { lesson: s.lesson }),
    horizonMs: s.horizonMs,
    invariants: s.invariants.length > 0 ? s.invariants : [...INVARIANT_IDS],
  }));
  if (options.flags.has('json')) console.log(JSON.stringify({ scenarios: rows }, null, 2));
  else for (const r of rows) console.log(`${r.id.padEnd(24)} ${String(r.horizonMs / 1000).padStart(4)} s  ${r.title.en} · ${r.title.ko}`);
  return 0;
}
