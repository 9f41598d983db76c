// What can be selected on the stage, and how two selections compare.

import type { TraceStore } from '../../simulations/kernel/trace.ts';

export type Selection =
  | { readonly kind: 'process'; readonly name: string }
  | { readonly kind: 'partition'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'group'; readonly group: string }
  /** One record as it stands at an offset of one replica. */
  | { readonly kind: 'record'; readonly topic: string; readonly partition: number; readonly broker: number; readonly offset: number }
  | { readonly kind: 'event'; readonly seq: number }
  /** One line of the schedule, by its place in it. */
  | { readonly kind: 'fault'; readonly index: number };

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
    case 'fault':
      return `fault:${selection.index}`;
  }
}

/** Where a selection stands on the stage: an event stands at its partition, or at its process. */
export function placeOf(selection: Selection | null, trace: TraceStore, position: number): Selection | null {
  if (selection?.kind !== 'event') return selection;
  if (selection.seq >= position) return null;
  const event = trace.event(selection.seq) as { topic?: string; partition?: number; process: string };
  if (event.topic && event.partition !== undefined && event.partition >= 0) return { kind: 'partition', topic: event.topic, partition: event.partition };
  return event.process ? { kind: 'process', name: event.process } : null;
}

export function sameSelection(a: Selection | null, b: Selection | null): boolean {
  return a === b || (a !== null && b !== null && selectionId(a) === selectionId(b));
}
