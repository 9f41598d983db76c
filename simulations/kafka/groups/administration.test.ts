import { describe, expect, it } from 'vitest';
import { KEY } from '../protocol/apiKeys.ts';
import { Script, type Fields } from './script.test-helper.ts';

const describing = (...groups: string[]) => ({ groups, includeAuthorizedOperations: false });
const first = (body: Fields, field: string) => (body[field] as Fields[])[0]!;

describe('an administrator', () => {
  it('sees a stable group whole, and of others no metadata', () => {
    const { got } = new Script()
      .enter('a', 100)
      .ask('while it assigns', 3_300, KEY.DescribeGroups, 6, describing('g'))
      .sync('a sync', 'a', 3_500, ['a'])
      .ask('stable', 4_000, KEY.DescribeGroups, 6, describing('g'))
      .run({ horizonMs: 6_000 });
    expect(first(got('while it assigns'), 'groups')).toMatchObject({
      errorCode: 0,
      groupState: 'CompletingRebalance',
      protocolType: 'consumer',
      protocolData: '',
      members: [{ memberMetadata: new Uint8Array(0) }],
    });
    expect(first(got('stable'), 'groups')).toMatchObject({
      groupState: 'Stable',
      protocolData: 'range',
      members: [{ memberId: got('a')['memberId'], clientId: 'probe', clientHost: '/probe', groupInstanceId: null, memberMetadata: new Uint8Array([0, 0]) }],
    });
  });

  it('hears from version 6 on that a group is not there; before it looks dead', () => {
    const s = new Script();
    const { got } = s
      .ask('new', 100, KEY.DescribeGroups, 6, describing('g'))
      .ask('old', 200, KEY.DescribeGroups, 5, describing('g'))
      .ask('elsewhere', 300, KEY.DescribeGroups, 6, describing('g'), 'x', (s.coordinator % 3) + 1)
      .run({ horizonMs: 1_000 });
    expect(first(got('new'), 'groups')).toMatchObject({ errorCode: 69, groupState: 'Dead', errorMessage: 'Group g not found.' });
    expect(first(got('old'), 'groups')).toMatchObject({ errorCode: 0, groupState: 'Dead', members: [] });
    expect(first(got('elsewhere'), 'groups')).toMatchObject({ errorCode: 16 });
  });

  it('lists the groups of a broker by state and type, in any spelling', () => {
    const list = (statesFilter: string[], typesFilter: string[]) => ({ statesFilter, typesFilter });
    const { got } = new Script()
      .enter('a', 100)
      .sync('a sync', 'a', 3_500, ['a'])
      .ask('all', 4_000, KEY.ListGroups, 5, list([], []))
      .ask('stable', 4_000, KEY.ListGroups, 5, list(['sTable'], ['CLASSIC']))
      .ask('empty', 4_000, KEY.ListGroups, 5, list(['Empty'], []))
      .ask('unknown type', 4_000, KEY.ListGroups, 5, list([], ['nothing']))
      .run({ horizonMs: 6_000 });
    const listed = { groupId: 'g', protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' };
    expect(['all', 'stable', 'empty', 'unknown type'].map((l) => got(l)['groups'])).toEqual([[listed], [listed], [], []]);
  });

  it('deletes empty groups with their offsets, for good', () => {
    const s = new Script();
    const elsewhere = [1, 2, 3].filter((b) => b !== s.coordinator);
    s.enter('a', 100)
      .sync('a sync', 'a', 3_500, ['a'])
      .commit('commit', 'a', 4_000)
      .ask('too early', 4_500, KEY.DeleteGroups, 2, { groupsNames: ['g'] })
      .leave('leaves', 'a', 5_000)
      .ask('delete', 6_000, KEY.DeleteGroups, 2, { groupsNames: ['g'] })
      .ask('again', 7_000, KEY.DeleteGroups, 2, { groupsNames: ['g'] });
    for (const b of elsewhere) s.ask(`fetch at ${b}`, 25_000, KEY.OffsetFetch, 9, { groups: [{ groupId: 'g', memberId: null, memberEpoch: -1, topics: null }], requireStable: false }, 'later', b);
    const { got } = s.run({ horizonMs: 30_000 }, [`kill broker-${s.coordinator} at 8s`]);
    expect(['too early', 'delete', 'again'].map((l) => first(got(l), 'results')['errorCode'])).toEqual([68, 0, 69]);
    expect(elsewhere.map((b) => first(got(`fetch at ${b}`), 'groups')).find((g) => g['errorCode'] === 0)).toMatchObject({ topics: [] });
  });
});
