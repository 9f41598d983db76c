// Runs conformance vectors from folders laid out like conformance/vectors and reports set by set.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLINK_CEP } from './flinkCep.ts';
import { FLINK_TIME } from './flinkTime.ts';
import { KAFKA_ASSIGNORS } from './kafkaAssignors.ts';
import { KAFKA_BYTES } from './kafkaBytes.ts';
import { KAFKA_CONTROLLER } from './kafkaController.ts';
import { KAFKA_GROUP_CONFIGS } from './kafkaGroupConfigs.ts';
import { KAFKA_QUOTAS } from './kafkaQuotas.ts';
import { KAFKA_TOPIC_PATTERNS } from './kafkaTopicPatterns.ts';
import { KAFKA_WIRE } from './kafkaWire.ts';
import type { Case, Checker, Outcome } from './outcome.ts';
import { PRODUCER_STATE } from './producerState.ts';

/** Every checker there is. Which of them must pass is said by conformance/implemented.json. */
export const CHECKERS: Readonly<Record<string, Checker>> = { ...KAFKA_BYTES, ...KAFKA_WIRE, ...KAFKA_ASSIGNORS, ...KAFKA_CONTROLLER, ...KAFKA_QUOTAS, ...KAFKA_GROUP_CONFIGS, ...KAFKA_TOPIC_PATTERNS, ...PRODUCER_STATE, ...FLINK_CEP, ...FLINK_TIME };

/** Sets that are shown and never fail a run: another answer may be as right. */
const INFORMATIONAL: ReadonlySet<string> = new Set(['cep-nfa-graphs']);
const FAMILIES = ['kafka', 'flink', 'schema'];
const SHOWN = 20;

export interface SetResult {
  readonly set: string;
  readonly total: number;
  readonly implemented: boolean;
  readonly informational: boolean;
  readonly passed: number;
  readonly equivalent: readonly string[];
  readonly failures: readonly { readonly id: string; readonly expected: unknown; readonly actual: unknown }[];
}

/** @param folders each with kafka/, flink/ or schema/ in it. Cases of one set in several folders count together. */
export function runSets(folders: readonly string[], checkers: Readonly<Record<string, Checker>> = CHECKERS): SetResult[] {
  const sets = new Map<string, Case[]>();
  for (const folder of folders) {
    for (const family of FAMILIES) {
      const at = join(folder, family);
      if (!existsSync(at)) continue;
      for (const file of readdirSync(at).filter((f) => f.endsWith('.json')).sort()) {
        // Sets recorded from Flink are the list of their cases alone, under the file's name.
        const document = JSON.parse(readFileSync(join(at, file), 'utf8')) as Case[] | { set?: string; cases?: Case[] };
        const { set = file.replace(/\.json$/, ''), cases = [] } = Array.isArray(document) ? { cases: document } : document;
        sets.set(set, [...(sets.get(set) ?? []), ...cases]);
      }
    }
  }
  const byId = new Map<string, Case[]>();
  for (const c of [...sets.values()].flat()) byId.set(String(c['id']), [...(byId.get(String(c['id'])) ?? []), c]);
  return [...sets].map(([set, cases]) => runSet(set, cases, checkers[set], (id) => byId.get(id) ?? []));
}

function runSet(set: string, cases: readonly Case[], checker: Checker | undefined, find: (id: string) => readonly Case[]): SetResult {
  const informational = INFORMATIONAL.has(set);
  if (!checker) return { set, total: cases.length, implemented: false, informational, passed: 0, equivalent: [], failures: [] };
  const equivalent: string[] = [];
  const failures: { id: string; expected: unknown; actual: unknown }[] = [];
  for (const c of cases) {
    const id = String(c['id']);
    const outcome = attempt(checker, c, find);
    if (outcome.kind === 'fail') failures.push({ id, expected: outcome.expected, actual: outcome.actual });
    else if (outcome.kind === 'equivalent') equivalent.push(id);
  }
  return { set, total: cases.length, implemented: true, informational, passed: cases.length - failures.length, equivalent, failures };
}

function attempt(checker: Checker, c: Case, find: (id: string) => readonly Case[]): Outcome {
  try {
    return checker(c, find);
  } catch (error) {
    return { kind: 'fail', expected: 'an answer', actual: error instanceof Error ? error.stack : String(error) };
  }
}

/** The report as lines of text. */
export function report(results: readonly SetResult[]): string[] {
  const lines: string[] = [];
  for (const r of results) {
    if (!r.implemented) {
      lines.push(`${r.set}: not implemented`);
      continue;
    }
    lines.push(`${r.set}: ${r.passed}/${r.total}${r.informational ? ' (informational)' : ''}${r.equivalent.length ? ` (${r.equivalent.length} equivalent)` : ''}`);
    if (r.equivalent.length) lines.push(`  equivalent: ${r.equivalent.join(', ')}`);
    for (const f of r.failures.slice(0, SHOWN)) lines.push(`  ${f.id}`, `    expected ${short(f.expected)}`, `    actual   ${short(f.actual)}`);
    if (r.failures.length > SHOWN) lines.push(`  and ${r.failures.length - SHOWN} more`);
  }
  return lines;
}

function short(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v instanceof Uint8Array ? `<${v.length} bytes>` : v));
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

/** Whether a run of these results is a failure. @param strict also fail for sets without a checker. */
export function failed(results: readonly SetResult[], strict: boolean): boolean {
  return results.some((r) => !r.informational && (r.implemented ? r.failures.length > 0 : strict));
}
