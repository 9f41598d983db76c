// A replica that follows: one fetcher per leader, which asks for what is new, appends it, and cuts the log back where it parts from the leader's
// (Kafka AbstractFetcherThread, KIP-101, KIP-279, KIP-595).
import type { FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse, ListOffsetsResponse } from '../protocol/messages.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { NO_BATCHES } from '../protocol/batch.ts';
import type { Message } from '../../kernel/network.ts';
import type { Answer, Channel } from '../channel.ts';
import { byTopic } from '../protocol/byTopic.ts';
import type { Broker } from './broker.ts';
import { TIMER } from './timers.ts';
import type { Partition } from './partition.ts';

const FETCH_MIN_BYTES = 1;
const PARTITION_MAX_BYTES = 1_048_576;
const RESPONSE_MAX_BYTES = 10_485_760;

/** One fetcher per leader that this broker follows. */
interface Fetcher {
  readonly leader: number;
  channel: Channel | null;
  readonly partitions: Set<Partition>;
  /** Partitions whose place has changed since it was last told, each once (`untold`); all after a new session. */
  readonly changed: Partition[];
  changedCount: number;
  sessionEpoch: number;
  busy: boolean;
  backingOff: boolean;
  /** Partitions that an error answer sent to wait, and until when. */
  readonly delayed: Map<Partition, number>;
  /** Takes the answer to the fetch under way. */
  readonly answer: Answer;
}

export class Fetchers {
  private readonly broker: Broker;
  private readonly byLeader = new Map<number, Fetcher>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  unfollow(p: Partition): void {
    for (const f of this.byLeader.values()) {
      f.partitions.delete(p);
      f.delayed.delete(p);
      if (p.untold) forget(f, p);
    }
    p.untold = false;
    p.followed = -1;
  }

  follow(p: Partition, leader: number): void {
    let f = this.byLeader.get(leader);
    if (!f) {
      const made: Fetcher = {
        leader,
        channel: null,
        partitions: new Set(),
        changed: [],
        changedCount: 0,
        sessionEpoch: 0,
        busy: false,
        backingOff: false,
        delayed: new Map(),
        answer: (response) => this.answered(made, response),
      };
      this.byLeader.set(leader, (f = made));
    }
    f.partitions.add(p);
    p.followed = leader;
    mustTell(f, p);
    if (!f.busy && !f.backingOff) {
      // Later in this microsecond, so that one request carries all partitions of one metadata update.
      f.backingOff = true;
      this.broker.kernel.setTimer(this.broker.process, 0, TIMER.fetchAgain, leader);
    }
  }

  /** A fetcher's timer came: -1 is the metadata fetch of the lifecycle. */
  fetchAgain(leader: number): void {
    if (leader < 0) {
      this.broker.lifecycle.fetchMetadataAgain();
      return;
    }
    const f = this.byLeader.get(leader)!;
    f.backingOff = false;
    if (!f.busy) this.fetch(f);
  }

  private fetch(f: Fetcher): void {
    const { broker } = this;
    const nowUs = broker.kernel.nowUs;
    if (f.delayed.size > 0)
      for (const [p, untilUs] of f.delayed) {
        if (untilUs > nowUs) continue;
        f.delayed.delete(p);
        if (f.partitions.has(p)) mustTell(f, p);
      }
    if (f.partitions.size === 0) return;
    f.busy = true;
    const changed = f.changed.slice(0, f.changedCount);
    const told = f.sessionEpoch === 0 ? [...f.partitions] : changed;
    const topics = byTopic(f.delayed.size > 0 ? told.filter((p) => !f.delayed.has(p)) : told, place);
    for (const p of changed) p.untold = false;
    f.changedCount = 0;
    const body: FetchRequest = {
      replicaId: broker.id,
      replicaEpoch: broker.lifecycle.epoch,
      maxWaitMs: broker.config.replicaFetchWaitMaxMs,
      minBytes: FETCH_MIN_BYTES,
      maxBytes: RESPONSE_MAX_BYTES,
      isolationLevel: 0,
      sessionId: 1,
      sessionEpoch: f.sessionEpoch++,
      topics,
      forgottenTopicsData: [],
      rackId: '',
    };
    (f.channel ??= broker.peerChannel(f.leader)).send({ api: KEY.Fetch, apiVersion: 17, body, bytes: 64 + 32 * body.topics.length, firstRecord: -1, records: 0 }, f.answer);
  }

  private answered(f: Fetcher, response: Message | null): void {
    f.busy = false;
    if (!response) {
      f.sessionEpoch = 0;
      this.backOff(f);
      return;
    }
    this.fetched(f, response.body as FetchResponse);
    if (!f.busy && !f.backingOff) this.fetch(f);
  }

