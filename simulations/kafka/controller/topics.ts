// Creating and deleting topics, and adding partitions to them (Kafka ReplicationControlManager, ControllerApis).
import { topicKey, typed, contradiction, wrongWith } from '../metadata/configs.ts';
import { SOURCE, sourcesOf, valueOf } from '../metadata/effective.ts';
import { INTERNAL_TOPICS, newPartition, TOPIC_NAME } from '../metadata/image.ts';
import { TOPIC_KEYS } from '../metadata/configs.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { CreatePartitionsRequest, CreatePartitionsResponse, DeleteTopicsResponse } from '../protocol/adminMessages.ts';
import type { CreatableTopic, CreatableTopicResult, CreateTopicsResponse } from '../protocol/messages.ts';
import { drawUuid } from '../protocol/uuid.ts';
import type { ForwardedCreatePartitions, ForwardedCreateTopics, ForwardedDeleteTopics } from './messages.ts';
import type { Mutations } from './mutationQuota.ts';
import { place, wrongAssignment, type Placement } from './placement.ts';
import type { ControllerState } from './state.ts';

/** More partitions than this a simulated topic cannot have. */
const MAX_PARTITIONS = 200;

interface Refusal {
  readonly errorCode: number;
  readonly errorMessage: string;
}

const BEYOND_QUOTA: Refusal = { errorCode: ERR.THROTTLING_QUOTA_EXCEEDED, errorMessage: 'The client is beyond its controller_mutation_rate: ask again when throttle_time_ms is over.' };

export interface NewTopic {
  readonly name: string;
  readonly placements: readonly Placement[];
  readonly configs: readonly (readonly [name: string, value: string])[];
  readonly auto: boolean;
}

export class Topics {
  private readonly state: ControllerState;

  constructor(state: ControllerState) {
    this.state = state;
  }

  /** Writes a topic, its settings and its partitions. */
  write(topic: NewTopic): void {
    const { state } = this;
    const { kernel: k, process } = state;
    const { name } = topic;
    state.write({ type: 'topic', name, id: this.nextId(name), internal: INTERNAL_TOPICS.has(name) });
    for (const [key, value] of topic.configs) state.write({ type: 'config', of: 'topic', resource: name, key, value });
    const sym = k.trace.sym(name);
    k.cause = k.trace.emit('kafka.topicCreated', process.sym, k.cause, sym, topic.placements.length, topic.placements[0]!.replicas.length, state.configOf(name).minInsyncReplicas, topic.auto);
    this.writePartitions(name, 0, topic.placements);
  }

  private writePartitions(name: string, first: number, placements: readonly Placement[]): void {
    const { kernel: k, process } = this.state;
    placements.forEach(({ replicas, isr }, i) => {
      const state = newPartition(replicas, isr);
      this.state.write({ type: 'partition', topic: name, partition: first + i, state });
      k.trace.emit('kafka.leaderElected', process.sym, k.cause, k.trace.sym(name), first + i, state.leader, -1, 0, k.trace.sym(isr.join(',')), k.trace.sym(replicas.join(',')), false);
    });
  }

  /** An id drawn from the name and from how often a topic of that name was created: it depends on no other topic. */
  private nextId(name: string): string {
    const before = this.state.log.filter((r) => r.type === 'topic' && r.name === name).length;
    return drawUuid(this.state.kernel.seed, `topic/${name}/id/${before}`);
  }

  /* ---- CreateTopics ---- */

  create(request: ForwardedCreateTopics, version: number): CreateTopicsResponse {
    const mutations = this.state.mutationsOf(request, version, 6);
    const names = request.topics.map((t) => t.name);
    const { cause } = this.state.kernel;
    const topics = request.topics.map((t): CreatableTopicResult => {
      this.state.kernel.cause = cause;
      const twice = names.indexOf(t.name) !== names.lastIndexOf(t.name);
      const made = twice ? { errorCode: ERR.INVALID_REQUEST, errorMessage: `Topic ${t.name} stands in the request more than once.` } : this.plan(t, request.auto);
      if (!('errorCode' in made) && !mutations.take(made.placements.length)) return { name: t.name, topicId: ZERO_UUID, ...BEYOND_QUOTA, numPartitions: -1, replicationFactor: -1, configs: [] };
      if ('errorCode' in made) return { name: t.name, topicId: ZERO_UUID, ...made, numPartitions: -1, replicationFactor: -1, configs: [] };
      const topicId = this.nextId(t.name);
      if (!request.validateOnly) this.write(made);
      return { name: t.name, topicId, errorCode: 0, errorMessage: null, numPartitions: made.placements.length, replicationFactor: made.placements[0]!.replicas.length, configs: this.described(made) };
    });
    return { throttleTimeMs: mutations.throttleMs, topics: topics.filter((t, i) => names.indexOf(t.name) === i) };
  }

