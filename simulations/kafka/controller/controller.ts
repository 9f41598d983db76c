// The KRaft controller: keeps the metadata log, fences brokers that fall silent, elects leaders, commits ISR changes, creates topics
// (Kafka ReplicationControlManager, BrokerHeartbeatManager, ClusterControlManager). A single voter: no quorum of its own yet.
import type { Sym } from '../../contract/events.ts';
import type { ClusterConfig, Scenario } from '../../contract/scenario.ts';
import { drawInt, drawKey } from '../../kernel/draws.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { INTERNAL_TOPICS, MetadataImage, newPartition, OFFSETS_PARTITIONS, OFFSETS_TOPIC, TOPIC_NAME, type MetadataRecord, type PartitionState } from '../metadata/image.ts';
import { ERR, errorName, KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import { drawUuid } from '../protocol/uuid.ts';
import type { CreatableTopic, CreatableTopicResult, CreateTopicsRequest, CreateTopicsResponse } from '../protocol/messages.ts';
import { changePartition } from './election.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
  MetadataFetchRequest,
  MetadataFetchResponse,
} from './messages.ts';

const SESSION = 1;
const FETCH_EXPIRY = 2;

interface ControllerDisk {
  readonly log: MetadataRecord[];
}

interface Session {
  lastHeartbeatUs: number;
  /** Metadata offset just after its registration: it must have read this far to be unfenced. */
  registeredAt: number;
}

interface ParkedFetch {
  readonly conn: Conn;
  readonly message: Message;
  readonly receivedUs: number;
  readonly number: number;
}

/** A topic that a client only named, as brokers ask for it: Kafka's CreateTopics with the mark that it is automatic. */
export interface ForwardedCreateTopics extends CreateTopicsRequest {
  readonly auto: boolean;
}

export class Controller implements Behavior {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly scenario: Scenario;
  private readonly config: ClusterConfig;
  private readonly image = new MetadataImage();
  private readonly sessions = new Map<number, Session>();
  private parked: ParkedFetch[] = [];
  private parkedCount = 0;
  private nextBrokerEpoch = 1;
  private readonly none: Sym;

  constructor(kernel: Kernel, process: Process, scenario: Scenario) {
    this.kernel = kernel;
    this.process = process;
    this.scenario = scenario;
    this.config = scenario.cluster.config;
    this.none = kernel.trace.sym('NONE');
  }

  start(): void {
    const disk = this.process.disk as ControllerDisk | null;
    if (disk) {
      for (const record of disk.log) this.image.apply(record);
      for (const b of this.image.brokers.values()) this.nextBrokerEpoch = Math.max(this.nextBrokerEpoch, b.epoch + 1);
    } else {
      this.process.disk = { log: [] } satisfies ControllerDisk;
      this.bootstrap();
    }
    for (const b of this.image.brokers.values()) {
      this.sessions.set(b.id, { lastHeartbeatUs: this.kernel.nowUs, registeredAt: this.image.offset });
      this.kernel.setTimer(this.process, this.config.brokerSessionTimeoutMs * 1000, SESSION, b.id);
    }
  }

  /** The cluster as it stood before the run: brokers registered and serving, topics placed. */
  private bootstrap(): void {
    for (let id = 1; id <= this.scenario.cluster.brokers; id++) this.write({ type: 'broker', id, epoch: this.nextBrokerEpoch++, fenced: false });
    for (const t of this.scenario.topics) this.createTopic(t.name, t.partitions, t.replicationFactor, t.minInsyncReplicas ?? this.config.minInsyncReplicas, false);
    if (this.scenario.processes.some((p) => p.role !== 'producer'))
      this.createTopic(OFFSETS_TOPIC, OFFSETS_PARTITIONS, Math.min(3, this.scenario.cluster.brokers), this.config.minInsyncReplicas, false);
  }

  private write(record: MetadataRecord): void {
    (this.process.disk as ControllerDisk).log.push(record);
    this.image.apply(record);
  }

  timer(kind: number, a: number): void {
    if (kind === SESSION) this.checkSession(a);
    else if (kind === FETCH_EXPIRY) {
      const at = this.parked.findIndex((p) => p.number === a);
      if (at >= 0) this.answerFetch(this.parked.splice(at, 1)[0]!);
    }
  }

  closed(conn: Conn): void {
    this.parked = this.parked.filter((p) => p.conn !== conn);
  }

