// Writes a stream to a topic: as it comes, with everything acknowledged before a checkpoint, or in one transaction for each checkpoint that is
// committed when the checkpoint is complete (Flink KafkaSink, KafkaWriter, KafkaCommitter, TransactionAborter).
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { clientSpec } from '../../contract/scenario.ts';
import { Producer } from '../../kafka/client/producer.ts';
import type { RowNaming } from '../../kafka/client/workload.ts';
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { countable, MIN_TIME } from '../time.ts';
import type { KafkaSinkSpec } from './kafkaSinkSpec.ts';
import { SinkTransactions, type PreparedTransaction } from './sinkTransactions.ts';

export interface SinkHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly brokers: number;
  readonly timerBase: number;
  /** Names the records of all sinks of the process. */
  readonly naming: RowNaming;
  readonly job: string;
  readonly operator: string;
  /** The sink takes records again. */
  wake(): void;
}

/** What the sink keeps in a checkpoint. */
interface SinkState {
  readonly prepared: readonly PreparedTransaction[];
  readonly checkpoint: number;
  /** Subtasks there were, and which one wrote this: their transactional ids may have to be aborted. */
  readonly subtask: number;
}

/** Characters of a result that the trace tells. */
const MAX_TOLD = 400;

/** Flink flushes at a checkpoint; between checkpoints its producer sends as Kafka's defaults have it. */
const BATCH_RECORDS = 500;

export class KafkaSink implements StreamOperator {
  private readonly host: SinkHost;
  private readonly spec: KafkaSinkSpec;
  private producer!: Producer;
  private transactions: SinkTransactions | null = null;
  private context!: OperatorContext;
  private flushed: (() => void) | null = null;
  private restored: SinkState[] = [];
  /** What came while no transaction was open: at most the rest of a buffer, and what fired upstream in the chain, for the task takes no more. */
  private readonly early: StreamRecord[] = [];

  constructor(host: SinkHost, spec: KafkaSinkSpec) {
    this.host = host;
    this.spec = spec;
  }

  open(context: OperatorContext): void {
    this.context = context;
    const { kernel, process, timerBase, brokers } = this.host;
    const { topic, guarantee } = this.spec;
    const client = clientSpec({ name: 'sink', role: 'producer', lingerMs: 0, batchRecords: BATCH_RECORDS, idempotence: true });
    this.producer = new Producer(kernel, process, client, [], brokers, {
      timerBase,
      topics: [topic],
      onSettled: (failed) => this.settled(failed),
      transactions:
        guarantee !== 'EXACTLY_ONCE'
          ? null
          : (kafka, sending) => {
              this.transactions = new SinkTransactions({
                ...this.host,
                client: kafka,
                sending,
                spec: this.spec,
                subtask: context.subtask,
                fail: (reason) => context.fail(reason),
                changed: () => this.transactionChanged(),
              });
              return this.transactions;
            },
    });
    this.producer.start();
  }

  /** The transactions begin when the state is restored. */
  started(): void {
    const last = this.restored.reduce((max, s) => Math.max(max, s.checkpoint), 0);
    const subtasks = this.restored.map((s) => s.subtask);
    this.transactions?.begin(
      this.restored.flatMap((s) => s.prepared),
      last,
      [...new Set([this.context.subtask, ...subtasks])],
    );
  }

  /** Between transactions it takes nothing: Flink's task waits for the producer of the next one. */
  get full(): boolean {
    return this.transactions !== null && !this.transactions.open;
  }

  element(record: StreamRecord): void {
    if (this.full) {
      this.early.push(record);
      return;
    }
    this.write(record);
  }

  private write({ value, timestampMs, cause }: StreamRecord): void {
    const { kernel: k, process, job, operator } = this.host;
    const { spec } = this;
    const key = spec.keyOf ? spec.keyOf(value) : null;
    const text = spec.serialize(value);
    const before = k.cause;
    if (cause >= 0) k.cause = cause;
    k.cause = k.trace.emit(
      'operator.emitted',
      process.sym,
      k.cause,
      k.trace.sym(job),
      k.trace.sym(operator),
      this.context.subtask,
      k.trace.sym(key ?? ''),
      countable(timestampMs),
      k.trace.sym(text.length > MAX_TOLD ? `${text.slice(0, MAX_TOLD - 1)}…` : text),
    );
    const { number, bytes } = this.host.naming.add({ key, value: text, timestampMs: timestampMs === MIN_TIME || Math.abs(timestampMs) === Number.POSITIVE_INFINITY ? null : timestampMs });
    this.transactions?.wrote();
    this.producer.enqueue({ topic: spec.topic, key, partition: null, naming: this.host.naming, number, bytes });
    k.cause = before;
  }

  watermark(): void {}

  processingTime(): void {}

  private transactionChanged(): void {
    if (!this.transactions!.open) return;
    for (const record of this.early.splice(0)) this.write(record);
    this.checkFlushed();
    this.host.wake();
  }

  /** What has failed after all retries fails the task, as in Flink; without a guarantee too. */
  private settled(failed: string | null): void {
    if (failed !== null) this.context.fail(failed);
    this.checkFlushed();
  }

  private checkFlushed(): void {
    if (!this.flushed || this.producer.outstanding > 0 || this.early.length > 0) return;
    if (this.full) return;
    const then = this.flushed;
    this.flushed = null;
    then();
  }

  beforeBarrier(then: () => void): void {
    if (this.spec.guarantee === 'NONE') {
      then();
      return;
    }
    this.flushed = then;
    this.producer.flush();
    this.checkFlushed();
  }

  snapshot(checkpoint: number): OperatorState {
    if (!this.transactions) return { keyed: [], list: [] };
    const state: SinkState = { prepared: this.transactions.prepare(checkpoint), checkpoint, subtask: this.context.subtask };
    return { keyed: [], list: [state] };
  }

  restore(state: OperatorState): void {
    this.restored = [...this.restored, ...(state.list as SinkState[])];
  }

  checkpointComplete(checkpoint: number, then: () => void): void {
    if (this.transactions) this.transactions.commitUpTo(checkpoint, then);
    else then();
  }

  close(): void {
    this.producer.close();
    this.transactions?.close();
  }

  /* ---- as a part of a process ---- */

  timer(kind: number, a: number, b: number): void {
    this.producer.timer(kind, a, b);
  }

  connected(conn: Conn): void {
    this.producer.connected(conn);
  }

  closedConn(conn: Conn): void {
    this.producer.closed(conn);
  }

  message(conn: Conn, m: Message): void {
    this.producer.message(conn, m);
  }
}
