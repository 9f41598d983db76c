// A cluster with native clients, measured by its kernel dispatches.
import { defineScenario } from '../../simulations/scenarios/define.ts';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { createRun } from '../../simulations/run.ts';
import type { TraceChunk } from '../../simulations/kernel/trace.ts';
import { cpuSeconds } from './measure.ts';

export function clusterUniverse(seconds: number): Universe {
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'bench',
    title: { ko: '측정', en: 'Bench' },
    summary: { ko: '측정', en: 'Bench' },
    horizonMs: seconds * 1000,
    cluster: { brokers: 3 },
    topics: [{ name: 'events', partitions: 12, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [
      { name: 'producer-1', role: 'producer' },
      { name: 'producer-2', role: 'producer' },
      { name: 'reader-1', role: 'consumer', group: 'a', topics: ['events'], autoOffsetReset: 'earliest' },
      { name: 'reader-2', role: 'consumer', group: 'a', topics: ['events'], autoOffsetReset: 'earliest' },
      { name: 'reader-3', role: 'consumer', group: 'b', topics: ['events'], autoOffsetReset: 'earliest' },
    ],
    workloads: [1, 2].map((i) => ({ process: `producer-${i}`, topic: 'events', records: seconds * 500, everyUs: 2_000, keys: 100 })),
  });
  return { scenario, faults: [], seed: 1, files: {} };
}

/** A million small records through three brokers and twelve partitions, acks=all, read by one group. */
export function millionUniverse(): Universe {
  const producers = [1, 2, 3, 4];
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'bench-million',
    title: { ko: '측정', en: 'Bench' },
    summary: { ko: '측정', en: 'Bench' },
    horizonMs: 60_000,
    cluster: { brokers: 3 },
    topics: [{ name: 'events', partitions: 12, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [
      ...producers.map((i) => ({ name: `producer-${i}`, role: 'producer' })),
      ...producers.map((i) => ({ name: `reader-${i}`, role: 'consumer', group: 'g', topics: ['events'], autoOffsetReset: 'earliest' })),
    ],
    workloads: producers.map((i) => ({ process: `producer-${i}`, topic: 'events', records: 250_000, startMs: 8_000, everyUs: 60_000, perSend: 500, keys: 0, valueBytes: 20 })),
  });
  return { scenario, faults: [], seed: 1, files: {} };
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
