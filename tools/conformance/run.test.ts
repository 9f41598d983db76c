// The runner reports any folder of the layout, whatever its ids, and fails where it should.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failed, report, runSets } from './run.ts';

function folder(sets: Readonly<Record<string, readonly object[]>>): string {
  const at = mkdtempSync(join(tmpdir(), 'vectors-'));
  mkdirSync(join(at, 'kafka'));
  for (const [set, cases] of Object.entries(sets)) writeFileSync(join(at, 'kafka', `${set}.json`), JSON.stringify({ set, cases }));
  return at;
}

describe('conformance runner', () => {
  const good = { id: 'mine', inputHex: '313233343536373839', crc32c: 3808858755, crc32cHex: 'e3069283' };
  it('counts, and names what differs', () => {
    const results = runSets([folder({ crc32c: [good, { ...good, id: 'wrong', crc32c: 1 }] }), folder({ crc32c: [{ ...good, id: 'more' }] })]);
    expect(report(results)).toEqual(['crc32c: 2/3', '  wrong', '    expected 1', '    actual   3808858755']);
    expect(failed(results, false)).toBe(true);
  });
  it('takes a case that cannot be read for a failure', () => {
    const results = runSets([folder({ 'requests-kafkajs': [{ id: 'x', frameHex: '00' }] })]);
    expect(results[0]).toMatchObject({ passed: 0, failures: [{ id: 'x' }] });
  });
  it('fails for a set without a checker only when it is strict', () => {
    const results = runSets([folder({ 'a-new-set': [{ id: 'x' }], crc32c: [good] })]);
    expect(report(results)).toEqual(['a-new-set: not implemented', 'crc32c: 1/1']);
    expect([failed(results, false), failed(results, true)]).toEqual([false, true]);
  });
  it('lists equivalent cases and forgives informational sets', () => {
    const at = folder({ 'cep-nfa-graphs': [{ id: 'g' }], sticky: [{ id: 's' }, { id: 't' }] });
    const results = runSets([at], { 'cep-nfa-graphs': () => ({ kind: 'fail', expected: 1, actual: 2 }), sticky: (c) => (c['id'] === 's' ? { kind: 'equivalent' } : { kind: 'pass' }) });
    expect(report(results)).toEqual(['cep-nfa-graphs: 0/1 (informational)', '  g', '    expected 1', '    actual   2', 'sticky: 2/2 (1 equivalent)', '  equivalent: s']);
    expect(failed(results, true)).toBe(false);
  });
  it('shows twenty failures of a set and counts the rest', () => {
    const cases = Array.from({ length: 25 }, (_, i) => ({ ...good, id: `c${i}`, crc32c: 0 }));
    expect(report(runSets([folder({ crc32c: cases })])).at(-1)).toBe('  and 5 more');
  });
});
