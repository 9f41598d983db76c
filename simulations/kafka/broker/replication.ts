// Replication seen from one broker: taking roles from metadata, following leaders, and as leader moving the high watermark and the ISR
// (Kafka ReplicaManager, AbstractFetcherThread, KIP-101, KIP-279, KIP-497).
import type { AlterPartitionRequest, AlterPartitionResponse } from '../controller/messages.ts';
import type { FetchPartition, FetchRequest, FetchResponse, FetchPartitionResponse, ListOffsetsResponse } from '../protocol/messages.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { NO_BATCHES, runsOf, type RecordBatch } from '../protocol/batch.ts';
import type { Message } from '../../kernel/network.ts';
import type { Answer, Channel } from '../channel.ts';
import { byTopic } from '../protocol/byTopic.ts';
import { emitAppend, emitHighWatermark } from '../../kernel/hotEvents.ts';
import type { Broker } from './broker.ts';
import { TIMER } from './timers.ts';
import type { FollowerState, Partition } from './partition.ts';
import { highWatermarkMoved } from './stable.ts';

const FETCH_MIN_BYTES = 1;
const PARTITION_MAX_BYTES = 1_048_576;
const RESPONSE_MAX_BYTES = 10_485_760;
/** Kafka AlterPartitionManager tries again after this. */
const PROPOSE_AGAIN_US = 50_000;

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

export class Replication {
  private readonly broker: Broker;
  private readonly fetchers = new Map<number, Fetcher>();
  private readonly unanswered: { readonly p: Partition; readonly proposed: NonNullable<Partition['proposed']> }[] = [];

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** Takes the role that the metadata image gives this broker for a partition. */
  takeRole(topic: string, index: number): void {
    const { broker } = this;
    const state = broker.image.partition(topic, index)!;
    if (!state.replicas.includes(broker.id)) {
      this.drop(topic, index);
      return;
    }
    const p = broker.partitionFor(topic, index);
    const before = p.state;
    const role = state.leader === broker.id ? 'leader' : 'follower';
    const newEpoch = state.leaderEpoch !== before.leaderEpoch || role !== p.role;
    p.stir();
    p.state = state;
    if (p.proposed && state.partitionEpoch > before.partitionEpoch) p.proposed = null;
    const k = broker.kernel;
    if (newEpoch) {
      const wasLeader = p.role === 'leader';
      p.role = role;
      k.cause = k.trace.emit(
        'kafka.roleTaken',
        broker.process.sym,
        k.cause,
        p.topicSym,
        p.index,
        k.trace.sym(role),
        state.leader,
        state.leaderEpoch,
        p.log.logEndOffset,
        k.trace.sym(state.isr.join(',')),
      );
      this.unfollow(p);
      p.proposed = null;
      if (role === 'leader') {
        p.log.beginEpoch(state.leaderEpoch);
        p.lead(k.nowUs);
      } else if (state.leader >= 0) this.follow(p, state.leader);
      if (wasLeader) {
        for (const w of p.produces.splice(0)) w.settle(ERR.NOT_LEADER_OR_FOLLOWER);
        for (const c of [...p.consumers.waiting(), ...p.sessions]) c.wake();
      }
    }
    if (role === 'leader') {
      if (!newEpoch) p.syncFollowers(k.nowUs);
      this.advance(p);
    }
  }

