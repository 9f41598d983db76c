import { describe, expect, it } from 'vitest';
import { EVENT_SPECS, type EventName, type EventValues, type Sym } from '../contract/events.ts';
import { emitAcknowledged, emitAnswered, emitAppend, emitConsumed, emitProduced, emitDelivered, emitHighWatermark, emitReceived, emitSent } from './hotEvents.ts';
import { TraceWriter } from './trace.ts';
import { TraceStore } from './traceStore.ts';

type Writer<K extends EventName> = (trace: TraceWriter, process: Sym, cause: number, ...values: EventValues<K>) => number;

const WRITERS: { readonly [K in EventName]?: Writer<K> } = {
  'net.sent': emitSent as Writer<'net.sent'>,
  'net.delivered': emitDelivered as Writer<'net.delivered'>,
  'request.received': emitReceived,
  'request.answered': emitAnswered,
  'kafka.append': emitAppend as Writer<'kafka.append'>,
  'kafka.highWatermark': emitHighWatermark as Writer<'kafka.highWatermark'>,
  'producer.sent': emitProduced,
  'producer.acknowledged': emitAcknowledged,
  'consumer.delivered': emitConsumed,
};

/** Numbers that the hash writes differently: of one word, of three, and below zero. */
const NUMBERS = [0, 1, -1, 2_147_483_647, 2_147_483_648, -2_147_483_649, 4_294_967_295, -2_147_483_648, Number.MAX_SAFE_INTEGER];
/** Numbers of one word. */
const WORDS = [0, 1, -1, 2_147_483_647, -2_147_483_647];
/** Fields whose numbers fit 32 bits: Kafka's own, and counts that a run's limits bound. */
const ONE_WORD = new Set(['partition', 'correlationId', 'apiVersion', 'records', 'firstRecord', 'fault', 'message', 'bytes', 'acks']);
const TEXTS = ['', 'broker-1', 'app#2>broker-1', '주문', '😀'];

function valuesOf(name: EventName, n: number): (number | boolean)[] {
  return EVENT_SPECS[name].fields.map((field, i) => {
    if (field.type === 'bool') return (n + i) % 2 === 0;
    if (field.type === 'sym') return (n + i) % TEXTS.length;
    if (ONE_WORD.has(field.name)) return WORDS[(n * 7 + i) % WORDS.length]!;
    return NUMBERS[(n * 7 + i) % NUMBERS.length]!;
  });
}

/** A hundred events in several chunks, each beside some of another type, as one way of writing leaves them. */
function written(name: EventName, write: (trace: TraceWriter, process: Sym, cause: number, values: (number | boolean)[]) => number, stored: boolean) {
  const store = new TraceStore();
  const trace = new TraceWriter(stored ? (chunk) => store.append(chunk) : null);
  for (const text of TEXTS) trace.sym(text);
  const seen: unknown[] = [];
  trace.watch(name, (row, seq, timeUs, process) => {
    seen.push([seq, timeUs, process, ...row.slice(0, EVENT_SPECS[name].fields.length)]);
    trace.emit('limit.reached', 0 as Sym, seq, 1 as Sym, 5);
  });
  for (let n = 0; n < 100; n++) {
    trace.nowUs = NUMBERS[n % 3]! * n;
    seen.push(write(trace, (n % TEXTS.length) as Sym, n - 1, valuesOf(name, n)));
    if (n % 30 === 29) trace.flush();
  }
  trace.flush();
  return { hash: trace.hash(), count: trace.count, seen, events: Array.from({ length: store.count }, (_, i) => store.event(i)) };
}

describe('a writer of one type', () => {
  for (const name of Object.keys(WRITERS) as EventName[]) {
    const own = WRITERS[name] as unknown as (trace: TraceWriter, process: Sym, cause: number, ...values: unknown[]) => number;
    const plain = (trace: TraceWriter) => trace.emit as unknown as (name: EventName, process: Sym, cause: number, ...values: unknown[]) => number;
    for (const stored of [true, false]) {
      it(`writes ${name} as emit does, ${stored ? 'stored' : 'only hashed'}`, () => {
        const a = written(name, (trace, process, cause, values) => own(trace, process, cause, ...values), stored);
        const b = written(name, (trace, process, cause, values) => plain(trace).call(trace, name, process, cause, ...values), stored);
        expect(a).toEqual(b);
        expect(a.count).toBe(200);
      });
    }
  }
});
