// OffsetForLeaderEpoch: where a leader epoch ends in a leader's log, by which a client finds out that its position was truncated
// (KIP-101, KIP-279, KIP-320).
import { ERR } from '../protocol/apiKeys.ts';
import type { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from '../protocol/logMessages.ts';
import type { Broker, Request } from './broker.ts';

export function offsetForLeaderEpoch(broker: Broker, request: Request): void {
  const body = request.message.body as OffsetForLeaderEpochRequest;
  let first = 0;
  const topics = body.topics.map((t) => ({
    topic: t.topic,
    partitions: t.partitions.map((asked) => {
      const errorCode = errorOf(broker, t.topic, asked.partition, asked.currentLeaderEpoch);
      first ||= errorCode;
      const found = errorCode === 0 ? broker.partition(t.topic, asked.partition)!.log.endOffsetFor(asked.leaderEpoch) : { epoch: -1, endOffset: -1 };
      return { errorCode, partition: asked.partition, leaderEpoch: found.epoch, endOffset: found.endOffset };
    }),
  }));
  broker.reply(request, { throttleTimeMs: 0, topics } satisfies OffsetForLeaderEpochResponse, first);
}

function errorOf(broker: Broker, topic: string, index: number, currentLeaderEpoch: number): number {
  if (!broker.image.partition(topic, index)) return ERR.UNKNOWN_TOPIC_OR_PARTITION;
  const p = broker.partition(topic, index);
  if (!p || p.role !== 'leader') return ERR.NOT_LEADER_OR_FOLLOWER;
  if (currentLeaderEpoch < 0 || currentLeaderEpoch === p.state.leaderEpoch) return 0;
  return currentLeaderEpoch < p.state.leaderEpoch ? ERR.FENCED_LEADER_EPOCH : ERR.UNKNOWN_LEADER_EPOCH;
}
