// What the invariants know of the order in which producers send: per producer, by the stamp of the partition and its leader.
import type { PartitionView } from './replicas.ts';

/**
 * The highest n-th send seen of each key of one producer, by partition. A key mostly stands in one partition: what is known of it there lies at the
 * key's number, and only what is known of it in others in tables of their own.
 */
export class Places {
  /** Stamp of the partition that has the place of a key, and the place. */
  private readonly stamps: number[] = [];
  private readonly places: number[] = [];
  private readonly elsewhere = new Map<number, Map<number, number>>();
  private readonly retired: ReadonlySet<number>;

  /** @param retired stamps under which nothing is true any longer. */
  constructor(retired: ReadonlySet<number>) {
    this.retired = retired;
  }

  /** 0 = none. */
  of(view: PartitionView, key: number): number {
    return (this.stamps[key] === view.stamp ? this.places[key] : this.elsewhere.get(view.stamp)?.get(key)) ?? 0;
  }

  note(view: PartitionView, key: number, place: number): void {
    const { stamp } = view;
    const holder = this.stamps[key];
    if (holder === stamp || holder === undefined || this.retired.has(holder)) {
      this.stamps[key] = stamp;
      this.places[key] = place;
      return;
    }
    let table = this.elsewhere.get(stamp);
    if (!table) this.elsewhere.set(stamp, (table = new Map()));
    table.set(key, place);
  }

  /** A stamp is among the retired now. */
  forget(stamp: number): void {
    this.elsewhere.delete(stamp);
  }
}

/** The last sequence number of one producer id in each partition's leading log, by the partition's stamp. */
export class Sequences {
  private readonly epochs: number[] = [];
  private readonly lasts: number[] = [];

  /** -1 = none of this epoch. */
  last(view: PartitionView, epoch: number): number {
    return this.epochs[view.stamp] === epoch ? this.lasts[view.stamp]! : -1;
  }

  note(view: PartitionView, epoch: number, last: number): void {
    this.epochs[view.stamp] = epoch;
    this.lasts[view.stamp] = last;
  }
}