  private plan(t: CreatableTopic, auto: boolean): NewTopic | Refusal {
    const { image } = this.state;
    const refuse = (errorCode: number, errorMessage: string): Refusal => ({ errorCode, errorMessage });
    if (!TOPIC_NAME.test(t.name)) return refuse(ERR.INVALID_TOPIC_EXCEPTION, `The topic name ${JSON.stringify(t.name)} is not valid: use 1 to 249 of letters, digits, '.', '_' and '-'.`);
    if (image.topics.has(t.name)) return refuse(ERR.TOPIC_ALREADY_EXISTS, `Topic ${t.name} exists.`);
    // Names of metrics do not tell '.' from '_'.
    const alike = [...image.topics.keys()].find((name) => name.replaceAll('.', '_') === t.name.replaceAll('.', '_'));
    if (alike !== undefined) return refuse(ERR.INVALID_TOPIC_EXCEPTION, `Topic ${t.name} cannot be told from ${alike}.`);
    const configs: [string, string][] = [];
    for (const c of t.configs) {
      if (c.value === null) return refuse(ERR.INVALID_CONFIG, `The setting ${c.name} has no value.`);
      const wrong = wrongSetting(c.name, c.value);
      if (wrong) return refuse(ERR.INVALID_CONFIG, wrong);
      configs.push([c.name, c.value]);
    }
    const own = new Map(configs);
    const against = contradiction(typed((key) => own.get(key.name) ?? valueOf(key, image, this.state.file, { topic: null, broker: null })));
    if (against) return refuse(ERR.INVALID_CONFIG, against);
    const placements = t.assignments.length > 0 ? this.assigned(t) : this.placed(t);
    return Array.isArray(placements) ? { name: t.name, placements, configs, auto } : (placements as Refusal);
  }

  private assigned(t: CreatableTopic): Placement[] | Refusal {
    const refuse = (errorMessage: string, errorCode: number = ERR.INVALID_REPLICA_ASSIGNMENT): Refusal => ({ errorCode, errorMessage });
    if (t.replicationFactor !== -1 || t.numPartitions !== -1) return refuse('An assignment was given; numPartitions and replicationFactor must then be -1.', ERR.INVALID_REQUEST);
    if (t.assignments.length > MAX_PARTITIONS) return refuse(`${t.assignments.length} partitions: use 1 to ${MAX_PARTITIONS}.`, ERR.INVALID_PARTITIONS);
    const out: Placement[] = [];
    for (let p = 0; p < t.assignments.length; p++) {
      const given = t.assignments.filter((a) => a.partitionIndex === p);
      if (given.length !== 1) return refuse('Partitions must be numbered from 0 on, each once.');
      const replicas = given[0]!.brokerIds;
      const wrong = wrongAssignment(this.state.image, replicas, out[0]?.replicas.length ?? null);
      const isr = replicas.filter(this.state.isActive);
      if (wrong) return refuse(wrong);
      if (isr.length === 0) return refuse(`All brokers given for partition ${p} are fenced or shut down.`);
      out.push({ replicas, isr });
    }
    return out;
  }

  private placed(t: CreatableTopic): Placement[] | Refusal {
    const { config, image, kernel } = this.state;
    const replicas = t.replicationFactor === -1 ? config.defaultReplicationFactor : t.replicationFactor;
    const count = t.numPartitions === -1 ? config.numPartitions : t.numPartitions;
    if (replicas < 1) return { errorCode: ERR.INVALID_REPLICATION_FACTOR, errorMessage: 'The replication factor must be at least 1, or -1 for the default.' };
    if (count < 1 || count > MAX_PARTITIONS) return { errorCode: ERR.INVALID_PARTITIONS, errorMessage: `${count} partitions: use 1 to ${MAX_PARTITIONS}, or -1 for the default.` };
    const placements = place(image, kernel.seed, t.name, { first: 0, count, replicas });
    return typeof placements === 'string' ? { errorCode: ERR.INVALID_REPLICATION_FACTOR, errorMessage: placements } : placements;
  }

  /** The settings that the new topic has, by name. */
  private described(topic: NewTopic): CreatableTopicResult['configs'] {
    const own = new Map(topic.configs);
    const { image, file } = this.state;
    return TOPIC_KEYS.map((key) => {
      const set = own.get(key.name);
      const [first] = sourcesOf(key, image, file, { topic: null, broker: null });
      const value = set ?? (first!.source === SOURCE.fallback ? key.fallback : first!.value);
      return { name: key.name, value, readOnly: false, configSource: set === undefined ? first!.source : SOURCE.topic, isSensitive: false };
    });
  }

  /* ---- DeleteTopics ---- */

