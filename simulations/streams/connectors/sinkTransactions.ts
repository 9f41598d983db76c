// The transactions of one sink subtask. One is open at a time and takes the records; at a checkpoint it is flushed and put into the state, and a new
// one begins; when the checkpoint is complete it is committed, by whoever runs the subtask then
// (Flink ExactlyOnceKafkaWriter, FlinkKafkaInternalProducer.resumeTransaction, KafkaCommitter).
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Message } from '../../kernel/network.ts';
import { CLIENT_TIMER, type Client } from '../../kafka/client/client.ts';
import type { Sending, Transactions } from '../../kafka/client/transactions.ts';
import { ERR, errorName, KEY } from '../../kafka/protocol/apiKeys.ts';
import type { FindCoordinatorResponse, InitProducerIdResponse } from '../../kafka/protocol/messages.ts';
import type { KafkaSinkSpec } from './kafkaSinkSpec.ts';

/** A transaction that is written and waits for its checkpoint. */
export interface PreparedTransaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly checkpoint: number;
}

interface Options {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly job: string;
  readonly operator: string;
  readonly client: Client;
  readonly sending: Sending;
  readonly spec: KafkaSinkSpec;
  readonly subtask: number;
  fail(reason: string): void;
  /** The transaction that takes records is another one now. */
  changed(): void;
}

/** Asked again: the coordinator moves, or is still busy with what was before. */
const AGAIN: ReadonlySet<number> = new Set([ERR.COORDINATOR_LOAD_IN_PROGRESS, ERR.CONCURRENT_TRANSACTIONS, ERR.REQUEST_TIMED_OUT, ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE]);
const MOVED: ReadonlySet<number> = new Set([ERR.NOT_COORDINATOR, ERR.COORDINATOR_NOT_AVAILABLE]);

type Job = () => void;

export class SinkTransactions implements Transactions {
  transactionalId = '';
  producerId = -1;
  producerEpoch = -1;
  open = false;
  hopeless = false;
  private readonly o: Options;
  private prepared: PreparedTransaction[] = [];
  private records = 0;
  /** Requests are made one after another. */
  private readonly jobs: Job[] = [];
  private working = false;
  private retry: Job | null = null;
  private readonly coordinators = new Map<string, number>();
  private begun = false;
  private closed = false;
  /** Checkpoint number in the last transactional id that was begun. */
  private lastBegun = 0;

  constructor(options: Options) {
    this.o = options;
  }

  get ready(): boolean {
    return this.producerId >= 0;
  }

  /**
   * Before the first record: commits what the checkpoint had prepared, aborts what came after it, and begins a transaction.
   * @param last the checkpoint that was restored; 0 = none. @param subtasks whose transactions may be left over.
   */
  begin(prepared: readonly PreparedTransaction[], last: number, subtasks: readonly number[]): void {
    this.begun = true;
    for (const t of prepared) this.job(() => this.commit(t, () => {}));
    for (const subtask of subtasks) this.job(() => this.abortFrom(subtask, last + 1));
    this.job(() => this.beginTransaction(last + 1));
  }

  private idOf(subtask: number, checkpoint: number): string {
    return `${this.o.spec.transactionalIdPrefix}-${subtask}-${checkpoint}`;
  }

  wrote(): void {
    this.records++;
  }

  /** The records of the open transaction are flushed. @returns what waits for this checkpoint and for those before it. */
  prepare(checkpoint: number): readonly PreparedTransaction[] {
    const { transactionalId, producerId, producerEpoch } = this;
    if (this.records > 0) {
      this.prepared.push({ transactionalId, producerId, producerEpoch, checkpoint });
      this.tell(transactionalId, checkpoint, 'preCommitted', '');
    }
    this.open = false;
    // No id is left out: whoever aborts what is left over stops at the first one that nobody has used.
    for (let id = this.lastBegun + 1; id <= checkpoint; id++) this.job(() => this.init(this.idOf(this.o.subtask, id), () => this.done()));
    this.job(() => this.beginTransaction(checkpoint + 1));
    return this.prepared.slice();
  }

  commitUpTo(checkpoint: number, then: () => void): void {
    const due = this.prepared.filter((t) => t.checkpoint <= checkpoint);
    this.prepared = this.prepared.filter((t) => t.checkpoint > checkpoint);
    let left = due.length;
    if (left === 0) then();
    for (const t of due)
      this.job(() =>
        this.commit(t, () => {
          if (--left === 0) then();
        }),
      );
  }

  /* ---- requests, one after another ---- */

  private job(job: Job): void {
    this.jobs.push(job);
    this.proceed();
  }

  proceed(): void {
    if (this.working || !this.begun) return;
    const next = this.jobs.shift();
    if (!next) return;
    this.working = true;
    next();
  }

  private done(): void {
    this.working = false;
    this.proceed();
  }

