// One partition as one share group reads it, in the memory of the partition's leader: locks on records, what members say of them, and the write
// of every change to the share coordinator (Kafka SharePartition, KIP-932).
import type { Broker } from '../../broker/broker.ts';
import { offsetForTimestamp } from '../../broker/listOffsets.ts';
import type { Partition } from '../../broker/partition.ts';
import { groupMs, shareReset } from '../../metadata/groupConfigs.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { AcknowledgementBatch } from '../../protocol/groupMessages.ts';
import { InFlightRecords, stateBatch, type Acquired, type InFlightBatch, type Lock, type Run, type StateBatch } from './inFlight.ts';
import type { RecordState } from './machine.ts';
import { keyText } from './home.ts';
import type { Kept, Persister } from './persister.ts';
import { untoldIn, type Said } from './untold.ts';

/** What a member may say of a record (Kafka AcknowledgeType): 0 there is none at this offset, 1 accept, 2 release, 3 reject. */
const SAID: readonly RecordState[] = ['ARCHIVED', 'ACKNOWLEDGED', 'AVAILABLE', 'ARCHIVED'];
const REJECT = 3;

type Why = 'released' | 'lockTimeout' | 'sessionClosed';

export class SharePartition {
  readonly group: string;
  readonly topicId: string;
  readonly partition: Partition;
  readonly records: InFlightRecords;
  state: 'initialising' | 'active' | 'fenced' = 'initialising';
  /** Parked fetches to be tried again when something is available. */
  readonly waiting = new Set<() => void>();
  private readonly broker: Broker;
  private readonly persister: Persister;
  private readonly leaderEpoch: number;
  private stateEpoch = 0;
  /** Process of each member seen, for the trace. */
  private readonly clients = new Map<string, string>();

  constructor(options: { broker: Broker; persister: Persister; group: string; topicId: string; partition: Partition }) {
    this.broker = options.broker;
    this.persister = options.persister;
    this.group = options.group;
    this.topicId = options.topicId;
    this.partition = options.partition;
    this.leaderEpoch = this.partition.state.leaderEpoch;
    this.records = new InFlightRecords(this.broker.config.groupShareDeliveryCountLimit);
  }

  private get key() {
    return { group: this.group, topicId: this.topicId, partition: this.partition.index };
  }

  /** Reads what the share coordinator keeps of it. @param failed takes the error. */
  initialise(failed: (error: number) => void): void {
    this.persister.read(this.key, this.leaderEpoch, (error, kept) => {
      if (this.state !== 'initialising') return;
      if (error !== 0 || !kept) return failed(error);
      this.stateEpoch = kept.stateEpoch;
      const start = kept.startOffset >= 0 ? kept.startOffset : this.resetOffset();
      if (start === null) return failed(ERR.OFFSET_NOT_AVAILABLE);
      this.tellUntold(kept);
      this.records.restore(start, kept.stateBatches);
      this.state = 'active';
      this.wake();
    });
  }

  /** share.auto.offset.reset: where a group begins that has never read from the partition; null = no record is as young as was asked for. */
  private resetOffset(): number | null {
    const { log, highWatermark } = this.partition;
    const reset = shareReset(this.broker.image, this.broker.config, this.group);
    if (reset === 'earliest') return log.logStartOffset;
    if (reset === 'latest') return highWatermark;
    const found = offsetForTimestamp(log, log.nowMs - reset, this.broker.kernel.trace.records);
    return found && found.offset < highWatermark ? found.offset : null;
  }

  /** This broker no longer leads the partition: what is in flight is forgotten here. */
  fence(): void {
    this.state = 'fenced';
    this.wake();
  }

  wake(): void {
    for (const retry of [...this.waiting]) retry();
  }

  /* ---- fetching ---- */

  /** Whether there is something for a fetch to take. */
  get due(): boolean {
    if (this.state !== 'active') return false;
    this.followLogStart();
    return this.records.mayAcquire(this.broker.config.groupSharePartitionMaxRecordLocks) && this.records.nextFetchOffset() < this.partition.highWatermark;
  }

  private followLogStart(): void {
    const { logStartOffset } = this.partition.log;
    // As a fetch below the start of the log finds out (OFFSET_OUT_OF_RANGE).
    if (this.records.nextFetchOffset() < logStartOffset) this.tellRuns('archived', 'logStart', this.records.logStartMoved(logStartOffset));
  }

