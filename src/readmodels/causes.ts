// Why an event happened: the walk back over causes, with the steps that carry a message left out.
import { EVENT_SPECS } from '../../simulations/contract/events.ts';
import type { TraceStore } from '../../simulations/kernel/trace.ts';

/** All causes of an event, from the event itself back to the first. A walk over the causal graph, at most `most` steps. */
export function ancestors(store: TraceStore, seq: number, most = 10_000): number[] {
  const out: number[] = [];
  for (let at = seq; at >= 0 && out.length < most; ) {
    out.push(at);
    const cause = store.causeAt(at);
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
  const spec = EVENT_SPECS[type];
  return spec.interesting || (spec.kind === 'outcome' && type !== 'process.started');
}
