// What an event makes of one partial match: it moves on, branches, completes or ends.
import { holds, isComplete } from './decide.ts';
import { about, type Evaluation } from './evaluation.ts';
import { bitOf } from './keyState.ts';
import { push } from './matchQueue.ts';
import type { Decision, Nfa, NfaState } from './nfa.ts';
import type { PruneReason } from './observer.ts';
import { increased, matchAt, NEW_STAGE, putEntry, releaseEntry, retainEntry, storeEvent, versionOf, withNewStage } from './sharedBuffer.ts';

/** The start stays, so that every event can start a match; what the event starts is put before it. */
export function startFrom<T>(nfa: Nfa<T>, state: number, decision: Decision<T>): void {
  follow(nfa, 0, state, -1, -1, versionOf(nfa.evaluation.key.startVersion), decision);
  const { key, open } = nfa.evaluation;
  if (decision.stops) return;
  key.startVersion += decision.increase;
  push(open.buffer, open.partialMatches, 0, state, -1, -1, NEW_STAGE);
  open.occupied |= bitOf(state);
}

/** A partial match takes or skips the event, in every way it can; without a way it ends. */
export function moveOn<T>(nfa: Nfa<T>, id: number, state: number, entry: number, first: number, version: readonly number[], decision: Decision<T>): void {
  const fate = decision.edges.length > 0 ? follow(nfa, id, state, entry, first, version, decision) : ENDS;
  const { open, event, timestampMs, host } = nfa.evaluation;
  if (fate === ENDS && host.observer !== null) {
    const waitedIn = nfa.states[state]!;
    host.observer.pruned({ partialMatchId: id, state: waitedIn.name, reason: reasonOf(nfa.evaluation, id, entry, waitedIn, decision), event, timestampMs });
  }
  if (fate !== KEEPS_ENTRY) releaseEntry(open.buffer, entry);
}

/** What becomes of a partial match: it has no successor; it has; or it has one that goes on holding its entry. */
const ENDS = 0;
const LIVES = 1;
const KEEPS_ENTRY = 2;

/**
 * Follows the open edges. The first successor that skips the event is the same partial match as before and keeps its id; if none skips it, the first
 * that takes it is. Where a Stop state is reached, only what is complete survives.
 * @returns ENDS, LIVES or KEEPS_ENTRY
 */
function follow<T>(nfa: Nfa<T>, id: number, state: number, entry: number, first: number, version: readonly number[], decision: Decision<T>): number {
  const { evaluation } = nfa;
  const { key, open } = evaluation;
  const { buffer } = open;
  const isStart = entry < 0;
  const { stops, takes, edges } = decision;
  const takesSkipped = takes > 1 ? takes - 1 : 0;
  let takesLeft = takesSkipped;
  let ignoresLeft = decision.ignores;
  // Whether the partial match itself has moved on already, or is left for an edge that skips the event.
  let moved = isStart;
  const waitsForIgnore = !stops && edges.length > takes;
  let fate = ENDS;

  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]!;
    const { target } = edge;
    const isFinal = target.type === 'Final';
    if (edge.action === 'IGNORE') {
      if (isStart) continue;
      const stays = target.index === state;
      const next = stays ? increased(version, decision.increase) : withNewStage(version, takesSkipped + ignoresLeft--);
      if (stops && !isFinal) continue;
      if (fate === KEEPS_ENTRY) retainEntry(buffer, entry);
      else fate = KEEPS_ENTRY;
      settle(nfa, moved ? key.nextPartialMatchId++ : id, target, entry, first, next, id, stays ? null : 'IGNORE');
      moved = true;
      continue;
    }

    const label = increased(version, takesLeft--);
    if (target.type === 'Stop') continue;
    let end: NfaState<T> | null = null;
    if (target.nearEnd && !isFinal) {
      about(evaluation, id, entry);
      end = isComplete(evaluation, target);
    }
    const goesOn = isFinal || !stops;
    if (!goesOn && end === null) continue;
    if (fate === ENDS) fate = LIVES;
    if (evaluation.eventSlot < 0) evaluation.eventSlot = storeEvent(buffer, evaluation.event, evaluation.timestampMs);
    const taken = putEntry(buffer, edge.source.stage, evaluation.eventSlot, entry, label);
    const start = isStart ? evaluation.eventSlot : first;
    const parentId = isStart ? null : id;
    if (goesOn) {
      retainEntry(buffer, taken);
      const itself = !moved && !waitsForIgnore;
      settle(nfa, itself ? id : key.nextPartialMatchId++, target, taken, start, NEW_STAGE, parentId, 'TAKE');
      moved ||= itself;
    }
    if (end !== null) {
      retainEntry(buffer, taken);
      const itself = !moved && !waitsForIgnore;
      settle(nfa, itself ? id : key.nextPartialMatchId++, end, taken, start, NEW_STAGE, parentId, 'TAKE');
      moved ||= itself;
    }
  }
  return fate;
}

/** @param action how the state was entered; null when it was not left */
function settle<T>(nfa: Nfa<T>, id: number, target: NfaState<T>, entry: number, first: number, version: readonly number[], parentId: number | null, action: 'TAKE' | 'IGNORE' | null): void {
  const { open, event, timestampMs, host, complete } = nfa.evaluation;
  if (target.type === 'Final') {
    push(open.buffer, complete, id, target.index, entry, first, version);
    if (host.observer !== null) host.observer.completed({ partialMatchId: id, parentId, match: matchAt(open.buffer, entry, nfa.stages), timestampMs });
    return;
  }
  push(open.buffer, open.partialMatches, id, target.index, entry, first, version);
  open.occupied |= bitOf(target.index);
  if (host.observer !== null && action !== null) host.observer.entered({ partialMatchId: id, parentId, state: target.name, action, event, timestampMs });
}

/** Why a partial match had no way on. Asks the conditions on the way once more; their answers are still known. */
function reasonOf<T>(evaluation: Evaluation<T>, id: number, entry: number, state: NfaState<T>, decision: Decision<T>): PruneReason {
  if (decision.stops) return 'stop';
  about(evaluation, id, entry);
  const looked = new Set([state]);
  for (const at of looked) for (const edge of at.edges) if (edge.action === 'PROCEED' && holds(evaluation, edge.condition)) looked.add(edge.target);
  const closed = [...looked].flatMap((at) => at.edges).filter((edge) => edge.action !== 'PROCEED');
  if (closed.some((edge) => edge.until !== null && holds(evaluation, edge.until))) return 'until';
  return closed.some((edge) => edge.action === 'IGNORE') ? 'condition' : 'contiguity';
}
