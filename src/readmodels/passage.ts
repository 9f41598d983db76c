// How a record goes through a job: from Kafka into an operator, into the windows and matches that hold it, out of these as a result, and
// as a record of Kafka again. What the chain of causes does not say, because a window waits for time and not for a record, is found by
// operator, key and time.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { countBefore } from './arrivals.ts';
import { columns } from './columns.ts';
import { matchesOf } from './matches.ts';

export interface Passages {
  /** Arrivals of a record of Kafka at operators; more than one where a job began again. */
  arrivalsOf(record: number, position: number): number[];
  /** What came of an event next: of an arrival its windows' firings, its match, or what was written of it; of a firing what was written. */
  next(seq: number, position: number): number[];
  /** The events that a firing or a match was made of, or the one that a written result came from. */
  previous(seq: number, position: number): number[];
  /** The record of Kafka that a written result became; -1 = not sent yet. */
  resultOf(emitted: number, position: number): number;
  /** The `operator.emitted` event that a record of Kafka was written by; -1 = it is no result of a job. */
  emittedBy(record: number): number;
  extend(): void;
}

const RECEIVED = columns('operator.received');
const FIRED = columns('window.fired');
const EMITTED = columns('operator.emitted');
const SENT = columns('producer.sent');
const ENTERED = columns('cep.stateEntered');
const MATCHED = columns('cep.matched');
/** What a result or an arrival may come from within a job. */
const SOURCES = new Set<number>([TYPE_OF['window.fired'], TYPE_OF['operator.received'], TYPE_OF['cep.matched'], TYPE_OF['cep.matchPruned']]);
const VALUE_SHOWN = 399;
/** Event time of a result that has none: its record has the time of its sending. */
const NO_TIME = -Number.MAX_SAFE_INTEGER;

