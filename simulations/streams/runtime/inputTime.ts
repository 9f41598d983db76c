// The event time of a task: a valve over the channels of each input, and the smaller of two inputs' times
// (Flink StatusWatermarkValve, IndexedCombinedWatermarkStatus).
import { MAX_TIME, MIN_TIME } from '../time.ts';
import { WatermarkValve } from '../watermarks/valve.ts';
import type { InputSpec } from './executionGraph.ts';

export class InputTime {
  private readonly valves: readonly WatermarkValve[];
  /** Of each channel: its input, and its place among that input's channels. */
  private readonly places: readonly { readonly input: number; readonly place: number }[];
  private readonly watermarks: number[];
  private readonly idle = new Set<number>();
  private readonly output: { advance(timeMs: number): void; status(active: boolean): void };

  constructor(channels: readonly InputSpec[], output: InputTime['output']) {
    this.output = output;
    const counts: number[] = [];
    this.places = channels.map(({ edge }) => {
      const { input } = edge.stream;
      const place = counts[input] ?? 0;
      counts[input] = place + 1;
      return { input, place };
    });
    this.watermarks = counts.map(() => MIN_TIME);
    this.valves = counts.map((count, input) => new WatermarkValve(count, { watermark: (timeMs) => this.inputWatermark(input, timeMs), status: (active) => this.inputStatus(input, active) }));
  }

  watermark(channel: number, timeMs: number): void {
    const { input, place } = this.places[channel]!;
    this.valves[input]!.watermark(place, timeMs);
  }

  status(channel: number, active: boolean): void {
    const { input, place } = this.places[channel]!;
    this.valves[input]!.status(place, active);
  }

  private inputWatermark(input: number, timeMs: number): void {
    this.watermarks[input] = timeMs;
    this.combine();
  }

  /** The smallest of the inputs that are not idle. */
  private combine(): void {
    let smallest = MAX_TIME;
    this.watermarks.forEach((w, i) => {
      if (!this.idle.has(i)) smallest = Math.min(smallest, w);
    });
    this.output.advance(smallest);
  }

  private inputStatus(input: number, active: boolean): void {
    const all = this.watermarks.length;
    const wasIdle = this.idle.size === all;
    if (active) this.idle.delete(input);
    else this.idle.add(input);
    const isIdle = this.idle.size === all;
    if (isIdle !== wasIdle) this.output.status(!isIdle);
    else if (!active) this.combine();
  }
}
