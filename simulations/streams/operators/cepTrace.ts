// What the trace is told of a pattern's partial matches, and which event of the trace each result of the pattern comes from.
import { END_STATE } from '../cep/graph.ts';
import type { CepObserver, MatchEmitted, PartialMatchCompleted, PartialMatchEntered, PartialMatchPruned, PartialMatchTimedOut } from '../cep/observer.ts';
import type { Match } from '../cep/sharedBuffer.ts';
import type { Key } from '../keyGroups.ts';
import type { OperatorObserver } from '../operator.ts';
import { copyOf } from '../state/copy.ts';

/** Where an event of the pattern comes from: its record in the record table, and the event of the trace that brought it; -1 = none. */
export interface Origin {
  readonly record: number;
  readonly cause: number;
}

const NO_ORIGIN: Origin = { record: -1, cause: -1 };

/** Where the events that wait or were taken come from. Events that are no objects have no origin. */
export class Origins {
  private readonly byEvent = new WeakMap<object, Origin>();

  of(event: unknown): Origin {
    return (typeof event === 'object' && event !== null ? this.byEvent.get(event) : undefined) ?? NO_ORIGIN;
  }

  note(event: unknown, origin: Origin): void {
    if (typeof event === 'object' && event !== null) this.byEvent.set(event, origin);
  }

  /** A way to copy events that writes down in `into` where each came from, in the order of copying. */
  saving(into: Origin[]): <T>(event: T) => T {
    return (event) => {
      into.push(this.of(event));
      return copyOf(event);
    };
  }

  /** The way back: copies the same events in the same order. */
  restoring(from: readonly Origin[]): <T>(event: T) => T {
    let next = 0;
    return (event) => {
      const copy = copyOf(event);
      this.note(copy, from[next++] ?? NO_ORIGIN);
      return copy;
    };
  }
}

/** Complete matches of one key that are not emitted yet, by number. */
export type Complete = Map<number, PartialMatchCompleted<unknown>>;

export interface CepTraceOptions {
  /** Whether an after-match skip strategy may hold back what is complete, or throw it away. */
  readonly holdsBack: boolean;
  readonly origins: Origins;
  /** The key at hand, and what of it is complete. */
  at(): { readonly key: Key; readonly complete: Complete };
}

export class CepTrace implements CepObserver<unknown> {
  private readonly observer: OperatorObserver;
  private readonly options: CepTraceOptions;
  /** Events of the trace that results come from: of matches and of partial matches that timed out, oldest first. */
  private readonly matched: number[] = [];
  private readonly timeouts: number[] = [];
  private lastMatched = -1;

  constructor(observer: OperatorObserver, options: CepTraceOptions) {
    this.observer = observer;
    this.options = options;
  }

  entered({ partialMatchId, parentId, state, action, event, timestampMs }: PartialMatchEntered<unknown>): void {
    this.observer.partialMatch({
      kind: 'entered',
      key: this.options.at().key,
      match: partialMatchId,
      parent: parentId ?? -1,
      state,
      action: parentId === null ? 'start' : action === 'TAKE' ? 'take' : 'ignore',
      timestampMs,
      ...this.options.origins.of(event),
    });
  }

  /** What could still be thrown away waits in the end state; without a skip strategy the match is emitted at once. */
  completed(completed: PartialMatchCompleted<unknown>): void {
    const { holdsBack, origins, at } = this.options;
    const { key, complete } = at();
    const { partialMatchId, parentId, action, event, timestampMs } = completed;
    complete.set(partialMatchId, completed);
    if (!holdsBack) return;
    const how = action === 'TIME' ? 'time' : parentId === null ? 'start' : action === 'TAKE' ? 'take' : 'ignore';
    this.observer.partialMatch({ kind: 'entered', key, match: partialMatchId, parent: parentId ?? -1, state: END_STATE, action: how, timestampMs, ...origins.of(event) });
  }

  emitted({ partialMatchId, event, match, timestampMs }: MatchEmitted<unknown>): void {
    const { holdsBack, origins, at } = this.options;
    const { key, complete } = at();
    const completed = complete.get(partialMatchId);
    complete.delete(partialMatchId);
    this.lastMatched = this.observer.partialMatch({
      kind: 'matched',
      key,
      match: partialMatchId,
      parent: holdsBack ? partialMatchId : (completed?.parentId ?? -1),
      stages: Array.from(match, ([stage, events]) => `${stage}=${events.length}`).join(','),
      timestampMs,
      record: origins.of(completed?.action === 'TAKE' ? completed.event : lastOf(match)).record,
      cause: origins.of(event).cause,
    });
    this.matched.push(this.lastMatched);
  }

  pruned({ partialMatchId, state, reason, event, timestampMs }: PartialMatchPruned<unknown>): void {
    const { origins, at } = this.options;
    const { key, complete } = at();
    complete.delete(partialMatchId);
    const { record, cause } = origins.of(event);
    this.observer.partialMatch({ kind: 'pruned', key, match: partialMatchId, state, reason, timestampMs, record, cause: reason === 'skip' ? this.lastMatched : cause });
  }

  timedOut({ partialMatchId, state, timestampMs }: PartialMatchTimedOut<unknown>): void {
    const { key } = this.options.at();
    this.timeouts.push(this.observer.partialMatch({ kind: 'pruned', key, match: partialMatchId, state, reason: 'time', timestampMs, ...NO_ORIGIN }));
  }

  limitReached(_count: number, limit: number): void {
    this.observer.partialMatch({ kind: 'limit', key: this.options.at().key, limit });
  }

  /** The next match goes to the job's function: what comes of it has it as its cause. */
  matchGoesOut(): void {
    this.observer.because(this.matched.shift() ?? -1);
  }

  /** The same for the next partial match that timed out. */
  timeoutGoesOut(): void {
    this.observer.because(this.timeouts.shift() ?? -1);
  }
}

/** The last event of the last stage. */
function lastOf(match: Match<unknown>): unknown {
  return Array.from(match.values()).at(-1)?.at(-1);
}
