// The arrays of a key that has partial matches, and the rows in them. A key takes them when a match begins, and gives them back with the last one that ends.
import { bitOf, ENTRY, ENTRY_FIELDS, EVENT_FIELDS, FIRST, ID, MATCH_FIELDS, NO_EVENT_MS, NO_START, START, START_ROW, STATE, type CepKeyState, type MatchRows, type OpenMatches } from './keyState.ts';
import { emptyQueue, push } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import { NEW_STAGE } from './sharedBuffer.ts';

/** Most that wait to be used again, and the most partial matches that one of them may have had. */
const MOST_SPARE = 64;
const MOST_ROWS = 64;

/** Makes a key that has nothing but its start ready for partial matches. */
export function beginMatches<T>({ spare, start }: Nfa<T>, key: CepKeyState<T>): OpenMatches<T> {
  const last = spare.pop();
  const open = last === undefined || last.rows.versions.length > MOST_ROWS ? createOpenMatches<T>() : cleared(last);
  writeRow(open.rows, newRow(open.rows), 0, start.index, -1, -1, NO_START, NEW_STAGE);
  push(open, open.partialMatches, START_ROW);
  open.occupied = bitOf(start.index);
  key.open = open;
  return open;
}

/** Lets go of the arrays of a key that has nothing but its start any more, and of no others. */
export function endMatchesIfOver<T>(nfa: Nfa<T>, key: CepKeyState<T>, open: OpenMatches<T>): void {
  if (open.partialMatches.count === 1 && open.completedMatches.count === 0 && open.partialMatches.order[0] === START_ROW) endMatches(nfa, key, open);
}

/** Lets go of the arrays of a key, of whose partial matches none is left. They are cleared when they are used again, while they are at hand. */
export function endMatches<T>({ spare }: Nfa<T>, key: CepKeyState<T>, open: OpenMatches<T>): void {
  key.open = null;
  if (spare.length < MOST_SPARE) spare.push(open);
}

function cleared<T>(open: OpenMatches<T>): OpenMatches<T> {
  const { rows, partialMatches, buffer } = open;
  rows.count = 0;
  rows.free = -1;
  partialMatches.count = 0;
  buffer.events.fill(null);
  buffer.entryCount = 0;
  buffer.eventCount = 0;
  buffer.freeEntry = -1;
  buffer.freeEvent = -1;
  buffer.nextEventNumber = 1;
  buffer.latestMs = NO_EVENT_MS;
  buffer.inOrder = true;
  return open;
}

/** Partial matches with the start, and events and entries, that the arrays of a key have room for at first. Most keys of many need no more, and an empty array would take room for seventeen when it is first written to. */
const FIRST_ROWS = 6;
const FIRST_EVENTS = 8;
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

function createOpenMatches<T>(): OpenMatches<T> {
  return {
    rows: { fields: zeros(MATCH_FIELDS * FIRST_ROWS), versions: new Array<readonly number[]>(FIRST_ROWS).fill(NEW_STAGE), count: 0, free: -1 },
    partialMatches: { count: 0, order: zeros(FIRST_ROWS) },
    completedMatches: emptyQueue(),
    buffer: {
      entries: zeros(ENTRY_FIELDS * FIRST_EVENTS),
      labels: new Array<readonly number[]>(FIRST_EVENTS).fill(NEW_STAGE),
      events: new Array<T | null>(FIRST_EVENTS).fill(null),
      timestampsMs: zeros(FIRST_EVENTS),
      counts: zeros(EVENT_FIELDS * FIRST_EVENTS),
      entryCount: 0,
      eventCount: 0,
      freeEntry: -1,
      freeEvent: -1,
      nextEventNumber: 1,
      latestMs: NO_EVENT_MS,
      inOrder: true,
    },
    occupied: 0,
    earliestStartMs: 0,
  };
}

export function newRow(rows: MatchRows): number {
  const row = rows.free;
  if (row < 0) return rows.count++;
  rows.free = rows.fields[MATCH_FIELDS * row + ID]!;
  return row;
}

export function freeRow(rows: MatchRows, row: number): void {
  rows.fields[MATCH_FIELDS * row + ID] = rows.free;
  rows.free = row;
}

export function writeRow({ fields, versions }: MatchRows, row: number, id: number, state: number, entry: number, first: number, start: number, version: readonly number[]): void {
  const at = MATCH_FIELDS * row;
  fields[at + ID] = id;
  fields[at + STATE] = state;
  fields[at + ENTRY] = entry;
  fields[at + FIRST] = first;
  fields[at + START] = start;
  versions[row] = version;
}
