// One replica of a partition on one broker: its log, its role, and as leader what it knows of its followers
// (Kafka Partition, Replica: high watermark, ISR shrink and expand).
import type { Sym } from '../../contract/events.ts';
import type { SessionPart } from './fetchSession.ts';
import { NO_STATE, type PartitionState } from '../metadata/image.ts';
import type { FetchPartitionResponse } from '../protocol/messages.ts';
import { PartitionLog } from './log.ts';
import { Wakers } from './wakers.ts';

/** What a leader knows of a follower. */
export interface FollowerState {
  readonly broker: number;
  /** Its incarnation by its last fetch (KIP-903); -1 = not known. */
  brokerEpoch: number;
  /** Its log end offset by its last fetch; -1 = not heard of since this leadership began. */
  logEndOffset: number;
  /** Where its log starts by its last fetch; -1 = not heard of since this leadership began. */
  logStartOffset: number;
  /** -1 = never. */
  lastCaughtUpUs: number;
  /** -1 = never. */
  lastFetchUs: number;
  /** The leader's log end offset when it last fetched. */
  leaderEndAtLastFetch: number;
}

/** A produce request with acks=all that waits for the high watermark. */
export interface WaitingProduce {
  readonly requiredOffset: number;
  settle(error: number): void;
}

export class Partition {
  readonly topic: string;
  readonly topicSym: Sym;
  readonly index: number;
  readonly log: PartitionLog;
  role: 'leader' | 'follower' | 'none' = 'none';
  state: PartitionState = NO_STATE;
  highWatermark = 0;
  /** Last stable offset where a transaction holds it below the high watermark, as last told; -1 = none does. */
  heldAt = -1;
  /** The other replicas, by broker id; of most ids there is none. */
  readonly followers: (FollowerState | undefined)[] = [];
  /** The same without the gaps. */
  private present: readonly FollowerState[] = [];
  /** ISR asked of the controller and not yet answered. */
  proposed: { readonly isr: readonly number[]; readonly expands: boolean } | null = null;
  readonly produces: WaitingProduce[] = [];
  /** As follower: the broker it is fetched from; -1 = none. */
  followed = -1;
  /** As follower: whether the leader has still to hear where this log ends. */
  untold = false;
  /** Parked fetches of consumers that want to hear of new data. */
  readonly consumers = new Wakers();
  /** The last answer without records that consumers had, by isolation level; see `fetchAnswer.ts`. */
  readonly emptyAnswers: (FetchPartitionResponse | undefined)[] = [undefined, undefined];
  /** Its places in the sessions of followers: another list whenever one comes or goes. */
  sessions: readonly SessionPart[] = [];

  constructor(topic: string, topicSym: Sym, index: number, log: PartitionLog) {
    this.topic = topic;
    this.topicSym = topicSym;
    this.index = index;
    this.log = log;
    this.highWatermark = log.checkpointedHighWatermark;
  }

  /** Something that a follower's fetch looks at is about to change: role, state, proposed ISR, log end, high watermark or log start. */
  stir(): void {
    for (const part of this.sessions) part.stir();
  }

  /** The ISR that the high watermark waits for: the old one and a candidate while an expansion is under way, the old one during a shrink. */
  maximalIsr(): readonly number[] {
    return this.proposed?.expands ? this.proposed.isr : this.state.isr;
  }

  /** min.insync.replicas, but never more than there are replicas (Kafka effectiveMinIsr). */
  effectiveMinIsr(): number {
    return Math.min(this.log.config.minInsyncReplicas, this.state.replicas.length);
  }

  lead(nowUs: number): void {
    this.followers.length = 0;
    this.syncFollowers(nowUs);
  }

  /** Followers are the other replicas: those that a reassignment adds come in as strangers, those it took away go. */
  syncFollowers(nowUs: number): void {
    const { replicas, leader, isr } = this.state;
    this.followers.forEach((f, broker) => {
      if (f && !replicas.includes(broker)) this.followers[broker] = undefined;
    });
    for (const broker of replicas) {
      if (broker === leader || this.followers[broker]) continue;
      while (this.followers.length < broker) this.followers.push(undefined);
      this.followers[broker] = { broker, brokerEpoch: -1, logEndOffset: -1, logStartOffset: -1, lastCaughtUpUs: isr.includes(broker) ? nowUs : -1, lastFetchUs: -1, leaderEndAtLastFetch: -1 };
    }
    this.present = this.followers.filter((f) => f !== undefined);
  }

  /** Notes a follower's fetch (Kafka Replica.updateFetchStateOrThrow). */
  noteFetch(follower: FollowerState, fetchOffset: number, nowUs: number): void {
    const end = this.log.logEndOffset;
    if (fetchOffset >= end) follower.lastCaughtUpUs = Math.max(follower.lastCaughtUpUs, nowUs);
    else if (fetchOffset >= follower.leaderEndAtLastFetch && follower.lastFetchUs >= 0) follower.lastCaughtUpUs = Math.max(follower.lastCaughtUpUs, follower.lastFetchUs);
    follower.logEndOffset = fetchOffset;
    follower.leaderEndAtLastFetch = end;
    follower.lastFetchUs = nowUs;
  }

  isCaughtUp(follower: FollowerState, nowUs: number, lagMaxUs: number): boolean {
    return follower.logEndOffset === this.log.logEndOffset || hasCaughtUp(follower, nowUs, lagMaxUs);
  }

  /** Where the high watermark may stand now; it never goes back and never moves under min.insync.replicas (Kafka maybeIncrementLeaderHW, KIP-966). */
  nextHighWatermark(nowUs: number, lagMaxUs: number, eligible: (broker: number) => boolean): number {
    const isr = this.maximalIsr();
    if (isr.length < this.effectiveMinIsr()) return this.highWatermark;
    let lowest = this.log.logEndOffset;
    for (const f of this.present) {
      if (f.logEndOffset >= lowest) continue;
      if (isr.includes(f.broker) || (eligible(f.broker) && hasCaughtUp(f, nowUs, lagMaxUs))) lowest = f.logEndOffset;
    }
    return Math.max(this.highWatermark, lowest);
  }

  /** In-sync followers that have fallen behind for too long. */
  laggards(nowUs: number, lagMaxUs: number): number[] {
    const out: number[] = [];
    for (const f of this.present) if (this.state.isr.includes(f.broker) && !this.isCaughtUp(f, nowUs, lagMaxUs)) out.push(f.broker);
    return out;
  }

  /** Whether a follower that just fetched may join the ISR: at the high watermark and into this leader's epoch. */
  mayJoin(follower: FollowerState, epochStart: number): boolean {
    return !this.maximalIsr().includes(follower.broker) && follower.logEndOffset >= this.highWatermark && follower.logEndOffset >= epochStart;
  }
}

/** Whether it had everything at some time that is no longer ago than that. */
function hasCaughtUp(follower: FollowerState, nowUs: number, lagMaxUs: number): boolean {
  return follower.lastCaughtUpUs >= 0 && nowUs - follower.lastCaughtUpUs <= lagMaxUs;
}
