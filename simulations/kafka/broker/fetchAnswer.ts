// One answer to a Fetch: partitions by topic, the range of records that it carries, and who leads where this broker does not.
import { ERR } from '../protocol/apiKeys.ts';
import { NO_BATCHES } from '../protocol/batch.ts';
import type { FetchPartitionResponse, FetchResponse } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import type { Fetching } from './consumerSessions.ts';
import { LeaderHints } from './leaderHints.ts';

export const NO_DIVERGENCE = { epoch: -1, endOffset: -1 } as const;

/** Where the partitions of a topic are collected: an answer is put together in one go. */
const collected: FetchPartitionResponse[] = [];

/** Collects the partitions of one answer. */
export class FetchAnswer {
  bytes = 0;
  private error = 0;
  private firstRecord = -1;
  private records = 0;
  /** What of it is told; null = everything. */
  private readonly fetching: Fetching | null;
  private responses: { topic: string; topicId: string; partitions: FetchPartitionResponse[] }[] = [];
  private topic = '';
  private topicId = '';
  /** Partitions of the topic at hand. */
  private count = 0;

  constructor(fetching: Fetching | null = null) {
    this.fetching = fetching;
  }

  /** @param topicId as it was asked for, '' where topics are named. */
  add(topic: string, response: FetchPartitionResponse, topicId = ''): void {
    if (this.fetching && !this.fetching.tells(topic, topicId, response)) return;
    if (this.count > 0 && (this.topic !== topic || this.topicId !== topicId)) this.endTopic();
    this.topic = topic;
    this.topicId = topicId;
    collected[this.count++] = response;
    if (response.errorCode !== 0) this.error ||= response.errorCode;
    for (const b of response.records ?? NO_BATCHES) {
      this.bytes += b.bytes;
      // One run of records can be drawn on an edge; what follows in another partition is told by the appends.
      if (this.records === 0 || this.firstRecord + this.records === b.firstRecord) {
        if (this.records === 0) this.firstRecord = b.firstRecord;
        if (b.firstRecord >= 0) this.records += b.kept === null ? b.count : 0;
      }
    }
  }

  /** On the network, in bytes. */
  get size(): number {
    return 64 + this.bytes;
  }

  private endTopic(): void {
    const topic = { topic: this.topic, topicId: this.topicId, partitions: collected.slice(0, this.count) };
    this.count = 0;
    if (this.responses.length === 0) this.responses = [topic];
    else this.responses.push(topic);
  }

  send(broker: Broker, request: Request, sessionId: number): void {
    if (this.count > 0) this.endTopic();
    const body: FetchResponse = { throttleTimeMs: 0, errorCode: 0, sessionId, responses: this.responses };
    broker.reply(
      request,
      this.error !== 0 && request.message.apiVersion >= 12 ? withLeaders(broker, body, request.message.apiVersion) : body,
      this.error,
      this.size,
      this.records > 0 ? this.firstRecord : -1,
      this.records,
    );
  }
}

export function empty(partition: number, errorCode: number): FetchPartitionResponse {
  return {
    partitionIndex: partition,
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: NO_DIVERGENCE,
    // What is refused before the log is asked has none, what the log refuses says nothing of them (Kafka FetchResponse.partitionResponse, LogReadResult).
    abortedTransactions: errorCode === ERR.UNKNOWN_TOPIC_OR_PARTITION || errorCode === ERR.UNKNOWN_TOPIC_ID ? [] : null,
    preferredReadReplica: -1,
    records: NO_BATCHES,
  };
}

/** From version 12 an error that says that another broker leads tells which, from version 16 also where it is. */
function withLeaders(broker: Broker, body: FetchResponse, version: number): FetchResponse {
  const hints = new LeaderHints(broker);
  const responses = body.responses.map((t) => ({ ...t, partitions: t.partitions.map((p) => (p.errorCode === 0 ? p : { ...p, currentLeader: hints.of(t.topic, p.partitionIndex, p.errorCode) })) }));
  return version >= 16 ? { ...body, responses, nodeEndpoints: hints.endpoints } : { ...body, responses };
}
