// Metadata as brokers answer it, from their own image of the metadata log, and topics that clients only name (Kafka KafkaApis, AutoTopicCreationManager).
import { brokerName, CLUSTER_ID, INTERNAL_TOPICS, PORT, TOPIC_NAME, type TopicState } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { CreatableTopic, MetadataRequest, MetadataResponse, MetadataTopic } from '../protocol/messages.ts';
import type { ForwardedCreateTopics } from '../controller/messages.ts';
import type { Broker, Request } from './broker.ts';

/** What a client without an authorizer in its way may do: bits of Kafka's AclOperation for a topic and for the cluster. */
export const TOPIC_OPERATIONS = 0b1101_1111_1000;
export const CLUSTER_OPERATIONS = 0b1_1111_1010_0000;
/** Operations that nobody asked for. */
export const NOT_ASKED = -2_147_483_648;

export function answerMetadata(broker: Broker, request: Request): void {
  const body = request.message.body as MetadataRequest;
  const version = request.message.apiVersion;
  const { image } = broker;
  const live = image.liveBrokers();
  const topics: MetadataTopic[] = [];
  const missing: string[] = [];
  const operations = body.includeTopicAuthorizedOperations ? TOPIC_OPERATIONS : NOT_ASKED;
  // Names may be null, and ids count, from version 12 on; a request that mixes them before is refused as a whole.
  const refused = version < 12 && (body.topics ?? []).some((t) => t.name === null || t.topicId !== ZERO_UUID);
  // A request that names any id is answered by ids only.
  const byId = !refused && (body.topics ?? []).some((t) => t.topicId !== ZERO_UUID);
  for (const asked of body.topics ?? [...image.topics.keys()].sort().map((name) => ({ name, topicId: ZERO_UUID }))) {
    if (refused) {
      topics.push(absent(ERR.INVALID_REQUEST, asked.name ?? '', asked.topicId, operations));
      continue;
    }
    if (byId && asked.topicId === ZERO_UUID) continue;
    const topic = byId ? image.topicById(asked.topicId) : image.topics.get(asked.name ?? '');
    if (topic) topics.push({ ...describe(topic, live, version), topicAuthorizedOperations: operations });
    else if (byId) topics.push(absent(ERR.UNKNOWN_TOPIC_ID, null, asked.topicId, operations));
    else {
      const name = asked.name ?? '';
      const valid = TOPIC_NAME.test(name);
      if (valid && body.allowAutoTopicCreation && broker.config.autoCreateTopicsEnable) missing.push(name);
      topics.push(absent(valid ? ERR.UNKNOWN_TOPIC_OR_PARTITION : ERR.INVALID_TOPIC_EXCEPTION, name, ZERO_UUID, operations));
    }
  }
  if (missing.length > 0) autoCreate(broker, missing);
  const response: MetadataResponse = {
    throttleTimeMs: 0,
    brokers: live.map((id) => ({ nodeId: id, host: brokerName(id), port: PORT, rack: null })),
    clusterId: CLUSTER_ID,
    controllerId: live[0] ?? -1,
    topics,
    clusterAuthorizedOperations: body.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
    errorCode: 0,
  };
  const error = topics.find((t) => t.errorCode !== 0)?.errorCode ?? 0;
  broker.reply(request, response, error, 64 + 32 * topics.length);
}

function absent(errorCode: number, name: string | null, topicId: string, topicAuthorizedOperations: number): MetadataTopic {
  return { errorCode, name, topicId, isInternal: false, partitions: [], topicAuthorizedOperations };
}

function describe(topic: TopicState, live: readonly number[], version: number): MetadataTopic {
  // Version 0 names only replicas that can be reached, and says when some cannot.
  const reachable = (ids: readonly number[]) => (version === 0 ? ids.filter((b) => live.includes(b)) : ids);
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: topic.partitions.map((s, i) => ({
      errorCode: s.leader < 0 ? ERR.LEADER_NOT_AVAILABLE : reachable(s.replicas).length < s.replicas.length ? ERR.REPLICA_NOT_AVAILABLE : 0,
      partitionIndex: i,
      leaderId: s.leader,
      leaderEpoch: s.leaderEpoch,
      replicaNodes: reachable(s.replicas),
      isrNodes: reachable(s.isr),
      offlineReplicas: s.replicas.filter((b) => !live.includes(b)),
    })),
  };
}

/** Asks the controller for topics that a client only named. The client hears UNKNOWN_TOPIC_OR_PARTITION now and finds them when it asks again. */
export function autoCreate(broker: Broker, names: readonly string[]): void {
  const topics: CreatableTopic[] = names.map((name) => {
    const own = INTERNAL_TOPICS.get(name);
    return {
      name,
      numPartitions: own?.partitions ?? -1,
      replicationFactor: own ? Math.min(3, broker.image.liveBrokers().length) : -1,
      assignments: [],
      configs: (own?.configs ?? []).map(([key, value]) => ({ name: key, value })),
    };
  });
  const body: ForwardedCreateTopics = { topics, timeoutMs: 30_000, validateOnly: false, auto: true };
  broker.controllerChannel('forward').send({ api: KEY.CreateTopics, apiVersion: 7, body, bytes: 96, firstRecord: -1, records: 0 }, () => {});
}
