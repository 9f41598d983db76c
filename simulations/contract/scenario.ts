// The scenario document: what exists, what load it carries, which faults strike by default, and what is watched.
import { contradiction, topicKey, TOPIC_KEYS, typed, wrongWith } from '../kafka/metadata/configs.ts';
import { STORY_KINDS } from '../story/catalogue.ts';
import { streams } from './streams.ts';
import { check, choice, flag, integer, list, nearest, object, optional, record, text, type Problem, type Valid } from './schema.ts';

export const SCHEMA_VERSION = 1;

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;
const KAFKA = 'Kafka 4.0 configuration';

const bilingual = (doc: string) => object({ ko: text({ doc: 'Korean' }), en: text({ doc: 'English' }) }, { doc });

const clusterConfig = object(
  {
    autoCreateTopicsEnable: flag({ default: true, doc: 'auto.create.topics.enable: a topic that a client only names is created.', source: KAFKA }),
    numPartitions: integer({ min: 1, max: 200, default: 1, doc: 'num.partitions of an auto-created topic.', source: KAFKA }),
    defaultReplicationFactor: integer({ min: 1, max: 7, default: 1, doc: 'default.replication.factor of an auto-created topic.', source: KAFKA }),
    minInsyncReplicas: integer({ min: 1, max: 7, default: 1, doc: 'min.insync.replicas where a topic does not set it.', source: KAFKA }),
    uncleanLeaderElectionEnable: flag({ default: false, doc: 'unclean.leader.election.enable.', source: KAFKA }),
    uncleanLeaderElectionIntervalMs: integer({
      min: 1_000,
      max: 600_000,
      default: 300_000,
      unit: 'ms',
      doc: 'unclean.leader.election.interval.ms: how often partitions without a leader are tried again.',
      source: KAFKA,
    }),
    autoLeaderRebalanceEnable: flag({ default: true, doc: 'auto.leader.rebalance.enable: leadership goes back to preferred replicas that are in sync.', source: KAFKA }),
    leaderImbalanceCheckIntervalSeconds: integer({ min: 1, max: 600, default: 300, unit: 's', doc: 'leader.imbalance.check.interval.seconds.', source: KAFKA }),
    replicaLagTimeMaxMs: integer({ min: 100, max: 600_000, default: 30_000, unit: 'ms', doc: 'replica.lag.time.max.ms; the shrink check runs at half of it.', source: KAFKA }),
    replicaFetchWaitMaxMs: integer({ min: 1, max: 60_000, default: 500, unit: 'ms', doc: 'replica.fetch.wait.max.ms.', source: KAFKA }),
    replicaFetchBackoffMs: integer({ min: 1, max: 60_000, default: 1_000, unit: 'ms', doc: 'replica.fetch.backoff.ms after a failed fetch.', source: KAFKA }),
    brokerHeartbeatIntervalMs: integer({ min: 50, max: 60_000, default: 2_000, unit: 'ms', doc: 'broker.heartbeat.interval.ms.', source: KAFKA }),
    brokerSessionTimeoutMs: integer({ min: 100, max: 600_000, default: 9_000, unit: 'ms', doc: 'broker.session.timeout.ms.', source: KAFKA }),
    groupInitialRebalanceDelayMs: integer({ min: 0, max: 60_000, default: 3_000, unit: 'ms', doc: 'group.initial.rebalance.delay.ms.', source: KAFKA }),
    groupMinSessionTimeoutMs: integer({ min: 1, max: 1_800_000, default: 6_000, unit: 'ms', doc: 'group.min.session.timeout.ms.', source: KAFKA }),
    groupMaxSessionTimeoutMs: integer({ min: 1, max: 1_800_000, default: 1_800_000, unit: 'ms', doc: 'group.max.session.timeout.ms.', source: KAFKA }),
    logRetentionCheckIntervalMs: integer({ min: 10, max: 600_000, default: 300_000, unit: 'ms', doc: 'log.retention.check.interval.ms.', source: KAFKA }),
    logInitialTaskDelayMs: integer({ min: 0, max: 600_000, default: 30_000, unit: 'ms', doc: 'log.initial.task.delay.ms before the first look at retention.', source: KAFKA }),
    logCleanerBackoffMs: integer({ min: 10, max: 600_000, default: 15_000, unit: 'ms', doc: 'log.cleaner.backoff.ms between two looks of the log cleaner.', source: KAFKA }),
    producerIdExpirationMs: integer({
      min: 1,
      max: 2_147_483_647,
      default: 86_400_000,
      unit: 'ms',
      doc: 'producer.id.expiration.ms: how long a partition remembers a producer that is silent.',
      source: KAFKA,
    }),
    producerIdExpirationCheckIntervalMs: integer({ min: 10, max: 600_000, default: 600_000, unit: 'ms', doc: 'producer.id.expiration.check.interval.ms.', source: KAFKA }),
    groupMaxSize: integer({ min: 1, max: 2_147_483_647, default: 2_147_483_647, doc: 'group.max.size of classic groups.', source: KAFKA }),
    transactionMaxTimeoutMs: integer({ min: 1, max: 86_400_000, default: 900_000, unit: 'ms', doc: 'transaction.max.timeout.ms that a client may ask for.', source: KAFKA }),
    transactionAbortTimedOutCleanupIntervalMs: integer({
      min: 10,
      max: 600_000,
      default: 10_000,
      unit: 'ms',
      doc: 'transaction.abort.timed.out.transaction.cleanup.interval.ms: how often a coordinator looks for transactions that are open for too long.',
      source: KAFKA,
    }),
    groupConsumerSessionTimeoutMs: integer({ min: 1, max: 1_800_000, default: 45_000, unit: 'ms', doc: 'group.consumer.session.timeout.ms.', source: KAFKA }),
    groupConsumerHeartbeatIntervalMs: integer({ min: 1, max: 600_000, default: 5_000, unit: 'ms', doc: 'group.consumer.heartbeat.interval.ms.', source: KAFKA }),
    groupConsumerMaxSize: integer({ min: 1, max: 2_147_483_647, default: 2_147_483_647, doc: 'group.consumer.max.size.', source: KAFKA }),
    groupConsumerMigrationPolicy: choice(['bidirectional', 'upgrade', 'downgrade', 'disabled'], {
      default: 'bidirectional',
      doc: 'group.consumer.migration.policy: whether a classic group becomes a consumer group while it has members, and the other way round.',
      source: KAFKA,
    }),
    groupShareSessionTimeoutMs: integer({ min: 1, max: 1_800_000, default: 45_000, unit: 'ms', doc: 'group.share.session.timeout.ms.', source: KAFKA }),
    groupShareHeartbeatIntervalMs: integer({ min: 1, max: 600_000, default: 5_000, unit: 'ms', doc: 'group.share.heartbeat.interval.ms.', source: KAFKA }),
    groupShareMaxSize: integer({ min: 1, max: 1_000, default: 200, doc: 'group.share.max.size.', source: KAFKA }),
    groupShareRecordLockDurationMs: integer({
      min: 1_000,
      max: 3_600_000,
      default: 30_000,
      unit: 'ms',
      doc: 'group.share.record.lock.duration.ms: how long a member of a share group has a record to itself.',
      source: KAFKA,
    }),
    groupShareDeliveryCountLimit: integer({ min: 2, max: 10, default: 5, doc: 'group.share.delivery.count.limit: after so many deliveries a record is given up.', source: KAFKA }),
    groupSharePartitionMaxRecordLocks: integer({
      min: 100,
      max: 10_000,
      default: 200,
      doc: 'group.share.partition.max.record.locks: records in flight from which on no more are fetched.',
      source: KAFKA,
    }),
    shareAutoOffsetReset: choice(['latest', 'earliest'], { default: 'latest', doc: 'share.auto.offset.reset of every share group.', source: 'Kafka 4.0 GroupConfig' }),
    messageMaxBytes: integer({ min: 100, max: 16_777_216, default: 1_048_588, unit: 'bytes', doc: 'message.max.bytes of one record batch.', source: KAFKA }),
  },
  { doc: 'Broker configuration, the same on every broker.' },
);

