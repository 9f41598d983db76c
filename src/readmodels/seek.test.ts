// Seeking in a million events: every view of the stage at a random position must be there well within a frame.
import { expect, it } from 'vitest';
import type { Sym } from '../../simulations/contract/events.ts';
import { TraceStore, TraceWriter } from '../../simulations/kernel/trace.ts';
import { draw32, drawKey } from '../../simulations/kernel/draws.ts';
import { createViews } from './views.ts';

const EVENTS = 1_000_000;
const PARTITIONS = 36;

/** Traffic of the kinds that fill a long run: messages, appends, high watermarks, acknowledgements, deliveries, commits. */
function longTrace(): TraceStore {
  const store = new TraceStore();
  const writer = new TraceWriter((chunk) => store.append(chunk));
  const luck = drawKey(7, 'long');
  const sym = (text: string): Sym => writer.sym(text);
  const topic = sym('t');
  const app = sym('app');
  const brokers = [sym('broker-1'), sym('broker-2'), sym('broker-3')];
  const group = sym('g');
  const reader = sym('reader');
  const none = sym('');
  for (let p = 0; p < PARTITIONS; p++) writer.emit('kafka.leaderElected', sym('controller'), -1, topic, p, (p % 3) + 1, -1, 0, sym('1,2,3'), sym('1,2,3'), 0);
  const ends = new Array<number>(PARTITIONS).fill(0);
  for (let i = 0; writer.count < EVENTS; i++) {
    writer.nowUs += 100;
    const p = draw32(luck, i) % PARTITIONS;
    const first = writer.record({ producer: app, key: `k${p}`, nth: i, value: undefined, timestampMs: 0, bytes: 10 });
    const leader = brokers[p % 3]!;
    const sent = writer.emit('net.sent', app, -1, app, leader, sym('app#1'), sym('Produce'), 0, i, writer.nowUs + 50, 10, 1, first, -1, i);
    const base = ends[p]!++;
    writer.emit('net.delivered', leader, sent, app, leader, sym('app#1'), sym('Produce'), 0, i, 1, first, i);
    for (const b of brokers) writer.emit('kafka.append', b, sent, topic, p, b === leader, base, 1, first, 0, 10, -1, -1, -1, 0);
    for (const b of brokers) writer.emit('kafka.highWatermark', b, sent, topic, p, base + 1, b === leader, base + 1, 0);
    writer.emit('producer.acknowledged', app, sent, topic, p, base, 1, first, -1);
    writer.emit('consumer.delivered', reader, sent, group, topic, p, base, base + 1, 1, first);
    if (i % 50 === 0) writer.emit('offset.committed', brokers[0]!, sent, group, topic, p, base + 1, none);
  }
  writer.flush();
  return store;
}

it('seeks in a million events within 8 ms at the 99th percentile', () => {
  const store = longTrace();
  const views = createViews(store, store.timeAt(store.count - 1));
  views.extend();
  const luck = drawKey(1, 'places');
  const topic = views.logs.topicSym('t');
  const seek = (position: number) => {
    const cluster = views.cluster.at(position);
    views.clients.at(position);
    views.flights.at(position);
    views.activity.at(position);
    let partitions = 0;
    for (const p of cluster.partitions.values()) {
      const end = p.logs[0]?.logEndOffset ?? 0;
      for (const broker of [1, 2, 3]) views.logs.window({ topic, partition: p.partition, broker }, position, Math.max(0, end - 32), end);
      partitions++;
    }
    return partitions;
  };
  for (let i = 0; i < 40; i++) seek(draw32(luck, i) % store.count);
  const times: number[] = [];
  for (let i = 0; i < 300; i++) {
    const position = draw32(luck, 100 + i) % store.count;
    const start = process.cpuUsage();
    seek(position);
    const used = process.cpuUsage(start);
    times.push((used.user + used.system) / 1000);
  }
  times.sort((a, b) => a - b);
  expect(times[Math.floor(times.length * 0.99)]!).toBeLessThan(8);
}, 60_000);
