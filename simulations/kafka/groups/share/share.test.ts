import { describe, expect, it } from 'vitest';
import { batchOf } from '../../probe.test-helper.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import { Script, topicIdOf, type Fields } from '../script.test-helper.ts';

const ONE = [{ name: 't', partitions: 1, replicationFactor: 3, minInsyncReplicas: 2 }];
const T = topicIdOf('t', ONE);
const M = 'memberAmemberAmemberAA';
const N = 'memberBmemberBmemberBB';
const ACCEPT = 1;
const RELEASE = 2;
const REJECT = 3;

const ack = (firstOffset: number, lastOffset: number, ...acknowledgeTypes: number[]) => ({ firstOffset, lastOffset, acknowledgeTypes });
const parts = (acks: readonly Fields[], partitionMaxBytes: number) => [{ topicId: T, partitions: [{ partitionIndex: 0, partitionMaxBytes, acknowledgementBatches: acks }] }];

/** Asks the leader of t-0, which is `leader`. */
class ShareScript extends Script {
  readonly leader: number;

  constructor(leader: number) {
    super('g', T);
    this.leader = leader;
  }

  produce(atMs: number, count: number): this {
    const body = { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData: [{ name: 't', partitionData: [{ index: 0, records: [batchOf(count)] }] }] };
    return this.ask(`produce ${atMs}`, atMs, KEY.Produce, 9, body, 'producer', this.leader);
  }

  fetch(label: string, member: string, epoch: number, atMs: number, acks: readonly Fields[] = [], over: Fields = {}): this {
    const topics = epoch === 0 || acks.length > 0 ? parts(acks, epoch < 0 ? 0 : 1_048_576) : [];
    const body = { groupId: 'g', memberId: member, shareSessionEpoch: epoch, maxWaitMs: 400, minBytes: 1, maxBytes: 52_428_800, topics, forgottenTopicsData: [], ...over };
    return this.ask(label, atMs, KEY.ShareFetch, 0, body, member, this.leader);
  }

  acknowledge(label: string, member: string, epoch: number, atMs: number, acks: readonly Fields[]): this {
    return this.ask(label, atMs, KEY.ShareAcknowledge, 0, { groupId: 'g', memberId: member, shareSessionEpoch: epoch, topics: acks.length > 0 ? parts(acks, 0) : [] }, member, this.leader);
  }
}

const LEADER = new Script('g', T)
  .run({ topics: ONE, horizonMs: 50 })
  .of('kafka.leaderElected')
  .find((e) => e.topic === 't')!.leader;
/** The topic for the state of share groups is made when it is first needed: a first fetch, which comes back empty, sees to that. */
const script = () => new ShareScript(LEADER).fetch('first', 'memberPmemberPmemberPP', 0, 50, [], { maxWaitMs: 1 });
const EARLIEST = { topics: ONE, horizonMs: 12_000, cluster: { brokers: 3, config: { shareAutoOffsetReset: 'earliest' } } };

/** What a ShareFetch brought of t-0: [first, last, delivery count] each. */
function acquired(body: Fields): number[][] {
  const partition = (body['responses'] as { partitions: { acquiredRecords: { firstOffset: number; lastOffset: number; deliveryCount: number }[] }[] }[])[0]?.partitions[0];
  return (partition?.acquiredRecords ?? []).map((a) => [a.firstOffset, a.lastOffset, a.deliveryCount]);
}
const partition = (body: Fields) => (body['responses'] as { partitions: Fields[] }[])[0]!.partitions[0]!;

