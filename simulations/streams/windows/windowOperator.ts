// The life of an element in windows: assigned, kept, fired by the trigger, cleaned up after the allowed lateness
// (Flink WindowOperator, EvictingWindowOperator, MergingWindowSet).
import { StreamError } from '../errors.ts';
import type { Key } from '../keyGroups.ts';
import type { OperatorContext, OperatorState, StreamOperator, StreamRecord } from '../operator.ts';
import { copyOf } from '../state/copy.ts';
import { TimerQueue, Timers, type TimerService } from '../state/timers.ts';
import { MAX_TIME, MIN_TIME, plusTime } from '../time.ts';
import { timestamped, type AssignerContext, type WindowAssigner } from './assigners.ts';
import { cellsOf, dropCell, extrasOf, KeyTable, newCell, type Cell, type KeyCells, type Pane, type SavedCell, type SavedKey } from './cells.ts';
import type { WindowContents } from './contents.ts';
import type { Trigger, TriggerContext, TriggerResult } from './triggers.ts';
import { GLOBAL_WINDOW, intersects, maxTimestamp, sameWindow, windowStart, windowText, type Window } from './window.ts';

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

/** Cells kept for later at most. */
const SPARE = 65_536;

/** One for all firings of an operator: what it tells is that of the window at hand. */
class FunctionContext implements WindowFunctionContext {
  private cell!: Cell;
  private readonly watermark: () => number;
  private readonly context: OperatorContext;

  constructor(context: OperatorContext, watermark: () => number) {
    this.context = context;
    this.watermark = watermark;
  }

  enter(cell: Cell): void {
    this.cell = cell;
  }

  get window(): Window {
    return this.cell.window;
  }

  get windowState(): Record<string, unknown> {
    return extrasOf(this.cell).functionState;
  }

  get globalState(): Record<string, unknown> {
    return (this.cell.of.globalState ??= {});
  }

  currentWatermark(): number {
    return this.watermark();
  }

  currentProcessingTime(): number {
    return this.context.currentProcessingTime();
  }

  output(tag: string, value: unknown): void {
    this.context.output.side(tag, value, maxTimestamp(this.cell.window));
  }
}

export class WindowOperator implements StreamOperator {
  lateDropped = 0;
  private readonly spec: WindowOperatorSpec;
  private readonly trigger: Trigger;
  private readonly keys = new KeyTable();
  private context!: OperatorContext;
  private assignerContext!: AssignerContext;
  private functionContext!: FunctionContext;
  private readonly timers = new Timers<Cell>(extrasOf);
  private readonly timerService: TimerService;
  /** Windows by their end, where all windows of one end fire together: event time and nothing else decides. null = each window has timers of its own. */
  private readonly panes: Map<number, Pane> | null;
  private readonly paneTimers = new TimerQueue<Pane>((p) => p.timers);
  private lastPane: Pane | null = null;
  /** Cells of panes that are gone: no timer knows them. */
  private readonly spare: Cell[] = [];
  private readonly count: { readonly maxCount: number; readonly purging: boolean } | null;
  /** A count trigger on the global window: each key has one cell for ever. */
  private readonly countsAll: boolean;
  private watermarkMs = MIN_TIME;
  /** The cell that the trigger is working on. */
  private cell!: Cell;
  private readonly triggerContext: TriggerContext;

  /** @throws StreamError TRIGGER_CANNOT_MERGE when merging windows meet a trigger without onMerge, TRIGGER_NEEDS_TIME_WINDOWS when the global window meets one that fires at an end. */
  constructor(spec: WindowOperatorSpec) {
    this.spec = spec;
    const { assigner } = spec;
    this.trigger = spec.trigger ?? assigner.defaultTrigger();
    if (assigner.merging && !this.trigger.onMerge)
      throw new StreamError('TRIGGER_CANNOT_MERGE', 'Session windows merge, and this trigger has no onMerge. Use a trigger that can merge, or windows that do not.');
    if (assigner.isGlobal && this.trigger.timeWindowsOnly)
      throw new StreamError(
        'TRIGGER_NEEDS_TIME_WINDOWS',
        'The global window has no end, and this trigger fires at the end of its window. Use a count, delta or continuous trigger, or windows of time.',
      );
    const { known } = this.trigger;
    this.panes = known?.kind === 'eventTime' && assigner.isEventTime && !assigner.merging ? new Map() : null;
    this.count = known?.kind === 'count' && !assigner.merging ? known : null;
    this.countsAll = this.count !== null && assigner.isGlobal === true;
    this.timerService = this.timers.service(
      () => this.cell,
      () => this.watermarkMs,
    );
    this.triggerContext = { state: {}, ...this.timerService };
  }

