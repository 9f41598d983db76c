// THIRD-PARTY-NOTICES.txt: every package and font that ends up in the build, with its licence. Written by the build from what
// was really bundled; a package without a licence text fails the build.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

export interface Notice {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** Packages that reach the build by another way than the page's modules: fonts, what `guest.js` holds, and the service worker's own. */
export const COPIED = [
  'pretendard',
  '@fontsource-variable/jetbrains-mono',
  'kafkajs',
  'buffer',
  'base64-js',
  'ieee754',
  'workbox-core',
  'workbox-expiration',
  'workbox-precaching',
  'workbox-routing',
  'workbox-strategies',
] as const;
/** Packages that carry the notices of what they themselves bundle. */
const OWN_NOTICES = ['ThirdPartyNotices.txt', 'THIRD-PARTY-NOTICES.txt'];

/** Folder of the package that a module belongs to, from the project's root; null for our own. */
export function packageOf(root: string, moduleId: string): string | null {
  const path = relative(root, moduleId.replace(/^\0/, '').split('?')[0]!).replaceAll('\\', '/');
  const at = path.lastIndexOf('node_modules/');
  if (at < 0) return null;
  const rest = path.slice(at + 'node_modules/'.length).split('/');
  const name = rest[0]!.startsWith('@') ? `${rest[0]}/${rest[1]}` : rest[0]!;
  return `${path.slice(0, at)}node_modules/${name}`;
}

/** @throws when the package has no licence text, so that a build never ships it unnamed. */
export function readNotice(root: string, folder: string): Notice {
  const pkg = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name: string; version: string; license?: string; licenses?: { type: string }[] };
  const at = [join(root, folder), join(root, folder, 'dist')];
  const texts: string[] = [];
  for (const place of at) {
    if (!existsSync(place)) continue;
    for (const file of readdirSync(place)) if (/^(licen[cs]e|copying|ofl)/i.test(file) && !/\.(js|ts|json)$/.test(file)) texts.push(readFileSync(join(place, file), 'utf8'));
    for (const file of OWN_NOTICES) if (existsSync(join(place, file))) texts.push(readFileSync(join(place, file), 'utf8'));
    if (texts.length) break;
  }
  const licence = pkg.license ?? pkg.licenses?.[0]?.type ?? '';
  if (!texts.length && licence !== 'MIT') throw new Error(`${pkg.name} has no licence text in ${folder}. Name its licence in tools/notices.ts or leave the package out.`);
  return { name: pkg.name, version: pkg.version, licence, text: texts.join('\n\n').trim() || mit(pkg) };
}

/** A few packages say "MIT" in their package.json and forget the file. */
function mit(pkg: { name: string; author?: unknown }): string {
  const author = typeof pkg.author === 'string' ? pkg.author : ((pkg.author as { name?: string } | undefined)?.name ?? `the authors of ${pkg.name}`);
  return `MIT License. Copyright (c) ${author}.\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

export function noticesText(notices: readonly Notice[]): string {
  const sorted = notices.slice().sort((a, b) => (a.name < b.name ? -1 : 1));
  const head = `Millrace contains the following third-party software and fonts.\n\n${sorted.map((n) => `  ${n.name} ${n.version} (${n.licence})`).join('\n')}\n`;
  return head + sorted.map((n) => `\n${'-'.repeat(80)}\n${n.name} ${n.version}\n${n.licence}\n\n${n.text}\n`).join('');
}

/** Two plugins over one list: `page` for the app's bundle, `worker` for the bundles of its workers. */
export function notices(): { page: () => Plugin; worker: () => Plugin } {
  const folders = new Set<string>();
  let root = process.cwd();
  const note = (bundle: Record<string, { type: string; moduleIds?: readonly string[] }>) => {
    for (const chunk of Object.values(bundle)) for (const id of chunk.type === 'chunk' ? (chunk.moduleIds ?? []) : []) add(id);
  };
  const add = (id: string) => {
    const folder = packageOf(root, id);
    if (folder) folders.add(folder);
  };
  return {
    worker: () => ({
      name: 'millrace-notices-worker',
      generateBundle(_options, bundle) {
        note(bundle);
      },
    }),
    page: () => ({
      name: 'millrace-notices',
      apply: 'build',
      configResolved(config) {
        root = config.root;
      },
      generateBundle(_options, bundle) {
        note(bundle);
        for (const name of COPIED) folders.add(`node_modules/${name}`);
        const source = noticesText(Array.from(folders, (folder) => readNotice(root, folder)));
        this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source });
      },
    }),
  };
}
