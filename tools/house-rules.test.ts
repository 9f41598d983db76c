// The house rules: import directions, banned calls, lessons in both languages, no file without a home.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((f) => f !== '' && existsSync(f));
const sources = files.filter((f) => /\.(?:ts|tsx|mts|mjs)$/.test(f) && !f.startsWith('conformance/'));
const text = new Map(sources.map((f) => [f, readFileSync(f, 'utf8')]));
const isTest = (f: string) => /\.(?:test|bench)\.tsx?$/.test(f) || f.endsWith('.test-helper.ts') || f === 'simulations/testing.ts' || f.includes('/fixture.ts');

/** Specifiers of a file's static, dynamic, type and re-exporting imports. */
function imports(file: string): string[] {
  const parsed = parseSync(file, text.get(file)!);
  const out = parsed.module.staticImports.map((i) => i.moduleRequest.value);
  for (const e of parsed.module.staticExports) for (const entry of e.entries) if (entry.moduleRequest) out.push(entry.moduleRequest.value);
  for (const i of parsed.module.dynamicImports) out.push(text.get(file)!.slice(i.moduleRequest.start + 1, i.moduleRequest.end - 1));
  return out;
}

const resolved = (file: string, specifier: string) => normalize(join(dirname(file), specifier)).replaceAll('\\', '/');
const top = (path: string) => path.split('/')[0]!;

describe('directions', () => {
  /** What each floor may import of the house; nothing else. */
  const MAY: Readonly<Record<string, readonly string[]>> = {
    simulations: ['simulations'],
    lessons: ['lessons', 'simulations'],
    src: ['src', 'lessons', 'simulations'],
    tools: ['tools', 'lessons', 'simulations'],
    // The journeys write links as the app does.
    e2e: ['e2e', 'src', 'tools', 'lessons', 'simulations'],
    'vite.config.ts': ['tools'],
  };

  it('run from the app and the lessons to the engine, never back', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const may = MAY[top(file)];
      if (!may) continue;
      for (const s of imports(file)) if (s.startsWith('.') && !may.includes(top(resolved(file, s)))) wrong.push(`${file} → ${s}`);
    }
    expect(wrong).toEqual([]);
  });

  it('let the engine import nothing of npm, but for tests and for the folder that hosts the client library', () => {
    const wrong: string[] = [];
    for (const file of sources) {
      if (!file.startsWith('simulations/') || isTest(file)) continue;
      const allowed = file.startsWith('simulations/guest/') ? ['buffer', 'fflate', 'kafkajs'] : [];
      for (const s of imports(file)) if (!s.startsWith('.') && !allowed.includes(s)) wrong.push(`${file} → ${s}`);
    }
    expect(wrong).toEqual([]);
  });

  it('let two files alone enumerate lessons', () => {
    const knowing = sources.filter((f) => !f.startsWith('lessons/') && !isTest(f) && imports(f).some((s) => s.startsWith('.') && resolved(f, s).startsWith('lessons/part-')));
    expect(knowing.sort()).toEqual(['src/learn/catalogue.ts', 'tools/catalogue.ts']);
  });
});

