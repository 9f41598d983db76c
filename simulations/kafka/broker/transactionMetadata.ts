// What a coordinator knows of one transactional.id, and the changes it may prepare: each is written to the transaction log first
// and takes effect when it is committed there (Kafka TransactionMetadata, TxnTransitMetadata).
import { ERR } from '../protocol/apiKeys.ts';
import { TRANSACTION_TABLE, type TransactionEvent, type TransactionState } from './transactionMachine.ts';

/** Java's Short.MAX_VALUE: never given to a client, so that the last epoch in use can still be fenced. */
const MAX_EPOCH = 32_767;
const NONE = -1;

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface TransactionValues {
  readonly producerId: number;
  /** Producer id before the last change of it; -1 = none. */
  readonly previousProducerId: number;
  /** Producer id that the client was told of and that holds from the end of this transaction on; -1 = none. */
  readonly nextProducerId: number;
  /** -1 before the first initialization is written. */
  readonly producerEpoch: number;
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  /** By `topic-partition`, in the order in which they were added. */
  readonly partitions: ReadonlyMap<string, TopicPartition>;
  /** Milliseconds of the run; -1 = no transaction. */
  readonly startMs: number;
  readonly updateMs: number;
  /** Whether the client last used transaction version 2: every end bumps its epoch. */
  readonly supportsEpochBump: boolean;
}

/** Why a change is made. */
export type TransitReason = 'client' | 'timeout' | 'fencing' | 'markersWritten';

export interface Transit {
  readonly values: TransactionValues;
  readonly reason: TransitReason;
}

export class TransactionMetadata {
  readonly transactionalId: string;
  values: TransactionValues;
  /** The state it is on its way to; null = at rest. */
  pending: TransactionState | null = null;
  /** A fencing epoch may stand in memory and not in the log: it is not raised again. */
  failedEpochFence = false;

  constructor(transactionalId: string, values: TransactionValues) {
    this.transactionalId = transactionalId;
    this.values = values;
  }

  get epochExhausted(): boolean {
    return isEpochExhausted(this.values.producerEpoch);
  }

  private prepare(event: TransactionEvent, reason: TransitReason, changes: Partial<TransactionValues>): Transit {
    const state = TRANSACTION_TABLE.next(this.values.state, event);
    if (state === null || this.pending !== null) throw new Error(`${this.transactionalId}: ${event} in ${this.values.state}, pending ${this.pending}`);
    this.pending = state;
    return { reason, values: { ...this.values, previousProducerId: this.values.producerId, ...changes, state } };
  }

  /**
   * The next epoch for a producer that begins or recovers.
   * @param expectedEpoch that the client believes to hold; -1 = it has none. @returns an error code when it is fenced.
   */
  prepareInit(timeoutMs: number, expectedEpoch: number, nowMs: number): Transit | number {
    const { producerEpoch, lastProducerEpoch } = this.values;
    let epoch = producerEpoch + 1;
    let last = NONE;
    if (expectedEpoch !== NONE) {
      if (producerEpoch === NONE || expectedEpoch === producerEpoch) last = producerEpoch;
      else if (expectedEpoch === lastProducerEpoch) {
        // A retry of a call that had succeeded.
        epoch = producerEpoch;
        last = lastProducerEpoch;
      } else return ERR.PRODUCER_FENCED;
    }
    return this.prepare('initialized', 'client', { producerEpoch: epoch, lastProducerEpoch: last, timeoutMs, partitions: new Map(), startMs: NONE, updateMs: nowMs });
  }

  /** A new producer id, epoch 0, because the epochs of the old one are used up. */
  prepareRotation(producerId: number, timeoutMs: number, recordLastEpoch: boolean, nowMs: number): Transit {
    const lastProducerEpoch = recordLastEpoch ? this.values.producerEpoch : NONE;
    return this.prepare('initialized', 'client', { producerId, producerEpoch: 0, lastProducerEpoch, timeoutMs, partitions: new Map(), startMs: NONE, updateMs: nowMs });
  }

