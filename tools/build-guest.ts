// Builds what runs learner code, once for everyone: `.cache/guest/guest.js`, one classic script that holds the engine, the shims and the
// unmodified client library, and `.cache/guest/types.json`, the declarations that learner code is checked against.
//
//   buildGuest()   builds when a source is newer; used by the Vite plugin, the command line and the tests
//
// The page gets both through the Vite plugin below: `import guest from 'virtual:guest'` is the script's text,
// `import types from 'virtual:guest-types'` is {path: text}. The same bytes are used by dev, build, tests and the command line.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import type * as TypeScript from 'typescript-editor';
import type { Plugin } from 'vite';
import { KAFKAJS_GLOBALS } from '../simulations/guest/kafkajs.ts';

export interface Guest {
  /** Path of guest.js. */
  readonly file: string;
  readonly code: string;
  /** Declarations by path below the learner's root. */
  readonly types: Readonly<Record<string, string>>;
  /** Names of the npm packages inside, for the notices. */
  readonly packages: readonly string[];
}

/** @param root folder of the project. Takes about a second; nothing when no source is newer. */
export async function buildGuest(root: string = process.cwd()): Promise<Guest> {
  const folder = join(root, '.cache/guest');
  const file = join(folder, 'guest.js');
  const list = join(folder, 'inputs.json');
  const typesFile = join(folder, 'types.json');
  if (!isFresh(root, file, list)) {
    mkdirSync(folder, { recursive: true });
    const library = await bundleLibrary(root);
    const engine = await build({
      absWorkingDir: root,
      entryPoints: ['simulations/guest/entry.ts'],
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      minify: true,
      legalComments: 'none',
      charset: 'utf8',
      write: false,
      metafile: true,
      // Buffer asks for it by name; it does not exist in the simulation.
      define: { SharedArrayBuffer: 'undefined' },
      logLevel: 'error',
    });
    const code = `(()=>{var KAFKAJS=${library.code};\n${engine.outputFiles[0]!.text}})();\n`;
    const types = collectTypes(root);
    writeFileSync(typesFile, JSON.stringify(types.declarations));
    writeFileSync(
      list,
      JSON.stringify([
        ...library.inputs,
        ...types.inputs,
        ...Object.keys(engine.metafile.inputs),
        'tools/build-guest.ts',
        'simulations/guest/types/node.d.ts.txt',
        'node_modules/kafkajs/types/index.d.ts',
      ]),
    );
    writeFileSync(file, code);
  }
  const inputs = JSON.parse(readFileSync(list, 'utf8')) as string[];
  const packages = [...new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))].sort();
  return { file, code: readFileSync(file, 'utf8'), types: JSON.parse(readFileSync(typesFile, 'utf8')) as Record<string, string>, packages };
}

/** kafkajs as published, bundled and minified, as the body of a function over its surroundings. Not strict, as it is written. */
async function bundleLibrary(root: string): Promise<{ code: string; inputs: string[] }> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['node_modules/kafkajs/index.js'],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    metafile: true,
    logLevel: 'error',
    // Two switches for debugging its protocol, read once; everything else is read from the process's own environment.
    external: ['net', 'tls', 'zlib', 'crypto', 'util', 'events', 'assert'],
  });
  const body = result.outputFiles[0]!.text.replace(/^"use strict";/, '');
  return { code: `function(require,module,exports,${KAFKAJS_GLOBALS.join(',')}){${body}}`, inputs: Object.keys(result.metafile.inputs) };
}

/** kafkajs's own declarations, and ours for the Node names that they and learner code mention. */
function collectTypes(root: string): { declarations: Record<string, string>; inputs: string[] } {
  const streams = streamTypes(root);
  const declarations = {
    'node_modules/kafkajs/index.d.ts': readFileSync(join(root, 'node_modules/kafkajs/types/index.d.ts'), 'utf8'),
    'node_modules/@types/node/index.d.ts': readFileSync(join(root, 'simulations/guest/types/node.d.ts.txt'), 'utf8'),
    ...streams.declarations,
  };
  return { declarations, inputs: streams.inputs };
}

/** Declarations of the stream API as the compiler makes them of its sources: `millrace/streams` and what it leans on. */
function streamTypes(root: string): { declarations: Record<string, string>; inputs: string[] } {
  const { createRequire } = nodeModule;
  const ts = createRequire(join(root, 'package.json'))('typescript-editor') as typeof TypeScript;
  const entry = join(root, 'simulations/streams/api/index.ts');
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    declaration: true,
    emitDeclarationOnly: true,
    allowImportingTsExtensions: true,
    stripInternal: true,
  });
  const types: Record<string, string> = {};
  const base = join(root, 'simulations');
  program.emit(undefined, (file, text) => {
    const path = relative(base, file).replaceAll('\\', '/');
    // Relative imports without their extension: so they are found beside each other in memory.
    types[`node_modules/millrace/lib/${path}`] = text.replace(/((?:from|import\()\s*['"])(\.[^'"]+)\.ts(['"])/g, '$1$2$3');
  });
  types['node_modules/millrace/streams/index.d.ts'] = "export * from '../lib/streams/api/index';\n";
  const inputs = program.getSourceFiles().flatMap((f) => (f.isDeclarationFile ? [] : [relative(root, f.fileName)]));
  return { declarations: reachable(types, 'node_modules/millrace/streams/index.d.ts'), inputs };
}

/** What declarations lead to, from one of them on. */
function reachable(types: Readonly<Record<string, string>>, from: string): Record<string, string> {
  const found: Record<string, string> = {};
  const wanted = [from];
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (Object.hasOwn(found, path)) continue;
    const text = types[path];
    if (text === undefined) throw new Error(`no declarations of ${path}`);
    found[path] = text;
    for (const [, to] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) wanted.push(`${join(dirname(path), to!).replaceAll('\\', '/')}.d.ts`);
  }
  return found;
}

function isFresh(root: string, file: string, list: string): boolean {
  if (!existsSync(file) || !existsSync(list)) return false;
  const made = statSync(file).mtimeMs;
  return (JSON.parse(readFileSync(list, 'utf8')) as string[]).every((path) => {
    const at = resolve(root, path);
    return existsSync(at) && statSync(at).mtimeMs <= made;
  });
}

/** Gives the page `virtual:guest` and `virtual:guest-types`. */
export function guest(): Plugin {
  let root = process.cwd();
  const ids = ['virtual:guest', 'virtual:guest-types'];
  return {
    name: 'millrace-guest',
    configResolved(config) {
      root = config.root;
    },
    resolveId(id) {
      return ids.includes(id) ? `\0${id}` : null;
    },
    async load(id) {
      if (id !== '\0virtual:guest' && id !== '\0virtual:guest-types') return null;
      const built = await buildGuest(root);
      this.addWatchFile(built.file);
      return `export default ${JSON.stringify(id === '\0virtual:guest' ? built.code : built.types)};`;
    },
  };
}

// Run as a program: node tools/run.mjs build-guest
if (process.argv[1]?.endsWith('build-guest.ts')) await buildGuest();
