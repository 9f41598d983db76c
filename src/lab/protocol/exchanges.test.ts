// Requests are paired with their responses, and nothing past the position is told.
import { describe, expect, it } from 'vitest';
import { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { EVENT_SPECS } from '../../../simulations/contract/events.ts';
import { createRun } from '../../../simulations/run.ts';
import { listed } from '../../../simulations/testing.ts';
import { causedBy, createExchanges, errorOf, SENT, versionOf } from './exchanges.ts';

const store = new TraceStore();
const run = createRun(listed('leader-dies'), { sink: (c) => store.append(c), guests: null, frames: true });
while (run.advance(65_536) !== 'ended');
const exchanges = createExchanges(store);
exchanges.extend(Infinity, Infinity);
const api = (seq: number) => store.texts[store.value(seq, SENT.api)]!;
const all = exchanges.last(store.count, 100_000, () => true);

describe('exchanges', () => {
  it('hold a request and the response of the same connection and correlation id', () => {
    expect(all.length).toBeGreaterThan(2_000);
    let answered = 0;
    for (const e of all) {
      expect(store.value(e.request, SENT.response)).toBe(0);
      if (e.response < 0) continue;
      answered++;
      expect([SENT.conn, SENT.correlationId, SENT.api].map((i) => store.value(e.response, i))).toEqual([SENT.conn, SENT.correlationId, SENT.api].map((i) => store.value(e.request, i)));
      expect(e.arrived).toBeGreaterThan(e.request);
      expect(e.response).toBeGreaterThan(e.arrived);
      if (e.answered >= 0) expect(e.answered).toBeGreaterThan(e.response);
    }
    expect(answered).toBeGreaterThan(all.length * 0.9);
  });

  it('tell nothing that lies past the position', () => {
    for (const e of all.filter((_, i) => i % 97 === 0)) {
      const early = exchanges.at(e.index, e.request + 1);
      expect([early.arrived, early.response, early.answered]).toEqual([-1, -1, -1]);
    }
    const half = store.count >> 1;
    for (const e of exchanges.last(half, 50, () => true)) expect(Math.max(e.request, e.arrived, e.response, e.answered)).toBeLessThan(half);
  });

  it('know their version, their errors and what they caused', () => {
    const produce = all.find((e) => api(e.request) === 'Produce' && e.response >= 0 && errorOf(store, e.response) === '')!;
    expect(versionOf(store, produce)).toBeGreaterThanOrEqual(9);
    const caused = causedBy(store, produce, store.count, (seq) => EVENT_SPECS[store.typeAt(seq)].kind === 'outcome', 5).map((seq) => store.typeAt(seq));
    expect(caused).toContain('kafka.append');
    expect(all.some((e) => errorOf(store, e.response) === 'MEMBER_ID_REQUIRED')).toBe(true);
  });
});
