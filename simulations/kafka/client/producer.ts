// The native producer: batches per partition, linger, up to five requests in flight, retries in order, idempotence
// (Kafka KafkaProducer, RecordAccumulator, Sender, TransactionManager).
import type { WorkloadSpec } from '../../contract/scenario.ts';
import { drawInt } from '../../kernel/draws.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { emitAcknowledged, emitProduced } from '../../kernel/hotEvents.ts';
import type { ProcessSpec } from '../../contract/scenario.ts';
import { errorName, KEY } from '../protocol/apiKeys.ts';
import { byTopic } from '../protocol/byTopic.ts';
import type { InitProducerIdResponse, ProduceRequest, ProduceResponse } from '../protocol/messages.ts';
import { partitionForKey } from '../protocol/murmur2.ts';
import { toUtf8 } from '../protocol/utf8.ts';
import { sequenceAfter } from '../broker/producerState.ts';
import { backoffUs, Client, CLIENT_TIMER, RETRIABLE } from './client.ts';
import { ProducerTransactions, type Sending, type Transactions } from './transactions.ts';
import { END_OF_STREAM } from '../../story/catalogue.ts';
import { answerTo, newBatch, RECORD_OVERHEAD, recordBatch, retriableInTransaction, type Batch, type Lane, type Ready } from './batches.ts';
import { makeLoad, RowNaming, stickyPartition, type Load, type Naming } from './workload.ts';

/** What a producer needs that is a part of a process instead of all of it. */
export interface Hosted {
  /** Its timers' kinds begin here. */
  readonly timerBase: number;
  readonly topics: readonly string[];
  /** Its transactions, if it has any that are not those of a workload. */
  readonly transactions: ((client: Client, sending: Sending) => Transactions) | null;
  /** Called whenever a batch was acknowledged (`failed` null) or given up. */
  readonly onSettled: (failed: string | null) => void;
}

/** What an answer that never came says. */
const NOTHING: ProduceResponse = { responses: [], throttleTimeMs: 0 };

export class Producer implements Behavior {
  private readonly timerBase: number;
  private readonly onSettled: ((failed: string | null) => void) | null;
  private isClosed = false;
  /** What waits for the partitions of a topic. */
  private readonly unplaced: { readonly topic: string; readonly place: (partitions: number) => void }[] = [];
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  private readonly client: Client;
  private readonly loads: Load[];
  private readonly lanes: Lane[] = [];
  /** Batches in the queues of all lanes. */
  private waiting = 0;
  private readonly byTopic = new Map<string, Lane[]>();
  private producerId = -1;
  private initAsked = false;
  private backoffs = 0;
  private drainAtUs = Infinity;
  private expiryArmed = false;
  private readonly transactions: Transactions | null;
  /** Workloads that wait until their transaction is ended, by number. */
  private readonly blocked: number[] = [];

