import { describe, expect, it } from 'vitest';
import { TraceWriter } from '../kernel/trace.ts';
import { watchOwners } from './owners.ts';

/** @returns which partitions were found with two owners, after each event. */
function watched() {
  const trace = new TraceWriter(null);
  const found: string[] = [];
  const tally = { tested: 0 };
  watchOwners(trace, tally, (topic, partition, group) => found.push(`${trace.text(group)} ${trace.text(topic)}-${partition}`));
  const s = (text: string) => trace.sym(text);
  return {
    found,
    tally,
    assigned: (member: string, generation: number, partitions: string) => trace.emit('group.assigned', s('broker-1'), -1, s('g'), s(member), s(member), generation, s(partitions)),
    reconciled: (member: string, assigned: string, pending = '', broker = 'broker-1') =>
      trace.emit('group.memberReconciled', s(broker), -1, s('g'), s(member), s(member), 1, s('STABLE'), s(assigned), s(pending)),
    left: (member: string) => trace.emit('group.memberLeft', s('broker-1'), -1, s('g'), s(member), s(member), s('left')),
    replaced: (was: string, member: string) => trace.emit('group.memberReplaced', s('broker-1'), -1, s('g'), s('i'), s(member), s(was), s(member)),
    loaded: (broker: string, type = 'consumer') => trace.emit('group.loaded', s(broker), -1, s('g'), s(type), s('Stable'), 1, 1),
    converted: (to: string, generation: number) => trace.emit('group.converted', s('broker-1'), -1, s('g'), s(to), generation, 1),
    computed: (assignor: string) => trace.emit('group.targetComputed', s('broker-1'), -1, s('g'), 1, s(assignor), s('')),
  };
}

describe('one owner per partition', () => {
  it('is judged per generation in the classic protocol', () => {
    const w = watched();
    w.assigned('a', 1, 't-0,t-1');
    w.assigned('b', 2, 't-0');
    expect(w.found).toEqual([]);
    w.assigned('c', 2, 'my-topic-1,t-0');
    expect(w.found).toEqual(['g t-0']);
    expect(w.tally.tested).toBe(5);
  });

  it('is judged at any moment where the broker assigns: a member owns what it has not yet given up', () => {
    const w = watched();
    w.reconciled('a', 't-0', 't-1');
    w.reconciled('b', 't-2');
    expect(w.found).toEqual([]);
    w.reconciled('b', 't-1,t-2');
    expect(w.found).toEqual(['g t-1']);
  });

  it('frees what a member gave up, what one that left had, and what one passed on to its successor', () => {
    const w = watched();
    w.reconciled('a', 't-0', 't-1');
    w.reconciled('a', 't-0');
    w.reconciled('b', 't-1');
    w.left('a');
    w.reconciled('b', 't-0,t-1');
    w.replaced('b', 'b2');
    w.reconciled('b2', 't-0,t-1');
    expect(w.found).toEqual([]);
  });

  it('is judged by what one coordinator knows, from when it has read the group', () => {
    const w = watched();
    w.reconciled('a', 't-0');
    w.reconciled('b', 't-0', '', 'broker-2');
    w.loaded('broker-1');
    w.reconciled('b', 't-0');
    expect(w.found).toEqual([]);
  });

  it('begins anew when a group changes over to the other protocol', () => {
    const w = watched();
    w.reconciled('a', 't-0');
    w.converted('classic', 1);
    w.assigned('b', 2, 't-0');
    w.converted('consumer', 2);
    w.reconciled('b', 't-0');
    expect(w.found).toEqual([]);
    w.converted('classic', 0);
    w.assigned('c', 2, 't-0');
    expect(w.found).toEqual([]);
    w.assigned('d', 2, 't-0');
    expect(w.found).toEqual(['g t-0']);
  });

  it('says nothing of share groups, whose members share partitions', () => {
    const computed = watched();
    computed.computed('simple');
    const loaded = watched();
    loaded.loaded('broker-1', 'share');
    for (const w of [computed, loaded]) {
      w.reconciled('a', 't-0');
      w.reconciled('b', 't-0');
      expect(w.tally.tested).toBe(0);
    }
  });
});
