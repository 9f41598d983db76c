// Where logs begin and what that does to followers and readers, asked over the network.
import { describe, expect, it } from 'vitest';
import { told, universe } from '../testing.ts';
import { EPOCH_MS } from '../kernel/epoch.ts';
import { deleteTopics, electLeaders, reassign } from './admin.test-helper.ts';
import { batchOf, fetchBody, probe, type Ask } from './probe.test-helper.ts';
import { KEY } from './protocol/apiKeys.ts';
import { ZERO_UUID } from './protocol/layout.ts';
import type { DeleteRecordsResponse, OffsetForLeaderEpochResponse } from './protocol/logMessages.ts';
import type { FetchResponse, ListOffsetsResponse, ProduceResponse } from './protocol/messages.ts';

const topic = { name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 };
const small = (config: Record<string, string>) => ({ ...topic, config });
const leaderOf = (document: Record<string, unknown>) =>
  told(universe({ ...document, horizonMs: 100 }))
    .of('kafka.leaderElected')
    .find((e) => e.topic === 't')!.leader;
const L = leaderOf({ topics: [topic] });
const F = (L % 3) + 1;

const produce = (atMs: number, count = 1, over: object = {}, broker = L): Ask => ({
  atMs,
  broker,
  api: KEY.Produce,
  version: 9,
  body: {
    transactionalId: null,
    acks: -1,
    timeoutMs: 5_000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(count, { bytes: 100 * count, maxTimestampMs: EPOCH_MS + atMs, baseTimestampMs: EPOCH_MS + atMs, ...over })] }] }],
  },
});
const list = (atMs: number, timestamp: number, over: { broker?: number; version?: number; epoch?: number; isolationLevel?: number } = {}): Ask => ({
  atMs,
  broker: over.broker ?? L,
  api: KEY.ListOffsets,
  version: over.version ?? 7,
  on: 'list',
  body: { replicaId: -1, isolationLevel: over.isolationLevel ?? 0, timeoutMs: 1_000, topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: over.epoch ?? -1, timestamp }] }] },
});
const remove = (atMs: number, offset: number, over: { broker?: number; topic?: string; partition?: number; timeoutMs?: number } = {}): Ask => ({
  atMs,
  broker: over.broker ?? L,
  api: KEY.DeleteRecords,
  version: 2,
  on: 'delete',
  body: { topics: [{ name: over.topic ?? 't', partitions: [{ partitionIndex: over.partition ?? 0, offset }] }], timeoutMs: over.timeoutMs ?? 10_000 },
});
function fetch(atMs: number, fetchOffset: number, over: { version?: number; topicId?: string; currentLeaderEpoch?: number; lastFetchedEpoch?: number; sessionEpoch?: number } = {}): Ask {
  const { version = 12, topicId, sessionEpoch = -1, ...epochs } = over;
  const body = fetchBody({ fetchOffset, ...epochs }, { sessionEpoch });
  return { atMs, broker: L, api: KEY.Fetch, version, on: 'fetch', body: topicId === undefined ? body : { ...body, topics: [{ ...body.topics[0], topic: '', topicId }] } };
}
const epochEnd = (atMs: number, leaderEpoch: number, over: { broker?: number; currentLeaderEpoch?: number; topic?: string } = {}): Ask => ({
  atMs,
  broker: over.broker ?? L,
  api: KEY.OffsetForLeaderEpoch,
  version: 4,
  on: 'epoch',
  body: { replicaId: -1, topics: [{ topic: over.topic ?? 't', partitions: [{ partition: 0, currentLeaderEpoch: over.currentLeaderEpoch ?? -1, leaderEpoch }] }] },
});
const listed = (a: { body: never } | undefined) => (a!.body as ListOffsetsResponse).topics[0]!.partitions[0]!;
const removed = (a: { body: never } | undefined) => (a!.body as DeleteRecordsResponse).topics[0]!.partitions[0]!;
const fetched = (a: { body: never } | undefined) => (a!.body as FetchResponse).responses[0]!.partitions[0]!;
const produced = (a: { body: never } | undefined) => (a!.body as ProduceResponse).responses[0]!.partitionResponses[0]!;
const held = (result: { readonly invariants: readonly { readonly held: boolean }[] }) => expect(result.invariants.filter((i) => !i.held)).toEqual([]);

