// Timestamps and watermarks given in the middle of a job: one generator sees the mixed stream, and what came from upstream stops here,
// watermarks but for the last, and idleness (Flink TimestampsAndWatermarksOperator).
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { NO_STATE } from '../operator.ts';
import { MAX_TIME, MIN_TIME } from '../time.ts';
import type { WatermarkGenerator, WatermarkOutput, WatermarkStrategy } from '../watermarks/generators.ts';

export class TimestampsOperator implements StreamOperator {
  private readonly strategy: WatermarkStrategy<unknown>;
  private readonly intervalMs: number;
  private context!: OperatorContext;
  private generator!: WatermarkGenerator<unknown>;
  private watermarkMs = MIN_TIME;
  private idle = false;
  private readonly said: WatermarkOutput = {
    emitWatermark: (timeMs) => {
      if (timeMs <= this.watermarkMs) return;
      this.watermarkMs = timeMs;
      this.setIdle(false);
      this.context.output.watermark(timeMs);
    },
    markIdle: () => this.setIdle(true),
    markActive: () => this.setIdle(false),
  };

  /** @param intervalMs pipeline.auto-watermark-interval. */
  constructor(strategy: WatermarkStrategy<unknown>, intervalMs: number) {
    this.strategy = strategy;
    this.intervalMs = intervalMs;
  }

  open(context: OperatorContext): void {
    this.context = context;
    this.generator = this.strategy.createGenerator(() => context.currentProcessingTime());
    context.wakeAt(context.currentProcessingTime() + this.intervalMs);
  }

  element({ value, timestampMs }: StreamRecord): void {
    const at = this.strategy.timestampAssigner ? this.strategy.timestampAssigner(value, timestampMs) : timestampMs;
    this.context.output.collect(value, at);
    this.generator.onEvent(value, at, this.said);
  }

  watermark(timeMs: number): void {
    if (timeMs === MAX_TIME) this.said.emitWatermark(timeMs);
  }

  /** What is idle upstream is no word on this stream: the generator sees for itself. */
  status(): void {}

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    this.context.observer?.idle(idle);
    this.context.output.status(!idle);
  }

  processingTime(nowMs: number): void {
    this.generator.onPeriodicEmit(this.said);
    this.context.wakeAt(nowMs + this.intervalMs);
  }

  snapshot(): OperatorState {
    return NO_STATE;
  }

  restore(): void {}
}
