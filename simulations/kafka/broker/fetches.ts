// Fetch requests: followers with a session that remembers their places (KIP-227), consumers with or without one, and the long poll of both
// (Kafka ReplicaManager.fetchMessages, DelayedFetch).
import type { Conn } from '../../kernel/network.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { NO_BATCHES, nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { ConsumerSessions, type Fetching } from './consumerSessions.ts';
import { settled, type Expiring } from './expiry.ts';
import { empty, FetchAnswer, NO_DIVERGENCE } from './fetchAnswer.ts';
import { FetchSession } from './fetchSession.ts';
import type { Partition } from './partition.ts';
import type { Waker } from './wakers.ts';
import { lastStableOffset, READ_COMMITTED, readableEnd } from './stable.ts';

/** Session epoch of a consumer that wants none. */
const NO_SESSION = -1;

interface PartError {
  readonly topic: string;
  readonly response: FetchPartitionResponse;
}

interface Unknown {
  readonly topic: string;
  readonly topicId: string;
  readonly response: FetchPartitionResponse;
}

export class Fetches {
  private readonly broker: Broker;
  private readonly sessions: ConsumerSessions;

  constructor(broker: Broker) {
    this.broker = broker;
    this.sessions = new ConsumerSessions(broker);
  }

  handle(request: Request): void {
    const body = request.message.body as FetchRequest;
    if (body.replicaId >= 0) this.follower(request, body);
    else this.consumer(request, body);
  }

  /** A follower's or consumer's connection is gone: nothing of it stays parked. */
  connectionClosed(conn: Conn): void {
    const state = conn.serverData as { session: FetchSession | null; parked: ParkedFetch | null } | null;
    state?.session?.end();
    if (state?.parked) this.unpark(state.parked);
  }

  /* ---- followers ---- */

  private follower(request: Request, body: FetchRequest): void {
    const { broker } = this;
    const holder = request.conn.serverData as { session: FetchSession | null };
    let { session } = holder;
    if (body.sessionEpoch === 0 || !session) {
      session?.end();
      holder.session = session = new FetchSession(
        body.replicaId,
        (s) => this.wakeSession(s),
        (s) => this.sessionExpired(s),
      );
    }
    const errors: PartError[] = [];
    const { cause } = broker.kernel;
    const replicaEpoch = body.replicaEpoch ?? -1;
    for (const topic of body.topics) {
      const list = broker.replicasOf(topic.topic);
      for (const asked of topic.partitions) {
        const p = list?.[asked.partition];
        const error = this.leaderError(p, topic.topic, asked) || (p && asked.fetchOffset < p.log.logStartOffset ? ERR.OFFSET_OUT_OF_RANGE : 0);
        if (error !== 0 || !p) {
          if (p) session.drop(p);
          errors.push({ topic: topic.topic, response: empty(asked.partition, error) });
          continue;
        }
        session.ask(p, asked);
        if (this.divergence(p, asked)) continue;
        broker.kernel.cause = cause;
        broker.storage.followerStartsAt(p, session.replica, asked.logStartOffset);
        broker.replication.followerFetched(p, session.replica, asked.fetchOffset, replicaEpoch);
      }
    }
    broker.kernel.cause = cause;
    session.note(broker, replicaEpoch);
    if (errors.length > 0 || body.maxWaitMs <= 0 || session.hasNews()) {
      this.answerSession(request, session, errors);
      return;
    }
    session.calm();
    session.request = request;
    session.deadline.done = false;
    broker.expiry.add(session.deadline, body.maxWaitMs * 1000);
  }

  private sessionExpired(session: FetchSession): void {
    const request = session.request!;
    settled(session.deadline);
    session.request = null;
    this.broker.kernel.cause = request.cause;
    this.answerSession(request, session, []);
  }

  private wakeSession(session: FetchSession): void {
    const { request } = session;
    if (!request || !session.hasNews()) return;
    settled(session.deadline);
    session.request = null;
    this.answerSession(request, session, []);
  }

