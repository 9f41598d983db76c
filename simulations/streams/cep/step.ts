// What an event makes of one partial match: it moves on, branches, completes or ends.
import { about, holds, isComplete } from './decide.ts';
import type { CepKeyState, PartialMatch } from './keyState.ts';
import { push } from './matchQueue.ts';
import type { Decision, Nfa, NfaState } from './nfa.ts';
import type { CepObserver, PruneReason } from './observer.ts';
import { increased, matchAt, NEW_STAGE, putEntry, releaseEntry, retainEntry, storeEvent, withNewStage } from './sharedBuffer.ts';

/** What is gathered while one event is processed. */
export interface Step<T> {
  readonly nfa: Nfa<T>;
  readonly key: CepKeyState<T>;
  readonly event: T;
  readonly timestampMs: number;
  readonly observer: CepObserver<T> | null;
  /** Slot of the event, once a stage has taken it; -1 before. */
  eventSlot: number;
  /** The partial matches after the event: a heap. */
  readonly partial: PartialMatch[];
  /** What the event completed: a heap. */
  readonly complete: PartialMatch[];
}

/** The start stays, so that every event can start a match; what the event starts is put before it. */
export function startFrom<T>(step: Step<T>, start: PartialMatch, decision: Decision<T>): void {
  follow(step, start, decision);
  start.version = increased(start.version, decision.increase);
  if (!decision.stops) push(step.partial, start);
}

/** A partial match takes or skips the event, in every way it can; without a way it ends. */
export function moveOn<T>(step: Step<T>, match: PartialMatch, decision: Decision<T>): void {
  const { entry, state } = match;
  const lives = follow(step, match, decision);
  if (!lives && step.observer !== null) {
    const waitedIn = step.nfa.states[state]!;
    step.observer.pruned({ partialMatchId: match.id, state: waitedIn.name, reason: reasonOf(step, match, waitedIn, decision), event: step.event, timestampMs: step.timestampMs });
  }
  releaseEntry(step.key.buffer, entry);
}

/**
 * Follows the open edges. The first successor that skips the event is the same partial match as before and keeps its id; if none skips it, the first
 * that takes it is. Where a Stop state is reached, only what is complete survives.
 * @returns whether there is a successor
 */
function follow<T>(step: Step<T>, match: PartialMatch, decision: Decision<T>): boolean {
  const { buffer } = step.key;
  const { id, version, entry, state, startTimestampMs, startEvent, previousTimestampMs } = match;
  const isStart = entry < 0;
  const { stops, takes, increase, edges } = decision;
  let takesLeft = Math.max(0, takes - 1);
  const takesSkipped = takesLeft;
  let ignoresLeft = decision.ignores;
  // Whether the partial match itself has moved on already, or must be left for an edge that skips the event.
  let moved = isStart;
  const waitsForIgnore = !stops && edges.length > takes;
  let lives = false;

  for (const edge of edges) {
    const { target } = edge;
    const isFinal = target.type === 'Final';
    if (edge.action === 'IGNORE') {
      if (isStart) continue;
      const stays = target.index === state;
      const next = stays ? increased(version, increase) : withNewStage(version, takesSkipped + ignoresLeft--);
      if (stops && !isFinal) continue;
      retainEntry(buffer, entry);
      const heir = moved ? { ...match } : match;
      if (moved) heir.id = step.key.nextPartialMatchId++;
      moved = true;
      heir.state = target.index;
      heir.entry = entry;
      heir.version = next;
      heir.previousTimestampMs = previousTimestampMs;
      lives = true;
      if (isFinal) complete(step, heir, id);
      else enter(step, heir, id, 'IGNORE', !stays);
      continue;
    }

    const label = increased(version, takesLeft--);
    if (target.type === 'Stop') continue;
    about(step.nfa.evaluation, match, entry);
    const end = isFinal ? null : isComplete(step.nfa.evaluation, target);
    if (stops && !isFinal && end === null) continue;
    if (step.eventSlot < 0) step.eventSlot = storeEvent(buffer, step.event, step.timestampMs);
    const taken = putEntry(buffer, edge.source.stage, step.eventSlot, entry, label);
    const parentId = isStart ? null : id;
    lives = true;
    for (const to of [stops && !isFinal ? null : target, end]) {
      if (to === null) continue;
      retainEntry(buffer, taken);
      const keeps = !moved && !waitsForIgnore;
      const heir = keeps ? match : { ...match };
      if (!keeps) heir.id = step.key.nextPartialMatchId++;
      moved ||= keeps;
      heir.state = to.index;
      heir.entry = taken;
      heir.version = NEW_STAGE;
      heir.startTimestampMs = isStart ? step.timestampMs : startTimestampMs;
      heir.startEvent = isStart ? buffer.events[step.eventSlot]!.number : startEvent;
      heir.previousTimestampMs = step.timestampMs;
      if (to.type === 'Final') complete(step, heir, parentId);
      else enter(step, heir, parentId, 'TAKE', true);
    }
  }
  return lives;
}

function enter<T>(step: Step<T>, match: PartialMatch, parentId: number | null, action: 'TAKE' | 'IGNORE', elsewhere: boolean): void {
  push(step.partial, match);
  if (step.observer === null || !elsewhere) return;
  step.observer.entered({ partialMatchId: match.id, parentId, state: step.nfa.states[match.state]!.name, action, event: step.event, timestampMs: step.timestampMs });
}

function complete<T>(step: Step<T>, match: PartialMatch, parentId: number | null): void {
  push(step.complete, match);
  if (step.observer === null) return;
  step.observer.completed({ partialMatchId: match.id, parentId, match: matchAt(step.key.buffer, match.entry), timestampMs: step.timestampMs });
}

/** Why a partial match had no way on. Asks the conditions on the way once more; their answers are still known. */
function reasonOf<T>({ nfa: { evaluation } }: Step<T>, match: PartialMatch, state: NfaState<T>, decision: Decision<T>): PruneReason {
  if (decision.stops) return 'stop';
  about(evaluation, match, match.entry);
  const looked = new Set([state]);
  for (const at of looked) for (const edge of at.edges) if (edge.action === 'PROCEED' && holds(evaluation, edge.condition)) looked.add(edge.target);
  const closed = [...looked].flatMap((at) => at.edges).filter((edge) => edge.action !== 'PROCEED');
  if (closed.some((edge) => edge.until !== null && holds(evaluation, edge.until))) return 'until';
  return closed.some((edge) => edge.action === 'IGNORE') ? 'condition' : 'contiguity';
}
