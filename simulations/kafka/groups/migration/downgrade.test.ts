// A consumer group whose last member of the consumer protocol goes. The answers are those of Kafka 4.0.0.
import { describe, expect, it } from 'vitest';
import { KEY } from '../../protocol/apiKeys.ts';
import { timelineOrder } from '../../javaHash.ts';
import type { Fields } from '../script.test-helper.ts';
import { assigning, given, groupOf, membersOf, Mixed, speaking } from './script.test-helper.ts';

const config = { groupInitialRebalanceDelayMs: 0, groupConsumerSessionTimeoutMs: 3_000, groupMinSessionTimeoutMs: 500 };
const HORIZON = { horizonMs: 12_000, cluster: { brokers: 3, config } };
const under = (over: Fields) => ({ ...HORIZON, cluster: { brokers: 3, config: { ...config, ...over } } });

describe('a consumer group that becomes a classic group', () => {
  it('does so when the last member of the consumer protocol leaves: the group epoch is the generation, and a rebalance begins', () => {
    const { got, error, of } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .take('a has', 'a', 2, 250)
      .beat('leaves', 'N', -1, 300)
      .describeClassic('described', 400)
      .describe('as a consumer group', 400)
      .list('listed', 400)
      .alive('told', 'a', 2, 500)
      .alive('too new', 'a', 3, 500)
      .classic('again', 600, {}, 'a')
      .take('again has', 'a', 3, 700, { assignments: [{ memberId: 'a', assignment: assigning([0, 1]) }] })
      .run(HORIZON);
    expect(got('leaves')).toMatchObject({ errorCode: 0, memberId: 'N', memberEpoch: -1 });
    expect(groupOf(got('described'))).toMatchObject({ errorCode: 0, groupState: 'PreparingRebalance', protocolType: 'consumer' });
    // What it was to have is what it has in the classic group.
    expect((groupOf(got('described'))['members'] as Fields[])[0]!['memberAssignment']).toEqual(assigning([3, 4, 5]));
    expect(groupOf(got('as a consumer group'))['errorCode']).toBe(69);
    expect(got('listed')['groups']).toEqual([{ groupId: 'g', protocolType: 'consumer', groupState: 'PreparingRebalance', groupType: 'classic' }]);
    expect(['told', 'too new'].map(error)).toEqual([27, 22]);
    expect(got('again')).toMatchObject({ generationId: 3, leader: 'a', protocolName: 'range' });
    expect(given(got('again has'))).toEqual([0, 1]);
    expect(of('group.converted')).toMatchObject([{ to: 'classic', generation: 2, members: 1 }]);
    expect(of('group.memberLeft').slice(0, 1)).toMatchObject([{ member: 'N', reason: 'left' }]);
    expect(of('invariant.violated')).toEqual([]);
  });

  it('does so when its session ends, when it does not give up in time, and when an administrator removes it', () => {
    const expired = new Mixed().subscribe('N', 100).classic('a', 200, { sessionTimeoutMs: 9_000 }).list('before', 3_000).list('after', 3_300).run(HORIZON);
    const slow = new Mixed()
      .subscribe('N', 100, { rebalanceTimeoutMs: 1_000 })
      .classic('a', 200)
      .beat('must give up', 'N', 1, 300, [0, 1, 2, 3, 4, 5])
      .list('before', 1_200)
      .list('after', 1_500)
      .run(HORIZON);
    const removed = new Mixed().subscribe('N', 100).classic('a', 200).list('before', 250).quit('removes', 300, { memberId: 'N' }).list('after', 400).run(HORIZON);
    for (const { got } of [expired, slow, removed]) {
      expect(['before', 'after'].map((l) => (got(l)['groups'] as Fields[])[0]!['groupType'])).toEqual(['consumer', 'classic']);
    }
    expect(removed.got('removes')).toMatchObject({ errorCode: 0, members: [{ memberId: 'N', errorCode: 0 }] });
  });

  it('needs no rebalance when a static member comes back with the classic protocol: it takes over what its former self was to have', () => {
    const { got, error, of } = new Mixed()
      .subscribe('N', 100, { instanceId: 'i' })
      .ask('a', 200, KEY.JoinGroup, 9, new Mixed().join('', { ...speaking(['range']), groupInstanceId: 'i' }))
      .describeClassic('described', 300)
      .ask('a has', 400, KEY.SyncGroup, 5, (of2) => ({ ...as(of2('a')), protocolType: 'consumer', protocolName: 'range', assignments: [] }))
      .ask('a is alive', 500, KEY.Heartbeat, 4, (of2) => as(of2('a')))
      .beat('N is fenced', 'N', 1, 600, null, { instanceId: 'i' })
      .run(HORIZON);
    expect(got('a')).toMatchObject({ errorCode: 0, generationId: 1, leader: '', members: [] });
    expect(groupOf(got('described'))).toMatchObject({ groupState: 'Stable', protocolData: 'range' });
    expect(given(got('a has'))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(['a is alive', 'N is fenced'].map(error)).toEqual([0, 69]);
    expect(of('group.memberReplaced')).toMatchObject([{ instance: 'i', was: 'N' }]);
  });

  it('stays a consumer group where more members would remain than a classic group may have', () => {
    const { got } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200)
      .classic('b', 250)
      .beat('leaves', 'N', -1, 300)
      .describe('described', 400)
      .run(under({ groupMaxSize: 1 }));
    expect(groupOf(got('described'))).toMatchObject({ groupState: 'Assigning', groupEpoch: 4 });
    expect(Object.values(membersOf(got('described'))).map(([, type]) => type)).toEqual([0, 0]);
  });

  it('stays a consumer group where a member says nothing readable in the protocol that all have in common', () => {
    const [readable] = speaking(['range']).protocols;
    const { got, error } = new Mixed()
      .subscribe('N', 100)
      .classic('a', 200, { protocols: [readable, { name: 'x', metadata: new Uint8Array(0) }] })
      .classic('b', 250, speaking(['x']))
      .beat('leaves', 'N', -1, 300)
      .quit('is removed', 350, { memberId: 'N' })
      .list('listed', 400)
      .run(HORIZON);
    expect(['leaves', 'is removed'].map(error)).toEqual([69, 69]);
    expect(got('listed')['groups']).toMatchObject([{ groupState: 'Reconciling', groupType: 'consumer' }]);
  });

  it('has the leader that is the first in the map of the consumer group', () => {
    const { got } = new Mixed()
      .subscribe('N', 100)
      .classic('k1 comes', 200, {}, 'k1')
      .classic('zeta comes', 220, {}, 'zeta')
      .classic('mm comes', 240, {}, 'mm')
      .beat('leaves', 'N', -1, 300)
      .classic('k1', 400)
      .classic('zeta', 400)
      .classic('mm', 400)
      .run(HORIZON);
    expect(['k1', 'zeta', 'mm'].map((m) => got(m)['leader'])).toEqual(['zeta', 'zeta', 'zeta']);
    // As a TimelineHashMap of Kafka 4.0 walks over them.
    expect(timelineOrder(['m968', 'm649', 'm850', 'm534', 'm200', 'm712'])).toEqual(['m534', 'm649', 'm712', 'm200', 'm850', 'm968']);
  });
});

