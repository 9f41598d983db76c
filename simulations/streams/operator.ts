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
  /** The event of the trace that it comes from; -1 = none. Not part of what a job computes with. */
  readonly cause: number;
}

/** Where an operator's results go. */
export interface Output {
  collect(value: unknown, timestampMs: number): void;
  /** A side output, by its tag. */
  side(tag: string, value: unknown, timestampMs: number): void;
  watermark(timeMs: number): void;
}

/** What a view wants to know of an operator's inner life. All optional: absent = not wanted. */
export interface OperatorObserver {
  windowFired(key: Key | null, window: Window, elements: number): void;
  windowClosed(key: Key | null, window: Window): void;
  /** A record that came too late. @param kept whether it went to a side output instead of being dropped. */
  late(key: Key | null, timestampMs: number, kept: boolean): void;
}

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
  /** A drawn number, the same for the same name: 0 to 2^32-1. */
  draw(name: string): number;
  readonly observer: OperatorObserver | null;
}

/** State of one key. `data` is plain. */
export interface KeyedEntry {
  readonly key: Key;
  readonly data: unknown;
}

/** What a checkpoint holds of one subtask of an operator. */
export interface OperatorState {
  /** In the order in which the keys came. */
  readonly keyed: readonly KeyedEntry[];
  /** Operator state: a list that is split evenly when the parallelism changes. */
  readonly list: readonly unknown[];
}

export interface StreamOperator {
  /** Called once, before state is restored. */
  open(context: OperatorContext): void;
  /** @param input 0, or 1 for the second input of a two-input operator. */
  element(record: StreamRecord, input: number): void;
  /** The combined watermark of all inputs. The operator forwards it, behind what it made. */
  watermark(timeMs: number): void;
  /** The clock got to a time that was asked for. */
  processingTime(nowMs: number): void;
  /** All inputs ended. */
  endOfInput?(): void;
  snapshot(): OperatorState;
  /** Takes state of this operator, or of several subtasks of it after a change of parallelism. Called before the first record, if at all. */
  restore(state: OperatorState): void;
  /** Records that were dropped for being late. */
  readonly lateDropped?: number;
}

export const NO_STATE: OperatorState = { keyed: [], list: [] };