  message(conn: Conn, m: Message): void {
    const k = this.kernel;
    k.cause = k.trace.emit('request.received', this.process.sym, k.cause, conn.client.sym, conn.sym, k.network.apiSym(m.api), m.apiVersion, m.correlationId);
    switch (m.api) {
      case KEY.BrokerRegistration:
        return this.register(conn, m, m.body as BrokerRegistrationRequest);
      case KEY.BrokerHeartbeat:
        return this.heartbeat(conn, m, m.body as BrokerHeartbeatRequest);
      case KEY.Fetch:
        return this.fetch(conn, m, m.body as MetadataFetchRequest);
      case KEY.AlterPartition:
        return this.alterPartition(conn, m, m.body as AlterPartitionRequest);
      case KEY.CreateTopics:
        return this.createTopics(conn, m, m.body as ForwardedCreateTopics);
      default:
        this.kernel.network.close(conn, false);
    }
  }

  private reply(conn: Conn, m: Message, body: unknown, error: number, receivedUs: number): void {
    const k = this.kernel;
    k.cause = k.trace.emit(
      'request.answered',
      this.process.sym,
      k.cause,
      conn.client.sym,
      conn.sym,
      k.network.apiSym(m.api),
      m.correlationId,
      error === 0 ? this.none : k.trace.sym(errorName(error)),
      k.nowUs - receivedUs,
    );
    k.network.send(conn, { response: true, api: m.api, apiVersion: m.apiVersion, correlationId: m.correlationId, clientId: m.clientId, body, bytes: 64, firstRecord: -1, records: 0 }, false);
  }

  private register(conn: Conn, m: Message, body: BrokerRegistrationRequest): void {
    const known = this.image.brokers.get(body.brokerId);
    const session = this.sessions.get(body.brokerId);
    if (known && !known.fenced && session && this.kernel.nowUs - session.lastHeartbeatUs < this.config.brokerSessionTimeoutMs * 1000) {
      this.reply(conn, m, { errorCode: ERR.DUPLICATE_BROKER_REGISTRATION, brokerEpoch: -1 } satisfies BrokerRegistrationResponse, ERR.DUPLICATE_BROKER_REGISTRATION, this.kernel.nowUs);
      return;
    }
    if (known && !known.fenced) this.fence(body.brokerId, 'newRegistration');
    const epoch = this.nextBrokerEpoch++;
    this.write({ type: 'broker', id: body.brokerId, epoch, fenced: true });
    this.sessions.set(body.brokerId, { lastHeartbeatUs: this.kernel.nowUs, registeredAt: this.image.offset });
    this.publish();
    this.reply(conn, m, { errorCode: 0, brokerEpoch: epoch } satisfies BrokerRegistrationResponse, 0, this.kernel.nowUs);
  }

  private heartbeat(conn: Conn, m: Message, body: BrokerHeartbeatRequest): void {
    const broker = this.image.brokers.get(body.brokerId);
    const session = this.sessions.get(body.brokerId);
    if (!broker || !session || broker.epoch !== body.brokerEpoch) {
      this.reply(conn, m, { errorCode: ERR.STALE_BROKER_EPOCH, isFenced: true } satisfies BrokerHeartbeatResponse, ERR.STALE_BROKER_EPOCH, this.kernel.nowUs);
      return;
    }
    session.lastHeartbeatUs = this.kernel.nowUs;
    if (broker.fenced && body.currentMetadataOffset >= session.registeredAt) this.unfence(body.brokerId);
    this.reply(conn, m, { errorCode: 0, isFenced: this.image.brokers.get(body.brokerId)!.fenced } satisfies BrokerHeartbeatResponse, 0, this.kernel.nowUs);
  }

  private checkSession(id: number): void {
    const session = this.sessions.get(id)!;
    const deadlineUs = session.lastHeartbeatUs + this.config.brokerSessionTimeoutMs * 1000;
    const fenced = this.image.brokers.get(id)!.fenced;
    if (!fenced && this.kernel.nowUs >= deadlineUs) {
      this.kernel.cause = -1;
      this.fence(id, 'sessionTimeout');
      this.publish();
    }
    this.kernel.setTimer(this.process, fenced || this.kernel.nowUs >= deadlineUs ? this.config.brokerSessionTimeoutMs * 1000 : deadlineUs - this.kernel.nowUs, SESSION, id);
  }

  private fence(id: number, reason: 'sessionTimeout' | 'newRegistration'): void {
    const k = this.kernel;
    const broker = this.image.brokers.get(id)!;
    k.cause = k.trace.emit('kafka.fenced', this.process.sym, k.cause, id, k.trace.sym(reason));
    this.write({ type: 'broker', id, epoch: broker.epoch, fenced: true });
    const cause = k.cause;
    for (const topic of this.image.topics.values()) {
      topic.partitions.forEach((state, partition) => {
        if (!state.isr.includes(id) && state.leader !== id) return;
        k.cause = cause;
        this.change(
          topic.name,
          partition,
          state.isr.filter((b) => b !== id),
        );
      });
    }
    k.cause = cause;
  }

