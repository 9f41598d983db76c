// What readers get to see of transactions: with read_committed only what was committed, and nobody the markers.
import type { Sym } from '../contract/events.ts';
import type { Judge } from './judge.ts';
import type { PartitionView } from './replicas.ts';

interface Ended {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly markerOffset: number;
  readonly aborted: boolean;
}

/** Transactions of one partition as its leader has told of them. */
class Transactions {
  private readonly producers = new Set<number>();
  /** First offset by producer id. */
  readonly open = new Map<number, number>();
  /** In the order of their markers. */
  readonly ended: Ended[] = [];

  opened(producerId: number, firstOffset: number): void {
    this.open.set(producerId, firstOffset);
    this.producers.add(producerId);
  }

  marker(producerId: number, markerOffset: number, aborted: boolean): void {
    this.ended.push({ producerId, firstOffset: this.open.get(producerId) ?? markerOffset, markerOffset, aborted });
    this.open.delete(producerId);
  }

  /** A leader's log ends here: what it does not have has not happened. */
  truncateTo(logEndOffset: number): void {
    for (let last = this.ended.at(-1); last && last.markerOffset >= logEndOffset; last = this.ended.at(-1)) {
      this.ended.pop();
      this.open.set(last.producerId, last.firstOffset);
    }
    for (const [producerId, firstOffset] of this.open) if (firstOffset >= logEndOffset) this.open.delete(producerId);
  }

  /** Index of the first that ended at or after an offset. */
  private from(offset: number): number {
    let low = 0;
    let high = this.ended.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.ended[mid]!.markerOffset < offset) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** A marker among some offsets; -1 = none. */
  markerIn(offset: number, end: number): number {
    const next = this.ended[this.from(offset)];
    return next && next.markerOffset < end ? next.markerOffset : -1;
  }

  /** Whether a batch belongs to a transaction that is open or was aborted. */
  uncommitted(producerId: number, offset: number): boolean {
    if (!this.producers.has(producerId)) return false;
    for (let i = this.from(offset); i < this.ended.length; i++) {
      const e = this.ended[i]!;
      if (e.producerId === producerId && e.firstOffset <= offset) return e.aborted;
    }
    return offset >= (this.open.get(producerId) ?? Infinity);
  }
}

export function watchTransactions({ kernel, replicas, tally, violated, lossCondition }: Judge): void {
  const { trace } = kernel;
  const committedOnly = tally('read-committed');
  const hidden = tally('markers-hidden');
  const byView = new Map<PartitionView, Transactions>();
  /** Consumers, by process and group, that read only what is committed. */
  const careful = new Set<string>();

  const of = (topic: Sym, partition: number): Transactions => {
    const view = replicas.view(topic, partition);
    let t = byView.get(view);
    if (!t) byView.set(view, (t = new Transactions()));
    return t;
  };

  trace.watch('kafka.transactionOpened', (values, _seq, _time, process) => {
    if (leads(replicas.view(values[0]! as Sym, values[1]!), process)) of(values[0]! as Sym, values[1]!).opened(values[3]!, values[2]!);
  });
  trace.watch('transaction.markerWritten', (values, _seq, _time, process) => {
    if (leads(replicas.view(values[0]! as Sym, values[1]!), process)) of(values[0]! as Sym, values[1]!).marker(values[4]!, values[3]!, trace.text(values[2]! as Sym) === 'ABORT');
  });
  trace.watch('kafka.roleTaken', (values) => {
    if (byView.size === 0 || trace.text(values[2]! as Sym) !== 'leader') return;
    byView.get(replicas.view(values[0]! as Sym, values[1]!))?.truncateTo(values[5]!);
  });
  trace.watch('consumer.metTransaction', (values, _seq, _time, process) => {
    const key = `${process}/${values[0]!}`;
    if (trace.text(values[3]! as Sym) === 'read_committed') careful.add(key);
    else careful.delete(key);
  });

  trace.watch('consumer.delivered', (values, seq, _time, process) => {
    if (byView.size === 0) return;
    const view = replicas.view(values[1]! as Sym, values[2]!);
    const transactions = byView.get(view);
    if (!transactions) return;
    const base = values[3]!;
    const end = base + values[5]!;
    hidden.tested++;
    const marker = transactions.markerIn(base, end);
    if (marker >= 0) violated('markers-hidden', seq, lossCondition(view), { view, offset: marker, subject: process });
    if (view.leader < 0 || !careful.has(`${process}/${values[0]!}`)) return;
    committedOnly.tested++;
    const log = replicas.log(view, view.leader);
    for (let i = log.indexOf(base); i >= 0 && i < log.length && log.base(i) < end; i++) {
      const producerId = log.producerId(i);
      const offset = Math.max(base, log.base(i));
      if (producerId < 0 || !transactions.uncommitted(producerId, offset)) continue;
      violated('read-committed', seq, lossCondition(view), { view, offset, subject: process, record: log.recordAt(offset) });
      return;
    }
  });
}

/** Whether a broker's word counts: it leads as far as the trace has told, or nobody does yet. */
function leads(view: PartitionView, process: Sym): boolean {
  return view.leader < 0 || view.leader === process;
}
