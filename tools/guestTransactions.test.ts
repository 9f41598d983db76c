// Transactions by unmodified kafkajs (transaction version 1): committed and aborted ones, offsets with them, and a zombie.
import { describe, expect, it } from 'vitest';
import { tryOut } from './guestTrial.ts';

const KAFKA = `
import { Kafka } from 'kafkajs'
const kafka = new Kafka({ clientId: 'app', brokers: ['broker-1:9092', 'broker-2:9092'], retry: { retries: 30, maxRetryTime: 1000 } })
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
`;

const PRODUCER = `${KAFKA}
const producer = kafka.producer({ transactionalId: 'orders-tx', idempotent: true, maxInFlightRequests: 1 })
async function main() {
  await producer.connect()
  for (let i = 0; i < 6; i++) {
    const transaction = await producer.transaction()
    await transaction.send({ topic: 'orders', messages: [{ key: 'a', value: 'first of ' + i }, { key: 'b', value: 'second of ' + i }] })
    await sleep(50)
    await transaction.send({ topic: 'orders', messages: [{ key: 'a', value: 'third of ' + i }] })
    if (i % 3 === 2) await transaction.abort()
    else await transaction.commit()
    console.log(i, i % 3 === 2 ? 'aborted' : 'committed')
  }
}
main()
`;

const READER = (isolation: string) => `${KAFKA}
const consumer = kafka.consumer({ groupId: 'readers-${isolation}', readUncommitted: ${isolation === 'uncommitted'} })
async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => console.log(message.value!.toString()) })
}
main()
`;

/** Reads orders, writes one bill for each and the offset it read up to, in one transaction; every fourth is aborted once. */
const BILLING = `${KAFKA}
const producer = kafka.producer({ transactionalId: 'billing-tx', idempotent: true, maxInFlightRequests: 1 })
const consumer = kafka.consumer({ groupId: 'billing' })
let tries = 0
async function main() {
  await producer.connect()
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({ autoCommit: false, eachMessage: async ({ topic, partition, message }) => {
    for (;;) {
      const transaction = await producer.transaction()
      await transaction.send({ topic: 'bills', messages: [{ key: message.key, value: 'bill for ' + message.value!.toString() }] })
      await transaction.sendOffsets({ consumerGroupId: 'billing', topics: [{ topic, partitions: [{ partition, offset: String(Number(message.offset) + 1) }] }] })
      if (++tries % 4 === 0) { await transaction.abort(); continue }
      await transaction.commit()
      return
    }
  } })
}
main()
`;

const SOURCE = `${KAFKA}
const producer = kafka.producer()
async function main() {
  await producer.connect()
  await producer.send({ topic: 'orders', messages: Array.from({ length: 12 }, (_, i) => ({ key: 'k' + i, value: 'order ' + i })) })
}
main()
`;

const BILL_READER = READER('committed').replace("topics: ['orders']", "topics: ['bills']");
const topics = [
  { name: 'orders', partitions: 2, replicationFactor: 3 },
  { name: 'bills', partitions: 2, replicationFactor: 3 },
];

describe('transactions with kafkajs', () => {
  it('commit and abort; read_committed sees what was committed, read_uncommitted everything, nobody sees markers', async () => {
    const r = await tryOut({ files: { 'producer.ts': PRODUCER, 'committed.ts': READER('committed'), 'uncommitted.ts': READER('uncommitted') }, topics, horizonMs: 40_000 });
    expect(r.diagnostics).toEqual([]);
    expect(r.of('guest.uncaught')).toEqual([]);
    expect(r.lines('producer')).toEqual(['0 committed', '1 committed', '2 aborted', '3 committed', '4 committed', '5 aborted']);
    const all = [0, 1, 2, 3, 4, 5].flatMap((i) => [`first of ${i}`, `second of ${i}`, `third of ${i}`]);
    expect(r.lines('committed').sort()).toEqual(all.filter((line) => !/[25]$/.test(line)).sort());
    expect(r.lines('uncommitted').sort()).toEqual(all.sort());
    // The trace says the same of what was handed out and what was passed over.
    // kafkajs fetches again where an answer held nothing to hand out: what it passes over twice counts once.
    const records = (process: string, type: 'consumer.delivered' | 'consumer.skipped') => {
      const seen = r.of(type).filter((e) => e.process === process);
      return new Set(seen.flatMap((e) => Array.from({ length: e.records }, (_, i) => `${e.partition}/${e.baseOffset + i}`))).size;
    };
    expect([records('committed', 'consumer.delivered'), records('committed', 'consumer.skipped')]).toEqual([12, 6]);
    expect([records('uncommitted', 'consumer.delivered'), records('uncommitted', 'consumer.skipped')]).toEqual([18, 0]);
    expect(new Set(r.of('transaction.stateChanged').map((e) => e.producerEpoch))).toEqual(new Set([0]));
    expect(r.outcome.kind === 'end' && r.outcome.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('carry offsets: each order is billed once, though transactions are aborted and the program is killed on the way', async () => {
    const files = { 'source.ts': SOURCE, 'billing.ts': BILLING, 'reader.ts': BILL_READER };
    const r = await tryOut({ files, topics, horizonMs: 120_000, faults: ['kill billing at 9s for 3s'] });
    expect(r.of('guest.uncaught')).toEqual([]);
    expect(r.lines('reader').sort()).toEqual(Array.from({ length: 12 }, (_, i) => `bill for order ${i}`).sort());
    expect(r.of('transaction.stateChanged').filter((e) => e.to === 'CompleteAbort').length).toBeGreaterThan(2);
    expect(r.of('offset.committed').filter((e) => e.group === 'billing' && e.topic === 'orders').length).toBe(12);
  }, 60_000);

  it('of a program that slept through its successor are refused', async () => {
    const slow = PRODUCER.replace('await sleep(50)', 'await sleep(2000)');
    const files = { 'old.ts': slow, 'young.ts': PRODUCER.replace('await producer.connect()', 'await sleep(6000); await producer.connect()') };
    const r = await tryOut({ files, topics, horizonMs: 60_000, faults: ['pause old at 5s for 20s'] });
    expect(r.lines('young')).toHaveLength(6);
    expect(r.of('transaction.stateChanged').some((e) => e.to === 'PrepareAbort' && e.reason === 'fencing')).toBe(true);
    // kafkajs hears 47, in a Produce or an EndTxn, and gives up.
    expect(r.of('guest.uncaught').map((e) => [e.process, e.code])).toEqual([['old', 'INVALID_PRODUCER_EPOCH']]);
  });
});
