// Messages between processes: what is on the wire at a position, where each is by its true times, and what was just lost.
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';
import { byType, type Model } from './timeline.ts';

export interface Flight {
  readonly message: number;
  /** The `net.sent` event. */
  readonly sentBy: number;
  readonly from: string;
  readonly to: string;
  readonly api: string;
  readonly response: boolean;
  readonly records: number;
  readonly firstRecord: number;
  /** A response that carries an error. */
  readonly refused: boolean;
  /** Sent because of a retry. */
  readonly again: boolean;
  /** Index of the fault that slows it, -1 = none. */
  readonly fault: number;
  /** Start of the present transmission, microseconds. */
  readonly sentUs: number;
  /** Arrival of the present transmission, microseconds; -1 = it will not arrive as things stand. */
  readonly dueUs: number;
  /** Transmissions lost so far. */
  readonly lost: number;
}

export interface Loss {
  readonly flight: Flight;
  /** The `net.dropped` event. */
  readonly droppedBy: number;
  readonly reason: string;
}

/** One message on the wire: just numbers, because a busy run sends one every few events. `flightsAt` makes them readable. */
interface Wire {
  /** The `net.sent` event of the present transmission. */
  sentBy: number;
  sentUs: number;
  dueUs: number;
  lost: number;
}

export interface FlightsState {
  /** By message number, in the order they were sent. */
  readonly flying: Map<number, Wire>;
  /** The last few that were lost for good, oldest first. */
  readonly losses: (Wire & { readonly droppedBy: number })[];
  /** Connections that stand, as `client>server` by the number of their name. */
  readonly open: Map<number, string>;
}

const SENT = columns('net.sent');
const DELIVERED = columns('net.delivered');
const DROPPED = columns('net.dropped');
const CONNECTED = columns('net.connected');
const ANSWERED = columns('request.answered');
const KEEP_LOSSES = 24;
/** A message whose arrival is never told (its run ended, its process died) is forgotten after so many newer ones. */
const KEEP_FLYING = 4096;

export const flightsModel: Model<FlightsState> = {
  start: () => ({ flying: new Map(), losses: [], open: new Map() }),

  copy(state) {
    const flying = new Map<number, Wire>();
    for (const [key, wire] of state.flying) flying.set(key, { ...wire });
    return { flying, losses: state.losses.slice(), open: new Map(state.open) };
  },

  apply: byType({
    'net.sent'(state, store, seq) {
      const message = store.value(seq, SENT.message);
      const before = state.flying.get(message);
      if (before) {
        before.sentBy = seq;
        before.sentUs = store.timeAt(seq);
        before.dueUs = store.value(seq, SENT.dueUs);
        return;
      }
      state.flying.set(message, { sentBy: seq, sentUs: store.timeAt(seq), dueUs: store.value(seq, SENT.dueUs), lost: 0 });
      if (state.flying.size > KEEP_FLYING) state.flying.delete(state.flying.keys().next().value!);
    },
    'net.delivered'(state, store, seq) {
      state.flying.delete(store.value(seq, DELIVERED.message));
    },
    'net.dropped'(state, store, seq) {
      const message = store.value(seq, DROPPED.message);
      const wire = state.flying.get(message);
      if (!wire) return;
      wire.lost++;
      const againUs = store.value(seq, DROPPED.againUs);
      if (againUs >= 0) {
        wire.dueUs = -1;
        return;
      }
      state.flying.delete(message);
      state.losses.push({ ...wire, droppedBy: seq });
      if (state.losses.length > KEEP_LOSSES) state.losses.shift();
    },
    'net.connected'(state, store, seq) {
      state.open.set(store.value(seq, CONNECTED.conn), `${store.texts[store.value(seq, CONNECTED.from)]}>${store.texts[store.value(seq, CONNECTED.to)]}`);
    },
    'net.closed'(state, store, seq) {
      state.open.delete(store.value(seq, CONNECTED.conn));
    },
  }),
};

/** The messages on the wire, with everything that is drawn of them. */
export function flightsOf(state: FlightsState, store: TraceStore): Flight[] {
  return Array.from(state.flying.values(), (wire) => readable(wire, store));
}

/** The messages lost for good of late. */
export function lossesOf(state: FlightsState, store: TraceStore): Loss[] {
  return state.losses.map((wire) => ({ flight: readable(wire, store), droppedBy: wire.droppedBy, reason: store.texts[store.value(wire.droppedBy, DROPPED.reason)]! }));
}

function readable({ sentBy: seq, sentUs, dueUs, lost }: Wire, store: TraceStore): Flight {
  return {
    message: store.value(seq, SENT.message),
    sentBy: seq,
    from: store.texts[store.value(seq, SENT.from)]!,
    to: store.texts[store.value(seq, SENT.to)]!,
    api: store.texts[store.value(seq, SENT.api)]!,
    response: store.value(seq, SENT.response) === 1,
    records: store.value(seq, SENT.records),
    firstRecord: store.value(seq, SENT.firstRecord),
    refused: carriesError(store, seq),
    again: causedByRetry(store, seq),
    fault: store.value(seq, SENT.fault),
    sentUs,
    dueUs,
    lost,
  };
}

function carriesError(store: TraceStore, seq: number): boolean {
  const cause = store.causeAt(seq);
  return cause >= 0 && cause < seq && store.typeNumberAt(cause) === TYPE_OF['request.answered'] && store.texts[store.value(cause, ANSWERED.error)] !== 'NONE';
}

function causedByRetry(store: TraceStore, seq: number): boolean {
  const cause = store.causeAt(seq);
  return cause >= 0 && cause < seq && store.typeNumberAt(cause) === TYPE_OF['producer.retried'];
}

/** How far along its edge a message is at a time, 0 to 1; a message that will not arrive stops half way. */
export function progress(flight: Flight, timeUs: number): number {
  const gone = timeUs - flight.sentUs;
  if (gone <= 0) return 0;
  if (flight.dueUs < 0) return Math.min(0.5, gone / 2000);
  const whole = flight.dueUs - flight.sentUs;
  return whole <= 0 ? 1 : Math.min(1, gone / whole);
}
