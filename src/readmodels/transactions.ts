// The transactions of each partition as its leader's log tells them: where each began, where its marker stands, and how far a
// read_committed consumer may read. Followers hold the same batches at the same offsets, so one list serves all replicas.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { partitionKey } from './cluster.ts';
import { columns } from './columns.ts';
import type { Logs, LogWindow } from './logs.ts';

export interface Transaction {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly state: 'open' | 'committed' | 'aborted';
  /** Offset of its marker; -1 = undecided. */
  readonly markerOffset: number;
}

export interface Marker {
  readonly offset: number;
  readonly kind: 'commit' | 'abort';
  readonly producerId: number;
}

/** What stands in a cell of a log: how far its transaction is, or that compaction has taken it. */
export const CELL = { plain: 0, open: 1, aborted: 2, commitMarker: 3, abortMarker: 4, compacted: 5 } as const;

export interface PartitionTransactions {
  /** In order of their first offset. */
  readonly transactions: readonly Transaction[];
  readonly markers: readonly Marker[];
}

export interface Transactions {
  /** What the leader's log holds after the first `position` events, of what reaches into offsets `from` to `to - 1`; everything unless told. */
  at(partition: { topic: number; partition: number }, position: number, from?: number, to?: number): PartitionTransactions;
  extend(): void;
}

interface Told {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly openedBy: number;
  markerOffset: number;
  aborted: boolean;
  endedBy: number;
  /** The election that left it out: its leader begins below it. */
  voidedBy: number;
}

interface ToldMarker extends Marker {
  readonly writtenBy: number;
  voidedBy: number;
}

const OPENED = columns('kafka.transactionOpened');
const WRITTEN = columns('transaction.markerWritten');
const ROLE = columns('kafka.roleTaken');
const NEVER = Infinity;
const NOTHING: PartitionTransactions = { transactions: [], markers: [] };

export function createTransactions(store: TraceStore): Transactions {
  const told = new Map<number, { readonly transactions: Told[]; readonly markers: ToldMarker[] }>();
  let seen = 0;

  function of(topic: number, partition: number): { readonly transactions: Told[]; readonly markers: ToldMarker[] } {
    const key = partitionKey(topic, partition);
    let found = told.get(key);
    if (!found) told.set(key, (found = { transactions: [], markers: [] }));
    return found;
  }

  function extend(): void {
    for (; seen < store.count; seen++) {
      const type = store.typeNumberAt(seen);
      if (type === TYPE_OF['kafka.transactionOpened']) {
        of(store.value(seen, OPENED.topic), store.value(seen, OPENED.partition)).transactions.push({
          producerId: store.value(seen, OPENED.producerId),
          firstOffset: store.value(seen, OPENED.firstOffset),
          openedBy: seen,
          markerOffset: -1,
          aborted: false,
          endedBy: NEVER,
          voidedBy: NEVER,
        });
      } else if (type === TYPE_OF['transaction.markerWritten']) ended(seen);
      else if (type === TYPE_OF['kafka.roleTaken'] && store.texts[store.value(seen, ROLE.role)] === 'leader') led(seen);
    }
  }

  function ended(seq: number): void {
    const { transactions, markers } = of(store.value(seq, WRITTEN.topic), store.value(seq, WRITTEN.partition));
    const offset = store.value(seq, WRITTEN.offset);
    const producerId = store.value(seq, WRITTEN.producerId);
    const aborted = store.texts[store.value(seq, WRITTEN.marker)] === 'ABORT';
    markers.push({ offset, kind: aborted ? 'abort' : 'commit', producerId, writtenBy: seq, voidedBy: NEVER });
    const open = transactions.findLast((t) => t.producerId === producerId && t.endedBy === NEVER && t.voidedBy === NEVER);
    // A marker may close a transaction that had written nothing here.
    if (open) Object.assign(open, { markerOffset: offset, aborted, endedBy: seq } satisfies Partial<Told>);
  }

  /** A leader begins with the log it has: what stood beyond its end in another leader's log is not in it. */
  function led(seq: number): void {
    const found = told.get(partitionKey(store.value(seq, ROLE.topic), store.value(seq, ROLE.partition)));
    if (!found) return;
    const end = store.value(seq, ROLE.logEndOffset);
    for (const t of found.transactions.slice()) {
      if (t.voidedBy !== NEVER) continue;
      if (t.firstOffset >= end) t.voidedBy = seq;
      else if (t.markerOffset >= end) {
        t.voidedBy = seq;
        found.transactions.push({ ...t, openedBy: seq, markerOffset: -1, aborted: false, endedBy: NEVER, voidedBy: NEVER });
      }
    }
    for (const m of found.markers) if (m.voidedBy === NEVER && m.offset >= end) m.voidedBy = seq;
  }

  return {
    extend,
    at({ topic, partition }, position, from = 0, to = Infinity) {
      const found = told.get(partitionKey(topic, partition));
      if (!found) return NOTHING;
      const stands = (by: number, voidedBy: number) => by < position && voidedBy >= position;
      const transactions = found.transactions
        .filter((t) => stands(t.openedBy, t.voidedBy) && t.firstOffset < to && (t.endedBy >= position || t.markerOffset >= from))
        .map((t): Transaction => {
          const isOpen = t.endedBy >= position;
          return { producerId: t.producerId, firstOffset: t.firstOffset, state: isOpen ? 'open' : t.aborted ? 'aborted' : 'committed', markerOffset: isOpen ? -1 : t.markerOffset };
        })
        .sort((a, b) => a.firstOffset - b.firstOffset);
      return { transactions, markers: found.markers.filter((m) => stands(m.writtenBy, m.voidedBy) && m.offset >= from && m.offset < to) };
    },
  };
}

/**
 * The offset up to which a read_committed consumer may read: the first offset of the earliest transaction that is undecided, or whose
 * marker is not below the high watermark; without one, the high watermark (UnifiedLog.fetchLastStableOffsetMetadata). What ended before
 * the high watermark plays no part: transactions that reach beyond it are enough.
 */
export function lastStableOffset({ transactions }: PartitionTransactions, { highWatermark, logStartOffset }: { readonly highWatermark: number; readonly logStartOffset: number }): number {
  const first = holding(transactions, highWatermark)?.firstOffset ?? highWatermark;
  return first >= highWatermark ? highWatermark : Math.max(first, logStartOffset);
}

/** The transaction that holds the last stable offset back; undefined when none does. @param transactions in order of their first offset. */
export function holding(transactions: readonly Transaction[], highWatermark: number): Transaction | undefined {
  const first = transactions.find((t) => t.state === 'open' || t.markerOffset >= highWatermark);
  return first && first.firstOffset < highWatermark ? first : undefined;
}

/** What each cell of a stretch of a replica's log is: one of `CELL`. */
export function cellsOf(logs: Pick<Logs, 'batch'>, window: LogWindow, { transactions, markers }: PartitionTransactions): Uint8Array {
  const cells = new Uint8Array(window.record.length);
  for (const t of transactions) {
    if (t.state === 'committed') continue;
    const end = t.state === 'open' ? window.to : Math.min(window.to, t.markerOffset);
    for (let at = Math.max(0, t.firstOffset - window.from); at < end - window.from; at++) {
      const seq = window.appendedBy[at]!;
      if (seq >= 0 && logs.batch(seq).producerId === t.producerId) cells[at] = t.state === 'open' ? CELL.open : CELL.aborted;
    }
  }
  for (const m of markers) if (m.offset >= window.from && m.offset < window.to) cells[m.offset - window.from] = m.kind === 'commit' ? CELL.commitMarker : CELL.abortMarker;
  return cells;
}
