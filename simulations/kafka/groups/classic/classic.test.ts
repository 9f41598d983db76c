import { describe, expect, it } from 'vitest';
import { told, universe } from '../../../testing.ts';
import { KEY } from '../../protocol/apiKeys.ts';
import { assignmentOf, Script, TOPICS } from '../script.test-helper.ts';

const both = [
  { name: 'range', metadata: new Uint8Array([0, 0]) },
  { name: 'sticky', metadata: new Uint8Array([0, 1]) },
];

describe('joining a classic group', () => {
  it('gives a member id first, then waits three seconds for others, and three more for each span in which someone came (timeline E)', () => {
    const { got, when, states } = new Script().enter('a', 100).enter('b', 1_400).enter('c', 2_900).run({ horizonMs: 12_000 });
    expect(got('a id')).toMatchObject({ errorCode: 79, generationId: -1, protocolName: null });
    expect(when('a')).toBeGreaterThan(6_150);
    expect(when('a')).toBeLessThan(6_160);
    expect(got('a')).toMatchObject({ errorCode: 0, generationId: 1, leader: got('a')['memberId'], protocolName: 'range' });
    expect(got('a')['members']).toHaveLength(3);
    expect(got('b')['members']).toHaveLength(0);
    expect(states().map((e) => e.to)).toEqual(['PreparingRebalance', 'CompletingRebalance']);
  });

  it('rebalances at once for a fourth member, and the others learn of it by their heartbeats (timeline E)', () => {
    const { got, error, when } = new Script()
      .enter('a', 100)
      .enter('b', 200)
      .sync('a sync', 'a', 6_300, ['a', 'b'])
      .sync('b sync', 'b', 6_300)
      .enter('d', 10_000)
      .heartbeat('a beat', 'a', 11_000)
      .heartbeat('b beat', 'b', 12_000)
      .rejoin('a again', 'a', 12_100)
      .rejoin('b again', 'b', 12_200)
      .run({ horizonMs: 20_000 });
    expect([error('a beat'), error('b beat')]).toEqual([27, 27]);
    expect(when('d')).toBeGreaterThan(12_200);
    expect(when('d')).toBeLessThan(12_210);
    expect(['a again', 'b again', 'd'].map((l) => got(l)['generationId'])).toEqual([2, 2, 2]);
    expect(got('d')['leader']).toBe(got('a')['memberId']);
  });

  it('stops waiting for more when the rebalance timeout would be passed', () => {
    const { when } = new Script()
      .enter('a', 100, { rebalanceTimeoutMs: 4_000 })
      .enter('b', 1_000, { rebalanceTimeoutMs: 4_000 })
      .enter('c', 3_500, { rebalanceTimeoutMs: 4_000 })
      .run({ horizonMs: 12_000 });
    // Three seconds, then the one second that is left of four.
    expect(when('a')).toBeGreaterThan(4_150);
    expect(when('a')).toBeLessThan(4_160);
  });

  it('takes members of old versions in at once', () => {
    const { got } = new Script().ask('old', 100, KEY.JoinGroup, 3, new Script().join('')).run({ horizonMs: 5_000 });
    expect(got('old')).toMatchObject({ errorCode: 0, generationId: 1 });
  });

  it('refuses what does not fit, with Kafka’s errors', () => {
    const s = new Script();
    const elsewhere = (s.coordinator % 3) + 1;
    const { error } = s
      .ask('short session', 100, KEY.JoinGroup, 5, s.join('', { sessionTimeoutMs: 100 }))
      .ask('long session', 100, KEY.JoinGroup, 5, s.join('', { sessionTimeoutMs: 1_800_001 }))
      .ask('unknown', 200, KEY.JoinGroup, 5, s.join('someone'))
      .ask('no protocol', 300, KEY.JoinGroup, 5, s.join('', { protocols: [] }))
      .ask('beat', 400, KEY.Heartbeat, 3, { groupId: 'nobody', generationId: 1, memberId: 'nobody', groupInstanceId: null })
      .ask('no name', 600, KEY.JoinGroup, 5, s.join('', { groupId: '' }))
      .ask('elsewhere', 700, KEY.JoinGroup, 5, s.join(''), 'c', elsewhere)
      .enter('a', 1_000)
      .ask('another type', 2_000, KEY.JoinGroup, 5, s.join('', { protocolType: 'connect' }))
      .ask('another protocol', 2_000, KEY.JoinGroup, 5, s.join('', { protocols: [{ name: 'mine', metadata: new Uint8Array(0) }] }))
      .sync('wrong protocol', 'a', 5_000, [], { protocolName: 'sticky' })
      .sync('wrong generation', 'a', 5_100, [], { generationId: 9 })
      .run({ horizonMs: 9_000 });
    expect(['short session', 'long session', 'unknown', 'no protocol', 'beat', 'no name', 'elsewhere', 'another type', 'another protocol', 'wrong protocol', 'wrong generation'].map(error)).toEqual([
      26, 26, 25, 23, 25, 24, 16, 23, 23, 23, 22,
    ]);
  });

  it('is full at group.max.size', () => {
    const { error, got } = new Script()
      .enter('a', 100)
      .enter('b', 200)
      .enter('c', 300)
      .sync('a sync', 'a', 6_500, ['a', 'b'])
      .sync('b sync', 'b', 6_500)
      .ask('late', 7_000, KEY.JoinGroup, 9, new Script().join(''))
      .run({ horizonMs: 10_000, cluster: { brokers: 3, config: { groupMaxSize: 2 } } });
    expect(error('c')).toBe(81);
    expect(got('a')['members']).toHaveLength(2);
    expect(error('late')).toBe(81);
  });

  it('waits for members who were sent back for an id, until their session would have ended', () => {
    const s = new Script();
    const { when, error } = s
      .enter('a', 100)
      .sync('a sync', 'a', 3_500, ['a'])
      .ask('never back', 4_000, KEY.JoinGroup, 9, s.join('', { sessionTimeoutMs: 6_000 }))
      .rejoin('a again', 'a', 5_000)
      .heartbeat('beat', 'a', 8_000)
      .run({ horizonMs: 20_000 });
    expect(error('beat')).toBe(27);
    expect(when('a again')).toBeGreaterThan(10_000);
    expect(when('a again')).toBeLessThan(10_010);
  });

  it('chooses the protocol that most members put first among those all know', () => {
    const stickyFirst = { protocols: both.toReversed() };
    const { got } = new Script().enter('a', 100, { protocols: both }).enter('b', 200, stickyFirst).enter('c', 300, stickyFirst).run({ horizonMs: 10_000 });
    expect(got('a')['protocolName']).toBe('sticky');
    const { got: tie } = new Script().enter('a', 100, { protocols: both }).enter('b', 200, stickyFirst).run({ horizonMs: 10_000 });
    // Of equal votes the first in the order of a Java HashMap.
    expect(tie('a')['protocolName']).toBe('sticky');
  });

  it('answers an unchanged follower with the present generation, but rebalances for the leader and for changed metadata', () => {
    const start = () => new Script().enter('a', 100, { protocols: both }).enter('b', 200, { protocols: both }).sync('a sync', 'a', 6_500, ['a', 'b']).sync('b sync', 'b', 6_500);
    const same = start().rejoin('again', 'b', 8_000, { protocols: both }).run({ horizonMs: 10_000 });
    expect(same.got('again')).toMatchObject({ errorCode: 0, generationId: 1, members: [] });
    expect(same.states().at(-1)!.to).toBe('Stable');
    const leader = start().rejoin('again', 'a', 8_000, { protocols: both }).run({ horizonMs: 10_000 });
    expect(leader.states().at(-1)!.to).toBe('PreparingRebalance');
    const changed = start()
      .rejoin('again', 'b', 8_000, { protocols: [both[0]] })
      .run({ horizonMs: 10_000 });
    expect(changed.states().at(-1)!.to).toBe('PreparingRebalance');
  });

  it('repeats its answer to a member that missed it', () => {
    const { got } = new Script().enter('a', 100).rejoin('again', 'a', 4_000).run({ horizonMs: 6_000 });
    expect(got('again')).toMatchObject({ generationId: 1, members: [{ memberId: got('a')['memberId'] }] });
  });

  it('answers the parked join of a member that leaves with UNKNOWN_MEMBER_ID', () => {
    const { error } = new Script().enter('a', 100).sync('a sync', 'a', 3_500, ['a']).enter('b', 4_000).leave('leaves', 'b id', 5_000).run({ horizonMs: 8_000 });
    expect(error('b')).toBe(25);
    expect(error('leaves')).toBe(0);
  });
});

