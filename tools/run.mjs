// Runs a program in tools/ on plain Node: bundles it into .cache/tools when a source is newer than the bundle, and prints nothing of that.
//   node tools/run.mjs sim list --json
//   node tools/run.mjs src/readmodels/seek.bench      a program elsewhere in the house
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const name = process.argv[2];
const entry = join(root, name?.includes('/') ? '' : 'tools', `${name}.ts`);
if (!name || !existsSync(entry)) {
  console.error(`There is no ${name?.includes('/') ? '' : 'tools/'}${name}.ts.`);
  process.exit(1);
}
const out = join(root, '.cache', 'tools', `${name.replaceAll('/', '-')}.mjs`);
const inputs = `${out}.inputs.json`;
if (!fresh()) {
  const { build } = await import('esbuild');
  mkdirSync(dirname(out), { recursive: true });
  const result = await build({
    entryPoints: [entry],
    outfile: out,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    metafile: true,
    sourcemap: 'inline',
    logLevel: 'error',
  });
  writeFileSync(inputs, JSON.stringify(Object.keys(result.metafile.inputs)));
}
process.argv.splice(1, 2, entry);
await import(pathToFileURL(out).href);

function fresh() {
  if (!existsSync(out) || !existsSync(inputs)) return false;
  const made = statSync(out).mtimeMs;
  return JSON.parse(readFileSync(inputs, 'utf8')).every((file) => {
    const at = join(root, file);
    return existsSync(at) && statSync(at).mtimeMs < made;
  });
}
