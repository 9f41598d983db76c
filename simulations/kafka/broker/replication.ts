// Replication seen from one broker: taking roles from metadata, and as leader moving the high watermark and the ISR (Kafka ReplicaManager,
// Partition, KIP-497). What a follower does stands in fetchers.ts.
import type { AlterPartitionRequest, AlterPartitionResponse } from '../controller/messages.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { runsOf, type RecordBatch } from '../protocol/batch.ts';
import { emitAppend, emitHighWatermark } from '../../kernel/hotEvents.ts';
import type { Broker } from './broker.ts';
import { Fetchers } from './fetchers.ts';
import { TIMER } from './timers.ts';
import type { FollowerState, Partition } from './partition.ts';
import { highWatermarkMoved } from './stable.ts';

/** Kafka AlterPartitionManager tries again after this. */
const PROPOSE_AGAIN_US = 50_000;

export class Replication {
  private readonly broker: Broker;
  readonly fetchers: Fetchers;
  private readonly unanswered: { readonly p: Partition; readonly proposed: NonNullable<Partition['proposed']> }[] = [];

  constructor(broker: Broker) {
    this.broker = broker;
    this.fetchers = new Fetchers(broker);
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
      this.fetchers.unfollow(p);
      p.proposed = null;
      if (role === 'leader') {
        p.log.beginEpoch(state.leaderEpoch);
        p.lead(k.nowUs);
      } else if (state.leader >= 0) this.fetchers.follow(p, state.leader);
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
    this.fetchers.unfollow(p);
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
