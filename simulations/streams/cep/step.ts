// What an event makes of one partial match: it moves on, branches, completes or ends.
import { holds, isComplete } from './decide.ts';
import { about, type Evaluation } from './evaluation.ts';
import { bitOf, ENTRY, EVENT_FIELDS, FIRST, ID, MATCH_FIELDS, NUMBER, START_ROW, STATE } from './keyState.ts';
import { push } from './matchQueue.ts';
import type { Decision, Nfa, NfaState } from './nfa.ts';
import type { PruneReason } from './observer.ts';
import { freeRow, newRow, writeRow } from './openMatches.ts';
import { increased, matchAt, matchWith, NEW_STAGE, putEntry, releaseEntry, retainEntry, retainEvent, storeEvent, versionOf, withNewStage, type Match } from './sharedBuffer.ts';

/** The start stays, so that every event can start a match; what the event starts is put before it. */
export function startFrom<T>(nfa: Nfa<T>, state: number, decision: Decision<T>): void {
  const { key, open } = nfa.evaluation;
  follow(nfa, START_ROW, 0, -1, versionOf(key.startVersion), decision);
  if (decision.stops) return;
  key.startVersion += decision.increase;
  push(open, open.partialMatches, START_ROW);
  open.occupied |= bitOf(state);
}

/** A partial match takes or skips the event, in every way it can; without a way it ends. */
export function moveOn<T>(nfa: Nfa<T>, row: number, decision: Decision<T>): void {
  const { open, event, timestampMs, host } = nfa.evaluation;
  const { fields, versions } = open.rows;
  const id = fields[MATCH_FIELDS * row + ID]!;
  const state = fields[MATCH_FIELDS * row + STATE]!;
  const entry = fields[MATCH_FIELDS * row + ENTRY]!;
  const fate = decision.edges.length > 0 ? follow(nfa, row, id, entry, versions[row]!, decision) : ENDS;
  if (fate === ENDS) {
    if (host.observer !== null) {
      const waitedIn = nfa.states[state]!;
      host.observer.pruned({ partialMatchId: id, state: waitedIn.name, reason: reasonOf(nfa.evaluation, id, entry, waitedIn, decision), event, timestampMs });
    }
    freeRow(open.rows, row);
  }
  if (fate !== KEEPS_ENTRY) releaseEntry(open.buffer, entry);
}

/** A partial match stays where it is, and goes straight to the end as well. */
export function completeFrom<T>(nfa: Nfa<T>, row: number, decision: Decision<T>): void {
  const { open, key } = nfa.evaluation;
  const { fields, versions } = open.rows;
  const id = fields[MATCH_FIELDS * row + ID]!;
  const entry = fields[MATCH_FIELDS * row + ENTRY]!;
  const version = versions[row]!;
  const { edges } = decision;
  let takesLeft = decision.takes - 1;
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i]!;
    if (edge.action === 'IGNORE') versions[row] = increased(version, decision.increase);
    else complete(nfa, -1, key.nextPartialMatchId++, edge.target, edge.source.stage, entry, fields[MATCH_FIELDS * row + FIRST]!, increased(version, takesLeft--), -1, id);
  }
}

/** What becomes of a partial match: it has no successor; it has; or it has one that goes on holding its entry. */
const ENDS = 0;
const LIVES = 1;
const KEEPS_ENTRY = 2;

/**
 * Follows the open edges. The first successor that skips the event is the same partial match as before and keeps its id and row; if none skips it, the first
 * that takes it is. Where a Stop state is reached, only what is complete survives.
 * @returns ENDS, LIVES or KEEPS_ENTRY
 */
function follow<T>(nfa: Nfa<T>, row: number, id: number, entry: number, version: readonly number[], decision: Decision<T>): number {
  const { evaluation } = nfa;
  const { key, open } = evaluation;
  const { buffer, rows } = open;
  const isStart = row === START_ROW;
  const state = rows.fields[MATCH_FIELDS * row + STATE]!;
  let first = rows.fields[MATCH_FIELDS * row + FIRST]!;
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
      const to = moved ? -1 : row;
      const as = moved ? key.nextPartialMatchId++ : id;
      moved = true;
      if (isFinal) completeSkipping(nfa, to, as, target, entry, first, next, id);
      else if (stays && to >= 0) stay(evaluation, row, target, next);
      else settle(nfa, to, as, target, entry, first, next, id, stays ? null : 'IGNORE');
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
    if (isStart) first = eventSlot(evaluation);
    const parentId = isStart ? null : id;
    let taken = -1;
    if (goesOn) {
      const itself = !moved && !waitsForIgnore;
      const to = itself ? row : -1;
      const as = itself ? id : key.nextPartialMatchId++;
      moved ||= itself;
      if (isFinal) complete(nfa, to, as, target, edge.source.stage, entry, first, label, -1, parentId);
      else {
        taken = putEntry(buffer, edge.source.stage, eventSlot(evaluation), entry, label);
        retainEntry(buffer, taken);
        settle(nfa, to, as, target, taken, first, NEW_STAGE, parentId, 'TAKE');
      }
    }
    if (end !== null) {
      const itself = !moved && !waitsForIgnore;
      const to = itself ? row : -1;
      const as = itself ? id : key.nextPartialMatchId++;
      moved ||= itself;
      complete(nfa, to, as, end, edge.source.stage, entry, first, label, taken, parentId);
    }
  }
  return fate;
}

