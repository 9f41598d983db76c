// What a leader of a partition did not live to tell is told by the next one, once; share.test.ts has the leader that dies.
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../kernel/kernel.ts';
import { untoldIn, type Said } from './untold.ts';

const said = (first: number, last: number, over: Partial<Said> = {}): Said => ({ first, last, state: 'ACKNOWLEDGED', deliveryCount: 1, said: 1, why: 'released', member: 'm', client: 'c', ...over });
const kept = (startOffset: number, ...stateBatches: readonly (readonly [number, number, number])[]) => ({
  stateEpoch: 0,
  startOffset,
  stateBatches: stateBatches.map(([firstOffset, lastOffset, deliveryState]) => ({ firstOffset, lastOffset, deliveryState, deliveryCount: 1 })),
});

describe('what is untold', () => {
  const list = () => untoldIn({} as Kernel);

  it('is taken once, by the leader that heard of its write or by the next one', () => {
    const untold = list();
    const [a, b] = [said(0, 4), said(5, 6)];
    untold.add('k', [a, b]);
    expect([untold.take('k', a), untold.take('k', a)]).toEqual([true, false]);
    expect(untold.written('k', kept(7))).toEqual([b]);
    expect(untold.take('k', b)).toBe(false);
  });

  it('counts only as far as it was written', () => {
    const untold = list();
    untold.add('k', [said(0, 1), said(3, 5), said(6, 7, { state: 'AVAILABLE' }), said(8, 8)]);
    // ACKNOWLEDGED is 2, AVAILABLE 0.
    expect(untold.written('k', kept(2, [3, 4, 2], [5, 5, 2], [6, 7, 0]))).toEqual([said(0, 1), said(3, 5), said(6, 7, { state: 'AVAILABLE' })]);
    untold.add('k', [said(0, 1, { state: 'AVAILABLE' }), said(3, 5)]);
    expect(untold.written('k', kept(2, [3, 4, 2]))).toEqual([]);
  });

  it('gives way to what is said of the same records later', () => {
    const untold = list();
    untold.add('k', [said(0, 4)]);
    untold.add('k', [said(4, 4)]);
    expect(untold.written('k', kept(9))).toEqual([said(4, 4)]);
    untold.add('k', [said(0, 4)]);
    untold.forget('k', 2, 2);
    expect(untold.written('k', kept(9))).toEqual([]);
  });
});
