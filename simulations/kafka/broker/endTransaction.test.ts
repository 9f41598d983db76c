// Ends at the end of the epochs, where no run comes in reasonable time.
import { describe, expect, it } from 'vitest';
import { decideEnd, type EndRequest } from './endTransaction.ts';
import { LAST_CLIENT_EPOCH, newTransaction, type TransactionMetadata, type Transit } from './transactionMetadata.ts';

const NEXT = 900;

function ongoing(producerEpoch: number): TransactionMetadata {
  const meta = newTransaction('tx', 7, 60_000, 0);
  meta.values = { ...meta.values, producerEpoch, state: 'Empty' };
  meta.complete(meta.prepareAddPartitions([{ topic: 't', partition: 0 }], true, 5));
  return meta;
}
const request = (producerEpoch: number, over: Partial<EndRequest> = {}): EndRequest => ({
  producerId: 7,
  producerEpoch,
  commit: true,
  supportsEpochBump: true,
  fromClient: true,
  reason: 'client',
  nowMs: 9,
  ...over,
});
const decide = (meta: TransactionMetadata, r: EndRequest) => decideEnd(meta, r, () => NEXT);
const transitOf = (decision: ReturnType<typeof decide>): Transit => {
  if ('error' in decision) throw new Error(`error ${decision.error}`);
  return decision.transit;
};

describe('the last epoch', () => {
  it('ends in a new producer id with epoch 0, and a repeat of that end is known', () => {
    const meta = ongoing(LAST_CLIENT_EPOCH);
    meta.complete(transitOf(decide(meta, request(LAST_CLIENT_EPOCH))));
    expect(meta.values).toMatchObject({ state: 'PrepareCommit', producerId: 7, producerEpoch: LAST_CLIENT_EPOCH + 1, nextProducerId: NEXT });
    meta.complete(meta.prepareComplete(10));
    expect(meta.values).toMatchObject({ state: 'CompleteCommit', producerId: NEXT, previousProducerId: 7, producerEpoch: 0, nextProducerId: -1, lastProducerEpoch: LAST_CLIENT_EPOCH });
    expect(decide(meta, request(LAST_CLIENT_EPOCH))).toEqual({ error: 0, producerId: NEXT, producerEpoch: 0 });
    expect(decide(meta, request(LAST_CLIENT_EPOCH, { commit: false }))).toMatchObject({ error: 48 });
    expect(decide(meta, request(3))).toMatchObject({ error: 49 });
  });

  it('can still be fenced, without a new producer id', () => {
    const meta = ongoing(LAST_CLIENT_EPOCH);
    const epoch = meta.prepareFence();
    meta.complete(transitOf(decide(meta, request(epoch, { commit: false, fromClient: false, reason: 'timeout' }))));
    expect(meta.values).toMatchObject({ state: 'PrepareAbort', producerId: 7, producerEpoch: LAST_CLIENT_EPOCH + 1, nextProducerId: -1 });
    meta.complete(meta.prepareComplete(10));
    expect(meta.epochExhausted).toBe(true);
    meta.complete(meta.prepareRotation(NEXT, 60_000, false, 11));
    expect(meta.values).toMatchObject({ state: 'Empty', producerId: NEXT, producerEpoch: 0, lastProducerEpoch: -1 });
  });

  it('is not raised again by a fence that could not be written', () => {
    const meta = ongoing(4);
    expect(meta.prepareFence()).toBe(5);
    meta.fence(5);
    meta.failedEpochFence = true;
    expect(meta.prepareFence()).toBe(5);
  });
});

describe('an end while another change is under way', () => {
  it('asks to come again', () => {
    const meta = ongoing(4);
    transitOf(decide(meta, request(4)));
    expect(decide(meta, request(4))).toMatchObject({ error: 51 });
    expect(decide(meta, request(4, { supportsEpochBump: false }))).toMatchObject({ error: 51 });
  });

  it('and once decided, the same outcome asks to come again, the other is refused', () => {
    const meta = ongoing(4);
    meta.complete(transitOf(decide(meta, request(4))));
    expect(decide(meta, request(4))).toMatchObject({ error: 51 });
    expect(decide(meta, request(4, { commit: false }))).toMatchObject({ error: 48 });
    expect(decide(meta, request(5))).toMatchObject({ error: 90 });
  });
});
