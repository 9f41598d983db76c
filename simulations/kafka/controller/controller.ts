// The KRaft controller: takes requests of brokers, commits what they come to in the metadata log, and hands the log to who pulls it
// (Kafka QuorumController). A single voter: no quorum of its own yet.
import type { Sym } from '../../contract/events.ts';
import type { Scenario } from '../../contract/scenario.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { createdWith } from '../metadata/effective.ts';
import { INTERNAL_TOPICS, OFFSETS_TOPIC, type MetadataRecord } from '../metadata/image.ts';
import { firstErrorIn } from '../protocol/adminMessages.ts';
import { errorName, KEY } from '../protocol/apiKeys.ts';
import { Brokers } from './brokers.ts';
import { Configs } from './configs.ts';
import { balanceLeaders, electLeaders, retryUnclean } from './elections.ts';
import { alterPartition } from './isr.ts';
import type { AlterPartitionRequest, BrokerHeartbeatRequest, BrokerRegistrationRequest, ForwardedCreateTopics, MetadataFetchRequest, MetadataFetchResponse } from './messages.ts';
import { Partitions } from './partitions.ts';
import { place } from './placement.ts';
import { alterQuotas } from './quotas.ts';
import { updateFeatures } from './features.ts';
import { addVoter, Quorum, removeVoter } from './quorum.ts';
import { alterReassignments, listReassignments } from './reassignments.ts';
import { alterScram } from './scram.ts';
import { ControllerState, type ControllerDisk } from './state.ts';
import { Topics } from './topics.ts';

const TIMER = { session: 1, fetchExpiry: 2, balance: 3, unclean: 4 } as const;

interface ParkedFetch {
  readonly conn: Conn;
  readonly message: Message;
  readonly receivedUs: number;
  readonly number: number;
}

export class Controller implements Behavior {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly scenario: Scenario;
  private readonly state: ControllerState;
  private readonly partitions: Partitions;
  private readonly brokers: Brokers;
  private readonly topics: Topics;
  private readonly configs: Configs;
  private readonly quorum: Quorum;
  private parked: ParkedFetch[] = [];
  private parkedCount = 0;
  /** Metadata offset up to which everybody who waits has been told. */
  private published = 0;
  private readonly none: Sym;

  constructor(kernel: Kernel, process: Process, scenario: Scenario) {
    this.kernel = kernel;
    this.process = process;
    this.scenario = scenario;
    this.state = new ControllerState(kernel, process, scenario);
    this.partitions = new Partitions(this.state);
    this.brokers = new Brokers(this.state, this.partitions, TIMER.session);
    this.topics = new Topics(this.state);
    this.configs = new Configs(this.state, this.partitions);
    this.quorum = new Quorum(this.state);
    this.none = kernel.trace.sym('NONE');
  }

  start(): void {
    const disk = this.process.disk as ControllerDisk | null;
    if (disk) this.state.load();
    else {
      this.process.disk = { log: [] } satisfies ControllerDisk;
      this.bootstrap();
    }
    this.brokers.start();
    this.published = this.state.image.offset;
    const { config } = this.state;
    if (config.autoLeaderRebalanceEnable) this.kernel.setTimer(this.process, config.leaderImbalanceCheckIntervalSeconds * 1_000_000, TIMER.balance);
    this.kernel.setTimer(this.process, config.uncleanLeaderElectionIntervalMs * 1000, TIMER.unclean);
  }

  /** The cluster as it stood before the run: brokers registered and serving, topics placed. */
  private bootstrap(): void {
    const { scenario, state } = this;
    const founders = scenario.cluster.brokers;
    this.brokers.found(Array.from({ length: founders }, (_, i) => i + 1));
    // A cluster that keeps eligible leaders has one min.insync.replicas, written down for all of it.
    if (state.elr) state.write({ type: 'config', of: 'broker', resource: '', key: 'min.insync.replicas', value: String(state.config.minInsyncReplicas) });
    const write = (name: string, count: number, replicas: number, configs: readonly (readonly [string, string])[]) => {
      const placements = place(state.image, this.kernel.seed, name, { first: 0, count, replicas });
      if (typeof placements === 'string') throw new Error(`topic ${name}: ${placements}`);
      this.topics.write({ name, placements, configs, auto: false });
    };
    for (const t of scenario.topics)
      if (t.replicaAssignment) this.topics.write({ name: t.name, placements: t.replicaAssignment.map((replicas) => ({ replicas, isr: replicas })), configs: createdWith(t), auto: false });
      else write(t.name, t.partitions, t.replicationFactor, createdWith(t));
    if (!scenario.processes.some((p) => p.role !== 'producer')) return;
    const { partitions, configs } = INTERNAL_TOPICS.get(OFFSETS_TOPIC)!;
    write(OFFSETS_TOPIC, partitions, Math.min(3, founders), configs);
  }

