// What a coordinator decides on EndTxn and on the aborts that it starts itself (Kafka TransactionCoordinator.endTransaction, KIP-890).
import { ERR } from '../protocol/apiKeys.ts';
import { LAST_CLIENT_EPOCH, type TransactionMetadata, type Transit, type TransitReason } from './transactionMetadata.ts';

export interface EndRequest {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly commit: boolean;
  /** Whether the client bumps its epoch with every transaction (EndTxn version 5). */
  readonly supportsEpochBump: boolean;
  readonly fromClient: boolean;
  readonly reason: TransitReason;
  readonly nowMs: number;
}

/** A change to be written, an error, or: it was done before (`error` 0, with the producer id and epoch that the client should have). */
export type EndDecision = { readonly transit: Transit; readonly isEpochFence: boolean } | { readonly error: number; readonly producerId: number; readonly producerEpoch: number };

const refused = (error: number): EndDecision => ({ error, producerId: -1, producerEpoch: -1 });

/** @param newProducerId gives a fresh producer id where the epochs of the present one are used up. */
export function decideEnd(meta: TransactionMetadata, request: EndRequest, newProducerId: () => number): EndDecision {
  return request.supportsEpochBump ? decideEndV2(meta, request, newProducerId) : decideEndV1(meta, request);
}

/** The epoch stays the same between transactions; a repeated request is told by the state it finds. */
function decideEndV1(meta: TransactionMetadata, r: EndRequest): EndDecision {
  const { values, pending } = meta;
  if (values.producerId !== r.producerId) return refused(ERR.INVALID_PRODUCER_ID_MAPPING);
  if ((r.fromClient && r.producerEpoch !== values.producerEpoch) || r.producerEpoch < values.producerEpoch) return refused(ERR.PRODUCER_FENCED);
  if (pending !== null && pending !== 'PrepareEpochFence') return refused(ERR.CONCURRENT_TRANSACTIONS);
  switch (values.state) {
    case 'Ongoing': {
      const isEpochFence = !r.commit && pending === 'PrepareEpochFence';
      if (isEpochFence) meta.fence(r.producerEpoch);
      return { isEpochFence, transit: meta.prepareEnd(r.commit, { supportsEpochBump: false, nextProducerId: -1, nothingAdded: false, reason: r.reason, nowMs: r.nowMs }) };
    }
    case 'CompleteCommit':
    case 'CompleteAbort':
      return refused(r.commit === (values.state === 'CompleteCommit') ? ERR.NONE : ERR.INVALID_TXN_STATE);
    case 'PrepareCommit':
    case 'PrepareAbort':
      return refused(r.commit === (values.state === 'PrepareCommit') ? ERR.CONCURRENT_TRANSACTIONS : ERR.INVALID_TXN_STATE);
    case 'Empty':
    case 'PrepareEpochFence':
    case 'Dead':
      return refused(ERR.INVALID_TXN_STATE);
  }
}

/** Every end bumps the epoch: a request with the epoch before is a repeat, one with the present epoch is the next transaction's. */
function decideEndV2(meta: TransactionMetadata, r: EndRequest, newProducerId: () => number): EndDecision {
  const { values, pending } = meta;
  const isEpochFence = pending === 'PrepareEpochFence';
  const retryOnOverflow = !isEpochFence && values.previousProducerId === r.producerId && r.producerEpoch === LAST_CLIENT_EPOCH && values.producerEpoch === 0;
  const retryOnBump = !isEpochFence && values.producerEpoch === r.producerEpoch + 1;
  const isRetry = retryOnBump || retryOnOverflow;
  if (values.producerId !== r.producerId && !retryOnOverflow) return refused(ERR.INVALID_PRODUCER_ID_MAPPING);
  if (!validEpoch(meta, r, isEpochFence, retryOnBump, isRetry)) return refused(ERR.PRODUCER_FENCED);
  if (pending !== null && !isEpochFence) return refused(ERR.CONCURRENT_TRANSACTIONS);
  const end = (commit: boolean, nothingAdded: boolean): EndDecision => {
    const nextProducerId = !isEpochFence && meta.epochExhausted ? newProducerId() : -1;
    if (isEpochFence) meta.fence(r.producerEpoch);
    return { isEpochFence, transit: meta.prepareEnd(commit, { supportsEpochBump: true, nextProducerId, nothingAdded, reason: r.reason, nowMs: r.nowMs }) };
  };
  const done: EndDecision = { error: ERR.NONE, producerId: values.producerId, producerEpoch: values.producerEpoch };
  switch (values.state) {
    case 'Ongoing':
      return end(r.commit, false);
    case 'CompleteCommit':
      if (r.commit) return isRetry ? done : refused(ERR.INVALID_TXN_STATE);
      return isRetry ? refused(ERR.INVALID_TXN_STATE) : end(false, true);
    case 'CompleteAbort':
      if (r.commit) return refused(ERR.INVALID_TXN_STATE);
      return isRetry ? done : end(false, true);
    case 'PrepareCommit':
    case 'PrepareAbort':
      return refused(r.commit === (values.state === 'PrepareCommit') ? ERR.CONCURRENT_TRANSACTIONS : ERR.INVALID_TXN_STATE);
    case 'Empty':
      return r.commit ? refused(ERR.INVALID_TXN_STATE) : end(false, true);
    case 'PrepareEpochFence':
    case 'Dead':
      return refused(ERR.INVALID_TXN_STATE);
  }
}

function validEpoch({ values }: TransactionMetadata, r: EndRequest, isEpochFence: boolean, retryOnBump: boolean, isRetry: boolean): boolean {
  const same = r.producerEpoch === values.producerEpoch;
  if (isEpochFence) return (!r.fromClient || same) && r.producerEpoch >= values.producerEpoch;
  switch (values.state) {
    case 'Ongoing':
    case 'Empty':
    case 'Dead':
    case 'PrepareEpochFence':
      return same;
    case 'PrepareCommit':
    case 'PrepareAbort':
      return retryOnBump;
    case 'CompleteCommit':
    case 'CompleteAbort':
      return isRetry || same;
  }
}
