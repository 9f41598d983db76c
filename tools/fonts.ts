// The fonts, cut to the glyphs that the app and the lessons use, so that a first load stays small. Text shows in the system's
// font until they are there, and any glyph outside the cut keeps the system's font.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import type { Plugin } from 'vite';

const PRETENDARD = 'node_modules/pretendard/dist/web/variable/woff2/PretendardVariable.woff2';
const JETBRAINS = 'node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2';
/** Where text comes from: message tables, lessons, and the words that stand in components. */
const SOURCES = ['src', 'lessons', 'simulations/text', 'simulations/scenarios', 'simulations/invariants', 'simulations/faults', 'index.html'];
const TEXT_FILE = /\.(ts|tsx|mdx|html)$/;
const LATIN = codes(0x20, 0x7e) + codes(0xa0, 0xff) + '–—‘’“”…·•→←↑↓↔⇄×÷−≤≥≠≈½µ↻⌘⇧⌥⏎␣✓✕';

export interface FontFile {
  readonly name: string;
  readonly family: string;
  readonly source: string;
  readonly text: string;
  /** Unicode ranges of the text, for `unicode-range`. */
  readonly ranges: string;
}

/** Cuts the fonts into `folder` when the glyphs have changed, and writes `fonts.css` beside them. @returns its path. */
export async function writeFonts(root: string, folder = join(root, '.cache/fonts')): Promise<string> {
  const files = fontFiles(root);
  const css = join(folder, 'fonts.css');
  mkdirSync(folder, { recursive: true });
  const rules: string[] = [];
  for (const file of files) {
    const mark = createHash('sha256').update(file.source).update(file.text).digest('hex').slice(0, 12);
    const name = `${file.name}-${mark}.woff2`;
    if (!existsSync(join(folder, name))) {
      const cut = await subsetFont(readFileSync(join(root, file.source)), file.text, { targetFormat: 'woff2', variationAxes: { wght: { min: 400, max: 700, default: 400 } } });
      writeFileSync(join(folder, name), cut);
    }
    rules.push(`@font-face{font-family:"${file.family}";src:url("./${name}") format("woff2");font-weight:400 700;font-display:swap;unicode-range:${file.ranges}}`);
  }
  const text = `${rules.join('\n')}\n`;
  if (!existsSync(css) || readFileSync(css, 'utf8') !== text) writeFileSync(css, text);
  return css;
}

export function fontFiles(root: string): FontFile[] {
  const used = new Set<number>();
  for (const source of SOURCES) for (const text of textsUnder(join(root, source))) for (const c of text) used.add(c.codePointAt(0)!);
  const korean = Array.from(used)
    .filter((c) => (c >= 0x1100 && c <= 0x11ff) || (c >= 0x3000 && c <= 0x303f) || (c >= 0x3130 && c <= 0x318f) || (c >= 0xac00 && c <= 0xd7a3))
    .sort((a, b) => a - b);
  const hangul = String.fromCodePoint(...korean);
  return [
    { name: 'pretendard-latin', family: 'Pretendard', source: PRETENDARD, text: LATIN, ranges: rangesOf(LATIN) },
    { name: 'pretendard-korean', family: 'Pretendard', source: PRETENDARD, text: hangul, ranges: rangesOf(hangul) },
    { name: 'jetbrains-mono', family: 'JetBrains Mono', source: JETBRAINS, text: LATIN, ranges: rangesOf(LATIN) },
  ];
}

/** `import 'virtual:fonts.css'` in the app. */
export function fonts(): Plugin {
  let root = process.cwd();
  let css = '';
  return {
    name: 'millrace-fonts',
    configResolved(config) {
      root = config.root;
    },
    async resolveId(id) {
      if (id !== 'virtual:fonts.css') return null;
      css ||= await writeFonts(root);
      return css;
    },
  };
}

function textsUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (TEXT_FILE.test(path)) return [readFileSync(path, 'utf8')];
  const out: string[] = [];
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const at = join(path, entry.name);
    if (entry.isDirectory()) out.push(...textsUnder(at));
    else if (TEXT_FILE.test(entry.name)) out.push(readFileSync(at, 'utf8'));
  }
  return out;
}

function rangesOf(text: string): string {
  const sorted = Array.from(new Set(Array.from(text, (c) => c.codePointAt(0)!))).sort((a, b) => a - b);
  const out: string[] = [];
  for (let i = 0; i < sorted.length;) {
    let j = i;
    while (sorted[j + 1] === sorted[j]! + 1) j++;
    const from = sorted[i]!.toString(16);
    out.push(i === j ? `U+${from}` : `U+${from}-${sorted[j]!.toString(16)}`);
    i = j + 1;
  }
  return out.join(',');
}

function codes(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');
}
