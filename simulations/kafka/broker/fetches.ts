// Fetch requests: followers with a session that remembers their places (KIP-227), consumers without one, and the long poll of both
// (Kafka ReplicaManager.fetchMessages, DelayedFetch).
import type { Conn } from '../../kernel/network.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import type { FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import { empty, FetchAnswer, NO_DIVERGENCE } from './fetchAnswer.ts';
import type { Partition, Waker } from './partition.ts';
import { lastStableOffset, READ_COMMITTED, readableEnd } from './stable.ts';

interface SessionPart {
  readonly partition: Partition;
  asked: FetchPartition;
  /** Last high watermark and log start offset that this follower was told. */
  toldHighWatermark: number;
  toldLogStart: number;
}

interface Session extends Waker {
  readonly replica: number;
  epoch: number;
  /** In the order in which they were first asked for. */
  parts: SessionPart[];
  parked: { readonly request: Request; readonly op: Expiring } | null;
}

export class Fetches {
  private readonly broker: Broker;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  handle(request: Request): void {
    const body = request.message.body as FetchRequest;
    if (body.replicaId >= 0) this.follower(request, body);
    else this.consumer(request, body);
  }

  /** A follower's or consumer's connection is gone: nothing of it stays parked. */
  connectionClosed(conn: Conn): void {
    const state = conn.serverData as { session?: unknown; parked?: ParkedConsumer } | null;
    const session = state?.session as Session | null | undefined;
    if (session) {
      if (session.parked) settled(session.parked.op);
      for (const part of session.parts) part.partition.sessions.delete(session);
    }
    if (state?.parked) {
      this.unpark(state.parked);
    }
  }

  /* ---- followers ---- */

  private follower(request: Request, body: FetchRequest): void {
    const { broker } = this;
    const holder = request.conn.serverData as { session: unknown };
    let session = holder.session as Session | null;
    if (body.sessionEpoch === 0 || !session) {
      if (session) for (const part of session.parts) part.partition.sessions.delete(session);
      const fresh: Session = { replica: body.replicaId, epoch: 0, parts: [], parked: null, wake: () => this.wakeSession(fresh) };
      holder.session = session = fresh;
    }
    const errors: { topic: string; response: FetchPartitionResponse }[] = [];
    const cause = broker.kernel.cause;
    for (const topic of body.topics) {
      for (const asked of topic.partitions) {
        const p = broker.partition(topic.topic, asked.partition);
        const error = this.leaderError(p, asked) || (p && asked.fetchOffset < p.log.logStartOffset ? ERR.OFFSET_OUT_OF_RANGE : 0);
        if (error !== 0 || !p) {
          if (p) drop(session, p);
          errors.push({ topic: topic.topic, response: empty(asked.partition, error) });
          continue;
        }
        const part = partOf(session, p);
        if (part) part.asked = asked;
        else {
          session.parts.push({ partition: p, asked, toldHighWatermark: -1, toldLogStart: asked.logStartOffset });
          p.sessions.add(session);
        }
        if (this.divergence(p, asked)) continue;
        broker.kernel.cause = cause;
        broker.storage.followerStartsAt(p, session.replica, asked.logStartOffset);
        broker.replication.followerFetched(p, session.replica, asked.fetchOffset, body.replicaEpoch ?? -1);
      }
    }
    broker.kernel.cause = cause;
    // A session's fetch is one of every partition in it, told or not: caught-up times move, and a replica that has caught up asks back in.
    for (const { partition: p } of session.parts) {
      const f = p.followers.get(session.replica);
      if (!f || f.logEndOffset < p.log.logEndOffset) continue;
      if (p.maximalIsr().includes(session.replica)) p.noteFetch(f, f.logEndOffset, broker.kernel.nowUs);
      else {
        broker.kernel.cause = cause;
        broker.replication.followerFetched(p, session.replica, f.logEndOffset, body.replicaEpoch ?? -1);
      }
    }
    broker.kernel.cause = cause;
    if (errors.length > 0 || body.maxWaitMs <= 0 || this.sessionHasNews(session)) {
      this.answerSession(request, session, errors);
      return;
    }
    const held = session;
    const op: Expiring = {
      done: false,
      expire: () => {
        settled(op);
        held.parked = null;
        broker.kernel.cause = request.cause;
        this.answerSession(request, held, []);
      },
    };
    session.parked = { request, op };
    broker.expiry.add(op, body.maxWaitMs * 1000);
  }

  private wakeSession(session: Session): void {
    const { parked } = session;
    if (!parked || !this.sessionHasNews(session)) return;
    settled(parked.op);
    session.parked = null;
    this.answerSession(parked.request, session, []);
  }

