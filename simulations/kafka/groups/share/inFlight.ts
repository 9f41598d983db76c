// The records of a share partition that are in flight: what was fetched for the group and is not yet done with, as whole batches as long as all
// their records are in the same state, else record by record (Kafka SharePartition, InFlightBatch, InFlightState).
import type { Deadline } from '../../deadlines.ts';
import { isFinished, RECORD_TABLE, stateOfId, STATE_IDS, type RecordEvent, type RecordState } from './machine.ts';

/** The lock under which a member has records; one for all that it took at once. */
export interface Lock {
  readonly deadline: Deadline;
  readonly first: number;
  readonly last: number;
  /** Records that it still locks. */
  left: number;
  /** Whether its time is over. */
  over: boolean;
}

interface Before {
  readonly state: RecordState;
  readonly deliveryCount: number;
  readonly member: string;
}

export interface InFlight {
  state: RecordState;
  deliveryCount: number;
  /** Member that has it; '' = none. */
  member: string;
  lock: Lock | null;
  /** What it was before a change that is being written; null = none is. */
  before: Before | null;
}

/** What is written of a run of records. */
export interface StateBatch {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryState: number;
  readonly deliveryCount: number;
}

export interface Acquired {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly deliveryCount: number;
}

export class InFlightBatch {
  readonly first: number;
  readonly last: number;
  /** null = its records are told apart. */
  whole: InFlight | null;
  records: InFlight[] | null = null;

  constructor(first: number, last: number, whole: InFlight) {
    this.first = first;
    this.last = last;
    this.whole = whole;
  }

  at(offset: number): InFlight {
    return this.whole ?? this.records![offset - this.first]!;
  }

  split(): void {
    const { whole } = this;
    if (!whole) return;
    this.records = Array.from({ length: this.last - this.first + 1 }, () => ({ ...whole }));
    this.whole = null;
  }
}

export interface Run {
  readonly first: number;
  readonly last: number;
  readonly inFlight: InFlight;
}

export class InFlightRecords {
  /** In order of offset. */
  batches: InFlightBatch[] = [];
  /** SPSO: all before it is done with. */
  startOffset = 0;
  /** SPEO: the last offset fetched; with nothing in flight the next to fetch. */
  endOffset = 0;
  private mayFindEarlier = false;
  private readonly deliveryLimit: number;

  /** @param deliveryLimit group.share.delivery.count.limit. */
  constructor(deliveryLimit: number) {
    this.deliveryLimit = deliveryLimit;
  }

  /** From what the share coordinator kept. What lies between was only locked, of which nothing is kept: it is available, as if never delivered (KAFKA-18494). */
  restore(startOffset: number, states: readonly StateBatch[]): void {
    this.startOffset = startOffset;
    this.endOffset = startOffset;
    const put = (first: number, last: number, state: RecordState, deliveryCount: number) =>
      this.batches.push(new InFlightBatch(first, last, { state, deliveryCount, member: '', lock: null, before: null }));
    let next = startOffset;
    for (const s of states) {
      if (s.firstOffset > next) put(next, s.firstOffset - 1, 'AVAILABLE', 0);
      put(s.firstOffset, s.lastOffset, stateOfId(s.deliveryState), s.deliveryCount);
      next = s.lastOffset + 1;
    }
    const last = this.batches[this.batches.length - 1];
    if (!last) return;
    this.endOffset = last.last;
    this.mayFindEarlier = true;
    this.advance();
  }

  private get empty(): boolean {
    const last = this.batches[this.batches.length - 1];
    return !last || this.startOffset > last.last;
  }

  /** Where to fetch next: the first record that is available again, else what follows the last one fetched. */
  nextFetchOffset(): number {
    if (this.empty) {
      this.mayFindEarlier = false;
      return this.endOffset;
    }
    if (!this.mayFindEarlier) return this.endOffset + 1;
    for (const b of this.batches) {
      if (b.whole) {
        if (b.whole.state === 'AVAILABLE') return b.first;
        continue;
      }
      const at = b.records!.findIndex((r) => r.state === 'AVAILABLE');
      if (at >= 0) return b.first + at;
    }
    this.mayFindEarlier = false;
    return this.endOffset + 1;
  }

