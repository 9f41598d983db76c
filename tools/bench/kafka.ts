// A cluster with native clients, measured by its kernel dispatches.
import { defineScenario } from '../../simulations/scenarios/define.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { createRun } from '../../simulations/run.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { cpuSeconds } from './measure.ts';

interface Load {
  readonly seconds: number;
  readonly producers: number;
  /** Name of each consumer's group. */
  readonly readers: readonly string[];
  /** What each producer sends. */
  readonly sends: Readonly<Record<string, number>>;
}

/** How often each is there, beside three brokers, twelve partitions and the clients of a load. A client more sends and reads as much as the others. */
export interface Times {
  readonly brokers?: number;
  readonly partitions?: number;
  readonly clients?: number;
}

/** A cluster with one topic, RF 3, acks=all, under steady load. */
function universeOf(load: Load, times: Times): Universe {
  const { brokers = 1, partitions = 1, clients = 1 } = times;
  const { seconds, sends } = load;
  const names = Array.from({ length: load.producers * clients }, (_, i) => `producer-${i + 1}`);
  const readers = Array.from({ length: clients }, () => load.readers).flat();
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'bench',
    title: { ko: '측정', en: 'Bench' },
    summary: { ko: '측정', en: 'Bench' },
    horizonMs: seconds * 1000,
    cluster: { brokers: 3 * brokers },
    topics: [{ name: 'events', partitions: 12 * partitions, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [
      ...names.map((name) => ({ name, role: 'producer' })),
      ...readers.map((group, i) => ({ name: `reader-${i + 1}`, role: 'consumer', group, topics: ['events'], autoOffsetReset: 'earliest' })),
    ],
    workloads: names.map((process) => ({ process, topic: 'events', ...sends })),
  });
  // Larger than what the page can hold: no limit ends what is measured.
  const limits = { ...scenario.limits, events: 100_000_000, payloadBytes: 1_000_000_000 };
  return { scenario: { ...scenario, limits }, faults: [], seed: 1, files: {} };
}

/** 1,000 records a second, two groups. */
export function clusterUniverse(seconds: number): Universe {
  return universeOf({ seconds, producers: 2, readers: ['a', 'a', 'b'], sends: { records: seconds * 500, everyUs: 2_000, keys: 100 } }, {});
}

/** A million small records, read by one group: each sent on its own, 250,000 a second in all, as a perf test would. */
export function millionUniverse(times: Times): Universe {
  const sends = { records: 250_000, startMs: 8_000, everyUs: 16, keys: 0, valueBytes: 20 };
  return universeOf({ seconds: 20, producers: 4, readers: ['g', 'g', 'g', 'g'], sends }, times);
}

/** 1,000 records a second, read by one group. */
export function grownUniverse(times: Times): Universe {
  return universeOf({ seconds: 15, producers: 2, readers: ['g', 'g'], sends: { records: 5_000, everyUs: 2_000, keys: 100 } }, times);
}

export interface ClusterCost {
  readonly seconds: number;
  readonly dispatches: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly events: number;
  /** Mean length of the event queue. */
  readonly queueLength: number;
}

export function runCluster(universe: Universe, sink: ((chunk: TraceChunk) => void) | null): ClusterCost {
  let lengths = 0;
  let samples = 0;
  let result: ReturnType<ReturnType<typeof createRun>['result']> | null = null;
  const seconds = cpuSeconds(() => {
    const run = createRun(universe, { sink, guests: null });
    while (run.advance(4_096) !== 'ended') {
      lengths += run.kernel.queue.size;
      samples++;
    }
    result = run.result();
  });
  const { metrics, events } = result!;
  return { seconds, dispatches: metrics.dispatches, acknowledged: metrics.acknowledged, delivered: metrics.delivered, events, queueLength: Math.max(1, Math.round(lengths / Math.max(1, samples))) };
}
