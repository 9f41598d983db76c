// Requests and their responses, paired by connection and correlation id, in the order in which the requests were sent.
import { TYPE_OF } from '../../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../../simulations/kernel/traceStore.ts';
import { columns } from '../../readmodels/columns.ts';

/** Events by sequence number; -1 = has not happened (or not yet, as seen from a position). */
export interface Exchange {
  /** Its number among all. */
  readonly index: number;
  /** net.sent of the request. */
  readonly request: number;
  /** net.delivered of the request. */
  readonly arrived: number;
  /** net.sent of the response. */
  readonly response: number;
  /** net.delivered of the response. */
  readonly answered: number;
}

/** Whose requests are shown. */
export type Who = 'all' | 'clients' | 'yours' | 'replicas' | 'controller';

export interface Exchanges {
  /** Looks at what has come into the trace since, at most `most` events and none at or after `limit`. @returns whether it has caught up. */
  extend(most: number, limit: number): boolean;
  /** The last requests sent before a position that pass a test, oldest first, at most `most`. */
  last(position: number, most: number, passes: (requestSeq: number) => boolean): Exchange[];
  /** One exchange as it stands at a position. */
  at(index: number, position: number): Exchange;
}

export const SENT = columns('net.sent');
const DELIVERED = columns('net.delivered');
/** Requests looked back at for those that pass. */
const LOOK_BACK = 20_000;

export function createExchanges(store: TraceStore): Exchanges {
  const requests: number[] = [];
  const arrivals: number[] = [];
  const responses: number[] = [];
  const answers: number[] = [];
  /** Index by connection and correlation id, of requests that wait for their response. */
  const waiting = new Map<string, number>();
  /** Index by the number of a message under way; a response is told apart by its sign. */
  const underWay = new Map<number, number>();
  let seen = 0;

  function see(seq: number): void {
    const type = store.typeNumberAt(seq);
    if (type === TYPE_OF['net.sent']) {
      const key = `${store.value(seq, SENT.conn)}/${store.value(seq, SENT.correlationId)}`;
      const message = store.value(seq, SENT.message);
      if (store.value(seq, SENT.response) === 0) {
        const index = requests.length;
        requests.push(seq);
        arrivals.push(-1);
        responses.push(-1);
        answers.push(-1);
        waiting.set(key, index);
        underWay.set(message, index);
        return;
      }
      const index = waiting.get(key);
      if (index === undefined) return;
      waiting.delete(key);
      responses[index] = seq;
      underWay.set(message, -1 - index);
    } else if (type === TYPE_OF['net.delivered']) {
      const message = store.value(seq, DELIVERED.message);
      const index = underWay.get(message);
      if (index === undefined) return;
      underWay.delete(message);
      if (index >= 0) arrivals[index] = seq;
      else answers[-1 - index] = seq;
    }
  }

  const before = (seq: number, position: number) => (seq < position ? seq : -1);

  function at(index: number, position: number): Exchange {
    return {
      index,
      request: requests[index]!,
      arrived: before(arrivals[index]!, position),
      response: before(responses[index]!, position),
      answered: before(answers[index]!, position),
    };
  }

  return {
    extend(most, limit) {
      const end = Math.min(store.count, limit);
      const stop = Math.min(end, seen + most);
      while (seen < stop) see(seen++);
      return seen >= end;
    },
    last(position, most, passes) {
      let n = requests.length;
      while (n > 0 && requests[n - 1]! >= position) n--;
      const out: Exchange[] = [];
      const stop = Math.max(0, n - LOOK_BACK);
      for (let i = n - 1; i >= stop && out.length < most; i--) if (passes(requests[i]!)) out.push(at(i, position));
      return out.reverse();
    },
    at,
  };
}

const RECEIVED = columns('request.received');
/** Events looked at after a request for what it caused. */
const LOOK_AHEAD = 4_000;

/**
 * What a request made happen where it was handled: outcomes that have it among their causes, up to its response or the position.
 * @returns sequence numbers, at most `most`.
 */
export function causedBy(store: TraceStore, exchange: Exchange, position: number, isOutcome: (seq: number) => boolean, most: number): number[] {
  if (exchange.arrived < 0) return [];
  const family = new Set([exchange.arrived]);
  const out: number[] = [];
  const end = Math.min(position, store.count, exchange.arrived + LOOK_AHEAD, exchange.response < 0 ? Infinity : exchange.response + 1);
  for (let seq = exchange.arrived + 1; seq < end && out.length < most; seq++) {
    if (!family.has(store.causeAt(seq))) continue;
    // A message that went on to another process leads away from here; that process's own requests have their own rows.
    if (store.typeNumberAt(seq) === TYPE_OF['net.sent'] || store.typeNumberAt(seq) === TYPE_OF['net.delivered']) continue;
    family.add(seq);
    if (isOutcome(seq)) out.push(seq);
  }
  return out;
}

/** Name of the error a response carries, as its broker said it; '' for none. */
export function errorOf(store: TraceStore, response: number): string {
  if (response < 0) return '';
  const cause = store.causeAt(response);
  if (cause < 0 || store.typeNumberAt(cause) !== TYPE_OF['request.answered']) return '';
  const name = store.texts[store.value(cause, ANSWERED.error)]!;
  return name === 'NONE' ? '' : name;
}
const ANSWERED = columns('request.answered');

/** The version of a request, as its broker took it; -1 while it has not arrived. */
export function versionOf(store: TraceStore, exchange: Exchange): number {
  const frame = store.frame(store.value(exchange.request, SENT.message));
  if (frame) return (frame[6]! << 8) | frame[7]!;
  for (let seq = exchange.arrived + 1; exchange.arrived >= 0 && seq < Math.min(store.count, exchange.arrived + 8); seq++)
    if (store.typeNumberAt(seq) === TYPE_OF['request.received'] && store.causeAt(seq) === exchange.arrived) return store.value(seq, RECEIVED.apiVersion);
  return -1;
}
