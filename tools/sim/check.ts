// sim check: grades a solution headless, over the same runs and by the same checks as the page.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { drawAgain, type GradedRun, type Judgement } from '../../lessons/contract.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { findLesson, lessons } from '../catalogue.ts';
import { compile, executeCode } from './execute.ts';
import { BadUsage, readOptions, single } from './usage.ts';

export async function check(args: readonly string[]): Promise<number> {
  const options = readOptions(args, { flags: ['json'], values: ['seeds'] });
  const [name, path, ...rest] = options.words;
  if (name === undefined || path === undefined || rest.length > 0) throw new BadUsage('Write sim check <lesson> <file.ts>, for example: sim check 1.4 publish.ts');
  const lesson = findLesson(name);
  if (!lesson)
    throw new BadUsage(
      `There is no lesson ${JSON.stringify(name)} with an exercise. Known: ${lessons()
        .map((l) => l.id)
        .join(', ')}.`,
    );
  const seeds = single(options, 'seeds') ?? '100';
  if (!/^\d{1,5}$/.test(seeds) || Number(seeds) < 1 || Number(seeds) > 10_000) throw new BadUsage(`--seeds ${JSON.stringify(seeds)}: write a whole number from 1 to 10000, the runs per group.`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new BadUsage(`The file ${path} cannot be read. Check its name.`);
  }
  const { kit } = lesson;
  const { exercise } = kit;
  const files = { ...kit.given, [exercise.entry]: text };
  const code = await compile(files);
  const runs = exercise.plan(Number(seeds));
  const graded: { run: GradedRun; judged: Judgement; schedule: readonly string[] }[] = [];
  let next = 0;
  const worker = async () => {
    for (let run = runs[next++]; run; run = runs[next++]) {
      for (let attempt = 0; ; attempt++) {
        const universe = exercise.universe(run, files, attempt);
        const store = new TraceStore();
        await executeCode(universe, code, (chunk) => store.append(chunk));
        const judged = exercise.judge(store);
        if (drawAgain(run, judged, attempt)) continue;
        graded.push({ run, judged, schedule: universe.faults });
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(4, availableParallelism())) }, worker));
  graded.sort((a, b) => a.run.index - b.run.index);
  const count = (group: GradedRun['group']) => {
    const all = graded.filter((g) => g.run.group === group);
    return { passed: all.filter((g) => g.judged.findings.length === 0).length, of: all.length };
  };
  const failures = graded.flatMap(({ run, judged, schedule }) =>
    judged.findings.slice(0, 1).map((f) => ({ seed: run.seed, schedule, check: f.check, diagnosis: f.diagnosis, message: exercise.tell(f, 'en'), atMs: f.atUs / 1000 })),
  );
  const quiet = count('quiet');
  const faulted = count('faulted');
  const passed = failures.length === 0;
  if (options.flags.has('json')) console.log(JSON.stringify({ passed, quiet, faulted, failures }, null, 2));
  else {
    console.log(`${passed ? 'Passed' : 'Failed'}: ${quiet.passed} of ${quiet.of} quiet runs, ${faulted.passed} of ${faulted.of} with a fault.`);
    const first = failures[0];
    if (first) console.log(`First failing seed ${first.seed}${first.schedule.length > 0 ? ` (${first.schedule.join('; ')})` : ''}, at ${(first.atMs / 1000).toFixed(3)} s: ${first.message}`);
  }
  return passed ? 0 : 2;
}