  private answerSession(request: Request, session: FetchSession, errors: readonly PartError[]): void {
    const answer = new FetchAnswer();
    for (const e of errors) answer.add(e.topic, e.response);
    let lost: Partition[] | null = null;
    for (const part of session.stirred) {
      const p = part.partition;
      const error = this.leaderError(p, p.topic, part.asked) || (part.asked.fetchOffset < p.log.logStartOffset ? ERR.OFFSET_OUT_OF_RANGE : 0);
      if (error !== 0) {
        answer.add(p.topic, empty(part.asked.partition, error));
        (lost ??= []).push(p);
        continue;
      }
      const diverging = this.divergence(p, part.asked);
      if (!diverging && part.asked.fetchOffset >= p.log.logEndOffset && part.toldHighWatermark === p.highWatermark && part.toldLogStart === p.log.logStartOffset) continue;
      const records = diverging ? NO_BATCHES : p.log.read(part.asked.fetchOffset, p.log.logEndOffset, part.asked.partitionMaxBytes, answer.bytes === 0);
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
    if (lost) for (const p of lost) session.drop(p);
    session.calm();
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

  /** @param anyReplica whether a follower will do */
  private leaderError(p: Partition | undefined, topic: string, asked: FetchPartition, anyReplica = false): number {
    if (!p) return this.broker.image.partition(topic, asked.partition) ? ERR.NOT_LEADER_OR_FOLLOWER : ERR.UNKNOWN_TOPIC_OR_PARTITION;
    if (asked.currentLeaderEpoch >= 0) {
      if (asked.currentLeaderEpoch < p.state.leaderEpoch) return ERR.FENCED_LEADER_EPOCH;
      if (asked.currentLeaderEpoch > p.state.leaderEpoch) return ERR.UNKNOWN_LEADER_EPOCH;
    }
    return p.role === 'leader' || (anyReplica && p.role === 'follower') ? 0 : ERR.NOT_LEADER_OR_FOLLOWER;
  }

  /* ---- consumers ---- */

  private consumer(request: Request, asked: FetchRequest): void {
    const { broker } = this;
    const fetching = asked.sessionEpoch === NO_SESSION && asked.sessionId === 0 ? null : this.sessions.begin(asked, request.message.apiVersion);
    if (typeof fetching === 'number') {
      this.refuse(request, fetching);
      return;
    }
    const body = withinQuota(broker, request, byName(broker, fetching ? { ...asked, topics: fetching.topics } : asked));
    if (body.maxWaitMs <= 0 || this.due(body, fromAnyReplica(request))) {
      this.answerConsumer(request, body, fetching);
      return;
    }
    const holder = request.conn.serverData as { parked: ParkedFetch | null };
    const parked = new ParkedFetch(this, request, body, fetching);
    holder.parked = parked;
    for (const topic of body.topics) {
      const list = broker.replicasOf(topic.topic)!;
      for (const { partition } of topic.partitions) list[partition]!.consumers.add(parked);
    }
    broker.expiry.add(parked, body.maxWaitMs * 1000);
  }

  /** A parked fetch has waited long enough. */
  expired(parked: ParkedFetch): void {
    this.unpark(parked);
    this.broker.kernel.cause = parked.request.cause;
    this.answerConsumer(parked.request, parked.body, parked.fetching);
  }

  /** There may be something to read at a partition of a parked fetch. */
  woken(parked: ParkedFetch): void {
    if (parked.done || !this.due(parked.body, fromAnyReplica(parked.request))) return;
    this.unpark(parked);
    this.answerConsumer(parked.request, parked.body, parked.fetching);
  }

  private unpark(parked: ParkedFetch): void {
    settled(parked);
    const holder = parked.request.conn.serverData as { parked: ParkedFetch | null } | null;
    if (holder) holder.parked = null;
  }

  /** Whether the answer is due: enough to read, an error to tell, or nothing asked. */
  private due(body: FetchRequest, anyReplica: boolean): boolean {
    let bytes = 0;
    let parts = 0;
    for (const topic of body.topics) {
      const list = this.isAnother(topic) ? undefined : this.broker.replicasOf(topic.topic);
      for (const asked of topic.partitions) {
        parts++;
        const p = list?.[asked.partition];
        if (!p || this.leaderError(p, topic.topic, asked, anyReplica) !== 0 || asked.fetchOffset > p.log.logEndOffset || asked.fetchOffset < p.log.logStartOffset) return true;
        if (asked.lastFetchedEpoch >= 0 && this.divergence(p, asked)) return true;
        const end = readableEnd(p, body.isolationLevel);
        if (asked.fetchOffset < end) bytes += p.log.readableBytes(asked.fetchOffset, end, asked.partitionMaxBytes);
      }
    }
    return parts === 0 || bytes >= body.minBytes;
  }

  /** Whether a topic of this name was made anew since the session learnt the name of the id. */
  private isAnother({ topic, topicId = '' }: FetchRequest['topics'][number]): boolean {
    return topicId !== '' && topicId !== ZERO_UUID && (this.broker.image.topics.get(topic)?.id ?? topicId) !== topicId;
  }

  private answerConsumer(request: Request, body: FetchRequest, fetching: Fetching | null): void {
    const answer = new FetchAnswer(fetching);
    const anyReplica = fromAnyReplica(request);
    /** What nobody knows is told last: first where the topic's id is unknown, then the rest (Kafka KafkaApis.handleFetchRequest). */
    let unknown: Unknown[] | null = null;
    for (const topic of body.topics) {
      const { topicId = '' } = topic;
      const list = this.broker.replicasOf(topic.topic);
      const known = this.broker.image.topics.get(topic.topic);
      const another = this.isAnother(topic) ? ERR.INCONSISTENT_TOPIC_ID : 0;
      for (const asked of topic.partitions) {
        const p = list?.[asked.partition];
        if (!known?.partitions[asked.partition]) {
          (unknown ??= []).push({ topic: topic.topic, topicId, response: empty(asked.partition, topic.topic === '' ? ERR.UNKNOWN_TOPIC_ID : ERR.UNKNOWN_TOPIC_OR_PARTITION) });
          continue;
        }
        const error = another || this.leaderError(p, topic.topic, asked, anyReplica);
        const diverging = error === 0 && p && asked.lastFetchedEpoch >= 0 ? this.divergence(p, asked) : null;
        if (error !== 0 || !p) answer.add(topic.topic, empty(asked.partition, error), topicId);
        else if (!diverging && (asked.fetchOffset > p.log.logEndOffset || asked.fetchOffset < p.log.logStartOffset)) answer.add(topic.topic, empty(asked.partition, ERR.OFFSET_OUT_OF_RANGE), topicId);
        else {
          const room = Math.max(0, Math.min(asked.partitionMaxBytes, body.maxBytes - answer.bytes));
          const records = diverging ? NO_BATCHES : p.log.read(asked.fetchOffset, readableEnd(p, body.isolationLevel), room, answer.bytes === 0);
          answer.add(topic.topic, records.length === 0 && !diverging ? nothingToRead(p, body.isolationLevel) : answerOf(p, asked, body.isolationLevel, records, diverging), topicId);
        }
      }
    }
    if (unknown) for (const known of [false, true]) for (const u of unknown) if ((u.topic !== '') === known) answer.add(u.topic, u.response, u.topicId);
    const throttleTimeMs = this.broker.quotas.fetched(request, answer.size);
    if (throttleTimeMs > 0) {
      this.broker.reply(request, { throttleTimeMs, errorCode: 0, sessionId: fetching?.id ?? 0, responses: [] } satisfies FetchResponse, 0);
      return;
    }
    const sessionId = fetching ? fetching.end() : 0;
    if (sessionId === null) this.refuse(request, ERR.INVALID_FETCH_SESSION_EPOCH);
    else answer.send(this.broker, request, sessionId);
  }

  private refuse(request: Request, errorCode: number): void {
    this.broker.reply(request, { throttleTimeMs: 0, errorCode, sessionId: 0, responses: [] } satisfies FetchResponse, errorCode);
  }
}

/** From version 11 on a consumer is served by any replica, up to the high watermark that it knows (KIP-392, Kafka FetchParams.fetchOnlyLeader). */
function fromAnyReplica(request: Request): boolean {
  return request.message.apiVersion >= 11;
}

/** A fetch that asks for more than its client may have at once would be held back for ever. */
function withinQuota(broker: Broker, request: Request, body: FetchRequest): FetchRequest {
  const most = broker.quotas.mostFetched(request);
  return most < body.maxBytes ? { ...body, maxBytes: Math.trunc(most), minBytes: Math.min(body.minBytes, Math.trunc(most)) } : body;
}

/** A request that names topics by id (version 13 and later), with their names beside; '' for an id that no topic has. */
function byName(broker: Broker, body: FetchRequest): FetchRequest {
  if (!body.topics.some((t) => t.topic === '')) return body;
  return { ...body, topics: body.topics.map((t) => (t.topic !== '' ? t : { ...t, topic: broker.image.topicById(t.topicId ?? '')?.name ?? '' })) };
}

/** A consumer's fetch that waits for something to read. */
class ParkedFetch implements Expiring, Waker {
  done = false;
  deadlineUs = 0;
  lane: Expiring['lane'] = undefined;
  slot = 0;
  readonly request: Request;
  readonly body: FetchRequest;
  readonly fetching: Fetching | null;
  private readonly fetches: Fetches;

  constructor(fetches: Fetches, request: Request, body: FetchRequest, fetching: Fetching | null) {
    this.fetches = fetches;
    this.fetching = fetching;
    this.request = request;
    this.body = body;
  }

  expire(): void {
    this.fetches.expired(this);
  }

  wake(): void {
    this.fetches.woken(this);
  }
}

function answerOf(
  p: Partition,
  asked: FetchPartition,
  isolationLevel: number,
  records: readonly RecordBatch[],
  diverging: { readonly epoch: number; readonly endOffset: number } | null,
): FetchPartitionResponse {
  return {
    partitionIndex: p.index,
    errorCode: 0,
    highWatermark: p.highWatermark,
    lastStableOffset: lastStableOffset(p),
    logStartOffset: p.log.logStartOffset,
    divergingEpoch: diverging ?? NO_DIVERGENCE,
    abortedTransactions: isolationLevel === READ_COMMITTED ? abortedAmong(p, asked.fetchOffset, records) : null,
    preferredReadReplica: -1,
    records,
  };
}

/** The answer for a partition without records, the same object as long as nothing has moved. */
function nothingToRead(p: Partition, isolationLevel: number): FetchPartitionResponse {
  const last = p.emptyAnswers[isolationLevel];
  if (last && last.highWatermark === p.highWatermark && last.logStartOffset === p.log.logStartOffset && last.lastStableOffset === lastStableOffset(p)) return last;
  const answer: FetchPartitionResponse = {
    partitionIndex: p.index,
    errorCode: 0,
    highWatermark: p.highWatermark,
    lastStableOffset: lastStableOffset(p),
    logStartOffset: p.log.logStartOffset,
    divergingEpoch: NO_DIVERGENCE,
    abortedTransactions: isolationLevel === READ_COMMITTED ? [] : null,
    preferredReadReplica: -1,
    records: NO_BATCHES,
  };
  p.emptyAnswers[isolationLevel] = answer;
  return answer;
}

/** The aborted transactions that reach into what is read (Kafka LocalLog.read, TransactionIndex). */
function abortedAmong(p: Partition, fromOffset: number, records: readonly RecordBatch[]): { producerId: number; firstOffset: number }[] {
  const last = records[records.length - 1];
  return last === undefined ? [] : p.log.transactions.abortedIn(fromOffset, nextOffsetOf(last)).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}
