// The world that learner code sees: time, chance, names, modules, life and death of a process.
import { describe, expect, it } from 'vitest';
import { tryOut } from './guestTrial.ts';

/** What a program writes, one text per call of console.log. */
async function say(code: string, more: Partial<Parameters<typeof tryOut>[0]> = {}): Promise<string[]> {
  const r = await tryOut({ files: { 'app.ts': code }, topics: [], horizonMs: 5_000, ...more });
  if (r.outcome.kind !== 'end') throw new Error(JSON.stringify(r.outcome));
  return [...r.lines('app'), ...r.of('guest.uncaught').map((e) => `uncaught ${e.name}: ${e.message}`)];
}

describe('time and chance', () => {
  it('starts in 2026, in UTC and en-US, and stands still while code runs', async () => {
    expect(
      await say(`
      const d = new Date()
      console.log(d.toISOString(), d.getHours(), d.getTimezoneOffset(), d.toString(), d.toLocaleString(), (1234567.891).toLocaleString())
      console.log(new Date('2026-03-01T10:00').getTime() - new Date('2026-03-01T10:00Z').getTime(), new Date(2026, 2, 1).toISOString(), Date.now() - d.getTime(), typeof Date())
      console.log(new Date('March 7, 2026 10:00:05').toISOString(), new Date('nonsense').getTime(), new Date(2026, 0, 31, 5) instanceof Date, 'a'.localeCompare('B'), ['b', 'a', 'C'].sort((p, q) => p.localeCompare(q)).join())
    `),
    ).toEqual([
      '2026-01-01T00:00:00.500Z 0 0 Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time) 1/1/2026, 12:00:00 AM 1,234,567.891',
      '0 2026-03-01T00:00:00.000Z 0 string',
      '2026-03-07T10:00:05.000Z NaN true -1 a,b,C',
    ]);
  });

  it('runs timers, immediates and microtasks in order on virtual time', async () => {
    expect(
      await say(`
      const start = Date.now()
      const at = () => Date.now() - start
      setTimeout(() => console.log('b', at()), 20)
      setTimeout((...args: number[]) => console.log('a', at(), ...args), 10, 1, 2)
      setImmediate(() => console.log('immediate', at()))
      queueMicrotask(() => console.log('microtask'))
      process.nextTick(() => console.log('tick'))
      let n = 0
      const every = setInterval(() => { console.log('every', at()); if (++n === 3) clearInterval(every) }, 100)
      const never = setTimeout(() => console.log('never'), 5)
      clearTimeout(never)
      const moved = setTimeout(() => console.log('moved', at()), 50)
      setTimeout(() => moved.refresh(), 40)
      console.log('sync', performance.now(), process.uptime(), process.hrtime.bigint())
    `),
    ).toEqual(['sync 500 0.5 500000000n', 'microtask', 'tick', 'immediate 0', 'a 10 1 2', 'b 20', 'moved 90', 'every 100', 'every 200', 'every 300']);
  });

  it('draws from the seed, and the library’s luck does not move the learner’s', async () => {
    const code = (library: string) => `import { Kafka } from 'kafkajs'\n${library}\nsetTimeout(() => console.log(Math.random(), crypto.randomUUID(), Math.sin(1), Math.exp(1)), 3000)`;
    const busy = `const producer = new Kafka({ brokers: ['broker-1:9092'] }).producer(); producer.connect().then(async () => { for (let i = 0; i < 20; i++) await producer.send({ topic: 'orders', messages: [{ value: 'v' }] }) })`;
    const idle = await say(code('void Kafka'));
    expect(await say(code(busy), { topics: [{ name: 'orders', partitions: 3, replicationFactor: 3 }] })).toEqual(idle);
    expect(await say(code('void Kafka'), { seed: 2 })).not.toEqual(idle);
    expect(idle[0]).toMatch(/^0\.\d+ [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} 0\.8414709848078965 2\.718281828459045$/);
  });

  it('sorts alike everywhere, whatever the comparator does', async () => {
    expect(
      await say(`
      console.log([3, 1, 2, undefined, 10].sort().join(), [3, 1, 2].sort((a, b) => b - a).join(), [[1, 'x'], [0, 'y'], [1, 'z']].sort((a, b) => Number(a[0]) - Number(b[0])).join('|'))
      let calls = 0
      Array.from({ length: 100 }, (_, i) => i).sort(() => { calls++; return 1 })
      console.log(calls, [5, 1, 4].toSorted((a, b) => a - b).join(), new Float64Array([3, 1, 2]).sort((a, b) => b - a).join())
    `),
    ).toEqual(['1,10,2,3, 3,2,1 0,y|1,x|1,z', '316 1,4,5 3,2,1']);
  });
});

