// Matches by their start: the binary heap of java.util.PriorityQueue, operation for operation, in a flat array of row numbers.
//
// Flink walks the array of this heap, so the order of matches with equal starts, and with it which of them an after-match skip strategy
// emits, depends on how exactly elements are sifted. Any other correct heap would agree on the starts and differ on the ties.
import { FIRST, MATCH_FIELDS, START, type MatchQueue, type OpenMatches } from './keyState.ts';

/** Negative when the match in row `a` starts before that in row `b`, by timestamp and then by arrival; the start comes last. */
export function byStart<T>({ rows: { fields }, buffer }: OpenMatches<T>, a: number, b: number): number {
  const x = fields[MATCH_FIELDS * a + START]!;
  const y = fields[MATCH_FIELDS * b + START]!;
  if (x === y || buffer.inOrder) return x - y;
  const first = fields[MATCH_FIELDS * a + FIRST]!;
  const second = fields[MATCH_FIELDS * b + FIRST]!;
  if (first < 0 || second < 0) return x - y;
  const between = buffer.timestampsMs[first]! - buffer.timestampsMs[second]!;
  return between !== 0 ? between : x - y;
}

export function push<T>(open: OpenMatches<T>, queue: MatchQueue, row: number): void {
  const { order } = queue;
  let at = queue.count++;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = order[parent]!;
    if (byStart(open, row, above) >= 0) break;
    order[at] = above;
    at = parent;
  }
  order[at] = row;
}

/** Takes the earliest out of a queue that is not empty. */
export function dropFirst<T>(open: OpenMatches<T>, queue: MatchQueue): void {
  const last = --queue.count;
  if (last === 0) return;
  queue.order[0] = queue.order[last]!;
  siftDown(open, queue, 0);
}

/** Takes out all for which `gone` holds. @param removed called for each before it goes, in the order of the array */
export function removeWhere<T>(open: OpenMatches<T>, queue: MatchQueue, gone: (row: number) => boolean, removed: (row: number) => void): void {
  const { order, count } = queue;
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const row = order[at]!;
    if (gone(row)) removed(row);
    else order[kept++] = row;
  }
  if (kept === count) return;
  queue.count = kept;
  for (let at = (kept >> 1) - 1; at >= 0; at--) siftDown(open, queue, at);
}

/** Makes `queue` what `from` holds from place `place` on, in the order of the array. */
export function copyRest(queue: MatchQueue, from: MatchQueue, place: number): void {
  const { order } = queue;
  const count = from.count - place;
  queue.count = count;
  for (let at = 0; at < count; at++) order[at] = from.order[place + at]!;
}

export function emptyQueue(): MatchQueue {
  return { count: 0, order: [] };
}

function siftDown<T>(open: OpenMatches<T>, { order, count }: MatchQueue, from: number): void {
  const row = order[from]!;
  const half = count >> 1;
  let at = from;
  while (at < half) {
    let child = 2 * at + 1;
    const right = child + 1;
    if (right < count && byStart(open, order[child]!, order[right]!) > 0) child = right;
    if (byStart(open, row, order[child]!) <= 0) break;
    order[at] = order[child]!;
    at = child;
  }
  order[at] = row;
}
