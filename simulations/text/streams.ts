// What both tables need to say of stream jobs.
import { LAST_TIME } from '../streams/time.ts';
import type { EventName, TraceEvent } from '../contract/events.ts';
import type { STREAM_EVENTS } from '../contract/streamEvents.ts';

/** Sentences of the events of stream jobs. */
export type StreamSentences = { readonly [K in keyof typeof STREAM_EVENTS & EventName]: (event: TraceEvent<K>) => string };

/** `count-views 2`: subtasks are counted from 1 where people read. */
export function subtask(e: { readonly operator: string; readonly subtask: number }): string {
  return `${e.operator} ${e.subtask + 1}`;
}

export function taskName(e: { readonly task: string; readonly subtask: number }): string {
  return `${e.task} ${e.subtask + 1}`;
}

/** Event time within its day, `09:05:00` or with milliseconds; null for the two ends of time. */
export function clock(timeMs: number): string | null {
  if (Math.abs(timeMs) >= LAST_TIME) return null;
  const two = (value: number) => String(value).padStart(2, '0');
  const ofDay = ((timeMs % 86_400_000) + 86_400_000) % 86_400_000;
  const seconds = Math.floor(ofDay / 1000);
  const rest = ofDay % 1000;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${rest === 0 ? '' : `.${String(rest).padStart(3, '0')}`}`;
}