  acquire(member: string, client: string, first: number, last: number): Acquired[] {
    this.clients.set(member, client);
    const until = groupMs(this.broker.image, this.broker.config, this.group, 'share.record.lock.duration.ms');
    const lockFor = (from: number, to: number): Lock => {
      const lock: Lock = { deadline: this.broker.coordinator.deadlines.make(() => this.lockOver(lock)), first: from, last: to, left: to - from + 1, over: false };
      this.broker.coordinator.deadlines.set(lock.deadline, until);
      return lock;
    };
    const taken = this.records.acquire(member, first, last, lockFor);
    const { kernel: k, process } = this.broker;
    for (const run of joined(taken)) {
      k.cause = k.trace.emit(
        'share.acquired',
        process.sym,
        k.cause,
        k.trace.sym(this.group),
        this.partition.topicSym,
        this.partition.index,
        run.firstOffset,
        run.lastOffset,
        k.trace.sym(member),
        k.trace.sym(client),
        run.deliveryCount,
      );
    }
    return taken;
  }

  /* ---- acknowledging ---- */

  /** All batches take effect, once they are written, or none. @param done takes the error. */
  acknowledge(member: string, batches: readonly AcknowledgementBatch[], done: (error: number) => void): void {
    const changed: { run: Run; said: number }[] = [];
    for (const batch of batches) {
      const error = this.acknowledgeBatch(member, batch, changed);
      if (error === 0) continue;
      this.records.rollBack(changed.map((c) => c.run));
      return done(error);
    }
    this.write(changed, 'released', done);
  }

  private acknowledgeBatch(member: string, batch: AcknowledgementBatch, changed: { run: Run; said: number }[]): number {
    const { firstOffset, lastOffset, acknowledgeTypes } = batch;
    if (lastOffset < this.records.startOffset) return 0;
    const found = this.records.find(firstOffset, lastOffset);
    if (found === 'notFound') return ERR.INVALID_RECORD_STATE;
    if (found === 'pastEnd') return ERR.INVALID_REQUEST;
    for (const b of found) {
      if (b.last < this.records.startOffset) continue;
      if (b.whole && (b.whole.state !== 'ACQUIRED' || b.whole.member !== member)) return ERR.INVALID_RECORD_STATE;
      for (const run of this.runsOf(b, batch)) {
        if (run.inFlight.state !== 'ACQUIRED' || run.inFlight.member !== member) return ERR.INVALID_RECORD_STATE;
        const said = acknowledgeTypes.length > 1 ? acknowledgeTypes[run.first - firstOffset]! : acknowledgeTypes[0]!;
        if (!this.records.begin(run, SAID[said]!)) return ERR.INVALID_RECORD_STATE;
        changed.push({ run, said });
      }
    }
    return 0;
  }

  private runsOf(b: InFlightBatch, batch: AcknowledgementBatch): Run[] {
    return this.records.runs(b, batch.firstOffset, batch.lastOffset, batch.acknowledgeTypes.length > 1).filter((run) => run.first >= this.records.startOffset);
  }

  /** A member's share session was closed: what it has is available again. */
  release(member: string, done: (error: number) => void): void {
    const changed: { run: Run; said: number }[] = [];
    for (const run of this.records.heldBy(member)) if (this.records.begin(run, run.last < this.records.startOffset ? 'ARCHIVED' : 'AVAILABLE')) changed.push({ run, said: 2 });
    this.write(changed, 'sessionClosed', done);
  }

  private write(changed: readonly { run: Run; said: number }[], why: Said['why'], done: (error: number) => void): void {
    if (changed.length === 0) return done(0);
    const runs = changed.map((c) => c.run);
    const members = new Map(runs.map((run) => [run, run.inFlight.before!.member]));
    const untold = untoldIn(this.broker.kernel);
    const said = new Map(changed.map((c) => [c, this.saidOf(c, members.get(c.run)!, why)]));
    untold.add(keyText(this.key), [...said.values()]);
    this.persist(runs, (error) => {
      if (this.state === 'fenced') return done(ERR.NOT_LEADER_OR_FOLLOWER);
      if (error !== 0) {
        this.records.rollBack(runs);
        const late = runs.filter((run) => run.inFlight.lock?.over);
        if (late.length > 0) this.giveBack(late);
        return done(error);
      }
      this.records.commit(runs);
      for (const run of runs) this.unlock(run);
      // A leader after this one may have told of it already.
      this.tell(
        changed.filter((c) => untold.take(keyText(this.key), said.get(c)!)),
        members,
        why,
      );
      this.moveStart();
      done(0);
      this.wake();
    });
  }

  private saidOf({ run, said }: { run: Run; said: number }, member: string, why: Said['why']): Said {
    const { state, deliveryCount } = run.inFlight;
    return { first: run.first, last: run.last, state, deliveryCount, said, why, member, client: this.clients.get(member) ?? '' };
  }

  private persist(runs: readonly Run[], done: (error: number) => void): void {
    const batches: StateBatch[] = runs.map(stateBatch);
    this.persister.write(this.key, { stateEpoch: this.stateEpoch, leaderEpoch: this.leaderEpoch, startOffset: this.records.startOffset, stateBatches: batches }, done);
  }

