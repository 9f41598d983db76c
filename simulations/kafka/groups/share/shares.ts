// ShareFetch and ShareAcknowledge at the leader of partitions: sessions, acknowledgements that come along, and fetches that wait until a record
// can be taken (Kafka KafkaApis, SharePartitionManager, DelayedShareFetch).
import type { Broker, Request } from '../../broker/broker.ts';
import { settled, type Expiring } from '../../broker/expiry.ts';
import { LeaderHints } from '../../broker/leaderHints.ts';
import type { Partition } from '../../broker/partition.ts';
import type { Waker } from '../../broker/wakers.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import { nextOffsetOf, type RecordBatch } from '../../protocol/batch.ts';
import type { AcknowledgementBatch } from '../../protocol/groupMessages.ts';
import type { ShareAcknowledgeRequest, ShareAcknowledgeResponse, ShareFetchPartitionResponse, ShareFetchRequest, ShareFetchResponse } from '../../protocol/shareMessages.ts';
import type { Acquired } from './inFlight.ts';
import { FINAL, INITIAL, keyOf, MAX_GROUPS, ShareSessions, type SessionPart } from './sessions.ts';
import { Persister } from './persister.ts';
import { SharePartition } from './sharePartition.ts';

/** What came of one partition of a request. */
interface Outcome {
  readonly part: SessionPart;
  error: number;
  acknowledged: number | null;
  records: readonly RecordBatch[] | null;
  acquired: readonly Acquired[];
}

interface Waiting extends Expiring, Waker {
  readonly group: string;
  readonly member: string;
  readonly client: string;
  readonly maxBytes: number;
  readonly body: ShareFetchRequest;
  readonly shares: readonly SharePartition[];
}

export class Shares {
  private readonly broker: Broker;
  private readonly sessions: ShareSessions;
  private readonly persister: Persister;
  /** By group, topic id and partition. */
  private readonly partitions = new Map<string, SharePartition>();

  constructor(broker: Broker) {
    this.broker = broker;
    this.sessions = new ShareSessions(MAX_GROUPS * broker.config.groupShareMaxSize, () => Math.floor(broker.kernel.nowUs / 1000));
    this.persister = new Persister(broker);
  }

  handle(request: Request): void {
    if (request.message.api === KEY.ShareFetch) this.fetch(request, request.message.body as ShareFetchRequest);
    else this.acknowledge(request, request.message.body as ShareAcknowledgeRequest);
  }

  /** This broker's role for a partition may have changed. */
  partitionChanged(topic: string, partition: number): void {
    for (const [key, share] of this.partitions) {
      const p = share.partition;
      if (p.topic !== topic || p.index !== partition || (p.role === 'leader' && this.broker.partition(topic, partition) === p)) continue;
      this.partitions.delete(key);
      share.fence();
    }
  }

  /* ---- fetching ---- */

  private fetch(request: Request, body: ShareFetchRequest): void {
    const { groupId: group, memberId: member, shareSessionEpoch: epoch } = body;
    const refuse = (errorCode: number) => {
      const response: ShareFetchResponse = { throttleTimeMs: 0, errorCode, errorMessage: null, responses: [], nodeEndpoints: [] };
      this.broker.reply(request, response, errorCode);
    };
    if (!group || !member) return refuse(ERR.INVALID_REQUEST);
    const asked = body.topics.flatMap((t) => t.partitions.map((p) => ({ topicId: t.topicId, partition: p.partitionIndex, maxBytes: p.partitionMaxBytes, batches: p.acknowledgementBatches })));
    const added = asked.filter((p) => p.maxBytes > 0).map(({ topicId, partition }) => ({ topicId, partition }));
    const said = asked.filter((p) => p.batches.length > 0);
    if (epoch === INITIAL) {
      if (said.length > 0) return refuse(ERR.INVALID_REQUEST);
      const full = this.sessions.open(group, member, added);
      if (full !== 0) return refuse(full);
    } else {
      if (epoch === FINAL && added.length > 0) return refuse(ERR.INVALID_REQUEST);
      const forgotten = body.forgottenTopicsData.flatMap((t) => t.partitions.map((partition) => ({ topicId: t.topicId, partition })));
      const error = this.sessions.next(group, member, epoch, added, forgotten);
      if (error !== 0) return refuse(error);
    }
    const outcomes = new Map<string, Outcome>();
    const outcome = (part: SessionPart): Outcome => {
      const key = keyOf(part);
      let found = outcomes.get(key);
      if (!found) outcomes.set(key, (found = { part, error: 0, acknowledged: null, records: null, acquired: [] }));
      return found;
    };
    let left = 2;
    const done = () => {
      if (--left > 0) return;
      if (epoch === FINAL) this.closeSession(group, member, () => this.answerFetch(request, epoch, outcomes));
      else this.answerFetch(request, epoch, outcomes);
    };
    this.acknowledgeAll(group, member, said, (part, error) => (outcome(part).acknowledged = error), done);
    const client = request.conn.client.name;
    const maxBytes = Math.min(body.maxBytes, this.broker.quotas.mostFetched(request));
    this.take({ group, member, client, maxBytes, body, parts: epoch === FINAL ? [] : this.sessions.parts(group, member), cause: request.cause }, (part) => outcome(part), done);
  }

