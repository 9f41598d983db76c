// Learner code that means harm, or that went wrong, tried in the browser and judged from outside.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { linkOf, universeOf } from './links.ts';

let server: Server;
let hits = 0;
let address = '';

test.beforeAll(async () => {
  server = createServer((_request, response) => {
    hits++;
    response.setHeader('access-control-allow-origin', '*');
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  address = `http://localhost:${(server.address() as AddressInfo).port}/`;
});
test.afterAll(() => void server.close());

const GOOD = `import { Kafka } from 'kafkajs'
const producer = new Kafka({ clientId: 'app', brokers: ['broker-1:9092'] }).producer()
async function main() {
  await producer.connect()
  for (let n = 0; n < 5; n++) await producer.send({ topic: 'events', messages: [{ key: 'k' + n, value: String(Math.random()) }] })
}
main()
export {}
`;

/** A ping to the page is answered within this time; what the system's scheduler adds on a busy machine may be late by as much as ALLOWED_LATE_MS in a whole run. */
const ANSWERED_WITHIN_MS = 200;
const ALLOWED_LATE_MS = 500;

/** What the watch keeps in the page: the time, in all, for which pings went unanswered for longer than they may; and the keys in storage when it began. */
interface Watched {
  late: number;
  storage: string;
}

/** Opens a link, starts the run, and watches the page meanwhile. */
async function run(page: Page, code: string) {
  await page.goto(await linkOf(universeOf(code)));
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  await page.evaluate((ANSWERED_WITHIN_MS) => {
    const w = window as unknown as Watched;
    w.storage = JSON.stringify(Object.keys(localStorage).sort());
    w.late = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      w.late += Math.max(0, now - last - ANSWERED_WITHIN_MS);
      last = now;
    }, 20);
  }, ANSWERED_WITHIN_MS);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  // What opening the lab itself costs is not the code's doing: the watch begins when the stage stands.
  await page.locator('.lab-stage').waitFor();
  await page.waitForTimeout(400);
  await page.evaluate(() => void ((window as unknown as Watched).late = 0));
}

async function settled(page: Page): Promise<{ hash: string | null; alert: string | null; lateMs: number }> {
  const hash = page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/);
  const alert = page.locator('.lab-failure');
  await expect(hash.or(alert).first()).toBeVisible({ timeout: 40_000 });
  const lateMs = await page.evaluate(() => (window as unknown as Watched).late);
  return { hash: (await hash.count()) > 0 ? await hash.first().textContent() : null, alert: (await alert.count()) > 0 ? await alert.textContent() : null, lateMs };
}

