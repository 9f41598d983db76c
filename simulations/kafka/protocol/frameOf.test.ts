// Every message of whole runs as bytes: each decodes to its end, and looking changes nothing.
import { expect, it } from 'vitest';
import { TraceStore } from '../../kernel/traceStore.ts';
import { runToEnd, createRun } from '../../run.ts';
import { listed } from '../../testing.ts';
import { annotate } from './annotate.ts';
import { API } from './layout.ts';

it.each(['leader-dies', 'consumer-pause', 'empty-cluster'])('keeps the frames of %s: all but the records of the metadata log, whole, and without another hash', { timeout: 30_000 }, (id) => {
  const store = new TraceStore();
  const run = createRun(listed(id), { sink: (c) => store.append(c), guests: null, frames: true });
  while (run.advance(65_536) !== 'ended');
  expect(run.result().hash).toBe(runToEnd(listed(id)).hash);
  const versions = new Map<string, number>();
  let frames = 0;
  const without = new Set<string>();
  for (let seq = 0; seq < store.count; seq++) {
    if (store.typeAt(seq) !== 'net.sent') continue;
    const e = store.event(seq) as unknown as { api: string; response: boolean; conn: string; correlationId: number; message: number };
    const frame = store.frame(e.message);
    if (!frame) {
      without.add(`${e.api} ${e.conn.split('>')[1]}`);
      continue;
    }
    frames++;
    const key = `${e.conn}/${e.correlationId}`;
    const apiVersion = e.response ? versions.get(key)! : new DataView(frame.buffer, frame.byteOffset).getInt16(6);
    versions.set(key, apiVersion);
    const { problem } = annotate(frame, { api: API[e.api]!, apiVersion, response: e.response });
    expect(problem, `${e.api} ${apiVersion} ${e.response ? 'response' : 'request'}`).toBe('');
  }
  expect([...without]).toEqual(['Fetch controller']);
  expect(frames).toBeGreaterThan(200);
});
