// The kernel against the same work inlined: take the first event, read what it carries, queue another (the hold model), over typed arrays.
import { Kernel, type Behavior } from '../../simulations/kernel/kernel.ts';
import { TraceWriter } from '../../simulations/kernel/trace.ts';
import { cpuSeconds } from './measure.ts';

/** Delay of the n-th event, microseconds: 80 % 0.5 to 5 ms, 15 % 100 ms, 4 % 3 s, 1 % 45 s, as a cluster's timers and messages are. */
function delayOf(n: number): number {
  const x = Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) >>> 0;
  const share = x % 100;
  return share < 80 ? 500 + ((x >>> 7) % 4500) : share < 95 ? 100_000 : share < 99 ? 3_000_000 : 45_000_000;
}

/** @returns CPU seconds per event of the inlined loop. */
export function inlinedLoop(queueLength: number, events: number): number {
  const time = new Float64Array(queueLength + 1);
  const seq = new Float64Array(queueLength + 1);
  const slot = new Int32Array(queueLength + 1);
  const a = new Int32Array(queueLength + 1);
  const free = new Int32Array(queueLength + 1);
  let size = 0;
  let freeCount = queueLength + 1;
  for (let i = 0; i < freeCount; i++) free[i] = i;
  let nextSeq = 0;
  let checksum = 0;
  let now = 0;
  const seconds = cpuSeconds(() => {
    for (let n = 0; n < queueLength + events; n++) {
      if (n >= queueLength) {
        const top = slot[0]!;
        now = time[0]!;
        checksum = (Math.imul(checksum, 31) + a[top]!) | 0;
        const m = --size;
        const lt = time[m]!;
        const ls = seq[m]!;
        const lv = slot[m]!;
        let i = 0;
        for (;;) {
          let child = 2 * i + 1;
          if (child >= m) break;
          const right = child + 1;
          if (right < m && (time[right]! < time[child]! || (time[right] === time[child] && seq[right]! < seq[child]!))) child = right;
          const ct = time[child]!;
          if (lt < ct || (lt === ct && ls < seq[child]!)) break;
          time[i] = ct;
          seq[i] = seq[child]!;
          slot[i] = slot[child]!;
          i = child;
        }
        time[i] = lt;
        seq[i] = ls;
        slot[i] = lv;
        free[freeCount++] = top;
      }
      const s = free[--freeCount]!;
      a[s] = n;
      const at = now + delayOf(n);
      let i = size++;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (time[parent]! < at || (time[parent] === at && seq[parent]! < nextSeq)) break;
        time[i] = time[parent]!;
        seq[i] = seq[parent]!;
        slot[i] = slot[parent]!;
        i = parent;
      }
      time[i] = at;
      seq[i] = nextSeq++;
      slot[i] = s;
    }
  });
  if (checksum === 42) console.error('unlikely');
  return seconds / (queueLength + events);
}

/** @returns CPU seconds per event of the kernel: a process whose every timer sets the next one. */
export function bareKernel(queueLength: number, events: number): number {
  const trace = new TraceWriter(null);
  const kernel = new Kernel({ seed: 1, trace, horizonUs: Number.MAX_SAFE_INTEGER, limits: { events: Infinity, payloadBytes: Infinity, processes: 10 } });
  let n = 0;
  let checksum = 0;
  const process = kernel.addProcess('yard', 'producer', 0, (p): Behavior => ({
    start() {
      for (; n < queueLength; n++) kernel.setTimer(p, delayOf(n), 0, n);
    },
    timer(_kind, a) {
      checksum = (Math.imul(checksum, 31) + a) | 0;
      kernel.setTimer(process, delayOf(n), 0, n++);
    },
    closed() {},
    message() {},
  }));
  const seconds = cpuSeconds(() => {
    kernel.advance(1);
    for (let left = events; left > 0; left -= 65_536) kernel.advance(Math.min(left, 65_536));
  });
  if (checksum === 42) console.error('unlikely');
  return seconds / (queueLength + events);
}
