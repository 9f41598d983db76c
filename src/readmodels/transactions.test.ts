import { describe, expect, it } from 'vitest';
import type { Universe } from '../../simulations/contract/scenario.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { runToEnd } from '../../simulations/run.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { createLogs } from './logs.ts';
import { CELL, cellsOf, createTransactions, holding, lastStableOffset } from './transactions.ts';

const PRODUCER = 7;
const OTHER = 8;

/** A log of one partition, told by its leader broker-1, and afterwards by broker-2. */
function tell() {
  const store = new TraceStore();
  const writer = new TraceWriter((chunk) => store.append(chunk));
  const topic = writer.sym('orders');
  let leader = writer.sym('broker-1');
  const append = (offset: number, records: number, producerId: number, first: number) => writer.emit('kafka.append', leader, -1, topic, 0, true, offset, records, first, 0, 70, producerId, 0, 0, 0);
  return {
    data(offset: number, records: number, producerId: number, opens: boolean) {
      append(offset, records, producerId, offset);
      if (opens) writer.emit('kafka.transactionOpened', leader, -1, topic, 0, offset, producerId, 0);
    },
    marker(offset: number, producerId: number, kind: 'COMMIT' | 'ABORT', firstOffset: number) {
      append(offset, 1, producerId, -1);
      writer.emit('transaction.markerWritten', leader, -1, topic, 0, writer.sym(kind), offset, producerId, 0, 0, firstOffset);
    },
    elect(broker: number, logEndOffset: number) {
      leader = writer.sym(`broker-${broker}`);
      writer.emit('kafka.roleTaken', leader, -1, topic, 0, writer.sym('leader'), broker, 1, logEndOffset, writer.sym('1,2'));
    },
    read() {
      writer.flush();
      const transactions = createTransactions(store);
      const logs = createLogs(store);
      transactions.extend();
      logs.extend();
      const at = (position = store.count) => transactions.at({ topic, partition: 0 }, position);
      return {
        at,
        stable: (highWatermark: number, position = store.count, logStartOffset = 0) => lastStableOffset(at(position), { highWatermark, logStartOffset }),
        cells: (broker: number, to: number, position = store.count) => Array.from(cellsOf(logs, logs.window({ topic, partition: 0, broker }, position, 0, to), at(position))),
      };
    },
  };
}

describe('the transactions of a partition', () => {
  it('hold the last stable offset where the earliest undecided one began', () => {
    const log = tell();
    log.data(0, 2, -1, false);
    log.data(2, 1, PRODUCER, true);
    log.data(3, 1, OTHER, true);
    log.data(4, 1, PRODUCER, false);
    log.marker(5, OTHER, 'COMMIT', 3);
    const { stable, cells, at } = log.read();
    expect([stable(2), stable(4), stable(6)]).toEqual([2, 2, 2]);
    expect(holding(at().transactions, 6)?.producerId).toBe(PRODUCER);
    expect(cells(1, 6)).toEqual([CELL.plain, CELL.plain, CELL.open, CELL.plain, CELL.open, CELL.commitMarker]);
  });

  it('let go of it only once the marker is below the high watermark', () => {
    const log = tell();
    log.data(0, 3, PRODUCER, true);
    log.marker(3, PRODUCER, 'ABORT', 0);
    log.data(4, 1, -1, false);
    const { stable, cells } = log.read();
    expect([stable(3), stable(4), stable(5)]).toEqual([0, 4, 5]);
    expect(cells(1, 5)).toEqual([CELL.aborted, CELL.aborted, CELL.aborted, CELL.abortMarker, CELL.plain]);
  });

  it('never say more than the position knows', () => {
    const log = tell();
    log.data(0, 1, PRODUCER, true);
    log.marker(1, PRODUCER, 'ABORT', 0);
    const { cells, at } = log.read();
    expect(at(1).transactions).toEqual([]);
    expect(cells(1, 2, 2)).toEqual([CELL.open, CELL.plain]);
    expect(at(3).markers).toEqual([]);
  });

  it('do not begin before the log does', () => {
    const log = tell();
    log.data(0, 4, PRODUCER, true);
    expect(log.read().stable(4, undefined, 3)).toBe(3);
  });

  it('end with the log of the leader that wrote them: a new leader that has no marker holds them open, one that has no record forgets them', () => {
    const log = tell();
    log.data(0, 2, PRODUCER, true);
    log.marker(2, PRODUCER, 'COMMIT', 0);
    log.data(3, 1, OTHER, true);
    log.elect(2, 2);
    const before = log.read().stable(4, 6);
    log.data(2, 3, -1, false);
    const after = log.read();
    expect(before).toBe(3);
    expect(after.at().transactions).toEqual([{ producerId: PRODUCER, firstOffset: 0, state: 'open', markerOffset: -1 }]);
    expect(after.at().markers).toEqual([]);
    expect(after.stable(5)).toBe(0);
  });

  it('agree with what brokers say of their last stable offset, in every scenario with transactions', () => {
    for (const id of ['hanging-transaction', 'zombie-producer']) {
      const scenario = scenarioById(id)!;
      const universe: Universe = { scenario, faults: scenario.faults, seed: 1, files: {} };
      const store = new TraceStore();
      runToEnd(universe, (chunk) => store.append(chunk));
      const transactions = createTransactions(store);
      transactions.extend();
      let told = 0;
      for (let seq = 0; seq < store.count; seq++) {
        if (store.typeAt(seq) !== 'kafka.lastStableOffset') continue;
        told++;
        const [topic, partition, offset, highWatermark] = [0, 1, 2, 3].map((n) => store.value(seq, n)) as [number, number, number, number];
        for (const from of [0, highWatermark]) expect(lastStableOffset(transactions.at({ topic, partition }, seq, from), { highWatermark, logStartOffset: 0 }), `${id} ${seq}`).toBe(offset);
      }
      expect(told).toBeGreaterThan(2);
    }
  });
});
