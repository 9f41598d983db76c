// Where matching goes on after a match: Flink's AfterMatchSkipStrategy.

/** How much of what overlaps an emitted match is thrown away. A plain value; make one with the functions below. */
export type AfterMatchSkipStrategy =
  | { readonly kind: 'NO_SKIP' | 'SKIP_TO_NEXT' | 'SKIP_PAST_LAST_EVENT' }
  | { readonly kind: 'SKIP_TO_FIRST' | 'SKIP_TO_LAST'; readonly stage: string; readonly throwsOnMiss: boolean };

const NO_SKIP: AfterMatchSkipStrategy = { kind: 'NO_SKIP' };

/** Every match is emitted, at once. The default. */
export function noSkip(): AfterMatchSkipStrategy {
  return NO_SKIP;
}

/** One match for each first event: everything else that starts with the match's first event is dropped. */
export function skipToNext(): AfterMatchSkipStrategy {
  return { kind: 'SKIP_TO_NEXT' };
}

/** Matches do not overlap: everything that starts at or before the match's last event is dropped. */
export function skipPastLastEvent(): AfterMatchSkipStrategy {
  return { kind: 'SKIP_PAST_LAST_EVENT' };
}

/** Everything that starts before the first event of `stage` in the match is dropped. If the stage took no event, nothing is. */
export function skipToFirst(stage: string): AfterMatchSkipStrategy {
  return { kind: 'SKIP_TO_FIRST', stage, throwsOnMiss: false };
}

/** Everything that starts before the last event of `stage` in the match is dropped. If the stage took no event, nothing is. */
export function skipToLast(stage: string): AfterMatchSkipStrategy {
  return { kind: 'SKIP_TO_LAST', stage, throwsOnMiss: false };
}

/**
 * The same strategy, but a match whose stage took no event is an error (`SKIP_TARGET_MISSING_IN_MATCH`) instead of no skip at all; so is
 * a match whose own first event would be skipped to (`SKIP_TO_FIRST_ELEMENT_OF_MATCH`). Strategies that name no stage are returned as they are.
 */
export function throwExceptionOnMiss(strategy: AfterMatchSkipStrategy): AfterMatchSkipStrategy {
  return 'stage' in strategy ? { ...strategy, throwsOnMiss: true } : strategy;
}
