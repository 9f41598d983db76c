import { describe, expect, it } from 'vitest';
import { told, universe } from '../../../testing.ts';
import { probe, type Ask } from '../../probe.test-helper.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import { offsetsPartitionOf } from '../../broker/small.ts';

const topics = [{ name: 't', partitions: 6, replicationFactor: 3, minInsyncReplicas: 2 }];
const home = offsetsPartitionOf('g');
const C = probe({ topics, horizonMs: 10 }, [])
  .of('kafka.leaderElected')
  .find((e) => e.topic === '__consumer_offsets' && e.partition === home)!.leader;

const join = (memberId: string, over: object = {}) => ({
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 20_000,
  memberId,
  groupInstanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: new Uint8Array([0, 0]) }],
  reason: null,
  ...over,
});
const ask = (atMs: number, api: number, version: number, body: Ask['body'], on = 'a', broker = C): Ask => ({ atMs, broker, api, version, body, on });
const body = (a: unknown) => (a as { body: Record<string, never> }).body as Record<string, unknown>;

describe('a classic group', () => {
  it('gives a member id first, then waits three seconds for others (timeline E)', () => {
    const { answers, of } = probe({ topics, horizonMs: 12_000 }, [
      ask(100, KEY.JoinGroup, 5, join('')),
      ask(200, KEY.JoinGroup, 5, (a: readonly unknown[]) => join(body(a[0])['memberId'] as string)),
      ask(300, KEY.JoinGroup, 5, join(''), 'b'),
      ask(1_500, KEY.JoinGroup, 5, (a: readonly unknown[]) => join(body(a[2])['memberId'] as string), 'b'),
    ]);
    expect(body(answers[0])).toMatchObject({ errorCode: 79, generationId: -1 });
    // First join at 200 ms; a newcomer within the delay extends it once more by three seconds.
    expect(answers[1]!.atMs).toBeGreaterThan(6_200);
    expect(answers[1]!.atMs).toBeLessThan(6_210);
    expect(body(answers[1])).toMatchObject({ errorCode: 0, generationId: 1, leader: body(answers[1])['memberId'] });
    expect(body(answers[1])['members']).toHaveLength(2);
    expect(body(answers[3])['members']).toHaveLength(0);
    expect(of('group.stateChanged').map((e) => e.to)).toEqual(['PreparingRebalance', 'CompletingRebalance']);
  });

  it('refuses what does not fit, with Kafka’s errors', () => {
    const { answers } = probe({ topics, horizonMs: 9_000 }, [
      ask(100, KEY.JoinGroup, 5, join('', { sessionTimeoutMs: 100 })),
      ask(200, KEY.JoinGroup, 5, join('someone')),
      ask(300, KEY.JoinGroup, 5, join('', { groupInstanceId: 'static' })),
      ask(400, KEY.Heartbeat, 3, { groupId: 'g', generationId: 1, memberId: 'nobody', groupInstanceId: null }),
      ask(500, KEY.OffsetCommit, 5, {
        groupId: 'g',
        generationIdOrMemberEpoch: 3,
        memberId: 'nobody',
        groupInstanceId: null,
        retentionTimeMs: -1,
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 5, committedLeaderEpoch: -1, committedMetadata: null }] }],
      }),
      ask(600, KEY.JoinGroup, 5, join('', { groupId: '' })),
      ask(700, KEY.JoinGroup, 5, join(''), 'c', (C % 3) + 1),
    ]);
    expect(answers.slice(0, 4).map((a) => body(a)['errorCode'])).toEqual([26, 25, 35, 25]);
    expect(body(answers[4])).toMatchObject({ topics: [{ partitions: [{ errorCode: 22 }] }] });
    expect(body(answers[5])['errorCode']).toBe(24);
    expect(body(answers[6])['errorCode']).toBe(16);
  });

  it('keeps offsets committed from outside a group, and reads them back after the coordinator has moved', () => {
    const commit = {
      groupId: 'g',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [
        {
          name: 't',
          partitions: [
            { partitionIndex: 2, committedOffset: 41, committedLeaderEpoch: -1, committedMetadata: 'm' },
            { partitionIndex: 99, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: null },
          ],
        },
      ],
    };
    const fetch = { groupId: 'g', topics: [{ name: 't', partitionIndexes: [2, 3] }], requireStable: false };
    const elsewhere = [1, 2, 3].filter((b) => b !== C);
    const { answers } = probe(
      { topics, horizonMs: 30_000 },
      [ask(100, KEY.OffsetCommit, 5, commit), ask(500, KEY.OffsetFetch, 4, fetch), ...elsewhere.map((b) => ask(25_000, KEY.OffsetFetch, 4, fetch, 'later', b))],
      [`kill broker-${C} at 2s`],
    );
    expect(body(answers[0])).toMatchObject({ topics: [{ partitions: [{ errorCode: 0 }, { errorCode: 3 }] }] });
    const found = {
      errorCode: 0,
      topics: [
        {
          partitions: [
            { partitionIndex: 2, committedOffset: 41, metadata: 'm' },
            { partitionIndex: 3, committedOffset: -1 },
          ],
        },
      ],
    };
    expect(body(answers[1])).toMatchObject(found);
    const after = answers.slice(2).map(body);
    expect(after.filter((b) => b['errorCode'] === 16)).toHaveLength(1);
    expect(after.find((b) => b['errorCode'] === 0)).toMatchObject(found);
  });
});

describe('native members', () => {
  const cluster = {
    topics,
    horizonMs: 70_000,
    processes: [
      { name: 'writer', role: 'producer' },
      { name: 'one', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest' },
      { name: 'two', role: 'consumer', group: 'g', topics: ['t'], autoOffsetReset: 'earliest' },
    ],
    workloads: [{ process: 'writer', topic: 't', records: 300, everyUs: 200_000 }],
  };

  it('share the partitions by range, and commit what they have read', () => {
    const { of, result } = told(universe({ ...cluster, horizonMs: 20_000 }));
    const assigned = of('group.assigned');
    expect(assigned.map((e) => e.partitions).sort()).toEqual(['t-0,t-1,t-2', 't-3,t-4,t-5']);
    expect(of('offset.committed').length).toBeGreaterThan(3);
    expect(result.metrics.delivered).toBeGreaterThan(80);
  });

  it('are removed 45 s after their last heartbeat when they are killed (timeline F), and the rest take over', () => {
    const { of } = told(universe(cluster, ['kill two at 12s']));
    const left = of('group.memberLeft')[0]!;
    expect(left).toMatchObject({ client: 'two', reason: 'sessionExpired' });
    expect(left.timeUs).toBeGreaterThan(12_000_000 + 41_900_000);
    expect(left.timeUs).toBeLessThan(12_000_000 + 45_100_000);
    expect(of('group.assigned').at(-1)).toMatchObject({ client: 'one', generation: 2, partitions: 't-0,t-1,t-2,t-3,t-4,t-5' });
  });
});
