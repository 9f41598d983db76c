// Deliveries name the group of the topic, skip what lies below the asked offset, and leave out batches without records of a producer.
import { describe, expect, it } from 'vitest';
import type { Kernel, Process } from '../kernel/kernel.ts';
import { TraceWriter } from '../kernel/trace.ts';
import { TraceStore } from '../kernel/traceStore.ts';
import type { RecordBatch } from '../kafka/protocol/batch.ts';
import { encodeEmbedded } from '../kafka/protocol/codec.ts';
import type { FetchRequest, FetchResponse, JoinGroupRequest } from '../kafka/protocol/messages.ts';
import { Deliveries } from './deliveries.ts';

const batch = (baseOffset: number, count: number, firstRecord: number) => ({ baseOffset, lastOffsetDelta: count - 1, count, firstRecord, kept: null }) as RecordBatch;

describe('deliveries', () => {
  it('are what an answer brings at or above the asked offset', () => {
    const store = new TraceStore();
    const trace = new TraceWriter((chunk) => store.append(chunk));
    const deliveries = new Deliveries({ trace, cause: -1 } as unknown as Kernel, { sym: trace.sym('app') } as unknown as Process);
    for (const [groupId, topics] of [
      ['billing', ['orders']],
      ['audit', ['payments']],
    ] as const) {
      deliveries.joining({ groupId, protocols: [{ name: 'RoundRobinAssigner', metadata: encodeEmbedded('ConsumerProtocolSubscription', 0, { topics }) }] } as unknown as JoinGroupRequest);
    }
    deliveries.asking('c/1', { topics: [{ topic: 'orders', partitions: [{ partition: 2, fetchOffset: 12 }] }] } as unknown as FetchRequest);
    const response = { responses: [{ topic: 'orders', partitions: [{ partitionIndex: 2, errorCode: 0, records: [batch(5, 5, 100), batch(10, 4, 200), batch(14, 1, -1), batch(15, 2, 300)] }] }] };
    deliveries.answered('c/1', response as unknown as FetchResponse);
    trace.flush();
    const told = Array.from({ length: store.count }, (_, seq) => store.event(seq) as unknown as Record<string, unknown>);
    expect(told.map((e) => [e['group'], e['topic'], e['partition'], e['baseOffset'], e['nextOffset'], e['records'], e['firstRecord']])).toEqual([
      ['billing', 'orders', 2, 12, 14, 2, 202],
      ['billing', 'orders', 2, 15, 17, 2, 300],
    ]);
  });
});