describe('a share partition', () => {
  it('gives each record to one member at a time, and moves on when all before are accepted', () => {
    const { got, of } = script()
      .produce(100, 5)
      .fetch('a', M, 0, 2_000)
      .produce(3_500, 3)
      .fetch('b', N, 0, 4_000)
      .fetch('b again', N, 1, 4_500)
      .fetch('a then', M, 1, 5_000, [ack(0, 4, ACCEPT)])
      .acknowledge('b done', N, 2, 6_000, [ack(5, 7, ACCEPT)])
      .run(EARLIEST);
    expect(acquired(got('a'))).toEqual([[0, 4, 1]]);
    expect(acquired(got('b'))).toEqual([[5, 7, 1]]);
    expect(got('b again')).toMatchObject({ errorCode: 0, responses: [] });
    expect(partition(got('a then'))).toMatchObject({ acknowledgeErrorCode: 0 });
    expect(partition(got('b done'))).toMatchObject({ errorCode: 0 });
    expect(of('share.acquired').map((e) => [e.member, e.firstOffset, e.lastOffset])).toEqual([
      [M, 0, 4],
      [N, 5, 7],
    ]);
    expect(of('share.startMoved').map((e) => [e.startOffset, e.inFlight])).toEqual([
      [5, 3],
      [8, 0],
    ]);
  });

  it('begins at the end for a new group, unless it is told otherwise', () => {
    const { got } = script()
      .produce(100, 5)
      .fetch('open', M, 0, 2_000)
      .produce(4_000, 2)
      .fetch('then', M, 1, 4_500)
      .run({ ...EARLIEST, cluster: { brokers: 3, config: {} } });
    expect(acquired(got('open'))).toEqual([]);
    expect(acquired(got('then'))).toEqual([[5, 6, 1]]);
  });

  it('delivers what is released again, gives up what is rejected, and keeps what is accepted', () => {
    const { got, of } = script()
      .produce(100, 4)
      .fetch('a', M, 0, 2_000)
      .fetch('a says', M, 1, 3_000, [ack(0, 3, ACCEPT, RELEASE, REJECT, ACCEPT)])
      .fetch('a then', M, 2, 3_100)
      .run(EARLIEST);
    // While that is being written the released record is not yet to be had, but the fetch does not wait for it either.
    expect(acquired(got('a says'))).toEqual([]);
    expect(acquired(got('a then'))).toEqual([[1, 1, 2]]);
    expect(of('share.acknowledged').map((e) => e.firstOffset)).toEqual([0, 3]);
    expect(of('share.released')).toMatchObject([{ firstOffset: 1, reason: 'released', member: M }]);
    expect(of('share.archived')).toMatchObject([{ firstOffset: 2, reason: 'rejected' }]);
    expect(of('share.startMoved')).toMatchObject([{ startOffset: 1 }]);
  });

  it('takes records back when the lock is over, and gives them up after five deliveries', () => {
    let s = script().produce(100, 1);
    for (let i = 0; i < 6; i++) s = s.fetch(`fetch ${i}`, M, i === 0 ? 0 : i, 2_000 + i * 2_500, [], { maxWaitMs: 1 });
    const { got, of } = s.run({ ...EARLIEST, horizonMs: 20_000, cluster: { brokers: 3, config: { shareAutoOffsetReset: 'earliest', groupShareRecordLockDurationMs: 2_000 } } });
    const counts = ['fetch 0', 'fetch 1', 'fetch 2', 'fetch 3', 'fetch 4', 'fetch 5'].flatMap((l) => acquired(got(l)).map((a) => a[2]));
    expect(counts).toEqual([1, 2, 3, 4, 5]);
    expect(of('share.released').map((e) => e.reason)).toEqual(Array(4).fill('lockTimeout'));
    expect(of('share.archived')).toMatchObject([{ firstOffset: 0, reason: 'deliveryLimit', deliveryCount: 5 }]);
    const [took, back] = [of('share.acquired')[0]!, of('share.released')[0]!];
    expect(back.timeUs - took.timeUs).toBe(2_000_000);
  });

  it('holds a fetch until there is something to take, or the wait is over', () => {
    const { when, got } = script().fetch('open', M, 0, 1_000, [], { maxWaitMs: 300 }).fetch('waits', M, 1, 4_000, [], { maxWaitMs: 5_000 }).produce(6_000, 2).run(EARLIEST);
    expect(when('open')!).toBeGreaterThan(1_300);
    expect(acquired(got('waits'))).toEqual([[0, 1, 1]]);
    expect(when('waits')! - 6_000).toBeLessThan(50);
  });

  it('fetches no more while too many records are in flight', () => {
    const { got } = script()
      .produce(100, 150)
      .fetch('a', M, 0, 2_000)
      .produce(3_000, 10)
      .fetch('over', M, 1, 3_500)
      .acknowledge('some', M, 2, 4_000, [ack(0, 60, ACCEPT)])
      .fetch('then', M, 3, 4_500)
      .run({ ...EARLIEST, cluster: { brokers: 3, config: { shareAutoOffsetReset: 'earliest', groupSharePartitionMaxRecordLocks: 100 } } });
    expect(acquired(got('a'))).toEqual([[0, 149, 1]]);
    expect(acquired(got('over'))).toEqual([]);
    expect(acquired(got('then'))).toEqual([[150, 159, 1]]);
  });

  it('takes back all that a member has when it closes its session', () => {
    const { got, of } = script()
      .produce(100, 4)
      .fetch('a', M, 0, 2_000)
      .fetch('close', M, -1, 3_000, [ack(0, 0, ACCEPT)])
      .fetch('b', N, 0, 4_000)
      .run(EARLIEST);
    expect(got('close')).toMatchObject({ errorCode: 0 });
    expect(of('share.released')).toMatchObject([{ firstOffset: 1, lastOffset: 3, reason: 'sessionClosed' }]);
    expect(acquired(got('b'))).toEqual([
      [1, 1, 2],
      [2, 2, 2],
      [3, 3, 2],
    ]);
  });

  it('refuses what does not fit: sessions, epochs, ranges and records of others', () => {
    const { error, got } = script()
      .produce(100, 4)
      .fetch('no session', M, 3, 1_500)
      .acknowledge('no session to acknowledge', M, 3, 1_600, [ack(0, 0, ACCEPT)])
      .fetch('acknowledges at once', N, 0, 1_700, [ack(0, 0, ACCEPT)])
      .fetch('a', M, 0, 2_000)
      .fetch('wrong epoch', M, 5, 2_500)
      .acknowledge('at the first epoch', M, 0, 2_600, [ack(0, 0, ACCEPT)])
      .fetch('b', N, 0, 2_700, [], { maxWaitMs: 1 })
      .acknowledge('of another', N, 1, 3_000, [ack(0, 0, ACCEPT)])
      .acknowledge('past the end', M, 1, 3_100, [ack(3, 9, ACCEPT)])
      .acknowledge('upside down', M, 2, 3_200, [ack(3, 1, ACCEPT)])
      .acknowledge('too few types', M, 3, 3_300, [ack(0, 3, ACCEPT, ACCEPT)])
      .acknowledge('no such type', M, 4, 3_400, [ack(0, 3, 9)])
      .acknowledge('well', M, 5, 3_500, [ack(0, 3, ACCEPT)])
      .acknowledge('twice', M, 6, 3_600, [ack(0, 3, ACCEPT)])
      .fetch('closes what is not open', 'memberCmemberCmemberCC', -1, 3_700)
      .run(EARLIEST);
    expect(['no session', 'no session to acknowledge', 'acknowledges at once', 'wrong epoch', 'at the first epoch', 'closes what is not open'].map(error)).toEqual([122, 122, 42, 123, 123, 122]);
    const of = (label: string) => partition(got(label))['errorCode'];
    expect(['of another', 'past the end', 'upside down', 'too few types', 'no such type', 'well'].map(of)).toEqual([121, 42, 42, 42, 42, 0]);
    // It is behind the start by now, and no error.
    expect(of('twice')).toBe(0);
  });

  it('says who leads when another broker does, and knows no partition of a topic that is not there', () => {
    const other = [1, 2, 3].find((b) => b !== LEADER)!;
    const unknown = [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [{ partitionIndex: 0, partitionMaxBytes: 100, acknowledgementBatches: [] }] }];
    const { got } = script()
      .ask(
        'elsewhere',
        1_000,
        KEY.ShareFetch,
        0,
        { groupId: 'g', memberId: M, shareSessionEpoch: 0, maxWaitMs: 1, minBytes: 1, maxBytes: 1_000, topics: parts([], 1_000), forgottenTopicsData: [] },
        'x',
        other,
      )
      .fetch('nowhere', M, 0, 1_100, [], { topics: unknown })
      .run(EARLIEST);
    expect(partition(got('elsewhere'))).toMatchObject({ errorCode: 6, currentLeader: { leaderId: LEADER } });
    expect(got('elsewhere')['nodeEndpoints']).toMatchObject([{ nodeId: LEADER }]);
    expect(partition(got('nowhere'))).toMatchObject({ errorCode: 100 });
  });

  it('comes back on another leader from what its share coordinator kept: accepted stays accepted, what was locked is delivered again', () => {
    let s = script()
      .produce(100, 6)
      .fetch('a', M, 0, 2_000)
      .fetch('a says', M, 1, 3_000, [ack(0, 1, ACCEPT), ack(4, 4, RELEASE)], { maxWaitMs: 1 })
      .fetch('a then', M, 2, 3_100, [], { maxWaitMs: 1 });
    for (const b of [1, 2, 3].filter((x) => x !== LEADER)) {
      const body = { groupId: 'g', memberId: N, shareSessionEpoch: 0, maxWaitMs: 4_000, minBytes: 1, maxBytes: 52_428_800, topics: parts([], 1_000_000), forgottenTopicsData: [] };
      s = s.ask(`b at ${b}`, 25_000, KEY.ShareFetch, 0, body, `b${b}`, b);
    }
    const { got, of } = s.run({ ...EARLIEST, horizonMs: 32_000 }, [`kill broker-${LEADER} at 5s`]);
    // Offset 4 was released and at once taken again.
    expect(acquired(got('a then'))).toEqual([[4, 4, 2]]);
    const now = of('kafka.leaderElected')
      .filter((e) => e.topic === 't')
      .at(-1)!.leader;
    expect(now).not.toBe(LEADER);
    // Locks are not kept: 2, 3 and 5 count as never delivered, 4 as delivered once.
    expect(acquired(got(`b at ${now}`))).toEqual([
      [2, 3, 1],
      [4, 4, 2],
      [5, 5, 1],
    ]);
  });

  it('is told of once, whenever its leader dies: what was written and not told is told by the next', () => {
    const tellers = new Set<string>();
    for (let ms = 3_000; ms < 3_012; ms++) {
      let s = script()
        .produce(100, 2)
        .fetch('a', M, 0, 2_000)
        .fetch('a says', M, 1, 3_000, [ack(0, 1, ACCEPT)], { maxWaitMs: 1 });
      for (const b of [1, 2, 3].filter((x) => x !== LEADER)) {
        const body = { groupId: 'g', memberId: N, shareSessionEpoch: 0, maxWaitMs: 4_000, minBytes: 1, maxBytes: 52_428_800, topics: parts([], 1_000_000), forgottenTopicsData: [] };
        s = s.ask(`b at ${b}`, 25_000, KEY.ShareFetch, 0, body, `b${b}`, b);
      }
      const { of } = s.run({ ...EARLIEST, horizonMs: 32_000 }, [`kill broker-${LEADER} at ${ms}ms`]);
      const told = of('share.acknowledged');
      const again = of('share.acquired').filter((e) => e.member === N);
      expect([...told, ...again].map((e) => [e.firstOffset, e.lastOffset])).toEqual([[0, 1]]);
      for (const e of told) tellers.add(e.process === `broker-${LEADER}` ? 'the old leader' : `the next, of ${e.member === M ? 'the member' : e.member}`);
      if (again.length > 0) tellers.add('nobody');
    }
    expect([...tellers].sort()).toEqual(['nobody', 'the next, of the member', 'the old leader']);
  });
});