  /** Whether more may be fetched: what is available again always, new records while there are fewer in flight than the limit. */
  mayAcquire(limit: number): boolean {
    if (this.nextFetchOffset() !== this.endOffset + 1) return true;
    return (this.batches.length === 0 ? 0 : this.endOffset - this.startOffset + 1) < limit;
  }

  private floor(offset: number): number {
    let low = 0;
    let high = this.batches.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.batches[mid]!.first <= offset) low = mid + 1;
      else high = mid;
    }
    return low - 1;
  }

  /** Batches from the one at or before an offset, up to another. */
  private between(first: number, last: number): InFlightBatch[] {
    const from = Math.max(0, this.floor(first));
    return this.batches.slice(from, this.floor(last) + 1);
  }

  /** Takes what of a fetched range is available for a member. @param lockFor makes the lock of a run. */
  acquire(member: string, first: number, last: number, lockFor: (first: number, last: number) => Lock): Acquired[] {
    const floor = this.batches[this.floor(first)];
    const known = floor && floor.last >= first ? this.between(first, last) : this.batches.slice(this.floor(first) + 1, this.floor(last) + 1);
    if (known.length === 0) return [this.takeNew(member, first, last, lockFor)];
    const taken: Acquired[] = [];
    for (const b of known) {
      const full = b.first >= first && b.last <= last;
      if (b.whole && !takeable(b.whole)) continue;
      if (full && b.whole) {
        this.move(b.whole, 'ACQUIRED', member);
        b.whole.lock = lockFor(b.first, b.last);
        taken.push({ firstOffset: b.first, lastOffset: b.last, deliveryCount: b.whole.deliveryCount });
        continue;
      }
      b.split();
      for (let offset = Math.max(first, b.first); offset <= Math.min(last, b.last); offset++) {
        const record = b.at(offset);
        if (!takeable(record)) continue;
        this.move(record, 'ACQUIRED', member);
        record.lock = lockFor(offset, offset);
        taken.push({ firstOffset: offset, lastOffset: offset, deliveryCount: record.deliveryCount });
      }
    }
    const end = known[known.length - 1]!.last;
    if (end < last) taken.push(this.takeNew(member, end + 1, last, lockFor));
    return taken;
  }

  private takeNew(member: string, first: number, last: number, lockFor: (first: number, last: number) => Lock): Acquired {
    // The fetched batch may reach back over what is done with.
    const from = this.batches.length === 0 ? Math.max(first, this.endOffset) : first;
    const batch = new InFlightBatch(from, last, { state: 'ACQUIRED', deliveryCount: 1, member, lock: lockFor(from, last), before: null });
    this.batches.splice(this.floor(from) + 1, 0, batch);
    if (this.batches[0] === batch) this.startOffset = from;
    this.endOffset = last;
    return { firstOffset: from, lastOffset: last, deliveryCount: 1 };
  }

  /** @returns whether it could. One whose deliveries are used up is archived instead of released. */
  private move(record: InFlight, to: RecordState, member: string): boolean {
    const next = to === 'AVAILABLE' && record.deliveryCount >= this.deliveryLimit ? 'ARCHIVED' : to;
    if (RECORD_TABLE.next(record.state, EVENTS[next]) === null) return false;
    record.state = next;
    if (next === 'ACQUIRED') record.deliveryCount++;
    record.member = member;
    if (next === 'AVAILABLE') this.mayFindEarlier = true;
    return true;
  }

  /** A change that takes effect for good once it is written. */
  begin(run: Run, to: RecordState): boolean {
    const { inFlight } = run;
    const { state, deliveryCount, member } = inFlight;
    if (!this.move(inFlight, to, '')) return false;
    inFlight.before = { state, deliveryCount, member };
    return true;
  }

  /** At once, as when a lock is over. */
  change(run: Run, to: RecordState): boolean {
    return this.move(run.inFlight, to, '');
  }

  commit(runs: readonly Run[]): void {
    for (const { inFlight } of runs) inFlight.before = null;
  }

  rollBack(runs: readonly Run[]): void {
    for (const { inFlight } of runs) {
      Object.assign(inFlight, inFlight.before);
      inFlight.before = null;
    }
  }

  /** The batches in which a range lies. @returns why it cannot be acknowledged. */
  find(first: number, last: number): readonly InFlightBatch[] | 'notFound' | 'pastEnd' {
    const inside = first < this.startOffset && last >= this.startOffset;
    const at = this.floor(first) >= 0 ? first : this.startOffset;
    if (this.floor(first) < 0 && (!inside || this.floor(at) < 0)) return 'notFound';
    const found = this.between(at, last);
    const end = found[found.length - 1];
    return !end || end.last < last ? 'pastEnd' : found;
  }

  /** Runs of a batch within a range: one where all are in the same state, else one per record. A batch that the start has moved into is told apart. */
  runs(b: InFlightBatch, first: number, last: number, apart: boolean): Run[] {
    if (apart || b.first < first || b.last > last || (b.first < this.startOffset && b.last >= this.startOffset)) b.split();
    if (b.whole) return [{ first: b.first, last: b.last, inFlight: b.whole }];
    const runs: Run[] = [];
    for (let offset = Math.max(first, b.first); offset <= Math.min(last, b.last); offset++) runs.push({ first: offset, last: offset, inFlight: b.at(offset) });
    return runs;
  }

  /** All that a member has. */
  heldBy(member: string): Run[] {
    return this.acquired((r) => r.member === member, this.startOffset, this.endOffset);
  }

  under(lock: Lock): Run[] {
    return this.acquired((r) => r.lock === lock, lock.first, lock.last);
  }

  private acquired(wanted: (record: InFlight) => boolean, first: number, last: number): Run[] {
    const found: Run[] = [];
    for (const b of this.batches) {
      if (b.last < first || b.first > last || (b.whole && !(b.whole.state === 'ACQUIRED' && wanted(b.whole)))) continue;
      for (const run of this.runs(b, b.first, b.last, false)) if (run.inFlight.state === 'ACQUIRED' && wanted(run.inFlight)) found.push(run);
    }
    return found;
  }

  /** Moves the start over all that is done with, and forgets it, batch by batch. @returns whether it moved. */
  advance(): boolean {
    const was = this.startOffset;
    let done = -1;
    for (const b of this.batches) {
      const open = b.whole ? (isFinished(b.whole.state) ? -1 : 0) : b.records!.findIndex((r, i) => b.first + i >= this.startOffset && !isFinished(r.state));
      done = open < 0 ? b.last : b.first + open - 1;
      if (open >= 0) break;
    }
    if (this.batches.length === 0 || done < this.startOffset) return false;
    const last = this.batches[this.batches.length - 1]!;
    if (done === last.last) {
      this.startOffset = this.endOffset = done + 1;
      this.batches = [];
    } else {
      const next = this.batches.find((b) => b.last > done)!;
      this.startOffset = Math.max(next.first, done + 1);
      this.batches = this.batches.filter((b) => b.last > done);
    }
    return this.startOffset !== was;
  }

  /** The log now begins later: what was available before that is archived. @returns the runs that were. */
  logStartMoved(logStartOffset: number): Run[] {
    if (logStartOffset <= this.startOffset) return [];
    const archived: Run[] = [];
    for (const b of this.batches) {
      if (b.first >= logStartOffset || (b.whole && !takeable(b.whole))) continue;
      for (const run of this.runs(b, Math.max(b.first, this.startOffset), logStartOffset - 1, false)) if (takeable(run.inFlight) && this.change(run, 'ARCHIVED')) archived.push(run);
    }
    this.startOffset = logStartOffset;
    this.endOffset = Math.max(this.endOffset, logStartOffset);
    if (archived.length > 0) this.mayFindEarlier = true;
    return archived;
  }

  /** Number of records in flight. */
  get size(): number {
    return this.batches.length === 0 ? 0 : this.endOffset - this.startOffset + 1;
  }
}

const EVENTS: Readonly<Record<RecordState, RecordEvent>> = { ACQUIRED: 'acquire', ACKNOWLEDGED: 'accept', AVAILABLE: 'release', ARCHIVED: 'archive' };

function takeable(record: InFlight): boolean {
  return record.state === 'AVAILABLE' && record.before === null;
}

export function stateBatch(run: Run): StateBatch {
  return { firstOffset: run.first, lastOffset: run.last, deliveryState: STATE_IDS[run.inFlight.state], deliveryCount: run.inFlight.deliveryCount };
}
