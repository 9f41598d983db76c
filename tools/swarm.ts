// The swarm: many drawn universes over safe settings; no invariant may break. Prints how often each fault took effect and each invariant was tested.
//   npm run --silent swarm -- [seeds=500] [first=0]
import { swarm } from './swarm/run.ts';

const [seeds, first] = process.argv.slice(2).map(Number);
const report = swarm({ seeds: seeds ?? 500, first: first ?? 0 });
for (const b of report.broken) console.log(`seed ${b.seed}: ${b.what}   ${b.faults.join(' | ')}`);
console.log(`${report.seeds} seeds, ${report.withLeaderChange} with a leader change, ${report.broken.length} broken, ${report.unfinished} with records that were never acknowledged or delivered`);
console.log('faults that took effect:', report.tookEffect);
console.log('invariants put to the test:', report.tested);
process.exitCode = report.broken.length > 0 ? 2 : 0;
