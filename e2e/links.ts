// Links of the tests: universes with a piece of learner code, as the app itself writes them.
import { defineScenario } from '../simulations/scenarios/define.ts';
import type { Universe } from '../simulations/contract/scenario.ts';
import { ENGINE_VERSION } from '../simulations/version.ts';
import { writeLink } from '../src/store/link.ts';
import { learnerJob } from '../tools/golden/learnerJob.ts';

/** One broker cluster and one process `app` that runs the code. */
export function universeOf(code: string, seed = 1): Universe {
  const scenario = defineScenario({
    schemaVersion: 1,
    id: 'trial',
    title: { ko: '시험', en: 'A trial' },
    summary: { ko: '시험', en: 'A trial.' },
    horizonMs: 5_000,
    cluster: { brokers: 3 },
    topics: [{ name: 'events', partitions: 2, replicationFactor: 3, minInsyncReplicas: 2 }],
    processes: [{ name: 'app', role: 'guest' }],
    learner: [{ process: 'app', entry: 'app.ts' }],
    files: { 'app.ts': code },
  });
  return { scenario, faults: [], seed, files: { 'app.ts': code } };
}

/** The golden job of learner code, shorter and without its fault. */
export function jobUniverse(): Universe {
  const universe = learnerJob();
  return { ...universe, scenario: { ...universe.scenario, horizonMs: 12_000, faults: [] }, faults: [] };
}

export async function linkOf(universe: Universe, hash: string | null = null, engine = ENGINE_VERSION): Promise<string> {
  const link = await writeLink({ engine, hash, timeUs: 0, run: { kind: 'universe', universe } });
  if (!link.ok) throw new Error(JSON.stringify(link.error));
  return `/lab#${link.value}`;
}

/** The run's hash as the transport bar shows it: three groups of four digits. */
export function shown(hash: string): string {
  return hash.slice(0, 12).match(/.{4}/g)!.join('·');
}
