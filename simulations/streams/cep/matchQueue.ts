// Partial matches by their start: the binary heap of java.util.PriorityQueue, operation for operation, in a plain array.
//
// Flink walks the array of this heap, so the order of matches with equal starts, and with it which of them an after-match skip strategy
// emits, depends on how exactly elements are sifted. Any other correct heap would agree on the starts and differ on the ties.
import type { PartialMatch } from './keyState.ts';

/** Negative when `a` starts first. */
export function byStart(a: PartialMatch, b: PartialMatch): number {
  return a.startTimestampMs !== b.startTimestampMs ? a.startTimestampMs - b.startTimestampMs : a.startEvent - b.startEvent;
}

export function push(heap: PartialMatch[], match: PartialMatch): void {
  let at = heap.length;
  heap.push(match);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent]!;
    if (byStart(match, above) >= 0) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = match;
}

/** Takes the earliest out of a heap that is not empty. */
export function poll(heap: PartialMatch[]): PartialMatch {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length > 0) siftDown(heap, 0, last);
  return first;
}

/** Takes out all for which `gone` holds. @returns what was taken out, in the order of the array */
export function removeWhere(heap: PartialMatch[], gone: (match: PartialMatch) => boolean): PartialMatch[] {
  const removed: PartialMatch[] = [];
  let kept = 0;
  for (const match of heap) {
    if (gone(match)) removed.push(match);
    else heap[kept++] = match;
  }
  if (removed.length === 0) return removed;
  heap.length = kept;
  for (let at = (kept >> 1) - 1; at >= 0; at--) siftDown(heap, at, heap[at]!);
  return removed;
}

function siftDown(heap: PartialMatch[], from: number, match: PartialMatch): void {
  const half = heap.length >> 1;
  let at = from;
  while (at < half) {
    let child = 2 * at + 1;
    const right = child + 1;
    if (right < heap.length && byStart(heap[child]!, heap[right]!) > 0) child = right;
    const below = heap[child]!;
    if (byStart(match, below) <= 0) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = match;
}