  /** @param hosted for a producer that is a part of a process: what else it needs. */
  constructor(kernel: Kernel, process: Process, spec: ProcessSpec, workloads: readonly WorkloadSpec[], brokers: number, hosted?: Hosted) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.timerBase = hosted?.timerBase ?? 0;
    this.onSettled = hosted?.onSettled ?? null;
    const topics = hosted?.topics ?? [...new Set(workloads.map((w) => w.topic))];
    this.client = new Client({ kernel, process, spec, brokers, topics, onMetadata: () => this.metadataRead(), timerBase: this.timerBase });
    const rows = new RowNaming(kernel, process);
    this.loads = workloads.map((w, i) => makeLoad(kernel, process, w, i, rows));
    const { transactionalId } = spec;
    if (hosted?.transactions) this.transactions = hosted.transactions(this.client, this.sendingForTransactions());
    else this.transactions = transactionalId === undefined ? null : new ProducerTransactions({ kernel, process, spec, transactionalId, client: this.client, sending: this.sendingForTransactions() });
  }

  start(): void {
    this.client.refresh();
    this.loads.forEach((load, i) => this.kernel.setTimer(this.process, Math.max(0, load.spec.startMs * 1000 - this.kernel.nowUs), this.timerBase + CLIENT_TIMER.work, i));
  }

  timer(kind: number, a: number, b: number): void {
    if (this.client.timer(kind, a, b)) return;
    const own = kind - this.timerBase;
    if (own === CLIENT_TIMER.work) this.work(this.loads[a]!, a);
    else if (own === CLIENT_TIMER.linger) this.closeBatch(this.lanes[a]!, true);
    else if (own === CLIENT_TIMER.drain) {
      if (this.drainAtUs <= this.kernel.nowUs) this.drainAtUs = Infinity;
      this.drain();
    } else if (own === CLIENT_TIMER.expire) this.expire();
    else if (own === CLIENT_TIMER.transaction) this.transactions?.timer();
  }

  connected(conn: Conn): void {
    this.client.connected(conn);
  }

  closed(conn: Conn): void {
    this.client.closed(conn);
  }

  message(conn: Conn, m: Message): void {
    this.client.message(conn, m);
  }

  /** Hands over the next records of a workload. Until metadata is known, send() blocks, and so does the workload. */
  private work(load: Load, number: number): void {
    const { spec } = load;
    const known = this.client.partitionsOf(spec.topic);
    if (!known) {
      this.kernel.setTimer(this.process, this.spec.retryBackoffMs * 1000, this.timerBase + CLIENT_TIMER.work, number);
      return;
    }
    if (load.partitionCount !== known.length) {
      load.partitionCount = known.length;
      load.partitions.fill(-1);
    }
    const { transactions } = this;
    if (transactions && !transactions.open) {
      this.blocked.push(number);
      transactions.proceed();
      return;
    }
    this.kernel.cause = -1;
    for (let i = 0; i < spec.perSend && load.done < spec.records; i++) {
      this.append(load, known.length);
      load.done++;
      // The application ends the transaction before it goes on.
      if (transactions?.took()) break;
    }
    if (load.done >= spec.records) {
      if (load.rows && spec.story!.endMarker) this.endStream(load, load.rows.naming, known.length);
      if (this.loads.every((l) => l.done >= l.spec.records)) transactions?.finish();
      return;
    }
    const gapUs = spec.everyUs > 0 ? Math.floor(spec.everyUs / 2) + drawInt(load.gaps, load.sends, spec.everyUs + 1) : 0;
    load.sends++;
    load.plannedUs += gapUs;
    this.kernel.setTimer(this.process, gapUs, this.timerBase + CLIENT_TIMER.work, number);
  }

  private metadataRead(): void {
    for (const { topic, place } of this.unplaced.splice(0)) this.whenPlaced(topic, place);
    this.drain();
  }

  /** Calls back with the number of partitions of a topic, now or when it is known. Order is kept. */
  private whenPlaced(topic: string, place: (partitions: number) => void): void {
    const known = this.client.topics.get(topic);
    if (known && this.unplaced.length === 0) place(known.length);
    else this.unplaced.push({ topic, place });
  }

  /** Sends one record of a naming of its own. @param partition null = by the key. */
  enqueue(record: { readonly topic: string; readonly key: string | null; readonly partition: number | null; readonly naming: Naming; readonly number: number; readonly bytes: number }): void {
    const { topic, key, naming, number, bytes } = record;
    this.whenPlaced(topic, (partitions) => {
      const partition = record.partition ?? (key === null ? number % partitions : partitionForKey(toUtf8(key), partitions));
      this.put({ topic, partition, naming, number, bytes: bytes + RECORD_OVERHEAD });
    });
  }

  /** Stops at once: what is not acknowledged is given up without a word. */
  close(): void {
    this.isClosed = true;
    for (const lane of this.lanes) {
      lane.open = null;
      lane.queue.length = lane.inFlight.length = 0;
    }
    this.waiting = 0;
    this.client.close();
  }

  /** Closes the open batches. */
  flush(): void {
    this.lanes.forEach((lane) => this.closeBatch(lane, false));
  }

  /** Batches that are neither acknowledged nor given up, and records that wait for metadata. */
  get outstanding(): number {
    return this.unplaced.length + this.lanes.reduce((n, lane) => n + lane.queue.length + lane.inFlight.length + (lane.open ? 1 : 0), 0);
  }

  private append(load: Load, partitions: number): void {
    const { spec } = load;
    if (load.rows) {
      this.appendRow(load, load.rows, partitions);
      return;
    }
    const key = spec.keys > 0 ? drawInt(load.keyDraws, load.done, spec.keys) : -1;
    const bytes = spec.valueBytes + RECORD_OVERHEAD + (key >= 0 ? load.keyBytes[key]! : 0);
    let partition: number;
    if (key >= 0) {
      partition = load.partitions[key]!;
      if (partition < 0) load.partitions[key] = partition = partitionForKey(toUtf8(load.keyTexts[key]!), partitions);
    } else partition = stickyPartition(load, partitions, bytes, this.spec.batchRecords * (spec.valueBytes + RECORD_OVERHEAD));
    this.put({ topic: spec.topic, partition, naming: load.naming, number: key, bytes });
  }

  private appendRow(load: Load, { story, naming }: NonNullable<Load['rows']>, partitions: number): void {
    const { topic } = load.spec;
    const { key, value } = story.next(load.done, Math.floor(load.plannedUs / 1000));
    const { number, bytes } = naming.add({ key, value: JSON.stringify(value), timestampMs: null });
    const partition = key === null ? stickyPartition(load, partitions, bytes, this.spec.batchRecords * (load.spec.valueBytes + RECORD_OVERHEAD)) : partitionForKey(toUtf8(key), partitions);
    this.put({ topic, partition, naming, number, bytes: bytes + RECORD_OVERHEAD });
  }

  /** Says in every partition that nothing more will come. */
  private endStream(load: Load, naming: RowNaming, partitions: number): void {
    for (let partition = 0; partition < partitions; partition++) {
      const { number, bytes } = naming.add({ key: null, value: END_OF_STREAM, timestampMs: null });
      this.put({ topic: load.spec.topic, partition, naming, number, bytes: bytes + RECORD_OVERHEAD });
    }
  }

  private put({ topic, partition, naming, number, bytes }: { topic: string; partition: number; naming: Naming; number: number; bytes: number }): void {
    const lane = this.lane(topic, partition);
    // A batch is named as a whole: records of another kind begin another one.
    if (lane.open && lane.open.naming !== naming) this.closeBatch(lane, false);
    let batch = lane.open;
    if (!batch) {
      lane.open = batch = newBatch(lane, naming, number, this.kernel.nowUs);
      this.kernel.setTimer(this.process, this.spec.lingerMs * 1000, this.timerBase + CLIENT_TIMER.linger, lane.number);
    } else batch.keys.push(number);
    batch.bytes += bytes;
    if (batch.keys.length >= this.spec.batchRecords) this.closeBatch(lane, false);
  }

  private lane(topic: string, index: number): Lane {
    let list = this.byTopic.get(topic);
    if (!list) this.byTopic.set(topic, (list = []));
    let lane = list[index];
    if (!lane) {
      lane = { number: this.lanes.length, topic, topicSym: this.kernel.trace.sym(topic), index, open: null, queue: [], inFlight: [], nextSequence: 0, epoch: 0 };
      list[index] = lane;
      this.lanes.push(lane);
    }
    return lane;
  }

  private closeBatch(lane: Lane, byLinger: boolean): void {
    const batch = lane.open;
    if (!batch) return;
    // The linger timer of a batch that was filled and sent before: the present one is younger.
    if (byLinger && this.kernel.nowUs - batch.createdUs < this.spec.lingerMs * 1000) return;
    lane.open = null;
    Object.assign(batch, batch.naming.name(batch.keys, batch.createdUs));
    lane.queue.push(batch);
    this.waiting++;
    this.armExpiry(batch.createdUs);
    this.drain();
  }

  private sendingForTransactions(): Sending {
    return {
      flush: () => this.flush(),
      outstanding: () => this.outstanding,
      dropUnsent: (error) => this.dropUnsent(error),
      restartSequences: () => this.lanes.forEach((lane) => (lane.nextSequence = 0)),
      resume: () => {
        for (const number of this.blocked.splice(0)) this.kernel.setTimer(this.process, 0, this.timerBase + CLIENT_TIMER.work, number);
      },
    };
  }

  /** Gives up every batch that is not on its way. */
  private dropUnsent(error: string): void {
    for (const lane of this.lanes) {
      if (lane.open) this.closeBatch(lane, false);
      this.waiting -= lane.queue.length;
      for (const b of lane.queue.splice(0)) {
        b.lastError = error;
        this.fail(b);
      }
    }
  }

  /* ---- sending ---- */

  /** Sends every batch whose turn has come, one request per broker. */
  private drain(): void {
    if (this.isClosed) return;
    if (this.transactions) {
      if (!this.transactions.ready) {
        this.transactions.proceed();
        return;
      }
    } else if (this.spec.idempotence && this.producerId < 0) {
      this.initProducerId();
      return;
    }
    if (this.waiting === 0) return;
    const { nowUs } = this.kernel;
    let ready: Ready[] | null = null;
    let refresh = false;
    let left = false;
    for (const lane of this.lanes) {
      if (lane.queue.length === 0) continue;
      const head = lane.queue[0]!;
      if (head.notBeforeUs > nowUs) {
        this.drainLater(head.notBeforeUs);
        continue;
      }
      // A retried batch goes alone until it is resolved, so that sequence order is kept (Java shouldStopDrainBatchesForPartition).
      if (this.spec.idempotence && head.sequence >= 0 && lane.inFlight.some((b) => b.epoch === head.epoch && b.sequence < head.sequence)) continue;
      const leader = this.client.partition(lane.topic, lane.index)?.leader ?? -1;
      if (leader < 0) {
        refresh = true;
        continue;
      }
      // With one request in flight a partition is muted until it is answered (Java guaranteeMessageOrder). A batch still on its way to a former
      // leader holds the next ones back too: Java sends them on, and where the new leader has no state of the producer yet they could overtake.
      if (lane.inFlight.length > 0 && (this.spec.maxInFlight === 1 || (this.spec.idempotence && lane.inFlight[0]!.sentTo !== leader))) continue;
      const channel = this.client.channel(leader, 'produce');
      if (!channel.ready) {
        this.drainLater(channel.readyAtUs);
        refresh ||= !channel.throttled;
        continue;
      }
      if (channel.inFlight >= this.spec.maxInFlight) continue;
      const of = ready?.find((r) => r.leader === leader);
      if (of) of.batches.push(head);
      else if (ready) ready.push({ leader, batches: [head] });
      else ready = [{ leader, batches: [head] }];
      lane.queue.shift();
      this.waiting--;
      if (lane.queue.length > 0) left = true;
    }
    if (ready) for (const { leader, batches } of ready) this.send(leader, batches);
    if (refresh) this.client.refresh();
    if (left) this.drain();
  }

  private drainLater(atUs: number): void {
    if (atUs >= this.drainAtUs) return;
    this.drainAtUs = atUs;
    this.kernel.setTimer(this.process, atUs - this.kernel.nowUs, this.timerBase + CLIENT_TIMER.drain);
  }

  private initProducerId(): void {
    if (this.initAsked) return;
    this.initAsked = true;
    this.client
      .channel(this.client.anyBroker(), 'produce')
      .send(
        { api: KEY.InitProducerId, apiVersion: 4, body: { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 }, bytes: 32, firstRecord: -1, records: 0 },
        (response) => {
          this.initAsked = false;
          const body = response?.body as InitProducerIdResponse | undefined;
          if (!body || body.errorCode !== 0) {
            this.client.failedBroker();
            this.drainLater(this.kernel.nowUs + backoffUs(this.client, 'backoff', 0, this.backoffs++));
            return;
          }
          this.producerId = body.producerId;
          this.drain();
        },
      );
  }

  private send(leader: number, batches: readonly Batch[]): void {
    const k = this.kernel;
    const acks = this.spec.acks === 'all' ? -1 : Number(this.spec.acks);
    let bytes = 64;
    const before = k.cause;
    for (const b of batches) {
      const { lane } = b;
      if (this.spec.idempotence && b.sequence < 0) {
        b.sequence = lane.nextSequence;
        b.epoch = this.transactions ? this.transactions.producerEpoch : lane.epoch;
        lane.nextSequence = sequenceAfter(lane.nextSequence, b.keys.length);
      }
      b.attempts++;
      b.sentTo = leader;
      lane.inFlight.push(b);
      bytes += b.bytes;
      k.cause =
        b.attempts === 1
          ? emitProduced(k.trace, this.process.sym, before, lane.topicSym, lane.index, b.keys.length, b.firstRecord, acks, b.digest)
          : k.trace.emit('producer.retried', this.process.sym, before, lane.topicSym, lane.index, b.keys.length, b.firstRecord, b.attempts, k.trace.sym(b.lastError));
    }
    const identity = { producerId: this.transactions?.producerId ?? this.producerId, idempotent: this.spec.idempotence, transactional: this.transactions !== null };
    const topicData = byTopic(batches, (b) => ({ index: b.lane.index, records: [recordBatch(b, identity)] })).map(({ topic, partitions }) => ({ name: topic, partitionData: partitions }));
    const body: ProduceRequest = { transactionalId: this.transactions?.transactionalId ?? null, acks, timeoutMs: this.spec.requestTimeoutMs, topicData };
    const first = batches[0]!;
    this.client
      .channel(leader, 'produce')
      .send(
        { api: KEY.Produce, apiVersion: this.transactions ? 12 : 9, body, bytes, firstRecord: first.firstRecord, records: first.keys.length },
        (response, why) => this.answered(batches, acks, response, why),
        acks !== 0,
      );
    k.cause = before;
  }

  private answered(batches: readonly Batch[], acks: number, response: Message | null, why: string | null): void {
    if (this.isClosed) return;
    const { kernel: k } = this;
    const cause = k.cause;
    const { responses, throttleTimeMs } = response ? (response.body as ProduceResponse) : NOTHING;
    if (throttleTimeMs > 0) this.client.channel(batches[0]!.sentTo, 'produce').throttle(throttleTimeMs);
    let refresh = false;
    for (const b of batches) {
      const { lane } = b;
      if (lane.inFlight[0] === b) lane.inFlight.shift();
      else lane.inFlight.splice(lane.inFlight.indexOf(b), 1);
      k.cause = cause;
      const answer = answerTo(responses, lane);
      if ((acks === 0 && why === null) || answer?.errorCode === 0) {
        emitAcknowledged(k.trace, this.process.sym, cause, lane.topicSym, lane.index, answer?.baseOffset ?? -1, b.keys.length, b.firstRecord, acks);
        this.transactions?.acknowledge(b.keys.length);
        this.onSettled?.(null);
        continue;
      }
      const code = answer?.errorCode ?? -1;
      b.lastError = answer ? errorName(code) : (why ?? 'UNKNOWN_SERVER_ERROR');
      refresh = true;
      this.retryOrFail(b, answer ? code : 13);
    }
    k.cause = cause;
    if (refresh) this.client.refresh();
    this.drain();
  }

  private retryOrFail(b: Batch, code: number): void {
    const { lane } = b;
    const OUT_OF_ORDER = 45;
    const earlier = lane.inFlight.some((o) => o.sequence < b.sequence) || lane.queue.some((o) => o.sequence >= 0 && o.sequence < b.sequence);
    if (this.transactions) {
      if (this.transactions.hopeless || !retriableInTransaction(code, earlier)) {
        this.fail(b);
        return;
      }
    } else if (code === OUT_OF_ORDER && this.spec.idempotence && !earlier) this.bumpEpoch(lane, b);
    else if (!RETRIABLE.has(code) && code !== OUT_OF_ORDER && code !== 47) {
      this.fail(b);
      return;
    }
    if (b.attempts > this.spec.retries || this.kernel.nowUs - b.createdUs >= this.spec.deliveryTimeoutMs * 1000) {
      this.fail(b);
      return;
    }
    b.notBeforeUs = this.kernel.nowUs + backoffUs(this.client, 'backoff', b.attempts - 1, this.backoffs++);
    let at = 0;
    // Idempotent batches go back in order of sequence; plain ones to the front, as Java does: with several in flight they may swap.
    if (b.sequence >= 0) while (at < lane.queue.length && lane.queue[at]!.sequence >= 0 && lane.queue[at]!.sequence < b.sequence) at++;
    lane.queue.splice(at, 0, b);
    this.waiting++;
    this.drainLater(b.notBeforeUs);
  }

  /** The broker has lost what it knew of this producer here: a new epoch, sequences from 0, for everything not yet stored (Java bumpIdempotentProducerEpoch). */
  private bumpEpoch(lane: Lane, failed: Batch): void {
    lane.epoch++;
    lane.nextSequence = 0;
    for (const b of [failed, ...lane.queue]) {
      if (b.sequence < 0) continue;
      b.sequence = lane.nextSequence;
      b.epoch = lane.epoch;
      lane.nextSequence = sequenceAfter(lane.nextSequence, b.keys.length);
    }
  }

  private fail(b: Batch): void {
    const k = this.kernel;
    k.trace.emit('producer.failed', this.process.sym, k.cause, b.lane.topicSym, b.lane.index, b.keys.length, b.firstRecord, k.trace.sym(b.lastError || 'TIMED_OUT'));
    this.transactions?.failed();
    this.onSettled?.(b.lastError || 'TIMED_OUT');
  }

  private armExpiry(createdUs: number): void {
    if (this.expiryArmed) return;
    this.expiryArmed = true;
    this.kernel.setTimer(this.process, createdUs + this.spec.deliveryTimeoutMs * 1000 - this.kernel.nowUs, this.timerBase + CLIENT_TIMER.expire);
  }

  /** Gives up batches that have waited for delivery.timeout.ms and are not in flight. */
  private expire(): void {
    const limitUs = this.spec.deliveryTimeoutMs * 1000;
    this.expiryArmed = false;
    let oldestUs = Infinity;
    for (const lane of this.lanes) {
      for (let i = lane.queue.length - 1; i >= 0; i--) {
        const b = lane.queue[i]!;
        if (this.kernel.nowUs - b.createdUs < limitUs) {
          oldestUs = Math.min(oldestUs, b.createdUs);
          continue;
        }
        lane.queue.splice(i, 1);
        this.waiting--;
        this.fail(b);
      }
      for (const b of lane.inFlight) oldestUs = Math.min(oldestUs, Math.max(b.createdUs, this.kernel.nowUs - limitUs + 1_000_000));
    }
    if (oldestUs < Infinity) this.armExpiry(oldestUs);
  }
}
