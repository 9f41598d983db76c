import { describe, expect, it } from 'vitest';
import type { Kernel, Process } from '../kernel/kernel.ts';
import { Deadlines } from './deadlines.ts';

/** A kernel of which only clock and timers are used. */
function clock() {
  const timers: { atUs: number; number: number; arms: number }[] = [];
  const kernel = {
    nowUs: 0,
    cause: -1,
    setTimer: (_process: unknown, delayUs: number, _kind: number, number: number, arms: number) => void timers.push({ atUs: kernel.nowUs + delayUs, number, arms }),
  };
  const deadlines = new Deadlines(kernel as unknown as Kernel, {} as Process, 7);
  /** @param lateUs by how much the process was frozen when its timers were due. */
  const runTo = (us: number, lateUs = 0) => {
    for (;;) {
      timers.sort((a, b) => a.atUs - b.atUs);
      const next = timers[0];
      if (!next || next.atUs > us) break;
      timers.shift();
      kernel.nowUs = next.atUs + lateUs;
      deadlines.timer(next.number, next.arms);
    }
    kernel.nowUs = us;
  };
  return { kernel, deadlines, runTo, timers };
}

describe('a deadline', () => {
  it('comes when it is due, once', () => {
    const { deadlines, runTo, kernel } = clock();
    const came: number[] = [];
    const d = deadlines.make(() => came.push(kernel.nowUs));
    deadlines.set(d, 5);
    runTo(20_000);
    expect(came).toEqual([5_000]);
  });

  it('comes late when its process was paused', () => {
    const { deadlines, runTo, kernel } = clock();
    const came: number[] = [];
    const d = deadlines.make(() => came.push(kernel.nowUs));
    deadlines.set(d, 5);
    runTo(20_000, 3_000);
    expect(came).toEqual([8_000]);
  });

  it('moves back without a timer of its own, and forward with one', () => {
    const { deadlines, runTo, kernel, timers } = clock();
    const came: number[] = [];
    const d = deadlines.make(() => came.push(kernel.nowUs));
    deadlines.set(d, 5);
    deadlines.set(d, 9);
    expect(timers).toHaveLength(1);
    deadlines.set(d, 2);
    expect(timers).toHaveLength(2);
    runTo(20_000);
    expect(came).toEqual([2_000]);
  });

  it('does not come when it was cleared or dropped, and can be set again after it was cleared', () => {
    const { deadlines, runTo, kernel } = clock();
    const came: number[] = [];
    const d = deadlines.make(() => came.push(kernel.nowUs));
    deadlines.set(d, 5);
    deadlines.clear(d);
    runTo(6_000);
    deadlines.set(d, 1);
    runTo(8_000);
    deadlines.set(d, 1);
    deadlines.drop(d);
    runTo(20_000);
    expect(came).toEqual([7_000]);
  });

  it('keeps the time it has when it is only set if absent', () => {
    const { deadlines, runTo, kernel } = clock();
    const came: number[] = [];
    const d = deadlines.make(() => came.push(kernel.nowUs));
    deadlines.setIfAbsent(d, 5);
    deadlines.setIfAbsent(d, 1);
    runTo(20_000);
    expect(came).toEqual([5_000]);
  });
});