describe('names', () => {
  const ABSENT = [
    'WeakRef',
    'FinalizationRegistry',
    'WebAssembly',
    'Worker',
    'BroadcastChannel',
    'navigator',
    'MessageChannel',
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'importScripts',
    'indexedDB',
    'caches',
    'SharedArrayBuffer',
    'localStorage',
    'sessionStorage',
    'parent',
    'postMessage',
    'window',
    'document',
    'self',
    'Atomics',
    'eval',
    'requestAnimationFrame',
    'ReadableStream',
    'Blob',
  ];
  it.each(ABSENT)('%s is absent and using it says why', async (name) => {
    const lines = await say(`// @ts-nocheck\nconsole.log(typeof ${name}, '${name}' in globalThis)\ntry { ${name} } catch (e) { console.log(e.name, e.message) }`);
    expect(lines[0]).toBe('undefined false');
    expect(lines[1]).toMatch(new RegExp(`^NotInSimulation ${name} is not available in the simulation: .{20,}`));
  });

  it('refuses crypto.subtle, code from text, and the way to it through constructors', async () => {
    const lines = await say(`// @ts-nocheck
      const attempts = [() => crypto.subtle, () => new Function('return 1'), () => (() => {}).constructor('return 1'), () => (async () => {}).constructor('return 1'), () => Function('return this')()]
      for (const attempt of attempts) try { console.log('got', attempt()) } catch (e) { console.log(e.name, e.message) }
      console.log((() => 1) instanceof Function, (function () { return this })())`);
    expect(lines.slice(0, 5).every((line) => /^NotInSimulation .+ is not available in the simulation: /.test(line))).toBe(true);
    expect(lines[5]).toBe('true undefined');
  });

  it('keeps built-ins as they are, and says so', async () => {
    const change = (code: string) => say(`// @ts-nocheck\n${code}`);
    expect((await change(`Array.prototype.map = () => 'mine'`)).join()).toContain('frozen in the simulation');
    expect((await change(`Promise.prototype.then = () => 'mine'`)).join()).toContain('frozen in the simulation');
    expect((await change(`Object.prototype.toString = () => 'mine'`)).join()).toContain('frozen in the simulation');
    expect((await change(`Array.prototype.extra = 1`)).join()).toContain('frozen in the simulation');
    expect((await change(`Object.defineProperty(Map.prototype, 'get', { value: 1 })`)).join()).toContain('frozen in the simulation');
    expect((await change(`Math.random = () => 0.5`)).join()).toContain('frozen in the simulation');
    // What programs set on their own objects still works.
    expect(
      await change(`class E extends Error { constructor() { super('m'); this.name = 'E'; this.message = 'n' } }
      const o = {}; o.toString = () => 'o'; o.constructor = 1; const list = []; list.map2 = 1; function P() {} P.prototype.constructor = P; P.prototype.toString = () => 'p'
      console.log(String(new E()), String(o), o.constructor, String(new P()), Object.keys(o).join())`),
    ).toEqual(['E: n o 1 p toString,constructor']);
  });

  it('gives every process its own global object and timers', async () => {
    const one = `// @ts-nocheck\nglobalThis.shared = 'mine'; globalThis.setTimeout = () => { throw new Error('mine') }; setTimeout(() => console.log('still', typeof shared), 10)`;
    const two = `// @ts-nocheck\nsetTimeout(() => console.log(globalThis.shared, typeof setTimeout), 50)`;
    const r = await tryOut({ files: { 'one.ts': one, 'two.ts': two }, topics: [], horizonMs: 2_000 });
    expect([...r.lines('one'), ...r.lines('two')]).toEqual(['still undefined', 'undefined function']);
  });
});

describe('modules', () => {
  it('imports its own files and what exists, once per process', async () => {
    const files = {
      'app.ts': `import { count } from './lib/counter'\nimport { again } from './other'\nimport { EventEmitter } from 'node:events'\nimport { setTimeout as sleep } from 'timers/promises'\nimport { inspect } from 'util'
        async function main() { const e = new EventEmitter(); e.on('x', (v) => console.log('x', v)); e.emit('x', 1); await sleep(5); console.log(count(), again(), inspect({ a: [1, { b: 2n }] })) }\nmain()`,
      'other.ts': `import { count } from './lib/counter'\nexport const again = () => count()`,
      'lib/counter.ts': `let n = 0\nexport const count = () => ++n`,
    };
    const r = await tryOut({ files, processes: { one: 'app.ts', two: 'app.ts' }, topics: [], horizonMs: 2_000 });
    expect(r.diagnostics).toEqual([]);
    expect([r.lines('one'), r.lines('two')]).toEqual([
      ['x 1', '1 2 { a: [ 1, { b: 2n } ] }'],
      ['x 1', '1 2 { a: [ 1, { b: 2n } ] }'],
    ]);
  });

  it('names what exists when a module does not', async () => {
    expect((await say(`// @ts-nocheck\nrequire('express')`)).join()).toMatch(/Cannot find module 'express'\. Here exist: kafkajs, .*timers\/promises.* and your files: \.\/app\./);
    expect((await say(`// @ts-nocheck\nrequire('./nowhere')`)).join()).toContain("Cannot find module './nowhere' from app.ts");
  });
});

