// `npm run bench`, the views' part: seeking in a million events. Every view of the stage at a random position must be there well within a frame.
import { figure } from '../../simulations/figure.ts';
import type { Sym } from '../../simulations/contract/events.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { draw32, drawKey } from '../../simulations/kernel/draws.ts';
import { KEYFRAME_EVERY } from './timeline.ts';
import { createViews, type Views } from './views.ts';

const EVENTS = 1_000_000;
const PARTITIONS = 36;
const SEEKS = 300;

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

const store = longTrace();
const horizonUs = store.timeAt(store.count - 1);
const places = drawKey(1, 'places');
let drawn = 0;
let worstMs = 0;

/** What the stage reads at one position: cluster, clients, messages under way, activity, and a window of every replica's log. */
function seek(views: Views, position: number): void {
  const cluster = views.cluster.at(position);
  views.clients.at(position);
  views.flights.at(position);
  views.activity.at(position);
  const topic = views.logs.topicSym('t');
  for (const p of cluster.partitions.values()) {
    const end = p.logs[0]?.logEndOffset ?? 0;
    for (const broker of [1, 2, 3]) views.logs.window({ topic, partition: p.partition, broker }, position, Math.max(0, end - 32), end);
  }
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

function round(): number {
  const views = createViews(store, horizonUs);
  const foldMs = cpuMs(() => views.extend()) / (EVENTS / KEYFRAME_EVERY);
  const times = Array.from({ length: SEEKS }, () => cpuMs(() => seek(views, draw32(places, drawn++) % store.count))).sort((a, b) => a - b);
  const p99 = times[Math.floor(SEEKS * 0.99)]!;
  worstMs = Math.max(worstMs, p99);
  return p99 / foldMs;
}

console.log(JSON.stringify(figure('seek in a million events, p99 / folding the events between two keyframes', 2, 'lower', round)));
console.log(JSON.stringify({ name: 'seek in a million events, highest p99 of a round', information: true, milliseconds: Math.round(worstMs * 100) / 100, target: 8 }));
