// The transactions of a native producer, as the Java client 4.0 has them with transaction version 2: the broker adds partitions, every end
// gives the epoch of the next transaction (Kafka TransactionManager, KIP-890). What the application would do is done here too: it ends
// a transaction after so many records, and aborts it when a record cannot be sent; those records are not sent again.
import type { ProcessSpec } from '../../contract/scenario.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Message } from '../../kernel/network.ts';
import { ERR, errorName, KEY } from '../protocol/apiKeys.ts';
import type { FindCoordinatorResponse, InitProducerIdResponse } from '../protocol/messages.ts';
import type { EndTxnResponse } from '../protocol/transactionMessages.ts';
import { CLIENT_TIMER, type Client } from './client.ts';

/** What the transactions ask of their producer. */
export interface Sending {
  /** Closes the open batches and sends them without waiting for linger.ms. */
  flush(): void;
  /** Batches that are neither acknowledged nor given up. */
  outstanding(): number;
  /** Gives up what was not sent. */
  dropUnsent(error: string): void;
  /** Sequence numbers begin at 0 again: there is a new epoch. */
  restartSequences(): void;
  /** The application may hand over records. */
  resume(): void;
}

/** What a producer asks of its transactions. */
export interface Transactions {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Whether the application may hand over a record. */
  readonly open: boolean;
  /** Whether batches may be sent. */
  readonly ready: boolean;
  /** Whether a batch that comes back is to be given up instead of sent again. */
  readonly hopeless: boolean;
  /** Carries on with whatever is due. */
  proceed(): void;
  /** A record was handed over. @returns whether it was the transaction's last. */
  took(): boolean;
  /** The application has nothing more to send. */
  finish(): void;
  acknowledge(records: number): void;
  /** A batch was given up. */
  failed(): void;
  /** Time to ask again. */
  timer(): void;
}

/** `starting`: no producer id yet. `open`: takes records. `ending`: flushes, then asks for the end. `fatal`: another producer has taken over. */
type Phase = 'starting' | 'open' | 'ending' | 'fatal';

/** Errors after which the same is asked again of the same coordinator. */
const AGAIN: ReadonlySet<number> = new Set([ERR.COORDINATOR_LOAD_IN_PROGRESS, ERR.CONCURRENT_TRANSACTIONS, ERR.REQUEST_TIMED_OUT]);
const MOVED: ReadonlySet<number> = new Set([ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE]);

export class ProducerTransactions implements Transactions {
  producerId = -1;
  producerEpoch = -1;
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  readonly transactionalId: string;
  private readonly client: Client;
  private readonly sending: Sending;
  private phase: Phase = 'starting';
  private coordinator = -1;
  /** A request is under way or a retry is due. */
  private busy = false;
  /** Counts from 1. */
  private number = 1;
  private handedOver = 0;
  private acknowledged = 0;
  private aborting = false;
  /** A record of this transaction was given up. */
  private broken = false;

  constructor(options: { kernel: Kernel; process: Process; spec: ProcessSpec; transactionalId: string; client: Client; sending: Sending }) {
    this.kernel = options.kernel;
    this.process = options.process;
    this.spec = options.spec;
    this.transactionalId = options.transactionalId;
    this.client = options.client;
    this.sending = options.sending;
  }

  /** Whether the application may hand over a record: else send() or commitTransaction() blocks it, or it has stopped. */
  get open(): boolean {
    return this.phase === 'open';
  }

  /** Whether batches may be sent: there is a producer id, and it holds. */
  get ready(): boolean {
    return this.phase === 'open' || this.phase === 'ending';
  }

  /** Whether a batch that comes back is to be given up instead of sent again. */
  get hopeless(): boolean {
    return this.broken || this.phase === 'fatal';
  }

  /** Carries on with whatever is due. */
  proceed(): void {
    if (this.busy || this.phase === 'fatal') return;
    if (this.phase === 'starting') this.ask(() => this.init());
    else if (this.phase === 'ending' && this.sending.outstanding() === 0) this.ask(() => this.end());
  }

  /** A record was handed over. @returns whether it was the transaction's last. */
  took(): boolean {
    this.handedOver++;
    if (this.handedOver < this.spec.recordsPerTransaction) return false;
    this.finish();
    return true;
  }

