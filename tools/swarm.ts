// The swarm: many drawn universes over safe settings; no invariant may break. Prints how often each fault took effect and each invariant was tested.
//   npm run --silent swarm -- [seeds=2000] [first=0]
import { swarm } from './swarm/run.ts';

const [seeds = 2_000, first = 0] = process.argv.slice(2).map(Number);
if (!(Number.isInteger(seeds) && seeds > 0 && Number.isInteger(first) && first >= 0 && first + seeds <= 2 ** 32)) {
  console.error(`Two whole numbers are read, how many seeds and the first of them, not ${JSON.stringify(process.argv.slice(2).join(' '))}. For instance: npm run --silent swarm -- 200 0`);
  process.exit(1);
}
const report = swarm({ seeds, first });
for (const b of report.broken) console.log(`seed ${b.seed}: ${b.what}   ${b.faults.join(' | ')}`);
console.log(
  `${report.seeds} seeds, ${report.withLeaderChange} with a leader change, ${report.withConversion} with a group that changed its protocol, ${report.broken.length} broken, ${report.unfinished} with records that were never acknowledged or delivered`,
);
console.log('faults that took effect:', report.tookEffect);
console.log('invariants put to the test:', report.tested);
process.exitCode = report.broken.length > 0 ? 2 : 0;