  open(context: OperatorContext): void {
    this.context = context;
    this.timers.open(context);
    this.functionContext = new FunctionContext(context, () => this.watermarkMs);
    this.assignerContext = { currentProcessingTime: () => context.currentProcessingTime(), drawStagger: () => context.draw('stagger'), staggerMs: null };
  }

  element(record: StreamRecord): void {
    const { value, timestampMs } = record;
    const of = this.keys.of(record.key!);
    if (this.countsAll) {
      this.intoCount(of.newest ?? newCell(of, GLOBAL_WINDOW), value, timestampMs);
      return;
    }
    const skipped = this.panes ? this.intoPanes(this.panes, of, value, timestampMs) : this.intoWindows(of, value, timestampMs);
    if (of.newest === null) this.keys.emptied();
    if (skipped && this.spec.assigner.isEventTime && timestampMs + this.spec.allowedLatenessMs <= this.watermarkMs) this.tooLate(record);
  }

  /** A count trigger: what countTrigger says, with the count beside the contents. */
  private intoCount(cell: Cell, value: unknown, timestampMs: number): void {
    const { maxCount, purging } = this.count!;
    cell.contents = this.spec.contents.add(cell.contents, value, timestampMs);
    if (++cell.count < maxCount) return;
    cell.count = 0;
    this.carryOut(cell, purging ? 'FIRE_AND_PURGE' : 'FIRE');
  }

  private tooLate(record: StreamRecord): void {
    const { lateTag } = this.spec;
    if (lateTag === null) this.lateDropped++;
    this.context.observer?.late(record.key, record.timestampMs, lateTag !== null);
    if (lateTag !== null) this.context.output.side(lateTag, record.value, record.timestampMs);
  }

  /** @returns whether no window took it. */
  private intoWindows(of: KeyCells, value: unknown, timestampMs: number): boolean {
    const { assigner, contents } = this.spec;
    const { count } = this;
    let skipped = true;
    for (const assigned of assigner.assign(value, timestampMs, this.assignerContext)) {
      const cell = assigner.merging ? this.mergingCell(of, assigned) : this.isLate(assigned) ? null : (find(of, assigned) ?? newCell(of, assigned));
      if (!cell) continue;
      skipped = false;
      if (count) this.intoCount(cell, value, timestampMs);
      else {
        cell.contents = contents.add(cell.contents, value, timestampMs);
        this.enter(cell);
        const result = this.trigger.onElement(value, timestampMs, cell.window, this.triggerContext);
        if (result !== 'CONTINUE') this.carryOut(cell, result);
      }
      this.registerCleanup(cell);
    }
    return skipped;
  }

  watermark(timeMs: number): void {
    this.watermarkMs = timeMs;
    if (this.panes) this.paneTimers.advance(timeMs, (pane, atMs) => this.paneDue(pane, atMs));
    this.timers.event.advance(timeMs, (cell, atMs) => {
      this.enter(cell);
      this.carryOut(cell, this.trigger.onEventTime(atMs, cell.window, this.triggerContext));
      if (this.spec.assigner.isEventTime && atMs === this.cleanupTime(cell.window)) this.clear(cell);
    });
    this.context.output.watermark(timeMs);
  }

  processingTime(nowMs: number): void {
    this.timers.processingTime(nowMs, (cell, atMs) => {
      this.enter(cell);
      this.carryOut(cell, this.trigger.onProcessingTime(atMs, cell.window, this.triggerContext));
      if (!this.spec.assigner.isEventTime && atMs === this.cleanupTime(cell.window)) this.clear(cell);
    });
  }

