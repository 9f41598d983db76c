// The universes whose hashes are kept: the engine must give them on every machine and in every engine.
import type { Universe } from '../../simulations/contract/scenario.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { TIMELINES } from '../../simulations/scenarios/timelines.ts';

export interface GoldenUniverse {
  readonly name: string;
  readonly universe: Universe;
}

function listed(id: string, seed: number, faults?: readonly string[]): Universe {
  const scenario = scenarioById(id)!;
  return { scenario, faults: faults ?? scenario.faults, seed, files: {} };
}

export function nativeGolden(): GoldenUniverse[] {
  return [
    ...TIMELINES.map((s) => ({ name: s.id, universe: listed(s.id, 1) })),
    { name: 'empty-cluster', universe: listed('empty-cluster', 1) },
    { name: 'leader-dies', universe: listed('leader-dies', 4271) },
    { name: 'acks-1-leader-loss', universe: listed('acks-1-leader-loss', 7) },
    { name: 'consumer-pause', universe: listed('consumer-pause', 3) },
    { name: 'trending-content', universe: listed('trending-content', 1) },
    { name: 'engagement-per-session', universe: listed('engagement-per-session', 2, ['kill taskmanager-1 at 12s for 4s', 'pause taskmanager-2 at 21s for 3s', 'kill jobmanager at 27s for 1s']) },
    { name: 'premium-conversion', universe: listed('premium-conversion', 3) },
    { name: 'live-ab-test', universe: listed('live-ab-test', 4, ['cut taskmanager-1<->broker-2 at 9s for 3s', 'kill broker-3 at 15s for 6s']) },
    { name: 'every-fault', universe: listed('leader-dies', 11, ['pause recs-b at 4s for 12s', 'loss playback-svc<->broker-1 share=1/8 at 6s for 5s', 'delay broker-1<->broker-3 by=40ms at 8s for 6s', 'cut {controller,broker-1}->broker-3 at 15s for 11s', 'restart broker-2 at 31s for 2s', 'kill watch-app at 33s']) },
  ];
}
