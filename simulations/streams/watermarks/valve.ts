// In front of an operator: the watermarks of its input channels make one, the smallest of those that are active and aligned
// (Flink StatusWatermarkValve).
import { MIN_TIME } from '../time.ts';

interface Channel {
  watermarkMs: number;
  active: boolean;
  aligned: boolean;
}

/** What the valve lets through. */
export interface ValveOutput {
  watermark(timeMs: number): void;
  status(active: boolean): void;
}

export class WatermarkValve {
  private readonly channels: Channel[];
  private readonly output: ValveOutput;
  private lastMs = MIN_TIME;
  private active = true;

  /** @param channels from 1. */
  constructor(channels: number, output: ValveOutput) {
    this.channels = Array.from({ length: channels }, () => ({ watermarkMs: MIN_TIME, active: true, aligned: true }));
    this.output = output;
  }

  /** The last watermark of each channel, for views. */
  watermarks(): readonly number[] {
    return this.channels.map((c) => c.watermarkMs);
  }

  watermark(channel: number, timeMs: number): void {
    const c = this.channels[channel]!;
    if (!this.active || !c.active || timeMs <= c.watermarkMs) return;
    c.watermarkMs = timeMs;
    if (!c.aligned && timeMs >= this.lastMs) c.aligned = true;
    this.outputSmallest();
  }

  status(channel: number, active: boolean): void {
    const c = this.channels[channel]!;
    if (c.active === active) return;
    c.active = active;
    if (active) {
      if (c.watermarkMs >= this.lastMs) c.aligned = true;
      if (!this.active) {
        this.active = true;
        this.output.status(true);
      }
      return;
    }
    c.aligned = false;
    if (this.channels.some((o) => o.active)) {
      if (c.watermarkMs === this.lastMs) this.outputSmallest();
      return;
    }
    // The last active channel held the output back: what the others had reached goes out before all are idle.
    if (c.watermarkMs === this.lastMs) this.outputIfLater(Math.max(...this.channels.map((o) => o.watermarkMs)));
    this.active = false;
    this.output.status(false);
  }

  private outputSmallest(): void {
    let smallest = Number.POSITIVE_INFINITY;
    let some = false;
    for (const c of this.channels) {
      if (!c.aligned) continue;
      some = true;
      if (c.watermarkMs < smallest) smallest = c.watermarkMs;
    }
    if (some) this.outputIfLater(smallest);
  }

  private outputIfLater(timeMs: number): void {
    if (timeMs <= this.lastMs) return;
    this.lastMs = timeMs;
    this.output.watermark(timeMs);
  }
}
