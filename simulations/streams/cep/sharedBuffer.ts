// The events that partial matches have taken, each stored once, and the paths through them.
//
// In Flink a node stands for (stage, event) and several edges lead back from it, labelled with Dewey numbers; a match is read by walking
// back over the edges whose label its own version continues. Here each edge is an entry of its own, and what holds on to it remembers which
// one it is, so that reading a match compares no labels. The labels are kept all the same, as the digits that an entry adds to the entry
// before it: they are what makes this Flink's buffer, and a test walks it Flink's way and finds the same paths.
import type { BufferEntry, CepKeyState, PartialMatch, SharedBuffer } from './keyState.ts';

/** The digits of a partial match that has just taken an event: a new stage, no branch yet. */
export const NEW_STAGE: readonly number[] = [0];

/** The version of a sibling: the last digit is `by` larger. */
export function increased(version: readonly number[], by: number): readonly number[] {
  if (by === 0) return version;
  const copy = version.slice();
  copy[copy.length - 1]! += by;
  return copy;
}

/** The version of a new stage behind a sibling: the last digit is `by` larger, and one more follows. */
export function withNewStage(version: readonly number[], by: number): readonly number[] {
  const copy = version.slice();
  copy[copy.length - 1]! += by;
  copy.push(0);
  return copy;
}

/** Stores an event with one reference, that of whoever stores it. @returns its slot */
export function storeEvent<T>(buffer: SharedBuffer<T>, event: T, timestampMs: number): number {
  const stored = { event, timestampMs, number: buffer.nextEventNumber++, references: 1 };
  const slot = buffer.freeEvents.pop() ?? buffer.events.length;
  buffer.events[slot] = stored;
  return slot;
}

export function releaseEvent<T>(buffer: SharedBuffer<T>, slot: number): void {
  const stored = buffer.events[slot]!;
  if (--stored.references > 0) return;
  buffer.events[slot] = null;
  buffer.freeEvents.push(slot);
}

/** Adds an entry without references; it references its event and the entry before it. @returns its slot */
export function putEntry<T>(buffer: SharedBuffer<T>, stage: string, event: number, previous: number, version: readonly number[]): number {
  buffer.events[event]!.references++;
  if (previous >= 0) buffer.entries[previous]!.references++;
  const entry: BufferEntry = { stage, event, previous, version, references: 0 };
  const slot = buffer.freeEntries.pop() ?? buffer.entries.length;
  buffer.entries[slot] = entry;
  return slot;
}

export function retainEntry<T>(buffer: SharedBuffer<T>, slot: number): void {
  buffer.entries[slot]!.references++;
}

/** Gives up one reference; entries that nothing references any more are removed, back to the first event, and so are their events. */
export function releaseEntry<T>(buffer: SharedBuffer<T>, slot: number): void {
  for (let at = slot; at >= 0;) {
    const entry = buffer.entries[at]!;
    if (--entry.references > 0) return;
    buffer.entries[at] = null;
    buffer.freeEntries.push(at);
    releaseEvent(buffer, entry.event);
    at = entry.previous;
  }
}

/** The entries that lead to `slot`, from the first event on. */
export function pathTo<T>(buffer: SharedBuffer<T>, slot: number): BufferEntry[] {
  const path: BufferEntry[] = [];
  for (let at = slot; at >= 0; at = buffer.entries[at]!.previous) path.push(buffer.entries[at]!);
  return path.reverse();
}

/** By stage, the events it took, in the order of taking; the stage with the earliest event comes first. A stage that took none is not there. */
export type Match<T> = ReadonlyMap<string, readonly T[]>;

export function matchAt<T>(buffer: SharedBuffer<T>, slot: number): Match<T> {
  const match = new Map<string, T[]>();
  for (const entry of pathTo(buffer, slot)) {
    const event = buffer.events[entry.event]!.event;
    const taken = match.get(entry.stage);
    if (taken) taken.push(event);
    else match.set(entry.stage, [event]);
  }
  return match;
}

/** The events that `stage` took on the way to `slot`, in the order of taking. */
export function eventsOfStage<T>(buffer: SharedBuffer<T>, slot: number, stage: string): T[] {
  const events: T[] = [];
  for (let at = slot; at >= 0;) {
    const entry = buffer.entries[at]!;
    if (entry.stage === stage) events.push(buffer.events[entry.event]!.event);
    at = entry.previous;
  }
  return events.reverse();
}

/** The whole Dewey number of an entry's label. Flink: the version of the edge. */
export function labelOf<T>(buffer: SharedBuffer<T>, slot: number): number[] {
  return pathTo(buffer, slot).flatMap((entry) => entry.version);
}

/** The whole Dewey number of a partial match, as `1.0.1`. */
export function versionOf<T>(state: CepKeyState<T>, match: PartialMatch): string {
  return [...labelOf(state.buffer, match.entry), ...match.version].join('.');
}
