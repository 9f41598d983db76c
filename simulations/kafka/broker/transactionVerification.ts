// Before the first batch of a transaction is appended to a partition, its leader asks the transaction coordinator whether the partition
// is in the transaction, or has it added (Kafka AddPartitionsToTxnManager, VerificationStateEntry; KIP-890).
import { brokerName, TRANSACTIONS_TOPIC } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { AddPartitionsToTxnResponse, TxnToAdd } from '../protocol/transactionMessages.ts';
import type { Broker } from './broker.ts';
import type { Partition } from './partition.ts';
import type { Verification } from './producerState.ts';
import { transactionsPartitionOf } from './transactionLog.ts';
import { partitionKey, type TopicPartition } from './transactionMetadata.ts';

/** What a client of a request's version can do: hear INVALID_TXN_STATE only, hear TRANSACTION_ABORTABLE, or have partitions added by the broker. */
export type Operation = 'defaultError' | 'genericError' | 'addPartition';

/** Errors by partition, those without one left out. */
export type VerifyErrors = ReadonlyMap<string, number>;

export interface Guard extends Verification {
  /** Told apart from later guards of the same producer: one that a marker has cleared is worth nothing. */
  readonly number: number;
  readonly lowestSequence: number;
  readonly epoch: number;
}

interface Asked {
  readonly data: TxnToAdd;
  readonly operation: Operation;
  readonly partitions: readonly TopicPartition[];
  readonly done: (errors: VerifyErrors) => void;
}

export class TransactionVerification {
  private readonly broker: Broker;
  /** By partition and producer id; in memory only. */
  private readonly guards = new Map<Partition, Map<number, Guard>>();
  private guardCount = 0;
  /** What waits for a coordinator, by broker id and transactional id; one request per broker is under way at a time. */
  private readonly queues = new Map<number, { waiting: Map<string, Asked>; busy: boolean }>();

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** @returns the guard to append with; null where the transaction is open on the partition already. */
  guard(p: Partition, producerId: number, epoch: number, sequence: number, supportsEpochBump: boolean): Guard | null {
    const entry = p.log.producers.get(producerId);
    if (entry && entry.currentTxnFirstOffset >= 0 && entry.producerEpoch === epoch) return null;
    let of = this.guards.get(p);
    if (!of) this.guards.set(p, (of = new Map()));
    const known = of.get(producerId);
    let guard: Guard;
    if (!known) guard = { number: ++this.guardCount, lowestSequence: sequence, epoch, supportsEpochBump };
    else if (epoch > known.epoch) guard = { ...known, lowestSequence: sequence, epoch };
    else if (epoch === known.epoch && sequence < known.lowestSequence) guard = { ...known, lowestSequence: sequence };
    else guard = known;
    of.set(producerId, guard);
    return guard;
  }

  /** The guard that holds now; null = none. */
  current(p: Partition, producerId: number): Guard | null {
    return this.guards.get(p)?.get(producerId) ?? null;
  }

  /** Data or a marker of the producer's transaction was appended. */
  clear(p: Partition, producerId: number): void {
    this.guards.get(p)?.delete(producerId);
  }

  /** @param done with what stands against an append, by partition. */
  ask(transactionalId: string, producerId: number, producerEpoch: number, partitions: readonly TopicPartition[], operation: Operation, done: (errors: VerifyErrors) => void): void {
    const coordinator = this.broker.image.partition(TRANSACTIONS_TOPIC, transactionsPartitionOf(transactionalId))?.leader ?? -1;
    if (coordinator < 0) return done(forAll(partitions, ERR.COORDINATOR_NOT_AVAILABLE));
    const topics: { name: string; partitions: number[] }[] = [];
    for (const tp of partitions) {
      const of = topics.find((t) => t.name === tp.topic);
      if (of) of.partitions.push(tp.partition);
      else topics.push({ name: tp.topic, partitions: [tp.partition] });
    }
    const asked: Asked = { data: { transactionalId, producerId, producerEpoch, verifyOnly: operation !== 'addPartition', topics }, operation, partitions, done };
    let queue = this.queues.get(coordinator);
    if (!queue) this.queues.set(coordinator, (queue = { waiting: new Map(), busy: false }));
    const other = queue.waiting.get(transactionalId);
    if (other) {
      // One request per transactional id waits: of two, the older epoch is fenced; with the same epoch the client has asked again.
      if (other.data.producerEpoch > producerEpoch) return done(forAll(partitions, ERR.INVALID_PRODUCER_EPOCH));
      other.done(forAll(other.partitions, other.data.producerEpoch < producerEpoch ? ERR.INVALID_PRODUCER_EPOCH : ERR.NETWORK_EXCEPTION));
    }
    queue.waiting.set(transactionalId, asked);
    this.flush(coordinator);
  }

  private flush(coordinator: number): void {
    const queue = this.queues.get(coordinator)!;
    if (queue.busy || queue.waiting.size === 0) return;
    const batch = [...queue.waiting.values()];
    queue.waiting.clear();
    queue.busy = true;
    const transactions = batch.map((a) => a.data);
    const answered = (response: AddPartitionsToTxnResponse | null) => {
      queue.busy = false;
      const k = this.broker.kernel;
      const { cause } = k;
      for (const asked of batch) {
        k.cause = cause;
        asked.done(response ? errorsOf(asked, response) : forAll(asked.partitions, ERR.NETWORK_EXCEPTION));
      }
      k.cause = cause;
      this.flush(coordinator);
    };
    if (coordinator === this.broker.id) {
      this.broker.transactions.addForBrokers(transactions, answered);
      return;
    }
    const body = { transactions, v3AndBelowTransactionalId: '', v3AndBelowProducerId: 0, v3AndBelowProducerEpoch: 0, v3AndBelowTopics: [] };
    this.broker
      .channelTo(brokerName(coordinator), 'add-partitions', 30_000)
      .send({ api: KEY.AddPartitionsToTxn, apiVersion: 5, body, bytes: 64 + 48 * batch.length, firstRecord: -1, records: 0 }, (m) =>
        answered((m?.body as AddPartitionsToTxnResponse | undefined) ?? null),
      );
  }
}

function forAll(partitions: readonly TopicPartition[], error: number): VerifyErrors {
  return new Map(partitions.map((tp) => [partitionKey(tp), error]));
}

function errorsOf(asked: Asked, response: AddPartitionsToTxnResponse): VerifyErrors {
  if (response.errorCode !== 0) return forAll(asked.partitions, response.errorCode);
  const errors = new Map<string, number>();
  const result = response.resultsByTransaction.find((r) => r.transactionalId === asked.data.transactionalId);
  for (const topic of result?.topicResults ?? []) {
    for (const { partitionIndex, partitionErrorCode: code } of topic.resultsByPartition) {
      if (code === 0) continue;
      // Producers know the epoch's error in this place, and older ones do not know that a transaction may be aborted and tried again.
      const told = code === ERR.PRODUCER_FENCED ? ERR.INVALID_PRODUCER_EPOCH : code === ERR.TRANSACTION_ABORTABLE && asked.operation === 'defaultError' ? ERR.INVALID_TXN_STATE : code;
      errors.set(partitionKey({ topic: topic.name, partition: partitionIndex }), told);
    }
  }
  return errors;
}
