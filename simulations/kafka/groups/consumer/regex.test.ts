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

  it.each([
    ['(?i)orders', ['orders', 'Orders', 'ORDERS'], ['order']],
    ['(?i:or)ders', ['ORders'], ['orDERS']],
    ['a(?-i)b(?i)c', ['abC'], ['aBc']],
    ['(?P<team>[a-z]+)[.](?P<what>orders|payments)', ['eu.orders'], ['eu.refunds']],
    ['orders\\b.*', ['orders', 'orders-eu', 'orders.eu'], ['orders_eu', 'orders2']],
    ['.*\\Beu', ['xeu'], ['x.eu', 'eu']],
    ['\\Aorders\\z', ['orders'], ['orders-eu']],
    ['\\p{Lu}\\p{Ll}+', ['Orders'], ['orders', 'ORDERS']],
    ['[\\pN\\p{Pd}]+', ['1-2'], ['1.2']],
    ['\\P{L}+', ['12.3'], ['a1']],
    ['[[:alpha:]]+[[:^alnum:]][[:digit:]]', ['orders.1'], ['orders1']],
    ['\\Qx.y\\E.*', ['x.y', 'x.y.z'], ['xay']],
    ['\\x61\\142', ['ab'], ['a']],
  ])('reads %s as RE2 does', (source, those, others) => {
    expect([...those, ...others].filter((name) => matches(source, name))).toEqual(those);
  });

  it('reads any pattern that a request can carry without running out of stack or time', () => {
    const long = (text: string) => parsePattern(text.repeat(Math.floor(32_000 / text.length))).ok;
    expect([long('('), long('\\Q'), long('\\.'), long('[[:alpha:]]'), long('(?P<n>a)'), long('a{2}')]).toEqual([false, false, false, true, false, false]);
  });

  it('takes time linear in the name, where backtracking would not end', () => {
    expect(matches('(a*)*b', `${'a'.repeat(249)}`)).toBe(false);
    expect(matches('(a|a)*c', `${'a'.repeat(248)}c`)).toBe(true);
  });

  it.each(['(', ')', 'a)', '[a', '*', 'a**', 'a{2}{3}', 'a{1001}', 'a{3,2}', '\\', '(?=a)', '(?<n>a)', '(?x)a', '\\Z', '\\C', '\\p{Lx}', '[[:letter:]]', '[z-a]', '\\1', '((a{100}){100}){100}'])(
    'refuses %s',
    (source) => {
      expect(parsePattern(source)).toMatchObject({ ok: false, message: expect.any(String) as string });
    },
  );
});
