// What the operator keeps for one key: plain data, without functions, so that it can be copied for a checkpoint and restored.
//
// Partial matches and buffer entries are rows of numbers in flat arrays, not objects: thousands of them cost no garbage and little memory. A key
// without any has no such arrays (openMatches.ts), so that many keys of which few are busy stay in the processor's caches. `view.test-helper.ts` reads rows as objects.

/**
 * Matches in the order of a heap (matchQueue.ts): the rows that `order` names, up to `count`. What the array holds behind that means nothing.
 */
export interface MatchQueue {
  count: number;
  readonly order: number[];
}

/**
 * A row for each partial match and each match held back. Row i is `fields[5 * i]` to `fields[5 * i + 4]` and `versions[i]`. Rows are used again; the free ones
 * form a list, from `free` over `ID`. Rows from `count` on have not been used, and what the arrays hold for them means nothing.
 *
 * - `ID`: counted per key from 1; 0 is the start, which every event may leave. Kept while a partial match merely waits or moves on; what branches off gets its own.
 * - `STATE`: index of the automaton's state that it waits in.
 * - `ENTRY`: slot of the buffer entry with the event taken last; -1 for the start.
 * - `FIRST`: slot of the first event; -1 for the start.
 * - `START`: number of the first event; {@link NO_START} for the start.
 * - version: Dewey digits since that entry (sharedBuffer.ts); none for the start, whose single digit the key keeps.
 */
export interface MatchRows {
  readonly fields: number[];
  readonly versions: (readonly number[])[];
  count: number;
  free: number;
}

/** The row of the start. */
export const START_ROW = 0;
export const ID = 0;
export const STATE = 1;
export const ENTRY = 2;
export const FIRST = 3;
export const START = 4;
export const MATCH_FIELDS = 5;

/** Larger than the number of every event. */
export const NO_START: number = 2 ** 30 - 1;

/**
 * The events that partial matches have taken, each once, and entries: a stage took an event, after what the previous entry says. Entries form a tree towards the
 * first events, shared by all matches that go through them. Slots are used again; the free ones form a list, from `freeEntry` over `PREVIOUS` and from `freeEvent` over `NUMBER`.
 * Slots from `entryCount` and `eventCount` on have not been used, and what the arrays hold for them means nothing.
 *
 * Entry i is `entries[4 * i]` to `entries[4 * i + 3]` and `labels[i]`: `STAGE`, the index of the stage's name; `EVENT`, the event's slot; `PREVIOUS`, the slot of the
 * entry before, -1 for a first event; `REFERENCES`; and the Dewey digits of its label after those of the previous entry's label.
 *
 * Event i is `events[i]`, `timestampsMs[i]`, and `counts[2 * i]`, `counts[2 * i + 1]`: `NUMBER`, counted in the order of arrival, which orders events of one
 * timestamp; and the number of references.
 */
export interface SharedBuffer<T> {
  readonly entries: number[];
  readonly labels: (readonly number[])[];
  /** null in a free slot. */
  readonly events: (T | null)[];
  readonly timestampsMs: number[];
  readonly counts: number[];
  entryCount: number;
  eventCount: number;
  freeEntry: number;
  freeEvent: number;
  nextEventNumber: number;
  /** The latest timestamp so far, and whether no event came after one with a later timestamp: then numbers order events as timestamps do. */
  latestMs: number;
  inOrder: boolean;
}

export const STAGE = 0;
export const EVENT = 1;
export const PREVIOUS = 2;
export const REFERENCES = 3;
export const ENTRY_FIELDS = 4;
export const NUMBER = 0;
export const EVENT_REFERENCES = 1;
export const EVENT_FIELDS = 2;

/** Before every event's timestamp in milliseconds, and still a number in JSON. */
export const NO_EVENT_MS: number = Number.MIN_SAFE_INTEGER;

/** Events that wait until the watermark reaches their timestamp. */
export interface WaitingEvents<T> {
  readonly timestampMs: number;
  readonly events: T[];
}

/** What a key has begun: the start with the partial matches that have left it, and what they took. */
export interface OpenMatches<T> {
  readonly rows: MatchRows;
  readonly partialMatches: MatchQueue;
  /** Matches that an after-match skip strategy holds back. */
  readonly completedMatches: MatchQueue;
  readonly buffer: SharedBuffer<T>;
  /** A bit for each state that is waited in, see {@link bitOf}. Lets an event that concerns none of them be passed over. */
  occupied: number;
  /** Timestamp of the earliest first event of a partial match; meaningless where none has started. Lets time pass without a look at them. */
  earliestStartMs: number;
}

export interface CepKeyState<T> {
  /** null where nothing but the start is there: no partial match has begun, or all have ended. */
  open: OpenMatches<T> | null;
  /** The Dewey number of the start, which never has a second digit. */
  startVersion: number;
  nextPartialMatchId: number;
  /** By timestamp, ascending; null for none. */
  waiting: WaitingEvents<T>[] | null;
}

/** The last bit stands for all states from this index on. */
export const SHARED_BIT = 29;

export function bitOf(state: number): number {
  return 1 << Math.min(state, SHARED_BIT);
}

/** The state of a key that has seen no event. */
export function createKeyState<T>(): CepKeyState<T> {
  return { open: null, startVersion: 1, nextPartialMatchId: 1, waiting: null };
}

/** Whether nothing is open and nothing waits, so that a runtime may forget the key. */
export function isIdle<T>({ open, waiting }: CepKeyState<T>): boolean {
  return open === null && waiting === null;
}

/**
 * A copy that shares nothing with `state` but what `copyEvent` lets it share. `structuredClone` does the same; this also works where it is not there.
 * @param copyEvent default: events are taken to be immutable
 */
export function copyKeyState<T>(state: CepKeyState<T>, copyEvent: (event: T) => T = (event) => event): CepKeyState<T> {
  return {
    ...state,
    open: state.open && copyOpen(state.open, copyEvent),
    waiting: state.waiting && state.waiting.map(({ timestampMs, events }) => ({ timestampMs, events: events.map(copyEvent) })),
  };
}

function copyOpen<T>(open: OpenMatches<T>, copyEvent: (event: T) => T): OpenMatches<T> {
  const { rows, buffer } = open;
  const { entryCount, eventCount } = buffer;
  return {
    ...open,
    rows: { ...rows, fields: rows.fields.slice(0, MATCH_FIELDS * rows.count), versions: rows.versions.slice(0, rows.count).map((version) => [...version]) },
    partialMatches: copyQueue(open.partialMatches),
    completedMatches: copyQueue(open.completedMatches),
    buffer: {
      ...buffer,
      entries: buffer.entries.slice(0, ENTRY_FIELDS * entryCount),
      labels: buffer.labels.slice(0, entryCount).map((label) => [...label]),
      events: buffer.events.slice(0, eventCount).map((event) => (event === null ? null : copyEvent(event))),
      timestampsMs: buffer.timestampsMs.slice(0, eventCount),
      counts: buffer.counts.slice(0, EVENT_FIELDS * eventCount),
    },
  };
}

function copyQueue({ count, order }: MatchQueue): MatchQueue {
  return { count, order: order.slice(0, count) };
}
