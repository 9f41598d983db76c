// What the checks need of a run: the logs as the last leaders hold them, what was read when, and how the learner's code fared.
import type { EventName, TraceEvent } from '../../../../simulations/contract/events.ts';
import { TYPE_OF } from '../../../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../../../simulations/kernel/traceStore.ts';
import { APP, GROUP, TOPIC } from '../scenario.ts';
import type { WatchEvent } from './events.ts';

/** A watch event's first occurrence in the logs. */
export interface Stored {
  readonly event: WatchEvent;
  /** 1 to 600, from the event's id. */
  readonly number: number;
  readonly key: string | null;
  readonly partition: number;
  readonly offset: number;
  /** When a leader first appended it, microseconds, and the event that says so. */
  readonly atUs: number;
  readonly seq: number;
}

export interface Run {
  /** Stored events in the order of happening, which is the order of sending. */
  readonly byNumber: readonly Stored[];
  /** The same in the order of appending. */
  readonly byTime: readonly Stored[];
  /** When the reading service was first handed an event, by its number, microseconds. */
  readonly readUs: ReadonlyMap<number, number>;
  /** Numbers of the events that the code put on the wire at all, with the time. */
  readonly sentUs: ReadonlyMap<number, number>;
  /** Records whose value is not one of the events. */
  readonly strange: number;
  readonly failed: TraceEvent<'producer.failed'> | null;
  readonly uncaught: TraceEvent<'guest.uncaught'> | null;
  readonly exited: TraceEvent<'process.exited'> | null;
  readonly endUs: number;
  readonly faultsInEffect: number;
}

interface Slot {
  readonly record: number;
  readonly atUs: number;
  readonly seq: number;
}

export function readRun(trace: TraceStore): Run {
  const replicas = new Map<string, Slot[]>();
  const leaders = new Map<number, string>();
  const firstAppend = new Map<number, Slot>();
  const readUs = new Map<number, number>();
  const sentUs = new Map<number, number>();
  const eventOf = parser(trace);
  let failed: Run['failed'] = null;
  let uncaught: Run['uncaught'] = null;
  let exited: Run['exited'] = null;

  const at = (process: string, partition: number) => `${partition}/${process}`;
  each(trace, WATCHED, (e) => {
    if ('topic' in e && e.topic !== TOPIC) return;
    switch (e.type) {
      case 'kafka.append': {
        const slots = replicas.get(at(e.process, e.partition)) ?? [];
        replicas.set(at(e.process, e.partition), slots);
        slots.length = Math.min(slots.length, e.baseOffset);
        for (let i = 0; i < e.records; i++) {
          const slot = { record: e.firstRecord + i, atUs: e.timeUs, seq: e.seq };
          slots[e.baseOffset + i] = slot;
          if (e.leader && !firstAppend.has(slot.record)) firstAppend.set(slot.record, slot);
        }
        return;
      }
      case 'kafka.truncate': {
        const slots = replicas.get(at(e.process, e.partition));
        if (slots) slots.length = Math.min(slots.length, e.toOffset);
        return;
      }
      case 'kafka.leaderElected':
        if (e.leader >= 0) leaders.set(e.partition, `broker-${e.leader}`);
        return;
      case 'producer.sent':
        for (let i = 0; e.process === APP && i < e.records; i++) note(sentUs, eventOf(e.firstRecord + i), e.timeUs);
        return;
      case 'producer.failed':
        if (e.process === APP) failed ??= e;
        return;
      case 'consumer.delivered':
        for (let i = 0; e.group === GROUP && i < e.records; i++) note(readUs, eventOf(e.firstRecord + i), e.timeUs);
        return;
      case 'guest.uncaught':
        if (e.process === APP) uncaught ??= e;
        return;
      case 'process.exited':
        if (e.process === APP) exited ??= e;
        return;
    }
  });

  const { stored, strange } = collect(trace, replicas, leaders, firstAppend, eventOf);
  const byNumber = [...stored.values()].sort((a, b) => a.number - b.number);
  return {
    byNumber,
    byTime: [...byNumber].sort((a, b) => a.atUs - b.atUs || a.seq - b.seq || a.offset - b.offset),
    readUs,
    sentUs,
    strange,
    failed,
    uncaught,
    exited,
    endUs: trace.count > 0 ? trace.timeAt(trace.count - 1) : 0,
    faultsInEffect: faultsInEffect(trace),
  };
}

