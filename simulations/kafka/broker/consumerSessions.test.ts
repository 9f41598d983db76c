// Fetch sessions of consumers: answers of Kafka 4.0.0 to the same requests, in the same order.
import { describe, expect, it } from 'vitest';
import { batchOf, fetchBody, probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { deleteTopics } from '../admin.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import type { FetchResponse } from '../protocol/messages.ts';

const replicaAssignment = [[1], [1], [1]];
const CLUSTER = {
  topics: ['a', 'b'].map((name) => ({ name, partitions: 3, replicationFactor: 1, minInsyncReplicas: 1, replicaAssignment })),
  horizonMs: 30_000,
};
const VERSION = 12;

type Parts = Readonly<Record<string, Readonly<Record<number, number>>>>;
const part = (partition: number, fetchOffset: number) => ({ partition, currentLeaderEpoch: -1, fetchOffset, lastFetchedEpoch: -1, logStartOffset: -1, partitionMaxBytes: 1_000_000 });
const topics = (parts: Parts) => Object.entries(parts).map(([topic, offsets]) => ({ topic, partitions: Object.entries(offsets).map(([p, offset]) => part(Number(p), offset)) }));

const bodyOf = (answer: Answer | undefined) => answer!.body as unknown as FetchResponse;

/** A fetch of the session that the first answer made. @param parts offsets by partition, by topic. */
function fetch(atMs: number, sessionEpoch: number, parts: Parts = {}, over: object = {}): Ask {
  const body = (answers: readonly Answer[]) => {
    const first = answers.find((a) => ((a?.body ?? {}) as { sessionId?: number }).sessionId);
    return fetchBody({}, { sessionId: first ? bodyOf(first).sessionId : 0, sessionEpoch, topics: topics(parts), ...over });
  };
  return { atMs, broker: 1, api: KEY.Fetch, version: VERSION, body };
}

function produce(atMs: number, topic: string, partition: number): Ask {
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: [batchOf(1)] }] }];
  return { atMs, broker: 1, api: KEY.Produce, version: 9, body: { transactionalId: null, acks: -1, timeoutMs: 1_000, topicData }, on: 'produce' };
}

/** What an answer tells: each partition with its high watermark, its records and its error; or the error of the whole. */
function told(answer: Answer | undefined): readonly string[] {
  const { errorCode, responses } = bodyOf(answer);
  if (errorCode !== 0) return [`error ${errorCode}`];
  return responses.flatMap((t) =>
    t.partitions.map(
      (p) => `${t.topic}-${p.partitionIndex} ${p.errorCode === 0 ? `hw ${p.highWatermark}${p.records && p.records.length > 0 ? `, ${p.records.length} read` : ''}` : `error ${p.errorCode}`}`,
    ),
  );
}