  private unfence(id: number): void {
    const k = this.kernel;
    const broker = this.image.brokers.get(id)!;
    this.write({ type: 'broker', id, epoch: broker.epoch, fenced: false });
    k.cause = k.trace.emit('kafka.unfenced', this.process.sym, k.cause, id, broker.epoch);
    const cause = k.cause;
    for (const topic of this.image.topics.values()) {
      topic.partitions.forEach((state, partition) => {
        if (state.leader >= 0 || !state.replicas.includes(id)) return;
        k.cause = cause;
        this.change(topic.name, partition, state.isr);
      });
    }
    k.cause = cause;
    this.publish();
  }

  private acceptable = (id: number): boolean => {
    const broker = this.image.brokers.get(id);
    return broker !== undefined && !broker.fenced;
  };

  private change(topic: string, partition: number, targetIsr: readonly number[]): void {
    const before = this.image.partition(topic, partition)!;
    const result = changePartition({
      state: before,
      targetIsr,
      acceptable: this.acceptable,
      election: this.config.uncleanLeaderElectionEnable ? 'UNCLEAN' : 'ONLINE',
      elrEnabled: false,
      minIsr: Math.min(this.image.topics.get(topic)!.minInsyncReplicas, before.replicas.length),
    });
    if (!result) return;
    this.commit(topic, partition, before, result.state, result.unclean);
  }

  private commit(topic: string, partition: number, before: PartitionState, state: PartitionState, unclean: boolean): void {
    const k = this.kernel;
    this.write({ type: 'partition', topic, partition, state });
    const name = k.trace.sym(topic);
    const isr = k.trace.sym(state.isr.join(','));
    if (state.isr.join(',') !== before.isr.join(','))
      k.cause = k.trace.emit('kafka.isrChanged', this.process.sym, k.cause, name, partition, isr, k.trace.sym(before.isr.join(',')), state.leader, state.leaderEpoch, state.partitionEpoch);
    if (state.leader !== before.leader)
      k.cause = k.trace.emit('kafka.leaderElected', this.process.sym, k.cause, name, partition, state.leader, before.leader, state.leaderEpoch, isr, k.trace.sym(state.replicas.join(',')), unclean);
  }

  private alterPartition(conn: Conn, m: Message, body: AlterPartitionRequest): void {
    const state = this.image.partition(body.topic, body.partition);
    let error: number = ERR.NONE;
    if (!state) error = ERR.UNKNOWN_TOPIC_OR_PARTITION;
    else if (state.leader !== body.brokerId || state.leaderEpoch !== body.leaderEpoch) error = ERR.FENCED_LEADER_EPOCH;
    else if (state.partitionEpoch !== body.partitionEpoch) error = ERR.INVALID_UPDATE_VERSION;
    else if (!body.newIsr.every(this.acceptable)) error = ERR.INELIGIBLE_REPLICA;
    if (error === ERR.NONE) {
      this.commit(body.topic, body.partition, state!, { ...state!, isr: state!.replicas.filter((b) => body.newIsr.includes(b)), partitionEpoch: state!.partitionEpoch + 1 }, false);
      this.publish();
    }
    this.reply(conn, m, { errorCode: error } satisfies AlterPartitionResponse, error, this.kernel.nowUs);
  }

  private fetch(conn: Conn, m: Message, body: MetadataFetchRequest): void {
    const parked: ParkedFetch = { conn, message: m, receivedUs: this.kernel.nowUs, number: ++this.parkedCount };
    if (body.fetchOffset < this.image.offset || body.maxWaitMs <= 0) {
      this.answerFetch(parked);
      return;
    }
    this.parked.push(parked);
    this.kernel.setTimer(this.process, body.maxWaitMs * 1000, FETCH_EXPIRY, parked.number);
  }

  private answerFetch(p: ParkedFetch): void {
    const { fetchOffset } = p.message.body as MetadataFetchRequest;
    const records = (this.process.disk as ControllerDisk).log.slice(fetchOffset);
    this.reply(p.conn, p.message, { fetchOffset, records } satisfies MetadataFetchResponse, 0, p.receivedUs);
  }

  /** Hands new records to every broker that waits for them. */
  private publish(): void {
    const cause = this.kernel.cause;
    for (const p of this.parked.splice(0)) {
      this.kernel.cause = cause;
      this.answerFetch(p);
    }
    this.kernel.cause = cause;
  }