  timer(kind: number, a: number): void {
    switch (kind) {
      case TIMER.session:
        this.brokers.checkSession(a);
        return this.publish();
      case TIMER.fetchExpiry: {
        const at = this.parked.findIndex((p) => p.number === a);
        if (at >= 0) this.answerFetch(this.parked.splice(at, 1)[0]!);
        return;
      }
      case TIMER.balance:
        this.kernel.setTimer(this.process, this.state.config.leaderImbalanceCheckIntervalSeconds * 1_000_000, TIMER.balance);
        this.kernel.cause = -1;
        balanceLeaders(this.partitions);
        return this.publish();
      default:
        this.kernel.setTimer(this.process, this.state.config.uncleanLeaderElectionIntervalMs * 1000, TIMER.unclean);
        this.kernel.cause = -1;
        retryUnclean(this.state, this.partitions);
        return this.publish();
    }
  }

  closed(conn: Conn): void {
    this.parked = this.parked.filter((p) => p.conn !== conn);
  }

  message(conn: Conn, m: Message): void {
    const k = this.kernel;
    k.cause = k.trace.emit('request.received', this.process.sym, k.cause, conn.client.sym, conn.sym, k.network.apiSym(m.api), m.apiVersion, m.correlationId);
    if (m.api === KEY.Fetch) return this.fetch(conn, m, m.body as MetadataFetchRequest);
    const answer = this.handle(m);
    if (answer === null) {
      k.network.close(conn, false);
      return;
    }
    this.publish();
    this.reply(conn, m, answer, firstErrorIn(answer), k.nowUs);
  }

  /** @returns the answer; null for what a controller does not serve. */
  private handle(m: Message): unknown {
    const { state, partitions } = this;
    const body = m.body as never;
    switch (m.api) {
      case KEY.BrokerRegistration:
        return this.brokers.register(body as BrokerRegistrationRequest);
      case KEY.BrokerHeartbeat:
        return this.brokers.heartbeat(body as BrokerHeartbeatRequest);
      case KEY.AlterPartition:
        return { errorCode: alterPartition(state, partitions, body as AlterPartitionRequest) };
      case KEY.CreateTopics:
        return this.topics.create(body as ForwardedCreateTopics, m.apiVersion);
      case KEY.DeleteTopics:
        return this.topics.remove(body, m.apiVersion);
      case KEY.CreatePartitions:
        return this.topics.addPartitions(body, m.apiVersion);
      case KEY.AlterConfigs:
        return this.configs.replace(body);
      case KEY.IncrementalAlterConfigs:
        return this.configs.incremental(body);
      case KEY.AlterClientQuotas:
        return alterQuotas(state, body);
      case KEY.AlterUserScramCredentials:
        return alterScram(state, body);
      case KEY.UpdateFeatures:
        return updateFeatures(state, body, m.apiVersion);
      case KEY.ElectLeaders:
        return electLeaders(state, partitions, body);
      case KEY.AlterPartitionReassignments:
        return alterReassignments(state, partitions, body);
      case KEY.ListPartitionReassignments:
        return listReassignments(state, body);
      case KEY.DescribeQuorum:
        return this.quorum.describe(body);
      case KEY.AddRaftVoter:
        return addVoter(body);
      case KEY.RemoveRaftVoter:
        return removeVoter(body);
      case KEY.UnregisterBroker:
        return this.brokers.unregister(body);
      default:
        return null;
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

  /* ---- the metadata log, pulled ---- */

  private fetch(conn: Conn, m: Message, body: MetadataFetchRequest): void {
    this.quorum.fetched(body.replicaId, body.fetchOffset);
    const parked: ParkedFetch = { conn, message: m, receivedUs: this.kernel.nowUs, number: ++this.parkedCount };
    if (body.fetchOffset < this.state.image.offset || body.maxWaitMs <= 0) {
      this.answerFetch(parked);
      return;
    }
    this.parked.push(parked);
    this.kernel.setTimer(this.process, body.maxWaitMs * 1000, TIMER.fetchExpiry, parked.number);
  }

  private answerFetch(p: ParkedFetch): void {
    const { fetchOffset } = p.message.body as MetadataFetchRequest;
    const records = this.state.log.slice(fetchOffset);
    this.reply(p.conn, p.message, { fetchOffset, records } satisfies MetadataFetchResponse, 0, p.receivedUs);
  }

  /** Hands new records to every broker that waits for them. */
  private publish(): void {
    if (this.published === this.state.image.offset) return;
    this.published = this.state.image.offset;
    const { cause } = this.kernel;
    for (const p of this.parked.splice(0)) {
      this.kernel.cause = cause;
      this.answerFetch(p);
    }
    this.kernel.cause = cause;
  }

  /** The metadata log as it stands: what every broker has read before the run began. */
  static logOf(process: Process): readonly MetadataRecord[] {
    return (process.disk as ControllerDisk).log;
  }
}