const WATCHED = ['kafka.append', 'kafka.truncate', 'kafka.leaderElected', 'producer.sent', 'producer.failed', 'consumer.delivered', 'guest.uncaught', 'process.exited'] as const;

function each<K extends EventName>(trace: TraceStore, types: readonly K[], visit: (e: TraceEvent<K>) => void): void {
  const wanted = new Set<number>(types.map((type) => TYPE_OF[type]));
  for (let seq = 0; seq < trace.count; seq++) if (wanted.has(trace.typeNumberAt(seq))) visit(trace.event(seq) as TraceEvent<K>);
}

function note(times: Map<number, number>, found: { number: number } | null, timeUs: number): void {
  if (found && !times.has(found.number)) times.set(found.number, timeUs);
}

/** First occurrences over the logs of the last leaders. */
function collect(trace: TraceStore, replicas: Map<string, Slot[]>, leaders: Map<number, string>, firstAppend: Map<number, Slot>, eventOf: Parser) {
  const stored = new Map<number, Stored>();
  let strange = 0;
  const partitions = new Set([...replicas.keys()].map((name) => Number(name.slice(0, name.indexOf('/')))));
  for (const partition of [...partitions].sort((a, b) => a - b)) {
    const log = replicas.get(`${partition}/${leaders.get(partition)}`) ?? longest(replicas, partition);
    log.forEach((slot, offset) => {
      const found = eventOf(slot.record);
      if (!found) {
        strange++;
        return;
      }
      const { atUs, seq } = firstAppend.get(slot.record) ?? slot;
      const known = stored.get(found.number);
      if (known && known.atUs <= atUs) return;
      stored.set(found.number, { ...found, key: trace.records[slot.record]!.key, partition, offset, atUs, seq });
    });
  }
  return { stored, strange };
}

function longest(replicas: Map<string, Slot[]>, partition: number): Slot[] {
  let best: Slot[] = [];
  for (const [name, slots] of replicas) if (name.startsWith(`${partition}/`) && slots.length > best.length) best = slots;
  return best;
}

type Parser = (record: number) => { event: WatchEvent; number: number } | null;

/** Reads a record's value as a watch event; null when it is none. */
function parser(trace: TraceStore): Parser {
  const known = new Map<number, ReturnType<Parser>>();
  const parse: Parser = (record) => {
    try {
      const event = JSON.parse(trace.records[record]?.value ?? '') as WatchEvent | null;
      const number = /^watch-(\d{3})$/.exec(String(event?.id))?.[1];
      if (!event || number === undefined || typeof event.userId !== 'string') return null;
      return { event, number: Number(number) };
    } catch {
      return null;
    }
  };
  return (record) => {
    if (!known.has(record)) known.set(record, parse(record));
    return known.get(record)!;
  };
}

/** Faults that struck between the first and the last record that the learner's code sent. */
function faultsInEffect(trace: TraceStore): number {
  let firstUs = Infinity;
  let lastUs = -Infinity;
  each(trace, ['producer.sent', 'producer.retried', 'producer.acknowledged'], (e) => {
    if (e.process !== APP) return;
    firstUs = Math.min(firstUs, e.timeUs);
    lastUs = Math.max(lastUs, e.timeUs);
  });
  const struck = new Map<number, boolean>();
  each(trace, ['fault.started', 'fault.ended'], (e) => {
    if (e.type === 'fault.started') {
      if (e.timeUs >= firstUs && e.timeUs <= lastUs) struck.set(e.fault, ON_PROCESS.has(e.kind) && e.tookEffect);
    } else if (struck.has(e.fault) && e.touched > 0) struck.set(e.fault, true);
  });
  return [...struck.values()].filter(Boolean).length;
}

const ON_PROCESS = new Set(['kill', 'restart', 'pause', 'shutdown']);
