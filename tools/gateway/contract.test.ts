// Real clients over TCP against the simulated cluster: kafkajs always, kcat where it is installed. What matters is what stands in the logs.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { CompressionTypes, Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import type { Broker } from '../../simulations/kafka/broker/broker.ts';
import { KEY } from '../../simulations/kafka/protocol/apiKeys.ts';
import { decodeResponse, encodeRequest, type Body } from '../../simulations/kafka/protocol/codec.ts';
import { openGateway, type Gateway } from './gateway.ts';

let gateway: Gateway;
let kafka: Kafka;
let address = '';

beforeAll(async () => {
  const scenario = scenarioById('empty-cluster')!;
  // Ten virtual seconds in one: sessions and first rebalances pass sooner.
  gateway = await openGateway({ universe: { scenario, faults: [], seed: 1, files: {} }, port: 0, speed: 10 });
  address = `${gateway.listeners[0]!.host}:${gateway.listeners[0]!.port}`;
  kafka = new Kafka({
    clientId: 'contract',
    brokers: gateway.listeners.map((l) => `${l.host}:${l.port}`),
    logLevel: logLevel.NOTHING,
    retry: { retries: 12, initialRetryTime: 50, maxRetryTime: 500 },
  });
});
afterAll(() => gateway.close());

/** The batches in the log of a partition's leader. */
function batches(topic: string) {
  const brokers = gateway.run.kernel.processes.filter((p) => p.role === 'broker').map((p) => p.behavior as Broker);
  return brokers.flatMap((b) => (b.partitions.get(topic) ?? []).filter((p) => p?.role === 'leader').flatMap((p) => [...p.log.batches]));
}

async function until(what: () => boolean, label: string): Promise<void> {
  for (let i = 0; i < 400 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(what(), label).toBe(true);
}

/** A group member that keeps what it reads. */
async function reader(groupId: string, topic: string, into: string[], readUncommitted = false): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, sessionTimeout: 20_000, heartbeatInterval: 100, readUncommitted });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void into.push(String(message.value)) });
  return consumer;
}

const numbered = (from: number, n: number) => Array.from({ length: n }, (_, i) => ({ key: `k${(from + i) % 7}`, value: `v${from + i}` }));

describe('kafkajs', () => {
  it('creates a topic, writes idempotently and compressed, and reads it in a group that rebalances', { timeout: 60_000 }, async () => {
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 6, replicationFactor: 3 }] })).toBe(true);
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    await producer.send({ topic: 'orders', compression: CompressionTypes.GZIP, messages: numbered(0, 100) });
    const stored = batches('orders');
    expect(stored.reduce((sum, b) => sum + b.count, 0)).toBe(100);
    for (const b of stored) expect([b.attributes & 7, b.producerId >= 0, b.baseSequence]).toEqual([1, true, 0]);

    const [a, b]: [string[], string[]] = [[], []];
    const first = await reader('shoppers', 'orders', a);
    const second = await reader('shoppers', 'orders', b);
    await until(() => new Set([...a, ...b]).size === 100, 'the group has read everything');
    const { groups } = await admin.describeGroups(['shoppers']);
    expect(groups[0]).toMatchObject({ groupId: 'shoppers', protocolType: 'consumer' });
    await second.disconnect();
    const before = a.length;
    await producer.send({ topic: 'orders', messages: numbered(100, 60) });
    await until(() => new Set([...a, ...b]).size === 160, 'who is left reads all partitions');
    expect(a.length).toBeGreaterThan(before);
    await first.disconnect();

    const offsets = await admin.fetchTopicOffsets('orders');
    expect(offsets.reduce((sum, o) => sum + Number(o.high), 0)).toBe(160);
    const committed = await admin.fetchOffsets({ groupId: 'shoppers', topics: ['orders'] });
    expect(committed[0]!.partitions.reduce((sum, p) => sum + Math.max(0, Number(p.offset)), 0)).toBe(160);
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  });

  it('hides what an aborted transaction wrote, shows what a committed one wrote, with the offsets in it', { timeout: 60_000 }, async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'payments', numPartitions: 2, replicationFactor: 3 }] });
    const producer: Producer = kafka.producer({ transactionalId: 'payer', idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const aborted = await producer.transaction();
    await aborted.send({ topic: 'payments', messages: [{ key: 'a', value: 'aborted' }] });
    await aborted.abort();
    const committed = await producer.transaction();
    await committed.send({ topic: 'payments', messages: [{ key: 'a', value: 'committed' }] });
    await committed.sendOffsets({ consumerGroupId: 'payees', topics: [{ topic: 'payments', partitions: [{ partition: 0, offset: '1' }] }] });
    await committed.commit();
    const [seen, all]: [string[], string[]] = [[], []];
    const careful = await reader('careful', 'payments', seen);
    const eager = await reader('eager', 'payments', all, true);
    await until(() => seen.includes('committed') && all.includes('committed'), 'both have read');
    expect(seen).toEqual(['committed']);
    expect(all.sort()).toEqual(['aborted', 'committed']);
    const offsets = await admin.fetchOffsets({ groupId: 'payees', topics: ['payments'] });
    expect(offsets[0]!.partitions.find((p) => p.partition === 0)!.offset).toBe('1');
    await Promise.all([careful.disconnect(), eager.disconnect(), producer.disconnect(), admin.disconnect()]);
  });

  it('goes on writing while a broker is down', { timeout: 60_000 }, async () => {
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    expect(gateway.inject('kill broker-2 for 20s')).toMatchObject({ ok: true });
    expect(gateway.inject('explode broker-2')).toMatchObject({ ok: false });
    for (let n = 0; n < 10; n++) await producer.send({ topic: 'orders', messages: numbered(1_000 + n, 1) });
    await producer.disconnect();
    const first = gateway.run.kernel.processNamed('broker-1')!.behavior as Broker;
    await until(() => first.image.liveBrokers().length === 3, 'the broker is back');
    expect(batches('orders').reduce((sum, b) => sum + b.count, 0)).toBeGreaterThanOrEqual(170);
  });
});