describe('life and death', () => {
  it('points at the line of an uncaught error and of a rejection, and ends that process only', async () => {
    const files = {
      'thrower.ts': `interface Order { id: number }\n\nfunction fail(order: Order) {\n  throw new RangeError('order ' + order.id)\n}\n\nsetTimeout(() => fail({ id: 7 }), 100)\nsetTimeout(() => console.log('never'), 200)`,
      'rejecter.ts': `type Later = Promise<void>\n\nasync function main(): Later {\n  await null\n  const missing: { name: string } | null = JSON.parse('null')\n  console.log(missing!.name)\n}\n\nmain()`,
      'bystander.ts': `setTimeout(() => console.log('alive'), 1000)`,
    };
    const r = await tryOut({ files, topics: [], horizonMs: 2_000 });
    const uncaught = r.of('guest.uncaught');
    expect(uncaught.map((e) => [e.process, e.name, e.file, e.line, e.column])).toEqual([
      ['rejecter', 'TypeError', 'rejecter.ts', 6, 24],
      ['thrower', 'RangeError', 'thrower.ts', 4, 9],
    ]);
    expect(uncaught[1]!.stack).toContain('at fail (thrower.ts:4:9)');
    expect(uncaught[1]!.timeUs).toBe(600_000);
    expect(r.of('process.killed').map((e) => [e.process, e.reason])).toEqual([
      ['rejecter', 'uncaught'],
      ['thrower', 'uncaught'],
    ]);
    expect([r.lines('thrower'), r.lines('bystander')]).toEqual([[], ['alive']]);
  });

  it('ends at process.exit, whatever stands after it', async () => {
    const r = await tryOut({
      files: {
        'app.ts': `process.on('exit', (code) => console.log('exit', code))\nsetTimeout(() => console.log('timer'), 50)\nasync function main() {\n  try { await null; process.exit(3) } finally { console.log('finally') }\n}\nmain()`,
      },
      topics: [],
      horizonMs: 1_000,
    });
    expect(r.lines('app')).toEqual(['exit 3']);
    expect(r.of('process.exited')).toMatchObject([{ process: 'app', code: 3 }]);
    expect(r.of('guest.uncaught')).toEqual([]);
  });

  it('lets a process catch what nothing else caught', async () => {
    expect(
      await say(
        `process.on('unhandledRejection', (e) => console.log('heard', e.message))\nprocess.on('uncaughtException', (e) => console.log('caught', e.message))\nPromise.reject(new Error('one'))\nsetTimeout(() => { throw new Error('two') }, 10)\nsetTimeout(() => console.log('goes on'), 20)`,
      ),
    ).toEqual(['heard one', 'caught two', 'goes on']);
  });

  it('is evaluated afresh after a restart, with nothing but its disk', async () => {
    const code = `import { existsSync, readFileSync, writeFileSync } from 'fs'
      let inMemory = 0
      const onDisk = existsSync('/state/count') ? Number(readFileSync('/state/count', 'utf8')) : 0
      console.log('start', inMemory++, onDisk, process.pid)
      writeFileSync('/state/count', String(onDisk + 1))
      setInterval(() => console.log('tick', inMemory++), 400)
      async function main() { try { await new Promise(() => {}) } finally { console.log('finally') } }
      main()`;
    const r = await tryOut({ files: { 'app.ts': code }, topics: [], horizonMs: 4_000, faults: ['kill app at 1s for 1s', 'restart app at 2500ms'] });
    expect(r.lines('app')).toEqual(['start 0 0 1001', 'tick 1', 'start 0 1 1002', 'tick 1', 'start 0 2 1003', 'tick 1', 'tick 2', 'tick 3']);
  });

  it('waits while paused: timers come late, in order, and the clock has run on', async () => {
    const code = `for (const ms of [100, 700, 900, 2000]) setTimeout(() => console.log(ms, Date.now() - start), ms)\nconst start = Date.now()`;
    expect(await say(code, { faults: ['pause app at 1s for 1s'] })).toEqual(['100 100', '700 1500', '900 1500', '2000 2000']);
  });

  it('names process, file and line of code that never returns', async () => {
    for (const loop of ['while (true) {\n    n++\n  }', 'for (;;) {\n    n++\n  }', 'const again = (): void => {\n    n++\n    queueMicrotask(again)\n  }\n  again()']) {
      const r = await tryOut({ files: { 'app.ts': `let n = 0\n\nfunction spin() {\n  ${loop}\n}\nsetTimeout(spin, 250)` }, topics: [], horizonMs: 2_000 });
      expect(r.outcome).toMatchObject({ kind: 'stuck', at: { process: 'app', timeUs: 750_000, file: 'app.ts' } });
      expect(r.outcome.kind === 'stuck' && [4, 5, 6]).toContain(r.outcome.kind === 'stuck' && r.outcome.at?.line);
    }
  }, 30_000);
});
