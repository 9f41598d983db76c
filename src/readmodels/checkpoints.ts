// Checkpoints and savepoints of jobs, one after another: when each was triggered, what every subtask did for it, how it ended, which
// attempts began with it, and the transactions of sinks that it decides.
import { EVENT_NAMES } from '../../simulations/contract/events.ts';
import { TYPE_OF } from '../../simulations/kernel/trace.ts';
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';

/** What one subtask did for a checkpoint. Times in microseconds, -1 = not yet. */
export interface CheckpointPart {
  readonly task: string;
  readonly subtask: number;
  /** First barrier to come. */
  firstBarrierUs: number;
  barriers: number;
  takenUs: number;
  storedUs: number;
  bytes: number;
  alignmentUs: number;
  /** Records under way that are part of it. */
  inFlight: number;
}

export interface SinkTransaction {
  readonly transactionalId: string;
  readonly operator: string;
  readonly subtask: number;
  /** begun | preCommitted | committed | aborted | lost; unused = the next one has begun, and nothing was written in this. */
  state: string;
  /** Name of the error that lost it. */
  reason: string;
  /** The event that says so. */
  seq: number;
}

export interface CheckpointView {
  readonly job: string;
  readonly checkpoint: number;
  readonly savepoint: boolean;
  readonly attempt: number;
  /** The `checkpoint.triggered` event. */
  readonly triggeredBy: number;
  readonly triggeredUs: number;
  readonly parts: readonly CheckpointPart[];
  readonly state: 'underway' | 'completed' | 'failed';
  /** Why it failed. */
  readonly reason: string;
  /** When it ended; while it is under way, the time asked for. */
  readonly endUs: number;
  readonly bytes: number;
  /** The longest of its subtasks. */
  readonly alignmentUs: number;
  readonly inFlight: number;
  /** Attempts that began with it, with the events that say so. */
  readonly restored: readonly { readonly attempt: number; readonly seq: number }[];
  readonly transactions: readonly SinkTransaction[];
}

export interface Checkpoints {
  /** Those triggered before a position, oldest first, at most `most` of the latest. */
  list(job: string, position: number, timeUs: number, most?: number): CheckpointView[];
  /** The latest of its number. */
  find(job: string, checkpoint: number, position: number, timeUs: number): CheckpointView | null;
  /** Transactions that the checkpoint of a number decides. */
  transactions(job: string, checkpoint: number, position: number): SinkTransaction[];
  extend(): void;
}

/** One checkpoint as the trace tells it: sequence numbers of everything that belongs to it, ascending. */
interface Run {
  readonly triggeredBy: number;
  readonly seqs: number[];
}

const TRIGGERED = columns('checkpoint.triggered');
const BARRIER = columns('barrier.received');
const SNAPSHOT = columns('checkpoint.snapshotTaken');
const ACKNOWLEDGED = columns('checkpoint.acknowledged');
const COMPLETED = columns('checkpoint.completed');
const FAILED = columns('checkpoint.failed');
const RESTORED = columns('job.restored');
const TRANSACTION = columns('sink.transactionChanged');
/** Where the number of the checkpoint stands in each type of event, -1 = it belongs to none. */
const NUMBER = new Int8Array(EVENT_NAMES.length).fill(-1);
for (const [type, at] of [
  [TYPE_OF['barrier.received'], BARRIER.checkpoint],
  [TYPE_OF['checkpoint.snapshotTaken'], SNAPSHOT.checkpoint],
  [TYPE_OF['checkpoint.acknowledged'], ACKNOWLEDGED.checkpoint],
  [TYPE_OF['checkpoint.completed'], COMPLETED.checkpoint],
  [TYPE_OF['checkpoint.failed'], FAILED.checkpoint],
  [TYPE_OF['job.restored'], RESTORED.checkpoint],
] as const)
  NUMBER[type] = at;

