// What stands in each replica's log at a position. The trace itself is the store: for every replica an index of the appends,
// truncations and deletions that made its log, walked backwards from the position over just the offsets that are asked for.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { brokerId, partitionKey } from './cluster.ts';
import { columns } from './columns.ts';

/** A stretch of one replica's log. Cell `i` holds offset `from + i`. */
export interface LogWindow {
  readonly from: number;
  readonly to: number;
  /** Ids in the record table, -1 = nothing stands there. */
  readonly record: Int32Array;
  /** The append that put it there, -1 = nothing stands there; `batch` tells the rest of it. */
  readonly appendedBy: Int32Array;
}

export interface Logs {
  /** What stands at offsets `from` to `to - 1` of a replica after the first `position` events. */
  window(at: { topic: number; partition: number; broker: number }, position: number, from: number, to: number): LogWindow;
  /** What is stamped on the batch of an append. @param seq of a `kafka.append`. */
  batch(seq: number): { readonly leaderEpoch: number; /** -1 = none. */ readonly producerId: number };
  /** The event that acknowledged a record first, if before the position; else -1. */
  acknowledgedBy(record: number, position: number): number;
  /** The event that sent a record first, if before the position; else -1. */
  sentBy(record: number, position: number): number;
  /** Partition that a record was first sent to; -1 = not yet. */
  partitionOf(record: number): number;
  /** Number of the text of a topic; -1 when it has not been named. */
  topicSym(topic: string): number;
  extend(): void;
}

const APPEND = columns('kafka.append');
const TRUNCATE = columns('kafka.truncate');
const ACKED = columns('producer.acknowledged');
const SENT = columns('producer.sent');

/** Numbers in a row, and what stands for a number of records where an event is no append. */
const OP = 4;
const TRUNCATED = -1;
const DROPPED = -2;

export function createLogs(store: TraceStore): Logs {
  /** Of each replica what changed its log, in rows of event, base offset (or where a truncation ends), first record, and how many (or what else it is). */
  const ops = new Map<string, number[]>();
  let acknowledged = new Int32Array(1024).fill(-1);
  const partitions: number[] = [];
  const sent: number[] = [];
  const topics = new Map<string, number>();
  let seen = 0;
  let textsSeen = 0;

  function extend(): void {
    for (; textsSeen < store.texts.length; textsSeen++) topics.set(store.texts[textsSeen]!, textsSeen);
    for (; seen < store.count; seen++) {
      const type = store.typeNumberAt(seen);
      if (type === TYPE_OF['kafka.append'] || type === TYPE_OF['kafka.truncate'] || type === TYPE_OF['kafka.replicaDropped']) {
        const id = replicaId(store.value(seen, APPEND.topic), store.value(seen, APPEND.partition), brokerId(store.processAt(seen)));
        let list = ops.get(id);
        if (!list) ops.set(id, (list = []));
        if (type === TYPE_OF['kafka.append']) list.push(seen, store.value(seen, APPEND.baseOffset), store.value(seen, APPEND.firstRecord), store.value(seen, APPEND.records));
        else if (type === TYPE_OF['kafka.truncate']) list.push(seen, store.value(seen, TRUNCATE.toOffset), -1, TRUNCATED);
        else list.push(seen, 0, -1, DROPPED);
      } else if (type === TYPE_OF['producer.sent']) {
        const first = store.value(seen, SENT.firstRecord);
        const end = first + store.value(seen, SENT.records);
        for (let record = Math.max(0, first); first >= 0 && record < end; record++) {
          if (sent[record] !== undefined) continue;
          sent[record] = seen;
          partitions[record] = store.value(seen, SENT.partition);
        }
      } else if (type === TYPE_OF['producer.acknowledged']) {
        const first = store.value(seen, ACKED.firstRecord);
        if (first < 0) continue;
        const end = first + store.value(seen, ACKED.records);
        if (end > acknowledged.length) {
          const grown = new Int32Array(Math.max(end, acknowledged.length * 2)).fill(-1);
          grown.set(acknowledged);
          acknowledged = grown;
        }
        for (let record = first; record < end; record++) if (acknowledged[record] === -1) acknowledged[record] = seen;
      }
    }
  }

  function window(at: { topic: number; partition: number; broker: number }, position: number, from: number, to: number): LogWindow {
    const size = Math.max(0, to - from);
    const record = new Int32Array(size).fill(-1);
    const appendedBy = new Int32Array(size).fill(-1);
    const list = ops.get(replicaId(at.topic, at.partition, at.broker)) ?? [];
    let cut = to;
    for (let n = before(list, position) - OP; n >= 0 && cut > from; n -= OP) {
      const seq = list[n]!;
      const base = list[n + 1]!;
      const records = list[n + 3]!;
      if (records === DROPPED) break;
      if (records === TRUNCATED) {
        cut = Math.min(cut, base);
        continue;
      }
      const first = list[n + 2]!;
      const end = Math.min(base + records, cut);
      for (let offset = Math.max(base, from); offset < end; offset++) {
        record[offset - from] = first < 0 ? -1 : first + offset - base;
        appendedBy[offset - from] = seq;
      }
      cut = Math.min(cut, base);
    }
    return { from, to, record, appendedBy };
  }

  return {
    window,
    extend,
    batch: (seq) => ({ leaderEpoch: store.value(seq, APPEND.leaderEpoch), producerId: store.value(seq, APPEND.producerId) }),
    sentBy: (record, position) => ((sent[record] ?? Infinity) < position ? sent[record]! : -1),
    partitionOf: (record) => partitions[record] ?? -1,
    topicSym: (topic) => topics.get(topic) ?? -1,
    acknowledgedBy(record, position) {
      const seq = record >= 0 && record < acknowledged.length ? acknowledged[record]! : -1;
      return seq >= 0 && seq < position ? seq : -1;
    },
  };
}

function replicaId(topic: number, partition: number, broker: number): string {
  return `${partitionKey(topic, partition)}@${broker}`;
}

/** Where in a replica's list the events from a position on begin. */
function before(list: readonly number[], position: number): number {
  let low = 0;
  let high = list.length / OP;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (list[OP * mid]! < position) low = mid + 1;
    else high = mid;
  }
  return OP * low;
}

/** Offsets of a replica whose records were acknowledged and are not in the leader's log. */
export function lostOffsets(logs: Logs, replica: LogWindow, leader: LogWindow, position: number): number[] {
  const inLeader = new Set<number>();
  for (const record of leader.record) if (record >= 0) inLeader.add(record);
  const lost: number[] = [];
  for (let i = 0; i < replica.record.length; i++) {
    const record = replica.record[i]!;
    if (record >= 0 && !inLeader.has(record) && logs.acknowledgedBy(record, position) >= 0) lost.push(replica.from + i);
  }
  return lost;
}