/** Settings by Kafka's names, as text. */
const topicSettings = (doc: string) => record(text({ max: 100, doc: 'Value.' }), { max: 30, doc });

const joining = object({ atMs: integer({ min: 1, max: 600_000, unit: 'ms', doc: 'When it starts for the first time.' }) }, { doc: 'A broker that joins later.' });

const cluster = object(
  {
    brokers: integer({ min: 1, max: 24, default: 3, doc: 'Number of brokers, named broker-1, broker-2 ...', source: 'Millrace' }),
    joining: list(joining, { max: 4, default: [], doc: 'Brokers that join while the cluster runs; their numbers follow on.' }),
    config: clusterConfig,
    topicConfig: topicSettings("What topics take where they set nothing, by a topic setting's name; stands in every broker's configuration file."),
  },
  { doc: 'The Kafka cluster. One KRaft controller runs as its own process, controller.' },
);

const topic = object(
  {
    name: text({ pattern: TOPIC, doc: 'Topic name.', source: 'Kafka Topic.validate' }),
    partitions: integer({ min: 1, max: 200, default: 1, doc: 'Number of partitions.', source: KAFKA }),
    replicationFactor: integer({ min: 1, max: 7, default: 3, doc: 'Replicas per partition.', source: KAFKA }),
    minInsyncReplicas: optional(integer({ min: 1, max: 7, doc: 'min.insync.replicas of this topic.', source: KAFKA })),
    config: topicSettings("Settings of this topic by Kafka's names."),
    replicaAssignment: optional(
      list(list(integer({ min: 1, max: 28, doc: 'Broker id.' }), { min: 1, max: 7, doc: 'Replicas of one partition, the preferred leader first.' }), {
        min: 1,
        max: 200,
        doc: 'Where the replicas of each partition lie, as kafka-topics --replica-assignment takes it. Without it the cluster places them.',
        source: 'Kafka TopicCommand',
      }),
    ),
  },
  { doc: 'A topic that exists from the start.' },
);