  /** Ends the transaction with what was handed over, if it was anything. */
  finish(): void {
    if (this.phase !== 'open' || this.handedOver === 0) return;
    this.phase = 'ending';
    this.aborting = this.spec.abortEvery > 0 && this.number % this.spec.abortEvery === 0;
    this.sending.flush();
    this.proceed();
  }

  acknowledge(records: number): void {
    this.acknowledged += records;
    this.proceed();
  }

  /** A batch was given up: the transaction cannot be committed. */
  failed(): void {
    if (this.phase !== 'open' && this.phase !== 'ending') return;
    const first = !this.broken;
    this.phase = 'ending';
    this.aborting = this.broken = true;
    if (first) this.sending.dropUnsent('TRANSACTION_ABORTED');
    this.proceed();
  }

  /** Time to ask again. */
  timer(): void {
    this.busy = false;
    this.proceed();
  }

  private again(): void {
    this.kernel.setTimer(this.process, this.spec.retryBackoffMs * 1000, CLIENT_TIMER.transaction);
  }

  /** Asks the coordinator, and before that who it is. */
  private ask(question: () => void): void {
    this.busy = true;
    if (this.coordinator >= 0) {
      question();
      return;
    }
    const body = { key: '', keyType: 1, coordinatorKeys: [this.transactionalId] };
    this.client.channel(this.client.anyBroker(), 'produce').send({ api: KEY.FindCoordinator, apiVersion: 6, body, bytes: 48, firstRecord: -1, records: 0 }, (response) => {
      const found = (response?.body as FindCoordinatorResponse | undefined)?.coordinators[0];
      if (!response) this.client.failedBroker();
      if (found?.errorCode !== 0) {
        this.again();
        return;
      }
      this.coordinator = found.nodeId;
      question();
    });
  }

  /** What every answer of the coordinator is looked at for. @returns its body when it is a success. */
  private settled<T extends { readonly errorCode: number }>(response: Message | null): T | null {
    const body = response?.body as T | undefined;
    if (body?.errorCode === 0) {
      this.busy = false;
      return body;
    }
    if (!body || MOVED.has(body.errorCode)) {
      this.coordinator = -1;
      this.again();
    } else if (AGAIN.has(body.errorCode)) this.again();
    else if (body.errorCode === ERR.TRANSACTION_ABORTABLE && !this.aborting) {
      this.aborting = true;
      this.again();
    } else this.stop(body.errorCode);
    return null;
  }

  private stop(error: number): void {
    this.phase = 'fatal';
    const k = this.kernel;
    // INVALID_PRODUCER_EPOCH says the same in older words.
    const name = errorName(error === ERR.INVALID_PRODUCER_EPOCH ? ERR.PRODUCER_FENCED : error);
    k.cause = k.trace.emit('producer.fatal', this.process.sym, k.cause, k.trace.sym(this.transactionalId), k.trace.sym(name));
    this.sending.dropUnsent(name);
  }

  private init(): void {
    const body = { transactionalId: this.transactionalId, transactionTimeoutMs: this.spec.transactionTimeoutMs, producerId: -1, producerEpoch: -1 };
    this.client.channel(this.coordinator, 'produce').send({ api: KEY.InitProducerId, apiVersion: 5, body, bytes: 64, firstRecord: -1, records: 0 }, (response) => {
      const answer = this.settled<InitProducerIdResponse>(response);
      if (answer) this.begin(answer.producerId, answer.producerEpoch);
    });
  }

  private begin(producerId: number, producerEpoch: number): void {
    this.producerId = producerId;
    this.producerEpoch = producerEpoch;
    this.phase = 'open';
    this.handedOver = 0;
    this.acknowledged = 0;
    this.aborting = this.broken = false;
    this.sending.restartSequences();
    this.sending.resume();
  }

  private end(): void {
    const { producerId, producerEpoch, transactionalId } = this;
    const committed = !this.aborting;
    this.client
      .channel(this.coordinator, 'produce')
      .send({ api: KEY.EndTxn, apiVersion: 5, body: { transactionalId, producerId, producerEpoch, committed }, bytes: 64, firstRecord: -1, records: 0 }, (response) => {
        const answer = this.settled<EndTxnResponse>(response);
        if (!answer) return;
        const k = this.kernel;
        k.cause = k.trace.emit('producer.transactionEnded', this.process.sym, k.cause, k.trace.sym(transactionalId), committed, this.acknowledged, this.number);
        this.number++;
        this.begin(answer.producerId, answer.producerEpoch);
      });
  }
}
