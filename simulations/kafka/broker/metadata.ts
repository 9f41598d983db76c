// Metadata and CreateTopics as brokers answer them, from their own image of the metadata log (Kafka KafkaApis, AutoTopicCreationManager).
import { brokerName, INTERNAL_TOPICS, OFFSETS_PARTITIONS, OFFSETS_TOPIC, TRANSACTIONS_MIN_ISR, TRANSACTIONS_PARTITIONS, TRANSACTIONS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { CreatableTopic, CreateTopicsRequest, CreateTopicsResponse, MetadataRequest, MetadataResponse, MetadataTopic } from '../protocol/messages.ts';
import type { ForwardedCreateTopics } from '../controller/controller.ts';
import type { Broker, Request } from './broker.ts';

export const PORT = 9092;

export function answerMetadata(broker: Broker, request: Request): void {
  const body = request.message.body as MetadataRequest;
  const { image } = broker;
  const live = image.liveBrokers();
  const names = body.topics === null ? [...image.topics.keys()].sort() : body.topics.map((t) => t.name ?? '');
  const topics: MetadataTopic[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const topic = image.topics.get(name);
    if (!topic) {
      const valid = /^[A-Za-z0-9._-]{1,249}$/.test(name);
      if (valid && body.allowAutoTopicCreation && broker.config.autoCreateTopicsEnable) missing.push(name);
      topics.push({ errorCode: valid ? ERR.UNKNOWN_TOPIC_OR_PARTITION : ERR.INVALID_TOPIC_EXCEPTION, name, topicId: ZERO_UUID, isInternal: false, partitions: [] });
      continue;
    }
    topics.push({
      errorCode: 0,
      name,
      topicId: ZERO_UUID,
      isInternal: topic.internal,
      partitions: topic.partitions.map((s, i) => ({
        errorCode: s.leader < 0 ? ERR.LEADER_NOT_AVAILABLE : 0,
        partitionIndex: i,
        leaderId: s.leader,
        leaderEpoch: s.leaderEpoch,
        replicaNodes: s.replicas,
        isrNodes: s.isr,
        offlineReplicas: s.replicas.filter((b) => !live.includes(b)),
      })),
    });
  }
  if (missing.length > 0) autoCreate(broker, missing);
  const response: MetadataResponse = {
    throttleTimeMs: 0,
    brokers: live.map((id) => ({ nodeId: id, host: brokerName(id), port: PORT, rack: null })),
    clusterId: 'millrace',
    controllerId: live[0] ?? -1,
    topics,
  };
  const error = topics.find((t) => t.errorCode !== 0)?.errorCode ?? 0;
  broker.reply(request, response, error, 64 + 32 * topics.length);
}

/** Asks the controller for topics that a client only named. The client hears UNKNOWN_TOPIC_OR_PARTITION now and finds them when it asks again. */
export function autoCreate(broker: Broker, names: readonly string[]): void {
  const topics: CreatableTopic[] = names.map((name) => ({
    name,
    numPartitions: name === OFFSETS_TOPIC ? OFFSETS_PARTITIONS : name === TRANSACTIONS_TOPIC ? TRANSACTIONS_PARTITIONS : -1,
    replicationFactor: INTERNAL_TOPICS.includes(name) ? Math.min(3, broker.image.liveBrokers().length) : -1,
    assignments: [],
    configs: name === TRANSACTIONS_TOPIC ? [{ name: 'min.insync.replicas', value: String(TRANSACTIONS_MIN_ISR) }] : [],
  }));
  const body: ForwardedCreateTopics = { topics, timeoutMs: 30_000, validateOnly: false, auto: true };
  broker.controllerChannel('forward').send({ api: KEY.CreateTopics, apiVersion: 7, body, bytes: 96, firstRecord: -1, records: 0 }, () => {});
}

export function createTopics(broker: Broker, request: Request): void {
  const body = request.message.body as CreateTopicsRequest;
  const forwarded: ForwardedCreateTopics = { topics: body.topics, timeoutMs: body.timeoutMs, validateOnly: body.validateOnly, auto: false };
  broker.controllerChannel('forward').send({ api: KEY.CreateTopics, apiVersion: 7, body: forwarded, bytes: 96, firstRecord: -1, records: 0 }, (answer) => {
    const response: CreateTopicsResponse = answer
      ? (answer.body as CreateTopicsResponse)
      : {
          throttleTimeMs: 0,
          topics: body.topics.map((t) => ({
            name: t.name,
            topicId: ZERO_UUID,
            errorCode: ERR.REQUEST_TIMED_OUT,
            errorMessage: 'The controller did not answer.',
            numPartitions: -1,
            replicationFactor: -1,
          })),
        };
    broker.reply(request, response, response.topics.find((t) => t.errorCode !== 0)?.errorCode ?? 0);
  });
}
