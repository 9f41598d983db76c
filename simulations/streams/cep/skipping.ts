// Which complete matches may be emitted, and what an emitted match throws away: Flink's processMatchesAccordingToSkipStrategy.
import { CepError } from './errors.ts';
import { empty } from './evaluation.ts';
import { ENTRY, ENTRY_FIELDS, EVENT, EVENT_FIELDS, FIRST, ID, MATCH_FIELDS, NUMBER, STAGE, START_ROW, STATE, type MatchQueue, type OpenMatches, type SharedBuffer } from './keyState.ts';
import { byStart, dropFirst, push, removeWhere } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { freeRow } from './openMatches.ts';
import { matchAt, pathTo, releaseEntry, releaseEvent, type Match } from './sharedBuffer.ts';

/** Emits what is complete where no skip strategy holds anything back: in the order of starts. @param event null where time has passed */
export function emitFound<T>({ evaluation: { complete, found } }: Nfa<T>, open: OpenMatches<T>, event: T | null, nowMs: number, observer: CepObserver<T> | null): Match<T>[] {
  const { rows } = open;
  const emitted: Match<T>[] = new Array<Match<T>>(complete.count);
  for (let i = 0; i < emitted.length; i++) {
    const row = complete.order[0]!;
    dropFirst(open, complete);
    const match = found[rows.fields[MATCH_FIELDS * row + ENTRY]!]!;
    if (observer !== null) observer.emitted({ partialMatchId: rows.fields[MATCH_FIELDS * row + ID]!, event, match, timestampMs: nowMs });
    emitted[i] = match;
    releaseEvent(open.buffer, rows.fields[MATCH_FIELDS * row + FIRST]!);
    freeRow(rows, row);
  }
  empty(found);
  return emitted;
}

/**
 * Emits what of the complete matches and of those held back so far may be emitted. With a skip strategy a match waits while a partial match
 * that started earlier is alive, because that one would be emitted first and might throw this one away.
 * Of the partial matches, which are those after the event, the strategy takes some out.
 * @param event null where time has passed
 */
export function emitMatches<T>(nfa: Nfa<T>, open: OpenMatches<T>, event: T | null, nowMs: number, observer: CepObserver<T> | null): Match<T>[] {
  const { partialMatches: partial, completedMatches: held, rows, buffer } = open;
  const { complete } = nfa.evaluation;
  for (let at = 0; at < complete.count; at++) push(open, held, complete.order[at]!);
  const emitted: Match<T>[] = [];
  while (held.count > 0) {
    const row = held.order[0]!;
    if (partial.count > 0 && byStart(open, row, partial.order[0]!) > 0) break;
    const entry = rows.fields[MATCH_FIELDS * row + ENTRY]!;
    dropFirst(open, held);
    const until = skippedUntil(nfa, open, entry);
    const match = matchAt(buffer, entry, nfa.stages);
    if (observer !== null) observer.emitted({ partialMatchId: rows.fields[MATCH_FIELDS * row + ID]!, event, match, timestampMs: nowMs });
    if (until !== null) {
      prune(nfa, open, partial, until, nowMs, observer);
      prune(nfa, open, held, until, nowMs, observer);
    }
    emitted.push(match);
    releaseEntry(buffer, entry);
    freeRow(rows, row);
  }
  return emitted;
}

interface Bound {
  /** Slot of an event. */
  readonly event: number;
  /** Whether what starts with the event itself is dropped too. */
  readonly inclusive: boolean;
}

function prune<T>(nfa: Nfa<T>, open: OpenMatches<T>, matches: MatchQueue, until: Bound, nowMs: number, observer: CepObserver<T> | null): void {
  const { rows, buffer } = open;
  const most = until.inclusive ? 0 : -1;
  removeWhere(
    open,
    matches,
    (row) => row !== START_ROW && byArrival(buffer, rows.fields[MATCH_FIELDS * row + FIRST]!, until.event) <= most,
    (row) => {
      const at = MATCH_FIELDS * row;
      releaseEntry(buffer, rows.fields[at + ENTRY]!);
      if (observer !== null) observer.pruned({ partialMatchId: rows.fields[at + ID]!, state: nfa.states[rows.fields[at + STATE]!]!.name, reason: 'skip', event: null, timestampMs: nowMs });
      freeRow(rows, row);
    },
  );
}

/** Negative when the event in slot `a` comes before that in slot `b`, by timestamp and then by arrival. */
function byArrival<T>({ timestampsMs, counts }: SharedBuffer<T>, a: number, b: number): number {
  const between = timestampsMs[a]! - timestampsMs[b]!;
  return between !== 0 ? between : counts[EVENT_FIELDS * a + NUMBER]! - counts[EVENT_FIELDS * b + NUMBER]!;
}

function skippedUntil<T>({ skip, stages }: Nfa<T>, { buffer }: OpenMatches<T>, entry: number): Bound | null {
  if (skip.kind === 'NO_SKIP') return null;
  const { entries } = buffer;
  const path = pathTo(buffer, entry);
  const eventOf = (at: number) => entries[ENTRY_FIELDS * path.at(at)! + EVENT]!;
  switch (skip.kind) {
    case 'SKIP_TO_NEXT':
      return { event: eventOf(0), inclusive: true };
    case 'SKIP_PAST_LAST_EVENT':
      return { event: eventOf(-1), inclusive: true };
    case 'SKIP_TO_FIRST':
    case 'SKIP_TO_LAST': {
      const taken = (at: number) => stages[entries[ENTRY_FIELDS * at + STAGE]!] === skip.stage;
      const at = skip.kind === 'SKIP_TO_FIRST' ? path.findIndex(taken) : path.findLastIndex(taken);
      if (skip.throwsOnMiss) checkTarget(skip.stage, at);
      return at < 0 ? null : { event: eventOf(at), inclusive: false };
    }
  }
}

function checkTarget(stage: string, at: number): void {
  if (at < 0)
    throw new CepError(
      'SKIP_TARGET_MISSING_IN_MATCH',
      'FlinkRuntimeException',
      `The stage "${stage}" took no event in the match, so there is nothing to skip to. Skip to a stage that every match has, or leave out throwExceptionOnMiss().`,
    );
  if (at === 0)
    throw new CepError(
      'SKIP_TO_FIRST_ELEMENT_OF_MATCH',
      'FlinkRuntimeException',
      `The stage "${stage}" took the first event of the match. Skipping to it would find the same match again. Skip to a later stage.`,
    );
}
