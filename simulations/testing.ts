// Helpers of tests: a universe from a short document, its trace as objects.
import type { EventName, TraceEvent } from './contract/events.ts';
import type { Universe } from './contract/scenario.ts';
import { TraceStore } from './kernel/traceStore.ts';
import { runToEnd, type RunResult } from './run.ts';
import { scenarioById } from './scenarios/catalogue.ts';
import { defineScenario } from './scenarios/define.ts';

export function universe(document: Record<string, unknown>, faults: readonly string[] = [], seed = 1): Universe {
  const scenario = defineScenario({ schemaVersion: 1, id: 'test', title: { ko: '시험', en: 'Test' }, summary: { ko: '시험', en: 'Test' }, horizonMs: 30_000, cluster: { brokers: 3 }, ...document });
  return { scenario, faults, seed, files: {} };
}

export function listed(id: string, seed = 1, faults?: readonly string[]): Universe {
  const scenario = scenarioById(id)!;
  return { scenario, faults: faults ?? scenario.faults, seed, files: {} };
}

export interface Told {
  readonly result: RunResult;
  readonly store: TraceStore;
  of<K extends EventName>(type: K): TraceEvent<K>[];
  all(): TraceEvent[];
}

export function told(u: Universe): Told {
  const store = new TraceStore();
  const result = runToEnd(u, (c) => store.append(c));
  const all = () => Array.from({ length: store.count }, (_, i) => store.event(i));
  return { result, store, all, of: <K extends EventName>(type: K) => all().filter((e): e is TraceEvent<K> => e.type === type) };
}
