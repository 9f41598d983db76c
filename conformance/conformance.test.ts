// The implemented sets of conformance vectors pass, and the list of implemented sets says exactly which have a checker.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lastResult, readLastResult } from '../tools/conformance/lastResult.ts';
import { CHECKERS, runSets } from '../tools/conformance/run.ts';

const implemented = JSON.parse(readFileSync('conformance/implemented.json', 'utf8')) as string[];
const results = runSets(['conformance/vectors']);

describe('conformance vectors', () => {
  it('list exactly the sets that have a checker', () => {
    expect(implemented.toSorted()).toEqual(Object.keys(CHECKERS).toSorted());
  });
  it('have their last result written down, for the fidelity page', () => {
    expect(readLastResult()).toEqual(lastResult(results));
  });
  it.each(implemented)('%s: every case passes', (set) => {
    const result = results.find((r) => r.set === set);
    expect(result?.total).toBeGreaterThan(0);
    expect(result?.failures.slice(0, 3)).toEqual([]);
  });
});
