// Produce requests: checks, the append, and the wait for the high watermark with acks=all (Kafka ReplicaManager.appendRecords, DelayedProduce).
import { NO_BATCHES, nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import { ERR } from '../protocol/apiKeys.ts';
import { byTopic } from '../protocol/byTopic.ts';
import type { ProducePartition, ProducePartitionResponse, ProduceRequest, ProduceResponse, RecordError } from '../protocol/messages.ts';
import { appendBatch, awaitOffset } from './appends.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import { isTransactional } from './openTransactions.ts';
import { LeaderHints } from './leaderHints.ts';
import type { Partition, WaitingProduce } from './partition.ts';
import { checkSequence } from './producerState.ts';
import { ProduceVerification, type Guards } from './produceVerification.ts';
import { partitionKey } from './transactionMetadata.ts';
import { refusal, stamped } from './validation.ts';

/** One partition of a request, and what becomes of it. */
class Slot implements WaitingProduce {
  readonly topic: string;
  readonly data: ProducePartition;
  error = 0;
  baseOffset = -1;
  logStartOffset = -1;
  logAppendTimeMs = -1;
  message: string | null = null;
  recordErrors: readonly RecordError[] | null = null;
  /** The high watermark it waits for, and with whom; null = it waits for nothing. */
  requiredOffset = -1;
  waits: ParkedProduce | null = null;

  constructor(topic: string, data: ProducePartition) {
    this.topic = topic;
    this.data = data;
  }

  settle(error: number): void {
    const { waits } = this;
    if (!waits) return;
    this.waits = null;
    this.error = error;
    waits.settled();
  }
}

/** A request that waits for the high watermark. */
class ParkedProduce implements Expiring {
  done = false;
  deadlineUs = 0;
  lane: Expiring['lane'] = undefined;
  slot = 0;
  /** Partitions that still wait. */
  left = 0;
  readonly request: Request;
  readonly slots: readonly Slot[];
  private readonly produces: Produces;

  constructor(produces: Produces, request: Request, slots: readonly Slot[]) {
    this.produces = produces;
    this.request = request;
    this.slots = slots;
  }

  settled(): void {
    if (--this.left > 0) return;
    settled(this);
    this.produces.answer(this.request, this.slots);
  }

  expire(): void {
    settled(this);
    for (const slot of this.slots) {
      if (!slot.waits) continue;
      slot.waits = null;
      slot.error = ERR.REQUEST_TIMED_OUT;
    }
    this.produces.expired(this);
  }
}

const NO_GUARDS: Guards = { errors: new Map(), guards: new Map() };

export class Produces {
  private readonly broker: Broker;
  private readonly verification: ProduceVerification;

  constructor(broker: Broker) {
    this.broker = broker;
    this.verification = new ProduceVerification(broker);
  }

  /** The timer of transactions whose predecessor was not complete. */
  askAgain(number: number): void {
    this.verification.askAgain(number);
  }

  handle(request: Request): void {
    const body = request.message.body as ProduceRequest;
    const { topicData } = body;
    const slotsOf = (topic: ProduceRequest['topicData'][number]) => topic.partitionData.map((data) => new Slot(topic.name, data));
    const slots = topicData.length === 1 ? slotsOf(topicData[0]!) : topicData.flatMap(slotsOf);
    if (!slots.some(inTransaction)) {
      this.append(request, body, slots, NO_GUARDS);
      return;
    }
    const refused = this.verification.verify(request, body, (guards) => this.append(request, body, slots, guards));
    if (refused === 0) return;
    for (const slot of slots) slot.error = refused;
    this.finish(request, body, slots, null);
  }

  private append(request: Request, body: ProduceRequest, slots: readonly Slot[], { errors, guards }: Guards): void {
    const { acks } = body;
    let parked: ParkedProduce | null = null;
    for (const slot of slots) {
      const key = errors.size + guards.size > 0 ? partitionKey({ topic: slot.topic, partition: slot.data.index }) : '';
      const unverified = errors.get(key);
      if (acks !== 0 && acks !== 1 && acks !== -1) slot.error = ERR.INVALID_REQUIRED_ACKS;
      else if (unverified) {
        slot.error = unverified.error;
        slot.message = unverified.message;
      } else {
        const requiredOffset = this.appendOne(slot, acks, guards.get(key) ?? 0);
        if (slot.error === 0 && acks === -1 && requiredOffset >= 0) {
          const p = this.broker.partition(slot.topic, slot.data.index)!;
          if (p.highWatermark < requiredOffset) {
            parked ??= new ParkedProduce(this, request, slots);
            parked.left++;
            slot.waits = parked;
            slot.requiredOffset = requiredOffset;
          } else if (p.maximalIsr().length < p.effectiveMinIsr()) slot.error = ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        }
      }
    }
    this.finish(request, body, slots, parked);
  }

  private finish(request: Request, body: ProduceRequest, slots: readonly Slot[], parked: ParkedProduce | null): void {
    if (body.acks === 0) {
      this.broker.quotas.produced(request);
      // Nobody hears of an error: the broker closes the connection, and the client notices only that.
      if (slots.some((s) => s.error !== 0)) this.broker.kernel.network.close(request.conn, false);
      this.broker.reply(request, null, 0);
      return;
    }
    if (!parked) {
      this.answer(request, slots);
      return;
    }
    for (const slot of slots) if (slot.waits) awaitOffset(this.broker.partition(slot.topic, slot.data.index)!, slot);
    this.broker.expiry.add(parked, body.timeoutMs * 1000);
  }

  /** @param parked has waited long enough. */
  expired(parked: ParkedProduce): void {
    this.broker.kernel.cause = parked.request.cause;
    this.answer(parked.request, parked.slots);
  }

  /** Appends one batch. @param guard number of the verification it has. @returns the offset the high watermark must reach, -1 when nothing was appended. */
  private appendOne(slot: Slot, acks: number, guard: number): number {
    const { broker } = this;
    const { data } = slot;
    const p = broker.partition(slot.topic, data.index);
    if (!p || p.role !== 'leader') {
      slot.error = broker.image.partition(slot.topic, data.index) ? ERR.NOT_LEADER_OR_FOLLOWER : ERR.UNKNOWN_TOPIC_OR_PARTITION;
      return -1;
    }
    if (data.recordsError !== undefined) {
      slot.error = data.recordsError;
      return -1;
    }
    const { records } = data;
    const batch = records?.[0];
    if (!batch || records.length !== 1) {
      slot.error = ERR.INVALID_RECORD;
      slot.message = 'A partition takes exactly one record batch per request.';
      return -1;
    }
    slot.logStartOffset = p.log.logStartOffset;
    if (acks === -1 && p.state.isr.length < p.effectiveMinIsr()) {
      slot.error = ERR.NOT_ENOUGH_REPLICAS;
      return -1;
    }
    const { config, nowMs } = p.log;
    const { records: rows } = broker.kernel.trace;
    const refused = refusal(batch, config, nowMs, rows);
    if (refused) {
      slot.error = refused.error;
      slot.message = refused.message;
      slot.recordErrors = refused.records;
      // What is too large is refused before the log is asked (Kafka ReplicaManager.appendToLocalLog).
      if (refused.error === ERR.MESSAGE_TOO_LARGE || refused.error === ERR.RECORD_LIST_TOO_LARGE) slot.logStartOffset = -1;
      return -1;
    }
    const verification = batch.producerId >= 0 && isTransactional(batch) ? broker.verifications.current(p, batch.producerId) : null;
    const check = checkSequence(p.log.producers, batch, 'client', verification);
    const k = broker.kernel;
    if (check.kind === 'duplicate') {
      slot.baseOffset = check.batch.baseOffset;
      // The time of the batch that stands, even where it is the client's (Kafka UnifiedLog.append).
      slot.logAppendTimeMs = check.batch.maxTimestampMs;
      k.trace.emit('kafka.duplicate', broker.process.sym, k.cause, p.topicSym, p.index, check.batch.baseOffset, batch.count, batch.firstRecord);
      return nextOffsetOf(check.batch);
    }
    const outside = outsideTransaction(p, batch, verification?.number ?? 0, guard);
    if (outside !== 0 || check.kind === 'error') {
      slot.error = outside !== 0 ? outside : ERR[(check as Extract<typeof check, { kind: 'error' }>).error];
      return -1;
    }
    const placed = appendBatch(broker, p, stamped(batch, config, nowMs, rows));
    if (config.logAppendTime) slot.logAppendTimeMs = placed.maxTimestampMs;
    if (isTransactional(batch)) broker.verifications.clear(p, batch.producerId);
    slot.baseOffset = placed.baseOffset;
    return nextOffsetOf(placed);
  }

  answer(request: Request, slots: readonly Slot[]): void {
    const hints = request.message.apiVersion >= 10 ? new LeaderHints(this.broker) : null;
    let error = 0;
    for (const s of slots) error ||= s.error;
    const responses = byTopic(slots, (s) => answerOf(s, hints)).map(({ topic, partitions }) => ({ name: topic, partitionResponses: partitions }));
    const throttleTimeMs = this.broker.quotas.produced(request);
    const body: ProduceResponse = hints && error !== 0 ? { responses, throttleTimeMs, nodeEndpoints: hints.endpoints } : { responses, throttleTimeMs };
    const m = request.message;
    this.broker.reply(request, body, error, 64, m.firstRecord, m.records);
  }
}

function inTransaction({ data }: Slot): boolean {
  for (const b of data.records ?? NO_BATCHES) if (b.producerId >= 0 && isTransactional(b)) return true;
  return false;
}

function answerOf(s: Slot, hints: LeaderHints | null): ProducePartitionResponse {
  const index = s.data.index;
  if (s.error === 0) return { index, errorCode: 0, baseOffset: s.baseOffset, logAppendTimeMs: s.logAppendTimeMs, logStartOffset: s.logStartOffset, errorMessage: s.message };
  const failed: ProducePartitionResponse = {
    index,
    errorCode: s.error,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: s.logStartOffset,
    errorMessage: s.message,
    ...(s.recordErrors && { recordErrors: s.recordErrors }),
  };
  return hints ? { ...failed, currentLeader: hints.of(s.topic, index, s.error) } : failed;
}

/** An append to a transaction that is not open here needs the guard that the coordinator's word was asked with. @returns an error code, 0 when it may. */
function outsideTransaction(p: Partition, batch: RecordBatch, current: number, guard: number): number {
  if (batch.producerId < 0 || !isTransactional(batch)) return 0;
  const entry = p.log.producers.get(batch.producerId);
  if (entry && entry.currentTxnFirstOffset >= 0 && entry.producerEpoch === batch.producerEpoch) return 0;
  if (entry && batch.producerEpoch < entry.producerEpoch) return ERR.INVALID_PRODUCER_EPOCH;
  return current !== 0 && current === guard ? 0 : ERR.INVALID_TXN_STATE;
}