describe('the end of waiting in a classic group', () => {
  it('drops those who have not rejoined within the largest rebalance timeout, and takes another leader', () => {
    const { got, of, when } = new Script()
      .enter('a', 100, { sessionTimeoutMs: 40_000 })
      .enter('b', 200, { sessionTimeoutMs: 40_000 })
      .sync('a sync', 'a', 6_500, ['a', 'b'])
      .sync('b sync', 'b', 6_500)
      .enter('c', 10_000)
      .rejoin('b again', 'b', 11_000)
      .run({ horizonMs: 40_000 });
    expect(when('c')).toBeGreaterThan(30_050);
    expect(when('c')).toBeLessThan(30_060);
    expect(of('group.memberLeft').map((e) => e.reason)).toEqual(['rebalanceTimeout']);
    expect(got('c')['leader']).toBe(got('b')['memberId']);
    expect(got('b again')['members']).toHaveLength(2);
  });

  it('removes a member that never fetches its assignment, even when the others are stable', () => {
    const { of, states } = new Script().enter('a', 100, { sessionTimeoutMs: 50_000 }).enter('b', 200, { sessionTimeoutMs: 50_000 }).sync('a sync', 'a', 6_500, ['a', 'b']).run({ horizonMs: 40_000 });
    const left = of('group.memberLeft')[0]!;
    expect(left).toMatchObject({ reason: 'syncTimeout' });
    expect(Math.round(left.timeUs / 100_000)).toBe(262);
    expect(states().map((e) => e.to)).toEqual(['PreparingRebalance', 'CompletingRebalance', 'Stable', 'PreparingRebalance']);
  });

  it('gives up a first join after five minutes, whatever the session', () => {
    const { of } = new Script()
      .enter('a', 100, { rebalanceTimeoutMs: 500_000, sessionTimeoutMs: 500_000 })
      .sync('a sync', 'a', 3_500, ['a'])
      .enter('b', 5_000, { sessionTimeoutMs: 500_000 })
      .run({ horizonMs: 400_000 });
    expect(of('group.memberLeft').map((e) => [e.reason, Math.round(e.timeUs / 10_000)])).toEqual([['sessionExpired', 30_505]]);
  });

  it('arms the join phase again when nobody came back', () => {
    const { states, of } = new Script().enterStatic('s', 's', 100, { sessionTimeoutMs: 60_000 }).sync('s sync', 's', 3_500, ['s']).leave('admin', 's', 20_000).run({ horizonMs: 30_000 });
    expect(of('group.memberLeft').map((e) => e.reason)).toEqual(['left']);
    expect(states().map((e) => e.to)).toEqual(['PreparingRebalance', 'CompletingRebalance', 'Stable', 'PreparingRebalance', 'Empty']);
    // A lone static member that stays away for the whole rebalance timeout is waited for once more.
    const again = new Script()
      .enterStatic('s', 's', 100, { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 5_000 })
      .sync('s sync', 's', 3_500, ['s'])
      .enter('d', 4_000, { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 5_000 })
      .leave('d leaves', 'd id', 5_000)
      .run({ horizonMs: 40_000 });
    expect(again.states().at(-1)!.to).toBe('PreparingRebalance');
    expect(again.of('group.memberLeft')).toHaveLength(1);
  });
});

