// Partial matches by their start: the binary heap of java.util.PriorityQueue, operation for operation, in flat arrays.
//
// Flink walks the array of this heap, so the order of matches with equal starts, and with it which of them an after-match skip strategy
// emits, depends on how exactly elements are sifted. Any other correct heap would agree on the starts and differ on the ties.
import { ENTRY, EVENT_FIELDS, FIRST, ID, MATCH_FIELDS, NUMBER, STATE, type MatchQueue, type SharedBuffer } from './keyState.ts';

/** Negative when what begins with event slot `a` starts before what begins with `b`, by timestamp and then by arrival; the start (-1) comes last. */
export function byStart<T>({ timestampsMs, counts }: SharedBuffer<T>, a: number, b: number): number {
  if (a === b) return 0;
  if (a < 0) return 1;
  if (b < 0) return -1;
  const x = timestampsMs[a]!;
  const y = timestampsMs[b]!;
  return x !== y ? x - y : counts[EVENT_FIELDS * a + NUMBER]! - counts[EVENT_FIELDS * b + NUMBER]!;
}

export function push<T>(buffer: SharedBuffer<T>, queue: MatchQueue, id: number, state: number, entry: number, first: number, version: readonly number[]): void {
  const { fields } = queue;
  let at = queue.count++;
  for (; at > 0;) {
    const parent = (at - 1) >> 1;
    if (byStart(buffer, first, fields[MATCH_FIELDS * parent + FIRST]!) >= 0) break;
    copyRow(queue, parent, at);
    at = parent;
  }
  writeRow(queue, at, id, state, entry, first, version);
}

/** Takes the earliest out of a queue that is not empty. */
export function dropFirst<T>(buffer: SharedBuffer<T>, queue: MatchQueue): void {
  const last = --queue.count;
  if (last === 0) return;
  copyRow(queue, last, 0);
  siftDown(buffer, queue, 0);
}

/** Takes out all that begin with an event slot for which `gone` holds. @param removed called for each before it goes, in the order of the array */
export function removeWhere<T>(buffer: SharedBuffer<T>, queue: MatchQueue, gone: (first: number) => boolean, removed: (id: number, state: number, entry: number) => void): void {
  const { fields, count } = queue;
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = MATCH_FIELDS * at;
    if (gone(fields[row + FIRST]!)) removed(fields[row + ID]!, fields[row + STATE]!, fields[row + ENTRY]!);
    else if (kept++ !== at) copyRow(queue, at, kept - 1);
  }
  if (kept === count) return;
  queue.count = kept;
  for (let at = (kept >> 1) - 1; at >= 0; at--) siftDown(buffer, queue, at);
}

/** Makes `queue` the rows of `from` from `row` on. */
export function copyRows(queue: MatchQueue, from: MatchQueue, row: number): void {
  const { fields, versions } = queue;
  const count = from.count - row;
  queue.count = count;
  for (let at = 0; at < count; at++) {
    const to = MATCH_FIELDS * at;
    const of = MATCH_FIELDS * (row + at);
    fields[to] = from.fields[of]!;
    fields[to + 1] = from.fields[of + 1]!;
    fields[to + 2] = from.fields[of + 2]!;
    fields[to + 3] = from.fields[of + 3]!;
    versions[at] = from.versions[row + at]!;
  }
}

export function emptyQueue(): MatchQueue {
  return { count: 0, fields: [], versions: [] };
}

function siftDown<T>(buffer: SharedBuffer<T>, queue: MatchQueue, from: number): void {
  const { fields, versions, count } = queue;
  const row = MATCH_FIELDS * from;
  const id = fields[row + ID]!;
  const state = fields[row + STATE]!;
  const entry = fields[row + ENTRY]!;
  const first = fields[row + FIRST]!;
  const version = versions[from]!;
  const half = count >> 1;
  let at = from;
  while (at < half) {
    let child = 2 * at + 1;
    const right = child + 1;
    if (right < count && byStart(buffer, fields[MATCH_FIELDS * child + FIRST]!, fields[MATCH_FIELDS * right + FIRST]!) > 0) child = right;
    if (byStart(buffer, first, fields[MATCH_FIELDS * child + FIRST]!) <= 0) break;
    copyRow(queue, child, at);
    at = child;
  }
  if (at !== from) writeRow(queue, at, id, state, entry, first, version);
}

function writeRow({ fields, versions }: MatchQueue, at: number, id: number, state: number, entry: number, first: number, version: readonly number[]): void {
  const row = MATCH_FIELDS * at;
  fields[row + ID] = id;
  fields[row + STATE] = state;
  fields[row + ENTRY] = entry;
  fields[row + FIRST] = first;
  versions[at] = version;
}

function copyRow({ fields, versions }: MatchQueue, from: number, to: number): void {
  const a = MATCH_FIELDS * from;
  const b = MATCH_FIELDS * to;
  fields[b] = fields[a]!;
  fields[b + 1] = fields[a + 1]!;
  fields[b + 2] = fields[a + 2]!;
  fields[b + 3] = fields[a + 3]!;
  versions[to] = versions[from]!;
}
