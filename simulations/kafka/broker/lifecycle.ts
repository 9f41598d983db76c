// A broker and the controller: registration, heartbeats, orderly shutdown, and the pulling of the metadata log (Kafka BrokerLifecycleManager).
import { drawInt } from '../../kernel/draws.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse, MetadataFetchRequest, MetadataFetchResponse } from '../controller/messages.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { Broker } from './broker.ts';
import { TIMER } from './timers.ts';

const METADATA_WAIT_MS = 500;
const RETRY_FIRST_MS = 100;
/** After the controller has first heard of a shutdown it is asked again sooner than a heartbeat is due. */
const SHUTDOWN_SOON_MS = 50;
/** So long a broker waits for the controller's leave to end, then it ends without. */
const SHUTDOWN_LIMIT_MS = 300_000;

export class Lifecycle {
  private readonly broker: Broker;
  /** Broker epoch; -1 = not registered. */
  epoch = -1;
  /** Epoch of the last incarnation, if that one ended in order; else -1. */
  private previousEpoch = -1;
  private failures = 0;
  private fetching = false;
  /** Unfenced at least once. */
  private running = false;
  private shuttingDown = false;
  private heardOfShutdown = false;
  /** Number of the heartbeat timer that counts: an earlier one is void. */
  private beat = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** @param founder whether the broker is registered and serving already: the cluster ran before the run began. */
  start(founder: boolean): void {
    const { broker } = this;
    this.previousEpoch = broker.disk.cleanEpoch;
    broker.disk.cleanEpoch = -1;
    if (founder) {
      this.running = true;
      this.epoch = broker.image.brokers.get(broker.id)!.epoch;
      this.beatAfter(drawInt(broker.kernel.draws(broker.process, 'heartbeat'), 0, broker.config.brokerHeartbeatIntervalMs * 1000));
      this.fetchMetadata();
    } else this.register();
  }

  timer(kind: number, a: number): void {
    if (kind === TIMER.registerAgain) this.register();
    else if (kind === TIMER.shutdownLimit) this.end();
    else if (a === this.beat) this.heartbeat();
  }

  private beatAfter(us: number): void {
    this.broker.kernel.setTimer(this.broker.process, us, TIMER.heartbeat, ++this.beat);
  }

  private register(): void {
    const { broker } = this;
    const body: BrokerRegistrationRequest = { brokerId: broker.id, incarnation: broker.process.incarnation, previousBrokerEpoch: this.previousEpoch };
    broker.controllerChannel('heartbeat').send({ api: KEY.BrokerRegistration, apiVersion: 4, body, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
      const answer = response?.body as BrokerRegistrationResponse | undefined;
      if (!answer || answer.errorCode !== 0) {
        // Refused while the session of the last incarnation still stands, or no answer: again after 100 ms, doubling to the session time.
        broker.kernel.setTimer(broker.process, this.retryMs() * 1000, TIMER.registerAgain);
        return;
      }
      this.failures = 0;
      this.epoch = answer.brokerEpoch;
      this.heartbeat();
      this.fetchMetadata();
    });
  }

  private retryMs(): number {
    return Math.min(RETRY_FIRST_MS * 2 ** Math.min(this.failures++, 20), this.broker.config.brokerSessionTimeoutMs);
  }

  private heartbeat(): void {
    const { broker } = this;
    const { brokerHeartbeatIntervalMs: intervalMs } = broker.config;
    const body: BrokerHeartbeatRequest = { brokerId: broker.id, brokerEpoch: this.epoch, currentMetadataOffset: broker.image.offset, wantShutDown: this.shuttingDown };
    broker.controllerChannel('heartbeat').send({ api: KEY.BrokerHeartbeat, apiVersion: 1, body, bytes: 48, firstRecord: -1, records: 0 }, (response) => {
      const answer = response?.body as BrokerHeartbeatResponse | undefined;
      if (answer && answer.errorCode !== 0) {
        // Not the broker that the controller knows: removed from the cluster, it goes on asking.
        this.beatAfter(this.retryMs() * 1000);
        return;
      }
      if (answer?.shouldShutDown) {
        this.end();
        return;
      }
      this.failures = 0;
      if (answer?.isFenced === false) this.running = true;
      let waitMs = answer?.isFenced || !answer ? Math.min(RETRY_FIRST_MS, intervalMs) : intervalMs;
      if (answer && this.shuttingDown && !this.heardOfShutdown) {
        this.heardOfShutdown = true;
        waitMs = SHUTDOWN_SOON_MS;
      }
      this.beatAfter(waitMs * 1000);
    });
  }

  /** The process was asked to end: the controller first moves what it leads. A broker that serves nothing yet ends at once. */
  shutDown(): void {
    if (this.shuttingDown) return;
    if (!this.running) {
      this.end();
      return;
    }
    this.shuttingDown = true;
    this.broker.kernel.setTimer(this.broker.process, SHUTDOWN_LIMIT_MS * 1000, TIMER.shutdownLimit);
    this.beatAfter(0);
  }

  private end(): void {
    this.broker.endInOrder(this.epoch);
  }

  private fetchMetadata(): void {
    if (this.fetching) return;
    this.fetching = true;
    const { broker } = this;
    const body: MetadataFetchRequest = { replicaId: broker.id, fetchOffset: broker.image.offset, maxWaitMs: METADATA_WAIT_MS };
    broker.controllerChannel('metadata').send({ api: KEY.Fetch, apiVersion: 17, body, bytes: 64, firstRecord: -1, records: 0 }, (response) => {
      this.fetching = false;
      if (!response) {
        broker.kernel.setTimer(broker.process, RETRY_FIRST_MS * 1000, TIMER.fetchAgain, -1);
        return;
      }
      const body = response.body as MetadataFetchResponse;
      if (body.records.length > 0 && body.fetchOffset === broker.image.offset) broker.applyMetadata(body.records);
      this.fetchMetadata();
    });
  }

  /** After a failed fetch of metadata. */
  fetchMetadataAgain(): void {
    this.fetchMetadata();
  }
}