  private sessionHasNews(session: Session): boolean {
    for (const part of session.parts) {
      const p = part.partition;
      if (p.role !== 'leader' || part.asked.currentLeaderEpoch !== p.state.leaderEpoch) return true;
      if (part.asked.fetchOffset !== p.log.logEndOffset) return true;
    }
    return false;
  }

  private answerSession(request: Request, session: Session, errors: readonly { topic: string; response: FetchPartitionResponse }[]): void {
    const answer = new FetchAnswer();
    for (const e of errors) answer.add(e.topic, e.response);
    let lost: Partition[] | null = null;
    for (const part of session.parts) {
      const p = part.partition;
      const error = this.leaderError(p, part.asked) || (part.asked.fetchOffset < p.log.logStartOffset ? ERR.OFFSET_OUT_OF_RANGE : 0);
      if (error !== 0) {
        answer.add(p.topic, empty(part.asked.partition, error));
        (lost ??= []).push(p);
        continue;
      }
      const diverging = this.divergence(p, part.asked);
      if (!diverging && part.asked.fetchOffset >= p.log.logEndOffset && part.toldHighWatermark === p.highWatermark && part.toldLogStart === p.log.logStartOffset) continue;
      const records = diverging ? [] : p.log.read(part.asked.fetchOffset, p.log.logEndOffset, part.asked.partitionMaxBytes, answer.bytes === 0);
      part.toldHighWatermark = p.highWatermark;
      part.toldLogStart = p.log.logStartOffset;
      answer.add(p.topic, {
        partitionIndex: p.index,
        errorCode: 0,
        highWatermark: p.highWatermark,
        lastStableOffset: lastStableOffset(p),
        logStartOffset: p.log.logStartOffset,
        divergingEpoch: diverging ?? NO_DIVERGENCE,
        abortedTransactions: null,
        preferredReadReplica: -1,
        records,
      });
    }
    if (lost) for (const p of lost) drop(session, p);
    answer.send(this.broker, request, 1);
  }

  /** Where the follower's log parts from the leader's, if it does (KIP-595 in the fetch, KIP-101). */
  private divergence(p: Partition, asked: FetchPartition): { epoch: number; endOffset: number } | null {
    // The common case first: the same epoch, and no further than the leader.
    if (asked.lastFetchedEpoch >= 0 && asked.lastFetchedEpoch === p.log.latestEpoch())
      return asked.fetchOffset > p.log.logEndOffset ? { epoch: asked.lastFetchedEpoch, endOffset: p.log.logEndOffset } : null;
    if (asked.lastFetchedEpoch < 0) return asked.fetchOffset > p.log.logEndOffset ? { epoch: p.log.latestEpoch(), endOffset: p.log.logEndOffset } : null;
    const end = p.log.endOffsetFor(asked.lastFetchedEpoch);
    if (end.epoch < 0) return { epoch: p.log.latestEpoch(), endOffset: p.log.logEndOffset };
    return end.epoch < asked.lastFetchedEpoch || end.endOffset < asked.fetchOffset ? end : null;
  }

  private leaderError(p: Partition | undefined, asked: FetchPartition): number {
    if (!p) return ERR.UNKNOWN_TOPIC_OR_PARTITION;
    if (asked.currentLeaderEpoch >= 0) {
      if (asked.currentLeaderEpoch < p.state.leaderEpoch) return ERR.FENCED_LEADER_EPOCH;
      if (asked.currentLeaderEpoch > p.state.leaderEpoch) return ERR.UNKNOWN_LEADER_EPOCH;
    }
    return p.role === 'leader' ? 0 : ERR.NOT_LEADER_OR_FOLLOWER;
  }

  /* ---- consumers ---- */

  /**
   * Consumers have no sessions here: one that asks for a session is answered in full with session id 0, as by a broker whose cache of
   * sessions is full; one that names a session is told that there is none (KIP-227).
   */
  private consumer(request: Request, asked: FetchRequest): void {
    const { broker } = this;
    if (asked.sessionEpoch > 0) {
      const body: FetchResponse = { throttleTimeMs: 0, errorCode: ERR.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0, responses: [] };
      broker.reply(request, body, body.errorCode);
      return;
    }
    const body = byName(broker, asked);
    if (body.maxWaitMs <= 0 || this.due(body)) {
      this.answerConsumer(request, body);
      return;
    }
    const partitions: Partition[] = [];
    for (const topic of body.topics) for (const asked of topic.partitions) partitions.push(broker.partition(topic.topic, asked.partition)!);
    const holder = request.conn.serverData as { parked?: ParkedConsumer };
    const parked: ParkedConsumer = {
      done: false,
      partitions,
      expire: () => {
        this.unpark(parked);
        delete holder.parked;
        broker.kernel.cause = request.cause;
        this.answerConsumer(request, body);
      },
      wake: () => {
        if (parked.done || !this.due(body)) return;
        this.unpark(parked);
        delete holder.parked;
        this.answerConsumer(request, body);
      },
    };
    holder.parked = parked;
    for (const p of partitions) p.consumers.add(parked);
    broker.expiry.add(parked, body.maxWaitMs * 1000);
  }

