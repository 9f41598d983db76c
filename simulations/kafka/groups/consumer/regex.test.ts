import { describe, expect, it } from 'vitest';
import { parsePattern } from './regex.ts';

function matches(source: string, name: string): boolean {
  const read = parsePattern(source);
  if (!read.ok) throw new Error(read.message);
  return read.pattern.matches(name);
}

/** Where the subset and JavaScript mean the same. */
const PATTERNS = [
  '',
  'a',
  'ab*c',
  'a|bc|',
  '(a|b)+c?',
  '(?:ab){2,3}',
  'x{2}',
  'x{0,}',
  'a.c',
  '[a-c]+',
  '[^a-c]',
  '[-a]',
  '[\\]a]',
  '\\d+',
  '\\D',
  '\\w+',
  '\\W',
  'a\\.b',
  '^a$',
  'a+?b',
  '(a*)*b',
  '(|a)+',
  '[\\d.]+',
  'a{,2}',
];
const NAMES = ['', 'a', 'b', 'c', 'ab', 'abc', 'abab', 'ababab', 'abbbc', 'xx', 'a.c', 'a.b', 'axc', '12', '1.2', '-', ']', 'aab', 'aaaa', 'bc', 'acb', 'a{,2}', 'A', '_'];

describe('regular expressions of subscriptions', () => {
  it.each(PATTERNS)('reads %s as JavaScript does', (source) => {
    const whole = new RegExp(`^(?:${source})$`);
    expect(NAMES.filter((name) => matches(source, name))).toEqual(NAMES.filter((name) => whole.test(name)));
  });

  it('takes time linear in the name, where backtracking would not end', () => {
    expect(matches('(a*)*b', `${'a'.repeat(249)}`)).toBe(false);
    expect(matches('(a|a)*c', `${'a'.repeat(248)}c`)).toBe(true);
  });

  it.each(['(', ')', 'a)', '[a', '*', 'a**', 'a{2}{3}', 'a{1001}', 'a{3,2}', '\\', '(?=a)', '(?<n>a)', '(?i)a', '\\b', '\\pL', '[[:alpha:]]', '[z-a]', '\\1', '((a{100}){100}){100}'])(
    'refuses %s',
    (source) => {
      expect(parsePattern(source)).toMatchObject({ ok: false, message: expect.any(String) as string });
    },
  );
});
