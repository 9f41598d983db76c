// Members of the classic protocol in a consumer group. The answers are those of Kafka 4.0.0.
import { describe, expect, it } from 'vitest';
import { KEY } from '../../protocol/apiKeys.ts';
import { partitionsOf, type Fields } from '../script.test-helper.ts';
import { given, groupOf, membersOf, Mixed, speaking } from './script.test-helper.ts';

const config = { groupInitialRebalanceDelayMs: 0, groupConsumerSessionTimeoutMs: 30_000, groupMinSessionTimeoutMs: 500 };
const HORIZON = { horizonMs: 12_000, cluster: { brokers: 3, config } };
const ALL = [0, 1, 2, 3, 4, 5];

describe('a member of the classic protocol in a consumer group', () => {
  it('joins under the id it is given or any of its own, and is told of no leader', () => {
    const { got, error } = new Mixed()
      .subscribe('N', 100)
      .ask('no id', 200, KEY.JoinGroup, 9, new Mixed().join('', speaking(['range'])))
      .ask('no id, version 3', 250, KEY.JoinGroup, 3, new Mixed().join('', speaking(['range'])))
      .classic('mine', 300)
      .classic('of another type', 400, { protocolType: 'connect' })
      .classic('without a protocol', 400, { protocols: [] })
      .classic('with another protocol', 400, speaking(['sticky']))
      .classic('that cannot be read', 400, { protocols: [{ name: 'range', metadata: new Uint8Array(1) }] })
      .classic('with an unknown instance', 400, { groupInstanceId: 'i' })
      .describe('described', 500)
      .run(HORIZON);
    expect(got('no id')).toMatchObject({ errorCode: 79, generationId: -1, memberId: expect.stringMatching(/^[\w-]{22}$/) as string });
    expect(got('no id, version 3')).toMatchObject({ errorCode: 0, generationId: 2, leader: '', members: [] });
    expect(got('mine')).toMatchObject({ errorCode: 0, generationId: 3, memberId: 'mine', leader: '', members: [], protocolName: 'range' });
    expect(['of another type', 'without a protocol', 'with another protocol', 'that cannot be read', 'with an unknown instance'].map(error)).toEqual([23, 23, 23, -1, 25]);
    expect(groupOf(got('described'))).toMatchObject({ groupEpoch: 3, assignmentEpoch: 3 });
    expect(membersOf(got('described'))).toMatchObject({ N: [1, 1, ALL, expect.anything()], mine: [3, 0, [], expect.anything()] });
  });

  it('finds the group full as members of the consumer protocol do', () => {
    const { error } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .ask('no id', 300, KEY.JoinGroup, 9, new Mixed().join('', speaking(['range'])))
      .classic('a again', 400, {}, 'a')
      .run({ ...HORIZON, cluster: { brokers: 3, config: { ...config, groupConsumerMaxSize: 2 } } });
    expect(['a', 'no id', 'a again'].map(error)).toEqual([0, 81, 0]);
  });

  it('is told to join again when it is to give something up, or what it waits for is free, and not while it waits', () => {
    const { error, got } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .take('a has nothing', 'a', 2, 300)
      .beat('N must give up', 'N', 1, 400, ALL)
      .alive('waits', 'a', 2, 500)
      .beat('N has given up', 'N', 1, 600, [0, 1, 2])
      .alive('is told', 'a', 2, 700)
      .classic('a again', 800, {}, 'a')
      .take('a has', 'a', 2, 900)
      .alive('goes on', 'a', 2, 1_000)
      .run(HORIZON);
    expect(['waits', 'is told', 'goes on'].map(error)).toEqual([0, 27, 0]);
    expect([given(got('a has nothing')), given(got('a has'))]).toEqual([[], [3, 4, 5]]);
    expect(partitionsOf(got('N must give up'))).toEqual([0, 1, 2]);
  });

  it('is known by its id, its instance and its epoch, which is its generation', () => {
    const { error, got } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200, speaking(['roundrobin', 'range']))
      .take('by another name', 'a', 2, 300)
      .take('by another type', 'a', 2, 300, { protocolType: 'connect', protocolName: 'roundrobin' })
      .take('by no name', 'a', 2, 300, { protocolName: null })
      .take('at another generation', 'a', 3, 300, { protocolName: 'roundrobin' })
      .take('by a stranger', 'x', 2, 300)
      .take('by one of the consumer protocol', 'N', 1, 300)
      .take('right', 'a', 2, 350, { protocolName: 'roundrobin' })
      .alive('heartbeat at another generation', 'a', 1, 400)
      .alive('heartbeat of a stranger', 'x', 2, 400)
      .alive('heartbeat of one of the consumer protocol', 'N', 1, 400)
      .alive('heartbeat of an instance', 'a', 2, 400, { groupInstanceId: 'i' })
      .subscribe('M', 500)
      .take('in a rebalance', 'a', 2, 600, { protocolName: 'roundrobin' })
      .run(HORIZON);
    const syncs = ['by another name', 'by another type', 'by no name', 'at another generation', 'by a stranger', 'by one of the consumer protocol', 'right', 'in a rebalance'];
    expect(syncs.map(error)).toEqual([23, 23, 23, 22, 25, 25, 0, 27]);
    expect(got('right')).toMatchObject({ protocolType: 'consumer', protocolName: 'roundrobin' });
    const heartbeats = ['at another generation', 'of a stranger', 'of one of the consumer protocol', 'of an instance'];
    expect(heartbeats.map((l) => error(`heartbeat ${l}`))).toEqual([22, 25, 25, 25]);
  });

  it('commits and reads offsets at its generation, in the versions of its protocol', () => {
    const by = (memberId: string, generation: number) => ({ memberId, generationIdOrMemberEpoch: generation });
    const fetchAs = (memberId: string, memberEpoch: number) => ({ groups: [{ groupId: 'g', memberId, memberEpoch, topics: null }], requireStable: false });
    const { got, error } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .commit('right', null, 300, by('a', 2))
      .commit('before version 9', null, 300, by('a', 2), 5)
      .commit('stale', null, 300, by('a', 1))
      .commit('N stale', null, 300, by('N', 7))
      .commit('N before version 9', null, 300, by('N', 1), 8)
      .ask('reads', 400, KEY.OffsetFetch, 9, fetchAs('a', 2))
      .ask('reads stale', 400, KEY.OffsetFetch, 9, fetchAs('a', 1))
      .run(HORIZON);
    expect(['right', 'before version 9', 'stale', 'N stale', 'N before version 9'].map(error)).toEqual([0, 0, 22, 113, 35]);
    expect(['reads', 'reads stale'].map((l) => groupOf(got(l))['errorCode'])).toEqual([0, 22]);
  });

  it('leaves with others in one request, each with an answer of its own', () => {
    const { got, of } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .classic('b', 250)
      .ask('s', 300, KEY.JoinGroup, 9, new Mixed().join('', { ...speaking(['range']), groupInstanceId: 'i' }))
      .quit('leave', 400, { memberId: 'a' }, { memberId: 'a' }, { memberId: 'x' }, { groupInstanceId: 'i' }, { groupInstanceId: 'none' }, { memberId: 'x', groupInstanceId: 'i' })
      .describe('described', 500)
      .run(HORIZON);
    expect((got('leave')['members'] as { errorCode: number }[]).map((m) => m.errorCode)).toEqual([0, 0, 25, 0, 25, 82]);
    // Together they raise the group epoch once.
    expect(groupOf(got('described'))).toMatchObject({ groupEpoch: 5 });
    expect(Object.keys(membersOf(got('described')))).toEqual(['N', 'b']);
    expect(of('group.memberLeft').filter((e) => e.reason === 'left')).toHaveLength(2);
  });

  it('is removed when its session ends, and when it does not join or sync in time', () => {
    const { of } = new Mixed()
      .subscribe('N', 100)
      .classic('silent', 200, { sessionTimeoutMs: 1_000, rebalanceTimeoutMs: 60_000 })
      .classic('never syncs', 300, { sessionTimeoutMs: 9_000, rebalanceTimeoutMs: 2_000 })
      .classic('never joins', 400, { sessionTimeoutMs: 9_000, rebalanceTimeoutMs: 4_000 })
      .take('never joins, but has synced', 'never joins', 4, 500)
      .subscribe('M', 600)
      .alive('told', 'never joins', 4, 700)
      .alive('told again', 'never joins', 4, 3_700)
      .run(HORIZON);
    expect(of('group.memberLeft').map((e) => [e.member, e.reason, Math.round(e.timeUs / 100_000)])).toEqual([
      ['silent', 'sessionExpired', 12],
      ['never syncs', 'syncTimeout', 23],
      ['never joins', 'rebalanceTimeout', 47],
    ]);
  });

  it('may change over to the consumer protocol and back under its own id', () => {
    const over = { subscribedTopicNames: ['t'], rebalanceTimeoutMs: 5_000 };
    const { got, error } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .beat('at another', 'a', 1, 300, [], over)
      .beat('at its epoch', 'a', 2, 400, [], over)
      .describe('changed', 500)
      .alive('heartbeat', 'a', 2, 600)
      .classic('back', 700, {}, 'a')
      .describe('changed back', 800)
      .run(HORIZON);
    expect(['at another', 'at its epoch', 'heartbeat', 'back'].map(error)).toEqual([110, 0, 25, 0]);
    expect([membersOf(got('changed'))['a']![1], membersOf(got('changed back'))['a']![1]]).toEqual([1, 0]);
  });

  it('is replaced by a static member of either protocol at once', () => {
    const { got, error } = new Mixed()
      .subscribe('M', 50)
      .subscribe('N', 100, { instanceId: 'i' })
      .ask('classic', 200, KEY.JoinGroup, 9, staticJoin())
      .beat('N is fenced', 'N', 2, 300, null, { instanceId: 'i' })
      .ask('classic again', 400, KEY.JoinGroup, 9, staticJoin())
      .ask('the first is fenced', 500, KEY.Heartbeat, 4, (of) => ({ groupId: 'g', generationId: of('classic')['generationId'], memberId: of('classic')['memberId'], groupInstanceId: 'i' }))
      .describe('described', 600)
      .run(HORIZON);
    expect(['classic', 'N is fenced', 'classic again', 'the first is fenced'].map(error)).toEqual([0, 82, 0, 82]);
    expect(Object.keys(membersOf(got('described')))).toEqual(['M', got('classic again')['memberId']]);
  });
});

describe('a member that gives up in two steps', () => {
  it('comes an epoch further with the first, when it has more to give up by then', () => {
    const { got } = new Mixed()
      .subscribe('N', 100)
      .subscribe('M1', 200)
      .beat('must give up', 'N', 1, 300, ALL)
      .subscribe('M2', 400)
      .beat('has given up the first', 'N', 1, 500, [0, 1, 2])
      .beat('has given up all', 'N', 2, 600, [0, 1])
      .run(HORIZON);
    expect(['must give up', 'has given up the first', 'has given up all'].map((l) => got(l)['memberEpoch'])).toEqual([1, 2, 3]);
    expect(partitionsOf(got('has given up the first'))).toEqual([0, 1]);
  });
});

function staticJoin(): Fields {
  return new Mixed().join('', { ...speaking(['range']), groupInstanceId: 'i' });
}