describe('DeleteRecords', () => {
  it('raises the start on the leader at once and answers when the followers have followed', () => {
    const r = probe({ topics: [topic], horizonMs: 20_000 }, [produce(1_000, 10), remove(2_000, 4), list(2_100, -2), remove(4_000, -1), list(4_001, -2)]);
    expect(removed(r.answers[1])).toEqual({ partitionIndex: 0, errorCode: 0, lowWatermark: 4 });
    // A follower tells its start in its next fetch.
    expect(r.answers[1]!.atMs).toBeGreaterThan(2_001);
    expect(r.answers[1]!.atMs).toBeLessThan(2_000 + 1_100);
    expect(removed(r.answers[3])).toMatchObject({ errorCode: 0, lowWatermark: 10 });
    expect([listed(r.answers[2]).offset, listed(r.answers[4]).offset]).toEqual([4, 10]);
    const moves = r.of('kafka.logStartOffset').map((e) => [e.process === `broker-${L}`, e.offset, e.reason]);
    expect(moves.filter(([leader]) => leader)).toEqual([
      [true, 4, 'deleteRecords'],
      [true, 10, 'deleteRecords'],
    ]);
    expect(moves.filter(([leader]) => !leader)).toHaveLength(4);
    held(r.result);
  });

  it('answers with the error Kafka has for what cannot be done', () => {
    const r = probe({ topics: [topic, { ...topic, name: 'c', config: { 'cleanup.policy': 'compact' } }], horizonMs: 20_000 }, [
      produce(1_000, 10),
      remove(2_000, 11),
      remove(2_100, -2),
      remove(2_200, 1, { broker: F }),
      remove(2_300, 1, { topic: 'nothing' }),
      remove(2_400, 1, { partition: 9 }),
      remove(2_500, 0, { topic: '__consumer_offsets' }),
    ]);
    // 44: a compacted topic; 17 needs the internal topic to exist, which it does from the start of a group.
    expect(r.answers.slice(1, 6).map((a) => removed(a).errorCode)).toEqual([1, 1, 6, 3, 3]);
    expect(removed(r.answers[1]).lowWatermark).toBe(-1);
    const c = told(universe({ topics: [topic, { ...topic, name: 'c', config: { 'cleanup.policy': 'compact' } }], horizonMs: 100 }))
      .of('kafka.leaderElected')
      .find((e) => e.topic === 'c')!.leader;
    const compacted = probe({ topics: [topic, { ...topic, name: 'c', config: { 'cleanup.policy': 'compact' } }], horizonMs: 5_000 }, [remove(2_000, 0, { topic: 'c', broker: c })]);
    expect(removed(compacted.answers[0]).errorCode).toBe(44);
  });

  it('answers 7 when a live follower does not follow in time', () => {
    const r = probe({ topics: [topic], horizonMs: 20_000 }, [produce(1_000, 10), remove(3_000, 5, { timeoutMs: 1_000 })], [`pause broker-${F} at 2s for 4s`]);
    expect(removed(r.answers[1])).toMatchObject({ errorCode: 7, lowWatermark: 0 });
    expect(r.answers[1]!.atMs).toBeGreaterThanOrEqual(4_000);
  });

  // As three brokers of Kafka 4.0.0 answered, of which one stood still.
  it('waits out its time when the partition is led elsewhere, given up or deleted meanwhile', () => {
    const still = [`pause broker-${F} at 2s for 12s`];
    const other = 6 - L - F;
    const endings: Ask[] = [
      { ...reassign(4_000, 't', 0, [other]), broker: other },
      { ...deleteTopics(4_000, 't'), broker: other },
    ];
    for (const ending of endings) {
      const r = probe({ topics: [topic], horizonMs: 20_000 }, [produce(1_000, 10), remove(3_000, 5, { timeoutMs: 6_000 }), ending], still);
      expect(removed(r.answers[1])).toMatchObject({ errorCode: 7, lowWatermark: 0 });
      expect(r.answers[1]!.atMs).toBeGreaterThanOrEqual(9_000);
      expect(r.of('kafka.replicaDropped').some((e) => e.process === `broker-${L}` && e.timeUs < 9_000_000)).toBe(true);
    }
    const moved = [
      { ...reassign(4_000, 't', 0, [other, L, F]), broker: other },
      { ...electLeaders(4_500, 0, { t: [0] }), broker: other },
    ];
    const r = probe({ topics: [topic], horizonMs: 20_000 }, [produce(1_000, 10), remove(3_000, 5, { timeoutMs: 6_000 }), ...moved], still);
    expect(removed(r.answers[1])).toMatchObject({ errorCode: 7, lowWatermark: 0 });
    const leaders = r.of('kafka.leaderElected').filter((e) => e.topic === 't' && e.timeUs < 9_000_000);
    expect(leaders.map((e) => e.leader)).toEqual([L, other]);
  });

  it('does without a follower that has died as soon as the high watermark moves, and not before', () => {
    const dead = [`kill broker-${F} at 2s`];
    const quiet = probe({ topics: [topic], horizonMs: 40_000 }, [produce(1_000, 10), remove(3_000, 5, { timeoutMs: 20_000 })], dead);
    expect(removed(quiet.answers[1])).toMatchObject({ errorCode: 7 });
    const busy = probe({ topics: [topic], horizonMs: 40_000 }, [produce(1_000, 10), remove(3_000, 5, { timeoutMs: 20_000 }), produce(18_000, 1)], dead);
    expect(removed(busy.answers[1])).toEqual({ partitionIndex: 0, errorCode: 0, lowWatermark: 5 });
    expect(busy.answers[1]!.atMs).toBeLessThan(19_000);
  });
});

