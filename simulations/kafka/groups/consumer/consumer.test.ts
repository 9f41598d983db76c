import { describe, expect, it } from 'vitest';
import { KEY } from '../../protocol/apiKeys.ts';
import { partitionsOf, Script, TOPICS, topicIdOf, type Fields } from '../script.test-helper.ts';

const FOUR = [{ ...TOPICS[0]!, partitions: 4 }];
const T = topicIdOf('t');
const script = () => new Script('g', T);
const HORIZON = { horizonMs: 12_000, topics: FOUR };

describe('a consumer group of KIP-848', () => {
  it('gives the first member everything and moves half of it to the second, step by step, while the first reads on (timeline H)', () => {
    const { got, of, states } = script()
      .subscribe('a', 100)
      .beat('a 1', 'a', 1, 1_000, [0, 1, 2, 3])
      .subscribe('b', 2_000)
      .beat('a 2', 'a', 1, 6_000)
      .beat('b 2', 'b', 2, 6_500)
      .beat('a 3', 'a', 1, 6_600, [0, 1])
      .beat('b 3', 'b', 2, 11_500)
      .run(HORIZON);
    const told = (label: string) => [got(label)['memberEpoch'], partitionsOf(got(label))];
    expect(told('a')).toEqual([1, [0, 1, 2, 3]]);
    expect(told('a 1')).toEqual([1, null]);
    expect(told('b')).toEqual([2, []]);
    expect(told('a 2')).toEqual([1, [0, 1]]);
    expect(told('b 2')).toEqual([2, null]);
    expect(told('a 3')).toEqual([2, null]);
    expect(told('b 3')).toEqual([2, [2, 3]]);
    expect(of('group.memberReconciled').map((e) => [e.member, e.epoch, e.state, e.assigned, e.pendingRevocation])).toEqual([
      ['a', 1, 'STABLE', 't-0,t-1,t-2,t-3', ''],
      ['b', 2, 'UNRELEASED_PARTITIONS', '', ''],
      ['a', 1, 'UNREVOKED_PARTITIONS', 't-0,t-1', 't-2,t-3'],
      // The epoch it came from is now that of its first answer.
      ['b', 2, 'UNRELEASED_PARTITIONS', '', ''],
      ['a', 2, 'STABLE', 't-0,t-1', ''],
      ['b', 2, 'STABLE', 't-2,t-3', ''],
    ]);
    expect(states().map((e) => [e.from, e.to, e.generation])).toEqual([
      ['Empty', 'Stable', 1],
      ['Stable', 'Reconciling', 2],
      ['Reconciling', 'Stable', 2],
    ]);
    expect(of('group.epochBumped').map((e) => [e.epoch, e.reason])).toEqual([
      [1, 'joined'],
      [2, 'joined'],
    ]);
  });

  it('tells members how often to send heartbeats, and removes one that is silent for the session timeout', () => {
    const { got, of, error } = script()
      .subscribe('a', 100)
      .subscribe('b', 200)
      .beat('late', 'a', 1, 46_000)
      .run({ horizonMs: 50_000, cluster: { config: { groupConsumerSessionTimeoutMs: 45_000 } } });
    expect(got('a')['heartbeatIntervalMs']).toBe(5_000);
    expect(of('group.memberLeft').map((e) => [e.member, e.reason, e.timeUs / 1_000_000])).toEqual([
      ['a', 'sessionExpired', expect.closeTo(45.1, 1)],
      ['b', 'sessionExpired', expect.closeTo(45.2, 1)],
    ]);
    expect(error('late')).toBe(25);
  });

  it('fences a member that has not given up its partitions by its rebalance timeout', () => {
    const { of, error } = script()
      .subscribe('a', 100, { rebalanceTimeoutMs: 6_000 })
      .subscribe('b', 1_000)
      .beat('told', 'a', 1, 2_000)
      .beat('still there', 'a', 1, 7_000, [0, 1, 2, 3])
      .beat('too late', 'a', 1, 8_500, [0, 1])
      .beat('b then', 'b', 2, 9_000)
      .run(HORIZON);
    expect(error('still there')).toBe(0);
    expect(of('group.memberLeft').map((e) => [e.member, e.reason, e.timeUs / 1_000_000])).toEqual([['a', 'rebalanceTimeout', expect.closeTo(8, 1)]]);
    expect(error('too late')).toBe(25);
    expect(of('group.memberReconciled').at(-1)).toMatchObject({ member: 'b', epoch: 3, assigned: 't-0,t-1,t-2,t-3' });
  });

  it('accepts the epoch before as long as the member owns no more than it was given, and no other', () => {
    const { got, error } = script()
      .subscribe('a', 100)
      .subscribe('again', 200, { memberId: 'a' })
      .beat('ahead', 'a', 7, 300)
      .subscribe('b', 1_000)
      .beat('a told', 'a', 1, 2_000)
      .beat('a gave up', 'a', 1, 3_000, [0, 1])
      .beat('the answer was lost', 'a', 1, 4_000, [0, 1])
      .beat('it says nothing of what it owns', 'a', 1, 5_000)
      .beat('it owns more', 'a', 1, 6_000, [0, 1, 2])
      .run(HORIZON);
    expect(got('again')).toMatchObject({ errorCode: 0, memberEpoch: 1 });
    expect(error('ahead')).toBe(110);
    expect(got('the answer was lost')).toMatchObject({ errorCode: 0, memberEpoch: 2 });
    expect(error('it says nothing of what it owns')).toBe(110);
    expect(error('it owns more')).toBe(110);
  });

  it('lets members leave at once, and a static one for a while, whose place another run of it takes over without a rebalance', () => {
    const { got, of, error } = script()
      .subscribe('a', 100, { instanceId: 'one' })
      .subscribe('b', 200)
      .subscribe('thief', 300, { instanceId: 'one' })
      .beat('a told', 'a', 1, 400, null, { instanceId: 'one' })
      .beat('a gave up', 'a', 1, 500, [0, 1], { instanceId: 'one' })
      .beat('b has', 'b', 2, 600)
      .beat('a away', 'a', -2, 1_000, null, { instanceId: 'one' })
      .beat('a by mistake', 'a', 2, 1_100, null, { instanceId: 'one' })
      .subscribe('a2', 3_000, { instanceId: 'one' })
      .beat('the old a', 'a', 2, 3_100, null, { instanceId: 'one' })
      .beat('b meanwhile', 'b', 2, 3_200)
      .beat('b leaves', 'b', -1, 4_000)
      .beat('a2 then', 'a2', 2, 5_000, null, { instanceId: 'one' })
      .run(HORIZON);
    expect(error('thief')).toBe(111);
    expect(got('a away')).toMatchObject({ errorCode: 0, memberEpoch: -2 });
    expect(error('a by mistake')).toBe(110);
    expect([got('a2')['memberEpoch'], partitionsOf(got('a2'))]).toEqual([2, [0, 1]]);
    expect(error('the old a')).toBe(82);
    expect(got('b meanwhile')).toMatchObject({ errorCode: 0, memberEpoch: 2, assignment: null });
    expect(of('group.memberReplaced')).toMatchObject([{ instance: 'one', was: 'a', member: 'a2' }]);
    expect(got('b leaves')).toMatchObject({ errorCode: 0, memberEpoch: -1 });
    expect([got('a2 then')['memberEpoch'], partitionsOf(got('a2 then'))]).toEqual([3, [0, 1, 2, 3]]);
  });

  it('removes a static member that stays away for longer than its session', () => {
    const { of } = script()
      .subscribe('a', 100, { instanceId: 'one' })
      .beat('away', 'a', -2, 1_000, null, { instanceId: 'one' })
      .run({ horizonMs: 8_000, cluster: { config: { groupConsumerSessionTimeoutMs: 5_000 } } });
    expect(of('group.memberLeft').map((e) => [e.reason, e.timeUs / 1_000_000])).toEqual([['sessionExpired', expect.closeTo(5.1, 1)]]);
  });

  it('refuses what a request may not say, each with its error', () => {
    const { error } = script()
      .subscribe('no id', 100, { memberId: '' })
      .subscribe('no group', 110, { groupId: '' })
      .subscribe('no timeout', 120, { rebalanceTimeoutMs: -1 })
      .subscribe('owns at once', 130, { topicPartitions: null })
      .subscribe('no subscription', 140, { subscribedTopicNames: null })
      .subscribe('empty instance', 150, { instanceId: ' ' })
      .beat('dynamic but away', 'x', -2, 160)
      .beat('no such epoch', 'x', -3, 170)
      .subscribe('assignor', 180, { serverAssignor: 'sticky' })
      .beat('no such group', 'x', 1, 190)
      .beat('leaves no group', 'x', -1, 200)
      .subscribe('a', 300)
      .beat('stranger leaves', 'x', -1, 410)
      .subscribe('one too many', 430)
      .run({ ...HORIZON, cluster: { config: { groupConsumerMaxSize: 1 } } });
    const seen = (...labels: string[]) => labels.map(error);
    expect(seen('no id', 'no group', 'no timeout', 'owns at once', 'no subscription', 'empty instance', 'dynamic but away', 'no such epoch')).toEqual(Array(8).fill(42));
    expect(seen('assignor', 'no such group', 'leaves no group', 'stranger leaves', 'one too many')).toEqual([112, 69, 69, 25, 81]);
  });

  it('does not know a member or static member that has not joined', () => {
    const { error } = script().subscribe('a', 100).beat('stranger', 'x', 1, 200).beat('static stranger', 'x', 1, 300, null, { instanceId: 'one' }).run(HORIZON);
    expect([error('stranger'), error('static stranger')]).toEqual([25, 25]);
  });

  it('gives an id to a member of version 0, which brings none', () => {
    const { got } = script()
      .ask('a', 100, KEY.ConsumerGroupHeartbeat, 0, {
        groupId: 'g',
        memberId: '',
        memberEpoch: 0,
        instanceId: null,
        rackId: null,
        rebalanceTimeoutMs: 20_000,
        subscribedTopicNames: ['t'],
        subscribedTopicRegex: null,
        serverAssignor: null,
        topicPartitions: [],
      })
      .run(HORIZON);
    expect(got('a')['memberId']).toMatch(/^[\w-]{22}$/);
  });

  it('takes the assignor that most members name: range keeps numbers together, uniform only counts', () => {
    const two = [
      { ...TOPICS[0]!, partitions: 3 },
      { ...TOPICS[0]!, name: 'u', partitions: 3 },
    ];
    const target = (serverAssignor: string | null) =>
      script()
        .subscribe('a', 100, { subscribedTopicNames: ['u', 't'], serverAssignor })
        .subscribe('b', 200, { subscribedTopicNames: ['t', 'u'], serverAssignor })
        .run({ horizonMs: 2_000, topics: two })
        .of('group.targetComputed')
        .at(-1)!;
    const sizes = (text: string): Record<string, string[]> => Object.fromEntries(text.split(';').map((m) => [m.split('=')[0], m.split('=')[1]!.split(',').sort()]));
    expect(target('range')).toMatchObject({ assignor: 'range', epoch: 2 });
    expect(sizes(target('range').target)).toEqual({ a: ['t-0', 't-1', 'u-0', 'u-1'], b: ['t-2', 'u-2'] });
    expect(target(null).assignor).toBe('uniform');
    expect(Object.values(sizes(target(null).target)).map((l) => l.length)).toEqual([3, 3]);
  });

  it('comes back from its log when its coordinator dies, epochs and assignments unchanged, and unfinished moves go on', () => {
    const s = script().subscribe('a', 100).subscribe('b', 200).beat('a told', 'a', 1, 1_000);
    for (const b of [1, 2, 3].filter((x) => x !== s.coordinator)) {
      s.ask(`described by ${b}`, 25_000, KEY.ConsumerGroupDescribe, 1, { groupIds: ['g'], includeAuthorizedOperations: false }, `d${b}`, b);
      s.ask(`a at ${b}`, 26_000, KEY.ConsumerGroupHeartbeat, 1, { ...heartbeat('a', 1), topicPartitions: [{ topicId: T, partitions: [0, 1, 2] }] }, `a${b}`, b);
      s.ask(`b at ${b}`, 27_000, KEY.ConsumerGroupHeartbeat, 1, heartbeat('b', 2), `b${b}`, b);
    }
    const { got, of } = s.run({ horizonMs: 30_000 }, [`kill broker-${s.coordinator} at 2s`]);
    const after = of('group.loaded').at(-1)!;
    const now = Number(after.process.slice(-1));
    expect(after).toMatchObject({ group: 'g', state: 'Reconciling', epoch: 2, members: 2 });
    expect((got(`described by ${now}`)['groups'] as Fields[])[0]).toMatchObject({
      errorCode: 0,
      groupState: 'Reconciling',
      groupEpoch: 2,
      assignmentEpoch: 2,
      assignorName: 'uniform',
      members: [
        {
          memberId: 'a',
          memberEpoch: 1,
          memberType: 1,
          assignment: { topicPartitions: [{ topicId: T, topicName: 't', partitions: [0, 1, 2] }] },
          targetAssignment: { topicPartitions: [{ partitions: [0, 1, 2] }] },
        },
        { memberId: 'b', memberEpoch: 2, assignment: { topicPartitions: [] }, targetAssignment: { topicPartitions: [{ partitions: [3, 4, 5] }] } },
      ],
    });
    expect(got(`a at ${now}`)).toMatchObject({ errorCode: 0, memberEpoch: 2 });
    expect(partitionsOf(got(`b at ${now}`))).toEqual([3, 4, 5]);
    const other = [1, 2, 3].find((b) => b !== now && b !== s.coordinator)!;
    expect(got(`a at ${other}`)['errorCode']).toBe(16);
    expect((got(`described by ${other}`)['groups'] as Fields[])[0]!['errorCode']).toBe(16);
  });

  it('assigns new topics as soon as they exist', () => {
    const { of, got } = script()
      .subscribe('a', 100, { subscribedTopicNames: ['new'] })
      .ask('create', 1_000, KEY.CreateTopics, 7, { topics: [{ name: 'new', numPartitions: 2, replicationFactor: 3, assignments: [], configs: [] }], timeoutMs: 5_000, validateOnly: false })
      .beat('a then', 'a', 1, 5_000)
      .run(HORIZON);
    expect(got('a')).toMatchObject({ memberEpoch: 1, assignment: { topicPartitions: [] } });
    expect([got('a then')['memberEpoch'], partitionsOf(got('a then'))]).toEqual([2, [0, 1]]);
    expect(of('group.epochBumped').at(-1)).toMatchObject({ epoch: 2, reason: 'metadata' });
  });

  it('reads by a regular expression, which it resolves apart and again when topics are created', () => {
    const { got, of } = script()
      .subscribe('a', 100, { subscribedTopicNames: null, subscribedTopicRegex: 'or.*-\\d' })
      .beat('a 2', 'a', 1, 1_000)
      .ask('create', 2_000, KEY.CreateTopics, 7, { topics: [{ name: 'orders-2', numPartitions: 1, replicationFactor: 3, assignments: [], configs: [] }], timeoutMs: 5_000, validateOnly: false })
      .beat('too early', 'a', 2, 5_000)
      .beat('a 3', 'a', 2, 10_500)
      .beat('a 4', 'a', 2, 11_000)
      .run({ ...HORIZON, topics: [...FOUR, { ...TOPICS[0]!, name: 'orders-1', partitions: 1 }, { ...TOPICS[0]!, name: 'x-orders-1' }] });
    expect(got('a')).toMatchObject({ errorCode: 0, memberEpoch: 1, assignment: { topicPartitions: [] } });
    expect(got('a 2')).toMatchObject({ memberEpoch: 2, assignment: { topicPartitions: [{ partitions: [0] }] } });
    expect(got('too early')).toMatchObject({ memberEpoch: 2, assignment: null });
    expect(got('a 3')).toMatchObject({ memberEpoch: 2, assignment: null });
    expect((got('a 4')['assignment'] as { topicPartitions: unknown[] }).topicPartitions).toHaveLength(2);
    expect(of('group.memberReconciled').at(-1)!.assigned.split(',').sort()).toEqual(['orders-1-0', 'orders-2-0']);
    expect(of('group.epochBumped').filter((e) => e.reason === 'regex')).toHaveLength(2);
  });

  it('refuses a regular expression that it cannot read', () => {
    const { got } = script()
      .subscribe('a', 100, { subscribedTopicNames: null, subscribedTopicRegex: 'a(b' })
      .subscribe('b', 200, { subscribedTopicNames: null, subscribedTopicRegex: '(?=a)' })
      .run(HORIZON);
    expect(got('a')).toMatchObject({ errorCode: 128, errorMessage: expect.stringContaining('a(b') as string });
    expect(got('b')['errorCode']).toBe(128);
  });

  it('takes commits and reads of offsets from members at their epoch only', () => {
    const fetchAs = (memberId: string | null, memberEpoch: number) => ({ groups: [{ groupId: 'g', memberId, memberEpoch, topics: null }], requireStable: true });
    const { error, got } = script()
      .subscribe('a', 100)
      .commit('at its epoch', null, 200, { generationIdOrMemberEpoch: 1, memberId: 'a' })
      .commit('at another', null, 300, { generationIdOrMemberEpoch: 0, memberId: 'a' })
      .commit('by a stranger', null, 400, { generationIdOrMemberEpoch: 1, memberId: 'x' })
      .commit('from outside', null, 500)
      .commit('before version 9', null, 600, { generationIdOrMemberEpoch: 1, memberId: 'a' }, 8)
      .ask('read at its epoch', 700, KEY.OffsetFetch, 9, fetchAs('a', 1))
      .ask('read at another', 710, KEY.OffsetFetch, 9, fetchAs('a', 2))
      .ask('read by a stranger', 720, KEY.OffsetFetch, 9, fetchAs('x', 1))
      .ask('read from outside', 730, KEY.OffsetFetch, 9, fetchAs(null, -1))
      .beat('leaves', 'a', -1, 800)
      .commit('from outside when empty', null, 900)
      .run(HORIZON);
    expect(['at its epoch', 'at another', 'by a stranger', 'from outside', 'before version 9', 'from outside when empty'].map(error)).toEqual([0, 113, 25, 25, 35, 0]);
    const read = (label: string) => (got(label)['groups'] as Fields[])[0]!['errorCode'];
    expect(['read at its epoch', 'read at another', 'read by a stranger', 'read from outside'].map(read)).toEqual([0, 113, 25, 0]);
  });

  it('is known to administrators as a group of its type, and goes over to the other protocol when it is empty, with its offsets', () => {
    const { got, error, of } = script()
      .commit('kept', null, 100)
      .subscribe('a', 1_000)
      .ask('list', 1_500, KEY.ListGroups, 5, { statesFilter: ['stable'], typesFilter: ['consumer'] })
      .ask('describe', 1_600, KEY.DescribeGroups, 6, { groups: ['g'], includeAuthorizedOperations: false })
      .ask('delete', 1_800, KEY.DeleteGroups, 2, { groupsNames: ['g'] })
      .ask('delete offsets', 1_810, KEY.OffsetDelete, 0, { groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] })
      .heartbeat('classic heartbeat', 'a', 1_900, { generationId: 1 })
      .beat('leaves', 'a', -1, 2_000)
      .enter('classic later', 3_000)
      .ask('offsets', 5_000, KEY.OffsetFetch, 9, { groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: null }], requireStable: false })
      .run(HORIZON);
    expect(got('list')['groups']).toEqual([{ groupId: 'g', protocolType: 'consumer', groupState: 'Stable', groupType: 'consumer' }]);
    expect((got('describe')['groups'] as Fields[])[0]!['errorCode']).toBe(69);
    expect((got('delete')['results'] as Fields[])[0]!['errorCode']).toBe(68);
    expect((got('delete offsets')['topics'] as { partitions: Fields[] }[])[0]!.partitions[0]!['errorCode']).toBe(86);
    expect(error('classic heartbeat')).toBe(25);
    expect(error('classic later id')).toBe(79);
    expect(of('group.converted')).toMatchObject([{ to: 'classic', generation: 0, members: 0 }]);
    expect((got('offsets')['groups'] as { topics: { partitions: Fields[] }[] }[])[0]!.topics[0]!.partitions[0]!['committedOffset']).toBe(7);
  });
});

function heartbeat(memberId: string, memberEpoch: number): Fields {
  return {
    groupId: 'g',
    memberId,
    memberEpoch,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: null,
  };
}
