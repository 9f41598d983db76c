// Carries the outcome of a transaction to every partition in it, again and again until each has its marker, and then writes that
// it is complete (Kafka TransactionMarkerChannelManager, TransactionMarkerRequestCompletionHandler).
import { brokerName } from '../metadata/image.ts';
import { ERR, KEY } from '../protocol/apiKeys.ts';
import type { TxnMarker, WriteTxnMarkersRequest, WriteTxnMarkersResponse } from '../protocol/transactionMessages.ts';
import type { Broker } from './broker.ts';
import { TIMER } from './timers.ts';
import type { TransactionHome, TransactionLog } from './transactionLog.ts';
import { partitionKey, type TopicPartition, type TransactionMetadata, type Transit } from './transactionMetadata.ts';
import { writeMarkers } from './writeMarkers.ts';

/** Kafka asks again at once; here after 50 ms, its back-off between connections, so that a stalled partition does not fill the trace. */
const RETRY_US = 50_000;

/** A transaction that is decided and whose markers are not all written. */
interface Deciding {
  readonly home: TransactionHome;
  readonly meta: TransactionMetadata;
  readonly complete: Transit;
  readonly commit: boolean;
  /** Nothing is left to send: its end is being written, or a newer producer or coordinator has taken over. */
  over: boolean;
}

interface Entry {
  readonly deciding: Deciding;
  readonly partitions: readonly TopicPartition[];
}

export class TransactionMarkers {
  private readonly broker: Broker;
  private readonly log: TransactionLog;
  /** What waits for a broker, by broker id; one request per broker is under way at a time. */
  private readonly queues = new Map<number, { waiting: Entry[]; busy: boolean }>();
  private retries: (() => void)[] = [];

  constructor(broker: Broker, log: TransactionLog) {
    this.broker = broker;
    this.log = log;
  }

  /** @param complete the change to be written when every partition has its marker. */
  send(home: TransactionHome, meta: TransactionMetadata, complete: Transit): void {
    const deciding: Deciding = { home, meta, complete, commit: meta.values.state === 'PrepareCommit', over: false };
    this.enqueue({ deciding, partitions: [...meta.values.partitions.values()] });
    this.maybeComplete(deciding);
  }

  /** The timer of what is to be tried again. */
  timer(): void {
    for (const again of this.retries.splice(0)) again();
  }

  private later(again: () => void): void {
    if (this.retries.length === 0) this.broker.kernel.setTimer(this.broker.process, RETRY_US, TIMER.markers);
    this.retries.push(again);
  }

  private stopped(deciding: Deciding): boolean {
    return deciding.over || !this.log.holds(deciding.home);
  }

  private enqueue(entry: Entry): void {
    const { deciding } = entry;
    if (this.stopped(deciding)) return;
    const byLeader = new Map<number, TopicPartition[]>();
    for (const tp of entry.partitions) {
      const state = this.broker.image.partition(tp.topic, tp.partition);
      if (!state) {
        // The topic is gone, and with it what the marker would have ended.
        deciding.meta.removePartition(partitionKey(tp));
        continue;
      }
      const of = byLeader.get(state.leader);
      if (of) of.push(tp);
      else byLeader.set(state.leader, [tp]);
    }
    for (const [leader, partitions] of byLeader) {
      if (leader < 0) {
        this.later(() => this.enqueue({ deciding, partitions }));
        continue;
      }
      let queue = this.queues.get(leader);
      if (!queue) this.queues.set(leader, (queue = { waiting: [], busy: false }));
      queue.waiting.push({ deciding, partitions });
    }
    for (const leader of byLeader.keys()) if (leader >= 0) this.flush(leader);
    if (byLeader.size === 0) this.maybeComplete(deciding);
  }

  private flush(leader: number): void {
    const queue = this.queues.get(leader)!;
    if (queue.busy) return;
    const entries = queue.waiting.splice(0).filter((e) => !this.stopped(e.deciding));
    if (entries.length === 0) return;
    queue.busy = true;
    const body: WriteTxnMarkersRequest = { markers: entries.map(markerOf) };
    const answered = (response: WriteTxnMarkersResponse | null) => {
      queue.busy = false;
      const k = this.broker.kernel;
      const { cause } = k;
      entries.forEach((entry, i) => {
        k.cause = cause;
        this.settle(entry, response?.markers[i]?.topics ?? null);
      });
      k.cause = cause;
      this.flush(leader);
    };
    if (leader === this.broker.id) {
      writeMarkers(this.broker, body.markers, answered);
      return;
    }
    this.broker
      .channelTo(brokerName(leader), 'markers', 30_000)
      .send({ api: KEY.WriteTxnMarkers, apiVersion: 1, body, bytes: 64 + 48 * entries.length, firstRecord: -1, records: 0 }, (m) => answered((m?.body as WriteTxnMarkersResponse | undefined) ?? null));
  }

  /** @param topics what was answered; null = nothing was. */
  private settle(entry: Entry, topics: WriteTxnMarkersResponse['markers'][number]['topics'] | null): void {
    const { deciding } = entry;
    if (this.stopped(deciding)) return;
    if (!topics) {
      // Perhaps another broker leads by now. A broken connection is not tried again before its own back-off.
      this.enqueue(entry);
      return;
    }
    const again: TopicPartition[] = [];
    for (const topic of topics) {
      for (const { partitionIndex, errorCode } of topic.partitions) {
        const tp: TopicPartition = { topic: topic.name, partition: partitionIndex };
        if (errorCode === 0) deciding.meta.removePartition(partitionKey(tp));
        else if (errorCode === ERR.INVALID_PRODUCER_EPOCH || errorCode === ERR.TRANSACTION_COORDINATOR_FENCED) deciding.over = true;
        else again.push(tp);
      }
    }
    if (deciding.over) return;
    if (again.length > 0) this.later(() => this.enqueue({ deciding, partitions: again }));
    else this.maybeComplete(deciding);
  }

  private maybeComplete(deciding: Deciding): void {
    if (this.stopped(deciding) || deciding.meta.values.partitions.size > 0 || deciding.meta.pending !== deciding.complete.values.state) return;
    deciding.over = true;
    this.complete(deciding);
  }

  private complete(deciding: Deciding): void {
    const { home, meta, complete } = deciding;
    const again = (error: number) => error === ERR.COORDINATOR_NOT_AVAILABLE;
    this.log.append(
      home,
      meta,
      complete,
      (error) => {
        if (again(error)) this.later(() => this.complete(deciding));
      },
      again,
    );
  }
}

function markerOf({ deciding, partitions }: Entry): TxnMarker {
  const topics: { name: string; partitionIndexes: number[] }[] = [];
  for (const { topic, partition } of partitions) {
    const of = topics.find((t) => t.name === topic);
    if (of) of.partitionIndexes.push(partition);
    else topics.push({ name: topic, partitionIndexes: [partition] });
  }
  const { producerId, producerEpoch } = deciding.meta.values;
  return { producerId, producerEpoch, transactionResult: deciding.commit, topics, coordinatorEpoch: deciding.home.coordinatorEpoch };
}