  private unlock(run: Run): void {
    const { lock } = run.inFlight;
    run.inFlight.lock = null;
    if (!lock) return;
    lock.left -= run.last - run.first + 1;
    if (lock.left <= 0) this.broker.coordinator.deadlines.drop(lock.deadline);
  }

  private moveStart(): void {
    if (!this.records.advance()) return;
    const { kernel: k, process } = this.broker;
    const { startOffset, size } = this.records;
    k.trace.emit('share.startMoved', process.sym, k.cause, k.trace.sym(this.group), this.partition.topicSym, this.partition.index, startOffset, size);
  }

  /* ---- locks ---- */

  private lockOver(lock: Lock): void {
    this.broker.coordinator.deadlines.drop(lock.deadline);
    if (this.state !== 'active') return;
    lock.over = true;
    const runs = this.records.under(lock);
    if (runs.length > 0) this.giveBack(runs);
  }

  /** Takes effect at once: whatever becomes of the write, the time is over. */
  private giveBack(runs: readonly Run[]): void {
    const members = new Map(runs.map((run) => [run, run.inFlight.member]));
    const changed = runs.filter((run) => this.records.change(run, run.last < this.records.startOffset ? 'ARCHIVED' : 'AVAILABLE')).map((run) => ({ run, said: 2 }));
    for (const { run } of changed) run.inFlight.lock = null;
    for (const { run } of changed) untoldIn(this.broker.kernel).forget(keyText(this.key), run.first, run.last);
    this.tell(changed, members, 'lockTimeout');
    this.persist(
      changed.map((c) => c.run),
      () => this.moveStart(),
    );
    this.wake();
  }

  /* ---- the trace ---- */

  /** Tells of what an earlier leader had written and did not live to hear of. */
  private tellUntold(kept: Kept): void {
    const written = untoldIn(this.broker.kernel).written(keyText(this.key), kept);
    const members = new Map<Run, string>();
    const runOf = ({ first, last, state, deliveryCount, member, client }: Said): Run => {
      const run: Run = { first, last, inFlight: { state, deliveryCount, member: '', lock: null, before: null } };
      members.set(run, member);
      this.clients.set(member, client);
      return run;
    };
    for (const why of ['released', 'sessionClosed'] as const)
      this.tell(
        written.filter((s) => s.why === why).map((s) => ({ run: runOf(s), said: s.said })),
        members,
        why,
      );
  }

  private tell(changed: readonly { run: Run; said: number }[], members: ReadonlyMap<Run, string>, why: Why): void {
    const { cause } = this.broker.kernel;
    const groups: { what: 'acknowledged' | 'released' | 'archived'; reason: string; member: string; runs: Run[] }[] = [];
    for (const { run, said } of changed) {
      const { state } = run.inFlight;
      const what = state === 'ACKNOWLEDGED' ? 'acknowledged' : state === 'AVAILABLE' ? 'released' : 'archived';
      const reason = what === 'released' ? why : what === 'acknowledged' ? '' : said === REJECT ? 'rejected' : said === 0 ? 'gap' : run.last < this.records.startOffset ? 'logStart' : 'deliveryLimit';
      const member = members.get(run) ?? '';
      const last = groups[groups.length - 1];
      const before = last?.runs[last.runs.length - 1];
      const follows = before?.last === run.first - 1 && before.inFlight.deliveryCount === run.inFlight.deliveryCount;
      if (last && follows && last.what === what && last.reason === reason && last.member === member) last.runs.push(run);
      else groups.push({ what, reason, member, runs: [run] });
    }
    for (const g of groups) {
      this.broker.kernel.cause = cause;
      this.tellRuns(g.what, g.reason, g.runs, g.member);
    }
    this.broker.kernel.cause = cause;
  }

  private tellRuns(what: 'acknowledged' | 'released' | 'archived', reason: string, runs: readonly Run[], member = ''): void {
    const first = runs[0];
    if (!first) return;
    const { kernel: k, process } = this.broker;
    const last = runs[runs.length - 1]!;
    const of = [k.trace.sym(this.group), this.partition.topicSym, this.partition.index, first.first, last.last, k.trace.sym(member), k.trace.sym(this.clients.get(member) ?? '')] as const;
    if (what === 'acknowledged') k.trace.emit('share.acknowledged', process.sym, k.cause, ...of);
    else k.trace.emit(what === 'released' ? 'share.released' : 'share.archived', process.sym, k.cause, ...of, k.trace.sym(reason), first.inFlight.deliveryCount);
  }
}

/** Runs that follow on from each other and were delivered equally often, as one. */
function joined(runs: readonly Acquired[]): Acquired[] {
  const out: Acquired[] = [];
  for (const run of runs) {
    const last = out[out.length - 1];
    if (last && last.lastOffset + 1 === run.firstOffset && last.deliveryCount === run.deliveryCount) out[out.length - 1] = { ...last, lastOffset: run.lastOffset };
    else out.push(run);
  }
  return out;
}