const TRIALS: readonly { readonly name: string; readonly code: string; readonly ends: 'stuck' | 'run' | 'either' }[] = [
  { name: 'an endless loop', code: `let n = 0\nwhile (true) n++\nexport {}`, ends: 'stuck' },
  { name: 'endless microtasks', code: `const again = (): Promise<void> => Promise.resolve().then(again)\nagain()\nexport {}`, ends: 'stuck' },
  { name: 'two gigabytes', code: `const all: unknown[] = []\nfor (let i = 0; i < 64; i++) all.push(new Float64Array(4_000_000).fill(i))\nconsole.log(all.length)\nexport {}`, ends: 'either' },
  { name: 'fetch', code: `const g = globalThis as any\ntry { g.fetch('ADDRESS').catch(() => {}) } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  {
    name: 'XMLHttpRequest',
    code: `const g = globalThis as any\ntry { const x = new g.XMLHttpRequest(); x.open('GET', 'ADDRESS'); x.send() } catch (e) { console.log(String(e)) }\nexport {}`,
    ends: 'run',
  },
  { name: 'WebSocket', code: `const g = globalThis as any\ntry { new g.WebSocket('ADDRESS'.replace('http', 'ws')) } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  { name: 'importScripts', code: `const g = globalThis as any\ntry { g.importScripts('ADDRESS') } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  { name: 'dynamic import', code: `try { new Function('u', 'return import(u)')('ADDRESS').catch(() => {}) } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  {
    name: 'the real global object',
    code: `const g = new Function('return this')() as any\ntry { for (const k of ['fetch', 'XMLHttpRequest', 'WebSocket', 'importScripts']) try { const f = g[k]; if (k === 'fetch') f('ADDRESS').catch(() => {}); else if (k === 'importScripts') f('ADDRESS'); else new f('ADDRESS') } catch (e) { console.log(k, String(e)) } } catch {}\nexport {}`,
    ends: 'run',
  },
  { name: 'indexedDB', code: `const g = globalThis as any\ntry { g.indexedDB.open('x') } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  { name: 'localStorage', code: `const g = globalThis as any\ntry { g.localStorage.setItem('evil', '1') } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  { name: 'parent', code: `const g = globalThis as any\ntry { g.parent.document.title = 'evil'; g.top.location = 'ADDRESS' } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  {
    name: 'a flood of messages',
    code: `const g = new Function('return this')() as any\ntry { for (let i = 0; i < 2_000_000; i++) (g.postMessage ?? self_)(i) } catch (e) { console.log(String(e)) }\ndeclare const self_: any\nexport {}`,
    ends: 'either',
  },
  {
    name: 'a polluted Array',
    code: `try { (Array.prototype as any).push = () => 0; (Array.prototype as any).map = () => []; (Array.prototype as any).evil = 1 } catch (e) { console.log(String(e)) }\nexport {}`,
    ends: 'run',
  },
  { name: 'a polluted Promise', code: `try { (Promise.prototype as any).then = () => 0; (Promise as any).resolve = () => 0 } catch (e) { console.log(String(e)) }\nexport {}`, ends: 'run' },
  {
    name: 'redefined timers',
    code: `const g = globalThis as any\ntry { g.setTimeout = () => 0; g.Date.now = () => 0; Object.defineProperty(g, 'queueMicrotask', { value: () => 0 }) } catch (e) { console.log(String(e)) }\nexport {}`,
    ends: 'run',
  },
];

let golden: string | null = null;

for (const trial of TRIALS) {
  test(`${trial.name} stays in the sandbox`, async ({ page }) => {
    const before = hits;
    const requests: string[] = [];
    page.context().on('request', (r) => {
      if (r.url().startsWith(address) || r.url().startsWith(address.replace('http', 'ws'))) requests.push(r.url());
    });
    const code = trial.code.replaceAll('ADDRESS', address);
    await run(page, code);
    const title = await page.title();
    let end = await settled(page);
    // What else the machine does can hold the page up as well: code that really can would do so each time.
    let lateMs = end.lateMs;
    for (let again = 0; again < 3 && lateMs > 0; again++) {
      await page.goto('/');
      await run(page, code);
      end = await settled(page);
      lateMs = Math.min(lateMs, end.lateMs);
    }
    if (trial.ends === 'stuck') {
      expect(end.alert).toContain('app');
      expect(end.alert).toContain('virtual time');
      expect(end.hash).toBeNull();
    }
    if (trial.ends === 'run') expect(end.alert).toBeNull();
    expect(lateMs, 'pings to the page are answered').toBeLessThan(ALLOWED_LATE_MS);
    expect(hits).toBe(before);
    expect(requests).toEqual([]);
    expect(await page.title()).toBe(title);
    expect(
      await page.evaluate(() => [
        JSON.stringify(Object.keys(localStorage).sort()) === (window as unknown as Watched).storage,
        'evil' in localStorage,
        [].map((x) => x).length,
        typeof Promise.resolve().then,
      ]),
    ).toEqual([true, false, 0, 'function']);
    // The next run is what it always was.
    await page.goto('/');
    await run(page, GOOD);
    const next = await settled(page);
    expect(next.alert).toBeNull();
    golden ??= next.hash;
    expect(next.hash).toBe(golden);
  });
}

test('the place of an endless loop is named: process, time, event and line', async ({ page }) => {
  await run(page, `async function main() {\n  await new Promise((r) => setTimeout(r, 1500))\n  for (;;) {\n    Math.sqrt(2)\n  }\n}\nmain()\nexport {}`);
  const { alert } = await settled(page);
  expect(alert).toContain('1.500');
  expect(alert).toMatch(/app\.ts:[34]/);
});