const process = object(
  {
    name: text({ pattern: NAME, doc: 'Process name; faults and views call it by this.' }),
    role: choice(['producer', 'consumer', 'guest'], { doc: "A native client, or the learner's code (see learner)." }),
    group: optional(text({ pattern: /^[A-Za-z0-9._-]{1,100}$/, doc: 'Group of a consumer.' })),
    topics: list(text({ pattern: TOPIC, doc: 'Topic name.' }), { max: 20, default: [], doc: 'Topics of a consumer.' }),
    acks: choice(['all', '1', '0'], { default: 'all', doc: 'acks of a producer.', source: 'Kafka 4.0 ProducerConfig' }),
    idempotence: flag({ default: true, doc: 'enable.idempotence of a producer; needs acks=all.', source: 'Kafka 4.0 ProducerConfig' }),
    maxInFlight: integer({ min: 1, max: 5, default: 5, doc: 'max.in.flight.requests.per.connection.', source: 'Kafka 4.0 ProducerConfig' }),
    lingerMs: integer({ min: 0, max: 60_000, default: 5, unit: 'ms', doc: 'linger.ms.', source: 'Kafka 4.0 ProducerConfig' }),
    batchRecords: integer({ min: 1, max: 10_000, default: 500, doc: 'Records in one batch at most; stands for batch.size.', source: 'Millrace simplification' }),
    requestTimeoutMs: integer({ min: 100, max: 600_000, default: 30_000, unit: 'ms', doc: 'request.timeout.ms.', source: 'Kafka 4.0 ProducerConfig' }),
    deliveryTimeoutMs: integer({ min: 100, max: 600_000, default: 120_000, unit: 'ms', doc: 'delivery.timeout.ms.', source: 'Kafka 4.0 ProducerConfig' }),
    retries: integer({ min: 0, max: 2_147_483_647, default: 2_147_483_647, doc: 'retries.', source: 'Kafka 4.0 ProducerConfig' }),
    retryBackoffMs: integer({ min: 1, max: 60_000, default: 100, unit: 'ms', doc: 'retry.backoff.ms.', source: 'Kafka 4.0 ProducerConfig' }),
    retryBackoffMaxMs: integer({ min: 1, max: 60_000, default: 1_000, unit: 'ms', doc: 'retry.backoff.max.ms.', source: 'Kafka 4.0 ProducerConfig' }),
    groupType: choice(['consumer', 'share'], {
      default: 'consumer',
      doc: 'Whether a consumer reads partitions of its own (KafkaConsumer) or shares all of them with its group, record by record (KafkaShareConsumer, KIP-932).',
      source: 'Millrace',
    }),
    rejectEvery: integer({ min: 0, max: 100_000, default: 0, doc: 'Every n-th record that a share consumer was given is rejected instead of accepted; 0 = none.', source: 'Millrace' }),
    releaseEvery: integer({ min: 0, max: 100_000, default: 0, doc: 'Every n-th record that a share consumer was given is released for another delivery; 0 = none.', source: 'Millrace' }),
    groupProtocol: choice(['classic', 'consumer'], {
      default: 'classic',
      doc: 'group.protocol of a consumer: who computes the assignment, a member or the broker (KIP-848).',
      source: 'Kafka 4.0 ConsumerConfig',
    }),
    groupRemoteAssignor: optional(
      text({ pattern: /^[a-z-]{1,40}$/, doc: 'group.remote.assignor of a consumer of the consumer protocol: uniform or range; without one the broker chooses.', source: 'Kafka 4.0 ConsumerConfig' }),
    ),
    subscribedTopicRegex: optional(
      text({ max: 249, doc: 'SubscriptionPattern: topics of a consumer of the consumer protocol, in place of their names, as an RE2 expression.', source: 'Kafka 4.0 Consumer.subscribe, KIP-848' }),
    ),
    groupInstanceId: optional(text({ pattern: /^[A-Za-z0-9._-]{1,100}$/, doc: 'group.instance.id: makes a consumer a static member.', source: 'Kafka 4.0 ConsumerConfig' })),
    partitionAssignmentStrategy: list(choice(['range', 'roundrobin', 'sticky', 'cooperative-sticky'], { doc: 'Name of an assignor.' }), {
      min: 1,
      max: 4,
      default: ['range', 'cooperative-sticky'],
      doc: 'partition.assignment.strategy of a consumer of the classic protocol, the preferred one first.',
      source: 'Kafka 4.0 ConsumerConfig',
    }),
    sessionTimeoutMs: integer({ min: 100, max: 1_800_000, default: 45_000, unit: 'ms', doc: 'session.timeout.ms of a consumer.', source: 'Kafka 4.0 ConsumerConfig' }),
    rebalanceTimeoutMs: integer({ min: 100, max: 1_800_000, default: 300_000, unit: 'ms', doc: 'max.poll.interval.ms, sent as the rebalance timeout.', source: 'Kafka 4.0 ConsumerConfig' }),
    heartbeatIntervalMs: integer({ min: 10, max: 600_000, default: 3_000, unit: 'ms', doc: 'heartbeat.interval.ms.', source: 'Kafka 4.0 ConsumerConfig' }),
    fetchMaxWaitMs: integer({ min: 1, max: 60_000, default: 500, unit: 'ms', doc: 'fetch.max.wait.ms.', source: 'Kafka 4.0 ConsumerConfig' }),
    autoOffsetReset: choice(['earliest', 'latest'], { default: 'latest', doc: 'auto.offset.reset.', source: 'Kafka 4.0 ConsumerConfig' }),
    enableAutoCommit: flag({ default: true, doc: 'enable.auto.commit.', source: 'Kafka 4.0 ConsumerConfig' }),
    maxPollRecords: integer({ min: 1, max: 100_000, default: 500, doc: 'max.poll.records.', source: 'Kafka 4.0 ConsumerConfig' }),
    isolationLevel: choice(['read_uncommitted', 'read_committed'], { default: 'read_uncommitted', doc: 'isolation.level of a consumer.', source: 'Kafka 4.0 ConsumerConfig' }),
    transactionalId: optional(
      text({ pattern: /^[A-Za-z0-9._-]{1,100}$/, doc: 'transactional.id of a producer, which then sends in transactions; needs idempotence.', source: 'Kafka 4.0 ProducerConfig' }),
    ),
    transactionTimeoutMs: integer({ min: 1, max: 900_000, default: 60_000, unit: 'ms', doc: 'transaction.timeout.ms of a transactional producer.', source: 'Kafka 4.0 ProducerConfig' }),
    recordsPerTransaction: integer({ min: 1, max: 100_000, default: 10, doc: 'Records after which a transactional producer ends its transaction.', source: 'Millrace' }),
    abortEvery: integer({ min: 0, max: 100_000, default: 0, doc: 'Every n-th transaction is aborted instead of committed; 0 = none.', source: 'Millrace' }),
    autoCommitIntervalMs: integer({ min: 10, max: 600_000, default: 5_000, unit: 'ms', doc: 'auto.commit.interval.ms.', source: 'Kafka 4.0 ConsumerConfig' }),
    workUsPerRecord: integer({ min: 0, max: 600_000_000, default: 0, unit: 'µs', doc: 'Time a consumer works on each record before it takes the next.', source: 'Millrace' }),
    startMs: integer({ min: 0, max: 600_000, default: 0, unit: 'ms', doc: 'When the process starts.' }),
  },
  { doc: 'A client process.' },
);

