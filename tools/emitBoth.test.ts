// The page and the command line give the same JavaScript: every learner file of every lesson through Monaco's own TypeScript worker and through ours.
import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { COMPILE_OPTIONS, LEARNER_ROOT } from '../simulations/guest/compile-options.ts';
import { buildGuest } from './build-guest.ts';
import { fileSets, lessons } from './catalogue.ts';
import { emit } from './emit.ts';

interface MonacoWorker {
  getSyntacticDiagnostics(file: string): Promise<unknown[]>;
  getSemanticDiagnostics(file: string): Promise<unknown[]>;
  getEmitOutput(file: string): Promise<{ outputFiles: { name: string; text: string }[] }>;
}
type Monaco = new (context: unknown, data: unknown) => MonacoWorker;

let MonacoTypeScript: Monaco;
let types: Readonly<Record<string, string>>;

beforeAll(async () => {
  // Monaco's modules are meant for a bundler.
  const outfile = join(process.cwd(), '.cache/tests/monaco-typescript.mjs');
  await build({ entryPoints: ['monaco-editor/languages/features/typescript/tsWorker'], bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' });
  MonacoTypeScript = ((await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as { TypeScriptWorker: Monaco }).TypeScriptWorker;
  types = (await buildGuest()).types;
}, 60_000);

/** As `src/editor/typescript-port.ts` does it in the page. */
async function emitByMonaco(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const models = Object.entries(files).map(([name, text]) => ({ uri: { path: `/${name}`, toString: () => LEARNER_ROOT + name }, version: 1, getValue: () => text }));
  const extraLibs = Object.fromEntries(Object.entries(types).map(([path, content]) => [LEARNER_ROOT + path, { content, version: 1 }]));
  const worker = new MonacoTypeScript({ getMirrorModels: () => models }, { compilerOptions: { ...COMPILE_OPTIONS }, extraLibs });
  const out: Record<string, string> = {};
  for (const name of Object.keys(files)) {
    expect([...(await worker.getSyntacticDiagnostics(LEARNER_ROOT + name)), ...(await worker.getSemanticDiagnostics(LEARNER_ROOT + name))], name).toEqual([]);
    out[name] = (await worker.getEmitOutput(LEARNER_ROOT + name)).outputFiles.find((file) => file.name.endsWith('.js'))!.text;
  }
  return out;
}

const sets = [
  ...fileSets().map((files, i) => ({ name: `given ${i + 1}`, files })),
  ...lessons().flatMap(({ id, kit, wrong }) => wrong.map((w) => ({ name: `${id} ${w.name}`, files: { ...kit.given, [kit.exercise.entry]: w.text } as Record<string, string> }))),
];

it.each(sets)('$name', { timeout: 60_000 }, async ({ files }) => {
  const ours = emit(files, types);
  expect(ours.diagnostics).toEqual([]);
  expect(await emitByMonaco(files)).toEqual(ours.js);
});
