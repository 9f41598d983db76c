// What can be wrong with a pattern, and what can go wrong while it matches.

/**
 * Which rule was broken. Each is a rule of Flink's, but for the two limits at the end, which are ours, and for what Java's types or a
 * Duration leave no room for: `NOT_A_WHOLE_NUMBER`, and negative windows with it.
 */
export type CepErrorCode =
  | 'CONDITION_MISSING'
  | 'CONDITION_ON_GROUP'
  | 'CONTIGUITY_ALREADY_APPLIED'
  | 'CONTIGUITY_CONFLICT'
  | 'CONTIGUITY_NEEDS_QUANTIFIER'
  | 'DUPLICATE_STAGE_NAME'
  | 'GREEDY_NEEDS_QUANTIFIER'
  | 'GREEDY_ON_GROUP'
  | 'GREEDY_WITH_COMBINATIONS'
  | 'NOT_A_WHOLE_NUMBER'
  | 'NOT_AFTER_OPTIONAL_UNSUPPORTED'
  | 'NOT_FOLLOWED_BY_LAST_WITHOUT_WINDOW'
  | 'NOT_STAGE_CANNOT_BE_OPTIONAL'
  | 'NOT_STAGE_CANNOT_BE_QUANTIFIED'
  | 'OPTIONAL_AFTER_GREEDY'
  | 'OPTIONAL_ALREADY_APPLIED'
  | 'PREVIOUS_WINDOW_EXCEEDS_TOTAL_WINDOW'
  | 'QUANTIFIER_ALREADY_APPLIED'
  | 'SKIP_STAGE_UNKNOWN'
  | 'TIMES_NOT_POSITIVE'
  | 'TIMES_RANGE_REVERSED'
  | 'UNTIL_ALREADY_APPLIED'
  | 'UNTIL_NEEDS_LOOP'
  | 'CONDITION_FAILED'
  | 'SKIP_TARGET_MISSING_IN_MATCH'
  | 'SKIP_TO_FIRST_ELEMENT_OF_MATCH'
  | 'PARTIAL_MATCH_LIMIT'
  | 'PROCEED_CYCLE';

/** The exception that Flink throws for it; `LimitExceeded` where Flink would go on until its memory ends. */
export type FlinkException = 'MalformedPatternException' | 'UnsupportedOperationException' | 'IllegalArgumentException' | 'NullPointerException' | 'FlinkRuntimeException' | 'LimitExceeded';

/** The one error of this folder. Read `code`; the message is for people and may change. */
export class CepError extends Error {
  override readonly name = 'CepError';

  readonly code: CepErrorCode;
  readonly exception: FlinkException;

  constructor(code: CepErrorCode, exception: FlinkException, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.exception = exception;
  }
}

/** A rule about how patterns are written is broken: Flink's MalformedPatternException. */
export function malformed(code: CepErrorCode, message: string): CepError {
  return new CepError(code, 'MalformedPatternException', message);
}

/** A number of events or of milliseconds that is none. @param what as in "The window of ..." */
export function checkWhole(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new CepError('NOT_A_WHOLE_NUMBER', 'IllegalArgumentException', `${what} is ${value}. Give a whole number, 0 or more.`);
}

/** Where Flink would look at one event for ever, or run out of stack. */
export function proceedCycle(state: string): CepError {
  const message = `From the state ${state} the same event is looked at again and again: a loop around a group whose stages are all optional. Make one stage of the group mandatory.`;
  return new CepError('PROCEED_CYCLE', 'LimitExceeded', message);
}
