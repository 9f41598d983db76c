// A broker and the controller: registration, heartbeats, and the pulling of the metadata log (Kafka BrokerLifecycleManager).
import { drawInt } from '../../kernel/draws.ts';
import type { BrokerHeartbeatResponse, BrokerRegistrationResponse, MetadataFetchResponse } from '../controller/messages.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { Broker } from './broker.ts';
import { TIMER } from './timers.ts';

const METADATA_WAIT_MS = 500;
const RETRY_FIRST_MS = 100;

export class Lifecycle {
  private readonly broker: Broker;
  /** -1 = not registered. */
  private epoch = -1;
  private failures = 0;
  private fetching = false;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** On its first start the broker is registered and serving already: the cluster ran before the run began. */
  start(first: boolean): void {
    if (first) {
      this.epoch = this.broker.image.brokers.get(this.broker.id)!.epoch;
      const spread = drawInt(this.broker.kernel.draws(this.broker.process, 'heartbeat'), 0, this.broker.config.brokerHeartbeatIntervalMs * 1000);
      this.broker.kernel.setTimer(this.broker.process, spread, TIMER.heartbeat);
      this.fetchMetadata();
    } else this.register();
  }

  timer(kind: number): void {
    if (kind === TIMER.registerAgain) {
      this.register();
      return;
    }
    this.heartbeat();
  }

  private register(): void {
    const { broker } = this;
    broker
      .controllerChannel('heartbeat')
      .send({ api: KEY.BrokerRegistration, apiVersion: 4, body: { brokerId: broker.id, incarnation: broker.process.incarnation }, bytes: 96, firstRecord: -1, records: 0 }, (response) => {
        const body = response?.body as BrokerRegistrationResponse | undefined;
        if (!body || body.errorCode !== 0) {
          // Refused while the session of the last incarnation still stands, or no answer: again after 100 ms, doubling to the session time.
          const waitMs = Math.min(RETRY_FIRST_MS * 2 ** Math.min(this.failures++, 20), broker.config.brokerSessionTimeoutMs);
          broker.kernel.setTimer(broker.process, waitMs * 1000, TIMER.registerAgain);
          return;
        }
        this.failures = 0;
        this.epoch = body.brokerEpoch;
        this.heartbeat();
        this.fetchMetadata();
      });
  }

  private heartbeat(): void {
    const { broker } = this;
    broker
      .controllerChannel('heartbeat')
      .send(
        { api: KEY.BrokerHeartbeat, apiVersion: 1, body: { brokerId: broker.id, brokerEpoch: this.epoch, currentMetadataOffset: broker.image.offset }, bytes: 48, firstRecord: -1, records: 0 },
        (response) => {
          const body = response?.body as BrokerHeartbeatResponse | undefined;
          if (body && body.errorCode !== 0) {
            this.register();
            return;
          }
          const waitMs = body?.isFenced || !body ? Math.min(RETRY_FIRST_MS, broker.config.brokerHeartbeatIntervalMs) : broker.config.brokerHeartbeatIntervalMs;
          broker.kernel.setTimer(broker.process, waitMs * 1000, TIMER.heartbeat);
        },
      );
  }

  private fetchMetadata(): void {
    if (this.fetching) return;
    this.fetching = true;
    const { broker } = this;
    broker
      .controllerChannel('metadata')
      .send({ api: KEY.Fetch, apiVersion: 17, body: { fetchOffset: broker.image.offset, maxWaitMs: METADATA_WAIT_MS }, bytes: 64, firstRecord: -1, records: 0 }, (response) => {
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
