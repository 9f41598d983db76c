// A cluster with native clients, measured by its kernel dispatches.
import { defineScenario } from '../../simulations/scenarios/define.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { createRun } from '../../simulations/run.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { cpuSeconds } from './measure.ts';

interface Load {
  readonly seconds: number;
  readonly brokers: number;
  readonly partitions: number;
  readonly producers: number;
  /** Name of each consumer's group. */
  readonly readers: readonly string[];
  /** What each producer sends. */
  readonly sends: Readonly<Record<string, number>>;
}

/** A cluster with one topic, RF 3, acks=all, under steady load. */
function universeOf({ seconds, brokers, partitions, producers, readers, sends }: Load): Universe {
  const names = Array.from({ length: producers }, (_, i) => `producer-${i + 1}`);
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'bench',
    title: { ko: '측정', en: 'Bench' },
    summary: { ko: '측정', en: 'Bench' },
    horizonMs: seconds * 1000,
    cluster: { brokers },
    topics: [{ name: 'events', partitions, replicationFactor: 3, minInsyncReplicas: 2 }],
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

/** Three brokers, twelve partitions, 1,000 records a second, two groups. */
export function clusterUniverse(seconds: number): Universe {
  return universeOf({ seconds, brokers: 3, partitions: 12, producers: 2, readers: ['a', 'a', 'b'], sends: { records: seconds * 500, everyUs: 2_000, keys: 100 } });
}

/** How often each is there. */
export interface Times {
  readonly brokers?: number;
  readonly partitions?: number;
  readonly clients?: number;
}

/** A million small records through three brokers and twelve partitions, read by one group: each sent on its own, 250,000 a second in all, as a perf test would. @param times each client more sends and reads as many. */
export function millionUniverse({ brokers = 1, partitions = 1, clients = 1 }: Times = {}): Universe {
  return universeOf({
    seconds: 20,
    brokers: 3 * brokers,
    partitions: 12 * partitions,
    producers: 4 * clients,
    readers: Array.from({ length: 4 * clients }, () => 'g'),
    sends: { records: 250_000, startMs: 8_000, everyUs: 16, keys: 0, valueBytes: 20 },
  });
}

/** A steady load of 1,000 records a second: three brokers, twelve partitions, two producers with two consumers. @param times each client more sends and reads as many. */
export function grownUniverse({ brokers = 1, partitions = 1, clients = 1 }: Times): Universe {
  return universeOf({
    seconds: 15,
    brokers: 3 * brokers,
    partitions: 12 * partitions,
    producers: 2 * clients,
    readers: Array.from({ length: 2 * clients }, () => 'g'),
    sends: { records: 5_000, everyUs: 2_000, keys: 100 },
  });
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
