// The functions that a job is made of, by the names that Flink's DataStream API gives them.
export type { AggregateFunction, ReduceFunction } from '../windows/contents.ts';
export type { Collector, ElementContext } from '../operators/functionOperator.ts';
export type { KeyedCoProcessFunction, KeyedContext, KeyedProcessFunction, OnTimerContext, RuntimeContext, TimerService } from '../operators/keyedProcessOperator.ts';
export type { AppendingState, ListState, MapState, StateTtl, ValueState } from '../state/keyedState.ts';
export type { AsyncContext, AsyncFunction } from '../operators/asyncWaitOperator.ts';
export type { WindowFunctionContext } from '../windows/windowOperator.ts';

/** Gets all elements of a window, or the one result of a reduce or aggregate in front of it. */
export interface ProcessWindowFunction<In, Out, K> {
  process(key: K, context: import('../windows/windowOperator.ts').WindowFunctionContext, elements: readonly In[], out: { collect(value: Out): void }): void;
}
