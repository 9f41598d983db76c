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
const million = millionUniverse();
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
const small = grownUniverse({});
// A scenario has seven brokers at most, so that three can only be doubled.
const GROWN: readonly (readonly [of: string, factor: number, times: Times])[] = [
  ['2 times the partitions', 2, { partitions: 2 }],
  ['4 times the partitions', 4, { partitions: 4 }],
  ['8 times the partitions', 8, { partitions: 8 }],
  ['2 times the brokers', 2, { brokers: 2 }],
  ['2 times the clients and records', 2, { clients: 2 }],
  ['4 times the clients and records', 4, { clients: 4 }],
  ['8 times the clients and records', 8, { clients: 8 }],
  ['2 times the brokers, partitions, clients and records', 2, { brokers: 2, partitions: 2, clients: 2 }],
];
for (const [of, factor, times] of GROWN) {
  const grown = grownUniverse(times);
  report(
    figure(`growth of CPU seconds with ${of}, exponent`, 1.15, 'lower', () => {
      // The small one as often as the other is large, so that both are measured for about as long.
      let seconds = 0;
      for (let i = 0; i < factor; i++) seconds += runCluster(small, null).seconds / factor;
      return Math.log(runCluster(grown, null).seconds / seconds) / Math.log(factor);
    }),
  );
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
