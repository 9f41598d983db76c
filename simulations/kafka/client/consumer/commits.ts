// What a group consumer commits and reads back: auto-commit in poll and before partitions are given up, and the offsets it begins at
// (Kafka ConsumerCoordinator, CommitRequestManager).
import type { ProcessSpec } from '../../../contract/scenario.ts';
import { partitionKey, type TopicPartition } from '../../assignors/members.ts';
import type { Deadline, Deadlines } from '../../deadlines.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import type { OffsetCommitRequest, OffsetCommitResponse, OffsetFetchResponse } from '../../protocol/messages.ts';
import { backoffUs, type Client } from '../client.ts';
import type { CoordinatorLink } from './coordinatorLink.ts';
import type { Identity, Membership } from './membership.ts';
import type { Owned } from './owned.ts';
import type { Reader } from './reader.ts';

/** Answers after which the same commit or read may succeed, once the coordinator is looked for again. */
const COORDINATOR_MOVED: readonly number[] = [ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE, ERR.REQUEST_TIMED_OUT];
const MAY_PASS: readonly number[] = [...COORDINATOR_MOVED, ERR.COORDINATOR_LOAD_IN_PROGRESS, ERR.UNKNOWN_TOPIC_OR_PARTITION, ERR.UNSTABLE_OFFSET_COMMIT, ERR.STALE_MEMBER_EPOCH];

export type Settled = 'done' | 'mayPass' | 'failed';

export class Commits {
  private readonly client: Client;
  private readonly spec: ProcessSpec;
  private readonly link: CoordinatorLink;
  private readonly deadlines: Deadlines;
  private readonly reader: Reader;
  private readonly membership: () => Membership;
  private readonly readAgain: Deadline;
  /** When auto-commit is next due, microseconds. */
  private dueUs = Number.POSITIVE_INFINITY;
  private reading = false;
  private failures = 0;
  private draws = 0;

  constructor(options: { client: Client; spec: ProcessSpec; link: CoordinatorLink; deadlines: Deadlines; reader: Reader; membership: () => Membership }) {
    this.client = options.client;
    this.spec = options.spec;
    this.link = options.link;
    this.deadlines = options.deadlines;
    this.reader = options.reader;
    this.membership = options.membership;
    this.readAgain = this.deadlines.make(() => this.initialise());
  }

  /** Auto-commit counts from the last assignment or commit. @returns milliseconds until it is due; infinite = never. */
  schedule(intervalMs = this.spec.autoCommitIntervalMs): number {
    if (!this.spec.enableAutoCommit) return Number.POSITIVE_INFINITY;
    this.dueUs = this.client.kernel.nowUs + intervalMs * 1000;
    return intervalMs;
  }

  get due(): boolean {
    return this.client.kernel.nowUs >= this.dueUs;
  }

  /** In poll, when the interval is over: all positions, whether they moved or not, as of what earlier polls handed out. */
  autoCommit(then: (settled: Settled) => void): void {
    this.client.kernel.cause = -1;
    this.link.ready(() => this.send(this.positions(this.reader.partitions), then));
  }

  /** Before partitions are given up: repeats what may pass, for at most the rebalance timeout; then goes on whatever came of it. */
  commitFirst(partitions: readonly TopicPartition[], then: () => void): void {
    const keys = new Set(partitions.map(partitionKey));
    const offsets = this.positions(this.reader.partitions.filter((o) => keys.has(partitionKey(o))));
    if (!this.spec.enableAutoCommit || offsets.length === 0) return then();
    const untilUs = this.client.kernel.nowUs + this.spec.rebalanceTimeoutMs * 1000;
    let attempt = 0;
    const retry = this.deadlines.make(() => this.link.ready(() => once()));
    const once = () => {
      this.send(offsets, (settled) => {
        if (settled !== 'mayPass' || this.client.kernel.nowUs >= untilUs) {
          this.deadlines.drop(retry);
          then();
        } else this.deadlines.set(retry, backoffUs(this.client, 'commit', attempt++, this.draws++) / 1000);
      });
    };
    this.link.ready(once);
  }

