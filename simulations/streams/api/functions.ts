// The functions that a job is made of, by the names that Flink's DataStream API gives them.
import type { WindowFunctionContext } from '../windows/windowOperator.ts';

export type { AggregateFunction, ReduceFunction } from '../windows/contents.ts';
export type { Collector, ElementContext } from '../operators/functionOperator.ts';
export type { KeyedCoProcessFunction, KeyedContext, KeyedProcessFunction, OnTimerContext, RuntimeContext } from '../operators/keyedProcessOperator.ts';
export type { TimerService } from '../state/timers.ts';
export type { AppendingState, ListState, MapState, StateTtl, ValueState } from '../state/keyedState.ts';
export type { AsyncContext, AsyncFunction } from '../operators/asyncWaitOperator.ts';
export type { WindowFunctionContext };

/** Gets all elements of a window, or the one result of a reduce or aggregate in front of it. */
export interface ProcessWindowFunction<In, Out, K> {
  process(key: K, context: WindowFunctionContext, elements: readonly In[], out: { collect(value: Out): void }): void;
}
