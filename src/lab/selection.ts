// What can be selected on the stage, and how two selections compare.

import type { TraceStore } from '../../simulations/kernel/traceStore.ts';

export type Selection =
  | { readonly kind: 'process'; readonly name: string }
  | { readonly kind: 'partition'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'group'; readonly group: string }
  /** One record as it stands at an offset of one replica. */
  | { readonly kind: 'record'; readonly topic: string; readonly partition: number; readonly broker: number; readonly offset: number }
  | { readonly kind: 'event'; readonly seq: number }
  /** A stream job, one of its tasks (operators that run as one), and one subtask of a task. */
  | { readonly kind: 'job'; readonly job: string }
  | { readonly kind: 'task'; readonly job: string; readonly task: string }
  | { readonly kind: 'subtask'; readonly job: string; readonly task: string; readonly subtask: number }
  /** A window of an operator; `key` null = that of all keys. */
  | { readonly kind: 'window'; readonly job: string; readonly operator: string; readonly key: string | null; readonly startMs: number; readonly endMs: number }
  | { readonly kind: 'checkpoint'; readonly job: string; readonly checkpoint: number }
  /** A partial match of a pattern: they are counted per key, and a number may be used again; `since` is the event with which this one is first seen. */
  | { readonly kind: 'match'; readonly job: string; readonly operator: string; readonly key: string; readonly match: number; readonly since: number }
  /** One line of the schedule, by its place in it. */
  | { readonly kind: 'fault'; readonly index: number };

/** What a stream job has that can be selected. */
export type StreamSelection = Extract<Selection, { readonly job: string }>;

export function isOfStreams(selection: Selection): selection is StreamSelection {
  return 'job' in selection;
}

/** A text of its own for every selection: for keys of lists and for comparison. */
export function selectionId(selection: Selection): string {
  switch (selection.kind) {
    case 'process':
      return `process:${selection.name}`;
    case 'partition':
      return `partition:${selection.topic}-${selection.partition}`;
    case 'link':
      return `link:${selection.from}>${selection.to}`;
    case 'group':
      return `group:${selection.group}`;
    case 'record':
      return `record:${selection.topic}-${selection.partition}@${selection.broker}:${selection.offset}`;
    case 'event':
      return `event:${selection.seq}`;
    case 'job':
      return `job:${selection.job}`;
    case 'task':
      return `task:${selection.job}/${selection.task}`;
    case 'subtask':
      return `subtask:${selection.job}/${selection.task}/${selection.subtask}`;
    case 'window':
      return `window:${selection.job}/${selection.operator}/${selection.startMs}-${selection.endMs}/${selection.key === null ? '*' : `=${selection.key}`}`;
    case 'checkpoint':
      return `checkpoint:${selection.job}/${selection.checkpoint}`;
    case 'match':
      return `match:${selection.job}/${selection.operator}/${selection.key}/${selection.match}/${selection.since}`;
    case 'fault':
      return `fault:${selection.index}`;
  }
}

/** Where a selection stands on the stage: an event stands at its partition, at its subtask, or at its process. */
export function placeOf(selection: Selection | null, trace: TraceStore, position: number): Selection | null {
  if (selection?.kind !== 'event') return selection;
  if (selection.seq >= position) return null;
  const event = trace.event(selection.seq) as { topic?: string; partition?: number; job?: string; task?: string; subtask?: number; process: string };
  if (event.topic && event.partition !== undefined && event.partition >= 0) return { kind: 'partition', topic: event.topic, partition: event.partition };
  if (event.job && event.task && event.subtask !== undefined) return { kind: 'subtask', job: event.job, task: event.task, subtask: event.subtask };
  return event.process ? { kind: 'process', name: event.process } : null;
}

export function sameSelection(a: Selection | null, b: Selection | null): boolean {
  return a === b || (a !== null && b !== null && selectionId(a) === selectionId(b));
}
