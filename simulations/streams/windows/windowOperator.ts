// The life of an element in windows: assigned, kept, fired by the trigger, cleaned up after the allowed lateness
// (Flink WindowOperator, EvictingWindowOperator, MergingWindowSet).
import { StreamError } from '../errors.ts';
import type { Key } from '../keyGroups.ts';
import type { KeyedEntry, OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { copyOf } from '../state/copy.ts';
import { TimerQueue } from '../state/timers.ts';
import { MAX_TIME, MIN_TIME, plusTime } from '../time.ts';
import type { AssignerContext, WindowAssigner } from './assigners.ts';
import type { WindowContents } from './contents.ts';
import type { Trigger, TriggerContext, TriggerResult, TriggerState } from './triggers.ts';
import { intersects, maxTimestamp, sameWindow, windowText, type Window } from './window.ts';

/** What the function of a window is told besides its elements. */
export interface WindowFunctionContext {
  readonly window: Window;
  /** Milliseconds. */
  currentWatermark(): number;
  currentProcessingTime(): number;
  /** State of this key and window: plain data, forgotten with the window. */
  readonly windowState: Record<string, unknown>;
  /** State of this key in all windows: plain data, kept for ever. */
  readonly globalState: Record<string, unknown>;
  output(tag: string, value: unknown): void;
}

/** @returns what the window gives, each with the window's last timestamp. */
export type WindowFunction = (key: Key, context: WindowFunctionContext, elements: readonly unknown[]) => readonly unknown[];

export interface WindowOperatorSpec {
  readonly assigner: WindowAssigner;
  /** null = the assigner's default. A trigger replaces the default, it does not add to it. */
  readonly trigger: Trigger | null;
  readonly contents: WindowContents;
  readonly apply: WindowFunction;
  /** Called when a window is cleaned up, to release what the function kept elsewhere. */
  readonly clear?: (key: Key, window: Window) => void;
  /** How long after its end a window still takes elements, ms. By event time alone. */
  readonly allowedLatenessMs: number;
  /** Where late elements go; null = they are dropped and counted. */
  readonly lateTag: string | null;
}

/** One window of one key. */
interface Cell {
  readonly of: KeyCells;
  readonly window: Window;
  /** undefined = nothing kept. */
  contents: unknown;
  trigger: TriggerState;
  functionState: Record<string, unknown>;
  readonly eventTimers: number[];
  readonly processingTimers: number[];
  live: boolean;
}

interface KeyCells {
  readonly key: Key;
  readonly cells: Cell[];
  globalState: Record<string, unknown> | null;
}

/** A cell as a checkpoint holds it. */
interface SavedCell {
  readonly startMs: number;
  readonly endMs: number;
  readonly contents: unknown;
  readonly trigger: TriggerState;
  readonly functionState: Record<string, unknown>;
  readonly eventTimers: readonly number[];
  readonly processingTimers: readonly number[];
}

interface SavedKey {
  readonly cells: readonly SavedCell[];
  readonly globalState: Record<string, unknown> | null;
}

/** Keys that are small whole numbers are found by index. */
const DENSE = 65_536;

export class WindowOperator implements StreamOperator {
  lateDropped = 0;
  private readonly spec: WindowOperatorSpec;
  private readonly trigger: Trigger;
  private readonly byKey = new Map<Key, KeyCells>();
  private readonly dense: (KeyCells | undefined)[] = [];
  private context!: OperatorContext;
  private assignerContext!: AssignerContext;
  private readonly eventTimers = new TimerQueue<Cell>((c) => c.eventTimers);
  private readonly processingTimers = new TimerQueue<Cell>((c) => c.processingTimers);
  private watermarkMs = MIN_TIME;
  /** The cell that the trigger is working on. */
  private cell!: Cell;
  private readonly triggerContext: TriggerContext;

  /** @throws StreamError TRIGGER_CANNOT_MERGE when merging windows meet a trigger without onMerge. */
  constructor(spec: WindowOperatorSpec) {
    this.spec = spec;
    this.trigger = spec.trigger ?? spec.assigner.defaultTrigger();
    if (spec.assigner.merging && !this.trigger.onMerge)
      throw new StreamError('TRIGGER_CANNOT_MERGE', 'Session windows merge, and this trigger has no onMerge. Use a trigger that can merge, or windows that do not.');
    this.triggerContext = {
      state: {},
      currentWatermark: () => this.watermarkMs,
      currentProcessingTime: () => this.context.currentProcessingTime(),
      registerEventTimeTimer: (timeMs) => this.eventTimers.register(this.cell, timeMs),
      registerProcessingTimeTimer: (timeMs) => {
        this.processingTimers.register(this.cell, timeMs);
        this.context.wakeAt(timeMs);
      },
      deleteEventTimeTimer: (timeMs) => this.eventTimers.delete(this.cell, timeMs),
      deleteProcessingTimeTimer: (timeMs) => this.processingTimers.delete(this.cell, timeMs),
    };
  }

  open(context: OperatorContext): void {
    this.context = context;
    this.assignerContext = { currentProcessingTime: () => context.currentProcessingTime(), drawStagger: () => context.draw('stagger') };
  }

  element(record: StreamRecord): void {
    const { assigner, contents } = this.spec;
    const { value, timestampMs } = record;
    const of = this.cellsOf(record.key!);
    let skipped = true;
    for (const assigned of assigner.assign(value, timestampMs, this.assignerContext)) {
      const cell = assigner.merging ? this.mergingCell(of, assigned) : this.isLate(assigned) ? null : this.cellFor(of, assigned);
      if (!cell) continue;
      skipped = false;
      cell.contents = contents.add(cell.contents, value, timestampMs);
      this.enter(cell);
      const result = this.trigger.onElement(value, timestampMs, cell.window, this.triggerContext);
      if (result !== 'CONTINUE') this.carryOut(cell, result);
      this.registerCleanup(cell);
    }
    if (of.cells.length === 0) this.forget(of);
    if (skipped && assigner.isEventTime && timestampMs + this.spec.allowedLatenessMs <= this.watermarkMs) this.tooLate(record);
  }

  private tooLate(record: StreamRecord): void {
    const { lateTag } = this.spec;
    if (lateTag === null) this.lateDropped++;
    this.context.observer?.late(record.key, record.timestampMs, lateTag !== null);
    if (lateTag !== null) this.context.output.side(lateTag, record.value, record.timestampMs);
  }

  watermark(timeMs: number): void {
    this.watermarkMs = timeMs;
    this.eventTimers.advance(timeMs, (cell, atMs) => {
      this.enter(cell);
      this.carryOut(cell, this.trigger.onEventTime(atMs, cell.window, this.triggerContext));
      if (this.spec.assigner.isEventTime && atMs === this.cleanupTime(cell.window)) this.clear(cell);
    });
    this.context.output.watermark(timeMs);
  }

  processingTime(nowMs: number): void {
    this.processingTimers.advance(nowMs, (cell, atMs) => {
      this.enter(cell);
      this.carryOut(cell, this.trigger.onProcessingTime(atMs, cell.window, this.triggerContext));
      if (!this.spec.assigner.isEventTime && atMs === this.cleanupTime(cell.window)) this.clear(cell);
    });
    if (!this.processingTimers.empty) this.context.wakeAt(this.processingTimers.next());
  }

  /* ---- windows of a key ---- */

  private cellsOf(key: Key): KeyCells {
    const index = typeof key === 'number' && key >= 0 && key < DENSE && key === (key | 0) ? key : -1;
    const known = index >= 0 ? this.dense[index] : this.byKey.get(key);
    if (known) return known;
    const of: KeyCells = { key, cells: [], globalState: null };
    this.byKey.set(key, of);
    if (index >= 0) this.dense[index] = of;
    return of;
  }

  private forget(of: KeyCells): void {
    if (of.globalState) return;
    this.byKey.delete(of.key);
    if (typeof of.key === 'number') this.dense[of.key] = undefined;
  }

  private cellFor(of: KeyCells, window: Window): Cell {
    const { cells } = of;
    for (let i = cells.length - 1; i >= 0; i--) {
      const w = cells[i]!.window;
      if (w.endMs === window.endMs && w.startMs === window.startMs) return cells[i]!;
    }
    return this.newCell(of, window);
  }

  private newCell(of: KeyCells, window: Window): Cell {
    const cell: Cell = { of, window, contents: undefined, trigger: {}, functionState: {}, eventTimers: [], processingTimers: [], live: true };
    of.cells.push(cell);
    return cell;
  }

  /** Merges the windows that an element's window touches. @returns the window it is in now; null when that is late. */
  private mergingCell(of: KeyCells, window: Window): Cell | null {
    let result = window;
    const absorbed: Cell[] = [];
    // Windows of a key do not touch each other, so one pass over them in order of time finds all that the new one bridges.
    for (const cell of of.cells.toSorted((a, b) => a.window.startMs - b.window.startMs)) {
      if (!intersects(cell.window, result)) continue;
      result = { startMs: Math.min(result.startMs, cell.window.startMs), endMs: Math.max(result.endMs, cell.window.endMs) };
      absorbed.push(cell);
    }
    const only = absorbed.length === 1 ? absorbed[0]! : null;
    if (only && sameWindow(only.window, result)) return this.isLate(result) ? this.retire(only) : only;
    if (absorbed.length === 0) return this.isLate(result) ? null : this.newCell(of, result);
    this.checkMerged(result);
    const merged = this.newCell(of, result);
    this.enter(merged);
    this.trigger.onMerge!(
      result,
      absorbed.map((c) => c.trigger),
      this.triggerContext,
    );
    for (const cell of absorbed) {
      merged.contents = this.spec.contents.merge(merged.contents, cell.contents);
      // State of the function is not merged: Flink forbids it for merging windows.
      this.enter(cell);
      this.trigger.clear(cell.window, this.triggerContext);
      this.drop(cell);
    }
    return this.isLate(result) ? this.retire(merged) : merged;
  }

  private checkMerged(result: Window): void {
    const { isEventTime } = this.spec.assigner;
    const past = isEventTime ? maxTimestamp(result) + this.spec.allowedLatenessMs <= this.watermarkMs : maxTimestamp(result) <= this.context.currentProcessingTime();
    if (past) throw new StreamError('MERGED_WINDOW_IS_LATE', `Windows merged to ${windowText(result)}, whose end lies behind the ${isEventTime ? 'watermark and the allowed lateness' : 'clock'}.`);
  }

  private retire(cell: Cell): null {
    this.drop(cell);
    return null;
  }

  private drop(cell: Cell): void {
    cell.live = false;
    cell.eventTimers.length = 0;
    cell.processingTimers.length = 0;
    cell.of.cells.splice(cell.of.cells.indexOf(cell), 1);
  }

  /* ---- firing and cleaning up ---- */

  private enter(cell: Cell): void {
    this.cell = cell;
    this.triggerContext.state = cell.trigger;
  }

  private carryOut(cell: Cell, result: TriggerResult): void {
    if ((result === 'FIRE' || result === 'FIRE_AND_PURGE') && cell.contents !== undefined) this.fire(cell);
    if (result === 'PURGE' || result === 'FIRE_AND_PURGE') cell.contents = undefined;
  }

  private fire(cell: Cell): void {
    const { key } = cell.of;
    const { output, observer } = this.context;
    observer?.windowFired(key, cell.window, this.spec.contents.size(cell.contents));
    const { values, left } = this.spec.contents.elements(cell.contents);
    const timestampMs = maxTimestamp(cell.window);
    for (const value of this.spec.apply(key, this.functionContext(cell, timestampMs), values)) output.collect(value, timestampMs);
    cell.contents = left;
  }

  private functionContext(cell: Cell, timestampMs: number): WindowFunctionContext {
    return {
      window: cell.window,
      currentWatermark: () => this.watermarkMs,
      currentProcessingTime: () => this.context.currentProcessingTime(),
      windowState: cell.functionState,
      get globalState() {
        return (cell.of.globalState ??= {});
      },
      output: (tag, value) => this.context.output.side(tag, value, timestampMs),
    };
  }

  private isLate(window: Window): boolean {
    return this.spec.assigner.isEventTime && this.cleanupTime(window) <= this.watermarkMs;
  }

  private cleanupTime(window: Window): number {
    return this.spec.assigner.isEventTime ? plusTime(maxTimestamp(window), this.spec.allowedLatenessMs) : maxTimestamp(window);
  }

  private registerCleanup(cell: Cell): void {
    const timeMs = this.cleanupTime(cell.window);
    if (timeMs === MAX_TIME) return;
    if (this.spec.assigner.isEventTime) this.eventTimers.register(cell, timeMs);
    else {
      this.processingTimers.register(cell, timeMs);
      this.context.wakeAt(timeMs);
    }
  }

  private clear(cell: Cell): void {
    if (!cell.live) return;
    this.enter(cell);
    this.trigger.clear(cell.window, this.triggerContext);
    this.spec.clear?.(cell.of.key, cell.window);
    this.context.observer?.windowClosed(cell.of.key, cell.window);
    this.drop(cell);
    if (cell.of.cells.length === 0) this.forget(cell.of);
  }

  /* ---- checkpoints ---- */

  snapshot(): OperatorState {
    const keyed: KeyedEntry[] = [];
    for (const of of this.byKey.values()) {
      const cells = of.cells.map((c) => ({
        startMs: c.window.startMs,
        endMs: c.window.endMs,
        contents: copyOf(c.contents),
        trigger: copyOf(c.trigger),
        functionState: copyOf(c.functionState),
        eventTimers: [...c.eventTimers],
        processingTimers: [...c.processingTimers],
      }));
      const data: SavedKey = { cells, globalState: copyOf(of.globalState) };
      keyed.push({ key: of.key, data });
    }
    return { keyed, list: [] };
  }

  restore(state: OperatorState): void {
    for (const { key, data } of state.keyed) {
      const { cells, globalState } = copyOf(data) as SavedKey;
      const of = this.cellsOf(key);
      of.globalState = globalState;
      for (const saved of cells) {
        const cell = this.newCell(of, { startMs: saved.startMs, endMs: saved.endMs });
        cell.contents = saved.contents;
        cell.trigger = saved.trigger;
        cell.functionState = saved.functionState;
        cell.eventTimers.push(...saved.eventTimers);
        cell.processingTimers.push(...saved.processingTimers);
        for (const timeMs of cell.eventTimers) this.eventTimers.enqueue(cell, timeMs);
        for (const timeMs of cell.processingTimers) this.processingTimers.enqueue(cell, timeMs);
      }
    }
    if (!this.processingTimers.empty) this.context.wakeAt(this.processingTimers.next());
  }
}
