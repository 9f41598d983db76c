// The leader's append: into the log, into the trace, on to followers that wait, and the high watermark as far as it may go
// (Kafka Partition.appendRecordsToLeader).
import { nextOffsetOf, type RecordBatch } from '../protocol/batch.ts';
import { ERR } from '../protocol/apiKeys.ts';
import type { Marker } from '../protocol/markers.ts';
import type { Broker } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import { isControl, isTransactional } from './openTransactions.ts';
import type { Partition, WaitingProduce } from './partition.ts';

/** @returns the batch as it stands in the log. */
export function appendBatch(broker: Broker, p: Partition, batch: RecordBatch): RecordBatch {
  const k = broker.kernel;
  const cause = k.cause;
  const openedAt = isTransactional(batch) ? (p.log.producers.get(batch.producerId)?.currentTxnFirstOffset ?? -1) : -1;
  const placed = p.log.appendAsLeader(batch, p.state.leaderEpoch);
  k.cause = broker.replication.emitAppend(p, placed, true);
  if (isTransactional(batch)) k.cause = tellTransaction(broker, p, placed, openedAt);
  const after = k.cause;
  for (const s of p.sessions) {
    k.cause = after;
    s.wake();
  }
  k.cause = after;
  broker.replication.advance(p);
  k.cause = cause;
  return placed;
}

/** @param openedAt where the producer's transaction had begun before; -1 = none was open. @returns the cause of what follows. */
function tellTransaction(broker: Broker, p: Partition, placed: RecordBatch, openedAt: number): number {
  const k = broker.kernel;
  const me = broker.process.sym;
  if (isControl(placed)) {
    const marker = placed.internal as Marker;
    return k.trace.emit(
      'transaction.markerWritten',
      me,
      k.cause,
      p.topicSym,
      p.index,
      k.trace.sym(marker.type),
      placed.baseOffset,
      placed.producerId,
      placed.producerEpoch,
      marker.coordinatorEpoch,
      openedAt,
    );
  }
  return openedAt < 0 ? k.trace.emit('kafka.transactionOpened', me, k.cause, p.topicSym, p.index, placed.baseOffset, placed.producerId, placed.producerEpoch) : k.cause;
}

/**
 * Waits as acks=all does until a batch that this leader appended is committed.
 * @param timeoutUs after which it is REQUEST_TIMED_OUT. @param done with Kafka's error code, 0 when it is committed.
 */
export function whenCommitted(broker: Broker, p: Partition, placed: RecordBatch, timeoutUs: number, done: (error: number) => void): void {
  const required = nextOffsetOf(placed);
  if (p.highWatermark >= required) return done(p.maximalIsr().length < p.effectiveMinIsr() ? ERR.NOT_ENOUGH_REPLICAS_AFTER_APPEND : 0);
  const settle = (error: number) => {
    if (op.done) return;
    settled(op);
    done(error);
  };
  const op: Expiring = { done: false, expire: () => settle(ERR.REQUEST_TIMED_OUT) };
  awaitOffset(p, { requiredOffset: required, settle });
  broker.expiry.add(op, timeoutUs);
}

/** In order of offset: a resent duplicate may wait for less than those before it. */
export function awaitOffset(p: Partition, waiting: WaitingProduce): void {
  const { produces } = p;
  let at = produces.length;
  produces.push(waiting);
  for (; at > 0 && produces[at - 1]!.requiredOffset > waiting.requiredOffset; at--) produces[at] = produces[at - 1]!;
  produces[at] = waiting;
}
