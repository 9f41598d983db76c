// The events that partial matches have taken, each stored once, and the paths through them.
//
// In Flink a node stands for (stage, event) and several edges lead back from it, labelled with Dewey numbers; a match is read by walking
// back over the edges whose label its own version continues. Here each edge is an entry of its own, and what holds on to it remembers which
// one it is, so that reading a match compares no labels. The labels are kept all the same, as the digits that an entry adds to the entry
// before it: they are what makes this Flink's buffer, and a test walks it Flink's way and finds the same paths.
import { ENTRY_FIELDS, EVENT, EVENT_FIELDS, EVENT_REFERENCES, NUMBER, PREVIOUS, REFERENCES, STAGE, type SharedBuffer } from './keyState.ts';

/** Versions of one digit, made once. */
const DIGITS: readonly (readonly number[])[] = Array.from({ length: 1_024 }, (_, digit) => [digit]);

/** A version of one digit. */
export function versionOf(digit: number): readonly number[] {
  return DIGITS[digit] ?? [digit];
}

/** The digits of a partial match that has just taken an event: a new stage, no branch yet. */
export const NEW_STAGE: readonly number[] = versionOf(0);

/** The version of a sibling: the last digit is `by` larger. */
export function increased(version: readonly number[], by: number): readonly number[] {
  if (by === 0) return version;
  if (version.length === 1) return versionOf(version[0]! + by);
  const copy = version.slice();
  copy[copy.length - 1]! += by;
  return copy;
}

/** The version of a new stage behind a sibling: the last digit is `by` larger, and one more follows. */
export function withNewStage(version: readonly number[], by: number): readonly number[] {
  return [...increased(version, by), 0];
}

/** Stores an event with one reference, that of whoever stores it. @returns its slot */
export function storeEvent<T>(buffer: SharedBuffer<T>, event: T, timestampMs: number): number {
  const { events, timestampsMs, counts } = buffer;
  const number = buffer.nextEventNumber++;
  let slot = buffer.freeEvent;
  if (slot < 0) slot = buffer.eventCount++;
  else buffer.freeEvent = counts[EVENT_FIELDS * slot + NUMBER]!;
  counts[EVENT_FIELDS * slot + NUMBER] = number;
  counts[EVENT_FIELDS * slot + EVENT_REFERENCES] = 1;
  timestampsMs[slot] = timestampMs;
  if (timestampMs >= buffer.latestMs) buffer.latestMs = timestampMs;
  else buffer.inOrder = false;
  events[slot] = event;
  return slot;
}

export function retainEvent<T>({ counts }: SharedBuffer<T>, slot: number): void {
  counts[EVENT_FIELDS * slot + EVENT_REFERENCES]!++;
}

export function releaseEvent<T>(buffer: SharedBuffer<T>, slot: number): void {
  const { counts } = buffer;
  if (--counts[EVENT_FIELDS * slot + EVENT_REFERENCES]! > 0) return;
  buffer.events[slot] = null;
  counts[EVENT_FIELDS * slot + NUMBER] = buffer.freeEvent;
  buffer.freeEvent = slot;
}

/** Adds an entry without references; it references its event and the entry before it. @returns its slot */
export function putEntry<T>(buffer: SharedBuffer<T>, stage: number, event: number, previous: number, label: readonly number[]): number {
  const { entries, labels } = buffer;
  buffer.counts[EVENT_FIELDS * event + EVENT_REFERENCES]!++;
  if (previous >= 0) entries[ENTRY_FIELDS * previous + REFERENCES]!++;
  let slot = buffer.freeEntry;
  if (slot < 0) slot = buffer.entryCount++;
  else buffer.freeEntry = entries[ENTRY_FIELDS * slot + PREVIOUS]!;
  const row = ENTRY_FIELDS * slot;
  entries[row + STAGE] = stage;
  entries[row + EVENT] = event;
  entries[row + PREVIOUS] = previous;
  entries[row + REFERENCES] = 0;
  labels[slot] = label;
  return slot;
}

export function retainEntry<T>({ entries }: SharedBuffer<T>, slot: number): void {
  entries[ENTRY_FIELDS * slot + REFERENCES]!++;
}

/** Gives up one reference; entries that nothing references any more are removed, back to the first event, and so are their events. */
export function releaseEntry<T>(buffer: SharedBuffer<T>, slot: number): void {
  const { entries } = buffer;
  for (let at = slot; at >= 0;) {
    const row = ENTRY_FIELDS * at;
    if (--entries[row + REFERENCES]! > 0) return;
    const previous = entries[row + PREVIOUS]!;
    releaseEvent(buffer, entries[row + EVENT]!);
    entries[row + PREVIOUS] = buffer.freeEntry;
    buffer.freeEntry = at;
    at = previous;
  }
}

/** Slots of the entries that lead to `slot`, from the first event on. */
export function pathTo<T>({ entries }: SharedBuffer<T>, slot: number): number[] {
  let length = 0;
  for (let at = slot; at >= 0; at = entries[ENTRY_FIELDS * at + PREVIOUS]!) length++;
  const path = new Array<number>(length);
  for (let at = slot; at >= 0; at = entries[ENTRY_FIELDS * at + PREVIOUS]!) path[--length] = at;
  return path;
}

/** By stage, the events it took, in the order of taking; the stage with the earliest event comes first. A stage that took none is not there. */
export type Match<T> = ReadonlyMap<string, readonly T[]>;

/** @param stages names by index */
export function matchAt<T>(buffer: SharedBuffer<T>, slot: number, stages: readonly string[]): Match<T> {
  return takenUpTo(buffer, slot, stages);
}

/** The match that ends with `event`, taken by `stage` after what `slot` says; nothing is put into the buffer for it. @param stage name */
export function matchWith<T>(buffer: SharedBuffer<T>, slot: number, stages: readonly string[], stage: string, event: T): Match<T> {
  const match = takenUpTo(buffer, slot, stages);
  const taken = match.get(stage);
  if (taken) taken.push(event);
  else match.set(stage, [event]);
  return match;
}

function takenUpTo<T>(buffer: SharedBuffer<T>, slot: number, stages: readonly string[]): Map<string, T[]> {
  const { entries, events } = buffer;
  const match = new Map<string, T[]>();
  const path = pathTo(buffer, slot);
  for (let i = 0; i < path.length; i++) {
    const row = ENTRY_FIELDS * path[i]!;
    const stage = stages[entries[row + STAGE]!]!;
    const event = events[entries[row + EVENT]!]!;
    const taken = match.get(stage);
    if (taken) taken.push(event);
    else match.set(stage, [event]);
  }
  return match;
}

/** The events that `stage` took on the way to `slot`, in the order of taking. @param stages names by index */
export function eventsOfStage<T>({ entries, events }: SharedBuffer<T>, slot: number, stage: string, stages: readonly string[]): T[] {
  const index = stages.indexOf(stage);
  const taken: T[] = [];
  for (let at = slot; at >= 0; at = entries[ENTRY_FIELDS * at + PREVIOUS]!) {
    if (entries[ENTRY_FIELDS * at + STAGE] === index) taken.push(events[entries[ENTRY_FIELDS * at + EVENT]!]!);
  }
  return taken.reverse();
}

/** The whole Dewey number of an entry's label. Flink: the version of the edge. */
export function labelOf<T>(buffer: SharedBuffer<T>, slot: number): number[] {
  return pathTo(buffer, slot).flatMap((at) => buffer.labels[at]!);
}
