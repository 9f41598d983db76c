// DescribeProducers: what a leader remembers of the producers of a partition (KIP-664).
import { ERR } from '../protocol/apiKeys.ts';
import type { DescribedPartition, DescribeProducersRequest } from '../protocol/transactionMessages.ts';
import type { Broker, Request } from './broker.ts';

export function describeProducers(broker: Broker, request: Request): void {
  const body = request.message.body as DescribeProducersRequest;
  const topics = body.topics.map((t) => ({ name: t.name, partitions: t.partitionIndexes.map((index) => describe(broker, t.name, index)) }));
  broker.reply(request, { throttleTimeMs: 0, topics }, topics.flatMap((t) => t.partitions).find((p) => p.errorCode !== 0)?.errorCode ?? 0);
}

function describe(broker: Broker, topic: string, partitionIndex: number): DescribedPartition {
  const none = (errorCode: number): DescribedPartition => ({ partitionIndex, errorCode, errorMessage: null, activeProducers: [] });
  if (!broker.image.partition(topic, partitionIndex)) return none(ERR.UNKNOWN_TOPIC_OR_PARTITION);
  const p = broker.partition(topic, partitionIndex);
  if (!p || p.role !== 'leader') return none(ERR.NOT_LEADER_OR_FOLLOWER);
  return {
    ...none(0),
    activeProducers: [...p.log.producers].map(([producerId, e]) => ({
      producerId,
      producerEpoch: e.producerEpoch,
      lastSequence: e.lastSequence,
      lastTimestamp: e.lastTimestampMs,
      coordinatorEpoch: e.coordinatorEpoch,
      currentTxnStartOffset: e.currentTxnFirstOffset,
    })),
  };
}
