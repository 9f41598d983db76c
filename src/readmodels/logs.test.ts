import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTrace } from './fixture.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { createLogs, lostOffsets } from './logs.ts';

/** The log of a replica as a fold from zero builds it. */
function naive(store: TraceStore, partition: number, broker: number, position: number): number[] {
  const log: number[] = [];
  for (let seq = 0; seq < position; seq++) {
    const e = store.event(seq);
    if (e.process !== `broker-${broker}`) continue;
    if (e.type === 'kafka.append' && e.partition === partition) {
      log.length = e.baseOffset;
      for (let i = 0; i < e.records; i++) log[e.baseOffset + i] = e.firstRecord < 0 ? -1 : e.firstRecord + i;
    } else if (e.type === 'kafka.truncate' && e.partition === partition) log.length = e.toOffset;
  }
  return log;
}

describe('the log of a replica', () => {
  it('holds at any position what a fold from zero gives, over any stretch of offsets', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(),
        fc.nat({ max: 2 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat({ max: 30 }),
        fc.nat({ max: 60 }),
        (seed, place, partition, broker, from, length) => {
          const { store } = makeTrace({ seed, size: 80 });
          const position = place % (store.count + 1);
          const logs = createLogs(store);
          logs.extend();
          const window = logs.window({ topic: logs.topicSym('watch-events'), partition, broker }, position, from, from + length);
          const expected = naive(store, partition, broker, position);
          expect(Array.from(window.record)).toEqual(Array.from({ length }, (_, i) => expected[from + i] ?? -1));
        },
      ),
      { numRuns: 120 },
    );
  });

  it('holds nothing once its broker has deleted it, and only what came afterwards', () => {
    const store = new TraceStore();
    const writer = new TraceWriter((chunk) => store.append(chunk));
    const topic = writer.sym('orders');
    const append = (baseOffset: number, firstRecord: number) => writer.emit('kafka.append', writer.sym('broker-1'), -1, topic, 0, false, baseOffset, 2, firstRecord, 0, 70, -1, -1, -1, 0);
    append(0, 0);
    append(2, 2);
    writer.emit('kafka.replicaDropped', writer.sym('broker-1'), -1, topic, 0, 4);
    append(0, 8);
    writer.flush();
    const logs = createLogs(store);
    logs.extend();
    const held = (position: number) => Array.from(logs.window({ topic, partition: 0, broker: 1 }, position, 0, 4).record);
    expect([held(2), held(3), held(4)]).toEqual([
      [0, 1, 2, 3],
      [-1, -1, -1, -1],
      [8, 9, -1, -1],
    ]);
  });

  it('names the acknowledged records that the new leader does not have, from the election on and not before', () => {
    const { store, horizonUs } = makeTrace({ size: 200 });
    const logs = createLogs(store);
    logs.extend();
    const topic = logs.topicSym('watch-events');
    const lostAt = (timeUs: number) => {
      const position = store.positionAt(timeUs);
      const old = logs.window({ topic, partition: 1, broker: 2 }, position, 0, 400);
      const now = logs.window({ topic, partition: 1, broker: timeUs < horizonUs / 2 ? 2 : 3 }, position, 0, 400);
      return lostOffsets(logs, old, now, position);
    };
    expect(lostAt(0.45 * horizonUs)).toEqual([]);
    expect(lostAt(0.51 * horizonUs).length).toBeGreaterThan(0);
    // Once it has cut its log, they stand nowhere any more.
    expect(lostAt(0.9 * horizonUs)).toEqual([]);
  });
});