const story = object(
  {
    kind: choice(STORY_KINDS, { doc: 'What the records tell, as JSON; keys, keyPrefix and valueBytes of the workload say nothing then.' }),
    speed: integer({ min: 1, max: 100_000, default: 60, doc: 'Milliseconds of event time for each millisecond of the run.' }),
    outOfOrderMs: integer({ min: 0, max: 86_400_000, default: 0, unit: 'ms', doc: 'Every record is late by up to this, in event time.' }),
    lateOneIn: integer({ min: 0, max: 1_000_000, default: 0, doc: 'One in so many records is late by lateMs; 0 = none.' }),
    lateMs: integer({ min: 0, max: 86_400_000, default: 0, unit: 'ms', doc: 'How late such a record is, in event time.' }),
    viewers: integer({ min: 1, max: 100_000, default: 24, doc: 'Number of viewers.' }),
    titles: integer({ min: 1, max: 10_000, default: 8, doc: 'Number of titles.' }),
    endMarker: flag({ default: false, doc: 'After the last record each partition gets a record that says that the stream has ended.' }),
  },
  { doc: 'Records with content: events of the video service.' },
);

const workload = object(
  {
    process: text({ pattern: NAME, doc: 'A producer process.' }),
    topic: text({ pattern: TOPIC, doc: 'Where it sends.' }),
    records: integer({ min: 1, max: 2_000_000, doc: 'How many records in all.' }),
    startMs: integer({ min: 0, max: 600_000, default: 1_000, unit: 'ms', doc: 'When the first record is sent.' }),
    everyUs: integer({ min: 0, max: 600_000_000, default: 10_000, unit: 'µs', doc: 'Mean time between sends; the actual gaps are drawn evenly from half of it to one and a half.' }),
    perSend: integer({ min: 1, max: 1_000, default: 1, doc: 'Records handed over at each send.' }),
    keys: integer({ min: 0, max: 100_000, default: 8, doc: 'Number of different keys, key-1 to key-n; 0 = no key.' }),
    keyPrefix: text({ default: 'user-', max: 40, doc: 'Text before the number of a key.' }),
    valueBytes: integer({ min: 0, max: 65_536, default: 100, unit: 'bytes', doc: 'Size of each value.' }),
    story: optional(story),
  },
  { doc: 'Records that a native producer sends.' },
);

