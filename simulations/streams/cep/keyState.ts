// What the operator keeps for one key: plain data, without functions, so that it can be copied for a checkpoint and restored.

/** One way to go on matching: a state of the automaton and the events taken on the way to it. Flink: ComputationState. */
export interface PartialMatch {
  /** Counted per key from 1; 0 is the start, which every event may leave. Kept while the partial match merely waits or moves on; what branches off gets its own. */
  id: number;
  /** Index of the automaton's state that it waits in. */
  state: number;
  /** Slot of the buffer entry with the event taken last; -1 for the start. */
  entry: number;
  /** Dewey digits since that entry; see sharedBuffer.ts. */
  version: readonly number[];
  /** Timestamp and number of the first event; both {@link NOT_STARTED} for the start. */
  startTimestampMs: number;
  startEvent: number;
  /** Timestamp of the event taken last. */
  previousTimestampMs: number;
}

/** Greater than every timestamp and event number, so that the start comes last in a queue. */
export const NOT_STARTED: number = Number.MAX_SAFE_INTEGER;

/** An event that some partial match has taken. Stored once, however many have. */
export interface BufferedEvent<T> {
  readonly event: T;
  readonly timestampMs: number;
  /** Numbered per key in the order of arrival: orders events of one timestamp. */
  readonly number: number;
  references: number;
}

/** A stage took an event, after what the previous entry says. Entries form a tree towards the first events, shared by all matches that go through them. */
export interface BufferEntry {
  readonly stage: string;
  /** Slot of the event. */
  readonly event: number;
  /** Slot of the entry before; -1 for a first event. */
  readonly previous: number;
  /** Dewey digits of this entry's label after those of the previous entry's label. */
  readonly version: readonly number[];
  references: number;
}

/** Entries and events by slot. A slot without references is null and is used again. */
export interface SharedBuffer<T> {
  readonly entries: (BufferEntry | null)[];
  readonly events: (BufferedEvent<T> | null)[];
  readonly freeEntries: number[];
  readonly freeEvents: number[];
  nextEventNumber: number;
}

/** Events that wait until the watermark reaches their timestamp. */
export interface WaitingEvents<T> {
  readonly timestampMs: number;
  readonly events: T[];
}

export interface CepKeyState<T> {
  /** A heap by start, as in matchQueue.ts; holds the start too. */
  partialMatches: PartialMatch[];
  /** Matches that an after-match skip strategy holds back; a heap by start. */
  completedMatches: PartialMatch[];
  readonly buffer: SharedBuffer<T>;
  /** By timestamp, ascending. */
  readonly waiting: WaitingEvents<T>[];
  nextPartialMatchId: number;
}

/** The state of a key that has seen no event. @param startState index of the automaton's start */
export function createKeyState<T>(startState: number): CepKeyState<T> {
  return {
    partialMatches: [{ id: 0, state: startState, entry: -1, version: [1], startTimestampMs: NOT_STARTED, startEvent: NOT_STARTED, previousTimestampMs: NOT_STARTED }],
    completedMatches: [],
    buffer: { entries: [], events: [], freeEntries: [], freeEvents: [], nextEventNumber: 1 },
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
    partialMatches: state.partialMatches.map(copyMatch),
    completedMatches: state.completedMatches.map(copyMatch),
    buffer: {
      entries: buffer.entries.map((e) => e && { ...e, version: [...e.version] }),
      events: buffer.events.map((e) => e && { ...e, event: copyEvent(e.event) }),
      freeEntries: [...buffer.freeEntries],
      freeEvents: [...buffer.freeEvents],
      nextEventNumber: buffer.nextEventNumber,
    },
    waiting: state.waiting.map((w) => ({ timestampMs: w.timestampMs, events: w.events.map(copyEvent) })),
    nextPartialMatchId: state.nextPartialMatchId,
  };
}

function copyMatch(match: PartialMatch): PartialMatch {
  return { ...match, version: [...match.version] };
}