  private positions(owned: readonly Owned[]): Owned[] {
    return owned.filter((o) => o.position >= 0);
  }

  private send(offsets: readonly Owned[], then: (settled: Settled) => void): void {
    if (offsets.length === 0) return then('done');
    const as = this.membership().identity();
    // Between two generations, or out of the group, it cannot succeed and is not even sent.
    if (!as) return then('failed');
    const body: OffsetCommitRequest = {
      groupId: this.spec.group!,
      generationIdOrMemberEpoch: as.epoch,
      memberId: as.memberId,
      groupInstanceId: this.spec.groupInstanceId ?? null,
      retentionTimeMs: -1,
      topics: byTopic(offsets, (o) => ({ partitionIndex: o.partition, committedOffset: o.position, committedLeaderEpoch: o.epoch, committedMetadata: '' })).map(({ topic, items }) => ({
        name: topic,
        partitions: items,
      })),
    };
    this.link.send<OffsetCommitResponse>(KEY.OffsetCommit, 9, body, (answer) => {
      const error = answer ? (answer.topics.flatMap((t) => t.partitions).find((p) => p.errorCode !== 0)?.errorCode ?? 0) : ERR.COORDINATOR_NOT_AVAILABLE;
      then(this.judge(error, as));
    });
  }

  private judge(error: number, as: Identity): Settled {
    if (error === 0) return 'done';
    if (COORDINATOR_MOVED.includes(error)) this.link.forget();
    if (MAY_PASS.includes(error)) return 'mayPass';
    this.membership().refused(error, as);
    return 'failed';
  }

  /** Reads the group's offsets of all partitions that have none yet; where none is committed auto.offset.reset decides. */
  initialise(): void {
    const asked = this.reader.partitions.filter((o) => !o.initialised);
    if (asked.length === 0 || this.reading) return;
    this.reading = true;
    this.link.ready(() => {
      const topics = byTopic(asked, (o) => o.partition).map(({ topic, items }) => ({ name: topic, partitionIndexes: items }));
      const named = this.spec.groupProtocol === 'consumer';
      const as = named ? this.membership().identity() : null;
      if (named && !as) {
        this.reading = false;
        this.deadlines.set(this.readAgain, this.spec.retryBackoffMs);
        return;
      }
      const body = { groups: [{ groupId: this.spec.group!, memberId: as?.memberId ?? null, memberEpoch: as?.epoch ?? -1, topics }], requireStable: true };
      this.link.send<OffsetFetchResponse>(KEY.OffsetFetch, 9, body, (answer) => {
        this.reading = false;
        const group = answer?.groups[0];
        const parts = group?.topics.flatMap((t) => t.partitions.map((p) => ({ topic: t.name, ...p }))) ?? [];
        const error = group ? group.errorCode || (parts.find((p) => p.errorCode !== 0)?.errorCode ?? 0) : ERR.COORDINATOR_NOT_AVAILABLE;
        if (error !== 0) {
          if (this.judge(error, as ?? { memberId: '', epoch: -1 }) === 'mayPass') this.deadlines.set(this.readAgain, backoffUs(this.client, 'read-offsets', this.failures++, this.draws++) / 1000);
          return;
        }
        this.failures = 0;
        for (const p of parts) {
          const o = asked.find((x) => x.topic === p.topic && x.partition === p.partitionIndex);
          if (!o) continue;
          o.initialised = true;
          if (p.committedOffset >= 0) o.position = p.committedOffset;
        }
        this.reader.fetchAll();
        this.initialise();
      });
    });
  }

  stop(): void {
    this.dueUs = Number.POSITIVE_INFINITY;
    this.deadlines.drop(this.readAgain);
  }
}

function byTopic<T extends { readonly topic: string }, R>(items: readonly T[], map: (item: T) => R): { topic: string; items: R[] }[] {
  const out: { topic: string; items: R[] }[] = [];
  for (const item of items) {
    const of = out.find((t) => t.topic === item.topic);
    if (of) of.items.push(map(item));
    else out.push({ topic: item.topic, items: [map(item)] });
  }
  return out;
}
