import { describe, expect, it } from 'vitest';
import { KEY } from '../protocol/apiKeys.ts';
import { ZERO_UUID } from '../protocol/layout.ts';
import { Script, type Fields } from './script.test-helper.ts';

const topics = (...partitions: Fields[]) => ({ topics: [{ name: 't', partitions: partitions.map((p) => ({ committedOffset: 5, committedLeaderEpoch: -1, committedMetadata: null, ...p })) }] });
const fetch = (over: Fields = {}, requireStable = false) => ({
  groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: [{ name: 't', partitionIndexes: [2, 3] }], ...over }],
  requireStable,
});
const group = (body: Fields) => (body['groups'] as Fields[])[0]!;

describe('committed offsets', () => {
  it('are kept from outside a group, and read back after the coordinator has moved', () => {
    const s = new Script().commit('commit', null, 100, topics({ partitionIndex: 2, committedOffset: 41, committedMetadata: 'm', committedLeaderEpoch: 3 }, { partitionIndex: 99 }));
    const elsewhere = [1, 2, 3].filter((b) => b !== s.coordinator);
    s.ask('fetch', 500, KEY.OffsetFetch, 9, fetch());
    for (const b of elsewhere) s.ask(`fetch at ${b}`, 25_000, KEY.OffsetFetch, 9, fetch(), 'later', b);
    const { got } = s.run({ horizonMs: 30_000 }, [`kill broker-${s.coordinator} at 2s`]);
    expect(got('commit')).toMatchObject({ topics: [{ partitions: [{ errorCode: 0 }, { errorCode: 3 }] }] });
    const found = {
      errorCode: 0,
      topics: [
        {
          partitions: [
            { partitionIndex: 2, committedOffset: 41, metadata: 'm', committedLeaderEpoch: 3 },
            { partitionIndex: 3, committedOffset: -1 },
          ],
        },
      ],
    };
    expect(group(got('fetch'))).toMatchObject(found);
    const after = elsewhere.map((b) => group(got(`fetch at ${b}`)));
    expect(after.filter((g) => g['errorCode'] === 16)).toHaveLength(1);
    expect(after.find((g) => g['errorCode'] === 0)).toMatchObject(found);
  });

  it('are refused where member, generation or state do not fit', () => {
    const { error } = new Script()
      .commit('to a group that is not there', null, 50, { generationIdOrMemberEpoch: 3, memberId: 'x' })
      .commit('before version 9', null, 60, { generationIdOrMemberEpoch: 3, memberId: 'x' }, 8)
      .enter('a', 100)
      .commit('while it assigns', 'a', 3_300)
      .sync('a sync', 'a', 3_500, ['a'])
      .commit('by a member', 'a', 4_000)
      .commit('from outside', null, 4_100)
      .commit('by a stranger', 'a', 4_200, { memberId: 'x' })
      .commit('of another generation', 'a', 4_300, { generationIdOrMemberEpoch: 9 })
      .commit('by someone static', 'a', 4_400, { groupInstanceId: 'one' })
      .commit('with too much metadata', 'a', 4_500, topics({ partitionIndex: 0, committedMetadata: 'x'.repeat(4097) }))
      .enter('b', 5_000)
      .commit('while it rebalances', 'a', 6_000)
      .run({ horizonMs: 8_000 });
    const seen = Object.fromEntries(
      [
        'to a group that is not there',
        'before version 9',
        'while it assigns',
        'by a member',
        'from outside',
        'by a stranger',
        'of another generation',
        'by someone static',
        'with too much metadata',
        'while it rebalances',
      ].map((l) => [l, error(l)]),
    );
    expect(seen).toEqual({
      'to a group that is not there': 69,
      'before version 9': 22,
      'while it assigns': 27,
      'by a member': 0,
      'from outside': 25,
      'by a stranger': 25,
      'of another generation': 22,
      'by someone static': 25,
      'with too much metadata': 12,
      'while it rebalances': 0,
    });
  });

  it('keep the session of a member alive while the group is stable', () => {
    const s = new Script().enter('a', 100).sync('a sync', 'a', 3_500, ['a']);
    for (let at = 9_000; at < 35_000; at += 6_000) s.commit(`commit ${at}`, 'a', at);
    const { of } = s.run({ horizonMs: 60_000 });
    // The last one was at 33 s.
    expect(of('group.memberLeft').map((e) => Math.round(e.timeUs / 1_000_000))).toEqual([43]);
  });

  it('are read for every topic, for several groups, and with an error for each group that lives elsewhere', () => {
    const s = new Script();
    const { got } = s
      .commit('commit', null, 100)
      .ask('fetch', 500, KEY.OffsetFetch, 9, {
        groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: null }, ...['x1', 'x2', 'x3', 'x4'].map((groupId) => ({ groupId, memberId: null, memberEpoch: -1, topics: null }))],
        requireStable: false,
      })
      .ask('old', 600, KEY.OffsetFetch, 1, fetch(), 'old', (s.coordinator % 3) + 1)
      .run({ horizonMs: 2_000 });
    const groups = got('fetch')['groups'] as Fields[];
    expect(groups[0]).toMatchObject({ groupId: 'g', errorCode: 0, topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 7 }] }] });
    expect(new Set(groups.slice(1).map((g) => g['errorCode']))).toEqual(new Set([0, 16]));
    expect(group(got('old'))).toMatchObject({ topics: [{ partitions: [{ errorCode: 16 }, { errorCode: 16 }] }] });
  });

  it('that are being written are waited for by a reader who wants them stable', () => {
    const s = new Script().commit('commit', null, 2_000);
    const { got, when } = s
      .ask('any', 2_300, KEY.OffsetFetch, 9, fetch({ topics: [{ name: 't', partitionIndexes: [0] }] }))
      .ask('stable', 2_300, KEY.OffsetFetch, 9, fetch({ topics: [{ name: 't', partitionIndexes: [0] }] }, true))
      .run({ horizonMs: 20_000 }, [
        `delay {${[1, 2, 3]
          .filter((b) => b !== s.coordinator)
          .map((b) => `broker-${b}`)
          .join()}}->broker-${s.coordinator} by=500ms at 1s for 4s`,
      ]);
    expect(group(got('any'))).toMatchObject({ topics: [{ partitions: [{ committedOffset: -1 }] }] });
    expect(group(got('stable'))).toMatchObject({ topics: [{ partitions: [{ committedOffset: 7 }] }] });
    expect(Math.abs(when('stable')! - when('commit')!)).toBeLessThan(1);
  });
});

