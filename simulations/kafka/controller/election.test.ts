import { describe, expect, it } from 'vitest';
import { newPartition, type PartitionState } from '../metadata/image.ts';
import { changePartition, type PartitionChange } from './election.ts';

const state: PartitionState = { ...newPartition([2, 1, 3], [2, 1, 3]), leaderEpoch: 4, partitionEpoch: 9 };
const without =
  (...dead: number[]) =>
  (b: number) =>
    !dead.includes(b);
const change = (over: Partial<PartitionChange>) => changePartition({ state, acceptable: without(), election: 'ONLINE', elrEnabled: false, minIsr: 2, ...over });

describe('the election', () => {
  it('takes the next in-sync replica in replica order', () => {
    expect(change({ targetIsr: [1, 3], acceptable: without(2) })).toEqual({ unclean: false, state: { ...state, isr: [1, 3], leader: 1, leaderEpoch: 5, partitionEpoch: 10 } });
  });

  it('keeps the leader and its epoch when only the ISR shrinks', () => {
    expect(change({ targetIsr: [2, 1], acceptable: without(3) })!.state).toEqual({ ...state, isr: [2, 1], partitionEpoch: 10 });
  });

  it('leaves the partition offline and the last member in the ISR when none is eligible', () => {
    const alone = { ...state, isr: [2] };
    expect(change({ state: alone, targetIsr: [], acceptable: without(2) })!.state).toEqual({ ...alone, leader: -1, leaderEpoch: 5, partitionEpoch: 10 });
  });

  it('elects out of sync only where that is allowed, and the leader then has to recover', () => {
    const alone = { ...state, isr: [2] };
    expect(change({ state: alone, targetIsr: [], acceptable: without(2), election: 'UNCLEAN' })).toEqual({
      unclean: true,
      state: { ...state, isr: [1], leader: 1, leaderEpoch: 5, partitionEpoch: 10, recovering: true },
    });
    expect(change({ state: { ...state, recovering: true }, recovered: true })!.state.recovering).toBe(false);
  });

  it('goes back to the preferred replica on request, and only when that one is in sync', () => {
    const moved = { ...state, leader: 1 };
    expect(change({ state: moved, election: 'PREFERRED' })!.state).toMatchObject({ leader: 2, leaderEpoch: 5 });
    expect(change({ state: { ...moved, isr: [1, 3] }, election: 'PREFERRED' })).toBeNull();
    expect(change({ state: moved })).toBeNull();
  });

  it('knows nothing to do where nothing changes', () => expect(change({})).toBeNull());
});

describe('with eligible leader replicas', () => {
  const elr = (over: Partial<PartitionChange>) => change({ elrEnabled: true, ...over });

  it('remembers who fell out of a set that is too small, and forgets them when it has grown again', () => {
    const shrunk = elr({ targetIsr: [2], acceptable: without(1, 3) })!.state;
    expect(shrunk).toMatchObject({ isr: [2], elr: [1, 3], leader: 2 });
    expect(elr({ state: shrunk, targetIsr: [2, 3] })!.state).toMatchObject({ isr: [2, 3], elr: [] });
  });

  it('lets the set run empty, names who led last, and takes an eligible one that returns without loss', () => {
    const gone = elr({ state: { ...state, isr: [2], elr: [1] }, targetIsr: [], acceptable: without(1, 2, 3) })!.state;
    expect(gone).toMatchObject({ isr: [], elr: [1, 2], lastKnownElr: [2], leader: -1 });
    expect(elr({ state: gone, acceptable: without(2, 3) })).toMatchObject({ unclean: false, state: { isr: [1], elr: [2], lastKnownElr: [], leader: 1, recovering: false } });
  });

  it('takes who led last when nobody is eligible, and counts that as unclean', () => {
    const lost = { ...state, isr: [], elr: [], lastKnownElr: [2], leader: -1 };
    expect(elr({ state: lost, acceptable: without(2) })).toBeNull();
    expect(elr({ state: lost, acceptable: without(1, 3) })).toMatchObject({ unclean: true, state: { leader: 2, isr: [2], recovering: true } });
  });

  it('strikes off who came back from an unclean end', () => {
    expect(elr({ state: { ...state, isr: [2], elr: [1, 3] }, uncleanShutdown: [3] })!.state.elr).toEqual([1]);
  });
});

describe('a reassignment', () => {
  const moving = { ...state, replicas: [4, 2, 1, 3], adding: [4], removing: [1, 3], isr: [2, 1, 3] };

  it('waits until every new replica is in sync, then drops the old ones with a new epoch', () => {
    expect(change({ state: moving, targetIsr: [2, 1] })!.state).toMatchObject({ adding: [4], removing: [1, 3], replicas: [4, 2, 1, 3] });
    expect(change({ state: moving, targetIsr: [2, 1, 3, 4] })!.state).toMatchObject({ adding: [], removing: [], replicas: [4, 2], isr: [2, 4], leader: 2, leaderEpoch: 5 });
  });

  it('elects another leader when the present one loses its place', () => {
    const away = { ...state, replicas: [4, 1, 2, 3], adding: [4], removing: [2, 3] };
    expect(change({ state: away, targetIsr: [2, 1, 3, 4] })!.state).toMatchObject({ replicas: [4, 1], isr: [1, 4], leader: 4, leaderEpoch: 5 });
  });
});
