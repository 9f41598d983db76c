import { describe, expect, it } from 'vitest';
import { Kernel, type Behavior } from './kernel.ts';
import type { Conn, Message } from './network.ts';
import { TraceWriter } from './trace.ts';
import { TraceStore } from './traceStore.ts';

function message(n: number): Message {
  return { response: false, api: 0, apiVersion: 0, correlationId: n, clientId: 'a', body: n, bytes: 10, firstRecord: -1, records: 0 };
}

interface Seen {
  readonly at: number;
  readonly what: string;
}

/** A client that sends `count` messages, one every `everyUs`, to a server that notes what it gets. */
function build(options: { count: number; everyUs: number; seed?: number; act?: (kernel: Kernel) => { at: number; do: () => void }[] }) {
  const store = new TraceStore();
  const trace = new TraceWriter((c) => store.append(c));
  const kernel = new Kernel({ seed: options.seed ?? 1, trace, horizonUs: 60_000_000, limits: { events: 1_000_000, payloadBytes: 1e9, processes: 10 } });
  kernel.network.links = [{ covers: () => true, delayUs: 1_000, jitterUs: 5_000 }];
  const seen: Seen[] = [];
  const heard: Seen[] = [];
  kernel.addProcess('server', 'broker', 0, (): Behavior => ({
    start() {},
    timer() {},
    closed: (_c, reason) => void seen.push({ at: kernel.nowUs, what: reason }),
    message: (_c, m) => void seen.push({ at: kernel.nowUs, what: String(m.body) }),
  }));
  let conn: Conn | null = null;
  kernel.addProcess('client', 'producer', 0, (process): Behavior => ({
    start() {
      conn = kernel.network.connect(process, kernel.processNamed('server')!);
    },
    connected() {
      heard.push({ at: kernel.nowUs, what: 'connected' });
      for (let i = 0; i < options.count; i++) kernel.setTimer(process, i * options.everyUs, 1, i);
    },
    timer(_kind, n) {
      if (conn) kernel.network.send(conn, message(n), true);
    },
    closed: (_c, reason) => {
      conn = null;
      heard.push({ at: kernel.nowUs, what: reason });
    },
    message() {},
  }));
  kernel.setSchedule((options.act?.(kernel) ?? []).map((a) => ({ timeUs: a.at, apply: a.do })));
  while (kernel.advance(10_000) !== 'ended');
  return { seen, heard, store, kernel };
}

const fault = (kind: 'cut' | 'loss' | 'delay', from: string, to: string, extra: object = {}) => ({
  index: 0,
  kind,
  covers: (a: { name: string }, b: { name: string }) => a.name === from && b.name === to,
  byUs: 0,
  numerator: 1,
  denominator: 2,
  touched: 0,
  ...extra,
});

describe('a link', () => {
  it('keeps the order of a connection under jitter', () => {
    const { seen } = build({ count: 200, everyUs: 300 });
    expect(seen.map((s) => Number(s.what))).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('keeps order and loses nothing under loss: lost transmissions come later', () => {
    const f = fault('loss', 'client', 'server', { numerator: 1, denominator: 3 });
    const { seen, store } = build({
      count: 200,
      everyUs: 20_000,
      act: (k) => [
        { at: 100_000, do: () => k.network.faults.add(f) },
        { at: 3_000_000, do: () => k.network.faults.remove(f) },
      ],
    });
    expect(seen.map((s) => Number(s.what))).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(f.touched).toBeGreaterThan(5);
    const drops = Array.from({ length: store.count }, (_, i) => store.event(i)).filter((e) => e.type === 'net.dropped');
    expect(drops.length).toBe(f.touched);
    for (const d of drops) if (d.type === 'net.dropped') expect(d.againUs).toBeGreaterThanOrEqual(d.timeUs + 200_000);
  });

  it('cut one way lets the other way through', () => {
    const f = fault('cut', 'server', 'client');
    const { seen } = build({ count: 20, everyUs: 100_000, act: (k) => [{ at: 500_000, do: () => k.network.faults.add(f) }] });
    expect(seen).toHaveLength(20);
  });

  it('cut and healed delivers after the repeat, with the time-out doubling', () => {
    const f = fault('cut', 'client', 'server');
    const { seen } = build({
      count: 1,
      everyUs: 0,
      act: (k) => [
        { at: 4_000, do: () => k.network.faults.add(f) },
        { at: 1_000_000, do: () => k.network.faults.remove(f) },
      ],
    });
    const sentUs = seen.length === 1 ? seen[0]!.at : -1;
    // Lost on sending, again after 200, 400 and 800 ms: the third repeat comes after the cut is healed.
    expect(sentUs).toBeGreaterThan(1_400_000);
    expect(sentUs).toBeLessThan(1_430_000);
  });

  it('resets the connection when the other side is killed, and refuses new ones', () => {
    const { heard } = build({ count: 100, everyUs: 10_000, act: (k) => [{ at: 500_000, do: () => k.kill(k.processNamed('server')!, 'fault') }] });
    expect(heard.map((h) => h.what)).toEqual(['connected', 'reset']);
  });

  it('does not tell of a kill across a cut: the sender learns when the cut is healed', () => {
    const f = fault('cut', 'server', 'client');
    const { heard } = build({
      count: 100,
      everyUs: 100_000,
      act: (k) => [
        { at: 400_000, do: () => k.network.faults.add(f) },
        { at: 500_000, do: () => k.kill(k.processNamed('server')!, 'fault') },
        { at: 3_000_000, do: () => k.network.faults.remove(f) },
      ],
    });
    expect(heard.at(-1)!.what).toBe('reset');
    expect(heard.at(-1)!.at).toBeGreaterThan(3_000_000);
  });

  it('holds deliveries of a paused process and gives them in order when it goes on', () => {
    const { seen } = build({
      count: 100,
      everyUs: 10_000,
      act: (k) => [
        { at: 300_000, do: () => k.pause(k.processNamed('server')!) },
        { at: 2_000_000, do: () => k.resume(k.processNamed('server')!) },
      ],
    });
    expect(seen.map((s) => Number(s.what))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(seen.filter((s) => s.at > 300_000 && s.at < 2_000_000)).toEqual([]);
    expect(seen.filter((s) => s.at === 2_000_000).length).toBeGreaterThan(50);
  });
});

describe('limits', () => {
  it('end the run with a verdict that says which', () => {
    const store = new TraceStore();
    const trace = new TraceWriter((c) => store.append(c));
    const kernel = new Kernel({ seed: 1, trace, horizonUs: 1_000, limits: { events: 10, payloadBytes: 1e9, processes: 10 } });
    kernel.addProcess('loop', 'producer', 0, (p): Behavior => ({
      start: () => kernel.setTimer(p, 1, 0),
      closed() {},
      message() {},
      timer: () => {
        trace.emit('process.paused', p.sym, -1, 1);
        kernel.setTimer(p, 1, 0);
      },
    }));
    while (kernel.advance(100) !== 'ended');
    const last = store.event(store.count - 1);
    expect(last).toMatchObject({ type: 'run.ended', reason: 'limit', detail: 'events' });
    expect(store.event(store.count - 2)).toMatchObject({ type: 'limit.reached', limit: 'events', amount: 10 });
  });
});
