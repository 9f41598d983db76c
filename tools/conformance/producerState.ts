// Checker for producer state: batches and markers of one producer on one partition, and what the leader decides on each.
import { PartitionLog } from '../../simulations/kafka/broker/log.ts';
import { markerBatch } from '../../simulations/kafka/broker/markers.ts';
import { checkMarker, checkSequence } from '../../simulations/kafka/broker/producerState.ts';
import { ERROR } from '../../simulations/kafka/protocol/errors.ts';
import { nextOffsetOf, type RecordBatch } from '../../simulations/kafka/protocol/batch.ts';
import { TRANSACTIONAL } from '../../simulations/kafka/protocol/records.ts';
import { all, PASS, type Case, type Checker } from './outcome.ts';

interface Op {
  readonly op: 'batch' | 'commit' | 'abort';
  readonly epoch: number;
  readonly seq: number;
  readonly count: number;
  readonly txn: boolean;
  readonly coordinatorEpoch: number;
  readonly expect: Case;
}

const producerState: Checker = (c) => {
  const log = new PartitionLog();
  const producerId = Number(c['producerId']);
  for (const [i, op] of (c['ops'] as Op[]).entries()) {
    const { stateAfter, exception: _, ...expected } = op.expect;
    const actual = op.op === 'batch' ? produce(log, producerId, op) : mark(log, producerId, op);
    const outcome = all([{ op: i, ...expected }, { op: i, ...actual }]);
    if (outcome.kind !== 'pass') return outcome;
    if (stateAfter === undefined || stateAfter === null) continue;
    const after = all([{ op: i, ...(stateAfter as Case) }, { op: i, ...state(log, producerId) }]);
    if (after.kind !== 'pass') return after;
  }
  return PASS;
};

function produce(log: PartitionLog, producerId: number, op: Op): Case {
  const batch: RecordBatch = {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: op.count - 1,
    attributes: op.txn ? TRANSACTIONAL : 0,
    baseTimestampMs: 0,
    maxTimestampMs: 0,
    producerId,
    producerEpoch: op.epoch,
    baseSequence: op.seq,
    count: op.count,
    bytes: 100,
    firstRecord: -1,
    digest: 0,
    encoded: null,
    internal: null,
    kept: null,
  };
  const check = checkSequence(log.producers, batch);
  if (check.kind === 'error') return error(check.error);
  if (check.kind === 'duplicate') return { result: 'DUPLICATE', baseOffset: check.batch.baseOffset, lastOffset: nextOffsetOf(check.batch) - 1 };
  const placed = log.appendAsLeader(batch, 0);
  return { result: 'APPENDED', baseOffset: placed.baseOffset, lastOffset: log.logEndOffset - 1 };
}

function mark(log: PartitionLog, producerId: number, op: Op): Case {
  const refused = checkMarker(log.producers, producerId, op.epoch, op.coordinatorEpoch);
  if (refused) return error(refused);
  const firstOffset = log.producers.get(producerId)?.currentTxnFirstOffset ?? -1;
  const aborted = op.op === 'abort';
  const { baseOffset: offset } = log.appendAsLeader(markerBatch({ type: aborted ? 'ABORT' : 'COMMIT', coordinatorEpoch: op.coordinatorEpoch }, producerId, op.epoch, 0), 0);
  return firstOffset < 0 ? { result: 'MARKER', offset } : { result: 'MARKER', offset, completedTxnFirstOffset: firstOffset, completedTxnLastOffset: offset, aborted };
}

function error(name: keyof typeof ERROR): Case {
  return { result: 'ERROR', error: name, errorCode: ERROR[name] };
}

function state(log: PartitionLog, producerId: number): Case {
  const entry = log.producers.get(producerId);
  const last = entry?.newest;
  return {
    producerEpoch: entry?.producerEpoch ?? -1,
    lastSeq: entry?.lastSequence ?? -1,
    lastDataOffset: last ? nextOffsetOf(last) - 1 : -1,
    cachedBatches: entry?.batches.length ?? 0,
    currentTxnFirstOffset: entry?.currentTxnFirstOffset ?? -1,
  };
}

export const PRODUCER_STATE: Readonly<Record<string, Checker>> = { 'producer-state': producerState };
