// Produce requests: checks, the append, and the wait for the high watermark with acks=all (Kafka ReplicaManager.appendRecords, DelayedProduce).
import { nextOffsetOf } from '../protocol/batch.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { ProducePartition, ProducePartitionResponse, ProduceRequest, ProduceResponse } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import { checkSequence } from './producerState.ts';

interface Slot {
  readonly topic: string;
  readonly index: number;
  error: number;
  baseOffset: number;
  logStartOffset: number;
  message: string | null;
  settled: boolean;
}

export class Produces {
  private readonly broker: Broker;

  constructor(broker: Broker) {
    this.broker = broker;
  }

  handle(request: Request): void {
    const body = request.message.body as ProduceRequest;
    const { acks } = body;
    const slots: Slot[] = [];
    const waiting: { slot: Slot; requiredOffset: number }[] = [];
    for (const topic of body.topicData) {
      for (const data of topic.partitionData) {
        const slot: Slot = { topic: topic.name, index: data.index, error: 0, baseOffset: -1, logStartOffset: -1, message: null, settled: true };
        slots.push(slot);
        if (acks !== 0 && acks !== 1 && acks !== -1) slot.error = ERR.INVALID_REQUIRED_ACKS;
        else if (body.transactionalId !== null) {
          slot.error = ERR.INVALID_TXN_STATE;
          slot.message = 'Transactions are not simulated yet.';
        } else {
          const requiredOffset = this.append(slot, data, acks);
          if (slot.error === 0 && acks === -1 && requiredOffset >= 0) {
            const p = this.broker.partition(slot.topic, slot.index)!;
            if (p.highWatermark < requiredOffset) {
              slot.settled = false;
              waiting.push({ slot, requiredOffset });
            } else if (p.maximalIsr().length < p.effectiveMinIsr()) slot.error = ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
          }
        }
      }
    }
    if (acks === 0) {
      // Nobody hears of an error: the broker closes the connection, and the client notices only that.
      if (slots.some((s) => s.error !== 0)) this.broker.kernel.network.close(request.conn, false);
      this.broker.reply(request, null, 0);
      return;
    }
    if (waiting.length === 0) this.answer(request, slots);
    else this.park(request, body, slots, waiting);
  }

  /** Appends one batch. @returns the offset the high watermark must reach, -1 when nothing was appended. */
  private append(slot: Slot, data: ProducePartition, acks: number): number {
    const { broker } = this;
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
    if (batch.bytes > broker.config.messageMaxBytes) {
      slot.error = ERR.MESSAGE_TOO_LARGE;
      return -1;
    }
    if (acks === -1 && p.state.isr.length < p.effectiveMinIsr()) {
      slot.error = ERR.NOT_ENOUGH_REPLICAS;
      return -1;
    }
    const check = checkSequence(p.log.producers, batch);
    slot.logStartOffset = p.log.logStartOffset;
    const k = broker.kernel;
    if (check.kind === 'error') {
      slot.error = ERR[check.error];
      return -1;
    }
    if (check.kind === 'duplicate') {
      slot.baseOffset = check.batch.baseOffset;
      k.trace.emit('kafka.duplicate', broker.process.sym, k.cause, p.topicSym, p.index, check.batch.baseOffset, batch.count, batch.firstRecord);
      return check.batch.lastOffset + 1;
    }
    const placed = p.log.appendAsLeader(batch, p.state.leaderEpoch);
    slot.baseOffset = placed.baseOffset;
    const cause = k.cause;
    k.cause = broker.replication.emitAppend(p, placed, true);
    const after = k.cause;
    for (const s of p.sessions) {
      k.cause = after;
      s.wake();
    }
    k.cause = after;
    broker.replication.advance(p);
    k.cause = cause;
    return nextOffsetOf(placed);
  }

  private park(request: Request, body: ProduceRequest, slots: readonly Slot[], waiting: readonly { slot: Slot; requiredOffset: number }[]): void {
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
      const p = this.broker.partition(slot.topic, slot.index)!;
      // In order of offset: a resent duplicate may wait for less than those before it.
      let at = p.produces.length;
      while (at > 0 && p.produces[at - 1]!.requiredOffset > requiredOffset) at--;
      p.produces.splice(at, 0, {
        requiredOffset,
        settle: (error) => {
          if (slot.settled) return;
          slot.settled = true;
          slot.error = error;
          if (--left > 0) return;
          settled(op);
          this.answer(request, slots);
        },
      });
    }
    this.broker.expiry.add(op, body.timeoutMs * 1000);
  }

  private answer(request: Request, slots: readonly Slot[]): void {
    const responses: { name: string; partitionResponses: ProducePartitionResponse[] }[] = [];
    let error = 0;
    for (const s of slots) {
      let topic = responses.at(-1);
      if (topic?.name !== s.topic) responses.push((topic = { name: s.topic, partitionResponses: [] }));
      if (s.error !== 0) error ||= s.error;
      topic.partitionResponses.push({
        index: s.index,
        errorCode: s.error,
        baseOffset: s.error === 0 ? s.baseOffset : -1,
        logAppendTimeMs: -1,
        logStartOffset: s.error === 0 ? s.logStartOffset : -1,
        errorMessage: s.message,
      });
    }
    const m = request.message;
    this.broker.reply(request, { responses, throttleTimeMs: 0 } satisfies ProduceResponse, error, 64, m.firstRecord, m.records);
  }
}
