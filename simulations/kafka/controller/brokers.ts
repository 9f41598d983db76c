// The life of brokers as the controller sees it: registration, heartbeats, fencing, orderly shutdown, leaving for good
// (Kafka ClusterControlManager, BrokerHeartbeatManager).
import { ERR } from '../protocol/apiKeys.ts';
import type { UnregisterBrokerRequest, UnregisterBrokerResponse } from '../protocol/adminMessages.ts';
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse, BrokerRegistrationRequest, BrokerRegistrationResponse } from './messages.ts';
import type { Partitions } from './partitions.ts';
import type { ControllerState } from './state.ts';

interface Session {
  lastHeartbeatUs: number;
  /** Metadata offset just after its registration: it must have read this far to be unfenced. */
  readonly registeredAt: number;
  /** How far it has read the metadata log, by its last heartbeat. */
  metadataOffset: number;
  /** How far the others must have read before it may end: they then know where its leaderships went. */
  shutdownOffset: number;
}

/** Why a broker is fenced, as the trace tells it. */
export type FenceReason = 'sessionTimeout' | 'newRegistration' | 'shutdown';

export class Brokers {
  private readonly state: ControllerState;
  private readonly partitions: Partitions;
  private readonly sessions = new Map<number, Session>();
  private readonly checked = new Set<number>();
  private nextEpoch = 1;
  private readonly timerKind: number;

  constructor(state: ControllerState, partitions: Partitions, timerKind: number) {
    this.state = state;
    this.partitions = partitions;
    this.timerKind = timerKind;
  }

  /** Brokers that stood before the run began: registered and serving. */
  found(ids: readonly number[]): void {
    for (const id of ids) this.state.write({ type: 'broker', id, epoch: this.nextEpoch++, fenced: false, shuttingDown: false });
  }

  /** The controller starts: every broker it knows has a whole session to be heard of. */
  start(): void {
    const { image } = this.state;
    for (const record of this.state.log) if (record.type === 'broker') this.nextEpoch = Math.max(this.nextEpoch, record.epoch + 1);
    for (const id of image.brokers.keys()) this.openSession(id, image.offset);
  }

  private openSession(id: number, registeredAt: number): void {
    const { kernel, process, config } = this.state;
    this.sessions.set(id, { lastHeartbeatUs: kernel.nowUs, registeredAt, metadataOffset: -1, shutdownOffset: -1 });
    if (this.checked.has(id)) return;
    this.checked.add(id);
    kernel.setTimer(process, config.brokerSessionTimeoutMs * 1000, this.timerKind, id);
  }

  /** @returns whether the session of a broker still stands: the timer of its check came. */
  checkSession(id: number): boolean {
    const { kernel, process, config, image } = this.state;
    const session = this.sessions.get(id);
    const broker = image.brokers.get(id);
    if (!session || !broker) {
      this.checked.delete(id);
      return true;
    }
    const sessionUs = config.brokerSessionTimeoutMs * 1000;
    const deadlineUs = session.lastHeartbeatUs + sessionUs;
    const expired = !broker.fenced && kernel.nowUs >= deadlineUs;
    if (expired) {
      kernel.cause = -1;
      this.fence(id, 'sessionTimeout');
    }
    kernel.setTimer(process, broker.fenced || expired ? sessionUs : deadlineUs - kernel.nowUs, this.timerKind, id);
    return !expired;
  }

  register(request: BrokerRegistrationRequest): BrokerRegistrationResponse {
    const { state } = this;
    const { kernel: k, image } = state;
    const id = request.brokerId;
    const known = image.brokers.get(id);
    const session = this.sessions.get(id);
    if (known && !known.fenced && session && k.nowUs - session.lastHeartbeatUs < state.config.brokerSessionTimeoutMs * 1000) return { errorCode: ERR.DUPLICATE_BROKER_REGISTRATION, brokerEpoch: -1 };
    const inOrder = known === undefined || known.epoch === request.previousBrokerEpoch;
    if (known && !known.fenced) this.fence(id, 'newRegistration', inOrder);
    else if (known && state.elr && !inOrder) this.partitions.brokerLostData(id);
    const epoch = this.nextEpoch++;
    state.write({ type: 'broker', id, epoch, fenced: true, shuttingDown: false });
    if (!known) k.cause = k.trace.emit('kafka.brokerJoined', state.process.sym, k.cause, id, epoch);
    this.openSession(id, image.offset);
    return { errorCode: 0, brokerEpoch: epoch };
  }

