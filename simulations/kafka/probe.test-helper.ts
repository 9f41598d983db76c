// A process of tests that asks brokers for anything at any time and keeps the answers.
import type { Behavior, Kernel, Process } from '../kernel/kernel.ts';
import type { Message } from '../kernel/network.ts';
import { TraceStore } from '../kernel/traceStore.ts';
import { createRun } from '../run.ts';
import { universe } from '../testing.ts';
import type { EventName, TraceEvent } from '../contract/events.ts';
import { Channel } from './channel.ts';
import type { RecordBatch } from './protocol/batch.ts';

export interface Ask {
  readonly atMs: number;
  /** 0 = the controller. */
  readonly broker: number;
  readonly api: number;
  readonly version?: number;
  readonly body: unknown | ((answers: readonly Answer[]) => unknown);
  /** Connections by name; asks on one are answered in order. */
  readonly on?: string;
  /** On the network; 10 where it does not matter. */
  readonly bytes?: number;
}

export interface Answer {
  readonly body: never;
  readonly atMs: number;
  /** Why there is no answer. */
  readonly why: string | null;
}

/** The body of a Fetch for partition 0 of topic t, from its beginning and without a session; `partition` and `over` replace fields. */
export function fetchBody(partition: object = {}, over: object = {}) {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, fetchOffset: 0, lastFetchedEpoch: -1, logStartOffset: -1, partitionMaxBytes: 1_000_000, ...partition }] }],
    forgottenTopicsData: [],
    rackId: '',
    ...over,
  };
}

/** Runs a cluster with a probe in it. @returns the answers in the order of the asks; what was not answered is undefined. */
export function probe(document: Record<string, unknown>, asks: readonly Ask[], faults: readonly string[] = []) {
  const answers: (Answer | undefined)[] = [];
  const u = universe(
    { ...document, processes: [...((document['processes'] as unknown[]) ?? []), { name: 'probe', role: 'guest' }], learner: [{ process: 'probe', entry: 'probe.ts' }], files: { 'probe.ts': '' } },
    faults,
  );
  const store = new TraceStore();
  const make = (kernel: Kernel, process: Process): Behavior => {
    const channels: Channel[] = [];
    const named = new Map<string, Channel>();
    const channel = (broker: number, name: string) => {
      const key = `${broker}/${name}`;
      let c = named.get(key);
      if (!c) {
        c = new Channel({ kernel, process, target: kernel.processNamed(broker === 0 ? 'controller' : `broker-${broker}`)!, timeoutUs: 90_000_000, timerKind: 1, number: channels.length });
        channels.push(c);
        named.set(key, c);
      }
      return c;
    };
    return {
      start: () => asks.forEach((a, i) => kernel.setTimer(process, a.atMs * 1000, 2, i)),
      timer(kind, a, b) {
        if (kind === 1) return channels[a]!.timer(b);
        const ask = asks[a]!;
        const body = typeof ask.body === 'function' ? (ask.body as (answers: readonly Answer[]) => unknown)(answers as Answer[]) : ask.body;
        channel(ask.broker, ask.on ?? 'x').send({ api: ask.api, apiVersion: ask.version ?? 0, body, bytes: ask.bytes ?? 10, firstRecord: -1, records: 0 }, (m: Message | null, why) => {
          answers[a] = { body: (m?.body ?? null) as never, atMs: kernel.nowUs / 1000, why };
        });
      },
      connected: (conn) => (conn.clientData as Channel).connected(),
      closed: (conn) => (conn.clientData as Channel).closed(conn),
      message: (conn, m) => (conn.clientData as Channel).message(m),
    };
  };
  const run = createRun(u, { sink: (c) => store.append(c), guests: make });
  while (run.advance(65_536) !== 'ended');
  const all = () => Array.from({ length: store.count }, (_, i) => store.event(i));
  return { answers, result: run.result(), all, of: <K extends EventName>(type: K) => all().filter((e): e is TraceEvent<K> => e.type === type) };
}

export function batchOf(count: number, over: Partial<RecordBatch> = {}): RecordBatch {
  return {
    baseOffset: 0,
    leaderEpoch: -1,
    lastOffsetDelta: count - 1,
    attributes: 0,
    baseTimestampMs: 1_000,
    maxTimestampMs: 1_000,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    count,
    bytes: 70 * count,
    firstRecord: -1,
    digest: 0,
    encoded: null,
    internal: null,
    kept: null,
    ...over,
  };
}
