// Which complete matches may be emitted, and what an emitted match throws away: Flink's processMatchesAccordingToSkipStrategy.
import { CepError } from './errors.ts';
import { ENTRY, ENTRY_FIELDS, EVENT, FIRST, ID, MATCH_FIELDS, STAGE, STATE, type MatchQueue, type OpenMatches } from './keyState.ts';
import { byStart, dropFirst, push, removeWhere } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { matchAt, pathTo, releaseEntry, type Match } from './sharedBuffer.ts';

/**
 * Emits what of `complete` and of the matches held back so far may be emitted. With a skip strategy a match waits while a partial match
 * that started earlier is alive, because that one would be emitted first and might throw this one away.
 * Of the partial matches, which are those after the event, the strategy takes some out.
 */
export function emitMatches<T>(nfa: Nfa<T>, open: OpenMatches<T>, complete: MatchQueue, nowMs: number, observer: CepObserver<T> | null): Match<T>[] {
  const { partialMatches: partial, buffer } = open;
  const skips = nfa.skip.kind !== 'NO_SKIP';
  // Nothing is ever held back without a skip strategy, and what is put into an empty queue row by row comes out the same.
  const completed = skips ? open.completedMatches : complete;
  if (skips) {
    for (let at = 0; at < complete.count; at++) {
      const row = MATCH_FIELDS * at;
      push(buffer, completed, complete.fields[row + ID]!, complete.fields[row + STATE]!, complete.fields[row + ENTRY]!, complete.fields[row + FIRST]!, complete.versions[at]!);
    }
  }
  const emitted: Match<T>[] = [];
  while (completed.count > 0) {
    if (skips && partial.count > 0 && byStart(buffer, completed.fields[FIRST]!, partial.fields[FIRST]!) > 0) break;
    const id = completed.fields[ID]!;
    const entry = completed.fields[ENTRY]!;
    dropFirst(buffer, completed);
    const until = skips ? skippedUntil(nfa, open, entry) : null;
    if (observer !== null) observer.emitted(id, nowMs);
    if (until !== null) {
      prune(nfa, open, partial, until, nowMs, observer);
      prune(nfa, open, completed, until, nowMs, observer);
    }
    emitted.push(matchAt(buffer, entry, nfa.stages));
    releaseEntry(buffer, entry);
  }
  return emitted;
}

interface Bound {
  /** Slot of an event. */
  readonly event: number;
  /** Whether what starts with the event itself is dropped too. */
  readonly inclusive: boolean;
}

function prune<T>(nfa: Nfa<T>, { buffer }: OpenMatches<T>, matches: MatchQueue, until: Bound, nowMs: number, observer: CepObserver<T> | null): void {
  const most = until.inclusive ? 0 : -1;
  removeWhere(
    buffer,
    matches,
    (first) => first >= 0 && byStart(buffer, first, until.event) <= most,
    (id, state, entry) => {
      releaseEntry(buffer, entry);
      if (observer !== null) observer.pruned({ partialMatchId: id, state: nfa.states[state]!.name, reason: 'skip', event: null, timestampMs: nowMs });
    },
  );
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
  if (at < 0) throw new CepError('SKIP_TARGET_MISSING_IN_MATCH', 'FlinkRuntimeException', `The stage "${stage}" took no event in the match, so there is nothing to skip to.`);
  if (at === 0)
    throw new CepError('SKIP_TO_FIRST_ELEMENT_OF_MATCH', 'FlinkRuntimeException', `The stage "${stage}" took the first event of the match. Skipping to it would find the same match again.`);
}
