// The command line: list scenarios, run one, check a solution, put a cluster on ports. `npm run --silent sim -- <verb>`.
import { check } from './sim/check.ts';
import { list } from './sim/list.ts';
import { run } from './sim/run.ts';
import { serve } from './sim/serve.ts';
import { BadUsage, USAGE } from './sim/usage.ts';

const [verb, ...args] = process.argv.slice(2);
try {
  if (verb === 'list') process.exitCode = list(args);
  else if (verb === 'run') process.exitCode = await run(args);
  else if (verb === 'check') process.exitCode = await check(args);
  else if (verb === 'serve') process.exitCode = await serve(args);
  else if (verb === undefined || verb === 'help' || verb === '--help') {
    console.log(USAGE);
    process.exitCode = verb === undefined ? 1 : 0;
  } else throw new BadUsage(`There is no verb ${JSON.stringify(verb)}. Write list, run, check or serve.`);
} catch (error) {
  if (!(error instanceof BadUsage)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
