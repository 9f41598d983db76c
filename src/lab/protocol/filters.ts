// Which requests are listed: by who asks whom, by how it ended, by what is selected.
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import type { Selection } from '../selection.ts';
import { SENT } from './exchanges.ts';

export const FILTERS = ['clients', 'yours', 'replicas', 'controller', 'all', 'errors', 'selected'] as const;
export type Filter = (typeof FILTERS)[number];

/** The filters that make sense for a scenario. */
export function filtersOf(scenario: Scenario): readonly Filter[] {
  return FILTERS.filter((f) => f !== 'yours' || scenario.learner.length > 0);
}

/** A test of a request by its net.sent. `errors` is decided by the response, which this does not see. */
export function requestTest(store: TraceStore, scenario: Scenario, filter: Filter, selection: Selection | null, api: string): (request: number) => boolean {
  const own = new Set(scenario.processes.filter((p) => p.role === 'guest').map((p) => p.name));
  const text = (seq: number, field: number) => store.texts[store.value(seq, field)]!;
  const isBroker = (name: string) => name.startsWith('broker-');
  const of = (seq: number): boolean => {
    const from = text(seq, SENT.from);
    const to = text(seq, SENT.to);
    switch (filter) {
      case 'all':
      case 'errors':
        return true;
      case 'clients':
        return !isBroker(from);
      case 'yours':
        return own.has(from);
      case 'replicas':
        return isBroker(from) && isBroker(to);
      case 'controller':
        return to === 'controller';
      case 'selected':
        return selection?.kind === 'process'
          ? from === selection.name || to === selection.name
          : selection?.kind === 'link'
            ? (from === selection.from && to === selection.to) || (from === selection.to && to === selection.from)
            : true;
    }
  };
  return (seq) => (api === '' || text(seq, SENT.api) === api) && of(seq);
}
