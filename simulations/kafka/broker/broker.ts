// A broker: takes requests in order per connection, holds replicas, follows other brokers, and stays in touch with the controller.
import type { Sym } from '../../contract/events.ts';
import type { ClusterConfig, Scenario } from '../../contract/scenario.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { emitAnswered, emitReceived } from '../../kernel/hotEvents.ts';
import { Channel } from '../channel.ts';
import { Controller } from '../controller/controller.ts';
import type { TopicConfig } from '../metadata/configs.ts';
import { brokerFile, type BrokerFile } from '../metadata/brokerFile.ts';
import { fileConfig, topicConfig, type FileConfig } from '../metadata/effective.ts';
import { brokerName, CONTROLLER, MetadataImage, OFFSETS_TOPIC, TRANSACTIONS_PARTITIONS, TRANSACTIONS_TOPIC, type MetadataRecord } from '../metadata/image.ts';
import { errorName, KEY } from '../protocol/apiKeys.ts';
import { Coordinator } from '../groups/coordinator.ts';
import { Shares } from '../groups/share/shares.ts';
import { ShareStates } from '../groups/share/states.ts';
import type { InitProducerIdRequest } from '../protocol/messages.ts';
import { Deletions } from './deletions.ts';
import { ANSWERS } from './answers.ts';
import { Expiry } from './expiry.ts';
import { Fetches } from './fetches.ts';
import { Lifecycle } from './lifecycle.ts';
import { Loggers } from './loggers.ts';
import { PartitionLog } from './log.ts';
import { FORWARDED, Forwarding } from './admin.ts';
import { Quotas } from './quotas.ts';
import { initProducerId, speaks } from './small.ts';
import { Partition } from './partition.ts';
import { Produces } from './produces.ts';
import { Replication } from './replication.ts';
import { Storage } from './storage.ts';
import { TIMER } from './timers.ts';
import { Transactions } from './transactionCoordinator.ts';
import { TransactionVerification } from './transactionVerification.ts';
import { TransactionalOffsets } from './txnOffsets.ts';

/** replica.high.watermark.checkpoint.interval.ms (Kafka 4.0 default). */
const CHECKPOINT_US = 5_000_000;

export interface BrokerDisk {
  readonly logs: Map<string, PartitionLog[]>;
  readonly metadata: MetadataRecord[];
  /** Producer ids handed out, per client. */
  readonly producerIds: Map<string, number>;
  /** Broker epoch of the last incarnation if it ended in order; -1 = it did not, or another runs. */
  cleanEpoch: number;
}

/** A request being handled: answered once, after which the connection's next request is taken. */
export interface Request {
  readonly conn: Conn;
  readonly message: Message;
  readonly receivedUs: number;
  readonly cause: number;
}

interface ConnState {
  busy: boolean;
  /** Requests that came while another was being handled; null as long as none has. */
  queue: Message[] | null;
  /** Fetches keeps here a follower's session, and a consumer's fetch that waits. */
  session: unknown;
  parked: unknown;
  /** Nothing is read although nothing is being handled: its client is beyond a quota. */
  muted: boolean;
}

export class Broker implements Behavior {
  readonly id: number;
  readonly kernel: Kernel;
  readonly process: Process;
  readonly scenario: Scenario;
  readonly config: ClusterConfig;
  readonly image = new MetadataImage();
  readonly disk: BrokerDisk;
  readonly partitions = new Map<string, Partition[]>();
  readonly channels: Channel[] = [];
  private readonly none: Sym;
  readonly expiry: Expiry;
  readonly replication: Replication;
  readonly fetches: Fetches;
  readonly produces: Produces;
  readonly coordinator: Coordinator;
  readonly shares: Shares;
  readonly shareStates: ShareStates;
  readonly transactions: Transactions;
  readonly verifications: TransactionVerification;
  readonly transactionalOffsets: TransactionalOffsets;
  readonly storage: Storage;
  readonly deletions: Deletions;
  readonly lifecycle: Lifecycle;
  readonly quotas: Quotas;
  /** What its configuration file says of topics. */
  readonly file: FileConfig;
  /** What it says of the broker. */
  readonly brokerFile: BrokerFile;
  readonly loggers = new Loggers();
  private readonly forwarding: Forwarding;
  private readonly configs = new Map<string, TopicConfig>();