describe('retention in a cluster', () => {
  const config = { 'retention.ms': '5000', 'segment.bytes': '1000' };
  const cluster = { brokers: 3, config: { logRetentionCheckIntervalMs: 1_000, logInitialTaskDelayMs: 1_000 } };
  const load = { process: 'p', topic: 't', records: 200, startMs: 2_000, everyUs: 100_000, valueBytes: 50 };

  it('moves every replica of its own accord and tells why; a slow reader begins again where the log does', () => {
    const r = told(
      universe(
        {
          topics: [small(config)],
          cluster,
          processes: [
            { name: 'p', role: 'producer' },
            { name: 'slow', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest' },
          ],
          workloads: [load],
          horizonMs: 40_000,
        },
        ['pause slow at 4s for 16s'],
      ),
    );
    const moves = r.of('kafka.logStartOffset').filter((e) => e.topic === 't');
    expect(new Set(moves.map((e) => e.process)).size).toBe(3);
    expect(moves.some((e) => e.reason === 'retentionTime' && e.process === `broker-${L}`)).toBe(true);
    for (const broker of [1, 2, 3]) {
      const own = moves.filter((e) => e.process === `broker-${broker}`).map((e) => e.offset);
      expect(own).toEqual([...own].sort((a, b) => a - b));
      expect(own.at(-1)).toBe(200);
    }
    expect(r.of('kafka.segmentRolled').some((e) => e.topic === 't' && e.reason === 'size')).toBe(true);
    const spans = r.of('consumer.delivered').map((e) => [e.baseOffset, e.nextOffset] as const);
    const jump = spans.findIndex(([from], i) => i > 0 && from > spans[i - 1]![1]);
    expect(jump).toBeGreaterThan(0);
    // It begins where the leader's log began at that time.
    const at = r.of('consumer.delivered')[jump]!;
    expect(moves.filter((e) => e.process === `broker-${L}` && e.timeUs < at.timeUs).at(-1)!.offset).toBe(spans[jump]![0]);
    held(r.result);
  });

  it('loses nothing for a reader that keeps up, and looks for the first time after log.initial.task.delay.ms', () => {
    const r = told(
      universe({
        topics: [small(config)],
        cluster: { brokers: 3, config: { logRetentionCheckIntervalMs: 5_000, logInitialTaskDelayMs: 12_000 } },
        processes: [
          { name: 'p', role: 'producer' },
          { name: 'fast', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest' },
        ],
        workloads: [load],
        horizonMs: 40_000,
      }),
    );
    expect(r.of('consumer.delivered').reduce((n, e) => n + e.records, 0)).toBe(200);
    const times = [
      ...new Set(
        r
          .of('kafka.logStartOffset')
          .filter((e) => e.reason === 'retentionTime')
          .map((e) => e.timeUs),
      ),
    ];
    expect(times.every((us) => (us - 12_000_000) % 5_000_000 === 0)).toBe(true);
    expect(times[0]).toBe(12_000_000);
    held(r.result);
  });

  it('keeps a replica that was away: it begins anew where its leader begins', () => {
    const r = told(
      universe(
        {
          topics: [small({ 'retention.bytes': '2000', 'segment.bytes': '1000' })],
          cluster,
          processes: [{ name: 'p', role: 'producer' }],
          workloads: [load],
          horizonMs: 40_000,
        },
        [`kill broker-${F} at 5s for 15s`],
      ),
    );
    const anew = r.of('kafka.logStartOffset').filter((e) => e.reason === 'outOfRange');
    expect(anew.map((e) => e.process)).toEqual([`broker-${F}`]);
    expect(anew[0]!.timeUs).toBeGreaterThan(20_000_000);
    expect(
      r
        .of('kafka.isrChanged')
        .filter((e) => e.topic === 't')
        .at(-1)!
        .isr.split(','),
    ).toHaveLength(3);
    held(r.result);
  });
});

describe('ListOffsets', () => {
  it('answers start, end, and the first record at or after a time', () => {
    const document = { topics: [topic], horizonMs: 20_000 };
    const r = probe(document, [
      produce(1_000, 3),
      produce(2_000, 3),
      produce(3_000, 3, { maxTimestampMs: EPOCH_MS + 2_500 }),
      list(4_000, -2),
      list(4_010, -1),
      list(4_020, -3),
      list(4_030, EPOCH_MS),
      list(4_040, EPOCH_MS + 1_500),
      list(4_050, EPOCH_MS + 2_400),
      list(4_060, EPOCH_MS + 9_000),
      list(4_070, -4, { version: 8 }),
      list(4_080, -5, { version: 9 }),
    ]);
    expect(r.answers.slice(3).map((a) => [listed(a).errorCode, listed(a).offset])).toEqual([
      [0, 0],
      [0, 9],
      [0, 6],
      [0, 0],
      [0, 3],
      [0, 6],
      [0, -1],
      [0, 0],
      [0, -1],
    ]);
    expect(listed(r.answers[7]).timestamp).toBe(EPOCH_MS + 2_000);
  });

  it('is for the leader of the epoch that the client knows', () => {
    const r = probe({ topics: [topic], horizonMs: 5_000 }, [list(1_000, -1, { broker: F }), list(1_100, -1, { epoch: 0 }), list(1_200, -1, { epoch: 7 })]);
    expect(r.answers.map((a) => listed(a).errorCode)).toEqual([6, 0, 75]);
  });
});

describe('timestamps and limits of a topic', () => {
  const first = (config: Record<string, string>, over: object, count = 1) => {
    const r = probe({ topics: [small(config)], horizonMs: 5_000 }, [produce(1_000, count, over), fetch(2_000, 0)]);
    return { produced: produced(r.answers[0]), batch: fetched(r.answers[1]).records?.[0] };
  };

  it('keeps the time of the producer', () => {
    const { produced, batch } = first({}, {});
    expect(produced).toMatchObject({ errorCode: 0, logAppendTimeMs: -1 });
    expect(batch!.maxTimestampMs).toBe(EPOCH_MS + 1_000);
  });

  it('stamps its own with LogAppendTime, whatever the producer says', () => {
    const { produced, batch } = first({ 'message.timestamp.type': 'LogAppendTime' }, { maxTimestampMs: EPOCH_MS + 999_999_999 });
    expect(produced.errorCode).toBe(0);
    expect(produced.logAppendTimeMs).toBe(EPOCH_MS + 1_001);
    expect(batch!.maxTimestampMs).toBe(EPOCH_MS + 1_001);
    expect(batch!.attributes & 8).toBe(8);
  });

  it('refuses a time more than an hour ahead, or as far behind as the topic says (32)', () => {
    const at = (ms: number) => ({ maxTimestampMs: EPOCH_MS + ms, baseTimestampMs: EPOCH_MS + ms });
    expect(first({}, at(3_600_000 + 1_000)).produced.errorCode).toBe(0);
    expect(first({}, at(3_600_000 + 1_100)).produced.errorCode).toBe(32);
    expect(first({}, at(-999_999_999)).produced.errorCode).toBe(0);
    const config = { 'message.timestamp.before.max.ms': '10000' };
    expect(first(config, at(-8_900)).produced.errorCode).toBe(0);
    expect(first(config, at(-9_100)).produced.errorCode).toBe(32);
    expect(first({ 'message.timestamp.after.max.ms': '500' }, at(2_000)).produced.errorCode).toBe(32);
  });

  it('refuses a batch above max.message.bytes (10) or segment.bytes (18)', () => {
    expect(first({ 'max.message.bytes': '299' }, {}, 3).produced.errorCode).toBe(10);
    expect(first({ 'max.message.bytes': '300' }, {}, 3).produced.errorCode).toBe(0);
    expect(first({ 'segment.bytes': '299' }, {}, 3).produced.errorCode).toBe(18);
  });
});

describe('OffsetForLeaderEpoch', () => {
  it('tells where an epoch ends, for the leader of the epoch that the client knows', () => {
    const r = probe({ topics: [topic], horizonMs: 60_000 }, [
      produce(1_000, 5),
      epochEnd(2_000, 0),
      epochEnd(2_100, 1),
      epochEnd(2_200, 0, { broker: F }),
      epochEnd(2_300, 0, { currentLeaderEpoch: 9 }),
      epochEnd(2_400, 0, { topic: 'nothing' }),
    ]);
    const of = (i: number) => (r.answers[i]!.body as OffsetForLeaderEpochResponse).topics[0]!.partitions[0]!;
    expect(of(1)).toEqual({ errorCode: 0, partition: 0, leaderEpoch: 0, endOffset: 5 });
    expect(of(2)).toEqual({ errorCode: 0, partition: 0, leaderEpoch: -1, endOffset: -1 });
    expect([3, 4, 5].map((i) => of(i).errorCode)).toEqual([6, 75, 3]);
  });

  it('knows the end of an old epoch after an election', () => {
    const document = { topics: [topic], horizonMs: 60_000 };
    const faults = [`kill broker-${L} at 5s for 30s`];
    const successor = probe(document, [produce(1_000, 5)], faults)
      .of('kafka.leaderElected')
      .filter((e) => e.topic === 't')
      .find((e) => e.leaderEpoch > 0 && e.leader > 0)!;
    const r = probe(
      document,
      [
        produce(1_000, 5),
        produce(25_000, 2, {}, successor.leader),
        epochEnd(27_000, 0, { broker: successor.leader, currentLeaderEpoch: successor.leaderEpoch }),
        epochEnd(27_100, 0, { broker: successor.leader, currentLeaderEpoch: 0 }),
      ],
      faults,
    );
    const of = (i: number) => (r.answers[i]!.body as OffsetForLeaderEpochResponse).topics[0]!.partitions[0]!;
    expect(of(2)).toEqual({ errorCode: 0, partition: 0, leaderEpoch: 0, endOffset: 5 });
    expect(of(3).errorCode).toBe(74);
  });
});

describe('Fetch', () => {
  it('answers 1 outside the log and 75 for another leader epoch', () => {
    const r = probe({ topics: [topic], horizonMs: 20_000 }, [
      produce(1_000, 10),
      remove(2_000, 4),
      fetch(4_000, 3),
      fetch(4_100, 11),
      fetch(4_200, 10),
      fetch(4_300, 4),
      fetch(4_400, 4, { currentLeaderEpoch: 5 }),
    ]);
    expect(r.answers.slice(2).map((a) => fetched(a).errorCode)).toEqual([1, 1, 0, 0, 75]);
    expect(fetched(r.answers[5])).toMatchObject({ logStartOffset: 4, highWatermark: 10 });
    // Whole batches: the one that holds offset 4 begins at 0.
    expect(fetched(r.answers[5]).records!.map((b) => b.baseOffset)).toEqual([0]);
  });

  it('names topics by id from version 13 on, and knows no session that it did not make', () => {
    const id = (r: ReturnType<typeof probe>) => (r.answers[1]!.body as { topics: { topicId: string }[] }).topics[0]!.topicId;
    const metadata: Ask = {
      atMs: 1_500,
      broker: L,
      api: KEY.Metadata,
      version: 12,
      on: 'm',
      body: { topics: [{ topicId: ZERO_UUID, name: 't' }], allowAutoTopicCreation: false, includeTopicAuthorizedOperations: false },
    };
    const document = { topics: [topic], horizonMs: 20_000 };
    const topicId = id(probe(document, [produce(1_000, 2), metadata]));
    const r = probe(document, [
      produce(1_000, 2),
      fetch(2_000, 0, { version: 17, topicId }),
      fetch(2_100, 0, { version: 17, topicId: 'AAAAAAAAAAAAAAAAAAAAzQ' }),
      fetch(2_200, 0, { sessionEpoch: 3 }),
    ]);
    expect(fetched(r.answers[1])).toMatchObject({ errorCode: 0, highWatermark: 2 });
    expect((r.answers[1]!.body as FetchResponse).responses[0]!.topicId).toBe(topicId);
    expect(fetched(r.answers[2]).errorCode).toBe(100);
    expect((r.answers[3]!.body as FetchResponse).errorCode).toBe(70);
  });
});