describe('static members', () => {
  it('come back under a new id without a rebalance, and fence their former self', () => {
    const { got, error, of, states } = new Script()
      .enterStatic('a', 'one', 100)
      .enterStatic('b', 'two', 200)
      .sync('a sync', 'a', 6_500, ['a', 'b'])
      .sync('b sync', 'b', 6_500)
      .enterStatic('a back', 'one', 9_000)
      .sync('a sync back', 'a back', 9_100)
      .heartbeat('old beat', 'a', 9_200, { groupInstanceId: 'one' })
      .heartbeat('old beat, nameless', 'a', 9_300)
      .heartbeat('new beat', 'a back', 9_400, { groupInstanceId: 'one' })
      .run({ horizonMs: 12_000 });
    expect(got('a')['memberId']).toMatch(/^one-/);
    expect(got('a back')).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true, leader: got('a back')['memberId'] });
    expect(got('a back')['members']).toHaveLength(2);
    expect(assignmentOf(got('a sync back'))).toBe('a');
    expect([error('old beat'), error('old beat, nameless'), error('new beat')]).toEqual([82, 25, 0]);
    expect(of('group.memberReplaced')).toMatchObject([{ instance: 'one', was: got('a')['memberId'], member: got('a back')['memberId'] }]);
    expect(states().at(-1)).toMatchObject({ to: 'Stable', generation: 1 });
  });

  it('hear before version 9 that their old id leads, so that they assign nothing', () => {
    const { got } = new Script().enterStatic('a', 'one', 100).sync('a sync', 'a', 3_500, ['a']).enterStatic('a back', 'one', 5_000, {}, 8).run({ horizonMs: 8_000 });
    expect(got('a back')).toMatchObject({ leader: got('a')['memberId'], members: [], skipAssignment: false });
  });

  it('cause a rebalance when they come back while the leader assigns', () => {
    const { error, got, states } = new Script()
      .enterStatic('a', 'one', 100)
      .enterStatic('b', 'two', 200)
      .sync('b sync', 'b', 6_500)
      .enterStatic('b back', 'two', 7_000)
      .sync('a sync', 'a', 7_100, ['a', 'b'])
      .rejoin('a again', 'a', 7_200, { groupInstanceId: 'one' })
      .run({ horizonMs: 9_000 });
    expect(error('b sync')).toBe(82);
    expect(error('a sync')).toBe(27);
    expect(got('b back')).toMatchObject({ errorCode: 0, generationId: 2 });
    expect(states().at(-1)).toMatchObject({ to: 'CompletingRebalance', generation: 2 });
  });

  it('keep their place when they stay away from a rebalance, until their session ends', () => {
    const { got, of } = new Script()
      .enterStatic('s', 'one', 100, { sessionTimeoutMs: 20_000, rebalanceTimeoutMs: 6_000 })
      .sync('s sync', 's', 3_500, ['s'])
      .enter('d', 5_000, { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 6_000 })
      .run({ horizonMs: 40_000 });
    expect(got('d')['generationId']).toBe(2);
    expect(got('d')['leader']).toBe(got('d')['memberId']);
    expect(got('d')['members']).toHaveLength(2);
    // It never syncs in the new generation either: that ends its membership.
    expect(of('group.memberLeft')[0]).toMatchObject({ reason: 'syncTimeout', member: got('s')['memberId'] });
  });

  it('are removed by their name alone by an administrator', () => {
    const { got, states } = new Script()
      .enterStatic('s', 'one', 100)
      .sync('s sync', 's', 3_500, ['s'])
      .ask('remove', 5_000, KEY.LeaveGroup, 5, {
        groupId: 'g',
        memberId: '',
        members: [
          { memberId: '', groupInstanceId: 'one', reason: null },
          { memberId: '', groupInstanceId: 'other', reason: null },
        ],
      })
      .run({ horizonMs: 8_000 });
    expect(got('remove')).toMatchObject({
      errorCode: 0,
      members: [
        { groupInstanceId: 'one', errorCode: 0 },
        { groupInstanceId: 'other', errorCode: 25 },
      ],
    });
    expect(states().at(-1)!.to).toBe('Empty');
  });
});

