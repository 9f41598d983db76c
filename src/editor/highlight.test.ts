import { expect, it } from 'vitest';
import { highlight } from './highlight.ts';

it('tells words, texts and comments apart and loses nothing', () => {
  const line = "  const key = 'user' // a new key";
  const tokens = highlight(line);
  expect(tokens.map((t) => t.text).join('')).toBe(line);
  expect(tokens.filter((t) => t.kind !== 'plain' && t.kind !== 'mark')).toEqual([
    { kind: 'word', text: 'const' },
    { kind: 'text', text: "'user'" },
    { kind: 'comment', text: '// a new key' },
  ]);
});

it('leaves words inside texts alone', () => {
  expect(highlight('"new class"')).toEqual([{ kind: 'text', text: '"new class"' }]);
});
