// What a source is to the task that reads it (Flink SourceReader, SourceOperator).
import type { StreamElement } from './elements.ts';

/** A source at the head of a chain. */
export interface TaskSource {
  start(): void;
  /** @returns what can be read now; null when nothing can, and `wake` will be called when that changes. */
  poll(): readonly StreamElement[] | null;
  /** Whether all was read. */
  readonly ended: boolean;
  snapshot(checkpoint: number): unknown[];
  /** A checkpoint that it is part of is complete. */
  checkpointComplete(checkpoint: number): void;
  /** @param every the lists of all subtasks of the source */
  restore(list: readonly unknown[], every: readonly unknown[]): void;
  /** Reads no more; what was read stays part of the next checkpoint. */
  stopReading(): void;
  /** @param then once nothing that it has asked for is under way any more */
  close(then: () => void): void;
}
