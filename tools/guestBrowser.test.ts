// The same universes have the same hashes in Node and in Chromium: programs that touch what hosts do differently, and the golden universes.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd } from '../simulations/run.ts';
import { openBrowserEngine, type BrowserEngine } from './golden/browser.ts';
import { readGolden } from './golden/compare.ts';
import { guestGolden, runGuestGolden } from './golden/guest.ts';
import { nativeGolden } from './golden/universes.ts';
import { trialUniverse, tryOut } from './guestTrial.ts';

/** Where Chromium usually is; without one there is nothing to compare with, and the browser tests say so. */
const CHROMIUM = [process.env['CHROME_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== undefined && existsSync(path));

const KAFKA = `import { Kafka, CompressionTypes } from 'kafkajs'
const kafka = new Kafka({ clientId: 'app', brokers: ['broker-1:9092', 'broker-2:9092'], retry: { retries: 30, maxRetryTime: 1000 } })
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
`;

const PROGRAMS: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly faults?: readonly string[] }>> = {
  'rejections that nothing handles, at once and late': {
    files: {
      'one.ts': `async function f(n: number) { await null; await new Promise((r) => setTimeout(r, n)); throw new TypeError('x' + n) }\nsetInterval(() => console.log('t'), 7)\nf(100)`,
      'two.ts': `process.on('unhandledRejection', (e) => console.log('heard', e.message))\nasync function g() { for (let i = 0; i < 200; i++) { Promise.reject(new Error('r' + i)); await new Promise((r) => setTimeout(r, 1)) } }\ng()\nsetInterval(() => console.log('t'), 1)`,
    },
  },
  'numbers, dates, words, sorting': {
    files: {
      'one.ts': `for (let i = 0; i < 100; i++) { const x = Math.random() * 1000 - 500; const d = new Date(x * 1e9); console.log(Math.sin(x), Math.cos(x), Math.tan(x), Math.exp(x / 50), Math.log(Math.abs(x)), Math.pow(Math.abs(x), x / 99), Math.atan2(x, 3), Math.cbrt(x), Math.sinh(x / 90), Math.tanh(x / 90), Math.asinh(x), Math.hypot(x, 2 * x), x.toFixed(3), x.toLocaleString(), d.toString(), d.toLocaleString(), d.getHours()) }
console.log([...'zażółć gęślą jaźń한국어ABCabc'].sort((a, b) => a.localeCompare(b)).join(''), Array.from({ length: 50 }, (_, i) => i).sort(() => Math.random() - 0.5).join(), crypto.randomUUID(), new Error('x').stack)`,
    },
  },
  'names that hosts have and the simulation has not': {
    files: {
      'one.ts': `// @ts-nocheck\n${['WeakRef', 'fetch', 'navigator', 'Blob', 'FileReader', 'OffscreenCanvas', 'cookieStore', 'reportError', 'GPU', 'origin', 'Iterator', 'Worker', 'eval', 'postMessage'].map((n) => `try { console.log('${n}', typeof ${n}); ${n}; console.log('got it') } catch (e) { console.log(e.name, e.code) }`).join('\n')}
console.log(Object.getOwnPropertyNames(globalThis).sort().join(), Object.getOwnPropertyNames(Math).join(), typeof Array.fromAsync, typeof Map.groupBy, globalThis.atob('aGk='), structuredClone({ a: 1 }).a)
for (const change of [() => { Array.prototype.map = 1 }, () => { Promise.prototype.then = 1 }, () => { TextEncoder.prototype.encode = 1 }, () => { URL.prototype.x = 1 }, () => { Date.now = 1 }]) try { change(); console.log('changed') } catch (e) { console.log(e.name) }`,
    },
  },
  'gzip, a group and a broker that dies': {
    files: {
      'one.ts': `${KAFKA}const p = kafka.producer()\nasync function main() { await p.connect(); for (let i = 0; i < 40; i++) { await p.send({ topic: 'orders', compression: CompressionTypes.GZIP, messages: Array.from({ length: 20 }, (_, j) => ({ key: j % 3 ? 'k' + j : null, value: 'value '.repeat(j) + i })) }); await sleep(50) } console.log('done') }\nmain()`,
      'two.ts': `${KAFKA.replace(', CompressionTypes', '')}void sleep\nconst c = kafka.consumer({ groupId: 'g', maxWaitTimeInMs: 300 })\nasync function main() { await c.connect(); await c.subscribe({ topics: ['orders'], fromBeginning: true }); let n = 0; await c.run({ eachBatch: async ({ batch }) => { n += batch.messages.length; console.log(batch.partition, n) } }) }\nmain()`,
    },
    faults: ['kill broker-1 at 2s for 4s', 'kill two at 9s for 1s'],
  },
};

describe.runIf(CHROMIUM)('Node and Chromium', () => {
  let engine: BrowserEngine;
  beforeAll(async () => {
    engine = await openBrowserEngine({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => engine.close());

  it.each(Object.keys(PROGRAMS))(
    'agree on %s',
    async (name) => {
      const trial = { ...PROGRAMS[name]!, horizonMs: 15_000, seed: 3 };
      const here = await tryOut(trial);
      expect(here.hash).toMatch(/^[0-9a-f]{32}$/);
      const universe = trialUniverse(trial);
      expect([await engine.hash(universe), await engine.hash(universe)]).toEqual([here.hash, here.hash]);
    },
    60_000,
  );

  it.each([...nativeGolden(), ...guestGolden()])(
    'agree on the golden universe $name',
    async ({ name, universe }) => {
      const { hash } = readGolden(name)!;
      expect([await engine.hash(universe), await engine.hash(universe)]).toEqual([hash, hash]);
    },
    60_000,
  );
});

describe('Node', () => {
  it.each(nativeGolden())('gives the golden hash of $name', ({ name, universe }) => {
    expect(runToEnd(universe).hash).toBe(readGolden(name)!.hash);
  });

  it.each(guestGolden())(
    'gives the golden hash of $name, which runs learner code',
    async (golden) => {
      expect((await runGuestGolden(golden)).hash).toBe(readGolden(golden.name)!.hash);
    },
    60_000,
  );
});