/** The current event's slot; stores the event when a stage takes it for the first time. */
function eventSlot<T>(evaluation: Evaluation<T>): number {
  if (evaluation.eventSlot < 0) evaluation.eventSlot = storeEvent(evaluation.open.buffer, evaluation.event, evaluation.timestampMs);
  return evaluation.eventSlot;
}

function stay<T>({ open }: Evaluation<T>, row: number, state: NfaState<T>, version: readonly number[]): void {
  open.rows.versions[row] = version;
  push(open, open.partialMatches, row);
  open.occupied |= bitOf(state.index);
}

/** @param row its own row, -1 for a new one @param action how the state was entered; null when it was not left */
function settle<T>(
  nfa: Nfa<T>,
  row: number,
  id: number,
  target: NfaState<T>,
  entry: number,
  first: number,
  version: readonly number[],
  parentId: number | null,
  action: 'TAKE' | 'IGNORE' | null,
): void {
  const { open, event, timestampMs, host } = nfa.evaluation;
  const at = place(nfa, row, id, target, entry, first, version);
  push(open, open.partialMatches, at);
  open.occupied |= bitOf(target.index);
  if (host.observer !== null && action !== null) host.observer.entered({ partialMatchId: id, parentId, state: target.name, action, event, timestampMs });
}

function place<T>({ evaluation: { open } }: Nfa<T>, row: number, id: number, target: NfaState<T>, entry: number, first: number, version: readonly number[]): number {
  const { rows, buffer } = open;
  const at = row < 0 ? newRow(rows) : row;
  writeRow(rows, at, id, target.index, entry, first, buffer.counts[EVENT_FIELDS * first + NUMBER]!, version);
  return at;
}

/**
 * A match is complete with the current event, taken by `stage` after what `entry` says. Without a skip strategy it is read at once and the buffer is left alone;
 * otherwise it may be held back, and what it took is kept in the buffer.
 * @param taken entry with the event where one has been put already, otherwise -1
 */
function complete<T>(nfa: Nfa<T>, row: number, id: number, end: NfaState<T>, stage: number, entry: number, first: number, label: readonly number[], taken: number, parentId: number | null): void {
  const { evaluation, stages } = nfa;
  const { buffer } = evaluation.open;
  if (nfa.skip.kind === 'NO_SKIP') {
    const match = matchWith(buffer, entry, stages, stages[stage]!, evaluation.event);
    retainEvent(buffer, first);
    finish(nfa, place(nfa, row, id, end, evaluation.found.push(match) - 1, first, NEW_STAGE), match, parentId, 'TAKE');
    return;
  }
  const last = taken < 0 ? putEntry(buffer, stage, eventSlot(evaluation), entry, label) : taken;
  retainEntry(buffer, last);
  finish(nfa, place(nfa, row, id, end, last, first, NEW_STAGE), null, parentId, 'TAKE');
}

/** A match is complete because the current event is skipped: a notNext at the end. */
function completeSkipping<T>(nfa: Nfa<T>, row: number, id: number, end: NfaState<T>, entry: number, first: number, version: readonly number[], parentId: number): void {
  const at = place(nfa, row, id, end, entry, first, version);
  finish(nfa, at, nfa.skip.kind === 'NO_SKIP' ? find(nfa, at) : null, parentId, 'IGNORE');
}

/** Reads the match that is complete in `row`, and gives up its entry, but not its first event, by which it is put in order. Only without a skip strategy. */
export function find<T>({ evaluation, stages }: Nfa<T>, row: number): Match<T> {
  const { rows, buffer } = evaluation.open;
  const at = MATCH_FIELDS * row + ENTRY;
  const entry = rows.fields[at]!;
  const match = matchAt(buffer, entry, stages);
  rows.fields[at] = evaluation.found.push(match) - 1;
  retainEvent(buffer, rows.fields[MATCH_FIELDS * row + FIRST]!);
  releaseEntry(buffer, entry);
  return match;
}

/** @param match null where it has not been read yet */
function finish<T>(nfa: Nfa<T>, row: number, match: Match<T> | null, parentId: number | null, action: 'TAKE' | 'IGNORE'): void {
  const { open, event, timestampMs, host, complete: queue } = nfa.evaluation;
  push(open, queue, row);
  if (host.observer === null) return;
  const at = MATCH_FIELDS * row;
  const { fields } = open.rows;
  host.observer.completed({ partialMatchId: fields[at + ID]!, parentId, action, event, match: match ?? matchAt(open.buffer, fields[at + ENTRY]!, nfa.stages), timestampMs });
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