  /** This broker keeps a partition no longer: who waits hears it, and the log goes. */
  drop(topic: string, index: number): void {
    const { broker } = this;
    const k = broker.kernel;
    const log = broker.disk.logs.get(topic)?.[index];
    if (!log) return;
    k.cause = k.trace.emit('kafka.replicaDropped', broker.process.sym, k.cause, k.trace.sym(topic), index, log.logEndOffset);
    const { cause } = k;
    delete broker.disk.logs.get(topic)![index];
    const p = broker.partition(topic, index);
    if (!p) return;
    delete broker.partitions.get(topic)![index];
    this.unfollow(p);
    p.stir();
    p.role = 'none';
    p.proposed = null;
    const error = broker.image.topics.has(topic) ? ERR.NOT_LEADER_OR_FOLLOWER : ERR.UNKNOWN_TOPIC_OR_PARTITION;
    for (const w of p.produces.splice(0)) {
      k.cause = cause;
      w.settle(error);
    }
    for (const c of [...p.consumers.waiting(), ...p.sessions]) {
      k.cause = cause;
      c.wake();
    }
    k.cause = cause;
  }

  private unfollow(p: Partition): void {
    for (const f of this.fetchers.values()) {
      f.partitions.delete(p);
      f.delayed.delete(p);
      if (p.untold) forget(f, p);
    }
    p.untold = false;
    p.followed = -1;
  }

  private follow(p: Partition, leader: number): void {
    let f = this.fetchers.get(leader);
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
      this.fetchers.set(leader, (f = made));
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
    const f = this.fetchers.get(leader)!;
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
      this.emitAppend(p, p.log.batches[p.log.batches.length - 1]!, false);
    }
    this.setHighWatermark(p, Math.max(p.highWatermark, Math.min(r.highWatermark, p.log.logEndOffset)), false);
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

  /** Tells the trace of a batch that now stands in this replica's log. */
  emitAppend(p: Partition, b: Partition['log']['batches'][number], leader: boolean): number {
    if (b.kept !== null) return this.emitKept(p, b, leader);
    const k = this.broker.kernel;
    return emitAppend(
      k.trace,
      this.broker.process.sym,
      k.cause,
      p.topicSym,
      p.index,
      leader,
      b.baseOffset,
      b.count,
      b.firstRecord,
      b.leaderEpoch,
      b.bytes,
      b.producerId,
      b.producerEpoch,
      b.baseSequence,
      b.digest,
    );
  }

  /** A batch that compaction has taken records from is told in runs. @returns the last event, or the cause where nothing is left of it. */
  private emitKept(p: Partition, b: RecordBatch, leader: boolean): number {
    const k = this.broker.kernel;
    let seq = k.cause;
    for (const run of runsOf(b, 0)) {
      const bytes = Math.floor((b.bytes * run.count) / b.count);
      const sequence = b.baseSequence < 0 ? -1 : b.baseSequence + run.offset - b.baseOffset;
      seq = k.trace.emit(
        'kafka.append',
        this.broker.process.sym,
        k.cause,
        p.topicSym,
        p.index,
        leader,
        run.offset,
        run.count,
        run.firstRecord,
        b.leaderEpoch,
        bytes,
        b.producerId,
        b.producerEpoch,
        sequence,
        b.digest,
      );
    }
    return seq;
  }

