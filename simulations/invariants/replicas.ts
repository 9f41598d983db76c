// What the invariants know of the logs: per partition, each replica's batches folded from the trace, and who leads.
import type { Sym } from '../contract/events.ts';
import { Places, Sequences } from './order.ts';
import { RowPool, Rows } from './rows.ts';

/** What is kept of a batch. */
const BASE = 0;
const COUNT = 1;
const FIRST = 2;
const DIGEST = 3;
const PRODUCER = 4;
const EPOCH = 5;
const SEQUENCE = 6;

/** The batches of one replica in order. */
export class ReplicaLog extends Rows {
  highWatermark = -1;
  /** A loss of power took its end, and it has not led since. */
  tailLost = false;
  /** First offset that the replica has not given up. */
  logStart = 0;

  /** Offset of the first record of the i-th batch. */
  base(i: number): number {
    return this.pool.numbers[this.at(i) + BASE]!;
  }

  count(i: number): number {
    return this.pool.numbers[this.at(i) + COUNT]!;
  }

  /** Id of its first record in the record table; -1 = none. */
  first(i: number): number {
    return this.pool.numbers[this.at(i) + FIRST]!;
  }

  digest(i: number): number {
    return this.pool.numbers[this.at(i) + DIGEST]!;
  }

  producerId(i: number): number {
    return this.pool.numbers[this.at(i) + PRODUCER]!;
  }

  producerEpoch(i: number): number {
    return this.pool.numbers[this.at(i) + EPOCH]!;
  }

  sequence(i: number): number {
    return this.pool.numbers[this.at(i) + SEQUENCE]!;
  }

  end(): number {
    const n = this.length;
    return n === 0 ? 0 : this.base(n - 1) + this.count(n - 1);
  }

  push(base: number, count: number, first: number, digest: number, producerId: number, producerEpoch: number, sequence: number): void {
    const at = this.add();
    const rows = this.pool.numbers;
    rows[at + BASE] = base;
    rows[at + COUNT] = count;
    rows[at + FIRST] = first;
    rows[at + DIGEST] = digest;
    rows[at + PRODUCER] = producerId;
    rows[at + EPOCH] = producerEpoch;
    rows[at + SEQUENCE] = sequence;
  }

  /** As `push`, for a batch that another replica has: the same one takes no room of its own. @param i where it stands there; -1 = nowhere. */
  follow(lead: ReplicaLog, i: number, base: number, count: number, first: number, digest: number, producerId: number, producerEpoch: number, sequence: number): void {
    const rows = this.pool.numbers;
    const at = i < 0 ? -1 : lead.at(i);
    if (
      at >= 0 &&
      rows[at + BASE] === base &&
      rows[at + COUNT] === count &&
      rows[at + FIRST] === first &&
      rows[at + DIGEST] === digest &&
      rows[at + PRODUCER] === producerId &&
      rows[at + EPOCH] === producerEpoch &&
      rows[at + SEQUENCE] === sequence
    )
      this.share(lead, i);
    else this.push(base, count, first, digest, producerId, producerEpoch, sequence);
  }

  truncateTo(offset: number): void {
    let { length } = this;
    while (length > 0 && this.base(length - 1) + this.count(length - 1) > offset) length--;
    this.shorten(length);
  }

  /** A loss of power took the end. */
  loseTail(offset: number): void {
    this.truncateTo(offset);
    this.tailLost = true;
  }

  /** Whether its end was lost since this was last asked. */
  takeTailLost(): boolean {
    const { tailLost } = this;
    this.tailLost = false;
    return tailLost;
  }

  /** Everything is gone, and the next batch stands at an offset or later. */
  beginAnew(offset: number): void {
    this.shorten(0);
    this.highWatermark = offset;
  }

  /** Index of the batch that holds an offset, or -1. What is asked for mostly stands near the end: the search begins there, in steps that double. */
  indexOf(offset: number): number {
    let high = this.length - 1;
    let low = Math.max(0, high);
    for (let step = 1; low > 0 && this.base(low) > offset; step *= 2) {
      high = low - 1;
      low = Math.max(0, low - step);
    }
    while (low <= high) {
      const mid = (low + high) >>> 1;
      if (this.base(mid) > offset) high = mid - 1;
      else if (this.base(mid) + this.count(mid) <= offset) low = mid + 1;
      else return mid;
    }
    return -1;
  }

  /** Index of the first batch that begins at an offset or later. */
  firstFrom(offset: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (this.base(mid) < offset) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** Record id at an offset; -1 = none. */
  recordAt(offset: number): number {
    const i = this.indexOf(offset);
    return i < 0 || this.first(i) < 0 ? -1 : this.first(i) + offset - this.base(i);
  }
}

/** A batch that a producer was told is stored. */
export interface Acknowledged {
  readonly base: number;
  readonly first: number;
  readonly acks: number;
  /** Size of the ISR when it was acknowledged. */
  readonly isrSize: number;
  /** min.insync.replicas when it was acknowledged. */
  readonly minIsr: number;
}

/** What was acknowledged in a partition, in the order in which producers heard of it. */
export class Acknowledgements extends Rows {
  push({ base, first, acks, isrSize, minIsr }: Acknowledged): number {
    const at = this.add();
    const rows = this.pool.numbers;
    rows[at] = base;
    rows[at + 1] = first;
    rows[at + 2] = acks;
    rows[at + 3] = isrSize;
    rows[at + 4] = minIsr;
    rows[at + 5] = 0;
    return this.length - 1;
  }

  get(i: number): Acknowledged {
    const at = this.at(i);
    const rows = this.pool.numbers;
    return { base: rows[at]!, first: rows[at + 1]!, acks: rows[at + 2]!, isrSize: rows[at + 3]!, minIsr: rows[at + 4]! };
  }

