import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COPIED, noticesText, packageOf, readNotice } from './notices.ts';

const root = process.cwd();
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };

describe('the third-party notices', () => {
  it('find the package that a module belongs to', () => {
    expect(packageOf('/app', '/app/node_modules/react/index.js')).toBe('node_modules/react');
    expect(packageOf('/app', '/app/node_modules/@scope/name/dist/a.js?x')).toBe('node_modules/@scope/name');
    expect(packageOf('/app', '/app/node_modules/a/node_modules/b/c.js')).toBe('node_modules/a/node_modules/b');
    expect(packageOf('/app', '/app/src/main.tsx')).toBeNull();
  });

  it('have a name, a licence and its text for everything that is copied, and for every dependency', () => {
    const names = new Set([...COPIED, ...Object.keys(pkg.dependencies)].filter((name) => !builtinModules.includes(name) || COPIED.includes(name as never)));
    for (const name of names) {
      const notice = readNotice(root, `node_modules/${name}`);
      expect(notice.licence, name).not.toBe('');
      expect(notice.text.length, name).toBeGreaterThan(200);
    }
  });

  it('list the packages by name', () => {
    const text = noticesText([
      { name: 'b', version: '2', licence: 'MIT', text: 'BBB' },
      { name: 'a', version: '1', licence: 'ISC', text: 'AAA' },
    ]);
    expect(text.indexOf('a 1 (ISC)')).toBeLessThan(text.indexOf('b 2 (MIT)'));
    expect(text).toContain('AAA');
  });
});