  constructor(kernel: Kernel, process: Process, scenario: Scenario, id: number) {
    this.kernel = kernel;
    this.process = process;
    this.scenario = scenario;
    this.config = scenario.cluster.config;
    this.id = id;
    this.none = kernel.trace.sym('NONE');
    process.disk ??= { logs: new Map(), metadata: [], producerIds: new Map(), cleanEpoch: -1 } satisfies BrokerDisk;
    this.disk = process.disk as BrokerDisk;
    this.expiry = new Expiry(kernel, process, TIMER.expiry);
    this.replication = new Replication(this);
    this.fetches = new Fetches(this);
    this.produces = new Produces(this);
    this.coordinator = new Coordinator(this);
    this.shares = new Shares(this);
    this.shareStates = new ShareStates(this);
    this.transactions = new Transactions(this);
    this.verifications = new TransactionVerification(this);
    this.transactionalOffsets = new TransactionalOffsets(this);
    this.storage = new Storage(this);
    this.deletions = new Deletions(this);
    this.lifecycle = new Lifecycle(this);
    this.quotas = new Quotas(this);
    this.file = fileConfig(scenario);
    this.brokerFile = brokerFile(scenario, id);
    this.forwarding = new Forwarding(this);
  }

  start(): void {
    const founder = this.process.incarnation === 1 && this.id <= this.scenario.cluster.brokers;
    if (founder) for (const record of Controller.logOf(this.kernel.processNamed(CONTROLLER)!)) this.disk.metadata.push(record);
    for (const record of this.disk.metadata) this.image.apply(record);
    this.coordinator.metadataChanged(this.disk.metadata);
    this.quotas.load(this.image.quotas);
    if (this.process.incarnation > 1) for (const logs of this.disk.logs.values()) for (const log of logs) log?.reload();
    if (founder) this.serve();
    this.lifecycle.start(founder);
    this.transactions.start();
    this.storage.start();
    this.kernel.setTimer(this.process, CHECKPOINT_US, TIMER.checkpoint);
    this.kernel.setTimer(this.process, (this.config.replicaLagTimeMaxMs * 1000) / 2, TIMER.isrCheck);
  }

  /** Takes every role of the image and answers requests from now on: at once on the first start, after a restart once the metadata log is read. */
  private serve(): void {
    this.ready = true;
    const { cause } = this.kernel;
    // What lies on the disk of a replica that was taken away meanwhile.
    for (const [topic, logs] of this.disk.logs) logs.forEach((_, p) => this.image.partition(topic, p)?.replicas.includes(this.id) || this.replication.drop(topic, p));
    for (const topic of this.image.topics.values()) {
      topic.partitions.forEach((_, p) => {
        this.kernel.cause = cause;
        this.replication.takeRole(topic.name, p);
      });
    }
    this.kernel.cause = cause;
    for (let p = 0; p < TRANSACTIONS_PARTITIONS; p++) this.transactions.partitionChanged(p);
  }

  private ready = false;
  private readonly channelNames = new Map<string, Channel>();

  /** A connection of its own to another process for one purpose, made when first asked for. */
  channelTo(name: string, purpose: string, timeoutMs: number): Channel {
    const key = `${name}/${purpose}`;
    let channel = this.channelNames.get(key);
    if (!channel) {
      channel = new Channel({
        kernel: this.kernel,
        process: this.process,
        target: this.kernel.processNamed(name)!,
        timeoutUs: timeoutMs * 1000,
        timerKind: TIMER.channel,
        number: this.channels.length,
      });
      this.channels.push(channel);
      this.channelNames.set(key, channel);
    }
    return channel;
  }

  /** To the controller; each purpose has a connection of its own, as in Kafka. */
  controllerChannel(purpose: 'heartbeat' | 'metadata' | 'forward'): Channel {
    return this.channelTo(CONTROLLER, purpose, purpose === 'heartbeat' ? 4_500 : 30_000);
  }

  /** To another broker, for fetching its logs. */
  peerChannel(broker: number): Channel {
    return this.channelTo(brokerName(broker), 'fetch', 30_000);
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.replicasOf(topic)?.[index];
  }

  /** Its replicas of a topic, by partition number. The last answer is remembered: what comes in a row is mostly of one topic. */
  replicasOf(topic: string): readonly (Partition | undefined)[] | undefined {
    if (topic !== this.lastTopic) {
      this.lastTopic = topic;
      this.lastReplicas = this.partitions.get(topic);
    }
    return this.lastReplicas;
  }

  private lastTopic: string | null = null;
  private lastReplicas: Partition[] | undefined = undefined;

  /** The partition object, made with its log from disk when it is first needed. */
  partitionFor(topic: string, index: number): Partition {
    let list = this.partitions.get(topic);
    if (!list) {
      this.partitions.set(topic, (list = []));
      this.lastTopic = null;
    }
    let partition = list[index];
    if (!partition) {
      let logs = this.disk.logs.get(topic);
      if (!logs) this.disk.logs.set(topic, (logs = []));
      logs[index] ??= new PartitionLog(this.kernel);
      list[index] = partition = new Partition(topic, this.kernel.trace.sym(topic), index, logs[index]);
      partition.log.config = this.configOf(topic);
      this.storage.opened(partition);
    }
    return partition;
  }

