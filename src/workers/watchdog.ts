// Tells when a worker has been silent for too long, counting only time in which the page was visible and this timer itself came on schedule:
// a sleeping laptop or a hidden tab is not the learner's endless loop.

export interface Watchdog {
  /** The worker was heard. @param limitMs silence allowed from now on, milliseconds. */
  heard(limitMs: number): void;
  stop(): void;
}

const TICK_MS = 200;
/** A tick that comes later than this was held up by something else, and its time does not count. */
const LATE_MS = 600;

export interface WatchdogClock {
  now(): number;
  visible(): boolean;
  every(ms: number, tick: () => void): () => void;
}

const PAGE: WatchdogClock = {
  now: () => performance.now(),
  visible: () => document.visibilityState === 'visible',
  every: (ms, tick) => {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  },
};

/** @param limitMs silence allowed at first. @param silent called once. */
export function watch(limitMs: number, silent: () => void, clock: WatchdogClock = PAGE): Watchdog {
  let limit = limitMs;
  let silence = 0;
  let last = clock.now();
  const end = clock.every(TICK_MS, () => {
    const now = clock.now();
    const passed = now - last;
    last = now;
    if (!clock.visible() || passed > LATE_MS) return;
    silence += passed;
    if (silence < limit) return;
    end();
    silent();
  });
  return {
    heard(next) {
      silence = 0;
      limit = next;
    },
    stop: end,
  };
}
