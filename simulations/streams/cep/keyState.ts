// What the operator keeps for one key: plain data, without functions, so that it can be copied for a checkpoint and restored.
//
// Partial matches and buffer entries are rows of numbers in flat arrays, not objects: thousands of them cost no garbage and little memory, and a
// key without any is small. `view.ts` reads them as objects.

/**
 * Partial matches in the order of a heap (matchQueue.ts). Row i of `count` is `fields[4 * i]` to `fields[4 * i + 3]` and `versions[i]`;
 * what the arrays hold behind the last row means nothing.
 *
 * - `ID`: counted per key from 1; 0 is the start, which every event may leave. Kept while a partial match merely waits or moves on; what branches off gets its own.
 * - `STATE`: index of the automaton's state that it waits in.
 * - `ENTRY`: slot of the buffer entry with the event taken last; -1 for the start.
 * - `FIRST`: slot of the first event; -1 for the start.
 * - version: Dewey digits since that entry (sharedBuffer.ts).
 */
export interface MatchQueue {
  count: number;
  readonly fields: number[];
  readonly versions: (readonly number[])[];
}

export const ID = 0;
export const STATE = 1;
export const ENTRY = 2;
export const FIRST = 3;
export const MATCH_FIELDS = 4;

/**
 * The events that partial matches have taken, each once, and entries: a stage took an event, after what the previous entry says. Entries form a tree towards the
 * first events, shared by all matches that go through them. Slots are used again; the free ones form a list, from `freeEntry` over `PREVIOUS` and from `freeEvent` over `NUMBER`.
 *
 * Entry i is `entries[4 * i]` to `entries[4 * i + 3]` and `labels[i]`: `STAGE`, the index of the stage's name; `EVENT`, the event's slot; `PREVIOUS`, the slot of the
 * entry before, -1 for a first event; `REFERENCES`; and the Dewey digits of its label after those of the previous entry's label.
 *
 * Event i is `events[i]`, `timestampsMs[i]`, and `counts[2 * i]`, `counts[2 * i + 1]`: `NUMBER`, counted per key in the order of arrival, which orders events of one
 * timestamp; and the number of references.
 */
export interface SharedBuffer<T> {
  readonly entries: number[];
  readonly labels: (readonly number[])[];
  /** null in a free slot. */
  readonly events: (T | null)[];
  readonly timestampsMs: number[];
  readonly counts: number[];
  freeEntry: number;
  freeEvent: number;
  nextEventNumber: number;
}

export const STAGE = 0;
export const EVENT = 1;
export const PREVIOUS = 2;
export const REFERENCES = 3;
export const ENTRY_FIELDS = 4;
export const NUMBER = 0;
export const EVENT_REFERENCES = 1;
export const EVENT_FIELDS = 2;

/** Events that wait until the watermark reaches their timestamp. */
export interface WaitingEvents<T> {
  readonly timestampMs: number;
  readonly events: T[];
}

export interface CepKeyState<T> {
  /** Timestamp of the earliest first event of a partial match; {@link NEVER} when none has started. Lets time pass without a look at them. */
  earliestStartMs: number;
  readonly partialMatches: MatchQueue;
  /** Matches that an after-match skip strategy holds back. */
  readonly completedMatches: MatchQueue;
  /** By state, 1 where a partial match waits, and perhaps where none does any more. Lets an event that concerns none of them be passed over. */
  readonly occupied: number[];
  readonly buffer: SharedBuffer<T>;
  /** By timestamp, ascending. */
  readonly waiting: WaitingEvents<T>[];
  nextPartialMatchId: number;
}

/** Later than every timestamp, and still a number in JSON. */
export const NEVER: number = Number.MAX_SAFE_INTEGER;

/** The state of a key that has seen no event. @param startState index of the automaton's start @param states how many states the automaton has */
export function createKeyState<T>(startState: number, states: number): CepKeyState<T> {
  return {
    earliestStartMs: NEVER,
    partialMatches: { count: 1, fields: [0, startState, -1, -1], versions: [[1]] },
    completedMatches: { count: 0, fields: [], versions: [] },
    occupied: Array.from({ length: states }, (_, state) => (state === startState ? 1 : 0)),
    buffer: { entries: [], labels: [], events: [], timestampsMs: [], counts: [], freeEntry: -1, freeEvent: -1, nextEventNumber: 1 },
    waiting: [],
    nextPartialMatchId: 1,
  };
}

/**
 * A copy that shares nothing with `state` but what `copyEvent` lets it share. `structuredClone` does the same; this also works where it is not there.
 * @param copyEvent default: events are taken to be immutable
 */
export function copyKeyState<T>(state: CepKeyState<T>, copyEvent: (event: T) => T = (event) => event): CepKeyState<T> {
  const { buffer } = state;
  return {
    ...state,
    partialMatches: copyQueue(state.partialMatches),
    completedMatches: copyQueue(state.completedMatches),
    occupied: [...state.occupied],
    buffer: {
      ...buffer,
      entries: [...buffer.entries],
      labels: buffer.labels.map((label) => [...label]),
      events: buffer.events.map((event) => (event === null ? null : copyEvent(event))),
      timestampsMs: [...buffer.timestampsMs],
      counts: [...buffer.counts],
    },
    waiting: state.waiting.map(({ timestampMs, events }) => ({ timestampMs, events: events.map(copyEvent) })),
  };
}

function copyQueue({ count, fields, versions }: MatchQueue): MatchQueue {
  return { count, fields: fields.slice(0, MATCH_FIELDS * count), versions: versions.slice(0, count).map((version) => [...version]) };
}