  /** The task ends: what is prepared is left to whoever restores the checkpoint. */
  close(): void {
    this.jobs.length = 0;
    this.retry = null;
    this.closed = true;
  }

  timer(): void {
    const { retry } = this;
    this.retry = null;
    retry?.();
  }

  private again(job: Job): void {
    this.retry = job;
    const { kernel, process, client } = this.o;
    kernel.setTimer(process, client.spec.retryBackoffMs * 1000, client.timerBase + CLIENT_TIMER.transaction);
  }

  /** Sends to the coordinator of a transactional id. @param take its answer, once it is no reason to ask again. */
  private ask<T extends { readonly errorCode: number }>(id: string, request: { readonly api: number; readonly apiVersion: number; readonly body: unknown }, take: (answer: T) => void): void {
    const { client } = this.o;
    const retry = () => this.ask(id, request, take);
    const known = this.coordinators.get(id);
    if (known === undefined) {
      const body = { key: '', keyType: 1, coordinatorKeys: [id] };
      client.channel(client.anyBroker(), 'produce').send({ api: KEY.FindCoordinator, apiVersion: 6, body, bytes: 48, firstRecord: -1, records: 0 }, (response) => {
        if (this.closed) return;
        const found = (response?.body as FindCoordinatorResponse | undefined)?.coordinators[0];
        if (!response) client.failedBroker();
        if (found?.errorCode !== 0) {
          this.again(retry);
          return;
        }
        this.coordinators.set(id, found.nodeId);
        retry();
      });
      return;
    }
    client.channel(known, 'produce').send({ ...request, bytes: 64, firstRecord: -1, records: 0 }, (response: Message | null) => {
      if (this.closed) return;
      const answer = response?.body as T | undefined;
      if (!answer || MOVED.has(answer.errorCode)) this.coordinators.delete(id);
      if (!answer || AGAIN.has(answer.errorCode)) this.again(retry);
      else take(answer);
    });
  }

  private init(id: string, take: (answer: InitProducerIdResponse) => void): void {
    const body = { transactionalId: id, transactionTimeoutMs: this.o.spec.transactionTimeoutMs, producerId: -1, producerEpoch: -1 };
    this.ask<InitProducerIdResponse>(id, { api: KEY.InitProducerId, apiVersion: 5, body }, (answer) => {
      if (answer.errorCode === 0) take(answer);
      else {
        this.o.fail(errorName(answer.errorCode));
        this.done();
      }
    });
  }

  private beginTransaction(checkpoint: number): void {
    const id = this.idOf(this.o.subtask, checkpoint);
    this.lastBegun = checkpoint;
    this.init(id, (answer) => {
      this.transactionalId = id;
      this.producerId = answer.producerId;
      this.producerEpoch = answer.producerEpoch;
      this.records = 0;
      this.o.sending.restartSequences();
      this.open = true;
      this.tell(id, checkpoint, 'begun', '');
      this.done();
      this.o.changed();
      this.o.sending.resume();
    });
  }

  /** Aborts what was left open after the restored checkpoint: until an id that nobody has used, whose epoch is 0. */
  private abortFrom(subtask: number, checkpoint: number): void {
    const id = this.idOf(subtask, checkpoint);
    this.init(id, (answer) => {
      if (answer.producerEpoch === 0) {
        this.done();
        return;
      }
      this.tell(id, checkpoint, 'aborted', '');
      this.abortFrom(subtask, checkpoint + 1);
    });
  }

  private commit(t: PreparedTransaction, then: () => void): void {
    const { transactionalId, producerId, producerEpoch } = t;
    const body = { transactionalId, producerId, producerEpoch, committed: true };
    this.ask<{ readonly errorCode: number }>(transactionalId, { api: KEY.EndTxn, apiVersion: 5, body }, (answer) => {
      // What Kafka has aborted meanwhile, or another has taken over, cannot be committed any more: Flink logs that data is lost, and goes on.
      if (answer.errorCode === 0) this.tell(transactionalId, t.checkpoint, 'committed', '');
      else this.tell(transactionalId, t.checkpoint, 'lost', errorName(answer.errorCode));
      this.done();
      then();
    });
  }

  private tell(id: string, checkpoint: number, to: 'begun' | 'preCommitted' | 'committed' | 'aborted' | 'lost', reason: string): void {
    const { kernel: k, process, job, operator, subtask } = this.o;
    k.cause = k.trace.emit('sink.transactionChanged', process.sym, k.cause, k.trace.sym(job), k.trace.sym(operator), subtask, k.trace.sym(id), checkpoint, k.trace.sym(to), k.trace.sym(reason));
  }

  /* ---- what the producer asks ---- */

  took(): boolean {
    return false;
  }

  finish(): void {}

  acknowledge(): void {}

  failed(): void {
    this.hopeless = true;
  }
}
