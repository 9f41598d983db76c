// What the event-time lane of one operator shows at one moment: where its watermark is, which records have come, and the windows that
// are open, have fired and are closed.
import type { Scenario } from '../../../simulations/contract/scenario.ts';
import { LAST_TIME } from '../../../simulations/streams/time.ts';
import { LATE } from '../../readmodels/arrivals.ts';
import { columns } from '../../readmodels/columns.ts';
import { operatorKey, wasUndone, type OperatorWindows, type WindowState, type WindowsState } from '../../readmodels/windows.ts';
import type { Selection } from '../selection.ts';
import type { SessionState } from '../session.ts';
import { eventTimesOf, operatorOf } from './windows-of.ts';

export interface LaneRecord {
  /** The `operator.received` event. */
  readonly seq: number;
  readonly key: string;
  readonly timestampMs: number;
  readonly subtask: number;
  /** 0, or 1 for the second input. */
  readonly input: number;
  /** Place among the rows of keys. */
  readonly row: number;
  /** One of `LATE`. */
  readonly late: number;
  /** It came in an attempt whose work was undone, and is to come again. */
  readonly undone: boolean;
}

export interface LaneWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly state: 'open' | 'fired' | 'closed';
  readonly keys: number;
  /** Of which it is made; null where nothing says which windows a record belongs to, as in a job of learner code. */
  readonly records: number | null;
  /** Its place among the rows of windows; of a window of one key, among the rows of keys. */
  readonly row: number;
  /** Windows that merge are of one key each, and stand in its row; null = of all keys. */
  readonly key: string | null;
}

export interface LaneModel {
  readonly job: string;
  readonly operator: string;
  /** Shown stretch of event time, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly watermarks: readonly { readonly subtask: number; readonly timeMs: number; readonly idle: boolean }[];
  readonly keys: readonly string[];
  /** Keys that have come and have no row. */
  readonly moreKeys: number;
  readonly records: readonly LaneRecord[];
  readonly windows: readonly LaneWindow[];
  /** Rows of windows that overlap. */
  readonly windowRows: number;
  readonly received: number;
  readonly fired: number;
  readonly late: number;
}

export interface LaneInput {
  readonly job: string;
  readonly operator: string;
  /** null = all. */
  readonly subtask: number | null;
  readonly key: string | null;
  readonly selection: Selection | null;
}

export const MOST_KEYS = 12;
const MOST_RECORDS = 2_500;
const MOST_WINDOW_ROWS = 16;
const RECEIVED = columns('operator.received');

