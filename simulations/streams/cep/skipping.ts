// Which complete matches may be emitted, and what an emitted match throws away: Flink's processMatchesAccordingToSkipStrategy.
import type { AfterMatchSkipStrategy } from './afterMatchSkip.ts';
import { CepError } from './errors.ts';
import type { BufferedEvent, CepKeyState, PartialMatch, SharedBuffer } from './keyState.ts';
import { byStart, poll, push, removeWhere } from './matchQueue.ts';
import type { Nfa } from './nfa.ts';
import type { CepObserver } from './observer.ts';
import { matchAt, pathTo, releaseEntry, type Match } from './sharedBuffer.ts';

/**
 * Emits what of `complete` and of the matches held back so far may be emitted. With a skip strategy a match waits while a partial match
 * that started earlier is alive, because that one would be emitted first and might throw this one away.
 * @param partial the partial matches after this event; the strategy takes some out
 */
export function emitMatches<T>(nfa: Nfa<T>, key: CepKeyState<T>, complete: readonly PartialMatch[], partial: PartialMatch[], nowMs: number, observer: CepObserver<T> | null): Match<T>[] {
  const completed = key.completedMatches;
  for (const match of complete) push(completed, match);
  const emitted: Match<T>[] = [];
  const skips = nfa.skip.kind !== 'NO_SKIP';
  while (completed.length > 0 && !(skips && partial.length > 0 && byStart(completed[0]!, partial[0]!) > 0)) {
    const match = poll(completed);
    const until = skippedUntil(nfa.skip, key.buffer, match);
    if (observer !== null) observer.emitted(match.id, nowMs);
    if (until !== null) {
      prune(nfa, key, partial, until, nowMs, observer);
      prune(nfa, key, completed, until, nowMs, observer);
    }
    emitted.push(matchAt(key.buffer, match.entry));
    releaseEntry(key.buffer, match.entry);
  }
  return emitted;
}

interface Bound {
  readonly event: BufferedEvent<unknown>;
  /** Whether what starts with the event itself is dropped too. */
  readonly inclusive: boolean;
}

function prune<T>(nfa: Nfa<T>, key: CepKeyState<T>, matches: PartialMatch[], until: Bound, nowMs: number, observer: CepObserver<T> | null): void {
  const { timestampMs, number } = until.event;
  const most = until.inclusive ? 0 : -1;
  const startsAfter = (m: PartialMatch) => (m.startTimestampMs !== timestampMs ? m.startTimestampMs - timestampMs : m.startEvent - number);
  for (const match of removeWhere(matches, (m) => m.entry >= 0 && startsAfter(m) <= most)) {
    releaseEntry(key.buffer, match.entry);
    if (observer !== null) observer.pruned({ partialMatchId: match.id, state: nfa.states[match.state]!.name, reason: 'skip', event: null, timestampMs: nowMs });
  }
}

function skippedUntil<T>(skip: AfterMatchSkipStrategy, buffer: SharedBuffer<T>, match: PartialMatch): Bound | null {
  if (skip.kind === 'NO_SKIP') return null;
  const path = pathTo(buffer, match.entry);
  const eventOf = (at: number) => buffer.events[path.at(at)!.event]!;
  switch (skip.kind) {
    case 'SKIP_TO_NEXT':
      return { event: eventOf(0), inclusive: true };
    case 'SKIP_PAST_LAST_EVENT':
      return { event: eventOf(-1), inclusive: true };
    case 'SKIP_TO_FIRST':
    case 'SKIP_TO_LAST': {
      const taken = (entry: { readonly stage: string }) => entry.stage === skip.stage;
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
