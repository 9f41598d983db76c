// What the invariants know of the logs: per partition, each replica's batches folded from the trace, and who leads.
import type { Sym } from '../contract/events.ts';

/** The batches of one replica in order: columns by batch. */
export class ReplicaLog {
  readonly base: number[] = [];
  readonly count: number[] = [];
  readonly first: number[] = [];
  readonly digest: number[] = [];
  readonly producerId: number[] = [];
  readonly producerEpoch: number[] = [];
  readonly sequence: number[] = [];
  highWatermark = -1;

  end(): number {
    const n = this.base.length;
    return n === 0 ? 0 : this.base[n - 1]! + this.count[n - 1]!;
  }

  push(base: number, count: number, first: number, digest: number, producerId: number, producerEpoch: number, sequence: number): void {
    this.base.push(base);
    this.count.push(count);
    this.first.push(first);
    this.digest.push(digest);
    this.producerId.push(producerId);
    this.producerEpoch.push(producerEpoch);
    this.sequence.push(sequence);
  }

  truncateTo(offset: number): void {
    while (this.base.length > 0 && this.end() > offset) {
      for (const column of [this.base, this.count, this.first, this.digest, this.producerId, this.producerEpoch, this.sequence]) column.pop();
    }
  }

  /** Index of the batch that holds an offset, or -1. */
  indexOf(offset: number): number {
    let low = 0;
    let high = this.base.length - 1;
    while (low <= high) {
      const mid = (low + high) >>> 1;
      if (this.base[mid]! > offset) high = mid - 1;
      else if (this.base[mid]! + this.count[mid]! <= offset) low = mid + 1;
      else return mid;
    }
    return -1;
  }

  /** Record id at an offset; -1 = none. */
  recordAt(offset: number): number {
    const i = this.indexOf(offset);
    return i < 0 || this.first[i]! < 0 ? -1 : this.first[i]! + offset - this.base[i]!;
  }
}

export interface Acknowledged {
  readonly base: number;
  readonly count: number;
  readonly first: number;
  readonly acks: number;
  /** Size of the ISR when it was acknowledged. */
  readonly isrSize: number;
  broken: boolean;
}

export interface PartitionView {
  readonly topic: Sym;
  readonly partition: number;
  readonly replicas: Map<Sym, ReplicaLog>;
  /** The broker process that last took the lead; -1 = none yet. */
  leader: Sym;
  isrSize: number;
  /** Broker ids in sync, as the controller last committed. */
  isr: string;
  unclean: boolean;
  minIsr: number;
  readonly acknowledged: Acknowledged[];
  /** Record id that a consumer was handed, by offset; -1 = none. */
  readonly delivered: number[];
  /** Highest n-th send seen per producer and key, and the records seen: order of first occurrences. */
  highest: Map<string, number>;
  seen: Set<number>;
  /** Last sequence per producer id and epoch. */
  sequences: Map<string, number>;
}

export class Replicas {
  private readonly views = new Map<number, PartitionView>();
  readonly minIsrOf = new Map<Sym, number>();

  view(topic: Sym, partition: number): PartitionView {
    const key = topic * 4096 + partition;
    let view = this.views.get(key);
    if (!view) {
      view = {
        topic, partition, replicas: new Map(), leader: -1 as Sym, isrSize: 0, isr: '', unclean: false, minIsr: this.minIsrOf.get(topic) ?? 1, acknowledged: [], delivered: [], highest: new Map(), seen: new Set(), sequences: new Map(),
      };
      this.views.set(key, view);
    }
    return view;
  }

  log(view: PartitionView, broker: Sym): ReplicaLog {
    let log = view.replicas.get(broker);
    if (!log) view.replicas.set(broker, (log = new ReplicaLog()));
    return log;
  }

  all(): Iterable<PartitionView> {
    return this.views.values();
  }
}