describe('client quotas', () => {
  /** Frames of our own: kafkajs cannot set quotas. @returns the body of the answer. */
  async function ask(apiKey: number, body: Body): Promise<Body> {
    const { host, port } = gateway.listeners[0]!;
    const socket = connect(port, host);
    socket.write(encodeRequest({ apiKey, apiVersion: 1, correlationId: 1, clientId: 'admin' }, body));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      const frame = Buffer.concat(chunks);
      if (frame.length < 4 || frame.length < frame.readInt32BE() + 4) continue;
      const answer = decodeResponse(apiKey, 1, frame.subarray(4));
      if (answer.ok) return answer.body;
      break;
    }
    throw new Error('no sound answer');
  }
  const quota = (remove: boolean) => ({
    entries: [{ entity: [{ entityType: 'client-id', entityName: 'slow' }], ops: [{ key: 'producer_byte_rate', value: 20_000, remove }] }],
    validateOnly: false,
  });

  it('make kafkajs wait, and it loses nothing', { timeout: 60_000 }, async () => {
    const slow = new Kafka({ clientId: 'slow', brokers: gateway.listeners.map((l) => `${l.host}:${l.port}`), logLevel: logLevel.NOTHING });
    const admin = slow.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'bulk', numPartitions: 1, replicationFactor: 3 }] });
    expect(await ask(KEY.AlterClientQuotas, quota(false))).toMatchObject({ entries: [{ errorCode: 0 }] });
    const producer = slow.producer({ idempotent: true });
    await producer.connect();
    const before = gateway.run.kernel.nowUs;
    for (let n = 0; n < 8; n++) await producer.send({ topic: 'bulk', messages: [{ value: 'x'.repeat(60_000) }] });
    // 480 kB at 20 kB a second, of which ten seconds' worth are free.
    expect((gateway.run.kernel.nowUs - before) / 1e6).toBeGreaterThan(10);
    expect(batches('bulk').reduce((sum, b) => sum + b.count, 0)).toBe(8);
    const described = await ask(KEY.DescribeClientQuotas, { components: [], strict: false });
    expect(described).toMatchObject({ errorCode: 0, entries: [{ entity: [{ entityName: 'slow' }], values: [{ key: 'producer_byte_rate', value: 20_000 }] }] });
    expect(await ask(KEY.AlterClientQuotas, quota(true))).toMatchObject({ entries: [{ errorCode: 0 }] });
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  });
});

const KCAT = ['/usr/bin/kcat', '/usr/local/bin/kcat', '/opt/homebrew/bin/kcat'].find((path) => existsSync(path));

describe.runIf(KCAT)('kcat', () => {
  const kcat = (args: readonly string[], input = '') => {
    // Not a synchronous call: the gateway runs in this thread and must be let in.
    return new Promise<{ status: number | null; out: string }>((resolve, reject) => {
      const child = spawn(KCAT!, ['-b', address, '-X', 'socket.timeout.ms=10000', ...args]);
      let out = '';
      child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, out }));
      child.stdin.end(input);
    });
  };
  const lines = (n: number) => Array.from({ length: n }, (_, i) => `line ${i}`).join('\n');

  it('lists the brokers by addresses that it can reach', async () => {
    const { out } = await kcat(['-L']);
    for (const l of gateway.listeners) expect(out).toContain(`${l.host}:${l.port}`);
  });

  it.each([
    ['none', 0],
    ['gzip', 1],
    ['snappy', 2],
    ['lz4', 3],
    ['zstd', 4],
  ] as const)('writes with %s, which stays in the log, and reads it back', { timeout: 40_000 }, async (codec, number) => {
    const topic = `kcat-${codec}`;
    const written = await kcat(['-P', '-t', topic, '-z', codec, '-X', 'enable.idempotence=true', '-X', 'compression.codec=' + codec], lines(200));
    expect(written.status).toBe(0);
    const stored = batches(topic);
    expect(stored.reduce((sum, b) => sum + b.count, 0)).toBe(200);
    expect([...new Set(stored.map((b) => b.attributes & 7))]).toEqual([number]);
    const read = await kcat(['-C', '-t', topic, '-o', 'beginning', '-e', '-q']);
    expect(read.out.trim().split('\n').sort()).toEqual(lines(200).split('\n').sort());
  });
});

it('says why kcat was not tried, where it was not', () => {
  if (!KCAT) console.log('kcat is not installed, so librdkafka was not tried. Debian: apt-get install kcat.');
  expect(KCAT === undefined || spawnSync(KCAT, ['-V']).status === 0).toBe(true);
});
