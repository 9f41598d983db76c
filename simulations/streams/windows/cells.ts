// Windows of keys as the window operator holds them: cells by key, and panes of cells that fire together.
import type { Key } from '../keyGroups.ts';
import { copyOf } from '../state/copy.ts';
import type { KeyedEntry } from '../operator.ts';
import type { TriggerState } from './triggers.ts';
import type { Window } from './window.ts';

/** One window of one key. */
export interface Cell {
  readonly of: KeyCells;
  readonly window: Window;
  /** undefined = nothing kept. */
  contents: unknown;
  /** Elements since it last fired, where a count trigger is carried out by the operator. */
  count: number;
  /** Whether it fires at the end of its window, where that is carried out by the operator. */
  due: boolean;
  /** What other triggers, and the window function, remember; null = nothing. */
  trigger: TriggerState | null;
  functionState: Record<string, unknown> | null;
  eventTimers: number[] | null;
  processingTimers: number[] | null;
  live: boolean;
}

export interface KeyCells {
  readonly key: Key;
  readonly cells: Cell[];
  globalState: Record<string, unknown> | null;
}

/** The cells of all keys for one window. */
export interface Pane {
  readonly window: Window;
  readonly cells: Cell[];
  readonly timers: number[];
}

/** A cell as a checkpoint holds it. */
export interface SavedCell {
  readonly startMs: number;
  readonly endMs: number;
  readonly contents: unknown;
  readonly count: number;
  readonly due: boolean;
  readonly trigger: TriggerState | null;
  readonly functionState: Record<string, unknown> | null;
  readonly eventTimers: readonly number[] | null;
  readonly processingTimers: readonly number[] | null;
}

export interface SavedKey {
  readonly cells: readonly SavedCell[];
  readonly globalState: Record<string, unknown> | null;
}

export function newCell(of: KeyCells, window: Window): Cell {
  const cell: Cell = { of, window, contents: undefined, count: 0, due: false, trigger: null, functionState: null, eventTimers: null, processingTimers: null, live: true };
  of.cells.push(cell);
  return cell;
}

/** Keys that are small whole numbers are found by index. */
const DENSE = 65_536;
/** Keys without windows are forgotten when there are more of them than of the others, and than this. */
const EMPTY = 1_024;

/** The keys of a subtask, in the order in which they came. */
export class KeyTable {
  private order: KeyCells[] = [];
  private readonly byKey = new Map<Key, KeyCells>();
  private readonly dense: (KeyCells | undefined)[] = [];
  private empty = 0;

  of(key: Key): KeyCells {
    const index = typeof key === 'number' && key >= 0 && key < DENSE && key === (key | 0) ? key : -1;
    const known = index >= 0 ? this.dense[index] : this.byKey.get(key);
    if (known) return known;
    const of: KeyCells = { key, cells: [], globalState: null };
    this.order.push(of);
    if (index >= 0) this.dense[index] = of;
    else this.byKey.set(key, of);
    return of;
  }

  /** A key has no windows now. */
  emptied(): void {
    if (++this.empty < EMPTY || this.empty < this.order.length) return;
    this.empty = 0;
    const gone = this.order.filter((of) => of.cells.length === 0 && !of.globalState);
    this.order = this.order.filter((of) => of.cells.length > 0 || of.globalState);
    for (const { key } of gone) {
      this.byKey.delete(key);
      if (typeof key === 'number') this.dense[key] = undefined;
    }
  }

  snapshot(): KeyedEntry[] {
    return this.order
      .filter((of) => of.cells.length > 0 || of.globalState)
      .map((of) => {
        const cells = of.cells.map(({ window, contents, count, due, trigger, functionState, eventTimers, processingTimers }) => ({
          startMs: window.startMs,
          endMs: window.endMs,
          contents: copyOf(contents),
          count,
          due,
          trigger: copyOf(trigger),
          functionState: copyOf(functionState),
          eventTimers: copyOf(eventTimers),
          processingTimers: copyOf(processingTimers),
        }));
        const data: SavedKey = { cells, globalState: copyOf(of.globalState) };
        return { key: of.key, data };
      });
  }
}
