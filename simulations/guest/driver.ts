// Drives a run inside a worker: advances the kernel, lets microtasks drain after each event that touched learner code, reports, and ends.
import { EPOCH_MS } from '../kernel/epoch.ts';
import { createRun, type Run } from '../run.ts';
import { GuestHost, type Whereabouts } from './host.ts';
import type { Natives } from './natives.ts';
import { GuestProcess } from './process.ts';
import { buffersOf } from '../kernel/trace.ts';
import type { GuestReport, RunMessage } from './protocol.ts';

/** Kernel dispatches between two looks at the real clock. */
const BUDGET = 256;
/** Real milliseconds of work before the worker lets messages in. */
const SLICE_MS = 25;
const REPORT_MS = 50;

export type Post = (report: GuestReport, transfer?: ArrayBuffer[]) => void;

/** The clock that the realm's dates read; it is set once the run exists. */
export const clock = { nowMs: (): number => EPOCH_MS };

/** Computes one run. Posts `end` or `failed` last. @param Buffer the Buffer that all processes share. */
export function drive(message: RunMessage, natives: Natives, Buffer: unknown, post: Post): void {
  let run: Run;
  const place = (at: Whereabouts) => ({ ...at, timeUs: run.kernel.nowUs, events: run.trace.count });
  const host = new GuestHost({ natives, Buffer, js: message.js, maps: message.maps, onLong: (at) => post({ kind: 'inside', ...place(at) }) });
  try {
    run = createRun(message.universe, {
      sink: message.record ? (chunk) => post({ kind: 'chunk', chunk }, buffersOf(chunk)) : null,
      guests: (kernel, process, entry) => new GuestProcess(host, kernel, process, entry),
      frames: message.frames === true,
      ...(message.stopAt ? { stopAt: message.stopAt } : {}),
    });
  } catch (error) {
    post(failure(error));
    return;
  }
  clock.nowMs = () => EPOCH_MS + Math.floor(run.kernel.nowUs / 1000);
  // The first look reports, so that the watchdog knows that events are being handled.
  let reportedMs = -Infinity;
  let sliceMs = natives.now();
  let hopsLeft = 0;
  const step = (): void => {
    if (hopsLeft > 0) {
      hopsLeft--;
      natives.hop(step);
      return;
    }
    try {
      if (advance()) return;
    } catch (error) {
      post(failure(error));
      return;
    }
    natives.hop(step);
  };
  /** @returns whether the run has ended. */
  const advance = (): boolean => {
    for (;;) {
      const reason = run.advance(BUDGET);
      const now = natives.now();
      if (now - reportedMs >= REPORT_MS) {
        reportedMs = now;
        if (message.record) run.trace.flush();
        post({ kind: 'progress', ...place(host.whereabouts) });
      }
      if (reason === 'ended') {
        post({ kind: 'end', result: run.result() });
        return true;
      }
      if (reason === 'hop') {
        hopsLeft = natives.hopsPerEvent - 1;
        sliceMs = now;
        return false;
      }
      if (now - sliceMs >= SLICE_MS) {
        sliceMs = now;
        return false;
      }
    }
  };
  post({ kind: 'progress', ...place(host.whereabouts) });
  natives.hop(step);
}

function failure(error: unknown): GuestReport {
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error), stack: error instanceof Error ? String(error.stack) : '' };
}
