// The protocol inspector by keyboard: requests, fields and bytes, and the way to what a request caused. Nothing past the playhead.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

test('a request is read field by field beside its bytes, and followed to what it caused', async ({ page }) => {
  await page.goto('/lab/leader-dies');
  const clock = page.locator('.transport .clock');
  await expect(clock).toContainText('00:12.000', { timeout: 30_000 });
  await page.getByRole('tab', { name: 'System' }).focus();
  await page.keyboard.press('ArrowRight');
  const list = page.getByRole('listbox', { name: /Requests on the wire/ });
  await expect(list.getByRole('option').first()).toBeVisible();
  // The last row is at the playhead or before it.
  const last = await list.getByRole('option').last().getAttribute('aria-label');
  expect(Number(/^([\d.]+) s/.exec(last ?? '')![1])).toBeLessThanOrEqual(12);

  await page.getByRole('combobox', { name: 'API' }).selectOption('Produce');
  await list.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await expect(list.locator('[aria-selected=true]')).toContainText('Produce');
  const view = page.getByRole('region', { name: /^Produce/ });
  const fields = view.getByRole('tree');
  await fields.getByRole('treeitem').first().focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
  const chosen = fields.locator('[aria-selected=true]');
  await expect(chosen).toContainText('requestApiVersion');
  await expect(view.locator('.byte-hex .picked')).toHaveText(['00', /[0-9a-f]{2}/]);
  await expect(view.getByText('bytes 6 to 7')).toBeVisible();
  // The other way round: a byte leads to its field.
  await view.locator('.byte-hex i[data-at="8"]').click();
  await expect(chosen).toContainText('correlationId');

  await view.getByRole('button', { name: 'Response' }).click();
  await expect(fields.getByRole('treeitem', { name: /^baseOffset/ }).first()).toBeVisible();
  await view
    .locator('.exchange-caused')
    .getByRole('button', { name: /appended/ })
    .click();
  await expect(page.locator('.lab-side')).toContainText('appended');

  const found = await new AxeBuilder({ page }).exclude('iframe').analyze();
  expect(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
});

test('on a phone the requests come before their fields, and nothing is wider than the page', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/lesson/1.4');
  await page.getByRole('tab', { name: 'Protocol' }).click();
  await expect(page.locator('.protocol .row').first()).toBeVisible({ timeout: 30_000 });
  await page.locator('.protocol .row').first().click();
  await expect(page.locator('.wire-fields li').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