const link = object(
  {
    between: list(text({ doc: 'Process name, or * for every process.' }), { min: 2, max: 2, doc: 'Both ends, in either direction.' }),
    delayUs: integer({ min: 1, max: 60_000_000, default: 500, unit: 'µs', doc: 'One-way delay.' }),
    jitterUs: integer({ min: 0, max: 60_000_000, default: 200, unit: 'µs', doc: 'Added to the delay of each message, drawn evenly from 0 to this.' }),
  },
  { doc: 'A link between processes; the last entry that fits a pair counts. Without one: 500 µs and up to 200 µs of jitter.' },
);

const learner = object(
  {
    process: text({ pattern: NAME, doc: 'A process with role guest.' }),
    entry: text({ pattern: /^[A-Za-z0-9_./-]{1,100}\.ts$/, doc: 'The file it runs.' }),
  },
  { doc: "An entry file of the learner's code; each is a process of its own." },
);

const expectation = object(
  {
    invariant: text({ doc: 'Invariant id.' }),
    outcome: choice(['holds', 'may break', 'breaks'], { doc: 'What this scenario is expected to show.' }),
  },
  { doc: 'What the scenario is there to show.' },
);

const limits = object(
  {
    events: integer({ min: 1, max: 2_000_000, default: 2_000_000, doc: 'Events in the trace.', source: 'Millrace' }),
    payloadBytes: integer({ min: 1, max: 67_108_864, default: 67_108_864, unit: 'bytes', doc: 'Keys and values of all records together.', source: 'Millrace' }),
    processes: integer({ min: 1, max: 200, default: 200, doc: 'Processes.', source: 'Millrace' }),
  },
  { doc: 'Limits of a run; reaching one ends it with a verdict that says so.' },
);