  private backOff(f: Fetcher): void {
    if (f.backingOff) return;
    f.backingOff = true;
    this.broker.kernel.setTimer(this.broker.process, this.broker.config.replicaFetchBackoffMs * 1000, TIMER.fetchAgain, f.leader);
  }

  private fetched(f: Fetcher, body: FetchResponse): void {
    const { broker } = this;
    const cause = broker.kernel.cause;
    if (body.errorCode !== 0) {
      f.sessionEpoch = 0;
      this.backOff(f);
      return;
    }
    for (const topic of body.responses) {
      const list = broker.replicasOf(topic.topic);
      for (const r of topic.partitions) {
        broker.kernel.cause = cause;
        const p = list?.[r.partitionIndex];
        if (p?.followed !== f.leader) continue;
        if (r.errorCode === ERR.OFFSET_OUT_OF_RANGE) {
          this.askStart(f, p);
          continue;
        }
        if (r.errorCode !== 0) {
          f.delayed.set(p, broker.kernel.nowUs + broker.config.replicaFetchBackoffMs * 1000);
          if (f.delayed.size === f.partitions.size) this.backOff(f);
          continue;
        }
        this.took(p, r);
        mustTell(f, p);
      }
    }
    broker.kernel.cause = cause;
  }

  /** The leader no longer has what this replica would fetch next: its log begins anew where the leader's begins (Kafka handleOutOfRangeError). */
  private askStart(f: Fetcher, p: Partition): void {
    const { broker } = this;
    // Left out of the fetches until the answer is here.
    f.delayed.set(p, Infinity);
    const body = { replicaId: broker.id, isolationLevel: 0, topics: [{ name: p.topic, partitions: [{ partitionIndex: p.index, currentLeaderEpoch: p.state.leaderEpoch, timestamp: -2 }] }] };
    f.channel!.send({ api: KEY.ListOffsets, apiVersion: 10, body, bytes: 64, firstRecord: -1, records: 0 }, (response) => {
      const answer = (response?.body as ListOffsetsResponse | undefined)?.topics[0]?.partitions[0];
      f.delayed.set(p, broker.kernel.nowUs + (answer?.errorCode === 0 ? 0 : broker.config.replicaFetchBackoffMs * 1000));
      if (answer?.errorCode === 0 && f.partitions.has(p)) broker.storage.startAnew(p, answer.offset);
      if (!f.busy && !f.backingOff) this.fetch(f);
    });
  }

  private took(p: Partition, r: FetchPartitionResponse): void {
    if (r.divergingEpoch.epoch >= 0) {
      this.truncate(p, r.divergingEpoch);
      return;
    }
    for (const batch of r.records ?? NO_BATCHES) {
      // Beyond the end where compaction has left a gap.
      if (batch.baseOffset < p.log.logEndOffset) continue;
      p.log.appendAsFollower(batch);
      this.broker.replication.emitAppend(p, p.log.batches[p.log.batches.length - 1]!, false);
    }
    this.broker.replication.setHighWatermark(p, Math.max(p.highWatermark, Math.min(r.highWatermark, p.log.logEndOffset)), false);
    this.broker.storage.leaderStartsAt(p, r.logStartOffset);
  }

  /** Cuts the log back to where it agrees with the leader's (Kafka getOffsetTruncationState). */
  private truncate(p: Partition, leader: { readonly epoch: number; readonly endOffset: number }): void {
    const own = p.log.endOffsetFor(leader.epoch);
    const to = own.epoch === leader.epoch ? Math.min(own.endOffset, leader.endOffset) : own.epoch < 0 ? Math.min(leader.endOffset, p.log.logEndOffset) : own.endOffset;
    const target = Math.min(to, p.log.logEndOffset);
    const removed = p.log.truncateTo(target);
    const k = this.broker.kernel;
    if (p.highWatermark > p.log.logEndOffset) p.highWatermark = p.log.logEndOffset;
    k.cause = k.trace.emit('kafka.truncate', this.broker.process.sym, k.cause, p.topicSym, p.index, p.log.logEndOffset, removed);
  }
}

function mustTell(f: Fetcher, p: Partition): void {
  if (p.untold) return;
  p.untold = true;
  f.changed[f.changedCount++] = p;
}

function forget(f: Fetcher, p: Partition): void {
  const at = f.changed.indexOf(p);
  if (at < 0 || at >= f.changedCount) return;
  f.changed.splice(at, 1);
  f.changedCount--;
}

/** Where a follower stands, as a fetch tells it. */
function place(p: Partition): FetchPartition {
  return {
    partition: p.index,
    currentLeaderEpoch: p.state.leaderEpoch,
    fetchOffset: p.log.logEndOffset,
    lastFetchedEpoch: p.log.latestEpoch(),
    logStartOffset: p.log.logStartOffset,
    partitionMaxBytes: PARTITION_MAX_BYTES,
  };
}
