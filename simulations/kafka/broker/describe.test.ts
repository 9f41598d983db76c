// What a broker tells of partitions, a page at a time.
import { describe, expect, it } from 'vitest';
import { bodyOf, createAcls, deleteAcls, describeAcls, describeLogDirs, describeTopics, errorsOf, TOPIC } from '../admin.test-helper.ts';
import { probe } from '../probe.test-helper.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import type { CreateAclsResponse, DeleteAclsResponse, DescribeAclsResponse, DescribeLogDirsResponse, DescribeTopicPartitionsResponse } from '../protocol/adminMessages.ts';

const topics = [
  { ...TOPIC, name: 'b', partitions: 3 },
  { ...TOPIC, name: 'a', partitions: 2 },
];
/** Each topic with the numbers of the partitions told. */
const pages = (answer: Parameters<typeof bodyOf>[0]) => {
  const { topics: told, nextCursor } = bodyOf<DescribeTopicPartitionsResponse>(answer);
  return { told: told.map((t) => `${t.name} ${t.partitions.map((p) => p.partitionIndex).join(',')}`), nextCursor };
};

describe('DescribeTopicPartitions', () => {
  it('tells topics in order of their names, each with its partitions', () => {
    const { answers } = probe({ topics, horizonMs: 1_000 }, [describeTopics(100, ['b', 'a']), describeTopics(100, [])]);
    expect(pages(answers[0])).toEqual({ told: ['a 0,1', 'b 0,1,2'], nextCursor: null });
    expect(pages(answers[1]).told.map((t) => t.split(' ')[0])).toEqual(['__consumer_offsets', 'a', 'b']);
    const [a] = bodyOf<DescribeTopicPartitionsResponse>(answers[0]).topics;
    expect(a).toMatchObject({ errorCode: 0, isInternal: false });
    expect(a!.topicId).not.toBe(ZERO_UUID);
    expect(a!.partitions[0]).toMatchObject({ errorCode: 0, leaderEpoch: 0, eligibleLeaderReplicas: [], lastKnownElr: [], offlineReplicas: [] });
    expect(a!.partitions[0]!.isrNodes).toEqual(a!.partitions[0]!.replicaNodes);
  });

  it('goes on where the cursor of the last page points', () => {
    const page = (cursor: object | null, responsePartitionLimit: number) => describeTopics(100, ['a', 'b', 'c'], { cursor, responsePartitionLimit });
    const at = (topicName: string, partitionIndex: number) => ({ topicName, partitionIndex });
    const { answers } = probe({ topics, horizonMs: 1_000 }, [page(null, 1), page(at('a', 1), 1), page(at('b', 0), 2), page(at('b', 2), 9)]);
    expect(answers.map(pages)).toEqual([
      { told: ['a 0'], nextCursor: at('a', 1) },
      { told: ['a 1'], nextCursor: at('b', 0) },
      { told: ['b 0,1'], nextCursor: at('b', 2) },
      { told: ['b 2', 'c '], nextCursor: null },
    ]);
  });

  it('says which topics it does not know, and which names cannot be', () => {
    const { answers } = probe({ topics, horizonMs: 1_000 }, [describeTopics(100, ['nowhere', 'no spaces'])]);
    expect(errorsOf(answers[0])).toEqual([17, 3]);
  });

  it('tells of a partition without a leader, and which replicas are down', () => {
    const [first] = probe({ topics, horizonMs: 10 }, [])
      .of('kafka.leaderElected')
      .filter((e) => e.topic === 'b');
    const [leader, ...followers] = first!.replicas.split(',').map(Number) as [number, number, number];
    const { answers } = probe({ topics, horizonMs: 15_000 }, [{ ...describeTopics(14_000, ['b']), broker: followers[0]! }], [`kill broker-${leader} at 1s`]);
    const [p] = bodyOf<DescribeTopicPartitionsResponse>(answers[0]).topics[0]!.partitions;
    expect(p).toMatchObject({ leaderId: followers[0], leaderEpoch: 1, isrNodes: followers, offlineReplicas: [leader] });
  });
});

describe('DescribeLogDirs', () => {
  const processes = [{ name: 'writer', role: 'producer' }];
  const workloads = [{ process: 'writer', topic: 'a', records: 40, startMs: 100, everyUs: 10_000, keys: 8 }];
  const all = { 1: describeLogDirs(2_000, null), 2: describeLogDirs(2_000, null, 2), 3: describeLogDirs(2_000, null, 3) };
  const { answers, of } = probe({ topics, processes, workloads, horizonMs: 3_000 }, [...Object.values(all), describeLogDirs(2_000, { a: [1], nowhere: [0] })]);
  const told = answers.map((a) => bodyOf<DescribeLogDirsResponse>(a).results[0]!.topics);

  it('tells of every partition on a broker how many bytes it has', () => {
    for (const [i, topicsOf] of told.slice(0, 3).entries()) {
      for (const partition of [0, 1]) {
        const appended = of('kafka.append').filter((e) => e.process === `broker-${i + 1}` && e.topic === 'a' && e.partition === partition);
        const { partitionSize, offsetLag, isFutureKey } = topicsOf.find((t) => t.name === 'a')!.partitions[partition]!;
        expect(partitionSize).toBe(appended.reduce((sum, e) => sum + e.bytes, 0));
        expect([offsetLag, isFutureKey]).toEqual([0, false]);
      }
    }
  });

  it('tells only of what was asked and is there', () => {
    expect(told[3]!.map((t) => [t.name, t.partitions.map((p) => p.partitionIndex)])).toEqual([['a', [1]]]);
  });
});

it('has no access control lists: there is no authorizer', () => {
  const { answers } = probe({ topics, horizonMs: 1_000 }, [describeAcls(100), createAcls(100), deleteAcls(100)]);
  expect(bodyOf<DescribeAclsResponse>(answers[0])).toMatchObject({ errorCode: 54, resources: [] });
  expect(bodyOf<CreateAclsResponse>(answers[1]).results.map((r) => r.errorCode)).toEqual([54]);
  expect(bodyOf<DeleteAclsResponse>(answers[2]).filterResults.map((r) => [r.errorCode, r.matchingAcls])).toEqual([[54, []]]);
});
