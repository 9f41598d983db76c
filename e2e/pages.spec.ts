// Every page in both languages and themes: accessible, within its budget of first bytes, silent towards other hosts, and readable offline.
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { linkOf, universeOf } from './links.ts';

const PAGES = [
  { name: 'home', path: '/' },
  { name: 'lesson 1.4', path: '/lesson/1.4' },
  { name: 'lab', path: '/lab' },
  { name: 'a run in the lab', path: '/lab/leader-dies' },
  { name: 'a stream job in the lab', path: '/lab/trending-content' },
  { name: 'the fidelity page', path: '/fidelity' },
  { name: 'the page about real clients', path: '/connect' },
  { name: 'the page about licenses', path: '/notices' },
  { name: 'a page that is not there', path: '/nowhere' },
] as const;

const TITLES = [
  ['/', 'Millrace'],
  ['/lesson/1.4', '1.4 The log: topics, partitions, keys, order · Millrace'],
  ['/lesson/1.5', '1.5 Replication and durability · Millrace'],
  ['/lesson/9.9', 'There is nothing at this address · Millrace'],
  ['/lab', 'The lab · Millrace'],
  ['/lab/leader-dies', 'A leader dies under load · Millrace'],
  ['/lab#run=1.broken', 'This link cannot be opened · Millrace'],
  ['/fidelity', 'How true it is · Millrace'],
  ['/connect', 'Connect a real client · Millrace'],
  ['/notices', 'Software and fonts used · Millrace'],
  ['/nowhere/at/all', 'There is nothing at this address · Millrace'],
] as const;

async function prefer(page: Page, language: 'ko' | 'en', theme: 'light' | 'dark'): Promise<void> {
  await page.addInitScript(
    ([l, t]) => {
      try {
        localStorage.setItem('millrace.preferences', JSON.stringify({ language: l, theme: t }));
      } catch {
        // The sandbox frame has no storage, as it should be.
      }
    },
    [language, theme] as const,
  );
}