export function createPassages(store: TraceStore): Passages {
  /** By record of Kafka. */
  const arrivals = new Map<number, number[]>();
  /** By operator and key. */
  const received = new Map<string, number[]>();
  const fired = new Map<string, number[]>();
  const matches = matchesOf(store);
  /** Direct consequences within the job. */
  const children = new Map<number, number[]>();
  /** Results that wait for their record, by process, key, time and value. */
  const waiting = new Map<string, number[]>();
  /** By operator, key and record: the events with which partial matches took it. */
  const takers = new Map<string, number[]>();
  const result = new Map<number, { readonly record: number; readonly seq: number }>();
  const writer = new Map<number, number>();
  let seen = 0;

  const place = (seq: number, key: number) => `${store.value(seq, RECEIVED.job)}/${store.value(seq, RECEIVED.operator)}/${key}`;

  function extend(): void {
    for (; seen < store.count; seen++) {
      const type = store.typeNumberAt(seen);
      if (type === TYPE_OF['operator.received']) {
        push(arrivals, store.value(seen, RECEIVED.record), seen);
        push(received, place(seen, store.value(seen, RECEIVED.key)), seen);
        push(children, store.causeAt(seen), seen);
      } else if (type === TYPE_OF['window.fired']) push(fired, place(seen, store.value(seen, FIRED.key)), seen);
      else if (type === TYPE_OF['operator.emitted']) {
        push(children, store.causeAt(seen), seen);
        const { key, timestampMs, value } = EMITTED;
        push(waiting, resultKey(store.processAt(seen), store.texts[store.value(seen, key)]!, store.value(seen, timestampMs), store.texts[store.value(seen, value)]!), seen);
      } else if (type === TYPE_OF['producer.sent']) sent(seen);
      else if (type === TYPE_OF['cep.stateEntered']) push(takers, recordId(seen, ENTERED), seen);
      else if (type === TYPE_OF['cep.matched'] && tookLast(seen)) push(children, store.causeAt(seen), seen);
      else if (type === TYPE_OF['process.killed']) forget((emitted) => store.processAt(emitted) === store.processAt(seen));
      else if (type === TYPE_OF['job.restored']) forget((emitted) => store.value(emitted, EMITTED.job) === store.value(seen, RECEIVED.job));
    }
  }

  function recordId(seq: number, at: { readonly key: number; readonly record: number; readonly timestampMs: number }): string {
    const record = store.value(seq, at.record);
    return `${place(seq, store.value(seq, at.key))}/${record >= 0 ? record : `t${store.value(seq, at.timestampMs)}`}`;
  }

  const isArrival = (seq: number) => seq >= 0 && store.typeNumberAt(seq) === TYPE_OF['operator.received'];

  /** Whether the record that a match comes from is one that it took; it may also have been skipped, or have let the match go. */
  function tookLast(match: number): boolean {
    const cause = store.causeAt(match);
    return isArrival(cause) && recordId(cause, RECEIVED) === recordId(match, MATCHED);
  }

  /** What was written and not sent when its process or attempt ended, never will be. */
  function forget(of: (emitted: number) => boolean): void {
    for (const [id, list] of waiting) if (of(list[0]!)) waiting.delete(id);
  }

  function sent(seq: number): void {
    if (waiting.size === 0) return;
    const first = store.value(seq, SENT.firstRecord);
    for (let record = Math.max(0, first); first >= 0 && record < first + store.value(seq, SENT.records); record++) {
      const row = store.records[record];
      if (!row || writer.has(record)) continue;
      const text = row.value ?? '';
      const shown = text.length > VALUE_SHOWN + 1 ? `${text.slice(0, VALUE_SHOWN)}…` : text;
      const id = [row.timestampMs, NO_TIME].map((time) => resultKey(store.processAt(seq), row.key ?? '', time, shown)).find((one) => waiting.has(one));
      const list = id === undefined ? undefined : waiting.get(id);
      if (!list) continue;
      const emitted = list.shift()!;
      if (list.length === 0) waiting.delete(id!);
      result.set(emitted, { record, seq });
      writer.set(record, emitted);
    }
  }

  function next(seq: number, position: number): number[] {
    extend();
    const out = (children.get(seq) ?? []).filter((s) => s < position);
    if (store.typeNumberAt(seq) !== TYPE_OF['operator.received']) return out;
    const key = store.value(seq, RECEIVED.key);
    const time = store.value(seq, RECEIVED.timestampMs);
    for (const s of fired.get(place(seq, key)) ?? []) if (s > seq && s < position && store.value(s, FIRED.startMs) <= time && time < store.value(s, FIRED.endMs)) out.push(s);
    for (const taking of takers.get(recordId(seq, RECEIVED)) ?? []) {
      // The same record came again after a restart: each arrival has what it led to.
      const other = isArrival(store.causeAt(taking)) && store.causeAt(taking) !== seq;
      if (taking > seq && taking < position && !other) out.push(...matches.resultsOf(taking, position));
    }
    return [...new Set(out)].sort((a, b) => a - b);
  }

  function previous(seq: number, position: number): number[] {
    extend();
    const type = store.typeNumberAt(seq);
    if (type === TYPE_OF['cep.matched'] || type === TYPE_OF['cep.matchPruned']) {
      const taken = matches.taken(seq).filter((s) => s < position);
      // What completes a match that nothing holds back was not seen entering a state.
      const cause = store.causeAt(seq);
      const last = type === TYPE_OF['cep.matched'] && tookLast(seq) && cause < position && !taken.some((s) => store.causeAt(s) === cause);
      return last ? [...taken, cause] : taken;
    }
    if (type === TYPE_OF['window.fired']) {
      const from = store.value(seq, FIRED.startMs);
      const to = store.value(seq, FIRED.endMs);
      const all = received.get(place(seq, store.value(seq, FIRED.key))) ?? [];
      const inside = all.slice(0, countBefore(all, seq)).filter((s) => store.value(s, RECEIVED.timestampMs) >= from && store.value(s, RECEIVED.timestampMs) < to);
      return lastOfEach(inside);
    }
    if (type !== TYPE_OF['operator.emitted'] && type !== TYPE_OF['operator.received']) return [];
    const cause = store.causeAt(seq);
    const from = cause >= 0 ? store.typeNumberAt(cause) : -1;
    return SOURCES.has(from) ? [cause] : [];
  }

  /** A record that came again after a restart counts once. */
  function lastOfEach(seqs: readonly number[]): number[] {
    const last = new Map<number, number>();
    for (const s of seqs) last.set(store.value(s, RECEIVED.record) >= 0 ? store.value(s, RECEIVED.record) : -2 - s, s);
    return Array.from(last.values()).sort((a, b) => a - b);
  }

  return {
    extend,
    next,
    previous,
    arrivalsOf(record, position) {
      extend();
      return record < 0 ? [] : (arrivals.get(record) ?? []).filter((s) => s < position);
    },
    resultOf(emitted, position) {
      extend();
      const known = result.get(emitted);
      return known && known.seq < position ? known.record : -1;
    },
    emittedBy(record) {
      extend();
      return writer.get(record) ?? -1;
    },
  };
}

function resultKey(process: string, key: string, timestampMs: number, value: string): string {
  return `${process} ${key} ${timestampMs} ${value}`;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