  private createTopics(conn: Conn, m: Message, body: ForwardedCreateTopics): void {
    const topics = body.topics.map((t) => this.create(t, body.validateOnly, body.auto));
    this.publish();
    const error = topics.find((t) => t.errorCode !== 0)?.errorCode ?? 0;
    this.reply(conn, m, { throttleTimeMs: 0, topics } satisfies CreateTopicsResponse, error, this.kernel.nowUs);
  }

  private create(t: CreatableTopic, validateOnly: boolean, auto: boolean): CreatableTopicResult {
    const fail = (errorCode: number, errorMessage: string): CreatableTopicResult => ({ name: t.name, topicId: ZERO_UUID, errorCode, errorMessage, numPartitions: -1, replicationFactor: -1 });
    const live = this.image.liveBrokers();
    const partitions = t.assignments.length > 0 ? t.assignments.length : t.numPartitions === -1 ? this.config.numPartitions : t.numPartitions;
    const replicas = t.assignments.length > 0 ? t.assignments[0]!.brokerIds.length : t.replicationFactor === -1 ? this.config.defaultReplicationFactor : t.replicationFactor;
    if (!TOPIC_NAME.test(t.name)) return fail(ERR.INVALID_TOPIC_EXCEPTION, `The topic name ${JSON.stringify(t.name)} is not valid: use 1 to 249 of letters, digits, '.', '_' and '-'.`);
    if (this.image.topics.has(t.name)) return fail(ERR.TOPIC_ALREADY_EXISTS, `Topic '${t.name}' already exists.`);
    if (partitions < 1 || partitions > 200) return fail(ERR.INVALID_PARTITIONS, `${partitions} partitions: use 1 to 200.`);
    if (replicas < 1 || replicas > live.length) return fail(ERR.INVALID_REPLICATION_FACTOR, `Replication factor ${replicas} with ${live.length} live brokers.`);
    let minIsr = this.config.minInsyncReplicas;
    for (const c of t.configs) {
      if (c.name !== 'min.insync.replicas' || !/^[1-9]\d*$/.test(c.value ?? '')) return fail(ERR.INVALID_CONFIG, `Topic setting ${c.name}=${c.value} is not simulated; min.insync.replicas is.`);
      minIsr = Number(c.value);
    }
    if (!validateOnly)
      this.createTopic(
        t.name,
        partitions,
        replicas,
        minIsr,
        auto,
        t.assignments.map((a) => a.brokerIds),
      );
    return { name: t.name, topicId: this.image.topics.get(t.name)?.id ?? this.topicId(t.name), errorCode: 0, errorMessage: null, numPartitions: partitions, replicationFactor: replicas };
  }

  /** Places replicas in stripes over the live brokers from a drawn start (Kafka StripedReplicaPlacer on one rack). */
  private createTopic(name: string, partitions: number, replicationFactor: number, minInsyncReplicas: number, auto: boolean, assignments: readonly (readonly number[])[] = []): void {
    const k = this.kernel;
    const live = this.image.liveBrokers();
    const start = drawInt(drawKey(k.seed, `topic/${name}/placement`), 0, live.length);
    this.write({ type: 'topic', name, id: this.topicId(name), partitions, minInsyncReplicas, internal: INTERNAL_TOPICS.includes(name) });
    k.cause = k.trace.emit('kafka.topicCreated', this.process.sym, k.cause, k.trace.sym(name), partitions, replicationFactor, minInsyncReplicas, auto);
    for (let p = 0; p < partitions; p++) {
      const replicas = assignments[p] ?? Array.from({ length: replicationFactor }, (_, i) => live[(start + p + i) % live.length]!);
      const state = newPartition(replicas, replicas);
      this.write({ type: 'partition', topic: name, partition: p, state });
      const list = k.trace.sym(replicas.join(','));
      k.trace.emit('kafka.leaderElected', this.process.sym, k.cause, k.trace.sym(name), p, state.leader, -1, 0, list, list, false);
    }
  }

  /** An id drawn from the name and from how often a topic of that name was created: it depends on no other topic. */
  private topicId(name: string): string {
    const before = (this.process.disk as ControllerDisk).log.filter((r) => r.type === 'topic' && r.name === name).length;
    return drawUuid(this.kernel.seed, `topic/${name}/id/${before}`);
  }

  /** The metadata log as it stands: what every broker has read before the run began. */
  static logOf(process: Process): readonly MetadataRecord[] {
    return (process.disk as ControllerDisk).log;
  }
}
