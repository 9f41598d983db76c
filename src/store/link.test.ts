// @vitest-environment node
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readScenario, type Universe } from '../../simulations/contract/scenario.ts';
import { isLink, readLink, writeLink, type LinkedRun } from './link.ts';
import { LIMITS } from './link-limits.ts';
import { tellLinkError } from './messages.ts';

const read = readScenario({ schemaVersion: 1, id: 'a', title: { ko: '가', en: 'A' }, summary: { ko: '나', en: 'B' }, horizonMs: 1000, cluster: { brokers: 3 } });
if (!read.ok) throw new Error('the test’s scenario is wrong');
const universe: Universe = { scenario: read.value, faults: ['kill broker-2 at 12s for 8s'], seed: 7, files: { 'publish.ts': "import { Kafka } from 'kafkajs'\n// 한글 주석" } };
const whole: LinkedRun = { engine: '0.1.0', hash: '0123456789abcdef0123456789abcdef', timeUs: 12_400_000, run: { kind: 'universe', universe } };
const changed: LinkedRun = { engine: '0.1.0', hash: null, timeUs: 0, run: { kind: 'scenario', id: 'watch-events', changes: { seed: 3, faults: [] } } };

async function fragment(linked: LinkedRun): Promise<string> {
  const written = await writeLink(linked);
  if (!written.ok) throw new Error(written.error.kind);
  return written.value;
}
async function packed(document: unknown): Promise<string> {
  const stream = new Blob([JSON.stringify(document)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return `run=1.${Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')}`;
}
async function error(text: string, checkFault?: (line: string) => string | null) {
  const result = await readLink(text, checkFault);
  if (result.ok) throw new Error('was read');
  for (const language of ['ko', 'en'] as const) expect(tellLinkError(result.error, language)).toMatch(/[.요]$/);
  return result.error;
}

describe('a link', () => {
  it.each([
    ['a whole universe', whole],
    ['a scenario with changes', changed],
  ])('brings back %s', async (_, linked) => {
    expect(await readLink(`#${await fragment(linked)}`)).toEqual({ ok: true, value: linked });
  });

  it('is told from other fragments', async () => {
    expect(isLink(await fragment(whole))).toBe(true);
    expect(isLink('#glossary')).toBe(false);
  });

  it('of 10 kB random bytes is refused with a sentence', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 10_000, maxLength: 10_000 }), async (bytes) => {
        expect(['damaged', 'inflatedTooLarge']).toContain((await error(`run=1.${Buffer.from(bytes).toString('base64url')}`)).kind);
      }),
      { numRuns: 30 },
    );
    expect(await error(`run=1.${'%&'.repeat(5000)}`)).toEqual({ kind: 'damaged', part: 'letters' });
    expect(await error('x'.repeat(10_000))).toEqual({ kind: 'notALink' });
  });

  it('cut off anywhere is refused with a sentence', async () => {
    const text = await fragment(whole);
    for (let at = 7; at < text.length; at += 5) expect((await error(text.slice(0, at))).kind).toMatch(/damaged|notALink/);
  });

  it('with one letter changed is refused or still holds a checked run', async () => {
    const text = await fragment(whole);
    for (let at = 6; at < text.length; at += 7) await readLink(text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
  });

  it('that inflates beyond the limit is stopped on the way', async () => {
    const bomb = new Blob([new Uint8Array(40_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const small = Buffer.from(await new Response(bomb).arrayBuffer()).toString('base64url');
    expect(small.length).toBeLessThan(LIMITS.fragmentChars);
    const before = process.memoryUsage().arrayBuffers;
    expect(await error(`run=1.${small}`)).toEqual({ kind: 'inflatedTooLarge' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('over a limit names the limit', async () => {
    expect(await error(`run=1.${'A'.repeat(70_000)}`)).toEqual({ kind: 'fragmentTooLong', chars: 70_006 });
    const many = <T>(n: number, one: (i: number) => T) => Array.from({ length: n }, (_, i) => one(i));
    const run = (change: object) => packed({ ...changed, run: { kind: 'scenario', id: 'a', changes: { seed: 1, ...change } } });
    expect(await error(await run({ faults: many(201, (i) => `kill broker-1 at ${i}s`) }))).toEqual({ kind: 'tooManyFaults', faults: 201 });
    expect(await error(await run({ files: Object.fromEntries(many(21, (i) => [`f${i}.ts`, ''])) }))).toEqual({ kind: 'tooManyFiles', files: 21 });
    const noise = many(60_000, (i) => String.fromCharCode(33 + ((i * 7919 + (i >> 3) * 104_729) % 90))).join('');
    const written = await writeLink({ ...whole, run: { kind: 'universe', universe: { ...universe, files: { 'a.ts': noise.repeat(20) } } } });
    expect(written).toMatchObject({ ok: false, error: { kind: 'inflatedTooLarge' } });
  });

  it.each([
    ['seed', { ...changed, run: { ...changed.run, changes: { seed: 2 ** 32 } } }],
    ['seed', { ...changed, run: { ...changed.run, changes: { seed: -1 } } }],
    ['faults', { ...changed, run: { ...changed.run, changes: { seed: 1, faults: 'kill' } } }],
    ['files', { ...changed, run: { ...changed.run, changes: { seed: 1, files: { '../../etc/passwd\n': '' } } } }],
    ['hash', { ...changed, hash: 'xyz' }],
    ['engine', { ...changed, engine: 1 }],
    ['timeUs', { ...changed, timeUs: 1.5 }],
    ['run', { ...changed, run: { kind: 'script', code: 'alert(1)' } }],
    ['document', [1, 2, 3]],
  ])('with a wrong %s names the part', async (part, document) => {
    expect(await error(await packed(document))).toEqual({ kind: 'badPart', part });
  });

  it('with a wrong scenario or fault says where', async () => {
    const wrong = { ...whole, run: { kind: 'universe', universe: { ...universe, scenario: { ...universe.scenario, horizonMs: -1 } } } };
    expect(await error(await packed(wrong))).toMatchObject({ kind: 'badScenario', problems: [{ path: 'horizonMs' }] });
    expect(await error(await fragment(whole), () => 'no such fault.')).toMatchObject({ kind: 'badFault', line: 'kill broker-2 at 12s for 8s' });
  });

  it('of a newer format says so', async () => {
    expect(await error('run=2.AAAA')).toEqual({ kind: 'newerFormat', format: 2 });
  });
});