describe('a fetch session', () => {
  it('tells everything at first, then what has changed, and last what had records', () => {
    const setUp = [produce(100, 'a', 0), produce(100, 'a', 1)];
    const { answers } = probe(CLUSTER, [
      ...setUp,
      fetch(1_000, 0, { a: { 0: 0, 1: 1, 2: 0 }, b: { 0: 0 } }),
      fetch(1_100, 1),
      fetch(1_200, 2, { a: { 0: 1 } }),
      fetch(1_300, 3),
      produce(1_400, 'a', 2),
      produce(1_400, 'b', 0),
      fetch(1_500, 4),
      fetch(1_600, 5, { a: { 2: 1 }, b: { 0: 1 } }),
      produce(1_700, 'a', 0),
      produce(1_700, 'a', 2),
      fetch(1_800, 6),
    ]);
    const fetched = answers.filter((_, i) => [2, 3, 4, 5, 8, 9, 12].includes(i));
    expect(fetched.map(told)).toEqual([
      ['a-0 hw 1, 1 read', 'a-1 hw 1', 'a-2 hw 0', 'b-0 hw 0'],
      // The place of a-0 has not moved: it is read again.
      ['a-0 hw 1, 1 read'],
      [],
      [],
      ['a-2 hw 1, 1 read', 'b-0 hw 1, 1 read'],
      [],
      ['a-0 hw 2, 1 read', 'a-2 hw 2, 1 read'],
    ]);
    const ids = fetched.map((a) => bodyOf(a).sessionId);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBeGreaterThan(0);
  });

  it('tells an error every time, and says when it is over once; what nobody knows is told last', () => {
    const { answers } = probe(CLUSTER, [
      fetch(1_000, 0, { a: { 0: 0 } }),
      fetch(1_100, 1, { a: { 7: 0, 1: 99 }, nope: { 0: 0 } }),
      fetch(1_200, 2),
      fetch(
        1_300,
        3,
        { a: { 1: 0 } },
        {
          forgottenTopicsData: [
            { topic: 'nope', partitions: [0] },
            { topic: 'a', partitions: [7] },
          ],
        },
      ),
      fetch(1_400, 4),
    ]);
    const wrong = ['a-1 error 1', 'a-7 error 3', 'nope-0 error 3'];
    expect(answers.map(told)).toEqual([['a-0 hw 0'], wrong, wrong, ['a-1 hw 0'], []]);
  });

  it('takes a topic that is named twice in a request', () => {
    const twice = [...topics({ a: { 0: 0 } }), ...topics({ a: { 1: 0 } })];
    const { answers } = probe(CLUSTER, [fetch(1_000, 0, {}, { topics: twice }), fetch(1_100, 1, {}, { topics: twice }), produce(1_200, 'a', 1), fetch(1_300, 2)]);
    expect([0, 1, 3].map((i) => told(answers[i]))).toEqual([['a-0 hw 0', 'a-1 hw 0'], [], ['a-1 hw 1, 1 read']]);
  });

  it('goes on by its epochs, and is another broker’s affair elsewhere', () => {
    const { answers } = probe(CLUSTER, [
      fetch(900, 1),
      fetch(1_000, 0, { a: { 0: 0 } }),
      fetch(1_100, 5),
      fetch(1_200, 1, {}, { sessionId: 12_345 }),
      { ...fetch(1_300, 1), broker: 2 },
      { ...fetch(1_350, 1), version: 13 },
      fetch(1_400, 1),
      fetch(1_500, 1),
    ]);
    expect(answers.map(told)).toEqual([['error 70'], ['a-0 hw 0'], ['error 71'], ['error 70'], ['error 70'], ['error 106'], [], ['error 71']]);
  });

  it('ends when it is told to, when it has no partitions left, and with its broker', () => {
    const forgotten = { forgottenTopicsData: [{ topic: 'a', partitions: [0] }] };
    const ended = (over: object, faults: readonly string[] = []) => probe(CLUSTER, [fetch(1_000, 0, { a: { 0: 0 } }), fetch(1_100, 1, {}, over), fetch(25_000, 2)], faults).answers;
    expect(ended(forgotten).map((a) => [bodyOf(a).sessionId > 0, ...told(a)])).toEqual([[true, 'a-0 hw 0'], [false], [false, 'error 70']]);
    expect(ended({ sessionEpoch: -1, topics: topics({ a: { 1: 0 } }) }).map((a) => [bodyOf(a).sessionId > 0, ...told(a)])).toEqual([
      [true, 'a-0 hw 0'],
      [false, 'a-1 hw 0'],
      [false, 'error 70'],
    ]);
    expect(told(ended({}, ['kill broker-1 at 2s for 1s'])[2])).toEqual(['error 70']);
  });

  it('wakes for a partition that the request does not name, and remembers the names of ids', () => {
    const waiting = probe(CLUSTER, [fetch(1_000, 0, { a: { 0: 0, 1: 0 } }), fetch(1_100, 1, {}, { maxWaitMs: 3_000 }), produce(2_000, 'a', 1)]).answers;
    expect(told(waiting[1])).toEqual(['a-1 hw 1, 1 read']);
    expect(waiting[1]!.atMs).toBeLessThan(2_050);
    const gone = probe(CLUSTER, [fetch(1_000, 0, { a: { 0: 0 }, b: { 0: 0 } }), deleteTopics(1_500, 'b'), fetch(3_000, 1), fetch(3_100, 2)]).answers;
    expect([told(gone[2]), told(gone[3])]).toEqual([['b-0 error 3'], ['b-0 error 3']]);
  });
});