export const SCENARIO = object(
  {
    schemaVersion: choice([SCHEMA_VERSION], { doc: 'Version of this document type.' }),
    id: text({ pattern: NAME, doc: 'Says what the scenario is.' }),
    title: bilingual('Shown in lists.'),
    summary: bilingual('One or two sentences.'),
    lesson: optional(text({ pattern: /^(\d\.\d{1,2}|S\d)$/, doc: 'Lesson it belongs to.' })),
    profile: choice(['kafka-4.0', 'kafka-4.1'], { default: 'kafka-4.0', doc: 'Which release the defaults and rules are those of; kafka-4.1 keeps eligible leader replicas.' }),
    horizonMs: integer({ min: 1, max: 600_000, doc: 'Virtual time at which the run ends.', unit: 'ms' }),
    cluster,
    topics: list(topic, { max: 50, default: [], doc: 'Topics that exist from the start.' }),
    processes: list(process, { max: 100, default: [], doc: 'Client processes.' }),
    workloads: list(workload, { max: 100, default: [], doc: 'Load of native producers.' }),
    links: list(link, { max: 200, default: [], doc: 'Links that differ from the default.' }),
    learner: list(learner, { max: 20, default: [], doc: "Entry files of the learner's code." }),
    files: record(text({ max: 200_000, doc: 'TypeScript source.' }), { max: 20, doc: "The learner's files as first given, by name." }),
    faults: list(text({ doc: 'A line of the fault grammar.', max: 300 }), { max: 200, default: [], doc: 'The default schedule.' }),
    invariants: list(text({ doc: 'Invariant id.' }), { max: 50, default: [], doc: 'Watched invariants; empty = all.' }),
    expectations: list(expectation, { max: 50, default: [], doc: 'What it is there to show.' }),
    streams: optional(streams),
    limits,
  },
  { doc: 'A scenario.' },
);

export type Scenario = Valid<typeof SCENARIO>;
export type ProcessSpec = Scenario['processes'][number];
export type WorkloadSpec = Scenario['workloads'][number];
export type TopicSpec = Scenario['topics'][number];
export type StreamsSpec = NonNullable<Scenario['streams']>;
export type JobSpec = StreamsSpec['jobs'][number];
export type ClusterConfig = Scenario['cluster']['config'];

/** Names of all brokers, those that join later too, in order of their ids. */
export function brokerNames(scenario: Scenario): string[] {
  return Array.from({ length: scenario.cluster.brokers + scenario.cluster.joining.length }, (_, i) => `broker-${i + 1}`);
}

/** Processes that run stream jobs: the job manager, and the task managers in order of their numbers. */
export function streamProcessNames(scenario: Scenario): string[] {
  const { streams: spec } = scenario;
  return spec ? ['jobmanager', ...Array.from({ length: spec.taskManagers }, (_, i) => `taskmanager-${i + 1}`)] : [];
}

/** A client process as a document would have it that sets only this. @throws Error for a value that the document would not take. */
export function clientSpec(given: Readonly<Record<string, unknown>>): ProcessSpec {
  const read = check(process, given);
  if (!read.ok) throw new Error(`client: ${read.problems[0]!.path} must be ${read.problems[0]!.rule}`);
  return read.value;
}

