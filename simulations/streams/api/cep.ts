// Patterns over streams (Flink CEP, PatternStream).
import type { CepOptions } from '../cep/operator.ts';
import type { Pattern } from '../cep/pattern.ts';
import type { Key } from '../keyGroups.ts';
import { CepStreamOperator, type PatternMatch } from '../operators/cepOperator.ts';
import type { DataStream, KeyedStream, OutputTag } from './dataStream.ts';

export type { PatternMatch } from '../operators/cepOperator.ts';

/** What is made of the matches of a pattern. */
export interface PatternProcessFunction<T, R> {
  /** @param timestampMs of the event that completed the match. */
  processMatch(match: PatternMatch<T>, context: { readonly timestampMs: number }, out: { collect(value: R): void }): void;
  /** Partial matches that ran out of time. @param context its timestamp is when their time was up. */
  processTimedOutMatch?(match: PatternMatch<T>, context: { readonly timestampMs: number; output(tag: OutputTag<unknown>, value: unknown): void }): void;
}

export const CEP = {
  /** @param comparator orders events of one timestamp. */
  pattern: <T, K extends Key>(stream: KeyedStream<T, K>, pattern: Pattern<T>, comparator?: (a: T, b: T) => number): PatternStream<T, K> => new PatternStream<T, K>(stream, pattern, comparator),
};

export class PatternStream<T, K extends Key> {
  private readonly stream: KeyedStream<T, K>;
  private readonly pattern: Pattern<T>;
  private readonly comparator: ((a: T, b: T) => number) | undefined;
  private processingTime = false;
  private lateTag: string | null = null;

  constructor(stream: KeyedStream<T, K>, pattern: Pattern<T>, comparator?: (a: T, b: T) => number) {
    this.stream = stream;
    this.pattern = pattern;
    this.comparator = comparator;
  }

  inProcessingTime(): this {
    this.processingTime = true;
    return this;
  }

  inEventTime(): this {
    this.processingTime = false;
    return this;
  }

  sideOutputLateData(tag: OutputTag<T>): this {
    this.lateTag = tag.id;
    return this;
  }

  /** One result for each match. */
  select<R>(select: (match: PatternMatch<T>) => R): DataStream<R> {
    return this.process({ processMatch: (match, _, out) => out.collect(select(match)) });
  }

  /** @throws CepError for a pattern that cannot be compiled. */
  process<R>(fn: PatternProcessFunction<T, R>): DataStream<R> {
    const { pattern, comparator, processingTime, lateTag } = this;
    const options: CepOptions<unknown> = { timeBehaviour: processingTime ? 'ProcessingTime' : 'EventTime', ...(comparator && { comparator: comparator as (a: unknown, b: unknown) => number }) };
    const make = () =>
      new CepStreamOperator({
        pattern: pattern as Pattern<unknown>,
        options,
        lateTag,
        fn: {
          processMatch: (match, timestampMs, collect) => fn.processMatch(match as PatternMatch<T>, { timestampMs }, { collect }),
          ...(fn.processTimedOutMatch && {
            processTimedOutMatch: (match: PatternMatch<unknown>, timestampMs: number, output: (tag: string, value: unknown) => void) =>
              fn.processTimedOutMatch!(match as PatternMatch<T>, { timestampMs, output: (tag, value) => output(tag.id, value) }),
          }),
        },
      });
    make();
    return this.stream.operate<R>('pattern', make);
  }
}
