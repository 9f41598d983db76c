// A classic group that a member of the consumer protocol joins. The answers are those of Kafka 4.0.0.
import { describe, expect, it } from 'vitest';
import { KEY } from '../../protocol/apiKeys.ts';
import { partitionsOf, type Fields } from '../script.test-helper.ts';
import { assigning, given, groupOf, membersOf, Mixed, speaking } from './script.test-helper.ts';

const HORIZON = { horizonMs: 12_000, cluster: { brokers: 3, config: { groupInitialRebalanceDelayMs: 0 } } };
const ALL = [0, 1, 2, 3, 4, 5];
const cooperative = (owned: readonly number[] = []) => speaking(['cooperative-sticky'], owned);

describe('a classic group that becomes a consumer group', () => {
  it('keeps its members and what they were assigned: the generation is the group epoch, and the next one asks for less', () => {
    const { got, error, of } = new Mixed()
      .classicGroup({ a: assigning([0, 1, 2]), b: assigning([3, 4, 5]) })
      .subscribe('N', 1_000)
      .describe('mixed', 1_100)
      .describeClassic('as a classic group', 1_100)
      .list('listed', 1_100)
      .run(HORIZON);
    expect(got('N')).toMatchObject({ errorCode: 0, memberEpoch: 5, assignment: { topicPartitions: [] } });
    expect(groupOf(got('mixed'))).toMatchObject({ groupState: 'Reconciling', groupEpoch: 5, assignmentEpoch: 5, assignorName: 'uniform' });
    expect(membersOf(got('mixed'))).toEqual({ a: [4, 0, [0, 1, 2], [0, 1]], b: [4, 0, [3, 4, 5], [3, 4]], N: [5, 1, [], [2, 5]] });
    expect(groupOf(got('as a classic group'))['errorCode']).toBe(69);
    expect(got('listed')['groups']).toEqual([{ groupId: 'g', protocolType: 'consumer', groupState: 'Reconciling', groupType: 'consumer' }]);
    expect(error('a of the classic group')).toBe(0);
    expect(of('group.converted').map((e) => [e.to, e.generation, e.members])).toEqual([
      ['classic', 3, 2],
      ['consumer', 4, 2],
    ]);
    // The members are not told as new ones, but with what they have.
    expect(of('group.memberJoined').filter((e) => e.timeUs > 1_000_000)).toMatchObject([{ member: 'N' }]);
    expect(of('group.stateChanged').find((e) => e.timeUs > 1_000_000)).toMatchObject({ from: 'Stable', to: 'Reconciling', generation: 5 });
  });

  it('moves an eager member at once: it has given everything up when it joins', () => {
    const { got, error } = new Mixed()
      .classicGroup({ a: assigning(ALL) })
      .subscribe('N', 1_000)
      .alive('a is told', 'a', 3, 1_100)
      .take('too early', 'a', 3, 1_150)
      .classic('a', 1_200)
      .take('a has', 'a', 4, 1_300)
      .alive('a is alive', 'a', 4, 1_400)
      .beat('N has', 'N', 4, 1_500, [])
      .alive('a goes on', 'a', 4, 1_600)
      .run(HORIZON);
    expect(['a is told', 'too early', 'a is alive', 'a goes on'].map(error)).toEqual([27, 27, 0, 0]);
    expect(got('a')).toMatchObject({ generationId: 4, protocolType: 'consumer', protocolName: 'range', leader: '', members: [] });
    expect(given(got('a has'))).toEqual([0, 1, 2]);
    expect(partitionsOf(got('N has'))).toEqual([3, 4, 5]);
  });

  it('moves a cooperative member in two joins, and keeps its generation until it has given up what it must', () => {
    const { got, error } = new Mixed()
      .classicGroup({ a: assigning([0, 1, 2]), b: assigning([3, 4, 5]) }, cooperative())
      .subscribe('N', 1_000)
      .classic('a owns all', 1_100, cooperative([0, 1, 2]), 'a')
      .take('a keeps', 'a', 4, 1_200, { protocolName: 'cooperative-sticky' })
      .alive('a is told', 'a', 4, 1_300)
      .classic('a owns it still', 1_400, cooperative([0, 1, 2]), 'a')
      .beat('N waits', 'N', 5, 1_500, [])
      .classic('a has given up', 1_600, cooperative(), 'a')
      .take('a has', 'a', 5, 1_700, { protocolName: 'cooperative-sticky' })
      .beat('N gets one', 'N', 5, 1_800)
      .describe('in between', 1_900)
      .run(HORIZON);
    expect(['a owns all', 'a owns it still', 'a has given up'].map((l) => got(l)['generationId'])).toEqual([4, 4, 5]);
    expect([given(got('a keeps')), given(got('a has'))]).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(error('a is told')).toBe(27);
    expect([partitionsOf(got('N waits')), partitionsOf(got('N gets one'))]).toEqual([null, [2]]);
    expect(membersOf(got('in between'))).toEqual({ a: [5, 0, [0, 1], [0, 1]], b: [4, 0, [3, 4, 5], [3, 4]], N: [5, 1, [2], [2, 5]] });
  });

  it('sends those who wait in JoinGroup and SyncGroup to join again', () => {
    const both = new Mixed()
      .classicGroup({ a: assigning([0, 1, 2]), b: assigning([3, 4, 5]) })
      .classic('a waits', 1_000, speaking(['range'], [], ['t', 'u']), 'a')
      .subscribe('N', 1_200)
      .describe('mixed', 1_300)
      .run(HORIZON);
    expect(both.got('a waits')).toMatchObject({ errorCode: 27, memberId: 'a', generationId: -1 });
    expect(both.when('a waits')).toBeGreaterThan(1_200);
    expect(membersOf(both.got('mixed'))).toMatchObject({ a: [4, 0, [0, 1, 2], [0, 1]], b: [4, 0, [3, 4, 5], [3, 4]] });

    const syncing = new Mixed()
      .subscribe('first', 100)
      .classic('a', 200)
      .classic('b', 250)
      .beat('first leaves', 'first', -1, 350)
      .classic('a again', 450, {}, 'a')
      .classic('b again', 450, {}, 'b')
      .ask('a waits', 600, KEY.SyncGroup, 5, (got) => syncOf(got('a again')['leader'] === 'a' ? 'b' : 'a'))
      .subscribe('N', 1_000)
      .run(HORIZON);
    expect(syncing.error('a waits')).toBe(27);
    expect(syncing.error('N')).toBe(0);
  });

  it('replaces a group that has no members but ids given out, and one that only keeps offsets', () => {
    const { got, error } = new Mixed()
      .commit('kept', null, 100)
      .ask('an id', 200, KEY.JoinGroup, 9, new Mixed().join('', speaking(['range'])))
      .subscribe('N', 1_000)
      .ask('comes with it', 1_100, KEY.JoinGroup, 9, (of) => new Mixed().join(of('an id')['memberId'] as string, speaking(['range'])))
      .ask('offsets', 1_200, KEY.OffsetFetch, 9, { groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: null }], requireStable: false })
      .run(HORIZON);
    expect(['an id', 'N', 'comes with it'].map(error)).toEqual([79, 0, 0]);
    expect(got('comes with it')['generationId']).toBe(2);
    expect(JSON.stringify(got('offsets'))).toContain('"committedOffset":7');
  });

  it.each([
    ['gives members data of its own', { a: assigning([0], Uint8Array.of(1)) }, 69],
    ['gives members what cannot be read', { a: Uint8Array.of(0) }, 69],
    ['gives a partition to two', { a: assigning([0, 1]), b: assigning([1, 2]) }, -1],
    ['gives nothing', { a: new Uint8Array(0) }, 0],
  ])('depends on the assignor: one that %s', (_, assigned, expected) => {
    const { error, got } = new Mixed().classicGroup(assigned).subscribe('N', 1_000).list('listed', 1_100).run(HORIZON);
    expect(error('N')).toBe(expected);
    expect((got('listed')['groups'] as Fields[])[0]!['groupType']).toBe(expected === 0 ? 'consumer' : 'classic');
  });

  it('has members that subscribe to different topics, even where one of these does not exist', () => {
    const { got } = new Mixed()
      .classicGroup({ a: assigning([1]) }, speaking(['range'], [], ['nope', 't']))
      .subscribe('N', 1_000)
      .describe('mixed', 1_100)
      .run(HORIZON);
    expect(membersOf(got('mixed'))).toEqual({ a: [3, 0, [1], [1, 3, 5]], N: [4, 1, [0, 2, 4], [0, 2, 4]] });
  });

  it('is not possible before its first generation, nor for members that are no consumers', () => {
    const waiting = new Mixed()
      .ask('a waits', 200, KEY.JoinGroup, 3, new Mixed().join('', speaking(['range'])))
      .subscribe('N', 1_000)
      .run({ ...HORIZON, cluster: { brokers: 3, config: { groupInitialRebalanceDelayMs: 3_000 } } });
    expect([waiting.error('N'), waiting.error('a waits')]).toEqual([-1, 27]);
    const connect = new Mixed()
      .ask('worker', 200, KEY.JoinGroup, 3, new Mixed().join('', { ...speaking(['default']), protocolType: 'connect' }))
      .subscribe('N', 1_000)
      .beat('leaves', 'N', -1, 1_100)
      .run(HORIZON);
    expect([connect.error('N'), connect.error('leaves')]).toEqual([69, 69]);
  });

  it('lets a static member change over, whose former self is fenced', () => {
    const { got, error, of } = new Mixed()
      .subscribe('first', 100)
      .ask('a', 200, KEY.JoinGroup, 9, new Mixed().join('', { ...speaking(['range']), groupInstanceId: 'i' }))
      .subscribe('N', 1_000, { instanceId: 'i' })
      .ask('a is fenced', 1_100, KEY.Heartbeat, 4, (found) => ({ groupId: 'g', generationId: 2, memberId: found('a')['memberId'], groupInstanceId: 'i' }))
      .ask('a by id alone', 1_150, KEY.Heartbeat, 4, (found) => ({ groupId: 'g', generationId: 2, memberId: found('a')['memberId'], groupInstanceId: null }))
      .subscribe('M', 1_200, { instanceId: 'i' })
      .describe('in the end', 1_300)
      .run(HORIZON);
    expect(['N', 'a is fenced', 'a by id alone', 'M'].map(error)).toEqual([0, 82, 25, 111]);
    expect(membersOf(got('in the end'))['N']).toEqual([2, 1, [], [3, 4, 5]]);
    expect(of('group.memberReplaced')).toMatchObject([{ instance: 'i', member: 'N' }]);
  });

  it('comes back from the log as it was: classic members as such, heard of by the session of the group', () => {
    const script = new Mixed();
    const { coordinator } = script;
    const next = (coordinator % 3) + 1;
    const { got, of } = script
      .subscribe('N', 100)
      .classic('a', 200, { sessionTimeoutMs: 6_000 })
      .describe('before', 900)
      .describe('after, at one', 11_000, next)
      .describe('after, at the other', 11_000, (next % 3) + 1)
      .ask('at one', 11_100, KEY.Heartbeat, 4, { groupId: 'g', generationId: 2, memberId: 'a', groupInstanceId: null }, 'x', next)
      .ask('at the other', 11_100, KEY.Heartbeat, 4, { groupId: 'g', generationId: 2, memberId: 'a', groupInstanceId: null }, 'y', (next % 3) + 1)
      .run({ ...HORIZON, horizonMs: 40_000 }, [`kill broker-${coordinator} at 1s`]);
    const before = { N: [1, 1, ALL, [0, 1, 2]], a: [2, 0, [], [3, 4, 5]] };
    expect(membersOf(got('before'))).toEqual(before);
    const loaded = of('group.loaded').at(-1)!;
    const [described, beat] = loaded.process === `broker-${next}` ? ['after, at one', 'at one'] : ['after, at the other', 'at the other'];
    expect(membersOf(got(described))).toEqual(before);
    expect(got(beat)['errorCode']).toBe(0);
    // From here on the session counts that it has asked for itself.
    expect(of('group.memberLeft').filter((e) => e.member === 'a')).toMatchObject([{ reason: 'sessionExpired', timeUs: expect.closeTo(17_100_000, -5) as number }]);
  });
});

function syncOf(memberId: string): Fields {
  return { groupId: 'g', generationId: 4, memberId, groupInstanceId: null, protocolType: 'consumer', protocolName: 'range', assignments: [] };
}