/** A scenario, its schedule, seed and code: everything that enters a run. */
export interface Universe {
  readonly scenario: Scenario;
  /** Lines of the fault grammar, in place of the scenario's own. */
  readonly faults: readonly string[];
  /** 0 to 2^32-1. */
  readonly seed: number;
  /** The learner's files, TypeScript by name. Empty for scenarios without learner code. */
  readonly files: Readonly<Record<string, string>>;
}

/** Steps from older schema versions to the next one, by the version they start from. */
const MIGRATIONS: Readonly<Record<number, (doc: Record<string, unknown>) => Record<string, unknown>>> = {};

/** Checks a scenario of any known version and brings it to the present one. Never throws. */
export function readScenario(document: unknown): { ok: true; value: Scenario } | { ok: false; problems: Problem[] } {
  let doc = document;
  if (typeof doc === 'object' && doc !== null && !Array.isArray(doc)) {
    for (;;) {
      const version = (doc as { schemaVersion?: unknown }).schemaVersion;
      if (typeof version !== 'number') break;
      if (version > SCHEMA_VERSION) {
        return {
          ok: false,
          problems: [{ path: 'schemaVersion', rule: `at most ${SCHEMA_VERSION}`, got: String(version), hint: 'This document was written by a newer Millrace. Reload the page or update.' }],
        };
      }
      const step = MIGRATIONS[version];
      if (!step) break;
      doc = step(doc as Record<string, unknown>);
    }
  }
  const read = check(SCENARIO, doc);
  if (!read.ok) return read;
  const problems = crossChecks(read.value);
  return problems.length ? { ok: false, problems } : read;
}

function wrongPlaces(places: readonly (readonly number[])[], topic: { partitions: number; replicationFactor: number }, brokers: number): string | null {
  if (places.length !== topic.partitions) return `${topic.partitions} lists, one for each partition`;
  const good = (replicas: readonly number[]) => replicas.length === topic.replicationFactor && new Set(replicas).size === replicas.length && replicas.every((b) => b <= brokers);
  return places.every(good) ? null : `lists of ${topic.replicationFactor} different brokers from 1 to ${brokers}`;
}