  /** Moves a replica's high watermark and settles what waited for it. */
  setHighWatermark(p: Partition, offset: number, leader: boolean): void {
    if (offset === p.highWatermark) return;
    p.stir();
    p.highWatermark = offset;
    const k = this.broker.kernel;
    const saved = k.cause;
    k.cause = emitHighWatermark(k.trace, this.broker.process.sym, k.cause, p.topicSym, p.index, offset, leader, p.log.logEndOffset, p.log.logStartOffset);
    highWatermarkMoved(this.broker, p);
    if (leader) this.broker.deletions.look(p);
    if (leader) {
      const cause = k.cause;
      while (p.produces.length > 0 && p.produces[0]!.requiredOffset <= offset) {
        const enough = p.maximalIsr().length >= p.effectiveMinIsr();
        k.cause = cause;
        p.produces.shift()!.settle(enough ? ERR.NONE : ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
      }
      p.consumers.wake(k, cause);
    } else p.consumers.wake(k, k.cause);
    k.cause = saved;
  }

  private eligible = (broker: number): boolean => this.broker.image.isActive(broker);

  /** Moves a leader's high watermark as far as its followers allow. */
  advance(p: Partition): void {
    if (p.role !== 'leader') return;
    this.setHighWatermark(p, p.nextHighWatermark(this.broker.kernel.nowUs, this.broker.config.replicaLagTimeMaxMs * 1000, this.eligible), true);
  }

  /** A follower has fetched from an offset: it holds everything before it. */
  followerFetched(p: Partition, broker: number, fetchOffset: number, brokerEpoch: number): void {
    const follower = p.followers[broker];
    // What an earlier incarnation still sends says nothing of the present one (KIP-903).
    if (!follower || (brokerEpoch >= 0 && brokerEpoch < (this.broker.image.brokers.get(broker)?.epoch ?? -1))) return;
    follower.brokerEpoch = brokerEpoch;
    p.noteFetch(follower, fetchOffset, this.broker.kernel.nowUs);
    this.maybeExpand(p, follower);
    this.advance(p);
  }

  private maybeExpand(p: Partition, follower: FollowerState): void {
    if (p.proposed || p.maximalIsr().includes(follower.broker) || !this.eligible(follower.broker)) return;
    if (follower.brokerEpoch >= 0 && follower.brokerEpoch !== this.broker.image.brokers.get(follower.broker)!.epoch) return;
    if (p.mayJoin(follower, p.log.endOffsetFor(p.state.leaderEpoch - 1).endOffset)) this.propose(p, [...p.state.isr, follower.broker], true);
  }

  shrinkCheck(): void {
    const { broker } = this;
    broker.kernel.cause = -1;
    for (const list of broker.partitions.values()) {
      for (const p of list) {
        if (!p || p.role !== 'leader' || p.proposed) continue;
        const out = p.laggards(broker.kernel.nowUs, broker.config.replicaLagTimeMaxMs * 1000);
        if (out.length > 0)
          this.propose(
            p,
            p.state.isr.filter((b) => !out.includes(b)),
            false,
          );
      }
    }
  }

  private propose(p: Partition, isr: readonly number[], expands: boolean): void {
    p.stir();
    p.proposed = { isr, expands };
    this.sendProposal(p);
  }

  /** What is proposed stays so until the controller has refused it or new metadata comes: it may have been committed unheard. */
  private sendProposal(p: Partition): void {
    const { broker } = this;
    const { proposed } = p;
    const epochOf = (id: number) => (id === broker.id ? broker.lifecycle.epoch : (p.followers[id]?.brokerEpoch ?? -1));
    const body: AlterPartitionRequest = {
      brokerId: broker.id,
      brokerEpoch: broker.lifecycle.epoch,
      topicId: broker.image.topics.get(p.topic)!.id,
      partition: p.index,
      leaderEpoch: p.state.leaderEpoch,
      partitionEpoch: p.state.partitionEpoch,
      newIsr: proposed!.isr.map((id) => ({ brokerId: id, brokerEpoch: epochOf(id) })),
    };
    broker.controllerChannel('forward').send({ api: KEY.AlterPartition, apiVersion: 3, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      if (p.proposed !== proposed || p.role !== 'leader') return;
      const error = response ? (response.body as AlterPartitionResponse).errorCode : null;
      if (error === null || error === ERR.STALE_BROKER_EPOCH || error === ERR.NOT_CONTROLLER) {
        this.unanswered.push({ p, proposed: proposed! });
        broker.kernel.setTimer(broker.process, PROPOSE_AGAIN_US, TIMER.proposeAgain, this.unanswered.length - 1);
      } else if (error === ERR.INELIGIBLE_REPLICA) {
        p.stir();
        p.proposed = null;
      }
    });
  }

  /** A proposal that was not answered is sent again. */
  proposeAgain(number: number): void {
    const { p, proposed } = this.unanswered[number]!;
    if (p.proposed === proposed && p.role === 'leader') this.sendProposal(p);
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