  /** A number that was changed for this broker or for all of them since they started; null = it stands as in the file. */
  changeable(setting: string): number | null {
    const { brokerConfigs } = this.image;
    const value = brokerConfigs.get(String(this.id))?.get(setting) ?? brokerConfigs.get('')?.get(setting);
    return value === undefined ? null : Number(value);
  }

  /** The settings of a topic as this broker applies them. */
  configOf(topic: string): TopicConfig {
    let config = this.configs.get(topic);
    if (!config) this.configs.set(topic, (config = topicConfig(this.image, this.file, { topic, broker: this.id })));
    return config;
  }

  timer(kind: number, a: number, b: number): void {
    switch (kind) {
      case TIMER.channel:
        return this.channels[a]!.timer(b);
      case TIMER.expiry:
        return this.expiry.timer(a);
      case TIMER.heartbeat:
      case TIMER.registerAgain:
      case TIMER.shutdownLimit:
        return this.lifecycle.timer(kind, a);
      case TIMER.forwardAgain:
        return this.forwarding.timer(a);
      case TIMER.proposeAgain:
        return this.replication.proposeAgain(a);
      case TIMER.isrCheck:
        this.replication.shrinkCheck();
        return this.kernel.setTimer(this.process, (this.config.replicaLagTimeMaxMs * 1000) / 2, TIMER.isrCheck);
      case TIMER.fetchAgain:
        return this.replication.fetchers.fetchAgain(a);
      case TIMER.checkpoint:
        this.checkpoint();
        return this.kernel.setTimer(this.process, CHECKPOINT_US, TIMER.checkpoint);
      case TIMER.transactions:
      case TIMER.markers:
        return this.transactions.timer(kind);
      case TIMER.retention:
      case TIMER.cleaner:
      case TIMER.producers:
        return this.storage.timer(kind);
      case TIMER.addPartitions:
        return this.produces.askAgain(a);
      case TIMER.unmute:
        return this.quotas.timer(a, b);
      default:
        return this.coordinator.timer(a, b);
    }
  }

  private checkpoint(): void {
    for (const list of this.partitions.values()) for (const p of list) if (p) p.log.checkpointedHighWatermark = p.highWatermark;
  }

  /** The process is asked to end in order. */
  shutDown(): void {
    this.lifecycle.shutDown();
  }

  /** Ends with everything on disk, and says there that it did. */
  endInOrder(epoch: number): void {
    this.checkpoint();
    for (const list of this.partitions.values()) for (const p of list) p?.log.writeback.flushed(p.log.logEndOffset);
    this.disk.cleanEpoch = epoch;
    this.kernel.exit(this.process, 0);
  }

  connected(conn: Conn): void {
    (conn.clientData as Channel).connected();
  }

  closed(conn: Conn): void {
    if (conn.client === this.process) {
      (conn.clientData as Channel).closed(conn);
      return;
    }
    this.fetches.connectionClosed(conn);
    conn.serverData = null;
  }

  message(conn: Conn, m: Message): void {
    if (m.response) {
      (conn.clientData as Channel).message(m);
      return;
    }
    const state = (conn.serverData ??= { busy: false, queue: null, session: null, parked: null, muted: false }) as ConnState;
    if (state.busy) (state.queue ??= []).push(m);
    else this.take(conn, m, state);
  }

  private take(conn: Conn, m: Message, state: ConnState): void {
    const k = this.kernel;
    // Kafka closes the connection on an API or a version that it does not know.
    if (!this.ready || !speaks(m.api, m.apiVersion)) {
      k.network.close(conn, false);
      return;
    }
    state.busy = true;
    k.cause = emitReceived(k.trace, this.process.sym, k.cause, conn.client.sym, conn.sym, k.network.apiSym(m.api), m.apiVersion, m.correlationId);
    const request: Request = { conn, message: m, receivedUs: k.nowUs, cause: k.cause };
    switch (m.api) {
      case KEY.Produce:
        return this.produces.handle(request);
      case KEY.Fetch:
        return this.fetches.handle(request);
      case KEY.InitProducerId:
        return (m.body as InitProducerIdRequest).transactionalId === null ? initProducerId(this, request) : this.transactions.handle(request);
      case KEY.AddPartitionsToTxn:
      case KEY.AddOffsetsToTxn:
      case KEY.EndTxn:
      case KEY.DescribeTransactions:
      case KEY.ListTransactions:
        return this.transactions.handle(request);
      case KEY.TxnOffsetCommit:
        return this.transactionalOffsets.commit(request);
      case KEY.DeleteRecords:
        return this.deletions.handle(request);
      case KEY.JoinGroup:
      case KEY.SyncGroup:
      case KEY.Heartbeat:
      case KEY.LeaveGroup:
      case KEY.OffsetCommit:
      case KEY.OffsetFetch:
      case KEY.DescribeGroups:
      case KEY.ListGroups:
      case KEY.DeleteGroups:
      case KEY.OffsetDelete:
      case KEY.ConsumerGroupHeartbeat:
      case KEY.ConsumerGroupDescribe:
      case KEY.ShareGroupHeartbeat:
      case KEY.ShareGroupDescribe:
        return this.coordinator.handle(request);
      case KEY.ShareFetch:
      case KEY.ShareAcknowledge:
        return this.shares.handle(request);
      case KEY.ReadShareGroupState:
      case KEY.WriteShareGroupState:
      case KEY.InitializeShareGroupState:
      case KEY.DeleteShareGroupState:
      case KEY.ReadShareGroupStateSummary:
        return this.shareStates.handle(request);
      default: {
        if (FORWARDED.has(m.api)) return this.forwarding.forward(request);
        const answer = ANSWERS.get(m.api);
        if (answer) return answer(this, request);
        throw new Error(`${k.network.apiName(m.api)} is advertised and not served`);
      }
    }
  }

