// What last happened to a selected thing, and how it was before: found in the trace up to the playhead.
import { EVENT_NAMES, EVENT_SPECS, type EventName } from '../../../simulations/contract/events.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { chainOf } from '../../readmodels/causes.ts';
import { isOfStreams, type Selection } from '../selection.ts';
import type { SessionState } from '../session.ts';
import { streamMatcher } from '../streams/matcher.ts';

/** How far back an interesting event is told before the last ordinary outcome, virtual microseconds. */
const RECENT_US = 15_000_000;
/** Events looked at at most. */
const LOOK_BACK = 300_000;

interface Fields {
  readonly topic: number;
  readonly partition: number;
  readonly group: number;
  readonly from: number;
  readonly to: number;
  readonly client: number;
  readonly baseOffset: number;
  readonly records: number;
}

/** Where the fields that name subjects stand in each type's values, -1 = not there. */
const FIELDS: readonly Fields[] = EVENT_NAMES.map((name) => {
  const at = (field: string) => EVENT_SPECS[name].fields.findIndex((f) => f.name === field);
  return { topic: at('topic'), partition: at('partition'), group: at('group'), from: at('from'), to: at('to'), client: at('client'), baseOffset: at('baseOffset'), records: at('records') };
});
const INTERESTING = EVENT_NAMES.map((name) => EVENT_SPECS[name].interesting);
const OUTCOME = EVENT_NAMES.map((name) => EVENT_SPECS[name].kind === 'outcome');
/** Outcomes that say little by themselves: the last of them is told only when there is nothing else. */
const MINOR: ReadonlySet<EventName> = new Set(['kafka.highWatermark', 'offset.committed']);
const MINOR_AT = EVENT_NAMES.map((name) => MINOR.has(name));

/** The event to tell about the selection at the playhead; -1 when nothing has happened to it. */
export function whatHappened({ trace, position, timeUs, selection, views, universe }: SessionState): number {
  if (!selection) return -1;
  if (selection.kind === 'event') return selection.seq < position ? selection.seq : -1;
  const concerns = matcher(trace, selection, universe?.faults ?? []);
  let outcome = -1;
  let minor = -1;
  // A violation that speaks of the selection is told for as long as it stands.
  for (let n = views.violations.count(position) - 1; n >= 0; n--) if (concerns(views.violations.at(n))) return views.violations.at(n);
  const stop = Math.max(0, position - LOOK_BACK);
  for (let seq = position - 1; seq >= stop; seq--) {
    if (!concerns(seq)) continue;
    const type = trace.typeNumberAt(seq);
    if (INTERESTING[type]) return outcome >= 0 && timeUs - trace.timeAt(seq) > RECENT_US ? outcome : seq;
    if (OUTCOME[type] && outcome < 0 && !MINOR_AT[type]) outcome = seq;
    else if (minor < 0) minor = seq;
    if (outcome >= 0 && timeUs - trace.timeAt(seq) > RECENT_US) return outcome;
  }
  return outcome >= 0 ? outcome : minor;
}

/** The chain that led to it, oldest first. */
export function why(state: SessionState, seq: number): number[] {
  return seq < 0 ? [] : chainOf(state.trace, seq).filter((at) => at < state.position);
}

/** Whether an event speaks of a selection. */
export function matcher(trace: TraceStore, selection: Selection, faults: readonly string[] = []): (seq: number) => boolean {
  const fields = (seq: number) => FIELDS[trace.typeNumberAt(seq)]!;
  const text = (seq: number, at: number) => (at < 0 ? '' : trace.texts[trace.value(seq, at)]);
  if (isOfStreams(selection)) return streamMatcher(trace, selection);
  switch (selection.kind) {
    case 'process': {
      const { name } = selection;
      return (seq) => trace.processAt(seq) === name || text(seq, fields(seq).client) === name || (trace.typeAt(seq) === 'fault.started' && faultNames(trace, seq, name));
    }
    case 'partition':
    case 'record': {
      const { topic, partition } = selection;
      const offset = selection.kind === 'record' ? selection.offset : -1;
      return (seq) => {
        const f = fields(seq);
        if (f.topic < 0 || f.partition < 0 || trace.value(seq, f.partition) !== partition || text(seq, f.topic) !== topic) return false;
        if (offset < 0) return true;
        if (f.baseOffset < 0) return false;
        const base = trace.value(seq, f.baseOffset);
        return offset >= base && offset < base + trace.value(seq, f.records);
      };
    }
    case 'link': {
      const { from, to } = selection;
      return (seq) => {
        const f = fields(seq);
        const a = text(seq, f.from);
        const b = text(seq, f.to);
        return (a === from && b === to) || (a === to && b === from);
      };
    }
    case 'group': {
      const { group } = selection;
      return (seq) => text(seq, fields(seq).group) === group;
    }
    case 'event': {
      const { seq: wanted } = selection;
      return (seq) => seq === wanted;
    }
    case 'fault': {
      const line = faults[selection.index];
      return (seq) => (trace.typeAt(seq) === 'fault.started' || trace.typeAt(seq) === 'fault.ended') && trace.texts[trace.value(seq, 2)] === line;
    }
  }
}

function faultNames(trace: TraceStore, seq: number, name: string): boolean {
  const target = trace.texts[trace.value(seq, 2)]?.split(' ')[1] ?? '';
  return target.split(/<->|->|[{},]/).includes(name);
}