export function laneModel(state: SessionState, scenario: Scenario, input: LaneInput): LaneModel {
  const { trace, position, views } = state;
  const { job, operator, subtask, key } = input;
  const times = eventTimesOf(trace, scenario);
  const arrivals = times.arrivals.of(job, operator);
  const windowsState = times.windows.at(position);
  const syms = { job: views.logs.topicSym(job), operator: views.logs.topicSym(operator) };
  const windows = windowsState.operators.get(operatorKey(syms.job, syms.operator)) ?? null;
  const operators = Array.from(views.streams.at(position).jobs.get(job)?.operators.values() ?? []).filter((o) => o.operator === operator && (subtask === null || o.subtask === subtask));
  const count = arrivals?.count(position) ?? 0;
  const latest = count > 0 ? arrivals!.latest[count - 1]! : null;
  const watermarks = operators.flatMap((o) => (o.watermarkMs === null ? [] : [{ subtask: o.subtask, timeMs: o.watermarkMs, idle: o.idle }]));
  const rule = operatorOf(scenario, job, operator)?.windows ?? null;
  const perKey = rule?.merging ?? false;
  const shownWindows = windows ? windowsOf(windows, windowsState, trace.texts, input, perKey) : [];
  if (!rule) for (const w of shownWindows) w.records = null;
  const range = rangeOf(
    latest,
    watermarks.map((w) => w.timeMs),
    shownWindows,
    input.selection,
    arrivals ? arrivals.times.slice(Math.max(0, count - 200), count) : [],
  );

  const keys: string[] = [];
  const more = new Set<string>();
  const records: LaneRecord[] = [];
  for (let n = Math.max(0, count - MOST_RECORDS); n < count; n++) {
    const seq = arrivals!.seqs[n]!;
    const of = trace.texts[trace.value(seq, RECEIVED.key)]!;
    const at = trace.value(seq, RECEIVED.subtask);
    if ((subtask !== null && at !== subtask) || (key !== null && of !== key)) continue;
    const timestampMs = arrivals!.times[n]!;
    if (timestampMs < range.fromMs || timestampMs > range.toMs) continue;
    let row = keys.indexOf(of);
    if (row < 0 && keys.length < MOST_KEYS) row = keys.push(of) - 1;
    if (row < 0) more.add(of);
    records.push({
      seq,
      key: of,
      timestampMs,
      subtask: at,
      input: trace.value(seq, RECEIVED.input),
      row,
      late: arrivals!.late(n, position),
      undone: wasUndone(windowsState, syms.job, syms.operator, at, seq),
    });
  }
  const rows = rowsByName(keys);
  const inView = shownWindows.filter((w) => w.endMs > range.fromMs && w.startMs < range.toMs);
  const placed = perKey ? { windows: inKeyRows(inView, rows.keys), rows: 0 } : inRows(inView);
  const sum = (read: (o: (typeof operators)[number]) => number) => operators.reduce((all, o) => all + read(o), 0);
  return {
    job,
    operator,
    ...range,
    watermarks,
    keys: rows.keys,
    moreKeys: more.size,
    records: records.map((r) => ({ ...r, row: r.row < 0 ? rows.keys.length : rows.order[r.row]! })),
    windows: placed.windows,
    windowRows: placed.rows,
    received: sum((o) => o.received),
    fired: sum((o) => o.fired),
    late: sum((o) => o.late),
  };
}

/** Keys keep their rows as long as no new one comes: they stand in order of their names, numbers by size. */
function rowsByName(keys: readonly string[]): { keys: string[]; order: number[] } {
  const sorted = keys.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return { keys: sorted, order: keys.map((k) => sorted.indexOf(k)) };
}

interface Merged {
  readonly startMs: number;
  readonly endMs: number;
  readonly key: string | null;
  state: LaneWindow['state'];
  keys: number;
  records: number | null;
  open: number;
  fired: number;
}

/** Windows of one span over all keys are drawn as one: fired once one of them has, closed once all are. */
function windowsOf(of: OperatorWindows, state: WindowsState, texts: readonly string[], { subtask, key }: LaneInput, perKey: boolean): Merged[] {
  const merged = new Map<string, Merged>();
  const take = (w: WindowState, closed: boolean) => {
    if ((subtask !== null && w.subtask !== subtask) || (key !== null && texts[w.key] !== key) || w.endMs >= LAST_TIME) return;
    const id = `${w.startMs}/${w.endMs}/${perKey ? w.key : ''}`;
    let one = merged.get(id);
    if (!one) merged.set(id, (one = { startMs: w.startMs, endMs: w.endMs, key: perKey ? texts[w.key]! : null, state: 'open', keys: 0, records: 0, open: 0, fired: 0 }));
    one.keys++;
    one.records = (one.records ?? 0) + w.records;
    if (!closed) one.open++;
    if (w.firedBy >= 0) one.fired++;
    one.state = one.open === 0 ? 'closed' : one.fired > 0 ? 'fired' : 'open';
  };
  for (const list of of.open.values()) for (const w of list) take(w, false);
  for (const w of of.closed) if (!wasUndone(state, of.job, of.operator, w.subtask, w.closedBy)) take(w, true);
  return Array.from(merged.values()).sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

function inKeyRows(windows: readonly Merged[], keys: readonly string[]): LaneWindow[] {
  return windows.flatMap(({ startMs, endMs, state, keys: n, records, key }) => {
    const row = keys.indexOf(key ?? '');
    return row < 0 ? [] : [{ startMs, endMs, state, keys: n, records, key, row }];
  });
}

/** Windows that overlap stand below each other; those of one size and slide keep their row while the picture moves on. */
function inRows(windows: readonly Merged[]): { windows: LaneWindow[]; rows: number } {
  const ends: number[] = [];
  const first = windows[0];
  const size = first ? first.endMs - first.startMs : 0;
  const slide = windows.reduce((least, w, i) => (i > 0 && w.startMs > windows[i - 1]!.startMs ? Math.min(least, w.startMs - windows[i - 1]!.startMs) : least), size);
  const regular = slide > 0 && windows.every((w) => w.endMs - w.startMs === size && (w.startMs - first!.startMs) % slide === 0);
  const overlap = regular ? Math.max(1, Math.ceil(size / slide)) : 0;
  const out = windows.map(({ startMs, endMs, state, keys, records }): LaneWindow => {
    let row: number;
    if (regular) row = ((Math.round(startMs / slide) % overlap) + overlap) % overlap;
    else {
      row = ends.findIndex((end) => end <= startMs);
      if (row < 0) row = ends.length;
      ends[row] = endMs;
    }
    return { startMs, endMs, state, keys, records, row: row % MOST_WINDOW_ROWS, key: null };
  });
  return { windows: out, rows: Math.min(MOST_WINDOW_ROWS, regular ? overlap : ends.length) };
}

const STEPS_MS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000];