  /** Takes what is available in a session's partitions, at once or when there is something; at the latest when the wait is over. */
  private take(
    asked: { group: string; member: string; client: string; maxBytes: number; body: ShareFetchRequest; parts: readonly SessionPart[]; cause: number },
    outcome: (part: SessionPart) => Outcome,
    done: () => void,
  ): void {
    const { broker } = this;
    const shares: SharePartition[] = [];
    for (const part of asked.parts) {
      const share = this.shareOf(asked.group, part, (error) => (outcome(part).error = error));
      if (typeof share === 'number') outcome(part).error = share;
      else shares.push(share);
    }
    const finish = () => {
      if (waiting.done) return;
      settled(waiting);
      for (const s of shares) s.waiting.delete(waiting.wake);
      this.takeNow(waiting, outcome);
      done();
    };
    const waiting: Waiting = {
      done: false,
      ...asked,
      shares,
      expire: () => {
        broker.kernel.cause = asked.cause;
        finish();
      },
      wake: () => {
        if (shares.some((s) => s.due || s.state === 'fenced')) finish();
      },
    };
    for (const s of shares) {
      s.waiting.add(waiting.wake);
      s.partition.consumers.add(waiting);
    }
    if (shares.length === 0 || asked.body.maxWaitMs <= 0 || shares.some((s) => s.due || s.state === 'fenced')) return finish();
    broker.expiry.add(waiting, asked.body.maxWaitMs * 1000);
  }

  private takeNow(waiting: Waiting, outcome: (part: SessionPart) => Outcome): void {
    const due = waiting.shares.filter((s) => s.due);
    const room = Math.floor(waiting.maxBytes / Math.max(1, due.length));
    const { kernel } = this.broker;
    const { cause } = kernel;
    for (const s of waiting.shares) {
      const of = outcome({ topicId: s.topicId, partition: s.partition.index });
      if (s.state === 'fenced') of.error ||= ERR.NOT_LEADER_OR_FOLLOWER;
      if (!due.includes(s)) continue;
      kernel.cause = cause;
      const { log, highWatermark } = s.partition;
      const read = log.read(s.records.nextFetchOffset(), highWatermark, room, true);
      const last = read[read.length - 1];
      if (!last) continue;
      of.acquired = s.acquire(waiting.member, waiting.client, read[0]!.baseOffset, nextOffsetOf(last) - 1);
      of.records = sliced(read, of.acquired);
    }
    kernel.cause = cause;
  }

  /** @param failed takes the error when its state cannot be read. @returns an error code where there is none to be had. */
  private shareOf(group: string, part: SessionPart, failed: (error: number) => void): SharePartition | number {
    const { broker } = this;
    const topic = broker.image.topicById(part.topicId);
    if (!topic) return ERR.UNKNOWN_TOPIC_ID;
    if (!topic.partitions[part.partition]) return ERR.UNKNOWN_TOPIC_OR_PARTITION;
    const partition: Partition | undefined = broker.partition(topic.name, part.partition);
    if (partition?.role !== 'leader') return ERR.NOT_LEADER_OR_FOLLOWER;
    const key = `${group}/${keyOf(part)}`;
    let share = this.partitions.get(key);
    if (!share) {
      const fresh = new SharePartition({ broker, persister: this.persister, group, topicId: part.topicId, partition });
      this.partitions.set(key, (share = fresh));
      fresh.initialise((error) => {
        if (this.partitions.get(key) === fresh) this.partitions.delete(key);
        fresh.fence();
        failed(error);
      });
    }
    return share;
  }

  private answerFetch(request: Request, epoch: number, outcomes: ReadonlyMap<string, Outcome>): void {
    const hints = new LeaderHints(this.broker);
    let first = 0;
    let bytes = 0;
    const range = { first: -1, records: 0 };
    const topics = new Map<string, ShareFetchPartitionResponse[]>();
    for (const { part, error, acknowledged, records, acquired } of outcomes.values()) {
      // A session that goes on hears of what there is to say only.
      if (epoch !== INITIAL && error === 0 && acknowledged === null && acquired.length === 0) continue;
      first ||= error || (acknowledged ?? 0);
      for (const b of records ?? []) {
        bytes += b.bytes;
        if (b.firstRecord >= 0 && (range.records === 0 || range.first + range.records === b.firstRecord)) {
          if (range.records === 0) range.first = b.firstRecord;
          range.records += b.kept === null ? b.count : 0;
        }
      }
      const list = topics.get(part.topicId) ?? [];
      topics.set(part.topicId, list);
      const name = this.broker.image.topicById(part.topicId)?.name ?? '';
      list.push({
        partitionIndex: part.partition,
        errorCode: error,
        errorMessage: null,
        acknowledgeErrorCode: acknowledged ?? 0,
        acknowledgeErrorMessage: null,
        currentLeader: hints.of(name, part.partition, error || (acknowledged ?? 0)),
        records,
        acquiredRecords: acquired,
      });
    }
    const response: ShareFetchResponse = {
      throttleTimeMs: 0,
      errorCode: 0,
      errorMessage: null,
      responses: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
      nodeEndpoints: hints.endpoints,
    };
    const throttleTimeMs = this.broker.quotas.fetched(request, 64 + bytes);
    // Beyond its quota a member hears of nothing: what was taken for it stays locked until its time is over.
    if (throttleTimeMs > 0) this.broker.reply(request, { ...response, throttleTimeMs, responses: [], nodeEndpoints: [] } satisfies ShareFetchResponse, 0);
    else this.broker.reply(request, response, first, 64 + bytes, range.first, range.records);
  }

