// The transaction log: what a coordinator writes into its partition of the topic, how it waits for it, and the fold that brings
// it back after a fail-over (Kafka TransactionStateManager, TransactionLog).
import { digestText } from '../../kernel/hash.ts';
import { partitionOfName } from '../javaHash.ts';
import { TRANSACTIONS_PARTITIONS, TRANSACTIONS_TOPIC } from '../metadata/image.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { RecordBatch } from '../protocol/batch.ts';
import { appendBatch, whenCommitted } from './appends.ts';
import type { Broker } from './broker.ts';
import { TransactionMetadata, type Transit, type TransactionValues } from './transactionMetadata.ts';

interface TransactionRecord {
  readonly kind: 'transaction';
  readonly transactionalId: string;
  readonly values: TransactionValues;
}

/** One partition of the transaction log that this broker leads. */
export interface TransactionHome {
  readonly partition: number;
  /** Leader epoch under which it was loaded. */
  readonly coordinatorEpoch: number;
  readonly byId: Map<string, TransactionMetadata>;
}

/** Partition of the transaction log that keeps a transactional.id. */
export function transactionsPartitionOf(transactionalId: string): number {
  return partitionOfName(transactionalId, TRANSACTIONS_PARTITIONS);
}

export class TransactionLog {
  private readonly broker: Broker;
  private readonly homes = new Map<number, TransactionHome>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** The partitions that this broker leads, in order of number. */
  led(): TransactionHome[] {
    return [...this.homes.values()].sort((a, b) => a.partition - b.partition);
  }

  /** @returns the home of a transactional.id, or an error code when another broker has it. */
  homeOf(transactionalId: string): TransactionHome | number {
    return this.homes.get(transactionsPartitionOf(transactionalId)) ?? ERR.NOT_COORDINATOR;
  }

  /** Whether a home still is what it was: this broker leads it under the same epoch. */
  holds(home: TransactionHome): boolean {
    return this.homes.get(home.partition) === home;
  }

  /** This broker's role for a partition of the log may have changed. @returns what it has just loaded, if it now leads it. */
  roleChanged(partition: number): TransactionHome | null {
    const p = this.broker.partition(TRANSACTIONS_TOPIC, partition);
    const known = this.homes.get(partition);
    if (p?.role !== 'leader') {
      this.homes.delete(partition);
      return null;
    }
    if (known?.coordinatorEpoch === p.state.leaderEpoch) return null;
    const byId = new Map<string, TransactionMetadata>();
    for (const batch of p.log.batches) {
      const record = batch.internal as TransactionRecord;
      byId.set(record.transactionalId, new TransactionMetadata(record.transactionalId, record.values));
    }
    const home: TransactionHome = { partition, coordinatorEpoch: p.state.leaderEpoch, byId };
    this.homes.set(partition, home);
    return home;
  }

  /**
   * Writes a prepared change; it takes effect when it is committed. A change that fails is taken back, unless the caller tries it again.
   * @param done with 0 or a coordinator's error code.
   */
  append(home: TransactionHome, meta: TransactionMetadata, transit: Transit, done: (error: number) => void, retries: (error: number) => boolean = () => false): void {
    if (!this.holds(home)) return done(ERR.NOT_COORDINATOR);
    const settle = (failed: number) => {
      const error = failed === 0 && !this.holds(home) ? ERR.NOT_COORDINATOR : coordinatorError(failed);
      if (error === 0) this.complete(meta, transit);
      else if (this.holds(home) && !retries(error)) meta.pending = null;
      done(error);
    };
    const { broker } = this;
    const p = broker.partition(TRANSACTIONS_TOPIC, home.partition)!;
    if (p.state.isr.length < p.effectiveMinIsr()) return settle(ERR.NOT_ENOUGH_REPLICAS);
    const placed = appendBatch(broker, p, batchOf({ kind: 'transaction', transactionalId: meta.transactionalId, values: transit.values }, p.log.nowMs));
    whenCommitted(broker, p, placed, transit.values.timeoutMs * 1000, settle);
  }

  private complete(meta: TransactionMetadata, transit: Transit): void {
    const before = meta.values;
    meta.complete(transit);
    const { values } = transit;
    if (values.state === before.state && values.producerId === before.producerId && values.producerEpoch === before.producerEpoch) return;
    const k = this.broker.kernel;
    k.cause = k.trace.emit(
      'transaction.stateChanged',
      this.broker.process.sym,
      k.cause,
      k.trace.sym(meta.transactionalId),
      k.trace.sym(before.state),
      k.trace.sym(values.state),
      values.producerId,
      values.producerEpoch,
      values.partitions.size,
      k.trace.sym(transit.reason),
    );
  }
}

/** What a failed write to the log means to who asked. */
function coordinatorError(error: number): number {
  switch (error) {
    case ERR.UNKNOWN_TOPIC_OR_PARTITION:
    case ERR.NOT_ENOUGH_REPLICAS:
    case ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case ERR.REQUEST_TIMED_OUT:
      return ERR.COORDINATOR_NOT_AVAILABLE;
    case ERR.NOT_LEADER_OR_FOLLOWER:
      return ERR.NOT_COORDINATOR;
    default:
      return error;
  }
}

function batchOf(record: TransactionRecord, timestampMs: number): RecordBatch {
  const { values } = record;
  const text = `${record.transactionalId}@${values.producerId}/${values.producerEpoch}:${values.state}:${[...values.partitions.keys()].join()}`;
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: 0,
    attributes: 0,
    baseTimestampMs: timestampMs,
    maxTimestampMs: timestampMs,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    count: 1,
    bytes: 110 + text.length,
    firstRecord: -1,
    digest: digestText(text, 2) >>> 0,
    encoded: null,
    internal: record,
    kept: null,
  };
}