describe('the engine', () => {
  const BANNED =
    /\bMath\.(?:random|sin|cos|tan|asin|acos|atan2?|sinh|cosh|tanh|log(?:2|10|1p)?|exp|expm1|pow|cbrt|hypot)\b|\bDate\.now\b|\bnew Date\b|\bperformance\.now\b|\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bconsole\./;

  it('has no ambient time, chance or approximated mathematics', () => {
    const wrong = sources
      .filter((f) => f.startsWith('simulations/') && !f.startsWith('simulations/guest/') && !isTest(f))
      .flatMap((f) =>
        text
          .get(f)!
          .split('\n')
          .flatMap((line, i) => (BANNED.test(line.replace(/\/\/.*$|^\s*\*.*$|'[^']*'|"[^"]*"|`[^`]*`/g, '')) ? [`${f}:${i + 1}: ${line.trim()}`] : [])),
      );
    expect(wrong).toEqual([]);
  });

  it('queues no closures: the event queue carries data', () => {
    expect(text.get('simulations/kernel/queue.ts')).not.toMatch(/=>\s*void|Function/);
  });
});

describe('lessons', () => {
  const folders = files.filter((f) => /^lessons\/part-[^/]+\/[^/]+\//.test(f)).map((f) => f.split('/').slice(0, 3).join('/'));

  it('exist in both languages', () => {
    for (const folder of new Set(folders))
      expect(
        [`${folder}/lesson.ko.mdx`, `${folder}/lesson.en.mdx`].filter((f) => !files.includes(f)),
        folder,
      ).toEqual([]);
  });

  it('have the same parts in both languages', () => {
    const parts = (file: string) => [...readFileSync(file, 'utf8').matchAll(/^<([A-Z]\w*)/gm)].map((m) => m[1]).filter((part) => part !== 'Term');
    for (const folder of new Set(folders)) expect(parts(`${folder}/lesson.ko.mdx`), folder).toEqual(parts(`${folder}/lesson.en.mdx`));
  });

  it('have at least two wrong answers, each with its seed, schedule and diagnosis', () => {
    for (const folder of new Set(folders)) {
      const wrong = readdirSync(join(folder, 'exercise/wrong')).filter((f) => f.endsWith('.ts') && f !== 'events.ts');
      expect(wrong.length, folder).toBeGreaterThanOrEqual(2);
      for (const f of wrong)
        for (const field of ['seed', 'schedule', 'diagnosis']) expect(readFileSync(join(folder, 'exercise/wrong', f), 'utf8'), `${f} ${field}`).toMatch(new RegExp(`^// ${field}: .+`, 'm'));
    }
  });
});

describe('the house', () => {
  const HOMES = ['.ci', 'conformance', 'docs', 'e2e', 'golden', 'lessons', 'public', 'simulations', 'src', 'tools'];
  const ROOMS = ['app', 'editor', 'lab', 'learn', 'readmodels', 'store', 'workers'];

  it('has a home for every file', () => {
    const homeless = files.filter((f) => f.includes('/') && !HOMES.includes(top(f)));
    expect(homeless).toEqual([]);
    expect(files.filter((f) => f.startsWith('src/') && f !== 'src/main.tsx' && !ROOMS.includes(f.split('/')[1]!))).toEqual([]);
  });

  it('has the files that every reader expects', () => {
    for (const f of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'LICENSE', 'CHANGELOG.md', '.ci/run', 'package.json', 'vite.config.ts', 'tsconfig.json']) expect(files, f).toContain(f);
  });

  it('leaves nothing open', () => {
    const open = sources
      .filter((f) => !f.endsWith('house-rules.test.ts'))
      .flatMap((f) => (/\b(?:it|test|describe)\.(?:only|skip|todo|fixme)\b|expect\(true\)|\bTODO\b|\bFIXME\b/.test(text.get(f)!) ? [f] : []));
    expect(open).toEqual([]);
  });

  it('keeps files small enough for one idea', () => {
    const data = ['simulations/kafka/protocol/layoutTable.ts', 'simulations/contract/events.ts'];
    expect(sources.filter((f) => !data.includes(f) && text.get(f)!.split('\n').length > 500)).toEqual([]);
  });

  it('has a lock file without download addresses that names the version of every package, optional ones for other systems too', () => {
    const lock = readFileSync('package-lock.json', 'utf8');
    expect(lock).not.toContain('"resolved": "http');
    const { packages } = JSON.parse(lock) as { packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }> };
    expect(Object.keys(packages).filter((at) => at !== '' && !packages[at]!.version)).toEqual([]);
    const named = new Set(Object.keys(packages).map((at) => at.slice(at.lastIndexOf('node_modules/') + 13)));
    expect(Object.values(packages).flatMap((p) => Object.keys(p.optionalDependencies ?? {}).filter((name) => !named.has(name)))).toEqual([]);
  });
});
