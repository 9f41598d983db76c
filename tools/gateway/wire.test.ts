// Frames that no client library sends, over TCP: the answers are those that a running Kafka 4.0.0 gave to the same frames.
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readScenario, SCHEMA_VERSION } from '../../simulations/contract/scenario.ts';
import { apiByName } from '../../simulations/kafka/protocol/layout.ts';
import { decodeResponse, encodeRequest, type Body } from '../../simulations/kafka/protocol/codec.ts';
import { crc32c } from '../../simulations/kafka/protocol/crc32c.ts';
import { decodeBatches, encodeBatch, type BatchHeader } from '../../simulations/kafka/protocol/records.ts';
import { toUtf8 } from '../../simulations/kafka/protocol/utf8.ts';
import { openGateway, type Gateway } from './gateway.ts';

let gateway: Gateway;
let socket: Socket;
let heard = Buffer.alloc(0);
let waits: ((frame: Buffer) => void) | null = null;

beforeAll(async () => {
  const topic = { partitions: 1, replicationFactor: 1 };
  const read = readScenario({
    schemaVersion: SCHEMA_VERSION,
    id: 'wire',
    title: { ko: '\uc2dc\ud5d8', en: 'Wire' },
    summary: { ko: '\uc2dc\ud5d8', en: 'Wire' },
    horizonMs: 600_000,
    cluster: { brokers: 1 },
    topics: [
      { ...topic, name: 'p' },
      { ...topic, name: 'q' },
      { ...topic, name: 'compacted', config: { 'cleanup.policy': 'compact' } },
      { ...topic, name: 'stamped', config: { 'message.timestamp.type': 'LogAppendTime' } },
      { ...topic, name: 'small', config: { 'max.message.bytes': '200' } },
    ],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  gateway = await openGateway({ universe: { scenario: read.value, faults: [], seed: 1, files: {} }, port: 0, speed: 10 });
  const [listener] = gateway.listeners;
  socket = connect(listener!.port, listener!.host);
  socket.on('data', (bytes: Buffer) => {
    heard = Buffer.concat([heard, bytes]);
    if (heard.length < 4 || heard.length < 4 + heard.readInt32BE(0)) return;
    const frame = heard.subarray(4, 4 + heard.readInt32BE(0));
    heard = heard.subarray(4 + frame.length);
    waits?.(frame);
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
});
afterAll(() => {
  socket.destroy();
  return gateway.close();
});

/** One request after another. */
async function ask(name: string, apiVersion: number, body: Body): Promise<Body> {
  const apiKey = apiByName(name)!.key;
  const answer = new Promise<Buffer>((resolve) => (waits = resolve));
  socket.write(encodeRequest({ apiKey, apiVersion, correlationId: 7, clientId: 'wire' }, body));
  const read = decodeResponse(apiKey, apiVersion, new Uint8Array(await answer));
  if (!read.ok) throw new Error(read.detail);
  return read.body;
}

interface Given extends Partial<BatchHeader> {
  readonly count?: number;
  readonly key?: string | null;
}

function batch({ count = 1, key = 'k', ...header }: Given = {}): Uint8Array {
  const given: BatchHeader = {
    baseOffset: 0,
    partitionLeaderEpoch: -1,
    attributes: 0,
    lastOffsetDelta: count - 1,
    baseTimestamp: 1_000,
    maxTimestamp: 1_000 + count - 1,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    ...header,
  };
  const record = (i: number) => ({ attributes: 0, timestampDelta: i, offsetDelta: i, key: key === null ? null : toUtf8(key), value: toUtf8('v'), headers: [] });
  return encodeBatch(
    given,
    Array.from({ length: count }, (_, i) => record(i)),
    null,
  );
}

interface Answered {
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly { readonly batchIndex: number }[];
}

async function produce(records: Uint8Array, topic = 'p'): Promise<Answered> {
  const answer = await ask('Produce', 9, { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData: [{ name: topic, partitionData: [{ index: 0, records }] }] });
  return (answer['responses'] as { partitionResponses: Answered[] }[])[0]!.partitionResponses[0]!;
}

interface Fetched {
  readonly errorCode: number;
  readonly records: Uint8Array;
  readonly abortedTransactions: readonly unknown[] | null;
}

async function fetched(topic: string, fetchOffset: number): Promise<Fetched> {
  const partition = { partition: 0, currentLeaderEpoch: -1, fetchOffset, lastFetchedEpoch: -1, logStartOffset: -1, partitionMaxBytes: 1_000_000 };
  const answer = await ask('Fetch', 11, {
    replicaId: -1,
    maxWaitMs: 10,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, partitions: [partition] }],
    forgottenTopicsData: [],
    rackId: '',
  });
  return (answer['responses'] as { partitions: Fetched[] }[])[0]!.partitions[0]!;
}

/** A batch with some of its bytes changed, and the checksum of what they are now. */
function changed(bytes: Uint8Array, at: number, to: number): Uint8Array {
  const out = new Uint8Array(bytes);
  out[at] = to;
  new DataView(out.buffer).setUint32(17, crc32c(out, 21));
  return out;
}

const together = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

describe('a produce request', () => {
  it.each([
    ['no batch at all', () => new Uint8Array(0), 87, -1],
    ['two batches', () => together(batch(), batch()), 87, -1],
    ['the beginning of a batch', () => batch().subarray(0, 40), 87, -1],
    ['a format of the past', () => changed(batch(), 16, 1), 87, -1],
    ['a format of the future', () => changed(batch(), 16, 9), 2, -1],
    ['a wrong checksum', () => batch().map((b, i) => (i === 65 ? b ^ 1 : b)), 2, -1],
    ['fewer records than its last offset says', () => batch({ count: 2, lastOffsetDelta: 5 }), 87, 0],
    ['a control batch', () => batch({ attributes: 0x20 }), 87, 0],
    ['a producer without a sequence number', () => batch({ producerId: 9, producerEpoch: 0 }), 87, 0],
    ['a gap in its sequence numbers', () => batch({ producerId: 9_999, producerEpoch: 0, baseSequence: 7 }), 45, 0],
  ])('with %s', async (what, bytes, errorCode, logStartOffset) => {
    if (what.startsWith('a gap')) expect((await produce(batch({ producerId: 9_999, producerEpoch: 0, baseSequence: 0 }), 'q')).errorCode).toBe(0);
    expect(await produce(bytes(), what.startsWith('a gap') ? 'q' : 'p')).toMatchObject({ errorCode, baseOffset: -1, logStartOffset, recordErrors: [] });
  });

  it('with a batch too large tells nothing of the log', async () => {
    expect(await produce(batch({ count: 20 }), 'small')).toMatchObject({ errorCode: 10, logStartOffset: -1 });
  });

  it('names the records that are at fault', async () => {
    expect(await produce(batch({ count: 2, key: null }), 'compacted')).toMatchObject({ errorCode: 87, logStartOffset: 0, recordErrors: [{ batchIndex: 0 }, { batchIndex: 1 }] });
    expect(await produce(batch({ baseTimestamp: 4_102_444_800_000, maxTimestamp: 4_102_444_800_000 }))).toMatchObject({ errorCode: 32, logStartOffset: 0, recordErrors: [{ batchIndex: 0 }] });
  });

  it('may end with something that is no whole batch', async () => {
    expect((await produce(together(batch(), new Uint8Array([1, 2, 3])))).errorCode).toBe(0);
  });

  it('that comes again is told the time of the first', async () => {
    const sent = batch({ producerId: 77, producerEpoch: 0, baseSequence: 0, baseTimestamp: 5_000, maxTimestamp: 5_000 });
    const first = await produce(sent, 'q');
    expect(await produce(sent, 'q')).toMatchObject({ errorCode: 0, baseOffset: first.baseOffset, logAppendTimeMs: 5_000 });
    expect(first.logAppendTimeMs).toBe(-1);
  });

  it('has its largest timestamp put right, and the broker\u2019s time put on it where the topic wants that', async () => {
    const { baseOffset } = await produce(batch({ count: 2, baseTimestamp: 9_000, maxTimestamp: 50 }));
    const headerAt = async (topic: string, offset: number) => {
      const read = decodeBatches((await fetched(topic, offset)).records, null);
      return read.ok ? read.batches[0]!.header : null;
    };
    expect(await headerAt('p', baseOffset)).toMatchObject({ baseOffset, maxTimestamp: 9_001 });
    const stamped = await produce(batch(), 'stamped');
    expect(await headerAt('stamped', 0)).toMatchObject({ attributes: 8, maxTimestamp: stamped.logAppendTimeMs });
  });
});

describe('other requests', () => {
  it('a fetch tells of aborted transactions only where the log was asked', async () => {
    expect(await fetched('nowhere', 0)).toMatchObject({ errorCode: 3, abortedTransactions: [] });
    expect(await fetched('p', 1_000)).toMatchObject({ errorCode: 1, abortedTransactions: null });
  });

  it('a partition named twice is answered once, with an error', async () => {
    const partition = (timestamp: number) => ({ partitionIndex: 0, currentLeaderEpoch: -1, timestamp });
    const answer = await ask('ListOffsets', 8, { replicaId: -1, isolationLevel: 0, topics: [{ name: 'p', partitions: [partition(-1), partition(-2)] }] });
    expect((answer['topics'] as Body[])[0]!['partitions']).toMatchObject([{ partitionIndex: 0, errorCode: 42, offset: -1 }]);
  });

  it('the names of client software are checked', async () => {
    const named = async (clientSoftwareName: string, version = 3) => ask('ApiVersions', version, { clientSoftwareName, clientSoftwareVersion: '1.0' });
    expect(await named('')).toMatchObject({ errorCode: 42, apiKeys: [] });
    expect(await named('a b')).toMatchObject({ errorCode: 42 });
    expect(await named('a-b.c')).toMatchObject({ errorCode: 0 });
  });

  it('there is nothing to shake hands about', async () => {
    expect(await ask('SaslHandshake', 1, { mechanism: 'PLAIN' })).toMatchObject({ errorCode: 34, mechanisms: [] });
  });

  it('a topic has all settings of Kafka 4.0, those too that change nothing here', async () => {
    const described = async () => {
      const answer = await ask('DescribeConfigs', 4, { resources: [{ resourceType: 2, resourceName: 'q', configurationKeys: [] }], includeSynonyms: true, includeDocumentation: false });
      return (answer['results'] as { configs: { name: string; value: string; configSource: number; synonyms: unknown[] }[] }[])[0]!.configs;
    };
    const before = await described();
    expect(before).toHaveLength(33);
    expect(before.find((c) => c.name === 'retention.ms')).toMatchObject({ value: '604800000', configSource: 5, synonyms: [] });
    const set = (name: string, value: string) =>
      ask('IncrementalAlterConfigs', 1, { resources: [{ resourceType: 2, resourceName: 'q', configs: [{ name, configOperation: 0, value }] }], validateOnly: false });
    expect((await set('segment.index.bytes', '4096'))['responses']).toMatchObject([{ errorCode: 0 }]);
    expect((await set('remote.storage.enable', 'true'))['responses']).toMatchObject([{ errorCode: 40 }]);
    expect((await set('segment.bytes', '13'))['responses']).toMatchObject([{ errorCode: 40 }]);
    expect((await described()).find((c) => c.name === 'segment.index.bytes')).toMatchObject({ value: '4096', configSource: 1 });
  });

  it('groups say what may be done to them, to whoever asks', async () => {
    await ask('FindCoordinator', 4, { keyType: 0, coordinatorKeys: ['g'] });
    const operations = async (includeAuthorizedOperations: boolean) =>
      ((await ask('DescribeGroups', 5, { groups: ['g'], includeAuthorizedOperations }))['groups'] as Body[])[0]!['authorizedOperations'];
    expect([await operations(true), await operations(false)]).toEqual([3_400, -2_147_483_648]);
  });
});
