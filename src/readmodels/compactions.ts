// What compaction has taken out of a replica's log. The trace tells how far a cleaning went and which tombstones and markers went with
// their time. Which other records went follows from what stood there: of each key only the newest stays, and nothing of aborted
// transactions does (Kafka Cleaner).
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { brokerId, partitionKey } from './cluster.ts';
import { columns } from './columns.ts';
import type { Logs, LogWindow } from './logs.ts';
import { CELL, cellsOf, type Transactions } from './transactions.ts';

export interface ReplicaPlace {
  readonly topic: number;
  readonly partition: number;
  readonly broker: number;
}

export interface Compactions {
  /** Marks in the cells of a stretch of a replica's log what its last cleaning before a position has taken. */
  mark(cells: Uint8Array, at: ReplicaPlace, window: LogWindow, position: number): void;
  extend(): void;
}

const COMPACTED = columns('kafka.compacted');

export function createCompactions(store: TraceStore, logs: Logs, transactions: Transactions): Compactions {
  /** Of each replica the events that cleaned its log or took it away. */
  const told = new Map<string, number[]>();
  /** By cleaning, the newest offset of each key below its end. */
  const newest = new Map<number, ReadonlyMap<string, number>>();
  /** Of each replica the offsets of tombstones and markers whose time was up, with the cleaning that took them. */
  const expired = new Map<string, Map<number, number>>();
  let seen = 0;

  function newestAt(seq: number, at: ReplicaPlace): ReadonlyMap<string, number> {
    let found = newest.get(seq);
    if (found) return found;
    const toOffset = store.value(seq, COMPACTED.toOffset);
    const log = logs.window(at, seq, 0, toOffset);
    const cells = cellsOf(logs, log, transactions.at(at, seq, 0, toOffset));
    const latest = new Map<string, number>();
    log.record.forEach((record, offset) => {
      const key = record < 0 || cells[offset] !== CELL.plain ? null : (store.records[record]?.key ?? null);
      if (key !== null) latest.set(key, offset);
    });
    newest.set(seq, (found = latest));
    return found;
  }

  function expire(id: string, seq: number): void {
    const offsets = store.texts[store.value(seq, COMPACTED.expired)]!;
    if (offsets === '') return;
    let of = expired.get(id);
    if (!of) expired.set(id, (of = new Map()));
    for (const offset of offsets.split(',')) of.set(Number(offset), seq);
  }

  return {
    extend() {
      for (; seen < store.count; seen++) {
        const type = store.typeNumberAt(seen);
        if (type !== TYPE_OF['kafka.compacted'] && type !== TYPE_OF['kafka.replicaDropped']) continue;
        const id = placeId({ topic: store.value(seen, COMPACTED.topic), partition: store.value(seen, COMPACTED.partition), broker: brokerId(store.processAt(seen)) });
        const list = told.get(id);
        if (list) list.push(seen);
        else told.set(id, [seen]);
        if (type === TYPE_OF['kafka.compacted']) expire(id, seen);
      }
    },
    mark(cells, at, window, position) {
      const seq = told.get(placeId(at))?.findLast((one) => one < position);
      if (seq === undefined || store.typeNumberAt(seq) !== TYPE_OF['kafka.compacted']) return;
      const latest = newestAt(seq, at);
      const gone = expired.get(placeId(at));
      const end = Math.min(window.to, store.value(seq, COMPACTED.toOffset));
      for (let offset = window.from; offset < end; offset++) {
        const i = offset - window.from;
        const record = window.record[i]!;
        const goneBy = gone?.get(offset) ?? Infinity;
        if (goneBy < position && window.appendedBy[i]! < goneBy) cells[i] = CELL.compacted;
        if (record < 0) continue;
        const key = store.records[record]?.key ?? null;
        const stays = cells[i] !== CELL.aborted && key !== null && (latest.get(key) ?? -1) <= offset;
        if (!stays) cells[i] = CELL.compacted;
      }
    },
  };
}

function placeId({ topic, partition, broker }: ReplicaPlace): string {
  return `${partitionKey(topic, partition)}@${broker}`;
}