export function createCheckpoints(store: TraceStore): Checkpoints {
  const runs = new Map<string, Run[]>();
  /** The latest run of each number, by `job/checkpoint`. */
  const latest = new Map<string, Run>();
  const sinks = new Map<string, number[]>();
  let seen = 0;

  const text = (seq: number, at: number) => store.texts[store.value(seq, at)]!;

  function extend(): void {
    for (; seen < store.count; seen++) {
      const type = store.typeNumberAt(seen);
      if (type === TYPE_OF['checkpoint.triggered']) {
        const job = text(seen, TRIGGERED.job);
        const run = { triggeredBy: seen, seqs: [] };
        const list = runs.get(job);
        if (list) list.push(run);
        else runs.set(job, [run]);
        latest.set(`${job}/${store.value(seen, TRIGGERED.checkpoint)}`, run);
      } else if (type === TYPE_OF['sink.transactionChanged']) {
        const id = `${text(seen, TRANSACTION.job)}/${store.value(seen, TRANSACTION.checkpoint)}`;
        const list = sinks.get(id);
        if (list) list.push(seen);
        else sinks.set(id, [seen]);
      } else {
        const at = NUMBER[type]!;
        // The job is the first field of them all.
        if (at >= 0) latest.get(`${text(seen, TRIGGERED.job)}/${store.value(seen, at)}`)?.seqs.push(seen);
      }
    }
  }

  function transactions(job: string, checkpoint: number, position: number): SinkTransaction[] {
    extend();
    /** The latest of each id: an attempt that begins again takes the id of one that was aborted. */
    const current = new Map<string, SinkTransaction>();
    const out: SinkTransaction[] = [];
    for (const seq of sinks.get(`${job}/${checkpoint}`) ?? []) {
      if (seq >= position) break;
      const transactionalId = text(seq, TRANSACTION.transactionalId);
      const state = text(seq, TRANSACTION.to);
      const reason = text(seq, TRANSACTION.reason);
      const known = current.get(transactionalId);
      if (known && state !== 'begun') Object.assign(known, { state, reason, seq });
      else {
        const begun = { transactionalId, operator: text(seq, TRANSACTION.operator), subtask: store.value(seq, TRANSACTION.subtask), state, reason, seq };
        current.set(transactionalId, begun);
        out.push(begun);
      }
    }
    for (const t of current.values()) if (t.state === 'begun' && nextHasBegun(t, `${job}/${checkpoint + 1}`, position)) t.state = 'unused';
    return out;
  }

  function nextHasBegun({ operator, subtask }: SinkTransaction, next: string, position: number): boolean {
    return (sinks.get(next) ?? []).some((seq) => seq < position && text(seq, TRANSACTION.operator) === operator && store.value(seq, TRANSACTION.subtask) === subtask);
  }

  function viewOf(run: Run, position: number, timeUs: number): CheckpointView {
    const { triggeredBy } = run;
    const job = text(triggeredBy, TRIGGERED.job);
    const checkpoint = store.value(triggeredBy, TRIGGERED.checkpoint);
    const parts = new Map<string, CheckpointPart>();
    const restored: { attempt: number; seq: number }[] = [];
    let state: CheckpointView['state'] = 'underway';
    let reason = '';
    let endUs = timeUs;
    let bytes = 0;
    for (const seq of run.seqs) {
      if (seq >= position) break;
      const type = store.typeNumberAt(seq);
      const atUs = store.timeAt(seq);
      if (type === TYPE_OF['job.restored']) restored.push({ attempt: store.value(seq, RESTORED.attempt), seq });
      else if (type === TYPE_OF['checkpoint.completed'] || type === TYPE_OF['checkpoint.failed']) {
        state = type === TYPE_OF['checkpoint.completed'] ? 'completed' : 'failed';
        endUs = atUs;
        if (state === 'completed') bytes = store.value(seq, COMPLETED.bytes);
        else reason = text(seq, FAILED.reason);
      } else takePart(partOf(parts, text(seq, BARRIER.task), store.value(seq, BARRIER.subtask)), seq, type, atUs);
    }
    const all = Array.from(parts.values());
    return {
      job,
      checkpoint,
      savepoint: text(triggeredBy, TRIGGERED.kind) === 'savepoint',
      attempt: store.value(triggeredBy, TRIGGERED.attempt),
      triggeredBy,
      triggeredUs: store.timeAt(triggeredBy),
      parts: all,
      state,
      reason,
      endUs,
      bytes: state === 'completed' ? bytes : all.reduce((sum, p) => sum + p.bytes, 0),
      alignmentUs: all.reduce((most, p) => Math.max(most, p.alignmentUs), 0),
      inFlight: all.reduce((sum, p) => sum + p.inFlight, 0),
      restored,
      transactions: transactions(job, checkpoint, position),
    };
  }

  function takePart(part: CheckpointPart, seq: number, type: number, atUs: number): void {
    if (type === TYPE_OF['barrier.received']) {
      part.barriers++;
      if (part.firstBarrierUs < 0) part.firstBarrierUs = atUs;
    } else if (type === TYPE_OF['checkpoint.snapshotTaken'])
      Object.assign(part, { takenUs: atUs, bytes: store.value(seq, SNAPSHOT.bytes), alignmentUs: store.value(seq, SNAPSHOT.alignmentUs), inFlight: store.value(seq, SNAPSHOT.inFlight) });
    else part.storedUs = atUs;
  }

  return {
    extend,
    transactions,
    list(job, position, timeUs, most = 200) {
      extend();
      const before = (runs.get(job) ?? []).filter((run) => run.triggeredBy < position);
      return before.slice(-most).map((run) => viewOf(run, position, timeUs));
    },
    find(job, checkpoint, position, timeUs) {
      extend();
      const run = (runs.get(job) ?? []).findLast((r) => r.triggeredBy < position && store.value(r.triggeredBy, TRIGGERED.checkpoint) === checkpoint);
      return run ? viewOf(run, position, timeUs) : null;
    },
  };
}

function partOf(parts: Map<string, CheckpointPart>, task: string, subtask: number): CheckpointPart {
  const id = `${task}/${subtask}`;
  let part = parts.get(id);
  if (!part) parts.set(id, (part = { task, subtask, firstBarrierUs: -1, barriers: 0, takenUs: -1, storedUs: -1, bytes: 0, alignmentUs: 0, inFlight: 0 }));
  return part;
}
