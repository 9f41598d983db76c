// `npm test`: types, lint, format, house rules, unit, property and conformance tests, the build, and the journeys in a browser.
// Prints `N passed, N failed` on the last line.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { findBrowser, findKcat } from './browser.mjs';

let passed = 0;
let failed = 0;
const bin = (name) => `node_modules/.bin/${name}`;
mkdirSync('.cache', { recursive: true });

function step(name, command, args, { env = {} } = {}) {
  const from = Date.now();
  const out = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...env } });
  const ok = out.status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
  return { ok, text: `${out.stdout ?? ''}${out.stderr ?? ''}` };
}

function single(name, command, args) {
  const { ok, text } = step(name, command, args);
  if (ok) passed++;
  else {
    failed++;
    console.log(text.slice(-6000));
  }
  return ok;
}

/** A step that counts its own tests in a JSON file. */
function counted(name, command, args, file, env, read) {
  rmSync(file, { force: true });
  const { ok, text } = step(name, command, args, { env });
  for (const line of text.split('\n')) if (line.startsWith('swarm:') || line.startsWith('golden:')) console.log(`     ${line}`);
  let counts = null;
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    counts = null;
  }
  if (!counts) {
    failed++;
    console.log(text.slice(-6000));
    return;
  }
  passed += counts.passed;
  failed += counts.failed;
  console.log(`     ${counts.passed} passed, ${counts.failed} failed`);
  for (const failure of counts.failures.slice(0, 20)) console.log(`  ✗ ${failure}`);
  if (!ok && counts.failed === 0) {
    failed++;
    console.log(text.slice(-4000));
  }
}

// First of all: some of what runs in Node compares with it.
const browser = findBrowser();
findKcat();
single('the guest bundle', process.execPath, ['tools/run.mjs', 'build-guest']);
single('types of the engine', bin('tsc'), ['-p', 'simulations']);
single('types of the rest', bin('tsc'), ['-p', '.']);
single('lint', bin('oxlint'), ['--deny-warnings']);
single('format', bin('oxfmt'), ['--check']);
counted('unit, property and conformance tests', bin('vitest'), ['run', '--reporter=default', '--reporter=json', '--outputFile.json=.cache/vitest.json'], '.cache/vitest.json', {}, (json) => ({
  passed: json.numPassedTests,
  failed: json.numFailedTests + (json.numFailedTestSuites > 0 && json.numFailedTests === 0 ? json.numFailedTestSuites : 0),
  failures: json.testResults.flatMap((f) => [
    ...(f.assertionResults.length === 0 && f.status === 'failed' ? [`${f.name}: ${f.message.slice(0, 300)}`] : []),
    ...f.assertionResults.filter((t) => t.status === 'failed').map((t) => `${t.fullName}: ${(t.failureMessages[0] ?? '').slice(0, 400)}`),
  ]),
}));
const built = single('the build', process.execPath, ['node_modules/vite/bin/vite.js', 'build']);
if (built && browser) {
  counted(
    'journeys in the browser',
    bin('playwright'),
    ['test', '--config', 'e2e/playwright.config.ts'],
    '.cache/e2e.json',
    { CHROME_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: '.cache/e2e.json' },
    (json) => ({
      passed: json.stats.expected + json.stats.flaky,
      failed: json.stats.unexpected,
      failures: failuresOf(json.suites),
    }),
  );
} else {
  failed++;
  console.log('FAIL journeys in the browser: not run');
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function failuresOf(suites) {
  return suites.flatMap((s) => [
    ...failuresOf(s.suites ?? []),
    ...(s.specs ?? []).filter((spec) => !spec.ok).map((spec) => `${spec.title}: ${(spec.tests[0]?.results.at(-1)?.error?.message ?? '').slice(0, 600)}`),
  ]);
}
