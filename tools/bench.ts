// `npm run bench`, the part of kernel and Kafka (that of stream jobs is benchStreams.ts, that of the views src/readmodels/seek.bench.ts): one JSON line per figure. Only ratios inside this run count; plain numbers are for information.
import { bareKernel, inlinedLoop } from './bench/kernel.ts';
import { clusterUniverse, grownUniverse, millionUniverse, runCluster, type Times } from './bench/kafka.ts';
import { figure } from '../simulations/figure.ts';
import { median, report } from './bench/measure.ts';

for (const [length, events, target] of [
  [100, 400_000, 0.6],
  [10_000, 400_000, 0.7],
  [1_000_000, 400_000, 0.7],
] as const) {
  report(figure(`kernel / inlined loop, queue ${length}`, target, 'higher', () => inlinedLoop(length, events) / bareKernel(length, events)));
}

const universe = clusterUniverse(20);
// The first run of a process is for the most part compilation: it gives the length of the queue, and is told beside the others.
const probe = runCluster(universe, null);
const clusterSeconds: number[] = [];
report(
  figure('Kafka scenario / bare kernel, dispatches per CPU second', 0.1, 'higher', () => {
    const kernel = bareKernel(probe.queueLength, 400_000);
    const cluster = runCluster(universe, null);
    clusterSeconds.push(cluster.seconds);
    return kernel / (cluster.seconds / cluster.dispatches);
  }),
);
console.log(
  JSON.stringify({
    name: 'Kafka scenario',
    information: true,
    queueLength: probe.queueLength,
    dispatches: probe.dispatches,
    events: probe.events,
    dispatchesPerAcknowledgedRecord: Math.round((probe.dispatches / probe.acknowledged) * 100) / 100,
    virtualSecondsPerCpuSecond: Math.round(20 / median(clusterSeconds)),
    virtualSecondsPerCpuSecondOfFirstRun: Math.round(20 / probe.seconds),
  }),
);
const million = millionUniverse({});
const whole = runCluster(million, null);
const millionSeconds: number[] = [];
report(
  figure('bare kernel / one million records produced, replicated and consumed, CPU seconds for as many dispatches', 0.25, 'higher', () => {
    const run = runCluster(million, null);
    millionSeconds.push(run.seconds);
    return (bareKernel(whole.queueLength, 400_000) * run.dispatches) / run.seconds;
  }),
);
console.log(
  JSON.stringify({
    name: 'one million records',
    information: true,
    acknowledged: whole.acknowledged,
    delivered: whole.delivered,
    dispatches: whole.dispatches,
    recordsPerCpuSecond: Math.round(whole.acknowledged / median(millionSeconds)),
    recordsPerCpuSecondOfFirstRun: Math.round(whole.acknowledged / whole.seconds),
  }),
);
/** What is grown, alone and together: each client more brings its own records. */
const ALL: readonly Times[] = [2, 4, 8].map((n) => ({ brokers: n, partitions: n, clients: n }));
const ALONE: readonly Times[] = (['partitions', 'brokers', 'clients'] as const).flatMap((of) => [2, 4, 8].map((n) => ({ [of]: n })));
for (const [load, make, grown] of [
  ['one million records', millionUniverse, ALL],
  ['1,000 records a second', grownUniverse, [...ALONE, ...ALL]],
] as const) {
  const small = make({});
  for (const times of grown) {
    const large = make(times);
    const factor = Math.max(...Object.values(times));
    report(
      figure(`growth of CPU seconds with ${factor} times the ${Object.keys(times).join(', ')}, exponent; ${load}`, 1.15, 'lower', () => {
        // The small one as often as the other is large, so that both are measured for about as long.
        let seconds = 0;
        for (let i = 0; i < factor; i++) seconds += runCluster(small, null).seconds / factor;
        return Math.log(runCluster(large, null).seconds / seconds) / Math.log(factor);
      }),
    );
  }
}
report(
  figure(
    'trace recording, share added to a run',
    0.15,
    'lower',
    () => {
      let bytes = 0;
      const without = runCluster(universe, null).seconds;
      const recorded = runCluster(universe, (chunk) => void (bytes += chunk.values.byteLength)).seconds;
      return recorded / without - 1;
    },
    15,
  ),
);
