// The messages of groups whose assignment the broker computes, as bytes.
import { expect, it } from 'vitest';
import { TraceStore } from '../../kernel/traceStore.ts';
import { createRun } from '../../run.ts';
import { universe } from '../../testing.ts';
import { annotate } from '../protocol/annotate.ts';
import { API } from '../protocol/layout.ts';

it.each([
  ['share', { groupType: 'share', rejectEvery: 5, releaseEvery: 7, maxPollRecords: 4 }, ['ShareGroupHeartbeat', 'ShareFetch', 'ShareAcknowledge', 'ReadShareGroupState', 'WriteShareGroupState']],
  ['consumer', { groupProtocol: 'consumer', groupInstanceId: 'i', groupRemoteAssignor: 'range' }, ['ConsumerGroupHeartbeat', 'OffsetCommit', 'OffsetFetch']],
] as const)('the messages of a %s group stand whole on the wire', { timeout: 30_000 }, (_, member, apis) => {
  const store = new TraceStore();
  const document = {
    horizonMs: 14_000,
    cluster: { brokers: 3, config: { shareAutoOffsetReset: 'earliest' } },
    topics: [{ name: 't', partitions: 3, replicationFactor: 3 }],
    processes: [
      { name: 'writer', role: 'producer' },
      { name: 'one', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest', ...member },
    ],
    workloads: [{ process: 'writer', topic: 't', records: 60, everyUs: 50_000, perSend: 10 }],
  };
  const run = createRun(universe(document, ['shutdown one at 12s']), { sink: (c) => store.append(c), guests: null, frames: true });
  while (run.advance(65_536) !== 'ended');
  const versions = new Map<string, number>();
  const seen = new Set<string>();
  for (let seq = 0; seq < store.count; seq++) {
    if (store.typeAt(seq) !== 'net.sent') continue;
    const e = store.event(seq) as unknown as { api: string; response: boolean; conn: string; correlationId: number; message: number };
    const frame = store.frame(e.message);
    if (!frame) continue;
    const key = `${e.conn}/${e.correlationId}`;
    const apiVersion = e.response ? versions.get(key)! : new DataView(frame.buffer, frame.byteOffset).getInt16(6);
    versions.set(key, apiVersion);
    const { problem } = annotate(frame, { api: API[e.api]!, apiVersion, response: e.response });
    expect(problem, `${e.api} ${apiVersion} ${e.response ? 'response' : 'request'}`).toBe('');
    seen.add(`${e.api}${e.response ? ' answer' : ''}`);
  }
  expect([...seen]).toEqual(expect.arrayContaining(apis.flatMap((api) => [api, `${api} answer`])));
});
