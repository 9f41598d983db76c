// Why an event happened: the walk back over causes, with the steps that carry a message left out.
import { EVENT_SPECS } from '../../simulations/contract/events.ts';
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';

/**
 * All causes of an event, from the event itself back to the first. A walk over the causal graph, at most `most` steps. What happened
 * because nothing was heard of a process in time has no message as its cause: there the walk goes on at the event that silenced it.
 */
export function ancestors(store: TraceStore, seq: number, most = 10_000): number[] {
  const out: number[] = [];
  for (let at = seq; at >= 0 && out.length < most;) {
    out.push(at);
    const silenced = silencedBy(store, at);
    const cause = silenced >= 0 ? silenced : store.causeAt(at);
    if (cause >= at) break;
    at = cause;
  }
  return out;
}

/** The chain worth telling, oldest first and ending with the event: outcomes and interesting events, at most `most` of them. */
export function chainOf(store: TraceStore, seq: number, most = 6): number[] {
  const all = ancestors(store, seq);
  const told = all.filter((at, i) => i === 0 || worthTelling(store, at));
  return told.slice(0, most).reverse();
}

function worthTelling(store: TraceStore, seq: number): boolean {
  const type = store.typeAt(seq);
  // Of what happens within a job: the arrival of a record, and the watermark that made a window fire.
  if (type === 'operator.received' || type === 'watermark.advanced') return true;
  const spec = EVENT_SPECS[type];
  return spec.interesting || (spec.kind === 'outcome' && type !== 'process.started');
}

const FENCED = columns('kafka.fenced');
const LEFT = columns('group.memberLeft');
/** Events looked back at for what silenced a process. */
const LOOK_BACK = 200_000;

/** For an expiry, the event that froze or ended the process which was no longer heard; -1 for every other event. */
function silencedBy(store: TraceStore, seq: number): number {
  const type = store.typeNumberAt(seq);
  let name: string;
  if (type === TYPE_OF['kafka.fenced'] && store.texts[store.value(seq, FENCED.reason)] === 'sessionTimeout') name = `broker-${store.value(seq, FENCED.broker)}`;
  else if (type === TYPE_OF['group.memberLeft'] && store.texts[store.value(seq, LEFT.reason)] === 'sessionExpired') name = store.texts[store.value(seq, LEFT.client)]!;
  else return -1;
  const stop = Math.max(0, seq - LOOK_BACK);
  for (let at = seq - 1; at >= stop; at--) {
    const silent = store.typeNumberAt(at);
    if ((silent === TYPE_OF['process.killed'] || silent === TYPE_OF['process.paused'] || silent === TYPE_OF['process.exited']) && store.processAt(at) === name) return at;
    if ((silent === TYPE_OF['process.resumed'] || silent === TYPE_OF['process.restarted'] || silent === TYPE_OF['process.started']) && store.processAt(at) === name) return -1;
  }
  return -1;
}
