// What the lesson counts while the experiment runs: events that were handled after a later event of the same user.
import type { TraceEvent } from '../../../simulations/contract/events.ts';
import { TYPE_OF } from '../../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import type { Overtaken } from '../../contract.ts';
import { GROUP } from './scenario.ts';
import type { WatchEvent } from './exercise/events.ts';

/** @param position events of the trace that may be looked at. */
export function overtaken(trace: TraceStore, position: number): Overtaken {
  const newest = new Map<string, WatchEvent>();
  let handled = 0;
  let late = 0;
  let first: Overtaken['first'] = null;
  for (let seq = 0; seq < position; seq++) {
    if (trace.typeNumberAt(seq) !== TYPE_OF['consumer.delivered']) continue;
    const e = trace.event(seq) as TraceEvent<'consumer.delivered'>;
    for (let i = 0; e.group === GROUP && i < e.records; i++) {
      const event = watchEvent(trace.records[e.firstRecord + i]?.value);
      if (!event) continue;
      handled++;
      const last = newest.get(event.userId);
      if (last && last.id > event.id) {
        late++;
        first ??= { user: event.userId, late: event.type, before: last.type, atUs: e.timeUs };
      } else newest.set(event.userId, event);
    }
  }
  return { handled, late, first };
}

function watchEvent(value: string | null | undefined): WatchEvent | null {
  try {
    const event = JSON.parse(value ?? '') as Partial<WatchEvent> | null;
    return typeof event?.userId === 'string' && typeof event.id === 'string' ? (event as WatchEvent) : null;
  } catch {
    return null;
  }
}