  private unpark(parked: ParkedConsumer): void {
    settled(parked);
    for (const p of parked.partitions) p.consumers.delete(parked);
  }

  /** Whether the answer is due: enough to read, an error to tell, or nothing asked. */
  private due(body: FetchRequest): boolean {
    let bytes = 0;
    let parts = 0;
    for (const topic of body.topics) {
      for (const asked of topic.partitions) {
        parts++;
        const p = this.broker.partition(topic.topic, asked.partition);
        if (this.leaderError(p, asked) !== 0 || !p || asked.fetchOffset > p.log.logEndOffset || asked.fetchOffset < p.log.logStartOffset) return true;
        if (asked.lastFetchedEpoch >= 0 && this.divergence(p, asked)) return true;
        const end = readableEnd(p, body.isolationLevel);
        if (asked.fetchOffset < end) bytes += p.log.readableBytes(asked.fetchOffset, end, asked.partitionMaxBytes);
      }
    }
    return parts === 0 || bytes >= body.minBytes;
  }

  private answerConsumer(request: Request, body: FetchRequest): void {
    const answer = new FetchAnswer();
    for (const topic of body.topics) {
      const { topicId = '' } = topic;
      const unknown = this.broker.image.topics.has(topic.topic) ? 0 : topic.topic === '' ? ERR.UNKNOWN_TOPIC_ID : ERR.UNKNOWN_TOPIC_OR_PARTITION;
      for (const asked of topic.partitions) {
        const p = this.broker.partition(topic.topic, asked.partition);
        const error = unknown || this.leaderError(p, asked);
        const diverging = error === 0 && p && asked.lastFetchedEpoch >= 0 ? this.divergence(p, asked) : null;
        if (error !== 0 || !p) answer.add(topic.topic, empty(asked.partition, error), topicId);
        else if (!diverging && (asked.fetchOffset > p.log.logEndOffset || asked.fetchOffset < p.log.logStartOffset)) answer.add(topic.topic, empty(asked.partition, ERR.OFFSET_OUT_OF_RANGE), topicId);
        else {
          const room = Math.max(0, Math.min(asked.partitionMaxBytes, body.maxBytes - answer.bytes));
          const records = diverging ? [] : p.log.read(asked.fetchOffset, readableEnd(p, body.isolationLevel), room, answer.bytes === 0);
          answer.add(
            topic.topic,
            {
              partitionIndex: p.index,
              errorCode: 0,
              highWatermark: p.highWatermark,
              lastStableOffset: lastStableOffset(p),
              logStartOffset: p.log.logStartOffset,
              divergingEpoch: diverging ?? NO_DIVERGENCE,
              abortedTransactions: body.isolationLevel === READ_COMMITTED ? abortedAmong(p, asked.fetchOffset, records) : null,
              preferredReadReplica: -1,
              records,
            },
            topicId,
          );
        }
      }
    }
    answer.send(this.broker, request, 0);
  }
}

/** A request that names topics by id (version 13 and later), with their names beside; '' for an id that no topic has. */
function byName(broker: Broker, body: FetchRequest): FetchRequest {
  if (body.topics.every((t) => t.topic !== '')) return body;
  return { ...body, topics: body.topics.map((t) => (t.topic !== '' ? t : { ...t, topic: broker.image.topicById(t.topicId ?? '')?.name ?? '' })) };
}

interface ParkedConsumer extends Expiring, Waker {
  readonly partitions: readonly Partition[];
}

/** The aborted transactions that reach into what is read (Kafka LocalLog.read, TransactionIndex). */
function abortedAmong(p: Partition, fromOffset: number, records: readonly RecordBatch[]): { producerId: number; firstOffset: number }[] {
  const last = records[records.length - 1];
  return last === undefined ? [] : p.log.transactions.abortedIn(fromOffset, nextOffsetOf(last)).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

function partOf(session: Session, p: Partition): SessionPart | undefined {
  for (const part of session.parts) if (part.partition === p) return part;
  return undefined;
}

function drop(session: Session, p: Partition): void {
  session.parts = session.parts.filter((part) => part.partition !== p);
  p.sessions.delete(session);
}
