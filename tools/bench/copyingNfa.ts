// Flink's automaton as one would write it first, for comparison: each partial match is an object with its own list of events, each asks its own
// conditions, and they wait in a priority queue by their start, which is made anew for every event. No skip strategies, no windows of single stages.
import type { ConditionContext, ConditionNode } from '../../simulations/streams/cep/condition.ts';
import { stageOf, type GraphEdge, type GraphState, type NfaGraph } from '../../simulations/streams/cep/graph.ts';
import type { Match } from '../../simulations/streams/cep/sharedBuffer.ts';

interface Taken<T> {
  readonly stage: string;
  readonly event: T;
}

interface PartialMatch<T> {
  readonly state: GraphState<T>;
  readonly taken: readonly Taken<T>[];
  /** Of the first event; Infinity for the start. */
  readonly startMs: number;
  /** Counts events of the key. */
  readonly start: number;
}

export class CopyingNfa<T> {
  private readonly graph: NfaGraph<T>;
  private partialMatches: PartialMatch<T>[];
  private events = 0;

  constructor(graph: NfaGraph<T>) {
    this.graph = graph;
    this.partialMatches = [{ state: graph.start, taken: [], startMs: Infinity, start: Infinity }];
  }

  process(event: T, timestampMs: number): Match<T>[] {
    const { windowMs } = this.graph;
    const number = this.events++;
    const next: PartialMatch<T>[] = [];
    const complete: PartialMatch<T>[] = [];
    for (const match of this.partialMatches) {
      if (windowMs > 0 && timestampMs - match.startMs >= windowMs) continue;
      const isStart = match.state === this.graph.start && match.taken.length === 0;
      const context = contextOf(match.taken, timestampMs);
      const edges = openEdges(match.state, event, context);
      const stops = edges.some((edge) => edge.target.type === 'Stop');
      for (const { action, source, target } of edges) {
        if (target.type === 'Stop' || (isStart && action === 'IGNORE')) continue;
        const first = isStart ? { startMs: timestampMs, start: number } : match;
        const taken = action === 'TAKE' ? [...match.taken, { stage: stageOf(source.name), event }] : match.taken;
        const moved: PartialMatch<T> = { state: target, taken, startMs: first.startMs, start: first.start };
        if (target.type === 'Final') push(complete, moved);
        else {
          if (!stops) push(next, moved);
          if (action === 'TAKE' && reachesEnd(target, event, context)) push(complete, moved);
        }
      }
      if (isStart && !stops) push(next, match);
    }
    this.partialMatches = next;
    const found: Match<T>[] = [];
    for (let match = poll(complete); match !== undefined; match = poll(complete)) found.push(asMap(match.taken));
    return found;
  }
}

function openEdges<T>(from: GraphState<T>, event: T, context: ConditionContext<T>): GraphEdge<T>[] {
  const open: GraphEdge<T>[] = [];
  const states = [from];
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    for (const edge of state.edges) {
      if (!holds(edge.condition, event, context)) continue;
      if (edge.action === 'PROCEED') states.push(edge.target);
      else open.push(edge);
    }
  }
  return open;
}

function reachesEnd<T>(from: GraphState<T>, event: T, context: ConditionContext<T>): boolean {
  const states = [from];
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    for (const edge of state.edges) {
      if (edge.action !== 'PROCEED' || !holds(edge.condition, event, context)) continue;
      if (edge.target.type === 'Final') return true;
      states.push(edge.target);
    }
  }
  return false;
}

function holds<T>(node: ConditionNode<T>, event: T, context: ConditionContext<T>): boolean {
  switch (node.kind) {
    case 'true':
      return true;
    case 'test':
      return node.test(event, context);
    case 'not':
      return !holds(node.of, event, context);
    case 'and':
      return holds(node.left, event, context) && holds(node.right, event, context);
    case 'or':
      return holds(node.left, event, context) || holds(node.right, event, context);
  }
}

function contextOf<T>(taken: readonly Taken<T>[], timestampMs: number): ConditionContext<T> {
  return { getEventsForPattern: (name) => taken.filter((t) => t.stage === name).map((t) => t.event), timestamp: () => timestampMs, currentProcessingTime: () => 0 };
}

function asMap<T>(taken: readonly Taken<T>[]): Match<T> {
  const match = new Map<string, T[]>();
  for (const { stage, event } of taken) {
    const events = match.get(stage);
    if (events) events.push(event);
    else match.set(stage, [event]);
  }
  return match;
}

function before<T>(a: PartialMatch<T>, b: PartialMatch<T>): boolean {
  return a.startMs < b.startMs || (a.startMs === b.startMs && a.start < b.start);
}

/* java.util.PriorityQueue */

function push<T>(heap: PartialMatch<T>[], match: PartialMatch<T>): void {
  let at = heap.length;
  heap.push(match);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(match, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = match;
}

function poll<T>(heap: PartialMatch<T>[]): PartialMatch<T> | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
