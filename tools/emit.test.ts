// Learner code is checked and emitted as the options say, with TypeScript's own messages at the learner's places.
import { beforeAll, describe, expect, it } from 'vitest';
import { buildGuest, type Guest } from './build-guest.ts';
import { emit, typescriptVersion } from './emit.ts';

let guest: Guest;
beforeAll(async () => {
  guest = await buildGuest();
});

describe('emit', () => {
  it('gives CommonJS of ES2022 with a source map and no helpers', () => {
    const { js, maps, diagnostics } = emit(
      {
        'app.ts': `import { Kafka } from 'kafkajs'\nclass A { #x = 1; static { } }\nasync function* g() { yield* [1] }\nexport const k = new Kafka({ brokers: ['broker-1:9092'] }), a = { ...{ b: 1 } }, c = a?.b ?? 2\nvoid A, g`,
      },
      guest.types,
    );
    expect(diagnostics).toEqual([]);
    expect(js['app.ts']).toContain('const kafkajs_1 = require("kafkajs");');
    expect(js['app.ts']).toContain('#x = 1;');
    expect(js['app.ts']).not.toMatch(/__(?:await|importDefault|spread)/);
    expect(JSON.parse(maps['app.ts']!)).toMatchObject({ version: 3, sources: ['app.ts'] });
  });
  it('tells type errors with file, line, column and number', () => {
    const { diagnostics } = emit({ 'app.ts': `import { order } from './order'\n\nconst n: number = order.id`, 'order.ts': `export const order = { id: 'x' }` }, guest.types);
    expect(diagnostics).toEqual([{ file: 'app.ts', line: 3, column: 7, code: 2322, message: "Type 'string' is not assignable to type 'number'." }]);
  });
  it('knows kafkajs and the Node names that exist, and no other', () => {
    const ok = `import { randomUUID } from 'node:crypto'\nimport { readFileSync } from 'fs'\nimport { EventEmitter } from 'events'\nimport { setTimeout as sleep } from 'timers/promises'\nvoid [randomUUID, readFileSync, EventEmitter, sleep, Buffer.from('x').toString('hex'), process.env['A'], performance.now(), setImmediate(() => {}), new URL('http://x').host]`;
    expect(emit({ 'ok.ts': ok }, guest.types).diagnostics).toEqual([]);
    const unknown = (name: string) => emit({ 'app.ts': `void ${name}` }, guest.types).diagnostics.map((d) => d.code);
    for (const name of ['fetch', 'window', 'document', 'navigator', 'Worker', 'WebSocket', 'localStorage']) expect(unknown(name), name).toHaveLength(1);
    expect(emit({ 'app.ts': `import express from 'express'\nvoid express` }, guest.types).diagnostics.map((d) => d.code)).toContain(2307);
  });
  it('types kafkajs messages as the library does', () => {
    const { diagnostics } = emit({ 'app.ts': `import { Kafka } from 'kafkajs'\nnew Kafka({ brokers: [] }).producer().send({ topic: 'a', messages: [{ key: 1, value: 'v' }] })` }, guest.types);
    expect(diagnostics).toMatchObject([{ line: 2, code: 2322 }]);
  });
  it('uses the version that Monaco carries', () => {
    expect(typescriptVersion).toBe('5.9.3');
  });
});

describe('guest.js', () => {
  it('is one classic script without imports, the same whenever it is built', async () => {
    expect(guest.code).not.toMatch(/\bimport\s*\(|^\s*import\s|^\s*export\s/m);
    expect((await buildGuest()).code).toBe(guest.code);
    expect(guest.packages).toEqual(['base64-js', 'buffer', 'fflate', 'ieee754', 'kafkajs']);
  });
});