  /* ---- windows that fire together: what eventTimeTrigger says, once for each window instead of once for each key ---- */

  private intoPanes(panes: Map<number, Pane>, of: KeyCells, value: unknown, timestampMs: number): boolean {
    const { assigner, allowedLatenessMs } = this.spec;
    const { aligned } = assigner;
    let skipped = true;
    if (!aligned) {
      for (const window of assigner.assign(value, timestampMs, this.assignerContext)) {
        if (this.isLate(window)) continue;
        skipped = false;
        this.intoPane(panes.get(window.endMs) ?? this.newPane(panes, window), of, value, timestampMs);
      }
      return skipped;
    }
    const { sizeMs, slideMs, offsetMs } = aligned;
    const { lastPane } = this;
    // The window of the record before, mostly: a pane that stands is not late.
    if (sizeMs === slideMs && lastPane !== null && timestampMs >= lastPane.window.startMs && timestampMs < lastPane.window.endMs) {
      this.intoPane(lastPane, of, value, timestampMs);
      return false;
    }
    for (let startMs = windowStart(timestamped(timestampMs), offsetMs, slideMs); startMs > timestampMs - sizeMs; startMs -= slideMs) {
      const endMs = startMs + sizeMs;
      if (plusTime(endMs - 1, allowedLatenessMs) <= this.watermarkMs) continue;
      skipped = false;
      let pane = this.lastPane;
      if (pane === null || pane.window.endMs !== endMs) this.lastPane = pane = panes.get(endMs) ?? this.newPane(panes, { startMs, endMs });
      this.intoPane(pane, of, value, timestampMs);
    }
    return skipped;
  }

  private newPane(panes: Map<number, Pane>, window: Window): Pane {
    const pane: Pane = { window, cells: [], timers: [] };
    panes.set(window.endMs, pane);
    const cleanupMs = this.cleanupTime(window);
    if (cleanupMs < MAX_TIME) this.paneTimers.register(pane, cleanupMs);
    return pane;
  }

  private intoPane(pane: Pane, of: KeyCells, value: unknown, timestampMs: number): void {
    const { window } = pane;
    let cell = of.newest;
    while (cell !== null && cell.window !== window) cell = cell.older;
    if (cell === null) {
      cell = newCell(of, window, this.spare.pop());
      pane.cells.push(cell);
    }
    cell.contents = this.spec.contents.add(cell.contents, value, timestampMs);
    if (window.endMs - 1 <= this.watermarkMs) this.fire(cell);
    else if (!cell.due) {
      cell.due = true;
      this.paneTimers.register(pane, window.endMs - 1);
    }
  }

  private paneDue(pane: Pane, atMs: number): void {
    const { cells, window } = pane;
    if (atMs === maxTimestamp(window))
      for (const cell of cells) {
        if (!cell.due) continue;
        cell.due = false;
        this.fire(cell);
      }
    if (atMs !== this.cleanupTime(window)) return;
    this.panes!.delete(window.endMs);
    if (this.lastPane === pane) this.lastPane = null;
    for (const cell of cells) {
      this.cleared(cell);
      cell.contents = undefined;
      if (this.spare.length < SPARE) this.spare.push(cell);
    }
  }

  /* ---- merging windows ---- */

  /** Merges the windows that an element's window touches. @returns the window it is in now; null when that is late. */
  private mergingCell(of: KeyCells, window: Window): Cell | null {
    let result = window;
    const absorbed: Cell[] = [];
    // Windows of a key do not touch each other, so one pass over them in order of time finds all that the new one bridges.
    for (const cell of cellsOf(of).sort((a, b) => a.window.startMs - b.window.startMs)) {
      if (!intersects(cell.window, result)) continue;
      result = { startMs: Math.min(result.startMs, cell.window.startMs), endMs: Math.max(result.endMs, cell.window.endMs) };
      absorbed.push(cell);
    }
    const only = absorbed.length === 1 ? absorbed[0]! : null;
    if (only && sameWindow(only.window, result)) return only;
    if (absorbed.length === 0) return this.isLate(result) ? null : newCell(of, result);
    this.checkMerged(result);
    const merged = newCell(of, result);
    this.enter(merged);
    this.trigger.onMerge!(
      result,
      absorbed.map((c) => extrasOf(c).trigger),
      this.triggerContext,
    );
    for (const cell of absorbed) {
      merged.contents = this.spec.contents.merge(merged.contents, cell.contents);
      // State of the function is not merged: Flink forbids it for merging windows.
      this.enter(cell);
      this.trigger.clear(cell.window, this.triggerContext);
      dropCell(cell);
    }
    return merged;
  }

