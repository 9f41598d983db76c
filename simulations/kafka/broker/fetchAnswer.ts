// One answer to a Fetch: partitions by topic, the range of records that it carries, and who leads where this broker does not.
import type { FetchPartitionResponse, FetchResponse } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { LeaderHints } from './leaderHints.ts';

export const NO_DIVERGENCE = { epoch: -1, endOffset: -1 } as const;

/** Collects the partitions of one answer. */
export class FetchAnswer {
  bytes = 0;
  private error = 0;
  private firstRecord = -1;
  private records = 0;
  private readonly responses: { topic: string; topicId: string; partitions: FetchPartitionResponse[] }[] = [];

  /** @param topicId as it was asked for, '' where topics are named. */
  add(topic: string, response: FetchPartitionResponse, topicId = ''): void {
    let last = this.responses[this.responses.length - 1];
    if (last === undefined || last.topic !== topic || last.topicId !== topicId) this.responses.push((last = { topic, topicId, partitions: [] }));
    last.partitions.push(response);
    if (response.errorCode !== 0) this.error ||= response.errorCode;
    for (const b of response.records ?? []) {
      this.bytes += b.bytes;
      // One run of records can be drawn on an edge; what follows in another partition is told by the appends.
      if (this.records === 0 || this.firstRecord + this.records === b.firstRecord) {
        if (this.records === 0) this.firstRecord = b.firstRecord;
        if (b.firstRecord >= 0) this.records += b.kept === null ? b.count : 0;
      }
    }
  }

  send(broker: Broker, request: Request, sessionId: number): void {
    const body: FetchResponse = { throttleTimeMs: 0, errorCode: 0, sessionId, responses: this.responses };
    broker.reply(
      request,
      this.error !== 0 && request.message.apiVersion >= 12 ? withLeaders(broker, body, request.message.apiVersion) : body,
      this.error,
      64 + this.bytes,
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
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: [],
  };
}

/** From version 12 an error that says that another broker leads tells which, from version 16 also where it is. */
function withLeaders(broker: Broker, body: FetchResponse, version: number): FetchResponse {
  const hints = new LeaderHints(broker);
  const responses = body.responses.map((t) => ({ ...t, partitions: t.partitions.map((p) => (p.errorCode === 0 ? p : { ...p, currentLeader: hints.of(t.topic, p.partitionIndex, p.errorCode) })) }));
  return version >= 16 ? { ...body, responses, nodeEndpoints: hints.endpoints } : { ...body, responses };
}
