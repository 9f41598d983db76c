import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { clientsModel } from './clients.ts';
import { clusterModel } from './cluster.ts';
import { makeTrace } from './fixture.ts';
import { flightsModel } from './flights.ts';
import { createTimeline, type Model } from './timeline.ts';

function foldFromZero<S>(store: TraceStore, model: Model<S>, position: number): S {
  const state = model.start();
  for (let seq = 0; seq < position; seq++) model.apply(state, store, seq);
  return state;
}

const models: [string, Model<unknown>][] = [
  ['cluster', clusterModel as Model<unknown>],
  ['clients', clientsModel as Model<unknown>],
  ['flights', flightsModel as Model<unknown>],
];

describe('a timeline', () => {
  it.each(models)('shows the state of the %s that a fold from zero gives, scrubbed both ways', (_name, model) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 97 }), (seed, places, every) => {
        const { store } = makeTrace({ seed, size: 60 });
        const timeline = createTimeline(store, model, every);
        for (const place of places) {
          const position = place % (store.count + 1);
          expect(timeline.at(position)).toEqual(foldFromZero(store, model, position));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives a copy that later seeks do not change', () => {
    const { store } = makeTrace();
    const timeline = createTimeline(store, clusterModel, 50);
    const middle = timeline.copyAt(store.count >> 1);
    const before = JSON.stringify(Array.from(middle.partitions.values()));
    timeline.at(store.count);
    expect(JSON.stringify(Array.from(middle.partitions.values()))).toBe(before);
  });

  it('stops at the end of the trace and at its beginning', () => {
    const { store } = makeTrace();
    const timeline = createTimeline(store, clusterModel);
    expect(timeline.at(-5)).toEqual(clusterModel.start());
    expect(timeline.at(store.count + 99)).toEqual(foldFromZero(store, clusterModel, store.count));
  });
});
