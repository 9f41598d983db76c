// Frames that no client would send: mutations of valid ones, and well-formed ones that make no sense. The gateway answers with Kafka's error or closes the connection, and goes on serving.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { drawInt, drawKey } from '../../simulations/kernel/draws.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { decodeResponse, encodeRequest } from '../../simulations/kafka/protocol/codec.ts';
import { KEY } from '../../simulations/kafka/protocol/apiKeys.ts';
import { SUPPORTED } from '../../simulations/kafka/broker/small.ts';
import { apiByKey, ZERO_UUID, type Field, type Shape } from '../../simulations/kafka/protocol/layout.ts';
import { openGateway, type Gateway } from './gateway.ts';

const frames = (JSON.parse(readFileSync('conformance/vectors/kafka/requests-kafkajs.json', 'utf8')) as { cases: { frameHex: string }[] }).cases.map((c) => Buffer.from(c.frameHex, 'hex'));
const key = drawKey(2026, 'malformed');
let n = 0;
const int = (below: number) => drawInt(key, n++, below);

/** One of the valid frames with bytes changed, cut, doubled or with another size, key or version. */
function mutated(): Buffer {
  let frame = Buffer.from(frames[int(frames.length)]!);
  for (let i = 1 + int(4); i > 0; i--) {
    switch (int(6)) {
      case 0:
        frame[int(frame.length)] = int(256);
        break;
      case 1:
        frame = Buffer.from(frame.subarray(0, 1 + int(frame.length)));
        break;
      case 2:
        frame = Buffer.concat([frame, Buffer.from(frame.subarray(int(frame.length)))]);
        break;
      case 3:
        if (frame.length >= 4) frame.writeInt32BE(int(2) === 0 ? frame.length - 4 : int(2 ** 31), 0);
        break;
      case 4:
        if (frame.length >= 8) frame.writeInt16BE(int(90), 4 + 2 * int(2));
        break;
      default:
        for (let at = int(frame.length), end = Math.min(frame.length, at + 1 + int(8)); at < end; at++) frame[at] = 255;
    }
  }
  return frame;
}

const pick = <T>(from: readonly T[]): T => from[int(from.length)]!;
const TEXTS = ['', 't', 'g', '1', 'consumer', '__consumer_offsets', 'interval.ms', 'retention.ms', 'metadata.version', '5', '/var/lib/kafka/data', '키'];

function fill(shape: Shape): Record<string, unknown> {
  return Object.fromEntries([...shape.fields, ...shape.tagged].map((field) => [field.name, fillField(field)]));
}

function fillField(field: Field): unknown {
  if (field.nullable && int(5) === 0) return null;
  return field.array ? Array.from({ length: int(4) }, () => fillValue(field)) : fillValue(field);
}

function fillValue(field: Field): unknown {
  switch (field.kind) {
    case 'struct':
      return fill(field.shape!);
    case 'string':
      return pick(TEXTS);
    case 'bytes':
    case 'records':
      return Uint8Array.from({ length: int(5) }, () => int(256));
    case 'bool':
      return int(2) === 1;
    case 'uuid':
      return pick([ZERO_UUID, 'RuRLSV_RRYSQlZU2i3m-Rw']);
    case 'uint16':
      return int(65_536);
    case 'float64':
      return pick([0, -1.5, 1024]);
    case 'int8':
      return pick([-1, 0, 1, 2, 4, 16, 127]);
    case 'int16':
      return pick([-1, 0, 1, 2, 32_767]);
    default:
      return pick([-1, 0, 0, 1, 2, 100, 2_147_483_647, -2_147_483_648]);
  }
}

/** One that makes sense all the same: it would take brokers out of the cluster. */
const ASKED = SUPPORTED.filter((s) => s.apiKey !== KEY.UnregisterBroker);

/** A request of any other API and version that is advertised, every field filled with something. */
function senseless(): Buffer {
  const { apiKey, minVersion, maxVersion } = pick(ASKED);
  const apiVersion = Math.max(apiByKey(apiKey)!.versions.from, minVersion + int(maxVersion - minVersion + 1));
  return Buffer.from(encodeRequest({ apiKey, apiVersion, correlationId: 5, clientId: 'f' }, fill(apiByKey(apiKey)!.request(apiVersion))));
}

/** Sends bytes and hears what comes until the connection ends, enough has come, or nothing came for a while. */
function say(gateway: Gateway, bytes: Buffer, patienceMs: number, enough = Infinity): Promise<Buffer> {
  const { host, port } = gateway.listeners[int(3)]!;
  return new Promise((resolve) => {
    const heard: Buffer[] = [];
    const socket = connect(port, host, () => socket.write(bytes));
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.on('data', (data: Buffer) => {
      heard.push(data);
      if (Buffer.concat(heard).length >= enough) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(heard)));
  });
}

const ASK = Buffer.from(encodeRequest({ apiKey: 3, apiVersion: 6, correlationId: 77, clientId: 'after' }, { topics: [], allowAutoTopicCreation: false }));

it.each([
  ['malformed frames', mutated, 1_000],
  ['requests without sense', senseless, 3_000],
])('serves on after %s, within bounded memory', { timeout: 120_000 }, async (_, frame, count) => {
  const scenario = scenarioById('empty-cluster')!;
  const gateway = await openGateway({ universe: { scenario, faults: [], seed: 1, files: {} }, port: 0, speed: 1 });
  try {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: 50 }, () => say(gateway, frame(), 150)));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
    const answer = await say(gateway, ASK, 5_000, 60);
    const read = decodeResponse(3, 6, answer.subarray(4));
    expect(read.ok && [read.correlationId, (read.body['brokers'] as unknown[]).length]).toEqual([77, 3]);
  } finally {
    await gateway.close();
  }
});