  /* ---- acknowledging ---- */

  private acknowledge(request: Request, body: ShareAcknowledgeRequest): void {
    const { groupId: group, memberId: member, shareSessionEpoch: epoch } = body;
    const refuse = (errorCode: number) => {
      const response: ShareAcknowledgeResponse = { throttleTimeMs: 0, errorCode, errorMessage: null, responses: [], nodeEndpoints: [] };
      this.broker.reply(request, response, errorCode);
    };
    if (!group || !member) return refuse(ERR.INVALID_REQUEST);
    if (epoch === INITIAL) return refuse(ERR.INVALID_SHARE_SESSION_EPOCH);
    const error = this.sessions.next(group, member, epoch);
    if (error !== 0) return refuse(error);
    // A partition of which nothing is said is not answered for.
    const said = body.topics.flatMap((t) =>
      t.partitions.filter((p) => p.acknowledgementBatches.length > 0).map((p) => ({ topicId: t.topicId, partition: p.partitionIndex, batches: p.acknowledgementBatches })),
    );
    const results: { part: SessionPart; error: number }[] = [];
    const answer = () => {
      const hints = new LeaderHints(this.broker);
      const topics = new Map<string, ShareAcknowledgeResponse['responses'][number]['partitions'][number][]>();
      for (const { part, error: errorCode } of results) {
        const list = topics.get(part.topicId) ?? [];
        topics.set(part.topicId, list);
        const name = this.broker.image.topicById(part.topicId)?.name ?? '';
        list.push({ partitionIndex: part.partition, errorCode, errorMessage: null, currentLeader: hints.of(name, part.partition, errorCode) });
      }
      const response: ShareAcknowledgeResponse = {
        throttleTimeMs: 0,
        errorCode: 0,
        errorMessage: null,
        responses: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
        nodeEndpoints: hints.endpoints,
      };
      this.broker.reply(request, response, results.find((r) => r.error !== 0)?.error ?? 0);
    };
    this.acknowledgeAll(
      group,
      member,
      said,
      (part, result) => results.push({ part, error: result }),
      () => (epoch === FINAL ? this.closeSession(group, member, answer) : answer()),
    );
  }

  private acknowledgeAll(
    group: string,
    member: string,
    said: readonly (SessionPart & { readonly batches: readonly AcknowledgementBatch[] })[],
    result: (part: SessionPart, error: number) => void,
    done: () => void,
  ): void {
    let left = said.length;
    if (left === 0) return done();
    for (const { topicId, partition, batches } of said) {
      const part = { topicId, partition };
      const settle = (error: number) => {
        result(part, error);
        if (--left === 0) done();
      };
      const share = this.partitions.get(`${group}/${keyOf(part)}`);
      if (!this.broker.image.topicById(topicId)) settle(ERR.UNKNOWN_TOPIC_ID);
      else if (!valid(batches)) settle(ERR.INVALID_REQUEST);
      else if (!share) settle(ERR.UNKNOWN_TOPIC_OR_PARTITION);
      else share.acknowledge(member, batches, settle);
    }
  }

  /** Whatever the member still has is released. */
  private closeSession(group: string, member: string, done: () => void): void {
    const parts = this.sessions.close(group, member);
    let left = parts.length;
    if (left === 0) return done();
    const settle = () => {
      if (--left === 0) done();
    };
    for (const part of parts) {
      const share = this.partitions.get(`${group}/${keyOf(part)}`);
      if (share) share.release(member, settle);
      else settle();
    }
  }
}

/** In order, without overlap, and with one type for all or one for each record (Kafka validateAcknowledgementBatches). */
function valid(batches: readonly AcknowledgementBatch[]): boolean {
  let end = -1;
  for (const { firstOffset, lastOffset, acknowledgeTypes } of batches) {
    if (firstOffset > lastOffset || firstOffset <= end || acknowledgeTypes.length === 0) return false;
    if (acknowledgeTypes.length > 1 && acknowledgeTypes.length !== lastOffset - firstOffset + 1) return false;
    if (acknowledgeTypes.some((type) => type < 0 || type > 3)) return false;
    end = lastOffset;
  }
  return true;
}

/** The batches that hold what was acquired; null when nothing was. */
function sliced(batches: readonly RecordBatch[], acquired: readonly Acquired[]): readonly RecordBatch[] | null {
  const first = acquired[0];
  if (!first) return null;
  const last = acquired[acquired.length - 1]!.lastOffset;
  return batches.filter((b) => nextOffsetOf(b) > first.firstOffset && b.baseOffset <= last);
}
