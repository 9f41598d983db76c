// The part of a transactional Produce that comes before the append: each partition must be in the transaction
// (Kafka ReplicaManager.handleProduceAppend, KIP-890).
import { ERR } from '../protocol/apiKeys.ts';
import type { ProduceRequest } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { isTransactional } from './openTransactions.ts';
import { TIMER } from './timers.ts';
import { partitionKey, type TopicPartition } from './transactionMetadata.ts';
import type { Operation, VerifyErrors } from './transactionVerification.ts';

/** add.partitions.to.txn.retry.backoff.ms and add.partitions.to.txn.retry.backoff.max.ms (Kafka 4.0 defaults). */
const RETRY_US = 20_000;
const RETRY_MAX_US = 100_000;

/** What may be appended, by partition: errors, and numbers of the guards to append with. */
export interface Guards {
  readonly errors: ReadonlyMap<string, { readonly error: number; readonly message: string | null }>;
  readonly guards: ReadonlyMap<string, number>;
}

interface Batch {
  readonly tp: TopicPartition;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

export class ProduceVerification {
  private readonly broker: Broker;
  /** What is to be asked again, by number of the timer. */
  private readonly waiting = new Map<number, () => void>();
  private waits = 0;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  /** @returns an error code for the whole request; 0 when `then` is or will be called. */
  verify(request: Request, body: ProduceRequest, then: (guards: Guards) => void): number {
    const batches: Batch[] = [];
    for (const topic of body.topicData) {
      for (const { index, records } of topic.partitionData) {
        const b = records?.find((r) => r.producerId >= 0 && isTransactional(r));
        if (b) batches.push({ tp: { topic: topic.name, partition: index }, producerId: b.producerId, producerEpoch: b.producerEpoch, baseSequence: records![0]!.baseSequence });
      }
    }
    const [first] = batches;
    if (body.transactionalId === null) return ERR.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    if (batches.some((b) => b.producerId !== first!.producerId || b.producerEpoch !== first!.producerEpoch)) return ERR.INVALID_PRODUCER_ID_MAPPING;
    const { apiVersion } = request.message;
    const operation: Operation = apiVersion >= 12 ? 'addPartition' : apiVersion === 11 ? 'genericError' : 'defaultError';
    this.attempt(request, body.transactionalId, batches, operation, this.broker.kernel.nowUs, then);
    return 0;
  }

  /** The timer of what is to be asked again came. */
  askAgain(number: number): void {
    const again = this.waiting.get(number);
    this.waiting.delete(number);
    again?.();
  }

  private attempt(request: Request, transactionalId: string, batches: readonly Batch[], operation: Operation, startedUs: number, then: (guards: Guards) => void): void {
    const { broker } = this;
    const failed = new Map<string, number>();
    const guards = new Map<string, number>();
    const unverified: TopicPartition[] = [];
    for (const b of batches) {
      const key = partitionKey(b.tp);
      const p = broker.partition(b.tp.topic, b.tp.partition);
      if (!broker.image.partition(b.tp.topic, b.tp.partition)) failed.set(key, ERR.UNKNOWN_TOPIC_OR_PARTITION);
      else if (!p || p.role !== 'leader') failed.set(key, ERR.NOT_LEADER_OR_FOLLOWER);
      else {
        const guard = broker.verifications.guard(p, b.producerId, b.producerEpoch, b.baseSequence, operation === 'addPartition');
        if (!guard) continue;
        guards.set(key, guard.number);
        unverified.push(b.tp);
      }
    }
    const [first] = batches;
    const done = (found: VerifyErrors) => {
      const all = new Map([...failed, ...found]);
      const concurrent = [...all.values()].includes(ERR.CONCURRENT_TRANSACTIONS);
      const k = broker.kernel;
      if (operation === 'addPartition' && concurrent && k.nowUs - startedUs < RETRY_MAX_US) {
        // The transaction before this one is about to be complete: the broker tries again itself.
        const number = ++this.waits;
        k.setTimer(broker.process, RETRY_US, TIMER.addPartitions, number);
        this.waiting.set(number, () => {
          k.cause = request.cause;
          this.attempt(request, transactionalId, batches, operation, startedUs, then);
        });
        return;
      }
      then({ guards, errors: new Map([...all].map(([key, error]) => [key, told(error, operation)])) });
    };
    if (unverified.length === 0) done(new Map());
    else broker.verifications.ask(transactionalId, first!.producerId, first!.producerEpoch, unverified, operation, done);
  }
}

/** What the client hears: errors that older clients would not retry become one that they do, and that asks for no new metadata. */
function told(error: number, operation: Operation): { error: number; message: string | null } {
  switch (error) {
    case ERR.INVALID_TXN_STATE:
      return { error, message: 'The partition is not in the transaction.' };
    case ERR.NETWORK_EXCEPTION:
    case ERR.COORDINATOR_LOAD_IN_PROGRESS:
    case ERR.COORDINATOR_NOT_AVAILABLE:
    case ERR.NOT_COORDINATOR:
      return { error: ERR.NOT_ENOUGH_REPLICAS, message: 'The transaction coordinator did not say whether the partition is in the transaction.' };
    case ERR.CONCURRENT_TRANSACTIONS:
      return operation === 'addPartition'
        ? { error, message: null }
        : { error: ERR.NOT_ENOUGH_REPLICAS, message: 'The transaction coordinator did not say whether the partition is in the transaction.' };
    default:
      return { error, message: null };
  }
}
