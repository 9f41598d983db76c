// The journeys: the built app, served as `npm start` serves it, in a real browser.
import { defineConfig } from '@playwright/test';
import { FLAGS, findBrowser } from '../tools/browser.mjs';

const port = Number(process.env['E2E_PORT'] ?? 4373);
const executablePath = findBrowser();
if (!executablePath) throw new Error('no browser');

export default defineConfig({
  testDir: '.',
  outputDir: '../.cache/e2e-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  reporter: [['list'], ['json', { outputFile: '../.cache/e2e.json' }]],
  use: { baseURL: `http://localhost:${port}`, launchOptions: { executablePath, args: FLAGS.filter((f) => f !== '--headless') }, locale: 'en-US', viewport: { width: 1440, height: 900 } },
  webServer: { command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort --outDir ${process.env['E2E_DIST'] ?? 'dist'}`, cwd: '..', port, reuseExistingServer: false },
});
