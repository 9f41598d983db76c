// Probes go where code may run for ever, change nothing else, and columns find their way back.
import { describe, expect, it } from 'vitest';
import { addProbes, unshift } from './probes.ts';

const absent = (name: string) => name === 'WeakRef';
const probed = (code: string) => addProbes(code, 'at', absent).code;

describe('probes', () => {
  it.each([
    ['while (more()) work();', 'while (at(1), more()) work();'],
    ['do { work(); } while (more());', 'do { work(); } while (at(1), more());'],
    ['for (;;) work();', 'for (;at(1), true;) work();'],
    ['for (let i = 0; i < 3; i++) work();', 'for (let i = 0; at(1), i < 3; i++) work();'],
    ['for (const x of list) work(x);', 'for (const x of list) work(x);'],
    ['for (const key in { a: 1, b: 2 }) work(key);', 'for (const key in { a: 1, b: 2 }) work(key);'],
    ['function f(a, b = (c) => { return c; }) { return a; }', 'function f(a, b = (c) => { at(1); return c; }) { at(1); return a; }'],
    ['const f = async (x) => { await x; };', 'const f = async (x) => { at(1); await x; };'],
    [
      'class A { method(x) { return x; } async *other() { yield 1; } get y() { return 2; } }',
      'class A { method(x) { at(1); return x; } async *other() { at(1); yield 1; } get y() { at(1); return 2; } }',
    ],
    ['if (a) { b(); } else if (c(d)) { e(); }', 'if (a) { b(); } else if (c(d)) { e(); }'],
    ['switch (a) { case 1: try { b(); } catch (e) { c(); } }', 'switch (a) { case 1: try { b(); } catch (e) { c(); } }'],
    ['const text = `while (${list.map((x) => { return x; })}) ${"for (;;)"}`;', 'const text = `while (${list.map((x) => { at(1); return x; })}) ${"for (;;)"}`;'],
    ['// while (true) {}\nconst r = /while (x) {/g; const q = a / b / c;', '// while (true) {}\nconst r = /while (x) {/g; const q = a / b / c;'],
    ['function f() { "use strict"; return 1; }', 'function f() { "use strict"; return 1; }'],
    ['o.while(1); o?.for(2); const p = { function: 1 };', 'o.while(1); o?.for(2); const p = { function: 1 };'],
    ['typeof WeakRef === "undefined"; typeof other; typeof WeakRef.prototype; new WeakRef(o);', 'typeof undefined === "undefined"; typeof other; typeof WeakRef.prototype; new WeakRef(o);'],
  ])('%s', (code, expected) => {
    expect(probed(code)).toBe(expected);
  });

  it('name the line', () => {
    expect(probed('\n\nfunction f() {\n  while (true) {}\n}')).toBe('\n\nfunction f() { at(3);\n  while (at(4), true) {}\n}');
  });

  it('leave alone what they cannot read', () => {
    for (const code of ['const a = `${', 'function f() { {']) expect(probed(code)).toBe(code);
  });

  it('are taken out of columns again', () => {
    const code = 'for (;;) { boom(); while (x) { bang(); } }';
    const { code: out, shifts } = addProbes(code, '__probe', absent);
    for (const word of ['boom', 'bang', 'for']) expect(unshift(shifts, 1, out.indexOf(word) + 1), word).toBe(code.indexOf(word) + 1);
    expect(unshift(shifts, 2, 7)).toBe(7);
  });
});