  heartbeat(request: BrokerHeartbeatRequest): BrokerHeartbeatResponse {
    const { kernel, image } = this.state;
    const id = request.brokerId;
    const broker = image.brokers.get(id);
    const session = this.sessions.get(id);
    if (!broker || !session || broker.epoch !== request.brokerEpoch) return { errorCode: ERR.STALE_BROKER_EPOCH, isFenced: true, shouldShutDown: false };
    session.lastHeartbeatUs = kernel.nowUs;
    session.metadataOffset = request.currentMetadataOffset;
    let shouldShutDown = false;
    if (request.wantShutDown) shouldShutDown = this.shutDown(id, session);
    else if (broker.fenced && request.currentMetadataOffset >= session.registeredAt) this.unfence(id);
    return { errorCode: 0, isFenced: image.brokers.get(id)!.fenced, shouldShutDown };
  }

  /** A broker wants to end: first its leaderships move, and the others read of it. @returns whether it may end now. */
  private shutDown(id: number, session: Session): boolean {
    const { state } = this;
    const { kernel: k, image } = state;
    const broker = image.brokers.get(id)!;
    if (!broker.fenced && !broker.shuttingDown && this.partitions.hasLeaderships(id)) {
      state.write({ type: 'broker', id, epoch: broker.epoch, fenced: false, shuttingDown: true });
      k.cause = k.trace.emit('kafka.shuttingDown', state.process.sym, k.cause, id);
      const { cause } = k;
      this.partitions.brokerGone(id);
      k.cause = cause;
      session.shutdownOffset = image.offset;
      return false;
    }
    if (broker.shuttingDown && (this.partitions.hasLeaderships(id) || session.shutdownOffset > this.lowestOffset())) return false;
    if (!broker.fenced) this.fence(id, 'shutdown');
    return true;
  }

  /** How far every serving broker has read the metadata log. */
  private lowestOffset(): number {
    let lowest = Infinity;
    for (const [id, session] of this.sessions) if (this.state.isActive(id)) lowest = Math.min(lowest, session.metadataOffset);
    return lowest;
  }

  private fence(id: number, reason: FenceReason, inOrder = true): void {
    const { state } = this;
    const { kernel: k } = state;
    const broker = state.image.brokers.get(id)!;
    k.cause = k.trace.emit('kafka.fenced', state.process.sym, k.cause, id, k.trace.sym(reason));
    state.write({ type: 'broker', id, epoch: broker.epoch, fenced: true, shuttingDown: broker.shuttingDown });
    const { cause } = k;
    if (state.elr && !inOrder) this.partitions.brokerLostData(id);
    else this.partitions.brokerGone(id);
    k.cause = cause;
  }

  private unfence(id: number): void {
    const { state } = this;
    const { kernel: k } = state;
    const broker = state.image.brokers.get(id)!;
    state.write({ type: 'broker', id, epoch: broker.epoch, fenced: false, shuttingDown: false });
    k.cause = k.trace.emit('kafka.unfenced', state.process.sym, k.cause, id, broker.epoch);
    this.partitions.brokerBack();
  }

  unregister(request: UnregisterBrokerRequest): UnregisterBrokerResponse {
    const { state } = this;
    const { kernel: k } = state;
    const id = request.brokerId;
    if (!state.image.brokers.has(id)) return { throttleTimeMs: 0, errorCode: ERR.BROKER_ID_NOT_REGISTERED, errorMessage: `Broker ${id} is not registered.` };
    state.write({ type: 'brokerRemoved', id });
    this.sessions.delete(id);
    k.cause = k.trace.emit('kafka.brokerLeft', state.process.sym, k.cause, id);
    const { cause } = k;
    this.partitions.brokerRemoved(id);
    k.cause = cause;
    return { throttleTimeMs: 0, errorCode: 0, errorMessage: null };
  }
}
