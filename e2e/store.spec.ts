// What is kept in the browser: set aside when it cannot be read, left alone when a newer version wrote it, and said when there is no room.
import { expect, test } from '@playwright/test';

test('unreadable progress is set aside with a notice, can be exported, and the page goes on', async ({ page }) => {
  await page.addInitScript(() => {
    if (self === top && !localStorage.getItem('seen')) localStorage.setItem('millrace.progress', '{"version":1,"data":{"1.4":{"done":["ho');
    if (self === top) localStorage.setItem('seen', '1');
  });
  await page.goto('/lesson/1.4');
  const notice = page.getByRole('alert').filter({ hasText: 'cannot be read' });
  await expect(notice).toContainText('your progress');
  const download = page.waitForEvent('download');
  await notice.getByRole('button', { name: 'Export to file' }).click();
  expect((await download).suggestedFilename()).toBe('millrace-progress.txt');
  await page.locator('.choice label').first().click();
  await page.reload();
  await expect(page.locator('.question').first().locator('.why')).toHaveCount(3);
  expect(await page.evaluate(() => localStorage.getItem('millrace.setAside.progress'))).toContain('{"version":1,"data":{"1.4":{"done":["ho');
});

test('a draft of a newer version is left as it is', async ({ page }) => {
  const kept = '{"version":99,"data":{"shape":"unknown"}}';
  await page.addInitScript((text) => {
    if (self === top) localStorage.setItem('millrace.draft.1.4', text);
  }, kept);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/lesson/1.4');
  await page.getByRole('tab', { name: 'Code' }).click();
  await page.getByRole('textbox', { name: 'publish.ts' }).fill('const mine = 1');
  await expect(page.getByRole('alert').filter({ hasText: 'newer Millrace' })).toContainText('your code of lesson 1.4');
  expect(await page.evaluate(() => localStorage.getItem('millrace.draft.1.4'))).toBe(kept);
});

test('a full storage says so, and what was typed stays on the page', async ({ page }) => {
  await page.addInitScript(() => {
    if (self !== top) return;
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/lesson/1.4');
  await page.getByRole('tab', { name: 'Code' }).click();
  const area = page.getByRole('textbox', { name: 'publish.ts' });
  await area.fill('const mine = 1');
  await expect(page.getByRole('alert').filter({ hasText: 'storage is full' }).first()).toBeVisible();
  await expect(area).toHaveValue('const mine = 1');
});

test('a schedule that was edited in the lab outlives a reload, and there is a way back to the scenario’s own', async ({ page }) => {
  const hash = page.locator('.transport').getByText(/^[0-9a-f]{4}·[0-9a-f]{4}·[0-9a-f]{4}$/);
  await page.goto('/lab/leader-dies');
  await expect(hash).toBeVisible({ timeout: 30_000 });
  const own = await hash.innerText();
  const back = page.getByRole('button', { name: 'Restore original faults' });
  await expect(back).toHaveCount(0);
  await page.getByRole('complementary', { name: 'Break' }).getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('menuitem', { name: 'Pause recs-a for 2 s' }).click();
  await expect(back).toBeVisible();
  await expect(hash).not.toHaveText(own, { timeout: 30_000 });
  const edited = await hash.innerText();
  const desk = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByText('changed').last()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize(desk);

  await page.reload();
  await expect(hash).toHaveText(edited, { timeout: 30_000 });
  await expect(page.locator('.clip')).toHaveCount(2);
  await back.click();
  await expect(hash).toHaveText(own, { timeout: 30_000 });
  await expect(back).toHaveCount(0);
  await page.reload();
  await expect(hash).toHaveText(own, { timeout: 30_000 });
  await expect(page.locator('.clip')).toHaveCount(1);
});

test('a saved schedule that cannot strike is set aside with a notice, and the scenario runs as it is listed', async ({ page }) => {
  const text = '{"version":1,"data":{"faults":["kill nobody at 1s"],"seed":1}}';
  await page.addInitScript((kept) => {
    if (self === top) localStorage.setItem('millrace.lab.leader-dies', kept);
  }, text);
  await page.goto('/lab/leader-dies');
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be read' })).toContainText('your faults of the scenario leader-dies');
  await expect(page.locator('.clip')).toHaveCount(1);
  expect(await page.evaluate(() => localStorage.getItem('millrace.setAside.lab.leader-dies'))).toBe(text);
});
