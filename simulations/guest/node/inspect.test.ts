// Console text reads as in Node; what is hashed holds no words of the engine.
import { format as nodeFormat, inspect as nodeInspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codeOf, format, inspect, plainArguments } from './inspect.ts';

class Order {
  id = 1;
  #secret = 2;
  secret() {
    return this.#secret;
  }
}

describe('inspect', () => {
  it.each([
    [1],
    [-0],
    ['text'],
    ["it's"],
    [null],
    [undefined],
    [true],
    [12n],
    [Symbol('s')],
    [[]],
    [[1, 'a', [2]]],
    [{}],
    [{ a: 1, 'b-c': 'd', e: { f: [] } }],
    [new Map([['k', { v: 1 }]])],
    [new Set([1, 2])],
    [new Date(0)],
    [/x/g],
    [new Order()],
    [Object.create(null)],
    [() => 1],
    [class A {}],
    [new Uint8Array([1, 2])],
    [Buffer.from('hi')],
    [{ a: { b: { c: { d: 1 } } } }],
  ])('shows %o as Node does', (value: unknown) => {
    expect(inspect(value)).toBe(nodeInspect(value));
  });
  it('survives circles and getters that throw', () => {
    const circle: Record<string, unknown> = { name: 'c' };
    circle['self'] = circle;
    expect(inspect(circle)).toContain('[Circular *1]');
    expect(
      inspect({
        get x() {
          throw new Error('no');
        },
      }),
    ).toBe('{ x: [Getter] }');
  });
  it.each([[['a', 1, { b: 2 }]], [['%s is %d', 'x', 4.5, 'rest']], [['%i %f %j %o%%', '42px', '1.5', { a: 1 }, 7]], [['%s']], [[]], [['100%', 'sure']]])(
    'formats %j as Node does',
    (args: unknown[]) => {
      expect(format(args)).toBe(nodeFormat(...args));
    },
  );
  it('cuts what is too long', () => {
    expect(format(['x'.repeat(20_000)])).toMatch(/^x{10000}… \(10000 more characters\)$/);
  });
});

describe('what is hashed', () => {
  it('keeps values and leaves out words and places of the engine', () => {
    const error = Object.assign(new TypeError('worded by the engine'), { code: 'E_X' });
    expect(plainArguments(['text', 1, undefined, 5n, error, () => 1, new Map([[1, 2]]), new Date(0)])).toBe(
      '["text",1,"undefined","5n",{"name":"TypeError","code":"E_X"},"[Function ]",{"Map":[[1,2]]},"1970-01-01T00:00:00.000Z"]',
    );
    expect(plainArguments(['failed: Error: x\n    at f (blob:null/1:2:3)\n    at g (a.js:1:1)\nend'])).toBe('["failed: Error: x\\nend"]');
    expect(plainArguments(['f@blob:null/1:2:3\ng@x:1:1\n'])).toBe('[""]');
  });
  it('names an error by its type or code', () => {
    expect([codeOf({ type: 'T', code: 3 }), codeOf({ code: 3 }), codeOf(new Error('x')), codeOf(null), codeOf('x')]).toEqual(['T', '3', '', '', '']);
  });
});
