// What a broker tells of the cluster from its own image: settings, brokers, partitions (Kafka ConfigHelper, KafkaApis,
// DescribeTopicPartitionsRequestHandler).
import { TOPIC_KEYS, typeNumber, type ConfigKey } from '../metadata/configs.ts';
import { groupSettings } from '../metadata/groupConfigs.ts';
import { SOURCE, sourcesOf, type Sourced, type Whose } from '../metadata/effective.ts';
import { brokerName, CLUSTER_ID, TOPIC_NAME } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import {
  firstErrorIn,
  RESOURCE,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  type DescribeConfigsRequest,
  type DescribeConfigsResult,
  type DescribedConfig,
  type DescribedTopic,
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
} from '../protocol/adminMessages.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { Broker, Request } from './broker.ts';
import { CLUSTER_OPERATIONS, NOT_ASKED, PORT, TOPIC_OPERATIONS } from './metadata.ts';

/** max.request.partition.size.limit (Kafka 4.0 default). */
const PARTITION_LIMIT = 2_000;

/* ---- DescribeConfigs ---- */

export function describeConfigs(broker: Broker, request: Request): void {
  const body = request.message.body as DescribeConfigsRequest;
  const results = body.resources.map((r): DescribeConfigsResult => {
    const told = { resourceType: r.resourceType, resourceName: r.resourceName };
    const described = describeResource(broker, r.resourceType, r.resourceName);
    if ('errorCode' in described) return { ...told, ...described, configs: [] };
    const { configurationKeys: keys } = r;
    // An empty list of names asks for all, as none does.
    const configs = described.configs.filter((c) => keys === null || keys.length === 0 || keys.includes(c.name)).map((c) => (body.includeSynonyms ? c : { ...c, synonyms: [] }));
    return { ...told, errorCode: 0, errorMessage: null, configs };
  });
  const response = { throttleTimeMs: 0, results };
  broker.reply(request, response, firstErrorIn(response), 64 + 40 * results.reduce((sum, r) => sum + r.configs.length, 0));
}

function describeResource(broker: Broker, type: number, name: string): { readonly configs: DescribedConfig[] } | { readonly errorCode: number; readonly errorMessage: string | null } {
  if (type === RESOURCE.topic) {
    if (!TOPIC_NAME.test(name)) return { errorCode: ERR.INVALID_TOPIC_EXCEPTION, errorMessage: `The topic name ${JSON.stringify(name)} is not valid.` };
    if (!broker.image.topics.has(name)) return { errorCode: ERR.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: null };
    return { configs: TOPIC_KEYS.map((key) => described(key, key.name, sources(broker, key, { topic: name, broker: broker.id }))) };
  }
  if (type === RESOURCE.group) return name === '' ? { errorCode: ERR.INVALID_REQUEST, errorMessage: 'The name of the group is empty.' } : { configs: ofGroup(broker, name) };
  if (type !== RESOURCE.broker) return { errorCode: ERR.INVALID_REQUEST, errorMessage: `Settings of resource type ${type} are not simulated.` };
  if (name === '') {
    // Only what was changed for all brokers while they run.
    const changed = broker.image.brokerConfigs.get('');
    return {
      configs: TOPIC_KEYS.filter((key) => changed?.has(key.broker)).map((key) =>
        described(
          key,
          key.broker,
          sources(broker, key, { topic: null, broker: null }).filter((s) => s.source === SOURCE.cluster),
        ),
      ),
    };
  }
  if (name !== String(broker.id)) return { errorCode: ERR.INVALID_REQUEST, errorMessage: `This is broker ${broker.id}, not ${name}.` };
  return { configs: TOPIC_KEYS.filter((key) => key.broker !== '').map((key) => described(key, key.broker, sources(broker, key, { topic: null, broker: broker.id }))) };
}

function ofGroup(broker: Broker, group: string): DescribedConfig[] {
  return groupSettings(broker.image, broker.config, group).map(({ key, value, own }) => ({
    name: key.name,
    value,
    readOnly: false,
    configSource: own ? SOURCE.group : SOURCE.fallback,
    isSensitive: false,
    synonyms: [{ name: key.name, value, source: own ? SOURCE.group : SOURCE.fallback }],
    configType: typeNumber(key),
    documentation: null,
  }));
}

function sources(broker: Broker, key: ConfigKey, whose: Whose): Sourced[] {
  return sourcesOf(key, broker.image, broker.file, whose);
}

function described(key: ConfigKey, name: string, found: readonly Sourced[]): DescribedConfig {
  const [first] = found;
  return {
    name,
    // A broker's own setting in this unit has no default: the one in the other unit has.
    value: first!.source !== SOURCE.fallback ? first!.value : key.quietDefault && name === key.broker ? null : key.fallback,
    readOnly: false,
    configSource: first!.source,
    isSensitive: false,
    synonyms: found.filter((s) => s.source !== SOURCE.fallback || (key.broker !== '' && !key.quietDefault)).map((s) => ({ name: s.name, value: s.value, source: s.source })),
    configType: typeNumber(key),
    documentation: null,
  };
}

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
