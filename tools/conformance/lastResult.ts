// The last result over the project's own vectors, kept in conformance/result.json: the fidelity page is built from it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import type { SetResult } from './run.ts';

const FILE = 'conformance/result.json';
const ID = 'virtual:conformance';

export interface LastResult {
  readonly passed: number;
  readonly total: number;
  /** Cases where another answer is as good. */
  readonly equivalent: number;
}

export function lastResult(results: readonly SetResult[]): Record<string, LastResult> {
  const implemented = results.filter((r) => r.implemented).sort((a, b) => (a.set < b.set ? -1 : 1));
  return Object.fromEntries(implemented.map((r) => [r.set, { passed: r.passed, total: r.total, equivalent: r.equivalent.length }]));
}

export function writeLastResult(results: readonly SetResult[]): void {
  const text = `${JSON.stringify(lastResult(results), null, 2)}\n`;
  if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) writeFileSync(FILE, text);
}

export function readLastResult(root = '.'): Record<string, LastResult> {
  return JSON.parse(readFileSync(join(root, FILE), 'utf8')) as Record<string, LastResult>;
}

/** Gives the page `virtual:conformance`. */
export function conformanceResult(): Plugin {
  let root = process.cwd();
  return {
    name: 'millrace-conformance',
    configResolved(config) {
      root = config.root;
    },
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null;
      this.addWatchFile(join(root, FILE));
      return `export const RESULT = ${JSON.stringify(readLastResult(root))};`;
    },
  };
}
