// The splits of one source subtask, each with a watermark of its own, make one watermark: the smallest of those that are not idle
// (Flink WatermarkOutputMultiplexer, CombinedWatermarkStatus).
import { MIN_TIME } from '../time.ts';
import type { WatermarkOutput } from './generators.ts';

interface Split {
  watermarkMs: number;
  idle: boolean;
}

export class WatermarkMultiplexer {
  private readonly output: WatermarkOutput;
  private readonly splits = new Map<string, Split>();
  private combinedMs = MIN_TIME;

  constructor(output: WatermarkOutput) {
    this.output = output;
  }

  register(id: string): void {
    this.splits.set(id, { watermarkMs: MIN_TIME, idle: false });
  }

  /** The split is gone; the watermark can advance at the next combination, not at once. */
  unregister(id: string): void {
    this.splits.delete(id);
  }

  /** The split's last watermark, for alignment. */
  watermarkOf(id: string): number {
    return this.splits.get(id)?.watermarkMs ?? MIN_TIME;
  }

  /** Output of what a generator says on an event: combined at once. */
  immediate(id: string): WatermarkOutput {
    const split = this.splits.get(id)!;
    return {
      emitWatermark: (timeMs) => {
        if (advance(split, timeMs) && timeMs > this.combinedMs) this.combine();
      },
      markIdle: () => {
        split.idle = true;
        this.combine();
      },
      markActive: () => {
        split.idle = false;
        this.combine();
      },
    };
  }

  /** Output of what a generator says at a tick: combined when all splits have ticked. */
  deferred(id: string): WatermarkOutput {
    const split = this.splits.get(id)!;
    return {
      emitWatermark: (timeMs) => void advance(split, timeMs),
      markIdle: () => void (split.idle = true),
      markActive: () => void (split.idle = false),
    };
  }

  onPeriodicEmit(): void {
    this.combine();
  }

  private combine(): void {
    if (this.splits.size === 0) return;
    let smallest = Number.POSITIVE_INFINITY;
    let allIdle = true;
    for (const s of this.splits.values()) {
      if (s.idle) continue;
      allIdle = false;
      if (s.watermarkMs < smallest) smallest = s.watermarkMs;
    }
    if (allIdle) this.output.markIdle();
    else if (smallest > this.combinedMs) {
      this.combinedMs = smallest;
      this.output.emitWatermark(smallest);
    }
  }
}

function advance(split: Split, timeMs: number): boolean {
  split.idle = false;
  if (timeMs <= split.watermarkMs) return false;
  split.watermarkMs = timeMs;
  return true;
}
