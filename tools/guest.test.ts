// Learner code as processes, whole: unmodified kafkajs against the simulated cluster, in a worker, on virtual time.
import { describe, expect, it } from 'vitest';
import { tryOut } from './guestTrial.ts';

const KAFKA = `
import { Kafka } from 'kafkajs'
const kafka = new Kafka({ clientId: 'app', brokers: ['broker-1:9092', 'broker-2:9092'], retry: { retries: 30, maxRetryTime: 1000 } })
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
`;

const PRODUCER = `${KAFKA}
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
async function main() {
  await producer.connect()
  for (let i = 0; i < 100; i++) {
    await producer.send({ topic: 'orders', messages: [{ key: 'user-' + (i % 7), value: 'order ' + i }] })
    await sleep(100)
  }
  console.log('sent all')
}
main()
`;

const CONSUMER = `${KAFKA}
const consumer = kafka.consumer({ groupId: 'billing', sessionTimeout: 10000, maxWaitTimeInMs: 500 })
let seen = 0
async function main() {
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ partition, message }) => {
    seen++
    console.log(partition, message.offset, message.key!.toString(), message.value!.toString())
  } })
}
main()
`;

describe('kafkajs in a simulated process', () => {
  it('produces, and a group of two reads everything once', async () => {
    const files = { 'producer.ts': PRODUCER, 'reader.ts': CONSUMER };
    const r = await tryOut({ files, processes: { producer: 'producer.ts', 'reader-1': 'reader.ts', 'reader-2': 'reader.ts' }, horizonMs: 30_000 });
    expect(r.diagnostics).toEqual([]);
    expect(r.of('guest.uncaught')).toEqual([]);
    expect(r.lines('producer')).toEqual(['sent all']);
    const read = [...r.lines('reader-1'), ...r.lines('reader-2')];
    expect(new Set(read).size).toBe(100);
    expect(read.length).toBe(100);
    expect(r.lines('reader-1').length).toBeGreaterThan(10);
    expect(r.lines('reader-2').length).toBeGreaterThan(10);
    expect(r.of('producer.sent').reduce((n, e) => n + e.records, 0)).toBe(100);
    expect(r.of('producer.acknowledged').reduce((n, e) => n + e.records, 0)).toBe(100);
    const delivered = r.of('consumer.delivered');
    expect(delivered.reduce((n, e) => n + e.records, 0)).toBe(100);
    expect(new Set(delivered.map((e) => e.group))).toEqual(new Set(['billing']));
    expect(r.of('group.assigned').at(-1)!.client).toMatch(/^reader-/);
  });

  it('keeps order and loses nothing when a broker is killed while it sends, and tells retries from new records', async () => {
    const r = await tryOut({ files: { 'producer.ts': PRODUCER }, faults: ['kill broker-2 at 3s for 8s', 'cut producer<->broker-1 at 13s for 3s'], horizonMs: 60_000 });
    expect(r.lines('producer')).toEqual(['sent all']);
    expect(r.of('producer.sent').reduce((n, e) => n + e.records, 0)).toBe(100);
    expect(r.of('producer.acknowledged').reduce((n, e) => n + e.records, 0)).toBe(100);
    expect(r.of('producer.retried').length).toBeGreaterThan(0);
    expect(r.of('producer.failed')).toEqual([]);
    expect(r.outcome.kind === 'end' && r.outcome.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('is the same run every time: ten runs through a crash and rebalances have one hash', async () => {
    const files = { 'producer.ts': PRODUCER, 'reader.ts': CONSUMER };
    const trial = {
      files,
      processes: { producer: 'producer.ts', 'reader-1': 'reader.ts', 'reader-2': 'reader.ts' },
      horizonMs: 40_000,
      faults: ['kill broker-1 at 4s for 12s', 'kill reader-2 at 8s for 5s', 'pause producer at 20s for 2s', 'loss reader-1<->broker-3 share=1/10 at 6s for 9s'],
    };
    const hashes = [];
    for (let i = 0; i < 10; i++) hashes.push((await tryOut(trial)).hash);
    expect(new Set(hashes).size).toBe(1);
    expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect((await tryOut({ ...trial, seed: 2 })).hash).not.toBe(hashes[0]);
  }, 60_000);

  it('tells of records that were given up, whether or not they reached a broker', async () => {
    const code = PRODUCER.replace('retries: 30, maxRetryTime: 1000', 'retries: 2');
    const unsent = await tryOut({ files: { 'producer.ts': code }, faults: ['kill broker-2 at 3s', 'kill broker-3 at 3s'], horizonMs: 30_000 });
    expect(unsent.of('producer.failed')).toMatchObject([{ partition: -1, records: 1, error: 'DISCONNECTED' }]);
    expect(unsent.of('guest.uncaught')).toMatchObject([{ name: 'KafkaJSNumberOfRetriesExceeded', file: 'producer.ts', line: 10 }]);
    expect(unsent.of('process.killed').filter((e) => e.process === 'producer')).toMatchObject([{ reason: 'uncaught' }]);
    const refused = await tryOut({ files: { 'producer.ts': code }, faults: ['pause broker-2 at 3s', 'pause broker-3 at 3s'], horizonMs: 120_000 });
    expect(refused.of('producer.failed').length).toBe(1);
    expect(refused.of('producer.failed')[0]!.partition).toBeGreaterThanOrEqual(0);
  });

  it('compresses with gzip', async () => {
    const code = PRODUCER.replace('import { Kafka }', 'import { Kafka, CompressionTypes }').replace("topic: 'orders', messages", "topic: 'orders', compression: CompressionTypes.GZIP, messages");
    const r = await tryOut({ files: { 'producer.ts': code, 'reader.ts': CONSUMER }, horizonMs: 30_000 });
    expect(r.of('guest.uncaught')).toEqual([]);
    expect(r.lines('reader').length).toBe(100);
    expect(r.trace.records[0]).toMatchObject({ key: 'user-0', value: 'order 0', nth: 1 });
  });

  it('says where brokers are when it is asked for another host', async () => {
    const code = KAFKA.replace("'broker-1:9092', 'broker-2:9092'", "'localhost:9092'").replace('retries: 30', 'retries: 1') + 'kafka.producer().connect().catch((e) => console.log(e.name, e.message))';
    const r = await tryOut({ files: { 'app.ts': code } });
    expect(r.lines('app').join('\n')).toContain('ENOTFOUND localhost (in the simulation brokers are called broker-1:9092');
  });
});
