// Fetch requests: followers with a session that remembers their places (KIP-227), consumers without one, and the long poll of both
// (Kafka ReplicaManager.fetchMessages, DelayedFetch).
import type { Conn } from '../../kernel/network.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import type { FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import type { Partition, Waker } from './partition.ts';
import { lastStableOffset, READ_COMMITTED, readableEnd } from './stable.ts';

const NO_DIVERGENCE = { epoch: -1, endOffset: -1 } as const;

interface SessionPart {
  readonly partition: Partition;
  asked: FetchPartition;
  /** Last high watermark this follower was told. */
  toldHighWatermark: number;
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
        const error = this.leaderError(p, asked);
        if (error !== 0 || !p) {
          if (p) drop(session, p);
          errors.push({ topic: topic.topic, response: empty(asked.partition, error) });
          continue;
        }
        const part = partOf(session, p);
        if (part) part.asked = asked;
        else {
          session.parts.push({ partition: p, asked, toldHighWatermark: -1 });
          p.sessions.add(session);
        }
        if (this.divergence(p, asked)) continue;
        broker.kernel.cause = cause;
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
      const error = this.leaderError(p, part.asked);
      if (error !== 0) {
        answer.add(p.topic, empty(part.asked.partition, error));
        (lost ??= []).push(p);
        continue;
      }
      const diverging = this.divergence(p, part.asked);
      if (!diverging && part.asked.fetchOffset >= p.log.logEndOffset && part.toldHighWatermark === p.highWatermark) continue;
      const records = diverging ? [] : p.log.read(part.asked.fetchOffset, p.log.logEndOffset, part.asked.partitionMaxBytes, answer.bytes === 0);
      part.toldHighWatermark = p.highWatermark;
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

  private consumer(request: Request, body: FetchRequest): void {
    const { broker } = this;
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
        const end = readableEnd(p, body.isolationLevel);
        if (asked.fetchOffset < end) bytes += p.log.readableBytes(asked.fetchOffset, end, asked.partitionMaxBytes);
      }
    }
    return parts === 0 || bytes >= body.minBytes;
  }

  private answerConsumer(request: Request, body: FetchRequest): void {
    const answer = new FetchAnswer();
    for (const topic of body.topics) {
      for (const asked of topic.partitions) {
        const p = this.broker.partition(topic.topic, asked.partition);
        const error = this.broker.image.topics.has(topic.topic) ? this.leaderError(p, asked) : ERR.UNKNOWN_TOPIC_OR_PARTITION;
        if (error !== 0 || !p) answer.add(topic.topic, empty(asked.partition, error));
        else if (asked.fetchOffset > p.log.logEndOffset || asked.fetchOffset < p.log.logStartOffset) answer.add(topic.topic, empty(asked.partition, ERR.OFFSET_OUT_OF_RANGE));
        else {
          const room = Math.max(0, Math.min(asked.partitionMaxBytes, body.maxBytes - answer.bytes));
          const records = p.log.read(asked.fetchOffset, readableEnd(p, body.isolationLevel), room, answer.bytes === 0);
          answer.add(topic.topic, {
            partitionIndex: p.index,
            errorCode: 0,
            highWatermark: p.highWatermark,
            lastStableOffset: lastStableOffset(p),
            logStartOffset: p.log.logStartOffset,
            divergingEpoch: NO_DIVERGENCE,
            abortedTransactions: body.isolationLevel === READ_COMMITTED ? abortedAmong(p, asked.fetchOffset, records) : null,
            preferredReadReplica: -1,
            records,
          });
        }
      }
    }
    answer.send(this.broker, request, 0);
  }
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

/** Collects the partitions of one answer. */
class FetchAnswer {
  bytes = 0;
  private error = 0;
  private firstRecord = -1;
  private records = 0;
  private readonly responses: { topic: string; partitions: FetchPartitionResponse[] }[] = [];

  add(topic: string, response: FetchPartitionResponse): void {
    let last = this.responses[this.responses.length - 1];
    if (last === undefined || last.topic !== topic) this.responses.push((last = { topic, partitions: [] }));
    last.partitions.push(response);
    if (response.errorCode !== 0) this.error ||= response.errorCode;
    for (const b of response.records ?? []) {
      this.bytes += b.bytes;
      // One run of records can be drawn on an edge; what follows in another partition is told by the appends.
      if (this.records === 0 || this.firstRecord + this.records === b.firstRecord) {
        if (this.records === 0) this.firstRecord = b.firstRecord;
        if (b.firstRecord >= 0) this.records += nextOffsetOf(b) - b.baseOffset;
      }
    }
  }

  send(broker: Broker, request: Request, sessionId: number): void {
    const body: FetchResponse = { throttleTimeMs: 0, errorCode: 0, sessionId, responses: this.responses };
    broker.reply(request, body, this.error, 64 + this.bytes, this.records > 0 ? this.firstRecord : -1, this.records);
  }
}

function empty(partition: number, errorCode: number): FetchPartitionResponse {
  return {
    partitionIndex: partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: NO_DIVERGENCE,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: [],
  };
}
