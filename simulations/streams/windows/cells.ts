// Windows of keys as the window operator holds them: cells by key, and panes of cells that fire together.
import type { Key } from '../keyGroups.ts';
import { copyOf } from '../state/copy.ts';
import type { KeyedEntry } from '../operator.ts';
import type { OwnTimers } from '../state/timers.ts';
import type { TriggerState } from './triggers.ts';
import type { Window } from './window.ts';

/** One window of one key. */
export interface Cell {
  of: KeyCells;
  /** The key's window that was there before this one; null = it is the oldest. */
  older: Cell | null;
  window: Window;
  /** undefined = nothing kept. */
  contents: unknown;
  /** Elements since it last fired, where a count trigger is carried out by the operator. */
  count: number;
  /** Whether it fires at the end of its window, where that is carried out by the operator. */
  due: boolean;
  live: boolean;
  /** null = nothing: most cells need no more than the above. */
  extras: Extras | null;
}

/** What triggers that the operator does not carry out itself remember, and the window function. */
export interface Extras extends OwnTimers {
  trigger: TriggerState;
  functionState: Record<string, unknown>;
}

export function extrasOf(cell: Cell): Extras {
  return (cell.extras ??= { trigger: {}, functionState: {}, eventTimers: [], processingTimers: [] });
}

export interface KeyCells {
  readonly key: Key;
  /** The window that was made last, mostly the one that is wanted, and behind it the others; null = the key has none. A chain, as a list of its own for each key would be more memory than the windows. */
  newest: Cell | null;
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
  readonly extras: Extras | null;
}

export interface SavedKey {
  readonly cells: readonly SavedCell[];
  readonly globalState: Record<string, unknown> | null;
}

/** @param spare a cell that nobody uses any more, to take instead of a new one. */
export function newCell(of: KeyCells, window: Window, spare?: Cell): Cell {
  let cell = spare;
  if (cell) {
    cell.of = of;
    cell.older = of.newest;
    cell.window = window;
    cell.live = true;
  } else cell = { of, older: of.newest, window, contents: undefined, count: 0, due: false, live: true, extras: null };
  of.newest = cell;
  return cell;
}

/** Takes a window from its key. */
export function dropCell(cell: Cell): void {
  const { of } = cell;
  cell.live = false;
  cell.extras = null;
  if (of.newest === cell) of.newest = cell.older;
  else {
    let newer = of.newest!;
    while (newer.older !== cell) newer = newer.older!;
    newer.older = cell.older;
  }
  cell.older = null;
}

/** @returns the windows of a key, the oldest first. */
export function cellsOf({ newest }: KeyCells): Cell[] {
  const cells: Cell[] = [];
  for (let cell = newest; cell !== null; cell = cell.older) cells.push(cell);
  return cells.reverse();
}

/** Keys that are small whole numbers are found by index. */
const DENSE = 65_536;
/** @returns -1 for keys that are looked up in the map. */
function indexOf(key: Key): number {
  return typeof key === 'number' && key >= 0 && key < DENSE && key === (key | 0) ? key : -1;
}

/** Keys without windows are forgotten when there are more of them than of the others, and than this. */
const EMPTY = 1_024;

/** The keys of a subtask, in the order in which they came. */
export class KeyTable {
  private order: KeyCells[] = [];
  private readonly byKey = new Map<Key, KeyCells>();
  private readonly dense: (KeyCells | undefined)[] = [];
  private empty = 0;

  of(key: Key): KeyCells {
    const index = indexOf(key);
    const known = index >= 0 ? this.dense[index] : this.byKey.get(key);
    if (known) return known;
    const of: KeyCells = { key, newest: null, globalState: null };
    this.order.push(of);
    if (index >= 0) {
      // Filled up to the index: an array with holes would be looked up as a table.
      while (this.dense.length <= index) this.dense.push(undefined);
      this.dense[index] = of;
    } else this.byKey.set(key, of);
    return of;
  }

  /** A key has no windows now. */
  emptied(): void {
    if (++this.empty < EMPTY || this.empty < this.order.length) return;
    this.empty = 0;
    const gone = this.order.filter((of) => of.newest === null && !of.globalState);
    this.order = this.order.filter((of) => of.newest !== null || of.globalState);
    for (const { key } of gone) {
      const index = indexOf(key);
      if (index >= 0) this.dense[index] = undefined;
      else this.byKey.delete(key);
    }
  }

  snapshot(): KeyedEntry[] {
    return this.order
      .filter((of) => of.newest !== null || of.globalState)
      .map((of) => {
        const cells = cellsOf(of).map(({ window, contents, count, due, extras }) => ({
          startMs: window.startMs,
          endMs: window.endMs,
          contents: copyOf(contents),
          count,
          due,
          extras: copyOf(extras),
        }));
        const data: SavedKey = { cells, globalState: copyOf(of.globalState) };
        return { key: of.key, data };
      });
  }
}
