// The windows of every operator: opened by the records that belong to them, fired and closed as the trace tells, and put back to how a
// checkpoint held them when a job begins again from it. Which windows a record belongs to is the job's own affair, so the fold is told.
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';
import { byType, type Model } from './timeline.ts';

export interface WindowState {
  /** Number of the text of its key. */
  readonly key: number;
  /** Last subtask that had to do with it. */
  subtask: number;
  readonly startMs: number;
  readonly endMs: number;
  records: number;
  /** Last `window.fired`, and `window.closed`; -1 = not yet. */
  firedBy: number;
  closedBy: number;
}

export interface OperatorWindows {
  readonly job: number;
  readonly operator: number;
  /** By the number of the text of the key. */
  open: Map<number, WindowState[]>;
  /** The last few that were cleaned up, oldest first; nothing in it changes any more. Some of it may have been undone: see `wasUndone`. */
  closed: WindowState[];
  /** Event time by subtask, ms. */
  watermarks: Map<number, number>;
}

/** What one subtask held when it took its part of a checkpoint. */
interface Saved {
  readonly operator: OperatorWindows;
  readonly subtask: number;
  readonly seq: number;
  readonly windows: readonly WindowState[];
}

/** Work of an attempt that was undone: what a subtask did between its part of the checkpoint and the restore. */
export interface Undone {
  readonly job: number;
  /** By `operator/subtask` in numbers of texts: the event after which it is undone; 0 where the checkpoint holds nothing of it. */
  readonly from: ReadonlyMap<string, number>;
  readonly to: number;
}

export interface WindowsState {
  /** By `operatorKey`. */
  readonly operators: Map<number, OperatorWindows>;
  /** By the number of the text of the job, then by checkpoint. */
  readonly saved: Map<number, Map<number, Saved[]>>;
  readonly undone: Undone[];
  readonly attempts: Map<number, number>;
}

export interface WindowRule {
  readonly merging: boolean;
  readonly allowedLatenessMs: number;
  of(timestampMs: number): readonly { readonly startMs: number; readonly endMs: number }[];
}

const RECEIVED = columns('operator.received');
const WATERMARK = columns('watermark.advanced');
const FIRED = columns('window.fired');
const SNAPSHOT = columns('checkpoint.snapshotTaken');
const COMPLETED = columns('checkpoint.completed');
const RESTORED = columns('job.restored');
const JOB = columns('job.stateChanged');
const KEEP_CLOSED = 1_500;
const KEEP_UNDONE = 4;

export function operatorKey(job: number, operator: number): number {
  return job * 1_048_576 + operator;
}

/** @param ruleOf null for an operator whose windows are known only once they fire. */
export function windowsModel(ruleOf: (job: string, operator: string) => WindowRule | null): Model<WindowsState> {
  return {
    start: () => ({ operators: new Map(), saved: new Map(), undone: [], attempts: new Map() }),

    copy(state) {
      const copies = new Map<OperatorWindows, OperatorWindows>();
      for (const o of state.operators.values())
        copies.set(o, { ...o, open: new Map(Array.from(o.open, ([key, list]) => [key, list.map((w) => ({ ...w }))])), closed: o.closed.slice(), watermarks: new Map(o.watermarks) });
      return {
        operators: new Map(Array.from(state.operators, ([key, o]) => [key, copies.get(o)!])),
        saved: new Map(Array.from(state.saved, ([job, all]) => [job, new Map(Array.from(all, ([n, list]) => [n, list.map((s) => ({ ...s, operator: copies.get(s.operator)! }))]))])),
        undone: state.undone.slice(),
        attempts: new Map(state.attempts),
      };
    },

    apply: byType({
      'operator.received'(state, store, seq) {
        const rule = ruleOf(store.texts[store.value(seq, RECEIVED.job)]!, store.texts[store.value(seq, RECEIVED.operator)]!);
        if (!rule) return;
        const o = operatorAt(state, store, seq);
        const subtask = store.value(seq, RECEIVED.subtask);
        const watermark = o.watermarks.get(subtask) ?? -Infinity;
        const late = (w: { endMs: number }) => w.endMs - 1 + rule.allowedLatenessMs <= watermark;
        const list = listOf(o, store.value(seq, RECEIVED.key));
        for (const { startMs, endMs } of rule.of(store.value(seq, RECEIVED.timestampMs))) {
          if (rule.merging) merge(list, { startMs, endMs }, store.value(seq, RECEIVED.key), subtask, late);
          else if (!late({ endMs })) {
            const w = find(list, startMs, endMs) ?? add(list, { key: store.value(seq, RECEIVED.key), subtask, startMs, endMs });
            w.records++;
            w.subtask = subtask;
          }
        }
      },
      'window.fired'(state, store, seq) {
        const list = listOf(operatorAt(state, store, seq), store.value(seq, FIRED.key));
        const w = windowAt(list, store, seq);
        w.firedBy = seq;
        w.subtask = store.value(seq, FIRED.subtask);
      },
      'window.closed'(state, store, seq) {
        const o = operatorAt(state, store, seq);
        const list = listOf(o, store.value(seq, FIRED.key));
        const w = windowAt(list, store, seq);
        list.splice(list.indexOf(w), 1);
        if (list.length === 0) o.open.delete(w.key);
        o.closed.push({ ...w, closedBy: seq });
        if (o.closed.length > 2 * KEEP_CLOSED) o.closed = o.closed.slice(-KEEP_CLOSED);
      },
      'watermark.advanced'(state, store, seq) {
        operatorAt(state, store, seq).watermarks.set(store.value(seq, WATERMARK.subtask), store.value(seq, WATERMARK.watermarkMs));
      },
      'checkpoint.snapshotTaken'(state, store, seq) {
        const job = store.value(seq, SNAPSHOT.job);
        const subtask = store.value(seq, SNAPSHOT.subtask);
        const chain = store.texts[store.value(seq, SNAPSHOT.task)]!.split(' → ');
        const checkpoint = store.value(seq, SNAPSHOT.checkpoint);
        let all = state.saved.get(job);
        if (!all) state.saved.set(job, (all = new Map()));
        let list = all.get(checkpoint);
        if (!list) all.set(checkpoint, (list = []));
        for (const operator of state.operators.values()) {
          if (operator.job !== job || !chain.includes(store.texts[operator.operator]!)) continue;
          const windows = Array.from(operator.open.values()).flatMap((of) => of.filter((w) => w.subtask === subtask).map((w) => ({ ...w })));
          list.push({ operator, subtask, seq, windows });
        }
      },
      'checkpoint.completed'(state, store, seq) {
        const all = state.saved.get(store.value(seq, COMPLETED.job));
        const checkpoint = store.value(seq, COMPLETED.checkpoint);
        for (const n of all?.keys() ?? []) if (n < checkpoint) all!.delete(n);
      },
      'checkpoint.failed'(state, store, seq) {
        state.saved.get(store.value(seq, COMPLETED.job))?.delete(store.value(seq, COMPLETED.checkpoint));
      },
      'job.stateChanged'(state, store, seq) {
        const job = store.value(seq, JOB.job);
        const attempt = store.value(seq, JOB.attempt);
        if (store.texts[store.value(seq, JOB.to)] !== 'RUNNING' || state.attempts.get(job) === attempt) return;
        const again = state.attempts.has(job);
        state.attempts.set(job, attempt);
        if (again) undo(state, job, [], seq);
      },
      'job.restored'(state, store, seq) {
        const job = store.value(seq, RESTORED.job);
        // The attempt has begun one event before, and emptied everything: what the checkpoint holds comes back.
        const saved = state.saved.get(job)?.get(store.value(seq, RESTORED.checkpoint)) ?? [];
        const last = state.undone.at(-1);
        if (last?.job === job) state.undone.pop();
        undo(state, job, saved, seq);
      },
    }),
  };
}