describe('offsets of a group', () => {
  it('are deleted for topics that it does not read', () => {
    const { error, got } = new Script()
      .ask('none', 50, KEY.OffsetDelete, 0, { groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] })
      .commit('commit', null, 100)
      .ask('delete', 500, KEY.OffsetDelete, 0, { groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 77 }] }] })
      .ask('fetch', 1_000, KEY.OffsetFetch, 9, fetch({ topics: null }))
      .ask('nameless', 1_100, KEY.OffsetDelete, 0, { groupId: '', topics: [] })
      .run({ horizonMs: 3_000 });
    expect(error('none')).toBe(69);
    expect(got('delete')).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 0 }, { errorCode: 3 }] }] });
    expect(group(got('fetch'))).toMatchObject({ errorCode: 0, topics: [] });
    expect(error('nameless')).toBe(24);
  });

  it('go with their topic, for good: not for a new topic of the same name, nor after the coordinator has moved', () => {
    const s = new Script().commit('commit', null, 100);
    const all = fetch({ topics: null });
    const remove = { topics: [{ name: 't', topicId: ZERO_UUID }], topicNames: [], timeoutMs: 1_000 };
    const create = { topics: [{ name: 't', numPartitions: 6, replicationFactor: 3, assignments: [], configs: [] }], timeoutMs: 1_000, validateOnly: false };
    s.ask('before', 500, KEY.OffsetFetch, 9, all).ask('remove', 600, KEY.DeleteTopics, 6, remove).ask('create', 1_000, KEY.CreateTopics, 7, create).ask('after', 1_500, KEY.OffsetFetch, 9, all);
    const elsewhere = [1, 2, 3].filter((b) => b !== s.coordinator);
    for (const b of elsewhere) s.ask(`moved to ${b}`, 25_000, KEY.OffsetFetch, 9, all, 'later', b);
    const { got } = s.run({ horizonMs: 30_000 }, [`kill broker-${s.coordinator} at 2s`]);
    expect(group(got('before'))).toMatchObject({ errorCode: 0, topics: [{ name: 't' }] });
    expect(got('remove')).toMatchObject({ responses: [{ errorCode: 0 }] });
    expect(got('create')).toMatchObject({ topics: [{ errorCode: 0 }] });
    expect(group(got('after'))).toMatchObject({ errorCode: 0, topics: [] });
    const moved = elsewhere.map((b) => group(got(`moved to ${b}`))).filter((g) => g['errorCode'] === 0);
    expect(moved).toMatchObject([{ topics: [] }]);
  });

  it('are kept for topics that it reads, or may read', () => {
    const reads = { protocols: [{ name: 'range', metadata: new Uint8Array([0, 0, 0, 0, 0, 1, 0, 1, 117, 255, 255, 255, 255]) }] };
    const other = { protocolType: 'connect' };
    const remove = { groupId: 'g', topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }] };
    // The subscription names the topic u only.
    const ofU = new Script().enter('a', 100, reads).sync('sync', 'a', 3_500, ['a']).commit('commit', 'a', 4_000).ask('delete', 5_000, KEY.OffsetDelete, 0, remove).run({ horizonMs: 8_000 });
    expect(ofU.got('delete')).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 0 }] }] });
    const unreadable = new Script().enter('a', 100).sync('sync', 'a', 3_500, ['a']).ask('delete', 5_000, KEY.OffsetDelete, 0, remove).run({ horizonMs: 8_000 });
    expect(unreadable.got('delete')).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: 86 }] }] });
    const connect = new Script().enter('a', 100, other).ask('delete', 5_000, KEY.OffsetDelete, 0, remove).run({ horizonMs: 8_000 });
    expect(connect.error('delete')).toBe(68);
  });
});