  prepareAddPartitions(added: readonly TopicPartition[], supportsEpochBump: boolean, nowMs: number): Transit {
    const partitions = new Map(this.values.partitions);
    for (const tp of added) partitions.set(partitionKey(tp), tp);
    const startMs = this.values.state === 'Ongoing' ? this.values.startMs : nowMs;
    return this.prepare('partitionsAdded', 'client', { partitions, startMs, updateMs: nowMs, supportsEpochBump });
  }

  /** Locks the present producer out: its transaction is aborted under the next epoch. @returns that epoch. */
  prepareFence(): number {
    this.pending = TRANSACTION_TABLE.next(this.values.state, 'fenced');
    return this.failedEpochFence ? this.values.producerEpoch : this.values.producerEpoch + 1;
  }

  /** Takes the fencing epoch, so that the abort can be prepared. */
  fence(epoch: number): void {
    this.pending = null;
    this.values = { ...this.values, producerEpoch: epoch, lastProducerEpoch: NONE };
  }

  /**
   * @param nextProducerId to go on with when the epochs are used up; -1 = the same.
   * @param nothingAdded the abort of a transaction that has no partition.
   */
  prepareEnd(commit: boolean, options: { supportsEpochBump: boolean; nextProducerId: number; nothingAdded: boolean; reason: TransitReason; nowMs: number }): Transit {
    const { supportsEpochBump, nextProducerId, nothingAdded, reason, nowMs } = options;
    const { producerEpoch, lastProducerEpoch, startMs } = this.values;
    return this.prepare(commit ? 'commitPrepared' : 'abortPrepared', reason, {
      nextProducerId,
      producerEpoch: supportsEpochBump ? Math.min(producerEpoch + 1, MAX_EPOCH) : producerEpoch,
      lastProducerEpoch: supportsEpochBump ? producerEpoch : lastProducerEpoch,
      startMs: nothingAdded ? nowMs : startMs,
      updateMs: nowMs,
      supportsEpochBump,
    });
  }

  /** After the markers: the client goes on with the next producer id where it was told of one. */
  prepareComplete(nowMs: number): Transit {
    this.failedEpochFence = false;
    const { supportsEpochBump, nextProducerId, producerId, producerEpoch } = this.values;
    const rotates = supportsEpochBump && nextProducerId !== NONE;
    return this.prepare('completed', 'markersWritten', {
      producerId: rotates ? nextProducerId : producerId,
      producerEpoch: rotates ? 0 : producerEpoch,
      nextProducerId: NONE,
      partitions: new Map(),
      updateMs: nowMs,
    });
  }

  /** A prepared change is committed in the log. */
  complete(transit: Transit): void {
    this.values = transit.values;
    this.pending = null;
  }

  /** Its marker stands in a partition, or the partition is gone. */
  removePartition(key: string): void {
    const partitions = new Map(this.values.partitions);
    partitions.delete(key);
    this.values = { ...this.values, partitions };
  }
}

export function newTransaction(transactionalId: string, producerId: number, timeoutMs: number, nowMs: number): TransactionMetadata {
  return new TransactionMetadata(transactionalId, {
    producerId,
    previousProducerId: NONE,
    nextProducerId: NONE,
    producerEpoch: NONE,
    lastProducerEpoch: NONE,
    timeoutMs,
    state: 'Empty',
    partitions: new Map(),
    startMs: NONE,
    updateMs: nowMs,
    supportsEpochBump: false,
  });
}

export function isEpochExhausted(epoch: number): boolean {
  return epoch >= MAX_EPOCH - 1;
}

/** The last epoch a client is ever given. */
export const LAST_CLIENT_EPOCH = MAX_EPOCH - 1;

export function partitionKey(tp: TopicPartition): string {
  return `${tp.topic}-${tp.partition}`;
}