function undo(state: WindowsState, job: number, saved: readonly Saved[], seq: number): void {
  for (const o of state.operators.values()) {
    if (o.job !== job) continue;
    o.open = new Map();
    o.watermarks = new Map();
  }
  const from = new Map<string, number>();
  for (const { operator, subtask, seq: at, windows } of saved) {
    from.set(`${operator.operator}/${subtask}`, at);
    for (const w of windows) listOf(operator, w.key).push({ ...w });
  }
  state.undone.push({ job, from, to: seq });
  if (state.undone.length > KEEP_UNDONE) state.undone.shift();
}

/** Job and operator are the first two fields of every event of an operator. */
function operatorAt(state: WindowsState, store: TraceStore, seq: number): OperatorWindows {
  const job = store.value(seq, RECEIVED.job);
  const operator = store.value(seq, RECEIVED.operator);
  const key = operatorKey(job, operator);
  let found = state.operators.get(key);
  if (!found) state.operators.set(key, (found = { job, operator, open: new Map(), closed: [], watermarks: new Map() }));
  return found;
}

function listOf(o: OperatorWindows, key: number): WindowState[] {
  let list = o.open.get(key);
  if (!list) o.open.set(key, (list = []));
  return list;
}

function find(list: readonly WindowState[], startMs: number, endMs: number): WindowState | undefined {
  for (let i = list.length - 1; i >= 0; i--) if (list[i]!.startMs === startMs && list[i]!.endMs === endMs) return list[i];
  return undefined;
}

function add(list: WindowState[], of: Pick<WindowState, 'key' | 'subtask' | 'startMs' | 'endMs'>): WindowState {
  const w = { ...of, records: 0, firedBy: -1, closedBy: -1 };
  list.push(w);
  return w;
}

function windowAt(list: WindowState[], store: TraceStore, seq: number): WindowState {
  const startMs = store.value(seq, FIRED.startMs);
  const endMs = store.value(seq, FIRED.endMs);
  return find(list, startMs, endMs) ?? add(list, { key: store.value(seq, FIRED.key), subtask: store.value(seq, FIRED.subtask), startMs, endMs });
}

/** Windows that touch the new one become one with it. */
function merge(list: WindowState[], { startMs, endMs }: { startMs: number; endMs: number }, key: number, subtask: number, late: (w: { endMs: number }) => boolean): void {
  const touched = list.filter((w) => w.startMs <= endMs && w.endMs >= startMs);
  const result = { startMs: Math.min(startMs, ...touched.map((w) => w.startMs)), endMs: Math.max(endMs, ...touched.map((w) => w.endMs)) };
  if (late(result)) return;
  for (const w of touched) list.splice(list.indexOf(w), 1);
  const merged = add(list, { key, subtask, ...result });
  merged.records = touched.reduce((sum, w) => sum + w.records, 1);
  merged.firedBy = touched.length === 1 && touched[0]!.startMs === result.startMs && touched[0]!.endMs === result.endMs ? touched[0]!.firedBy : -1;
}

/** Whether what happened in an event was undone by a later restore. */
export function wasUndone(state: WindowsState, job: number, operator: number, subtask: number, seq: number): boolean {
  return state.undone.some((u) => u.job === job && seq < u.to && seq > (u.from.get(`${operator}/${subtask}`) ?? 0));
}
