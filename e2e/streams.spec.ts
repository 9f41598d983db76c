// A stream job by keyboard: a record followed into its windows and to its result and back, and the checkpoint that the job began with
// again after its task manager was killed. Nothing past the playhead.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { jobUniverse, linkOf } from './links.ts';

const seriousIn = async (page: Page) => {
  const found = await new AxeBuilder({ page }).exclude('iframe').analyze();
  return found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
};

async function prefer(page: Page, language: 'ko' | 'en', theme: 'light' | 'dark'): Promise<void> {
  await page.addInitScript(([l, t]) => localStorage.setItem('millrace.preferences', JSON.stringify({ language: l, theme: t })), [language, theme] as const);
}

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.locator('.tracks-box .playhead').focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < seconds; i++) await page.keyboard.press('ArrowRight');
  await expect(page.locator('.transport .clock')).toContainText(`00:${String(seconds).padStart(2, '0')}.000`);
}

test('a record is followed to its result and back, and the job to the checkpoint that it began with again', async ({ page }) => {
  await prefer(page, 'en', 'light');
  await page.goto('/lab/trending-content');
  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 30_000 });
  await goTo(page, 13);
  // To a window that fires.
  const said = page.locator('.narrative [aria-live]');
  for (let i = 0; i < 30 && !/gave the result of the window/.test((await said.textContent()) ?? ''); i++) await page.keyboard.press('n');
  await expect(said).toContainText('gave the result of the window');

  await page.getByRole('tab', { name: 'System' }).focus();
  await page.keyboard.press('ArrowRight');
  const lanes = page.getByRole('listbox', { name: /Event time of each operator/ });
  await expect(lanes.getByRole('option').first()).toContainText(/trending, watermark 00:0\d:\d\d/);
  await lanes.focus();
  await page.keyboard.press('ArrowDown');
  const side = page.locator('.lab-side');
  await expect(side.getByRole('heading', { level: 2 })).toContainText(/\d\d:\d\d:00 to \d\d:\d\d:00/);
  await page.keyboard.press('ArrowDown');
  await expect(side.getByRole('heading', { level: 2 })).toContainText('operator.received');
  await expect(side).toContainText('received a record of title-');
  await page.keyboard.press('Home');
  const came = side.locator('.part', { hasText: 'What came of it' });
  await expect(came).toContainText('gave the result of the window');
  await side.getByRole('button', { name: 'go to result' }).click();
  await expect(side.getByRole('heading', { level: 2 })).toContainText(/^trending-\d · \d+/);
  const made = side.locator('.part', { hasText: 'What it was made of' });
  await expect(made).toContainText('gave the result of the window');
  await made
    .getByRole('button', { name: /received a record of title-/ })
    .first()
    .click();
  await expect(side.getByRole('heading', { level: 2 })).toContainText('operator.received');
  expect(await seriousIn(page)).toEqual([]);

  await goTo(page, 22);
  await page.getByRole('button', { name: 'Checkpoints' }).click();
  const rows = page.getByRole('listbox', { name: /Checkpoints/ });
  await expect(rows.getByRole('option')).toHaveCount(3);
  await expect(rows.getByRole('option', { name: /^checkpoint 3, .*complete.*attempt 2 began with it$/ })).toBeVisible();
  await rows.focus();
  await page.keyboard.press('ArrowUp');
  await expect(side.getByRole('heading', { level: 2 })).toHaveText('checkpoint 2');
  await page.keyboard.press('ArrowDown');
  await expect(side.getByRole('heading', { level: 2 })).toHaveText('checkpoint 3');
  await expect(side).toContainText('trending-0-3 committed');
  await side.getByRole('button', { name: 'attempt 2 began with it' }).click();
  await expect(page.locator('.transport .clock')).toContainText('00:21.045');
  expect(await seriousIn(page)).toEqual([]);
  // Before the kill nobody knows of it.
  await goTo(page, 19);
  await expect(rows.getByRole('option').last()).not.toContainText('began with it');

  await page.getByRole('tab', { name: 'System' }).click();
  const stage = page.getByRole('listbox', { name: 'Stage' });
  await expect(stage.getByRole('option', { name: /^trending → trending-out 2, on taskmanager-1, running/ })).toHaveCount(1);
  await goTo(page, 22);
  await expect(stage.getByRole('option', { name: /^trending → trending-out 2, on taskmanager-2, running/ })).toHaveCount(1);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('kill taskmanager-2');
  await page.keyboard.press('Enter');
  await expect(stage.getByRole('option', { name: /^trending → trending-out 2, on taskmanager-2, lost/ })).toHaveCount(1);
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on the Streams tab, ${theme}`, async ({ page }) => {
    await prefer(page, theme === 'light' ? 'en' : 'ko', theme);
    await page.goto('/lab/trending-content');
    await page.getByRole('tab', { name: theme === 'light' ? 'Streams' : '스트림' }).click();
    await expect(page.locator('.event-time canvas').first()).toBeVisible();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('button', { name: theme === 'light' ? 'Checkpoints' : '체크포인트' }).click();
    await expect(page.locator('.checkpoint').first()).toBeVisible();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('button', { name: theme === 'light' ? 'Legend' : '범례' }).click();
    await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(33);
    expect(await seriousIn(page)).toEqual([]);
  });
}

test('on a phone the lanes come before the transport bar, and nothing is wider than the page', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/lab/trending-content');
  await expect(page.locator('.topology svg')).toBeVisible({ timeout: 30_000 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('tab', { name: 'Streams' }).click();
  const canvas = page.locator('.event-time canvas').first();
  await expect(canvas).toBeVisible();
  expect((await canvas.boundingBox())!.y).toBeLessThan((await page.locator('.transport').boundingBox())!.y);
  await page.getByRole('button', { name: 'Checkpoints' }).click();
  await expect(page.locator('.checkpoint').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a job of learner code stands on the stage with its windows, checkpoints and matches, and survives a task manager', async ({ page }) => {
  await prefer(page, 'en', 'light');
  await page.goto(await linkOf(jobUniverse()));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/)).toBeVisible({ timeout: 60_000 });
  await goTo(page, 0);
  await page.getByRole('tab', { name: 'Streams' }).click();
  await expect(page.locator('.streams-none')).toHaveText('No job has been submitted yet.');
  await page.getByRole('tab', { name: 'System' }).click();
  await goTo(page, 5);
  const stage = page.getByRole('listbox', { name: 'Stage' });
  for (const task of ['views', 'window → sink', 'pattern → sink']) await expect(stage.getByRole('option', { name: new RegExp(`^${task} 1, on taskmanager-1, running`) })).toHaveCount(1);
  // Both ends of the job stand in one column, the source before them.
  const lefts = await page
    .locator('.topology svg text')
    .evaluateAll((all) => all.filter((t) => /^(views|window → sink|pattern → sink)$/.test(t.textContent ?? '')).map((t) => Number(t.getAttribute('x'))));
  expect(lefts).toHaveLength(3);
  expect(lefts[1]).toBe(lefts[2]);
  expect(lefts[0]).toBeLessThan(lefts[1]!);

  await page.getByRole('tab', { name: 'Streams' }).click();
  const lanes = page.getByRole('listbox', { name: /Event time of each operator/ });
  await expect(lanes.getByRole('option', { name: /^window, watermark/ })).toHaveCount(1);
  await expect(lanes.getByRole('option', { name: /^pattern, watermark/ })).toHaveCount(1);
  await lanes.focus();
  await page.keyboard.press('ArrowDown');
  const side = page.locator('.lab-side');
  await expect(side.getByRole('heading', { level: 2 })).toContainText(/\d\d:\d\d:00 to \d\d:\d\d:00/);
  await expect(side).not.toContainText('Records in it');
  expect(await seriousIn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Partial matches' }).click();
  await expect(
    page
      .getByRole('listbox', { name: /Partial matches/ })
      .getByRole('option')
      .first(),
  ).toBeVisible();

  const hash = page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/);
  const before = await hash.textContent();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('kill taskmanager-1');
  await page.keyboard.press('Enter');
  await expect(hash.filter({ hasNotText: before! })).toBeVisible({ timeout: 60_000 });
  await goTo(page, 9);
  await page.getByRole('button', { name: 'Checkpoints' }).click();
  await expect(page.getByRole('option', { name: /attempt 2 began with it$/ })).toHaveCount(1);
  await page.getByRole('tab', { name: 'System' }).click();
  await expect(stage.getByRole('option', { name: /^window → sink 1, on taskmanager-2, (running|finished)/ })).toHaveCount(1);
});
