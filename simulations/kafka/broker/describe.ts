// What a broker tells of the cluster from its own image: brokers and partitions (Kafka KafkaApis,
// DescribeTopicPartitionsRequestHandler).
import { brokerName, CLUSTER_ID, PORT, TOPIC_NAME } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import {
  firstErrorIn,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  type DescribedTopic,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
} from '../protocol/adminMessages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { Broker, Request } from './broker.ts';
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from './metadata.ts';

/** max.request.partition.size.limit (Kafka 4.0 default). */
const PARTITION_LIMIT = 2_000;

/* ---- DescribeCluster ---- */

export function describeCluster(broker: Broker, request: Request): void {
  const body = request.message.body as DescribeClusterRequest;
  const { image } = broker;
  const live = image.liveBrokers();
  const refused = body.endpointType === 1 ? 0 : body.endpointType === 2 ? ERR.MISMATCHED_ENDPOINT_TYPE : ERR.UNSUPPORTED_ENDPOINT_TYPE;
  const ids = refused ? [] : body.includeFencedBrokers ? [...image.brokers.keys()].sort((a, b) => a - b) : live;
  const response: DescribeClusterResponse = {
    throttleTimeMs: 0,
    errorCode: refused,
    errorMessage: refused ? `Endpoint type ${body.endpointType} was asked of a broker.` : null,
    endpointType: 1,
    clusterId: refused ? '' : CLUSTER_ID,
    controllerId: refused ? -1 : (live[0] ?? -1),
    brokers: ids.map((id) => ({ brokerId: id, host: brokerName(id), port: PORT, rack: null, isFenced: image.brokers.get(id)!.fenced })),
    clusterAuthorizedOperations: !refused && body.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
  };
  broker.reply(request, response, refused);
}

/* ---- DescribeTopicPartitions ---- */

export function describeTopicPartitions(broker: Broker, request: Request): void {
  const body = request.message.body as DescribeTopicPartitionsRequest;
  const { image } = broker;
  const all = body.topics.length === 0;
  const from = body.cursor?.topicName ?? '';
  const names = [...new Set(all ? image.topics.keys() : body.topics.map((t) => t.name))].filter((name) => name >= from).sort();
  if (!all && body.cursor && !names.includes(from)) {
    // The cursor must be one of the topics asked for.
    const topics = body.topics.map((t) => unknown(ERR.INVALID_REQUEST, t.name));
    broker.reply(request, { throttleTimeMs: 0, topics, nextCursor: null } satisfies DescribeTopicPartitionsResponse, ERR.INVALID_REQUEST);
    return;
  }
  let left = Math.min(PARTITION_LIMIT, body.responsePartitionLimit);
  let nextCursor: DescribeTopicPartitionsResponse['nextCursor'] = null;
  const topics: DescribedTopic[] = [];
  for (const name of names) {
    const topic = image.topics.get(name);
    const first = name === from ? (body.cursor?.partitionIndex ?? 0) : 0;
    if (left <= 0) {
      nextCursor = { topicName: name, partitionIndex: first };
      break;
    }
    if (!topic) {
      topics.push(unknown(TOPIC_NAME.test(name) ? ERR.UNKNOWN_TOPIC_OR_PARTITION : ERR.INVALID_TOPIC_EXCEPTION, name));
      continue;
    }
    const end = Math.min(topic.partitions.length, first + left);
    topics.push(describedTopic(broker, name, first, end));
    left -= Math.max(0, end - first);
    if (end < topic.partitions.length) {
      nextCursor = { topicName: name, partitionIndex: end };
      break;
    }
  }
  const response: DescribeTopicPartitionsResponse = { throttleTimeMs: 0, topics, nextCursor };
  broker.reply(request, response, firstErrorIn(response), 64 + 48 * topics.length);
}

function unknown(errorCode: number, name: string): DescribedTopic {
  return { errorCode, name, topicId: ZERO_UUID, isInternal: false, partitions: [], topicAuthorizedOperations: TOPIC_OPERATIONS };
}

function describedTopic(broker: Broker, name: string, first: number, end: number): DescribedTopic {
  const topic = broker.image.topics.get(name)!;
  const live = broker.image.liveBrokers();
  return {
    errorCode: 0,
    name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: topic.partitions.slice(first, end).map((s, i) => ({
      errorCode: s.leader < 0 ? ERR.LEADER_NOT_AVAILABLE : 0,
      partitionIndex: first + i,
      leaderId: s.leader,
      leaderEpoch: s.leaderEpoch,
      replicaNodes: s.replicas,
      isrNodes: s.isr,
      eligibleLeaderReplicas: s.elr,
      lastKnownElr: s.lastKnownElr,
      offlineReplicas: s.replicas.filter((b) => !live.includes(b)),
    })),
    topicAuthorizedOperations: TOPIC_OPERATIONS,
  };
}
