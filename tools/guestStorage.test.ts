// Compacted and shortened logs as unmodified kafkajs finds them: newest values at their offsets, tombstones, deleted records.
import { describe, expect, it } from 'vitest';
import { tryOut } from './guestTrial.ts';

const KAFKA = `
import { Kafka } from 'kafkajs'
const kafka = new Kafka({ clientId: 'app', brokers: ['broker-1:9092', 'broker-2:9092'], retry: { retries: 30, maxRetryTime: 1000 } })
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
`;

/** Five prices of three goods, one of which is withdrawn; and later a record that begins a new segment. */
const WRITER = `${KAFKA}
const producer = kafka.producer()
async function main() {
  await producer.connect()
  const send = (messages: { key: string; value: string | null }[]) => producer.send({ topic: 'prices', messages })
  await send([{ key: 'tea', value: '1' }, { key: 'milk', value: '1' }, { key: 'tea', value: '2' }])
  await send([{ key: 'jam', value: '1' }, { key: 'milk', value: '2' }])
  await send([{ key: 'jam', value: null }])
  await sleep(3000)
  await send([{ key: 'end', value: 'of the segment' }])
  await sleep(20000)
  await send([{ key: 'end', value: 'of the next' }])
}
main()
`;
const READER = (group: string, afterMs: number) => `${KAFKA}
const consumer = kafka.consumer({ groupId: '${group}' })
async function main() {
  await sleep(${afterMs})
  await consumer.connect()
  await consumer.subscribe({ topics: ['prices'], fromBeginning: true })
  await consumer.run({ eachMessage: async ({ message }) => console.log(message.offset, message.key!.toString(), message.value === null ? 'gone' : message.value.toString()) })
}
main()
`;
const compacted = {
  name: 'prices',
  partitions: 1,
  replicationFactor: 3,
  config: { 'cleanup.policy': 'compact', 'segment.ms': '2000', 'min.cleanable.dirty.ratio': '0.01', 'delete.retention.ms': '10000' },
};
const config = { logCleanerBackoffMs: 1_000 };

describe('a compacted topic with kafkajs', { timeout: 60_000 }, () => {
  it('gives the newest value of each key at its offset, and the tombstone until its time is over', async () => {
    const files = { 'writer.ts': WRITER, 'early.ts': READER('early', 9_000), 'late.ts': READER('late', 32_000) };
    const r = await tryOut({ files, topics: [compacted], config, horizonMs: 60_000 });
    expect(r.diagnostics).toEqual([]);
    expect(r.of('guest.uncaught')).toEqual([]);
    // The newest value of end stands in the active segment, which no cleaning looks at.
    const lines = (name: string) => r.lines(name).filter((l) => /^\d/.test(l));
    expect(lines('early')).toEqual(['2 tea 2', '4 milk 2', '5 jam gone', '6 end of the segment', '7 end of the next']);
    expect(lines('late')).toEqual(['2 tea 2', '4 milk 2', '6 end of the segment', '7 end of the next']);
    expect(r.of('kafka.compacted').length).toBeGreaterThan(0);
    expect(r.outcome.kind === 'end' && r.outcome.result.invariants.filter((i) => !i.held)).toEqual([]);
  });

  it('refuses a record without a key', async () => {
    const files = {
      'writer.ts': `${KAFKA}
const producer = kafka.producer({ retry: { retries: 0 } })
async function main() {
  await producer.connect()
  try { await producer.send({ topic: 'prices', messages: [{ value: 'no key' }] }) } catch (e) { console.log((e as Error).name, (e as { type?: string }).type ?? '') }
}
main()
`,
    };
    const r = await tryOut({ files, topics: [compacted], horizonMs: 20_000 });
    expect(r.lines('writer').join()).toContain('INVALID_RECORD');
  });
});

describe('records deleted with kafkajs', { timeout: 60_000 }, () => {
  it('moves the start of the partition for everyone', async () => {
    const files = {
      'writer.ts': `${KAFKA}
const producer = kafka.producer()
const admin = kafka.admin()
async function main() {
  await producer.connect()
  await admin.connect()
  await producer.send({ topic: 'prices', messages: Array.from({ length: 9 }, (_, i) => ({ key: 'k', value: String(i) })) })
  await admin.fetchTopicOffsets('prices')
  await admin.deleteTopicRecords({ topic: 'prices', partitions: [{ partition: 0, offset: '4' }] })
  console.log(JSON.stringify(await admin.fetchTopicOffsets('prices')))
  try { await admin.deleteTopicRecords({ topic: 'prices', partitions: [{ partition: 0, offset: '99' }] }) } catch (e) { console.log((e as Error).name) }
}
main()
`,
      'reader.ts': READER('late', 8_000),
    };
    const r = await tryOut({ files, topics: [{ name: 'prices', partitions: 1, replicationFactor: 3 }], horizonMs: 30_000 });
    expect(r.lines('writer')[0]).toBe('[{"partition":0,"offset":"9","high":"9","low":"4"}]');
    expect(r.lines('writer')[1]).toMatch(/KafkaJS/);
    expect(r.lines('reader').filter((l) => /^\d/.test(l))).toEqual(['4 k 4', '5 k 5', '6 k 6', '7 k 7', '8 k 8']);
    expect(r.outcome.kind === 'end' && r.outcome.result.invariants.filter((i) => !i.held)).toEqual([]);
  });
});