describe('share sessions', () => {
  const member = (i: number) => `member${String.fromCharCode(65 + i)}`.padEnd(22, 'A');

  it('are as many as the members of ten full groups; one more finds no room until one is closed or has lain idle for two minutes', () => {
    const s = script();
    // With the one that the script itself opens these are ten.
    for (let i = 0; i < 9; i++) s.fetch(`open ${i}`, member(i), 0, 1_000 + i, [], { maxWaitMs: 1 });
    const { error } = s
      .fetch('one more', M, 0, 2_000, [], { maxWaitMs: 1 })
      .fetch('its next', M, 1, 2_100, [], { maxWaitMs: 1 })
      .fetch('another group', N, 0, 2_200, [], { groupId: 'h', maxWaitMs: 1 })
      .fetch('anew', member(0), 0, 2_300, [], { maxWaitMs: 1 })
      .fetch('closes', member(1), -1, 2_400, [], { maxWaitMs: 1 })
      .fetch('one more now', M, 0, 2_500, [], { maxWaitMs: 1 })
      .fetch('goes on', member(2), 1, 100_000, [], { maxWaitMs: 1 })
      .fetch('too early', N, 0, 119_000, [], { maxWaitMs: 1 })
      .fetch('in time', N, 0, 125_000, [], { maxWaitMs: 1 })
      .fetch('has gone on', member(2), 2, 126_000, [], { maxWaitMs: 1 })
      .fetch('has lost its own', 'memberPmemberPmemberPP', 1, 126_100, [], { maxWaitMs: 1 })
      .run({ topics: ONE, horizonMs: 130_000, cluster: { brokers: 3, config: { groupShareMaxSize: 1 } } });
    const labels = ['open 8', 'one more', 'its next', 'another group', 'anew', 'closes', 'one more now', 'goes on', 'too early', 'in time', 'has gone on', 'has lost its own'];
    expect(labels.map(error)).toEqual([0, 122, 122, 122, 0, 0, 0, 0, 122, 0, 0, 122]);
  });
});