describe('group.consumer.migration.policy', () => {
  it.each([
    ['bidirectional', 'consumer', 'classic'],
    ['upgrade', 'consumer', 'consumer'],
    ['downgrade', 'classic', 'classic'],
    ['disabled', 'classic', 'consumer'],
  ])('%s: a classic group that is joined is a %s group, and a consumer group that is left to classic members a %s group', (groupConsumerMigrationPolicy, joined, left) => {
    const policy = under({ groupConsumerMigrationPolicy });
    const up = new Mixed()
      .ask('a', 100, KEY.JoinGroup, 3, new Mixed().join('', speaking(['range'])))
      .subscribe('N', 1_000)
      .list('listed', 1_100)
      .run(policy);
    expect((up.got('listed')['groups'] as Fields[])[0]!['groupType']).toBe(joined);
    expect(up.error('N')).toBe(joined === 'consumer' ? 0 : 69);
    // Members of the classic protocol may join a consumer group in any case.
    const down = new Mixed().subscribe('N', 100).classic('a', 200).beat('leaves', 'N', -1, 300).list('listed', 400).alive('told', 'a', 2, 500).run(policy);
    expect(down.error('a')).toBe(0);
    expect((down.got('listed')['groups'] as Fields[])[0]!['groupType']).toBe(left);
    expect(down.error('told')).toBe(27);
  });
});

function as(joined: Fields): Fields {
  return { groupId: 'g', generationId: joined['generationId'], memberId: joined['memberId'], groupInstanceId: 'i' };
}
