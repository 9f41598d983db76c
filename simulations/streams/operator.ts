// What an operator is to the subtask that runs it: records, watermarks and clock ticks go in, and state can be taken out and put back
// (Flink AbstractStreamOperator). Operators know nothing of processes or networks.
import type { Key } from './keyGroups.ts';
import type { Window } from './windows/window.ts';

/** A record between operators. */
export interface StreamRecord {
  readonly value: unknown;
  /** Milliseconds; MIN_TIME = none. */
  readonly timestampMs: number;
  /** What the stream is keyed by, after a keyBy; null elsewhere. */
  readonly key: Key | null;
  /** For the trace alone: the record of Kafka that it is, by its id in the record table (-1 = none), and the event that made it (-1 = none). */
  readonly record: number;
  readonly cause: number;
}

/** Where an operator's results go. */
export interface Output {
  collect(value: unknown, timestampMs: number): void;
  /** A side output, by its tag. */
  side(tag: string, value: unknown, timestampMs: number): void;
  watermark(timeMs: number): void;
  /** @param active false = nothing is to come for now: whoever combines watermarks does not wait for this one. */
  status(active: boolean): void;
}

/** What a view wants to know of an operator's inner life. All optional: absent = not wanted. */
export interface OperatorObserver {
  windowFired(key: Key | null, window: Window, elements: number): void;
  windowClosed(key: Key | null, window: Window): void;
  /** A record that came too late. @param kept whether it went to a side output instead of being dropped. */
  late(key: Key | null, timestampMs: number, kept: boolean): void;
  /** @returns the event of the trace that says so */
  partialMatch(happened: PartialMatchEvent): number;
  /** From here on, what the operator puts out comes from an event of the trace. */
  because(cause: number): void;
  /** The operator's own watermarks stop for now, or go on. */
  idle(isIdle: boolean): void;
}

/** What happens to a partial match of a pattern. `cause` is the event of the trace that made it happen; -1 = what the operator is at work on: a record, or time. */
export type PartialMatchEvent = { readonly key: Key } & (
  | {
      readonly kind: 'entered';
      readonly match: number;
      readonly parent: number;
      readonly state: string;
      readonly action: 'start' | 'take' | 'ignore' | 'time';
      readonly timestampMs: number;
      readonly record: number;
      readonly cause: number;
    }
  | { readonly kind: 'pruned'; readonly match: number; readonly state: string; readonly reason: string; readonly timestampMs: number; readonly record: number; readonly cause: number }
  | { readonly kind: 'matched'; readonly match: number; readonly parent: number; readonly stages: string; readonly timestampMs: number; readonly record: number; readonly cause: number }
  | { readonly kind: 'limit'; readonly limit: number }
);

export interface OperatorContext {
  readonly output: Output;
  /** Number of this subtask, from 0. */
  readonly subtask: number;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** Milliseconds. */
  currentProcessingTime(): number;
  /** Has `processingTime` called when the clock gets there. */
  wakeAt(timeMs: number): void;
  /** The task fails: the job restarts from its last checkpoint, if it may. */
  fail(reason: string): void;
  /** A drawn number, the same for the same name in one attempt of the job: 0 to 2^32-1. */
  draw(name: string): number;
  readonly observer: OperatorObserver | null;
}

/** State of one key. `data` is plain. */
export interface KeyedEntry {
  readonly key: Key;
  readonly data: unknown;
  /** For the trace alone: where what is in `data` comes from. The real system keeps no such thing, so it counts for nothing in the size of a checkpoint. */
  readonly origins?: readonly unknown[];
}

/** What a checkpoint holds of one subtask of an operator. */
export interface OperatorState {
  /** In the order in which the keys came. */
  readonly keyed: readonly KeyedEntry[];
  /** Operator state: a list that is split evenly when the parallelism changes. */
  readonly list: readonly unknown[];
  /** After a restore, for a source: the lists of all its subtasks, by which it knows what is read already. */
  readonly everyList?: readonly unknown[];
}

export interface StreamOperator {
  /** Called once, before state is restored. */
  open(context: OperatorContext): void;
  /** The task runs: its state is restored, if there was any. */
  started?(): void;
  /** @param input 0, or 1 for the second input of a two-input operator. */
  element(record: StreamRecord, input: number): void;
  /** The combined watermark of all inputs. The operator forwards it, behind what it made. */
  watermark(timeMs: number): void;
  /** All inputs are idle, or one is active again. Absent = the operator forwards it. */
  status?(active: boolean): void;
  /** The clock got to a time that was asked for. */
  processingTime(nowMs: number): void;
  /** Something outside must be done before the barrier goes on and the snapshot is taken. @param then when it is done; not called when it fails, which `fail` tells. */
  beforeBarrier?(then: () => void): void;
  snapshot(checkpoint: number): OperatorState;
  /** The checkpoint is complete. @param then when all that follows from it is done. */
  checkpointComplete?(checkpoint: number, then: () => void): void;
  /** The task ends, by cancelling or by finishing. */
  close?(): void;
  /** Takes state of this operator, or of several subtasks of it after a change of parallelism. Called before the first record, if at all. */
  restore(state: OperatorState): void;
  /** Whether it takes no more for now: its task waits. */
  readonly full?: boolean;
  /** Whether results are still to come of what it was given: the end of the data waits for them. */
  readonly pending?: boolean;
  /** Records that were dropped for being late. */
  readonly lateDropped?: number;
}

export const NO_STATE: OperatorState = { keyed: [], list: [] };
