// Watermark strategies: how the timestamps of a source become watermarks (Flink org.apache.flink.api.common.eventtime).
import { StreamError } from '../errors.ts';
import { MIN_TIME } from '../time.ts';

/** Where a generator puts what it decides. */
export interface WatermarkOutput {
  emitWatermark(timeMs: number): void;
  markIdle(): void;
  markActive(): void;
}

/** Sees every record, and is asked at each tick of pipeline.auto-watermark-interval. */
export interface WatermarkGenerator<T = unknown> {
  onEvent(event: T, timestampMs: number, output: WatermarkOutput): void;
  onPeriodicEmit(output: WatermarkOutput): void;
}

/** @param recordTimestampMs what the source says, MIN_TIME where it says nothing. @returns milliseconds. */
export type TimestampAssigner<T> = (element: T, recordTimestampMs: number) => number;

/** Milliseconds of processing time. */
export type Clock = () => number;

class BoundedOutOfOrderness implements WatermarkGenerator {
  private maxTimestampMs = MIN_TIME;
  private readonly delayMs: number;
  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }
  onEvent(_event: unknown, timestampMs: number): void {
    if (timestampMs > this.maxTimestampMs) this.maxTimestampMs = timestampMs;
  }
  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.maxTimestampMs - this.delayMs - 1);
  }
}

/** After a quiet tick the timer starts, and idle is what stays quiet for longer than the time-out after that (Flink WatermarksWithIdleness). */
class WithIdleness<T> implements WatermarkGenerator<T> {
  private readonly of: WatermarkGenerator<T>;
  private readonly timeoutMs: number;
  private readonly clock: Clock;
  private seenSinceTick = false;
  private quietSinceMs: number | null = null;
  private idle = false;
  constructor(of: WatermarkGenerator<T>, timeoutMs: number, clock: Clock) {
    this.of = of;
    this.timeoutMs = timeoutMs;
    this.clock = clock;
  }
  onEvent(event: T, timestampMs: number, output: WatermarkOutput): void {
    this.of.onEvent(event, timestampMs, output);
    this.idle = false;
    this.seenSinceTick = true;
  }
  onPeriodicEmit(output: WatermarkOutput): void {
    if (this.isQuiet()) {
      if (!this.idle) output.markIdle();
      this.idle = true;
    } else this.of.onPeriodicEmit(output);
  }
  private isQuiet(): boolean {
    if (this.seenSinceTick) {
      this.seenSinceTick = false;
      this.quietSinceMs = null;
      return false;
    }
    if (this.quietSinceMs === null) {
      this.quietSinceMs = this.clock();
      return false;
    }
    return this.clock() - this.quietSinceMs > this.timeoutMs;
  }
}

const SILENT: WatermarkGenerator = { onEvent: () => {}, onPeriodicEmit: () => {} };

/** Sources of one group wait for each other when they are further ahead than maxDriftMs (Flink withWatermarkAlignment). */
export interface Alignment {
  readonly group: string;
  readonly maxDriftMs: number;
  readonly updateIntervalMs: number;
}

/** How a stream gets timestamps and watermarks. A value: every `with` makes a new strategy. */
export class WatermarkStrategy<T> {
  private readonly make: (clock: Clock) => WatermarkGenerator<T>;
  /** What gives a record its timestamp; null = the source's own. */
  readonly timestampAssigner: TimestampAssigner<T> | null;
  readonly alignment: Alignment | null;

  private constructor(make: (clock: Clock) => WatermarkGenerator<T>, timestampAssigner: TimestampAssigner<T> | null, alignment: Alignment | null) {
    this.make = make;
    this.timestampAssigner = timestampAssigner;
    this.alignment = alignment;
  }

  /** Records come at most so much later than younger ones. @param delayMs from 0. @throws StreamError NEGATIVE_OUT_OF_ORDERNESS */
  static forBoundedOutOfOrderness<T>(delayMs: number): WatermarkStrategy<T> {
    if (delayMs < 0) throw new StreamError('NEGATIVE_OUT_OF_ORDERNESS', `maxOutOfOrderness must not be negative, and ${delayMs} ms is. Use 0 for streams in order.`);
    return new WatermarkStrategy<T>(() => new BoundedOutOfOrderness(delayMs), null, null);
  }

  /** Timestamps never go down. */
  static forMonotonousTimestamps<T>(): WatermarkStrategy<T> {
    return WatermarkStrategy.forBoundedOutOfOrderness<T>(0);
  }

  /** No watermarks: for jobs on processing time alone. */
  static noWatermarks<T>(): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>(() => SILENT, null, null);
  }

  /** A generator of your own; one that emits in onEvent is punctuated. One is made for every split. */
  static forGenerator<T>(make: () => WatermarkGenerator<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>(make, null, null);
  }

  withTimestampAssigner(assigner: TimestampAssigner<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>(this.make, assigner, this.alignment);
  }

  /** A split without records for longer than this no longer holds the watermark back. @param timeoutMs above 0. @throws StreamError IDLE_TIMEOUT_NOT_POSITIVE */
  withIdleness(timeoutMs: number): WatermarkStrategy<T> {
    if (!(timeoutMs > 0)) throw new StreamError('IDLE_TIMEOUT_NOT_POSITIVE', `The idle time-out must be above 0 ms, and ${timeoutMs} is not.`);
    return new WatermarkStrategy<T>((clock) => new WithIdleness(this.make(clock), timeoutMs, clock), this.timestampAssigner, this.alignment);
  }

  /** @param updateIntervalMs how often the sources tell each other where they are; 1 s unless told. */
  withWatermarkAlignment(group: string, maxDriftMs: number, updateIntervalMs = 1_000): WatermarkStrategy<T> {
    return new WatermarkStrategy<T>(this.make, this.timestampAssigner, { group, maxDriftMs, updateIntervalMs });
  }

  /** @returns a new generator, for one split. */
  createGenerator(clock: Clock): WatermarkGenerator<T> {
    return this.make(clock);
  }
}
