// The time of a fault that is injected by hand: at the playhead, or one microsecond after what is already shown of that instant.
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';

/**
 * Virtual time for a fault injected now. A schedule entry strikes before everything else of its microsecond, so what is shown stays as it is.
 * Where nothing happens until the next whole millisecond, that is taken: the same strike, written shorter.
 */
export function faultTimeUs(trace: TraceStore, position: number, timeUs: number): number {
  const first = position > 0 && trace.timeAt(position - 1) === timeUs ? timeUs + 1 : timeUs;
  const round = Math.ceil(first / 1000) * 1000;
  return position < trace.count && round <= trace.timeAt(position) ? round : first;
}

/** A duration as the fault grammar writes it: an integer and the largest unit that keeps it whole. */
export function exactTime(us: number): string {
  if (us % 1_000_000 === 0) return `${us / 1_000_000}s`;
  if (us % 1000 === 0) return `${us / 1000}ms`;
  return `${us}us`;
}

/** `pause recs-b for 2s` becomes `pause recs-b at 12400ms for 2s`. */
export function withTime(fault: string, timeUs: number): string {
  const [what, duration] = fault.split(/ for (?=\d+(?:us|ms|s|m)$)/);
  return `${what!.trim()} at ${exactTime(timeUs)}${duration ? ` for ${duration}` : ''}`;
}
