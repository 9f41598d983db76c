// Topics that come, grow and go, as an administrator asks for it.
import { describe, expect, it } from 'vitest';
import { bodyOf, createPartitions, createTopics, deleteTopics, describeTopics, errorsOf, TOPIC } from '../admin.test-helper.ts';
import { batchOf, probe, type Answer, type Ask } from '../probe.test-helper.ts';
import { KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { DescribedTopic } from '../protocol/adminMessages.ts';
import type { CreatableTopicResult } from '../protocol/messages.ts';

const topicsOf = (answer: Parameters<typeof bodyOf>[0]) => bodyOf<{ topics: CreatableTopicResult[] }>(answer).topics;
const produce = (atMs: number, broker: number, name: string): Ask => ({
  atMs,
  broker,
  api: KEY.Produce,
  version: 9,
  on: 'produce',
  body: { transactionalId: null, acks: -1, timeoutMs: 2_000, topicData: [{ name, partitionData: [{ index: 0, records: [batchOf(1)] }] }] },
});
const L = probe({ topics: [TOPIC], horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!.leader;

describe('creating topics', () => {
  it.each<[what: string, given: { readonly name?: string; readonly [setting: string]: unknown }, code: number]>([
    ['with the cluster’s defaults', {}, 0],
    [
      'with replicas given by hand',
      {
        assignments: [
          [2, 3],
          [3, 1],
        ],
      },
      0,
    ],
    ['of a name with a space', { name: 'no spaces' }, 17],
    ['of a name that stands already', { name: 't' }, 36],
    ['without partitions', { numPartitions: 0 }, 37],
    ['with more replicas than brokers', { replicationFactor: 4 }, 38],
    ['with no replicas', { replicationFactor: 0 }, 38],
    ['with assignments and numbers at once', { assignments: [[1]], numPartitions: 1 }, 42],
    ['on a broker that nobody registered', { assignments: [[1, 9]] }, 39],
    ['twice on one broker', { assignments: [[1, 1]] }, 39],
    ['with partitions of unequal size', { assignments: [[1, 2], [3]] }, 39],
    ['with a setting that nobody knows', { configs: { 'cleanup.polish': 'x' } }, 40],
    ['with a setting of a wrong value', { configs: { 'retention.ms': 'long' } }, 40],
    ['with a setting without a value', { configs: { 'retention.ms': null } }, 40],
    ['with segments below Kafka’s least', { configs: { 'segment.bytes': '13' } }, 40],
    ['with settings that contradict each other', { configs: { 'min.compaction.lag.ms': '10', 'max.compaction.lag.ms': '5' } }, 40],
  ])('%s', (_what, { name = 'new', ...given }: { name?: string }, code) => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [createTopics(100, { [name]: given })]);
    expect(topicsOf(answers[0])[0]).toMatchObject({ name, errorCode: code });
    expect(of('kafka.topicCreated').filter((e) => e.timeUs > 0)).toHaveLength(code === 0 ? 1 : 0);
  });

  it('takes names apart only by points and low lines as one, as Kafka does', () => {
    const { answers } = probe({ horizonMs: 1_000 }, [createTopics(100, { 'a.b': {} }), createTopics(300, { a_b: {}, 'a-b': {} })]);
    expect(topicsOf(answers[1]).map((t) => t.errorCode)).toEqual([17, 0]);
  });

  it('refuses a topic named twice in one request, and answers for it once', () => {
    const twice = createTopics(100, { a: {} });
    const { topics } = twice.body as { topics: unknown[] };
    const { answers } = probe({ horizonMs: 1_000 }, [{ ...twice, body: { ...(twice.body as object), topics: [...topics, ...topics] } }]);
    expect(topicsOf(answers[0]).map((t) => t.errorCode)).toEqual([42]);
  });

  it('only checks where that is asked', () => {
    const { answers, of } = probe({ horizonMs: 1_000 }, [createTopics(100, { a: { numPartitions: 3 } }, { validateOnly: true })]);
    expect(topicsOf(answers[0])[0]).toMatchObject({ errorCode: 0, numPartitions: 3 });
    expect(of('kafka.topicCreated').filter((e) => e.topic === 'a')).toEqual([]);
  });

  it('tells id, size and settings of what was made, and where each setting comes from', () => {
    const { answers } = probe({ horizonMs: 1_000 }, [createTopics(100, { a: { numPartitions: 2, replicationFactor: 3, configs: { 'retention.ms': '1000' } } })]);
    const [made] = topicsOf(answers[0]);
    expect(made).toMatchObject({ numPartitions: 2, replicationFactor: 3 });
    expect(made!.topicId).not.toBe(ZERO_UUID);
    const config = (name: string) => made!.configs!.find((c) => c.name === name);
    expect(config('retention.ms')).toMatchObject({ value: '1000', configSource: 1 });
    expect(config('cleanup.policy')).toMatchObject({ value: 'delete', configSource: 5 });
  });

  it('puts replicas on a fenced broker only as followers, and not into the ISR', () => {
    const { answers, of } = probe({ horizonMs: 20_000 }, [createTopics(15_000, { a: { numPartitions: 4, replicationFactor: 3 } })], ['kill broker-2 at 1s']);
    expect(topicsOf(answers[0])[0]!.errorCode).toBe(0);
    const made = of('kafka.leaderElected').filter((e) => e.topic === 'a');
    expect(made).toHaveLength(4);
    for (const e of made) {
      expect(e.replicas.split(',')[2]).toBe('2');
      expect(e.isr).toBe(e.replicas.slice(0, 3));
    }
  });
});

describe('deleting topics', () => {
  it('by name and by id, not both, not neither, not twice', () => {
    const { answers, of } = probe({ topics: [TOPIC, { ...TOPIC, name: 'u' }, { ...TOPIC, name: 'v' }], horizonMs: 2_000 }, [
      describeTopics(100, ['t', 'u']),
      {
        atMs: 300,
        broker: 2,
        api: KEY.DeleteTopics,
        version: 6,
        body: (before: readonly Answer[]) => {
          const id = (i: number) => bodyOf<{ topics: DescribedTopic[] }>(before[0]).topics[i]!.topicId;
          const topics = [
            { name: null, topicId: id(0) },
            { name: 'u', topicId: id(1) },
            { name: null, topicId: ZERO_UUID },
            { name: 'nowhere', topicId: ZERO_UUID },
            { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAZw' },
            { name: 'v', topicId: ZERO_UUID },
            { name: 'v', topicId: ZERO_UUID },
          ];
          return { topics, topicNames: [], timeoutMs: 1_000 };
        },
      },
    ]);
    expect(errorsOf(answers[1])).toEqual([0, 42, 42, 3, 100, 42]);
    expect(of('kafka.topicDeleted').map((e) => e.topic)).toEqual(['t']);
  });

  it('takes the old form by names', () => {
    const { answers } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [{ atMs: 100, broker: 1, api: KEY.DeleteTopics, version: 5, body: { topics: [], topicNames: ['t', 'x'], timeoutMs: 1_000 } }]);
    expect(errorsOf(answers[0])).toEqual([0, 3]);
  });

  it('takes the logs from every broker, and a topic of the same name begins empty under another id', () => {
    const { answers, of, result } = probe({ topics: [TOPIC], horizonMs: 4_000 }, [
      describeTopics(50, ['t']),
      produce(100, L, 't'),
      deleteTopics(500, 't'),
      produce(700, L, 't'),
      createTopics(1_000, { t: { replicationFactor: 3 } }),
      describeTopics(1_500, ['t']),
    ]);
    expect(of('kafka.replicaDropped').map((e) => [e.process, e.logEndOffset])).toEqual(expect.arrayContaining([1, 2, 3].map((b) => [`broker-${b}`, 1])));
    expect(errorsOf(answers[3])).toEqual([3]);
    const [before, after] = [answers[0], answers[5]].map((a) => bodyOf<{ topics: DescribedTopic[] }>(a).topics[0]!);
    expect(after!.topicId).not.toBe(before!.topicId);
    expect(of('kafka.roleTaken').filter((e) => e.topic === 't' && e.timeUs > 1_000_000)).toEqual(
      expect.arrayContaining([expect.objectContaining({ logEndOffset: 0 }), expect.objectContaining({ logEndOffset: 0 })]),
    );
    expect(result.invariants.every((i) => i.held)).toBe(true);
  });

  it('fails who waits for an acknowledgement', () => {
    const follower = L === 3 ? 2 : 3;
    const { answers } = probe({ topics: [TOPIC], horizonMs: 5_000 }, [produce(1_000, L, 't'), deleteTopics(1_500, 't')], [`pause broker-${follower} at 500ms for 4s`]);
    expect(errorsOf(answers[0])).toEqual([3]);
    expect(answers[0]!.atMs).toBeLessThan(1_600);
  });
});

describe('adding partitions', () => {
  it.each([
    ['that the controller places', 3, null, 0],
    ['placed by hand', 2, [[3, 1, 2]], 0],
    ['fewer than there are', 1, null, 37],
    ['by hand, of another number', 3, [[1, 2, 3]], 39],
    ['by hand, of another size', 2, [[1, 2]], 39],
    ['by hand, on an unknown broker', 2, [[1, 2, 7]], 39],
  ])('%s', (_what, count, assignments, code) => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [createPartitions(100, 't', count, assignments)]);
    expect(errorsOf(answers[0])).toEqual([code]);
    expect(of('kafka.partitionsCreated').map((e) => [e.first, e.partitions])).toEqual(code === 0 ? [[1, count]] : []);
    expect(of('kafka.leaderElected').filter((e) => e.topic === 't' && e.timeUs > 0)).toHaveLength(code === 0 ? count - 1 : 0);
  });

  it('of a topic that is not there, or only as a check', () => {
    const { answers, of } = probe({ topics: [TOPIC], horizonMs: 1_000 }, [createPartitions(100, 'nowhere', 2), createPartitions(200, 't', 2, null, { validateOnly: true })]);
    expect([errorsOf(answers[0]), errorsOf(answers[1])]).toEqual([[3], [0]]);
    expect(of('kafka.partitionsCreated')).toEqual([]);
  });
});
