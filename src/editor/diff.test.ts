import { expect, it } from 'vitest';
import fc from 'fast-check';
import { diffLines } from './diff.ts';

it('marks what goes and what comes', () => {
  expect(diffLines('a\nb\nc', 'a\nB\nc\nd')).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'gone', text: 'b' },
    { kind: 'new', text: 'B' },
    { kind: 'same', text: 'c' },
    { kind: 'new', text: 'd' },
  ]);
});

it('holds both texts, in order', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      expect(
        lines
          .filter((l) => l.kind !== 'new')
          .map((l) => l.text)
          .join('\n'),
      ).toBe(before);
      expect(
        lines
          .filter((l) => l.kind !== 'gone')
          .map((l) => l.text)
          .join('\n'),
      ).toBe(after);
    }),
  );
});
