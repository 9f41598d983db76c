// What the jobs of the video service share: their records, their sources and their sinks.
import { kafkaSink, kafkaSource } from '../api/connectors.ts';
import type { DataStream } from '../api/dataStream.ts';
import type { StreamExecutionEnvironment } from '../api/environment.ts';
import type { JobSpec } from '../../contract/scenario.ts';
import { WatermarkStrategy } from '../watermarks/generators.ts';
import { guaranteeOf, number } from './parameters.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** Every record of the service says when it happened, ms. */
export interface Happened {
  readonly at: number;
}

export interface View extends Happened {
  readonly viewer: string;
  readonly title: string;
  readonly series: string;
  readonly genre: string;
  readonly device: string;
  readonly minutes: number;
  readonly completion: number;
}

/** Reads a topic whose records come up to so much out of order: parameter outOfOrderMs, else 5 min. */
export function readAll<T extends Happened>(env: StreamExecutionEnvironment, spec: JobSpec, topic: string): DataStream<T> {
  let strategy = WatermarkStrategy.forBoundedOutOfOrderness<T>(number(env, 'outOfOrderMs', 5 * MINUTE_MS)).withTimestampAssigner((e) => e.at);
  const idleMs = number(env, 'idleMs', 0);
  if (idleMs > 0) strategy = strategy.withIdleness(idleMs);
  const driftMs = number(env, 'maxDriftMs', 0);
  if (driftMs > 0) strategy = strategy.withWatermarkAlignment(spec.name, driftMs);
  return env.fromSource(kafkaSource<T>({ topics: [topic], groupId: spec.name }), strategy, topic);
}

/** Writes results to the topic of the parameter sink, else to one of this name. */
export function writeTo<T>(env: StreamExecutionEnvironment, spec: JobSpec, stream: DataStream<T>, topic: string, keyOf: (result: T) => string): void {
  stream.sinkTo(kafkaSink<T>({ topic: env.get('sink', topic), keyOf, ...guaranteeOf(env, spec.name) })).name(`${topic}-out`);
}
