// Finds programs that the tests drive and that are not ours: a Chrome or Chromium (an environment variable, the usual places, or on Debian as
// root the package), and kcat.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = [
  process.env.CHROME_PATH,
  process.env.PUPPETEER_EXECUTABLE_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

const debianRoot = () => existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;

/** @returns whether the package is there now. */
function installed(name) {
  const apt = (...args) => spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  const install = () => apt('install', '-y', '--no-install-recommends', name);
  return install() || (apt('update') && install());
}

/** @returns the path of a browser, or null after saying how to get one. */
export function findBrowser() {
  const found = PLACES.find((path) => path && existsSync(path));
  if (found) return found;
  if (debianRoot()) {
    console.log('No Chrome or Chromium found; installing the Debian package chromium.');
    if (installed('chromium')) return '/usr/bin/chromium';
  }
  console.error(
    'The browser tests need Chrome or Chromium. Install one (Debian and Ubuntu: sudo apt-get install chromium; macOS: brew install --cask google-chrome), or set CHROME_PATH to its program.',
  );
  return null;
}

/** kcat, a client that is not ours: installed on Debian as root, else its tests are left out and say so. */
export function findKcat() {
  if (['/usr/bin/kcat', '/usr/local/bin/kcat', '/opt/homebrew/bin/kcat'].some((path) => existsSync(path)) || (debianRoot() && installed('kcat'))) return;
  console.log('kcat is not installed, so librdkafka is not tried. Debian and Ubuntu: sudo apt-get install kcat; macOS: brew install kcat.');
}

export const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