for (const { name, path } of PAGES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing serious on ${name}, ${theme}`, async ({ page }) => {
      await prefer(page, theme === 'light' ? 'en' : 'ko', theme);
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      await page.waitForTimeout(2_500);
      const found = await new AxeBuilder({ page }).exclude('iframe').analyze();
      const bad = found.violations
        .filter((v) => v.impact === 'serious' || v.impact === 'critical')
        .map(
          (v) =>
            `${v.id}: ${v.nodes
              .map((n) => n.target.join(' '))
              .slice(0, 4)
              .join(', ')}`,
        );
      expect(bad).toEqual([]);
    });
  }
}

test('every address has a window title, one heading and a way on; one that leads nowhere says so', async ({ page }) => {
  await prefer(page, 'en', 'light');
  const failures: string[] = [];
  page.on('pageerror', (e) => failures.push(e.message));
  for (const [path, title] of TITLES) {
    await page.goto('/THIRD-PARTY-NOTICES.txt');
    await page.goto(path);
    await expect(page, path).toHaveTitle(title);
    await expect(page.locator('h1'), path).toHaveCount(1);
    await expect(page.locator('header nav a').first(), path).toBeVisible();
  }
  await expect(page.locator('main')).toContainText('/nowhere/at/all');
  await page.getByRole('main').getByRole('link', { name: 'Open the lab' }).click();
  await expect(page).toHaveTitle('The lab · Millrace');
  await page.goto('/lab/nothing-here');
  await expect(page.getByRole('alert')).toContainText('no scenario called nothing-here');
  expect(failures).toEqual([]);
});

test('axe finds nothing serious on a link that was opened, and on one that cannot be', async ({ page }) => {
  for (const path of [await linkOf(universeOf('console.log(1)\nexport {}')), '/lab#run=1.broken']) {
    await page.goto('/');
    await page.goto(path);
    await page.locator('h1').first().waitFor();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => v.id)).toEqual([]);
  }
});

for (const language of ['en', 'ko'] as const) {
  for (const path of ['/', '/lesson/1.4']) {
    test(`the first load of ${path} in ${language} is small, and asks no other host`, async ({ page, baseURL }) => {
      await prefer(page, language, 'light');
      const fetched: { url: string; kind: string; startedAt: () => number; bytes: Promise<number> }[] = [];
      // When the heading is painted, by the page's own clock: this test hears of it later, when more may have been asked for.
      await page.addInitScript(() => {
        const seen = new MutationObserver(() => {
          if (!document.querySelector('h1')) return;
          seen.disconnect();
          requestAnimationFrame(() => ((globalThis as { headingAt?: number }).headingAt = performance.timeOrigin + performance.now()));
        });
        seen.observe(document, { childList: true, subtree: true });
      });
      const foreign: string[] = [];
      page.on('request', (r) => {
        if (!r.url().startsWith(baseURL!) && !/^(?:data|blob|about):/.test(r.url())) foreign.push(r.url());
      });
      page.on('response', (r) => {
        fetched.push({
          url: r.url(),
          kind: r.request().resourceType(),
          startedAt: () => r.request().timing().startTime,
          bytes: r.body().then(
            (b) => (/\.(?:woff2|png)$/.test(r.url()) ? b.length : gzipSync(b, { level: 9 }).length),
            () => 0,
          ),
        });
      });
      await page.goto(path, { waitUntil: 'commit' });
      await page.locator('h1').first().waitFor();
      const headingAt = await page.waitForFunction(() => (globalThis as { headingAt?: number }).headingAt).then((h) => h.jsonValue());
      const sizes = await Promise.all(fetched.filter((f) => f.startedAt() <= headingAt!).map(async (f) => ({ ...f, bytes: await f.bytes })));
      const sum = (kind?: string) => sizes.filter((f) => kind === undefined || f.kind === kind).reduce((all, f) => all + f.bytes, 0) / 1000;
      console.log(`first load ${path} ${language}: ${sum('script').toFixed(0)} KB script, ${sum('stylesheet').toFixed(0)} KB css, ${sum().toFixed(0)} KB in all, ${sizes.length} requests`);
      expect(sum('script')).toBeLessThanOrEqual(220);
      expect(sum('stylesheet')).toBeLessThanOrEqual(40);
      expect(sum()).toBeLessThanOrEqual(500);
      await page.waitForTimeout(1_500);
      expect(foreign).toEqual([]);
    });
  }
}

test('the legend opens from the stage and from the palette, is accessible, and gives the focus back', async ({ page }) => {
  await prefer(page, 'ko', 'dark');
  await page.goto('/lab/zombie-producer');
  const button = page.getByRole('button', { name: '범례' });
  await button.press('Enter');
  const dialog = page.getByRole('dialog', { name: '표시의 뜻' });
  await expect(dialog.getByRole('listitem')).toHaveCount(21);
  await expect(dialog).toContainText('마지막 안정 오프셋(LSO)');
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations.map((v) => v.id)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('표시');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
});

test('a link that is hostile or broken says so in a sentence and runs nothing', async ({ page }) => {
  const random = Array.from({ length: 10_000 }, (_, i) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[(i * 7919 + (i >> 3)) % 64]).join('');
  const good = await linkOf(universeOf('console.log(1)\nexport {}'));
  for (const [path, says] of [
    ['/lab#run=1.', /damaged|incomplete|cannot|link/i],
    [`/lab#run=1.${random}`, /damaged|cannot|link/i],
    [good.slice(0, good.length - 40), /damaged|cannot|link/i],
    [`/lab#run=1.${'A'.repeat(70_000)}`, /65,536|64/],
    ['/lab#run=7.abc', /newer/i],
  ] as const) {
    await page.goto('/');
    await page.goto(path);
    await expect(page.getByRole('alert')).toContainText(says);
    expect(await page.locator('iframe').count()).toBe(0);
  }
});

test('a link tells its faults in the language of the page, each beside its line', async ({ page }) => {
  const universe = { ...universeOf('export {}'), faults: ['kill broker-1 at 2s for 1s', 'cut app<->{controller,broker-1,broker-2,broker-3} at 500ms for 1s'] };
  await prefer(page, 'ko', 'light');
  await page.goto(await linkOf(universe));
  const faults = page.getByRole('main').getByRole('listitem');
  await expect(faults.nth(0)).toHaveText('2초에 broker-1 강제 종료, 1초 뒤 재시작 kill broker-1 at 2s for 1s');
  await expect(faults.nth(1)).toContainText('500ms부터 1초 동안 app ↔ 나머지 전부 연결 끊기');
  expect(await page.locator('iframe').count()).toBe(0);
});