describe('a classic group across a fail-over of its coordinator', () => {
  it('keeps members, generation and assignments; a heartbeat at the new coordinator is answered', () => {
    const s = new Script();
    s.enter('a', 100).enter('b', 200).sync('a sync', 'a', 6_500, ['a', 'b']).sync('b sync', 'b', 6_500);
    const others = [1, 2, 3].filter((b) => b !== s.coordinator);
    for (const b of others) {
      s.ask(`beat ${b}`, 25_000, KEY.Heartbeat, 4, (of) => ({ groupId: 'g', generationId: 1, memberId: of('a')['memberId'], groupInstanceId: null }), 'x', b);
      s.ask(
        `sync ${b}`,
        25_100,
        KEY.SyncGroup,
        5,
        (of) => ({ groupId: 'g', generationId: 1, memberId: of('b')['memberId'], groupInstanceId: null, protocolType: 'consumer', protocolName: 'range', assignments: [] }),
        'y',
        b,
      );
    }
    const { got, error, of } = s.run({ horizonMs: 50_000 }, [`kill broker-${s.coordinator} at 8s`]);
    const now = others.find((b) => error(`beat ${b}`) !== 16)!;
    expect(error(`beat ${now}`)).toBe(0);
    expect(assignmentOf(got(`sync ${now}`))).toBe('b');
    // Their sessions began anew when the new coordinator read them, although nobody asked it for anything: both end.
    expect(of('group.memberLeft').map((e) => [e.process, e.reason])).toContainEqual([`broker-${now}`, 'sessionExpired']);
  });

  it('answers what is parked with NOT_COORDINATOR when it loses the lead', () => {
    const s = new Script();
    const { error } = s
      .enter('a', 100, { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000 })
      .sync('a sync', 'a', 3_500, ['a'])
      .enter('b', 4_000, { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000 })
      .run({ horizonMs: 40_000 }, [`cut broker-${s.coordinator}<->controller at 5s for 15s`]);
    expect(error('b')).toBe(16);
  });
});

describe('native members', () => {
  const cluster = {
    topics: TOPICS,
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

describe('a new group', () => {
  it('is written to the offsets topic at once, and forgotten when that cannot be', () => {
    const s = new Script().enter('a', 100);
    const { of, states } = s.run({ horizonMs: 2_000 });
    expect(of('kafka.append').filter((e) => e.topic === '__consumer_offsets' && e.leader)).toHaveLength(1);
    expect(states()).toHaveLength(1);
    const lonely = new Script();
    const refused = lonely
      .ask('static', 14_000, KEY.JoinGroup, 9, lonely.join('', { groupInstanceId: 'one' }))
      .run({ horizonMs: 16_000, cluster: { brokers: 3, config: { minInsyncReplicas: 3 } } }, [`kill broker-${(lonely.coordinator % 3) + 1} at 1s`]);
    expect(refused.error('static')).toBe(15);
  });
});
