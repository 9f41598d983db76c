// Lesson 1.4 from its first word to its grade: once by keyboard alone, once by touch on a phone.
import { devices, expect, test, type Locator, type Page } from '@playwright/test';

/** Moves the focus by Tab, as a keyboard user does, until it is there. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab', most = 120): Promise<void> {
  for (let i = 0; i < most; i++) {
    if (await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement)).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never reached ${target}`);
}

const seconds = (page: Page) => page.locator('.transport .clock').innerText();

test('is done by keyboard alone', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto('/lesson/1.4');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/The log/);

  // A term opens and closes.
  const term = page.getByRole('button', { name: 'topic', exact: true });
  await tabTo(page, term);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('note')).toContainText('토픽');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('note')).toHaveCount(0);

  // The figure answers to its three keys.
  const verdict = page.locator('.figure-bar .verdict');
  await expect(verdict).toHaveText(/4 events read out of order/, { timeout: 30_000 });
  await tabTo(page, page.getByRole('button', { name: 'user', exact: true }));
  await page.keyboard.press('Enter');
  await expect(verdict).toHaveText('every viewer in order');

  // The clock stops at the gate until an answer is committed.
  await expect(page.locator('.transport')).toContainText('prediction gate');
  await expect(page.getByText('The explanation opens when the run passes')).toBeVisible();
  const first = page.locator('.option input').first();
  await tabTo(page, first);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.option input').nth(1)).toBeChecked();
  await tabTo(page, page.getByRole('button', { name: 'Commit' }));
  await page.keyboard.press('Enter');
  const run = page.getByRole('button', { name: /Run to/ });
  await tabTo(page, run, 'Shift+Tab').catch(() => tabTo(page, run));
  await page.keyboard.press('Enter');
  await expect(page.locator('.explanation.yours')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.counted')).toHaveText(/17 of \d+ handled events/);

  // A fault is injected from the prose and seen on the stage.
  const kill = page.getByRole('button', { name: 'Kill a broker for 10 seconds' });
  await tabTo(page, kill);
  await page.keyboard.press('Enter');
  await expect(page.locator('.transport')).toContainText('broker-2');
  await expect.poll(() => seconds(page), { timeout: 30_000 }).toMatch(/^00:0[6-9]/);

  // The starter is graded, its first failure told and shown on the stage.
  await tabTo(page, page.getByRole('button', { name: 'Open the code' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'publish.ts' })).toBeFocused();
  const editor = page.locator('.monaco-editor').first();
  await expect(editor.locator('.view-line').first()).toBeVisible({ timeout: 60_000 });
  await tabTo(page, editor);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.story')).toContainText('Without a key', { timeout: 60_000 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor.locator(':focus')).toHaveCount(0);
  await tabTo(page, page.getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.report h2')).toContainText('Cancelled after');
  await tabTo(page, page.getByRole('button', { name: 'Hint 1 of 3' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.hints li')).toHaveCount(1);

  // The key is written, and the runs hold.
  await tabTo(page, editor, 'Shift+Tab');
  await page.keyboard.press('Control+Home');
  for (let i = 0; i < 17; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.insertText('key: event.userId, ');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('millrace.draft.1.4'))).toContain('key: event.userId, value: JSON');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => page.locator('.cell.held').count(), { timeout: 60_000 }).toBeGreaterThan(2);
  await expect(page.locator('.cell.failed')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await tabTo(page, page.getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Enter');

  // The questions are answered, and every option explained.
  await expect(page.getByText('about half of the keys')).toHaveCount(0);
  for (const question of await page.locator('.question').all()) {
    await tabTo(page, question, 'Tab', 250);
    await page.keyboard.press('Space');
    await expect(question.locator('.why')).toHaveCount(3);
  }
  await expect(page.locator('.rail .done')).toHaveText([/Hook/, /Idea/, /Predict/, /Run/, /Break it/, /Check/]);

  // What was written survives a reload.
  await page.reload();
  await page.getByRole('tab', { name: 'Code' }).press('Enter');
  await expect(page.locator('.view-lines').first()).toContainText('event.userId', { timeout: 60_000 });
  await expect(page.locator('.explanation.yours')).toBeVisible();
});

test.describe('on a phone', () => {
  const { defaultBrowserType: _, ...phone } = devices['iPhone 13'];
  test.use({ ...phone, viewport: { width: 390, height: 844 }, locale: 'ko-KR' });

  test('is done by touch, in a plain text area', async ({ page }) => {
    test.setTimeout(180_000);
    await page.goto('/lesson/1.4');
    await expect(page.getByRole('heading', { level: 1 })).toContainText('로그');
    await page.getByRole('button', { name: '사용자', exact: true }).tap();
    await expect(page.locator('.figure-bar .verdict')).toHaveText('시청자마다 순서 유지', { timeout: 30_000 });

    await page.locator('.option').nth(2).tap();
    await page.getByRole('button', { name: '예측 제출' }).tap();
    await page.getByRole('button', { name: '되돌릴 수 있습니다' }).tap();
    await page.locator('.option').nth(1).tap();
    await page.getByRole('button', { name: '예측 제출' }).tap();
    await page.getByRole('button', { name: /까지 실행/ }).tap();
    await expect(page.locator('.explanation.yours.right')).toBeVisible({ timeout: 30_000 });

    await page.getByRole('button', { name: '코드 열기' }).tap();
    const area = page.getByRole('textbox', { name: 'publish.ts' });
    await expect(area).toBeVisible();
    expect(await page.locator('.monaco-editor').count()).toBe(0);

    // A type error stops the grading with its message, as a list.
    const text = await area.inputValue();
    await area.fill(text.replace('value: JSON', 'key: 7, value: JSON'));
    await page.getByRole('button', { name: '채점', exact: true }).tap();
    await expect(page.locator('.code-problems li').first()).toContainText('publish.ts', { timeout: 60_000 });
    await area.fill(text.replace('value: JSON', 'key: event.userId, value: JSON'));
    await page.getByRole('button', { name: '채점', exact: true }).tap();
    await expect.poll(() => page.locator('.cell.held').count(), { timeout: 60_000 }).toBeGreaterThan(1);
    await page.getByRole('button', { name: '중단' }).tap();

    await page.getByRole('button', { name: '코드 메뉴' }).tap();
    await page.getByRole('menuitem', { name: '처음 코드로' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: '되돌리기' }).tap();
    await expect(area).toHaveValue(text);

    await page.locator('.choice label').first().tap();
    await expect(page.locator('.question').first().locator('.why')).toHaveCount(3);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
