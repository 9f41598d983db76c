// npm run test:firefox: every golden universe five times in Firefox; all hashes must be the golden ones.
import { existsSync } from 'node:fs';
import { repeatInBrowser } from './golden/repeat.ts';

const RUNS = 5;
const found = [process.env['FIREFOX_PATH'], '/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'].find(
  (path) => path && existsSync(path),
);
if (!found) {
  console.error('This needs Firefox. Install it (Debian: apt-get install firefox-esr), or set FIREFOX_PATH to its program.');
  process.exitCode = 1;
} else process.exitCode = (await repeatInBrowser({ browser: 'firefox', executablePath: found }, RUNS)) ? 0 : 1;
