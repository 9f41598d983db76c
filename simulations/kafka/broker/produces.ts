// Produce requests: checks, the append, and the wait for the high watermark with acks=all (Kafka ReplicaManager.appendRecords, DelayedProduce).
import { nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { ProducePartition, ProducePartitionResponse, ProduceRequest, ProduceResponse } from '../protocol/messages.ts';
import { appendBatch, awaitOffset } from './appends.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import { isTransactional } from './openTransactions.ts';
import { LeaderHints } from './leaderHints.ts';
import type { Partition } from './partition.ts';
import { checkSequence } from './producerState.ts';
import { ProduceVerification, type Guards } from './produceVerification.ts';
import { partitionKey } from './transactionMetadata.ts';
import { refusal, stamped } from './validation.ts';

interface Slot {
  readonly topic: string;
  readonly index: number;
  readonly data: ProducePartition;
  error: number;
  baseOffset: number;
  logStartOffset: number;
  logAppendTimeMs: number;
  message: string | null;
  settled: boolean;
}

interface Waiting {
  readonly slot: Slot;
  readonly requiredOffset: number;
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
    const slots: Slot[] = [];
    let transactional = false;
    for (const topic of body.topicData) {
      for (const data of topic.partitionData) {
        slots.push({ topic: topic.name, index: data.index, data, error: 0, baseOffset: -1, logStartOffset: -1, logAppendTimeMs: -1, message: null, settled: true });
        transactional ||= data.records?.some((b) => b.producerId >= 0 && isTransactional(b)) ?? false;
      }
    }
    if (!transactional) {
      this.append(request, body, slots, NO_GUARDS);
      return;
    }
    const refused = this.verification.verify(request, body, (guards) => this.append(request, body, slots, guards));
    if (refused === 0) return;
    for (const slot of slots) slot.error = refused;
    this.finish(request, body, slots, []);
  }

  private append(request: Request, body: ProduceRequest, slots: readonly Slot[], { errors, guards }: Guards): void {
    const { acks } = body;
    const waiting: Waiting[] = [];
    for (const slot of slots) {
      const key = errors.size + guards.size > 0 ? partitionKey({ topic: slot.topic, partition: slot.index }) : '';
      const unverified = errors.get(key);
      if (acks !== 0 && acks !== 1 && acks !== -1) slot.error = ERR.INVALID_REQUIRED_ACKS;
      else if (unverified) {
        slot.error = unverified.error;
        slot.message = unverified.message;
      } else {
        const requiredOffset = this.appendOne(slot, acks, guards.get(key) ?? 0);
        if (slot.error === 0 && acks === -1 && requiredOffset >= 0) {
          const p = this.broker.partition(slot.topic, slot.index)!;
          if (p.highWatermark < requiredOffset) {
            slot.settled = false;
            waiting.push({ slot, requiredOffset });
          } else if (p.maximalIsr().length < p.effectiveMinIsr()) slot.error = ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        }
      }
    }
    this.finish(request, body, slots, waiting);
  }

  private finish(request: Request, body: ProduceRequest, slots: readonly Slot[], waiting: readonly Waiting[]): void {
    if (body.acks === 0) {
      // Nobody hears of an error: the broker closes the connection, and the client notices only that.
      if (slots.some((s) => s.error !== 0)) this.broker.kernel.network.close(request.conn, false);
      this.broker.reply(request, null, 0);
      return;
    }
    if (waiting.length === 0) this.answer(request, slots);
    else this.park(request, body, slots, waiting);
  }

  /** Appends one batch. @param guard number of the verification it has. @returns the offset the high watermark must reach, -1 when nothing was appended. */
  private appendOne(slot: Slot, acks: number, guard: number): number {
    const { broker } = this;
    const { data } = slot;
    const state = broker.image.partition(slot.topic, slot.index);
    const p = broker.partition(slot.topic, slot.index);
    if (!state) {
      slot.error = ERR.UNKNOWN_TOPIC_OR_PARTITION;
      return -1;
    }
    if (!p || p.role !== 'leader') {
      slot.error = ERR.NOT_LEADER_OR_FOLLOWER;
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
    if (acks === -1 && p.state.isr.length < p.effectiveMinIsr()) {
      slot.error = ERR.NOT_ENOUGH_REPLICAS;
      return -1;
    }
    const { config, nowMs } = p.log;
    const refused = refusal(batch, config, nowMs, broker.kernel.trace.records);
    if (refused) {
      slot.error = refused.error;
      slot.message = refused.message;
      return -1;
    }
    const verification = batch.producerId >= 0 && isTransactional(batch) ? broker.verifications.current(p, batch.producerId) : null;
    const check = checkSequence(p.log.producers, batch, 'client', verification);
    slot.logStartOffset = p.log.logStartOffset;
    const k = broker.kernel;
    if (check.kind === 'duplicate') {
      slot.baseOffset = check.batch.baseOffset;
      k.trace.emit('kafka.duplicate', broker.process.sym, k.cause, p.topicSym, p.index, check.batch.baseOffset, batch.count, batch.firstRecord);
      return check.batch.lastOffset + 1;
    }
    const outside = outsideTransaction(p, batch, verification?.number ?? 0, guard);
    if (outside !== 0 || check.kind === 'error') {
      slot.error = outside !== 0 ? outside : ERR[(check as Extract<typeof check, { kind: 'error' }>).error];
      return -1;
    }
    const placed = appendBatch(broker, p, stamped(batch, config, nowMs));
    if (config.logAppendTime) slot.logAppendTimeMs = placed.maxTimestampMs;
    if (isTransactional(batch)) broker.verifications.clear(p, batch.producerId);
    slot.baseOffset = placed.baseOffset;
    return nextOffsetOf(placed);
  }

  private park(request: Request, body: ProduceRequest, slots: readonly Slot[], waiting: readonly Waiting[]): void {
    let left = waiting.length;
    const op: Expiring = {
      done: false,
      expire: () => {
        settled(op);
        for (const w of waiting) {
          if (w.slot.settled) continue;
          w.slot.settled = true;
          w.slot.error = ERR.REQUEST_TIMED_OUT;
        }
        this.broker.kernel.cause = request.cause;
        this.answer(request, slots);
      },
    };
    for (const { slot, requiredOffset } of waiting) {
      awaitOffset(this.broker.partition(slot.topic, slot.index)!, requiredOffset, (error) => {
        if (slot.settled) return;
        slot.settled = true;
        slot.error = error;
        if (--left > 0) return;
        settled(op);
        this.answer(request, slots);
      });
    }
    this.broker.expiry.add(op, body.timeoutMs * 1000);
  }

  private answer(request: Request, slots: readonly Slot[]): void {
    const responses: { name: string; partitionResponses: ProducePartitionResponse[] }[] = [];
    const hints = request.message.apiVersion >= 10 ? new LeaderHints(this.broker) : null;
    let error = 0;
    for (const s of slots) {
      let topic = responses.at(-1);
      if (topic?.name !== s.topic) responses.push((topic = { name: s.topic, partitionResponses: [] }));
      if (s.error !== 0) error ||= s.error;
      topic.partitionResponses.push({
        index: s.index,
        errorCode: s.error,
        baseOffset: s.error === 0 ? s.baseOffset : -1,
        logAppendTimeMs: s.error === 0 ? s.logAppendTimeMs : -1,
        logStartOffset: s.error === 0 ? s.logStartOffset : -1,
        errorMessage: s.message,
        ...(hints && s.error !== 0 ? { currentLeader: hints.of(s.topic, s.index, s.error) } : {}),
      });
    }
    const m = request.message;
    this.broker.reply(request, { responses, throttleTimeMs: 0, ...(hints && error !== 0 ? { nodeEndpoints: hints.endpoints } : {}) } satisfies ProduceResponse, error, 64, m.firstRecord, m.records);
  }
}

/** An append to a transaction that is not open here needs the guard that the coordinator's word was asked with. @returns an error code, 0 when it may. */
function outsideTransaction(p: Partition, batch: RecordBatch, current: number, guard: number): number {
  if (batch.producerId < 0 || !isTransactional(batch)) return 0;
  const entry = p.log.producers.get(batch.producerId);
  if (entry && entry.currentTxnFirstOffset >= 0 && entry.producerEpoch === batch.producerEpoch) return 0;
  if (entry && batch.producerEpoch < entry.producerEpoch) return ERR.INVALID_PRODUCER_EPOCH;
  return current !== 0 && current === guard ? 0 : ERR.INVALID_TXN_STATE;
}