  /** Answers a request and takes the connection's next one. `body` null: no answer is due (acks=0). */
  reply(request: Request, body: unknown, error: number, bytes = 64, firstRecord = -1, records = 0): void {
    const k = this.kernel;
    const { conn, message: m } = request;
    if (body !== null) {
      const saved = k.cause;
      k.cause = emitAnswered(
        k.trace,
        this.process.sym,
        k.cause,
        conn.client.sym,
        conn.sym,
        k.network.apiSym(m.api),
        m.correlationId,
        error === 0 ? this.none : k.trace.sym(errorName(error)),
        k.nowUs - request.receivedUs,
      );
      k.network.send(conn, { response: true, api: m.api, apiVersion: m.apiVersion, correlationId: m.correlationId, clientId: m.clientId, body, bytes, firstRecord, records }, false);
      k.cause = saved;
    }
    const state = conn.serverData as ConnState | null;
    if (!state || state.muted) return;
    state.busy = false;
    this.takeNext(conn, state);
  }

  private takeNext(conn: Conn, state: ConnState): void {
    const next = state.queue?.shift();
    if (next) this.take(conn, next, state);
  }

  /** Reads requests from a connection again that was muted. */
  unmute(conn: Conn): void {
    const state = conn.serverData as ConnState | null;
    if (!state) return;
    state.muted = state.busy = false;
    this.takeNext(conn, state);
  }

  /** Applies metadata records in order. */
  applyMetadata(records: readonly MetadataRecord[]): void {
    const cause = this.kernel.cause;
    for (const record of records) {
      this.disk.metadata.push(record);
      this.image.apply(record);
      this.kernel.cause = cause;
      if (record.type === 'topicRemoved') this.topicRemoved(record.name);
      else if (record.type === 'topic') this.configs.delete(record.name);
      else if (record.type === 'quota') this.quotas.changed(record);
      else if (record.type === 'config' && (record.of === 'topic' || record.of === 'broker')) this.reconfigure(record.of === 'topic' ? record.resource : null);
      else if (record.type === 'partition' && this.ready) this.replication.takeRole(record.topic, record.partition);
    }
    this.kernel.cause = cause;
    if (!this.ready) this.serve();
    this.coordinator.metadataChanged(records);
    for (const record of records) {
      if (record.type !== 'partition') continue;
      this.shares.partitionChanged(record.topic, record.partition);
      if (record.topic === OFFSETS_TOPIC) this.coordinator.partitionChanged(record.partition);
      else if (record.topic === TRANSACTIONS_TOPIC) this.transactions.partitionChanged(record.partition);
    }
  }

  private topicRemoved(topic: string): void {
    const { cause } = this.kernel;
    this.disk.logs.get(topic)?.forEach((_, p) => {
      this.kernel.cause = cause;
      this.replication.drop(topic, p);
      this.shares.partitionChanged(topic, p);
      if (topic === OFFSETS_TOPIC) this.coordinator.partitionChanged(p);
      else if (topic === TRANSACTIONS_TOPIC) this.transactions.partitionChanged(p);
    });
    this.disk.logs.delete(topic);
    this.partitions.delete(topic);
    this.lastTopic = null;
    this.configs.delete(topic);
  }

  /** Settings of a topic, or of all (null), have changed. */
  private reconfigure(topic: string | null): void {
    if (topic === null) this.configs.clear();
    else this.configs.delete(topic);
    for (const [name, list] of this.partitions) if (topic === null || name === topic) for (const p of list) if (p) p.log.config = this.configOf(name);
  }
}