  /** Whether it was found to be lost. */
  broken(i: number): boolean {
    return this.pool.numbers[this.at(i) + 5] === 1;
  }

  break(i: number): void {
    this.pool.numbers[this.at(i) + 5] = 1;
  }
}

export interface PartitionView {
  readonly topic: Sym;
  readonly partition: number;
  /** By the broker's process. */
  readonly replicas: (ReplicaLog | undefined)[];
  /** The broker process that last took the lead; -1 = none yet. */
  leader: Sym;
  isrSize: number;
  /** Broker ids in sync, as the controller last committed. */
  isr: string;
  /** A replica that was out of sync has led. */
  unclean: boolean;
  /** The replica that led last has deleted its log; it counts until another leads. */
  leaderDropped: boolean;
  /** Whether a replica has moved its start or was compacted. */
  cleaned: boolean;
  /** Below it, some replica was compacted: records may be gone. */
  compactedTo: number;
  /** Whether a loss of power took the end of a replica. */
  powerLost: boolean;
  readonly acknowledged: Acknowledgements;
  /** Record id that a consumer was handed, by offset; -1 = none. */
  readonly delivered: number[];
  /** Marks the records seen in the log of the present leader: a number of its own per partition and leader. */
  stamp: number;
}

/**
 * Compares a follower's log with its leader's batch by batch, below an offset.
 * @returns the offset of the first batch that differs or is missing; -1 = none.
 */
export function firstDifference(view: PartitionView, lead: ReplicaLog, log: ReplicaLog, endOffset: number): number {
  if (lead.length === 0 || log.length === 0) return -1;
  // A replica that began anew later than the other has none of its first batches.
  let at = Math.max(0, lead.indexOf(log.base(0)));
  for (let i = Math.max(0, log.indexOf(lead.base(0))); i < log.length && log.base(i) < endOffset; i++, at++) {
    const base = log.base(i);
    if (base < view.compactedTo) {
      if (!agreesCompacted(lead, log, i)) return base;
      // What follows on the compacted part is compared from the leader's first batch there.
      at = lead.firstFrom(view.compactedTo) - 1;
    } else if (at >= lead.length || lead.base(at) !== base || lead.digest(at) !== log.digest(i)) return base;
  }
  return -1;
}

/** Each replica is compacted by itself: a record that one has and the other has not was of an older value. */
function agreesCompacted(lead: ReplicaLog, log: ReplicaLog, i: number): boolean {
  const there = lead.recordAt(log.base(i));
  return there < 0 || log.first(i) < 0 || there === log.first(i);
}

export class Replicas {
  private readonly views: (PartitionView[] | undefined)[] = [];
  private readonly pool = new RowPool();
  private stamps = 0;
  /** By process and producer id. */
  private readonly places: (Map<number, Places> | undefined)[] = [];
  private readonly retired = new Set<number>();
  private readonly sequences = new Map<number, Sequences>();
  /** Stamp under which each record was last seen. */
  private seen = new Int32Array(1024);

  view(topic: Sym, partition: number): PartitionView {
    const list = (this.views[topic] ??= []);
    let view = list[partition];
    if (!view) {
      view = {
        topic,
        partition,
        replicas: [],
        leader: -1 as Sym,
        isrSize: 0,
        isr: '',
        unclean: false,
        leaderDropped: false,
        cleaned: false,
        compactedTo: 0,
        powerLost: false,
        acknowledged: new Acknowledgements(this.pool),
        delivered: [],
        stamp: ++this.stamps,
      };
      list[partition] = view;
    }
    return view;
  }

  log(view: PartitionView, broker: Sym): ReplicaLog {
    return (view.replicas[broker] ??= new ReplicaLog(this.pool));
  }

  /** A broker deleted its log of a partition. */
  drop(view: PartitionView, broker: Sym): void {
    if (view.leader === broker) view.leaderDropped = true;
    else view.replicas[broker] = undefined;
  }

  /** A topic was deleted, or one of its name is new: what is known of it is of another. */
  dropTopic(topic: Sym): void {
    this.views[topic] = undefined;
  }

  /** The log that counts is another replica's now: order and sequences are read from it afresh. */
  forget(view: PartitionView): void {
    this.retired.add(view.stamp);
    for (const ofProcess of this.places) if (ofProcess) for (const places of ofProcess.values()) places.forget(view.stamp);
    view.stamp = ++this.stamps;
  }

  /** A process may have several producers, as a task manager has its sinks: those with a producer id are told apart by it. Two processes may have one id, too: one after the other, fenced. */
  placesOf(producer: Sym, producerId: number): Places {
    const byId = (this.places[producer] ??= new Map<number, Places>());
    let places = byId.get(producerId);
    if (!places) byId.set(producerId, (places = new Places(this.retired)));
    return places;
  }

  sequencesOf(producerId: number): Sequences {
    let sequences = this.sequences.get(producerId);
    if (!sequences) this.sequences.set(producerId, (sequences = new Sequences()));
    return sequences;
  }

  /** Marks a record as seen in a partition. @returns false when it was already. */
  firstSight(view: PartitionView, record: number): boolean {
    if (record >= this.seen.length) {
      const grown = new Int32Array(Math.max(record + 1, this.seen.length * 2));
      grown.set(this.seen);
      this.seen = grown;
    }
    if (this.seen[record] === view.stamp) return false;
    this.seen[record] = view.stamp;
    return true;
  }

  *all(): Iterable<PartitionView> {
    for (const list of this.views) if (list) for (const view of list) if (view) yield view;
  }
}