test('another seed of a linked run keeps the faults that were added to it, and the way back is to those of the link', async ({ page }) => {
  await page.goto(await linkOf({ ...universeOf('export {}'), faults: ['kill broker-1 at 2s for 1s'] }));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const hash = page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/);
  await expect(hash).toBeVisible({ timeout: 30_000 });
  await page.getByRole('complementary', { name: 'Break' }).getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('menuitem').first().click();
  await expect(page.locator('.clip')).toHaveCount(2);
  await expect(hash).toBeVisible({ timeout: 30_000 });
  const before = await hash.innerText();
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('Another seed');
  await page.keyboard.press('Enter');
  await expect(hash).not.toHaveText(before, { timeout: 30_000 });
  await expect(page.locator('.clip')).toHaveCount(2);
  await page.getByRole('button', { name: 'Restore original faults' }).click();
  await expect(page.locator('.clip')).toHaveCount(1);
});

test('a cluster larger than the window is gone through by keyboard, and its menu of faults fits and tells names', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 700 });
  const big = universeOf('export {};');
  await page.goto(await linkOf({ ...big, scenario: { ...big.scenario, horizonMs: 2_000, cluster: { ...big.scenario.cluster, brokers: 24 } } }));
  await page.getByRole('button', { name: 'Run', exact: true }).focus();
  await page.keyboard.press('Enter');
  const stage = page.getByRole('listbox', { name: 'Stage' });
  await expect(stage).toBeFocused();
  const heading = page.locator('.lab-inspector h2').first();
  await expect(heading).toHaveText('events-0');
  await page.keyboard.press('ArrowUp');
  await expect(heading).toHaveText('broker-24');
  await expect.poll(() => page.locator('.stage-scroll').evaluate((e) => e.scrollTop)).toBeGreaterThan(100);

  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 30_000 });
  await page.locator('.tools button').first().focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu');
  const last = menu.getByRole('menuitem').last();
  await page.keyboard.press('ArrowUp');
  await expect(last).toBeFocused();
  await expect(last.locator('span')).toHaveCSS('clip-path', 'none');
  for (const box of [await menu.boundingBox(), await last.boundingBox()]) {
    expect(box!.y).toBeGreaterThanOrEqual(0);
    expect(box!.y + box!.height).toBeLessThanOrEqual(700);
  }
});

test('a link tells what it holds and runs only when asked; another engine version is said', async ({ page }) => {
  await page.goto(await linkOf(universeOf('console.log(1)\nexport {}', 77), null, '0.0.9'));
  await expect(page.locator('main')).toContainText('77');
  await expect(page.locator('main')).toContainText('0.0.9');
  await expect(page.locator('main')).toContainText('app.ts');
  expect(await page.locator('iframe').count()).toBe(0);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 30_000 });
});

test('the page about real clients takes a link and speaks of the topic of its run', async ({ page }) => {
  await prefer(page, 'en', 'light');
  await page.goto('/connect');
  await expect(page.getByRole('tabpanel')).toContainText('-t orders');
  await page.getByRole('textbox').fill(`http://localhost${await linkOf(universeOf('export {}'))}`);
  await page.getByRole('button', { name: 'Show the command' }).click();
  await expect(page.getByRole('heading', { name: /A trial/ })).toBeVisible();
  for (const client of ['kcat', 'kafkajs', 'Java']) {
    await page.getByRole('tab', { name: client }).click();
    await expect(page.getByRole('tabpanel')).toContainText('events');
    await expect(page.getByRole('tabpanel')).not.toContainText('orders');
  }
});

test('works with the network cut after the first load: pages, runs and learner code', async ({ page, context }) => {
  await page.goto('/');
  await page.locator('h1').first().waitFor();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  // One visit with the worker in charge, so that everything the app needs is kept.
  await page.reload();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.goto('/lesson/1.4');
  await page.locator('h1').first().waitFor();
  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 40_000 });
  await context.setOffline(true);
  await page.goto('/lab/steady-flow');
  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 30_000 });
  await page.goto('/lesson/1.4');
  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 40_000 });
});
