// What is kept of producers when a segment ends: each with its last batch only, as in Kafka's snapshot files (ProducerStateManager.takeSnapshot).
import type { ProducerEntry, ProducerStates } from './producerState.ts';

export type ProducerSnapshot = ReadonlyMap<number, ProducerEntry>;

const NOTHING: ProducerSnapshot = new Map();

export function takeSnapshot(states: ProducerStates): ProducerSnapshot {
  if (states.size === 0) return NOTHING;
  const out = new Map<number, ProducerEntry>();
  for (const [id, entry] of states) out.set(id, entry.abridged());
  return out;
}

/** Puts the states back as they were at a snapshot. */
export function restoreSnapshot(states: ProducerStates, snapshot: ProducerSnapshot): void {
  states.clear();
  for (const [id, entry] of snapshot) states.set(id, entry.abridged());
}