/** Records that are kept in the picture where all are behind the watermark. */
const MOST_PASSED = 24;

/** Windows that are kept in the picture after they have closed. */
const MOST_CLOSED = 2;

/** Keys of the latest records of a job's operators, by name. */
export function keysOf(state: SessionState, scenario: Scenario, job: string, operators: readonly string[]): string[] {
  const { arrivals } = eventTimesOf(state.trace, scenario);
  const keys = new Set<number>();
  for (const operator of operators) {
    const of = arrivals.of(job, operator);
    const count = of?.count(state.position) ?? 0;
    for (let n = Math.max(0, count - MOST_RECORDS); n < count; n++) keys.add(state.trace.value(of!.seqs[n]!, RECEIVED.key));
  }
  return rowsByName(Array.from(keys, (key) => state.trace.texts[key]!)).keys;
}

/** From a little before what is still open, and what has just closed, to a little after what has come, in whole steps of the axis. */
function rangeOf(
  latest: number | null,
  watermarks: readonly number[],
  windows: readonly Merged[],
  selection: Selection | null,
  recent: readonly number[],
): { fromMs: number; toMs: number; stepMs: number } {
  const real = watermarks.filter((w) => Math.abs(w) < LAST_TIME);
  const closed = windows.filter((w) => w.state === 'closed').slice(-MOST_CLOSED);
  const edges = [...real, ...windows.filter((w) => w.state !== 'closed').map((w) => w.startMs), ...closed.map((w) => w.startMs)];
  if (edges.length === 0 || watermarks.some((w) => w >= LAST_TIME)) edges.push(...recent);
  // A selected window that has gone out of the picture brings its time back.
  if (selection?.kind === 'window' && selection.endMs <= Math.min(...edges)) edges.push(selection.startMs);
  const last = Math.max(latest ?? -Infinity, ...real, selection?.kind === 'window' && selection.endMs < LAST_TIME ? selection.endMs : -Infinity);
  // Without windows nothing says how far back to look: as far behind the watermark as the records are before it.
  if (windows.length === 0 && real.length > 0) {
    edges.push(2 * Math.min(...real) - last);
    // Results of windows come with times that the watermark has passed already: the latest of them are kept in view.
    if (latest !== null && latest <= Math.min(...real)) edges.push(...recent.slice(-MOST_PASSED));
  }
  const first = Math.min(...edges, last);
  if (!Number.isFinite(first) || !Number.isFinite(last)) return { fromMs: 0, toMs: 60_000, stepMs: 10_000 };
  const span = Math.max(1_000, last - first);
  const stepMs = STEPS_MS.find((s) => span / s <= 8) ?? STEPS_MS.at(-1)!;
  return { fromMs: Math.floor((first - span * 0.02) / stepMs) * stepMs, toMs: Math.ceil((last + span * 0.02) / stepMs) * stepMs, stepMs };
}

/** Whether a record belongs to no window and why, as the lane marks it. */
export function lateness(record: LaneRecord): 'no' | 'dropped' | 'kept' {
  return record.late === LATE.dropped ? 'dropped' : record.late === LATE.kept ? 'kept' : 'no';
}
