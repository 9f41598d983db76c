// Told of each partial match's life, so that a view can draw it and answer why there was no match. Nothing is computed for it when it is absent.
import type { Match } from './sharedBuffer.ts';

/**
 * Why a partial match ended without a match:
 * - `contiguity`: an event came in between where none may (`next`, `consecutive`), and the stage could not take it.
 * - `condition`: the stage neither took the event nor could let it pass, because of a condition: a greedy loop would have taken it.
 * - `until`: the loop was over, and what comes after it did not take the event.
 * - `stop`: the event matched a notNext or notFollowedBy stage.
 * - `skip`: it started too early for the after-match skip strategy once another match was emitted.
 * - `time`: its window passed, and nobody asked to hear of partial matches that time out.
 */
export type PruneReason = 'contiguity' | 'condition' | 'until' | 'stop' | 'skip' | 'time';

export interface PartialMatchEntered<T> {
  readonly partialMatchId: number;
  /** null: this event started it. Its own id: it moved on from another state. Another: it branched off that one, which lives on or has branched too. */
  readonly parentId: number | null;
  /** Name of the automaton's state. */
  readonly state: string;
  /** Whether the event was taken or skipped on the way to the state. */
  readonly action: 'TAKE' | 'IGNORE';
  readonly event: T;
  readonly timestampMs: number;
}

export interface PartialMatchEnded<T> {
  readonly partialMatchId: number;
  /** The events that it has taken. */
  readonly match: Match<T>;
  readonly timestampMs: number;
}

export interface PartialMatchCompleted<T> extends PartialMatchEnded<T> {
  /** As for {@link PartialMatchEntered}: what is complete as soon as it branches off was never seen entering a state. */
  readonly parentId: number | null;
  /** What completed it: an event that was taken, or skipped (behind a last notNext), or time (behind a last notFollowedBy). */
  readonly action: 'TAKE' | 'IGNORE' | 'TIME';
  /** null where time did. */
  readonly event: T | null;
}

export interface MatchEmitted<T> extends PartialMatchEnded<T> {
  /** The event that completed it or let it go; null where time did. */
  readonly event: T | null;
}

export interface PartialMatchTimedOut<T> extends PartialMatchEnded<T> {
  /** Name of the automaton's state that it waited in. */
  readonly state: string;
}

export interface PartialMatchPruned<T> {
  readonly partialMatchId: number;
  /** Name of the automaton's state that it waited in. */
  readonly state: string;
  readonly reason: PruneReason;
  /** The event that ended it; null where time or another match did. */
  readonly event: T | null;
  readonly timestampMs: number;
}

export interface CepObserver<T> {
  entered(entered: PartialMatchEntered<T>): void;
  /** The match is complete. It is emitted now, unless the skip strategy holds it back; then `emitted` or `pruned` follows later. */
  completed(completed: PartialMatchCompleted<T>): void;
  /** Told before what the match throws away is `pruned`, and in the order in which matches are returned. */
  emitted(emitted: MatchEmitted<T>): void;
  pruned(pruned: PartialMatchPruned<T>): void;
  /** In the order in which partial matches that timed out are returned. */
  timedOut(ended: PartialMatchTimedOut<T>): void;
  /** The cap on partial matches of a key is reached; an error follows. */
  limitReached(partialMatches: number, limit: number): void;
}
