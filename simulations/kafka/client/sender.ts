// Sends the batches of a native producer: one request per broker, up to five in flight, retries in order, idempotence, and giving up in time
// (Kafka Sender, TransactionManager).
import type { ProcessSpec } from '../../contract/scenario.ts';
import { emitAcknowledged, emitProduced } from '../../kernel/hotEvents.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Message } from '../../kernel/network.ts';
import { sequenceAfter } from '../broker/producerState.ts';
import { errorName, KEY } from '../protocol/apiKeys.ts';
import { byTopic } from '../protocol/byTopic.ts';
import type { InitProducerIdResponse, ProduceRequest, ProduceResponse } from '../protocol/messages.ts';
import { answerTo, recordBatch, retriableInTransaction, type Batch, type Lane, type Ready } from './batches.ts';
import { backoffUs, CLIENT_TIMER, RETRIABLE, type Client } from './client.ts';
import type { Transactions } from './transactions.ts';

/** What an answer that never came says. */
const NOTHING: ProduceResponse = { responses: [], throttleTimeMs: 0 };

export interface SenderParts {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly spec: ProcessSpec;
  readonly client: Client;
  /** Its timers' kinds begin here. */
  readonly timerBase: number;
  /** Called whenever a batch was acknowledged (`failed` null) or given up. */
  readonly onSettled: ((failed: string | null) => void) | null;
}

export class Sender {
  readonly lanes: Lane[] = [];
  /** Of the producer, if it has any. */
  transactions: Transactions | null = null;
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  private readonly client: Client;
  private readonly timerBase: number;
  private readonly onSettled: ((failed: string | null) => void) | null;
  private readonly byTopic = new Map<string, Lane[]>();
  private lastTopic: string | null = null;
  private lastLanes: Lane[] = [];
  private isClosed = false;
  /** Batches in the queues of all lanes. */
  private waiting = 0;
  /** Lanes with something in their queues, in order of their numbers; one whose queue has run empty stays until it is passed over. */
  private readonly busy: Lane[] = [];
  private producerId = -1;
  private initAsked = false;
  private backoffs = 0;
  private drainAtUs = Infinity;
  private expiryArmed = false;

  constructor({ kernel, process, spec, client, timerBase, onSettled }: SenderParts) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.client = client;
    this.timerBase = timerBase;
    this.onSettled = onSettled;
  }

  /** Whether a timer of the producer was one of the sender's. @param own its kind, counted from `timerBase`. */
  timer(own: number): boolean {
    if (own === CLIENT_TIMER.drain) {
      if (this.drainAtUs <= this.kernel.nowUs) this.drainAtUs = Infinity;
      this.drain();
    } else if (own === CLIENT_TIMER.expire) this.expire();
    else return false;
    return true;
  }

  /** What goes to a partition, in order. */
  lane(topic: string, index: number): Lane {
    const list = this.lanesOf(topic);
    let lane = list[index];
    if (!lane) {
      lane = { index, open: null, number: this.lanes.length, topic, topicSym: this.kernel.trace.sym(topic), queue: [], inFlight: [], nextSequence: 0, epoch: 0, listed: false };
      list[index] = lane;
      this.lanes.push(lane);
    }
    return lane;
  }

  /** The last answer is remembered: what comes in a row is mostly of one topic. */
  private lanesOf(topic: string): Lane[] {
    if (topic === this.lastTopic) return this.lastLanes;
    let list = this.byTopic.get(topic);
    if (!list) this.byTopic.set(topic, (list = []));
    this.lastTopic = topic;
    this.lastLanes = list;
    return list;
  }

  /** Takes a batch that is closed. */
  take(batch: Batch): void {
    batch.lane.queue.push(batch);
    this.waiting++;
    this.list(batch.lane);
    this.armExpiry(batch.createdUs);
    this.drain();
  }

  private list(lane: Lane): void {
    if (lane.listed) return;
    lane.listed = true;
    const { busy } = this;
    let at = busy.length;
    busy.push(lane);
    for (; at > 0 && busy[at - 1]!.number > lane.number; at--) busy[at] = busy[at - 1]!;
    busy[at] = lane;
  }

  /** Batches that are neither acknowledged nor given up, open ones included. */
  get outstanding(): number {
    return this.lanes.reduce((n, lane) => n + lane.queue.length + lane.inFlight.length + (lane.open ? 1 : 0), 0);
  }

  /** Stops at once: what is not acknowledged is given up without a word. */
  close(): void {
    this.isClosed = true;
    for (const lane of this.lanes) {
      lane.open = null;
      lane.queue.length = lane.inFlight.length = 0;
    }
    this.waiting = 0;
  }

  /** Gives up every batch of a lane that is not on its way. */
  dropUnsent(lane: Lane, error: string): void {
    this.waiting -= lane.queue.length;
    for (const b of lane.queue.splice(0)) {
      b.lastError = error;
      this.fail(b);
    }
  }

  /** Sends every batch whose turn has come, one request per broker. */
  drain(): void {
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
    const { busy } = this;
    let kept = 0;
    for (const lane of busy) {
      if (lane.queue.length === 0) {
        lane.listed = false;
        continue;
      }
      busy[kept++] = lane;
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
    while (busy.length > kept) busy.pop();
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
    this.list(lane);
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
