// Which events the narrative tells: an index that grows with the trace and is cut at the playhead.
import { EVENT_NAMES, EVENT_SPECS } from '../../../simulations/contract/events.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { say, type EngineText } from '../../../simulations/text/contract.ts';
import { columns } from '../../readmodels/columns.ts';
import { createIndexList, type IndexList } from '../../readmodels/index-list.ts';
import { matcher } from '../inspector/about.ts';
import type { Selection } from '../selection.ts';

export type NarrativeFilter = 'outcomes' | 'key' | 'all' | 'selected';

const OUTCOME = EVENT_NAMES.map((name) => EVENT_SPECS[name].kind === 'outcome' || EVENT_SPECS[name].interesting);
const INTERESTING = EVENT_NAMES.map((name) => EVENT_SPECS[name].interesting);
const INTERNAL = EVENT_NAMES.map((name) => EVENT_SPECS[name].fields.findIndex((f) => f.name === 'topic'));
const HIGH_WATERMARK = EVENT_NAMES.indexOf('kafka.highWatermark');
const APPEND = EVENT_NAMES.indexOf('kafka.append');
const LEADER_OF_APPEND = columns('kafka.append').leader;
const LEADER_OF_HW = columns('kafka.highWatermark').leader;

export interface Entries extends IndexList {
  readonly filter: NarrativeFilter;
}

/** @param search holds for sentences that contain it, in any case; empty = all. */
export function createEntries(trace: TraceStore, filter: NarrativeFilter, selection: Selection | null, faults: readonly string[], search: string, text: EngineText): Entries {
  const concerns = selection ? matcher(trace, selection, faults) : null;
  const wanted = search.trim().toLowerCase();
  const list = createIndexList(trace, (store, seq) => {
    const type = store.typeNumberAt(seq);
    if (filter === 'key' && !INTERESTING[type]) return false;
    if (filter === 'outcomes' && (!OUTCOME[type] || isCopy(store, seq, type))) return false;
    if (filter === 'selected' && !(concerns && concerns(seq))) return false;
    if (filter !== 'all' && filter !== 'selected' && isInternal(store, seq, type)) return false;
    return wanted === '' || say(text, store.event(seq)).toLowerCase().includes(wanted);
  });
  return { ...list, filter };
}

/** What followers do with what the leader already told. */
function isCopy(store: TraceStore, seq: number, type: number): boolean {
  return (type === APPEND && store.value(seq, LEADER_OF_APPEND) === 0) || (type === HIGH_WATERMARK && store.value(seq, LEADER_OF_HW) === 0);
}

/** Kafka's own topics, e.g. __consumer_offsets. */
function isInternal(store: TraceStore, seq: number, type: number): boolean {
  const at = INTERNAL[type]!;
  return at >= 0 && store.texts[store.value(seq, at)]!.startsWith('__');
}
