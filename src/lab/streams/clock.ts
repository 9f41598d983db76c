// Event time as the lab writes it: the time of the day, to the second where there is little room.
import { clock } from '../../../simulations/text/streams.ts';

/** What stands for the two ends of time, which have no place on a clock. */
export interface ClockWords {
  readonly noTime: string;
  readonly endOfTime: string;
}

/** `00:13:21`. @param timeMs null = none yet. */
export function shortClock(timeMs: number | null, words: ClockWords): string {
  if (timeMs === null) return words.noTime;
  return clock(Math.floor(timeMs / 1000) * 1000) ?? clock(timeMs) ?? (timeMs > 0 ? words.endOfTime : words.noTime);
}

/** `00:13:21.350` */
export function fullClock(timeMs: number | null, words: ClockWords): string {
  return timeMs === null ? words.noTime : (clock(timeMs) ?? (timeMs > 0 ? words.endOfTime : words.noTime));
}
