// The fidelity page names only sets that were run, and leaves none out.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BEHAVIOURS } from './behaviours.ts';

it('names every set of vectors that is implemented, and no other', () => {
  const result = JSON.parse(readFileSync('conformance/result.json', 'utf8')) as Record<string, unknown>;
  expect([...new Set(BEHAVIOURS.flatMap((b) => b.sets))].sort()).toEqual(Object.keys(result).sort());
});

it('says of everything that is simplified or absent what that means', () => {
  for (const b of BEHAVIOURS) for (const text of [b.name, b.note]) for (const language of ['ko', 'en'] as const) expect(text[language].trim(), b.name.en).not.toBe('');
});