  remove(request: ForwardedDeleteTopics, version: number): DeleteTopicsResponse {
    const mutations = this.state.mutationsOf(request, version, 5);
    const { state } = this;
    const { kernel: k, process, image } = state;
    const all = [...request.topics, ...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }))];
    const isSame = (a: (typeof all)[number], b: (typeof all)[number]) => a.name === b.name && a.topicId === b.topicId;
    // What stands there more than once is refused, and answered once.
    const asked = all.filter((t, i) => all.findIndex((other) => isSame(t, other)) === i);
    const isTwice = (t: (typeof all)[number]) => all.filter((other) => isSame(t, other)).length > 1;
    const { cause } = k;
    // Settled against the topics as they stand before any of them goes.
    const found = asked.map((t) => (t.topicId === ZERO_UUID ? (t.name === null ? undefined : image.topics.get(t.name)) : image.topicById(t.topicId)));
    const responses = asked.map((t, i) => {
      const topic = found[i];
      const refuse = (errorCode: number, errorMessage: string | null = null) => ({ name: t.name, topicId: t.topicId, errorCode, errorMessage });
      if (t.name !== null && t.topicId !== ZERO_UUID) return refuse(ERR.INVALID_REQUEST, 'Name the topic or give its id, not both.');
      if (t.name === null && t.topicId === ZERO_UUID) return refuse(ERR.INVALID_REQUEST, 'Name the topic or give its id.');
      if (isTwice(t)) return refuse(ERR.INVALID_REQUEST, 'The topic stands in the request more than once.');
      if (!topic) return refuse(t.name === null ? ERR.UNKNOWN_TOPIC_ID : ERR.UNKNOWN_TOPIC_OR_PARTITION);
      if (found.indexOf(topic) !== found.lastIndexOf(topic)) return refuse(ERR.INVALID_REQUEST, 'The topic stands in the request more than once.');
      if (!mutations.take(topic.partitions.length)) return refuse(BEYOND_QUOTA.errorCode, BEYOND_QUOTA.errorMessage);
      state.write({ type: 'topicRemoved', name: topic.name, id: topic.id });
      k.cause = k.trace.emit('kafka.topicDeleted', process.sym, cause, k.trace.sym(topic.name));
      return { name: topic.name, topicId: topic.id, errorCode: 0, errorMessage: null };
    });
    return { throttleTimeMs: mutations.throttleMs, responses };
  }

  /* ---- CreatePartitions ---- */

  addPartitions(request: ForwardedCreatePartitions, version: number): CreatePartitionsResponse {
    const mutations = this.state.mutationsOf(request, version, 3);
    const names = request.topics.map((t) => t.name);
    const { kernel: k, process } = this.state;
    const { cause } = k;
    const results = request.topics.map((t) => {
      k.cause = cause;
      const refused = names.indexOf(t.name) !== names.lastIndexOf(t.name) ? { errorCode: ERR.INVALID_REQUEST, errorMessage: `Topic ${t.name} stands in the request more than once.` } : null;
      const planned = refused ?? this.planMore(t, mutations);
      if (!Array.isArray(planned)) return { name: t.name, ...(planned as Refusal) };
      if (!request.validateOnly) {
        const first = this.state.image.topics.get(t.name)!.partitions.length;
        k.cause = k.trace.emit('kafka.partitionsCreated', process.sym, k.cause, k.trace.sym(t.name), first, first + planned.length);
        this.writePartitions(t.name, first, planned);
      }
      return { name: t.name, errorCode: 0, errorMessage: null };
    });
    return { throttleTimeMs: mutations.throttleMs, results: results.filter((r, i) => names.indexOf(r.name) === i) };
  }

  private planMore(t: CreatePartitionsRequest['topics'][number], mutations: Mutations): Placement[] | Refusal {
    const { image, kernel, isActive } = this.state;
    const topic = image.topics.get(t.name);
    if (!topic) return { errorCode: ERR.UNKNOWN_TOPIC_OR_PARTITION, errorMessage: `There is no topic ${t.name}.` };
    const first = topic.partitions.length;
    const count = t.count - first;
    const replicas = topic.partitions[0]!.replicas.length;
    if (count <= 0 || t.count > MAX_PARTITIONS) return { errorCode: ERR.INVALID_PARTITIONS, errorMessage: `Topic ${t.name} has ${first} partitions; ask for more, up to ${MAX_PARTITIONS}.` };
    if (!mutations.take(count)) return BEYOND_QUOTA;
    if (t.assignments === null) {
      const placements = place(image, kernel.seed, t.name, { first, count, replicas });
      return typeof placements === 'string' ? { errorCode: ERR.INVALID_REPLICATION_FACTOR, errorMessage: placements } : placements;
    }
    const refuse = (errorMessage: string): Refusal => ({ errorCode: ERR.INVALID_REPLICA_ASSIGNMENT, errorMessage });
    if (t.assignments.length !== count) return refuse(`${count} new partitions, but ${t.assignments.length} assignments.`);
    const out: Placement[] = [];
    for (const { brokerIds } of t.assignments) {
      const wrong = wrongAssignment(image, brokerIds, replicas);
      const isr = brokerIds.filter(isActive);
      if (wrong) return refuse(wrong);
      if (isr.length === 0) return refuse('All brokers given for a partition are fenced or shut down.');
      out.push({ replicas: brokerIds, isr });
    }
    return out;
  }
}

/** What is wrong with a topic setting; null when nothing is. */
export function wrongSetting(name: string, value: string): string | null {
  const key = topicKey(name);
  if (!key) return `${name} is not a topic setting that is simulated.`;
  const wrong = wrongWith(key, value);
  return wrong && `${name} ${wrong}, not ${JSON.stringify(value)}.`;
}
