// Joins records of two keyed streams whose times lie within an interval of each other (Flink IntervalJoinOperator).
import type { KeyedContext, RuntimeContext } from './keyedProcessOperator.ts';
import type { AnyKeyedFunction } from './keyedProcessOperator.ts';
import type { Collector } from './functionOperator.ts';
import type { MapState } from '../state/keyedState.ts';
import { StreamError } from '../errors.ts';
import { MIN_TIME } from '../time.ts';

export interface IntervalJoinSpec<A, B, Out> {
  /** The other's time minus one's own, ms, both bounds inclusive unless told. */
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly join: (left: A, right: B, out: Collector<Out>) => void;
  /** Where late records of the left and of the right go; null = dropped and counted. */
  readonly lateTags: readonly [string | null, string | null];
}

/** @throws StreamError INVALID_INTERVAL when the bounds are the wrong way round. */
export function intervalJoin<A, B, Out>(spec: IntervalJoinSpec<A, B, Out>): AnyKeyedFunction {
  const { lowerMs, upperMs } = spec;
  if (!(lowerMs <= upperMs)) throw new StreamError('INVALID_INTERVAL', `The lower bound of an interval join must not be above the upper one; these are ${lowerMs} and ${upperMs} ms.`);
  let buffers: readonly [MapState<unknown[]>, MapState<unknown[]>];
  let runtime: RuntimeContext;

  const take = (side: 0 | 1, value: unknown, context: KeyedContext, out: Collector<unknown>): void => {
    const atMs = context.timestamp();
    if (atMs === MIN_TIME) throw new StreamError('NO_TIMESTAMP', 'An interval join needs records with timestamps. Give the sources a watermark strategy with a timestamp assigner.');
    if (atMs < context.timerService().currentWatermark()) {
      const tag = spec.lateTags[side]!;
      runtime.late(atMs, tag !== null);
      if (tag !== null) context.output(tag, value);
      return;
    }
    const own = buffers[side]!;
    own.put(atMs, [...(own.get(atMs) ?? []), value]);
    const [fromMs, toMs] = side === 0 ? [atMs + lowerMs, atMs + upperMs] : [atMs - upperMs, atMs - lowerMs];
    for (const [time, values] of buffers[1 - side]!.entries()) {
      const otherMs = time as number;
      if (otherMs < fromMs || otherMs > toMs) continue;
      // The result bears the later of the two times.
      const at: Collector<Out> = { collect: (made) => out.collect(made, Math.max(atMs, otherMs)) };
      for (const other of values) spec.join((side === 0 ? value : other) as A, (side === 0 ? other : value) as B, at);
    }
    const laterMs = side === 0 ? upperMs : -lowerMs;
    context.timerService().registerEventTimeTimer(laterMs > 0 ? atMs + laterMs : atMs);
  };

  return {
    open: (context) => {
      runtime = context;
      buffers = [context.states.mapState('left'), context.states.mapState('right')];
    },
    inputs: [(value, context, out) => take(0, value, context, out), (value, context, out) => take(1, value, context, out)],
    onTimer: (timeMs) => {
      buffers.forEach((buffer, side) => {
        const laterMs = side === 0 ? upperMs : -lowerMs;
        buffer.remove(laterMs > 0 ? timeMs - laterMs : timeMs);
      });
    },
  };
}
