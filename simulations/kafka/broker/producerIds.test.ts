// Producer ids: fresh each time, block after block.
import { expect, it } from 'vitest';
import { probe } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';

it('gives 2,500 ids of which no two are equal, in blocks of 1,000', () => {
  const ask = { atMs: 100, broker: 1, api: KEY.InitProducerId, version: 4, body: { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1, producerEpoch: -1 } };
  const { answers } = probe(
    { horizonMs: 5_000 },
    Array.from({ length: 2_500 }, () => ask),
  );
  const ids = answers.map((a) => (a!.body as { producerId: number }).producerId);
  expect(new Set(ids).size).toBe(2_500);
  expect(ids[999]! - ids[0]!).toBe(999);
  expect(new Set(ids.map((id) => Math.floor(id / 1000))).size).toBe(3);
});