function crossChecks(s: Scenario): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, rule: string, got: unknown, hint: string) => problems.push({ path, rule, got: String(JSON.stringify(got)), hint });
  const names = new Set<string>(['controller', ...brokerNames(s), ...streamProcessNames(s)]);
  const settings = (path: string, given: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(given)) {
      const key = topicKey(name);
      if (!key)
        add(
          `${path}[${JSON.stringify(name)}]`,
          'a topic setting that is simulated',
          name,
          `Did you mean ${nearest(
            name,
            TOPIC_KEYS.map((k) => k.name),
          ).join(' or ')}?`,
        );
      if (key?.idle) {
        add(`${path}[${JSON.stringify(name)}]`, 'a topic setting that changes something here', name, 'Kafka has it, and the simulation does nothing with it. Leave it out.');
        return;
      }
      const wrong = key ? wrongWith(key, value) : null;
      if (wrong) add(`${path}[${JSON.stringify(name)}]`, wrong.replace(/^must /, ''), value, `Kafka's default is ${key!.fallback}.`);
      if (!key || wrong) return;
    }
    const against = contradiction(typed((key) => given[key.name] ?? key.fallback));
    if (against) add(path, 'free of contradiction', given, `${against}.`);
  };
  settings('cluster.topicConfig', s.cluster.topicConfig);
  s.processes.forEach((p, i) => {
    if (names.has(p.name)) add(`processes[${i}].name`, 'a name of its own', p.name, 'Choose a name that no broker, controller or other process has.');
    names.add(p.name);
    if (p.role === 'consumer' && !p.group) add(`processes[${i}].group`, 'present for a consumer', p.group, 'Name the group.');
    if (p.role === 'consumer' && p.groupType === 'consumer' && p.groupProtocol === 'classic' && p.heartbeatIntervalMs >= p.sessionTimeoutMs)
      add(
        `processes[${i}].heartbeatIntervalMs`,
        `less than sessionTimeoutMs, ${p.sessionTimeoutMs}`,
        p.heartbeatIntervalMs,
        'Lower it (Kafka: IllegalArgumentException); a third of the session is usual.',
      );
    if ((p.rejectEvery > 0 || p.releaseEvery > 0) && p.groupType !== 'share')
      add(`processes[${i}].${p.rejectEvery > 0 ? 'rejectEvery' : 'releaseEvery'}`, '0 unless groupType is share', p.rejectEvery || p.releaseEvery, 'Set groupType to "share" or leave it out.');
    if (p.subscribedTopicRegex !== undefined && (p.groupProtocol !== 'consumer' || p.groupType !== 'consumer' || p.topics.length > 0))
      add(
        `processes[${i}].subscribedTopicRegex`,
        'absent unless groupProtocol is consumer and topics is empty',
        p.subscribedTopicRegex,
        'Set groupProtocol to "consumer" and name no topics, or leave it out.',
      );
    if (p.role === 'producer' && p.idempotence && p.acks !== 'all')
      add(`processes[${i}].idempotence`, 'false unless acks is all', p.idempotence, 'Set idempotence to false or acks to "all" (Kafka: ConfigException).');
    if (p.transactionalId !== undefined && (p.role !== 'producer' || !p.idempotence))
      add(
        `processes[${i}].transactionalId`,
        'absent unless it is an idempotent producer',
        p.transactionalId,
        'Make it a producer with idempotence, or leave transactionalId out (Kafka: ConfigException).',
      );
  });
  s.topics.forEach((t, i) => {
    if (t.replicationFactor > s.cluster.brokers)
      add(`topics[${i}].replicationFactor`, `at most ${s.cluster.brokers}, the number of brokers`, t.replicationFactor, 'Lower it or add brokers (Kafka: INVALID_REPLICATION_FACTOR).');
    settings(`topics[${i}].config`, t.config);
    const wrong = t.replicaAssignment ? wrongPlaces(t.replicaAssignment, t, s.cluster.brokers) : null;
    if (wrong) add(`topics[${i}].replicaAssignment`, wrong, t.replicaAssignment, 'One list of brokers for each partition (Kafka: INVALID_REPLICA_ASSIGNMENT).');
    if (t.minInsyncReplicas !== undefined && 'min.insync.replicas' in t.config)
      add(`topics[${i}].config`, 'without min.insync.replicas where minInsyncReplicas is given', t.config['min.insync.replicas'], 'Give it once.');
    if (s.topics.findIndex((o) => o.name === t.name) !== i) add(`topics[${i}].name`, 'a name of its own', t.name, 'Topic names are unique.');
  });
  s.workloads.forEach((w, i) => {
    if (!s.processes.some((p) => p.name === w.process && p.role === 'producer')) add(`workloads[${i}].process`, 'the name of a producer process', w.process, 'Add the process with role "producer".');
  });
  s.streams?.jobs.forEach((j, i) => {
    const at = `streams.jobs[${i}]`;
    if (s.streams!.jobs.findIndex((o) => o.name === j.name) !== i) add(`${at}.name`, 'a name of its own', j.name, 'Job names are unique.');
    if (j.checkpointing.unaligned && j.checkpointing.mode !== 'exactly-once')
      add(`${at}.checkpointing.unaligned`, 'false unless mode is exactly-once', true, 'Unaligned checkpoints need exactly-once (Flink: IllegalStateException).');
    j.actions.forEach((a, n) => {
      if ((a.kind === 'rescale') !== (a.parallelism !== undefined))
        add(`${at}.actions[${n}].parallelism`, 'given for rescale, and for nothing else', a.parallelism, 'Say which parallelism the job goes on with.');
    });
  });
  s.learner.forEach((l, i) => {
    if (!s.processes.some((p) => p.name === l.process && p.role === 'guest')) add(`learner[${i}].process`, 'the name of a guest process', l.process, 'Add the process with role "guest".');
    if (!Object.hasOwn(s.files, l.entry)) add(`learner[${i}].entry`, 'a name in files', l.entry, `Files: ${Object.keys(s.files).join(', ') || 'none'}.`);
  });
  s.links.forEach((l, i) => {
    for (const end of l.between) if (end !== '*' && !names.has(end)) add(`links[${i}].between`, 'process names or *', end, `Processes: ${[...names].join(', ')}.`);
  });
  return problems;
}
