// Golden hashes.
//   npm run golden                     compares; exit 1 when one differs, with the first event that does
//   npm run golden -- write "cause"    takes the present values and enters date, cause and first diverging event in golden/CHANGES.md
//   npm run golden -- node [50]        runs every universe so many times in Node; exit 1 when a hash is not the golden one
//   npm run golden -- chromium [20]    the same in Chromium
//   npm run test:firefox               the same in Firefox, five times
import { appendFileSync } from 'node:fs';
import { runToEnd } from '../simulations/run.ts';
import { TraceStore } from '../simulations/kernel/traceStore.ts';
import { firstDivergence, goldenOf, readGolden, writeGolden } from './golden/compare.ts';
import { repeatInBrowser, repeatInNode } from './golden/repeat.ts';
import { FLAGS, findBrowser } from './browser.mjs';
import { nativeGolden } from './golden/universes.ts';
import { guestGolden, runGuestGolden } from './golden/guest.ts';

const [verb, cause] = process.argv.slice(2);
if (verb === 'node' || verb === 'chromium') {
  const times = Number(cause ?? (verb === 'node' ? 50 : 20));
  process.exit((await (verb === 'node' ? repeatInNode(times) : repeatInBrowser({ executablePath: findBrowser() ?? process.exit(1), args: [...FLAGS] }, times))) ? 0 : 1);
}
const write = verb === 'write';
if (write && !cause) {
  console.error('Say why the values change: npm run golden -- write "cause"');
  process.exit(1);
}
let differing = 0;
const results = [
  ...nativeGolden().map(({ name, universe }) => {
    const store = new TraceStore();
    return { name, store, hash: runToEnd(universe, (c) => store.append(c)).hash! };
  }),
];
for (const g of guestGolden()) results.push({ name: g.name, ...(await runGuestGolden(g)) });
for (const { name, store, hash } of results) {
  const golden = readGolden(name);
  if (golden?.hash === hash) {
    console.log(`same    ${name} ${hash}`);
    continue;
  }
  const first = golden ? firstDivergence(store, golden) : 'a new universe';
  console.log(`differs ${name} ${golden?.hash ?? '-'} → ${hash}\n        first diverging event: ${first ?? 'only unhashed order; look at the hash itself'}`);
  if (!write) {
    differing++;
    continue;
  }
  writeGolden(name, goldenOf(store, hash));
  appendFileSync(
    'golden/CHANGES.md',
    `\n- ${new Date().toISOString().slice(0, 10)} \`${name}\` ${golden ? `${golden.hash.slice(0, 8)} → ` : ''}${hash.slice(0, 8)}: ${cause}\n  First diverging event: \`${(first ?? '-').slice(0, 300)}\`\n`,
  );
}
process.exitCode = differing > 0 ? 1 : 0;
