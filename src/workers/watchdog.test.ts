import { describe, expect, it } from 'vitest';
import { watch, type WatchdogClock } from './watchdog.ts';

function clock() {
  let now = 0;
  let visible = true;
  let tick: (() => void) | null = null;
  const it: WatchdogClock = { now: () => now, visible: () => visible, every: (_ms, f) => ((tick = f), () => (tick = null)) };
  return {
    clock: it,
    pass: (ms: number, step = 200) => {
      for (let left = ms; left > 0; left -= step) {
        now += step;
        tick?.();
      }
    },
    show: (v: boolean) => (visible = v),
    running: () => tick !== null,
  };
}

describe('the watchdog', () => {
  it('bites after the silence it allows, once', () => {
    const c = clock();
    let bites = 0;
    watch(2_000, () => bites++, c.clock);
    c.pass(1_800);
    expect(bites).toBe(0);
    c.pass(10_000);
    expect(bites).toBe(1);
    expect(c.running()).toBe(false);
  });

  it('begins anew whenever the worker is heard, with the limit told then', () => {
    const c = clock();
    let bites = 0;
    const dog = watch(5_000, () => bites++, c.clock);
    c.pass(4_000);
    dog.heard(2_000);
    c.pass(1_800);
    expect(bites).toBe(0);
    c.pass(400);
    expect(bites).toBe(1);
  });

  it('does not count hidden time, nor time in which its own timer was held up', () => {
    const c = clock();
    let bites = 0;
    watch(2_000, () => bites++, c.clock);
    c.show(false);
    c.pass(60_000);
    c.show(true);
    c.pass(60_000, 10_000);
    expect(bites).toBe(0);
    c.pass(2_000);
    expect(bites).toBe(1);
  });
});
