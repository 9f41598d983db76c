// Frames that no client would send: mutations of valid ones. The gateway answers with Kafka's error or closes the connection, and goes on serving.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { drawInt, drawKey } from '../../simulations/kernel/draws.ts';
import { scenarioById } from '../../simulations/scenarios/catalogue.ts';
import { decodeResponse, encodeRequest } from '../../simulations/kafka/protocol/codec.ts';
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

it('serves on after 1,000 malformed frames, within bounded memory', { timeout: 120_000 }, async () => {
  const scenario = scenarioById('empty-cluster')!;
  const gateway = await openGateway({ universe: { scenario, faults: [], seed: 1, files: {} }, port: 0, speed: 1 });
  try {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 1_000; i += 50) await Promise.all(Array.from({ length: 50 }, () => say(gateway, mutated(), 150)));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
    const answer = await say(gateway, ASK, 5_000, 60);
    const read = decodeResponse(3, 6, answer.subarray(4));
    expect(read.ok && [read.correlationId, (read.body['brokers'] as unknown[]).length]).toEqual([77, 3]);
  } finally {
    await gateway.close();
  }
});
