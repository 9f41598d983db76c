// A key without partial matches has none of the arrays that they live in: a key takes them when a match begins, and gives them back with the last one that ends.
import { bitOf, ENTRY, type CepKeyState, type OpenMatches } from './keyState.ts';
import { emptyQueue, push } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import { NEW_STAGE } from './sharedBuffer.ts';

/** Most that wait to be used again, and the most buffer entries that one of them has room for: some 300 kB in all. */
const MOST_SPARE = 256;
const MOST_ENTRIES = 64;

/** Makes a key that has nothing but its start ready for partial matches. */
export function beginMatches<T>({ spare, start }: Nfa<T>, key: CepKeyState<T>): OpenMatches<T> {
  const opened = spare.pop() ?? createOpenMatches<T>();
  push(opened.buffer, opened.partialMatches, 0, start.index, -1, -1, NEW_STAGE);
  opened.occupied = bitOf(start.index);
  return (key.open = opened);
}

/** Lets go of the arrays of a key that has nothing but its start any more, and of no others. */
export function endMatchesIfOver<T>({ spare }: Nfa<T>, key: CepKeyState<T>, opened: OpenMatches<T>): void {
  const { partialMatches, completedMatches, buffer } = opened;
  if (partialMatches.count !== 1 || completedMatches.count > 0 || partialMatches.fields[ENTRY]! >= 0) return;
  key.open = null;
  if (spare.length >= MOST_SPARE || buffer.labels.length > MOST_ENTRIES) return;
  partialMatches.count = 0;
  buffer.entryCount = 0;
  buffer.eventCount = 0;
  buffer.freeEntry = -1;
  buffer.freeEvent = -1;
  buffer.nextEventNumber = 1;
  spare.push(opened);
}

function createOpenMatches<T>(): OpenMatches<T> {
  return {
    partialMatches: emptyQueue(),
    completedMatches: emptyQueue(),
    buffer: { entries: [], labels: [], events: [], timestampsMs: [], counts: [], entryCount: 0, eventCount: 0, freeEntry: -1, freeEvent: -1, nextEventNumber: 1 },
    occupied: 0,
    earliestStartMs: 0,
  };
}