describe('a share group', () => {
  const beat = (memberId: string, memberEpoch: number, over: Fields = {}) => ({ groupId: 'g', memberId, memberEpoch, rackId: null, subscribedTopicNames: memberEpoch === 0 ? ['t'] : null, ...over });

  it('assigns every partition to every member, keeps its kind, and is described', () => {
    const s = script();
    const { got, error, of } = s
      .ask('a', 100, KEY.ShareGroupHeartbeat, 0, beat(M, 0))
      .ask('b', 200, KEY.ShareGroupHeartbeat, 0, beat(N, 0))
      .ask('a then', 300, KEY.ShareGroupHeartbeat, 0, beat(M, 1))
      .ask('a late', 350, KEY.ShareGroupHeartbeat, 0, beat(M, 1))
      .ask('a wrong', 400, KEY.ShareGroupHeartbeat, 0, beat(M, 9))
      .ask('stranger', 410, KEY.ShareGroupHeartbeat, 0, beat('x', 2))
      .ask('no topics', 420, KEY.ShareGroupHeartbeat, 0, beat('x', 0, { subscribedTopicNames: null }))
      .ask('describe', 500, KEY.ShareGroupDescribe, 0, { groupIds: ['g'], includeAuthorizedOperations: false })
      .ask('list', 510, KEY.ListGroups, 5, { statesFilter: [], typesFilter: ['share'] })
      .ask('no group', 510, KEY.ShareGroupHeartbeat, 0, beat(M, 1, { groupId: 'no-group' }))
      .ask('leaves no group', 515, KEY.ShareGroupHeartbeat, 0, beat(M, -1, { groupId: 'no-group' }))
      .subscribe('consumer', 520)
      .enter('classic', 530)
      .commit('offsets', null, 600)
      .ask('b leaves', 700, KEY.ShareGroupHeartbeat, 0, beat(N, -1))
      .run({ topics: ONE, horizonMs: 50_000 });
    expect(got('a')).toMatchObject({ errorCode: 0, memberEpoch: 1, heartbeatIntervalMs: 5_000, assignment: { topicPartitions: [{ topicId: T, partitions: [0] }] } });
    expect(got('b')).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [{ partitions: [0] }] } });
    expect(got('a then')).toMatchObject({ memberEpoch: 2, assignment: null });
    expect(error('a late')).toBe(0);
    expect(['a wrong', 'stranger', 'no topics', 'consumer', 'classic id', 'offsets'].map(error)).toEqual([110, 25, 42, 69, 23, 69]);
    expect(['no group', 'leaves no group'].map(error)).toEqual([-1, 69]);
    expect(got('no group')).toMatchObject({ errorMessage: null, memberId: null });
    expect(got('describe')['groups']).toMatchObject([
      {
        groupState: 'Stable',
        groupEpoch: 2,
        assignorName: 'simple',
        members: [{ memberId: M, memberEpoch: 2, assignment: { topicPartitions: [{ topicName: 't', partitions: [0] }] } }, { memberId: N }],
      },
    ]);
    expect(got('list')['groups']).toMatchObject([{ groupId: 'g', groupType: 'share', protocolType: 'share', groupState: 'Stable' }]);
    expect(of('group.memberLeft').map((e) => [e.member, e.reason])).toEqual([
      [N, 'left'],
      [M, 'sessionExpired'],
    ]);
  });

  it('tells which broker keeps the state of a share partition', () => {
    const find = (key: string) => ({ keyType: 2, coordinatorKeys: [key] });
    const { got } = script()
      .fetch('open', M, 0, 100)
      .ask('keeper', 5_000, KEY.FindCoordinator, 6, find(`g:${T}:0`))
      .ask('wrong', 5_100, KEY.FindCoordinator, 6, find('g'))
      .run(EARLIEST);
    expect((got('keeper')['coordinators'] as Fields[])[0]).toMatchObject({ errorCode: 0, nodeId: expect.any(Number) as number });
    expect((got('wrong')['coordinators'] as Fields[])[0]).toMatchObject({ errorCode: 42 });
  });
});