  private checkMerged(result: Window): void {
    const { isEventTime } = this.spec.assigner;
    const past = isEventTime ? maxTimestamp(result) + this.spec.allowedLatenessMs <= this.watermarkMs : maxTimestamp(result) <= this.context.currentProcessingTime();
    if (past) throw new StreamError('MERGED_WINDOW_IS_LATE', `Windows merged to ${windowText(result)}, whose end lies behind the ${isEventTime ? 'watermark and the allowed lateness' : 'clock'}.`);
  }

  /* ---- firing and cleaning up ---- */

  private enter(cell: Cell): void {
    this.cell = cell;
    this.triggerContext.state = extrasOf(cell).trigger;
  }

  private carryOut(cell: Cell, result: TriggerResult): void {
    if ((result === 'FIRE' || result === 'FIRE_AND_PURGE') && cell.contents !== undefined) this.fire(cell);
    if (result === 'PURGE' || result === 'FIRE_AND_PURGE') cell.contents = undefined;
  }

  private fire(cell: Cell): void {
    const { key } = cell.of;
    const { output, observer } = this.context;
    const { contents, apply } = this.spec;
    observer?.windowFired(key, cell.window, contents.size(cell.contents));
    const values = contents.elements(cell.contents);
    const timestampMs = maxTimestamp(cell.window);
    this.functionContext.enter(cell);
    const results = apply(key, this.functionContext, values);
    cell.contents = contents.left(cell.contents);
    for (let i = 0; i < results.length; i++) output.collect(results[i], timestampMs);
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
    this.cell = cell;
    if (this.spec.assigner.isEventTime) this.timerService.registerEventTimeTimer(timeMs);
    else this.timerService.registerProcessingTimeTimer(timeMs);
  }

  private clear(cell: Cell): void {
    if (!cell.live) return;
    this.enter(cell);
    this.trigger.clear(cell.window, this.triggerContext);
    this.cleared(cell);
  }

  private cleared(cell: Cell): void {
    this.spec.clear?.(cell.of.key, cell.window);
    this.context.observer?.windowClosed(cell.of.key, cell.window);
    dropCell(cell);
    if (cell.of.newest === null) this.keys.emptied();
  }

  /* ---- checkpoints ---- */

  snapshot(): OperatorState {
    return { keyed: this.keys.snapshot(), list: [] };
  }

  restore(state: OperatorState): void {
    for (const { key, data } of state.keyed) {
      const { cells, globalState } = copyOf(data) as SavedKey;
      const of = this.keys.of(key);
      of.globalState = globalState;
      for (const saved of cells) this.restoreCell(of, saved);
    }
    this.timers.wake();
  }

  private restoreCell(of: KeyCells, saved: SavedCell): void {
    const { startMs, endMs, contents, count, due, extras } = saved;
    const { panes } = this;
    const pane = panes && (panes.get(endMs) ?? this.newPane(panes, { startMs, endMs }));
    const cell = newCell(of, pane?.window ?? { startMs, endMs });
    Object.assign(cell, { contents, count, due, extras });
    pane?.cells.push(cell);
    if (pane && due) this.paneTimers.register(pane, endMs - 1);
    if (extras) this.timers.restore(cell);
  }
}

/** The window of a key that is from then to then; null = none. */
function find({ newest }: KeyCells, window: Window): Cell | null {
  let cell = newest;
  while (cell !== null && !sameWindow(cell.window, window)) cell = cell.older;
  return cell;
}
