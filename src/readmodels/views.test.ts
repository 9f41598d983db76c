import { describe, expect, it } from 'vitest';
import { chainOf } from './causes.ts';
import { makeTrace } from './fixture.ts';
import { flightsOf, progress } from './flights.ts';
import { createViews } from './views.ts';

const { store, horizonUs } = makeTrace({ size: 200 });
const views = createViews(store, horizonUs);
views.extend();
const sum = (a: Float64Array) => a.reduce((x, y) => x + y, 0);

describe('the views of a trace', () => {
  it('count nothing past the position', () => {
    for (const part of [0, 0.1, 0.31, 0.5, 0.77, 1]) {
      const position = Math.floor(store.count * part);
      let acknowledged = 0;
      let interesting = 0;
      for (let seq = 0; seq < position; seq++) {
        const e = store.event(seq);
        if (e.type === 'producer.acknowledged') acknowledged += e.records;
        if (views.interesting.next(seq, seq + 1) === seq) interesting++;
      }
      expect(sum(views.activity.at(position).acknowledged)).toBe(acknowledged);
      expect(views.interesting.count(position)).toBe(interesting);
    }
  });

  it('find the next interesting event only before the limit', () => {
    const all = views.interesting.count(store.count);
    const last = views.interesting.at(all - 1);
    expect(views.interesting.next(last, last)).toBe(-1);
    expect(views.interesting.next(last, last + 1)).toBe(last);
    expect(views.interesting.before(views.interesting.at(0))).toBe(-1);
  });

  it('tell the chain of causes oldest first', () => {
    const violated = views.violations.at(0);
    const types = chainOf(store, violated).map((seq) => store.typeAt(seq));
    expect(types[0]).toBe('fault.started');
    expect(types.at(-1)).toBe('invariant.violated');
    expect(types).toContain('kafka.leaderElected');
  });

  it('put a message on its way where its times say', () => {
    const sent = Array.from({ length: store.count }, (_, seq) => seq).find((seq) => store.typeAt(seq) === 'net.sent')!;
    const flight = flightsOf(views.flights.at(sent + 1), store)[0]!;
    expect(progress(flight, flight.sentUs)).toBe(0);
    expect(progress(flight, flight.sentUs + 1000)).toBeCloseTo(0.5);
    expect(progress(flight, flight.dueUs + 5)).toBe(1);
    expect(progress({ ...flight, dueUs: -1 }, flight.sentUs + 1e6)).toBe(0.5);
  });
});
