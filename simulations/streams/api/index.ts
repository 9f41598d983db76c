// What a stream job is written with: the door for learner code, which imports it as 'millrace/streams'. Names and order of calls are those of
// Flink's DataStream and CEP APIs; where they differ the comment says so.
export { CEP, PatternStream, type PatternMatch, type PatternProcessFunction } from './cep.ts';
export { kafkaSink, kafkaSource, type KafkaSinkOptions, type KafkaSourceOptions } from './connectors.ts';
export { AsyncDataStream, ConnectedStreams, DataStream, DataStreamSink, IntervalJoined, KeyedStream, OutputTag, WindowedStream, type Sink } from './dataStream.ts';
export type { Source } from './environment.ts';
export type * from './functions.ts';
export type { DeliveryGuarantee } from '../connectors/kafkaSinkSpec.ts';
export { StreamError } from '../errors.ts';
export type { Key } from '../keyGroups.ts';
export { MAX_TIME, MIN_TIME } from '../time.ts';
export { noSkip, skipPastLastEvent, skipToFirst, skipToLast, skipToNext, throwExceptionOnMiss, type AfterMatchSkipStrategy } from '../cep/afterMatchSkip.ts';
export type { Condition, ConditionContext } from '../cep/condition.ts';
export { Pattern } from '../cep/pattern.ts';
export { WatermarkStrategy, type WatermarkGenerator, type WatermarkOutput } from '../watermarks/generators.ts';
export {
  CumulativeEventTimeWindows,
  EventTimeSessionWindows,
  GlobalWindows,
  ProcessingTimeSessionWindows,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  type AssignerContext,
  type WindowAssigner,
} from '../windows/assigners.ts';
export { countEvictor, deltaEvictor, timeEvictor, type Evictor } from '../windows/evictors.ts';
export {
  continuousEventTimeTrigger,
  continuousProcessingTimeTrigger,
  countTrigger,
  deltaTrigger,
  endOfStreamTrigger,
  eventTimeTrigger,
  neverTrigger,
  processingTimeoutTrigger,
  processingTimeTrigger,
  purgingTrigger,
  type Trigger,
  type TriggerContext,
  type TriggerResult,
} from '../windows/triggers.ts';
export type { Window } from '../windows/window.ts';
export { StreamExecutionEnvironment, type JobClient } from './execution.ts';
