// The disk side of a broker: opens logs with their topic's settings, deletes what retention gives up, compacts, and moves where logs
// begin (Kafka LogManager, LogCleaner). Both look on a timer, each replica for itself.
import { INTERNAL_TOPICS } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { Broker } from './broker.ts';
import { cleanable, compact } from './compaction.ts';
import type { Partition } from './partition.ts';
import { expireProducers } from './producerState.ts';
import { deleteOldSegments, type StartReason } from './retention.ts';
import { lastStableOffset } from './stable.ts';
import { TIMER } from './timers.ts';

export class Storage {
  private readonly broker: Broker;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** The first look comes after log.initial.task.delay.ms, as in Kafka; the cleaner begins at once and then sleeps. */
  start(): void {
    const { kernel, process, config } = this.broker;
    kernel.setTimer(process, config.logInitialTaskDelayMs * 1000, TIMER.retention);
    kernel.setTimer(process, this.cleanerBackoffMs * 1000, TIMER.cleaner);
    kernel.setTimer(process, config.producerIdExpirationCheckIntervalMs * 1000, TIMER.producers);
  }

  /** A log is opened, or its topic's settings may have changed. */
  opened(p: Partition): void {
    const { log } = p;
    const k = this.broker.kernel;
    log.rolled = (segment, reason) => void k.trace.emit('kafka.segmentRolled', this.broker.process.sym, k.cause, p.topicSym, p.index, segment.baseOffset, k.trace.sym(reason));
  }

  timer(kind: number): void {
    const { kernel, process, config } = this.broker;
    switch (kind) {
      case TIMER.retention:
        kernel.setTimer(process, config.logRetentionCheckIntervalMs * 1000, kind);
        for (const p of this.partitions()) {
          kernel.cause = -1;
          // Logs that are compacted are the cleaner's.
          if (!p.log.config.compact) this.deleteOld(p);
        }
        return;
      case TIMER.cleaner:
        kernel.setTimer(process, this.cleanerBackoffMs * 1000, kind);
        return this.clean();
      default:
        kernel.setTimer(process, config.producerIdExpirationCheckIntervalMs * 1000, kind);
        for (const p of this.partitions()) expireProducers(p.log.producers, this.nowMs, this.broker.changeable('producer.id.expiration.ms') ?? config.producerIdExpirationMs);
    }
  }

  private *partitions(): Iterable<Partition> {
    for (const list of this.broker.partitions.values()) for (const p of list) if (p) yield p;
  }

  /** Kafka takes 0, too, and then never sleeps. */
  private get cleanerBackoffMs(): number {
    return Math.max(1, this.broker.changeable('log.cleaner.backoff.ms') ?? this.broker.config.logCleanerBackoffMs);
  }

  private get nowMs(): number {
    return this.broker.kernel.epochMs + Math.floor(this.broker.kernel.nowUs / 1000);
  }

  private deleteOld(p: Partition): void {
    deleteOldSegments(p.log, p.highWatermark, this.nowMs, ({ reason, moved, records }) => {
      if (moved) this.tellStart(p, reason, records);
    });
  }

  private tellStart(p: Partition, reason: StartReason, removed: number): void {
    p.stir();
    const k = this.broker.kernel;
    k.cause = k.trace.emit('kafka.logStartOffset', this.broker.process.sym, k.cause, p.topicSym, p.index, p.log.logStartOffset, k.trace.sym(reason), removed);
  }

  /* ---- compaction ---- */

  /** Compacts every log that is due, the dirtiest first, and then deletes from compacted logs what has expired. The cluster's own topics are left alone: their
   * records are values without keys, and segments of 100 MiB are as good as never full. */
  private clean(): void {
    const { kernel } = this.broker;
    const due: { p: Partition; ratio: number }[] = [];
    for (const p of this.partitions()) {
      const range = p.log.config.compact && !INTERNAL_TOPICS.has(p.topic) ? cleanable(p.log, lastStableOffset(p), this.nowMs) : null;
      if (range && range.due) due.push({ p, ratio: range.ratio });
    }
    due.sort((a, b) => b.ratio - a.ratio);
    for (const { p } of due) {
      kernel.cause = -1;
      this.compactNow(p);
    }
    for (const p of this.partitions()) {
      if (!p.log.config.compact) continue;
      kernel.cause = -1;
      this.deleteOld(p);
    }
  }

  private compactNow(p: Partition): void {
    const k = this.broker.kernel;
    const done = compact(p.log, lastStableOffset(p), this.nowMs, k.trace.records);
    if (!done) return;
    const expired = k.trace.sym(done.expired.join(','));
    k.trace.emit('kafka.compacted', this.broker.process.sym, k.cause, p.topicSym, p.index, done.toOffset, done.removed, done.kept, done.bytesFreed, expired);
  }

  /* ---- where a log begins ---- */

  /** DeleteRecords on the leader. @param offset -1 = the high watermark. @returns an error code, or the new start as wanted. */
  deleteRecords(p: Partition, offset: number): { readonly error: number; readonly offset: number } {
    const { log } = p;
    if (!log.config.delete) return { error: ERR.POLICY_VIOLATION, offset: -1 };
    const wanted = offset === -1 ? p.highWatermark : offset;
    if (wanted < 0 || wanted > p.highWatermark) return { error: ERR.OFFSET_OUT_OF_RANGE, offset: -1 };
    if (log.raiseLogStart(wanted)) this.tellStart(p, 'deleteRecords', 0);
    return { error: 0, offset: wanted };
  }

  /** A follower hears where its leader's log begins. */
  leaderStartsAt(p: Partition, offset: number): void {
    if (offset <= p.log.logStartOffset || offset > p.highWatermark) return;
    p.log.raiseLogStart(offset);
    this.tellStart(p, 'leader', 0);
  }

  /** A follower's log ends before its leader's begins: it starts anew there (Kafka AbstractFetcherThread.fetchOffsetAndTruncate). */
  startAnew(p: Partition, offset: number): void {
    if (offset <= p.log.logEndOffset) return;
    const removed = p.log.truncateFullyAndStartAt(offset);
    p.highWatermark = offset;
    this.tellStart(p, 'outOfRange', removed);
  }

  /** The lowest log start offset of the replicas that are alive, as this leader knows them. */
  lowWatermark(p: Partition): number {
    let lowest = p.log.logStartOffset;
    for (const f of p.followers) {
      if (!f) continue;
      const b = this.broker.image.brokers.get(f.broker);
      if (b && !b.fenced) lowest = Math.min(lowest, f.logStartOffset);
    }
    return lowest;
  }

  /** A follower's fetch tells where its log starts. */
  followerStartsAt(p: Partition, broker: number, logStartOffset: number): void {
    const follower = p.followers[broker];
    if (!follower || follower.logStartOffset === logStartOffset) return;
    const { deletions } = this.broker;
    const before = deletions.any ? this.lowWatermark(p) : -1;
    follower.logStartOffset = logStartOffset;
    if (deletions.any && this.lowWatermark(p) > before) deletions.look(p);
  }
}
