import { describe, expect, it } from 'vitest';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { clientsModel } from './clients.ts';
import { createTimeline } from './timeline.ts';

function groupAfter(emit: (writer: TraceWriter) => void) {
  const store = new TraceStore();
  const writer = new TraceWriter((chunk) => store.append(chunk));
  emit(writer);
  writer.flush();
  const timeline = createTimeline(store, clientsModel);
  timeline.extend();
  return timeline.at(store.count).groups.get('g')!;
}

describe('groups as views see them', () => {
  it('follow members of the broker’s protocol step by step', () => {
    const g = groupAfter((w) => {
      const s = (text: string) => w.sym(text);
      const step = (member: string, epoch: number, state: string, assigned: string, pending: string) =>
        w.emit('group.memberReconciled', s('broker-1'), -1, s('g'), s(member), s(`client-${member}`), epoch, s(state), s(assigned), s(pending));
      w.emit('group.memberJoined', s('broker-1'), -1, s('g'), s('a'), s('client-a'));
      step('a', 1, 'STABLE', 't-0,t-1', '');
      step('b', 2, 'UNRELEASED_PARTITIONS', '', '');
      step('a', 1, 'UNREVOKED_PARTITIONS', 't-0', 't-1');
    });
    expect([...g.members.values()]).toEqual([
      { member: 'a', client: 'client-a', generation: 1, assigned: ['t-0'] },
      { member: 'b', client: 'client-b', generation: 2, assigned: [] },
    ]);
  });

  it('keep what a static member had when it comes back under a new id', () => {
    const g = groupAfter((w) => {
      const s = (text: string) => w.sym(text);
      w.emit('group.assigned', s('broker-1'), -1, s('g'), s('i-1'), s('one'), 3, s('t-0'));
      w.emit('group.memberReplaced', s('broker-1'), -1, s('g'), s('i'), s('i-2'), s('i-1'), s('one'));
    });
    expect([...g.members.values()]).toEqual([{ member: 'i-2', client: 'one', generation: 3, assigned: ['t-0'] }]);
  });
});
