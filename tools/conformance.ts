// npm run conformance [-- [--strict] DIR...]: runs the vectors of the project, or of any folders laid out like conformance/vectors.
import { existsSync } from 'node:fs';
import { writeLastResult } from './conformance/lastResult.ts';
import { failed, report, runSets } from './conformance/run.ts';

const args = process.argv.slice(2);
const strict = args.includes('--strict');
const unknown = args.find((a) => a.startsWith('--') && a !== '--strict');
const folders = args.filter((a) => !a.startsWith('--'));
const missing = folders.find((f) => !existsSync(f));
if (unknown || missing) {
  console.error(
    unknown ? `Unknown option ${unknown}. Write: npm run conformance -- [--strict] [FOLDER ...]` : `There is no folder ${missing}. Name folders that hold kafka/, flink/ or schema/ with vector files.`,
  );
  process.exitCode = 1;
} else {
  const results = runSets(folders.length ? folders : ['conformance/vectors']);
  if (results.length === 0) {
    console.error('No vector files there. A folder must hold kafka/*.json, flink/*.json or schema/*.json.');
    process.exitCode = 1;
  } else {
    for (const line of report(results)) console.log(line);
    if (folders.length === 0) writeLastResult(results);
    if (failed(results, strict)) process.exitCode = 1;
  }
}
