// What stream jobs are at: their state and attempt, every subtask with the task manager that it runs on, its load and the barriers
// that have come to it, and how far event time has moved in every operator.
import type { TraceStore } from '../../simulations/kernel/traceStore.ts';
import { columns } from './columns.ts';
import { byType, type Model } from './timeline.ts';

export type SubtaskStatus = 'DEPLOYING' | 'RUNNING' | 'FINISHED' | 'CANCELED' | 'FAILED' | 'LOST';

/** The barriers of one checkpoint as they come to a subtask. */
export interface Alignment {
  readonly checkpoint: number;
  /** Input channels in all. */
  readonly channels: number;
  /** Channels by which the barrier has come. */
  arrived: readonly number[];
  /** Of those, the channels that wait for the others. */
  blocked: readonly number[];
}

export interface SubtaskState {
  readonly task: string;
  readonly subtask: number;
  readonly attempt: number;
  /** The task manager that it runs on. */
  readonly process: string;
  /** LOST = its task manager has ended without a word. */
  status: SubtaskStatus;
  /** Why it failed; '' = it did not. */
  reason: string;
  /** The event that brought it into this status. */
  since: number;
  busyPermille: number;
  backPressuredPermille: number;
  /** OK | LOW | HIGH. */
  level: string;
  /** null while no barrier of a checkpoint that is under way has come. */
  alignment: Alignment | null;
  /** Last checkpoint that it took its part of, and that the coordinator knows to be stored; 0 = none. */
  snapshot: number;
  acknowledged: number;
}

export interface OperatorState {
  readonly operator: string;
  readonly subtask: number;
  /** Event time, ms; null = none yet. */
  watermarkMs: number | null;
  idle: boolean;
  /** Partitions that it does not read because they are too far ahead in event time, as `topic-partition`. */
  held: readonly string[];
  received: number;
  fired: number;
  late: number;
  emitted: number;
}

/** A task as the attempt was planned. */
export interface PlannedTaskTold {
  readonly name: string;
  readonly parallelism: number;
  readonly operators: readonly { readonly name: string; readonly role: 'source' | 'operator' | 'sink'; readonly stateful: boolean; readonly topics: readonly string[] }[];
  /** Tasks that it reads from, by their numbers. */
  readonly inputs: readonly { readonly from: number; readonly partitioning: string }[];
}

export interface JobState {
  readonly job: string;
  /** CREATED | RUNNING | FAILING | RESTARTING | FINISHED | FAILED | SUSPENDED. */
  state: string;
  /** 0 = never deployed. */
  attempt: number;
  reason: string;
  /** Before the next attempt, ms; -1 = there is none. */
  delayMs: number;
  /** The event that brought it into this state. */
  since: number;
  /** Checkpoint that the attempt began with and the event that says so; -1 = it began empty. */
  restored: number;
  restoredBy: number;
  /** Subtasks of its widest task, where a restore has told them; -1 = as the scenario has it. */
  parallelism: number;
  /** By the numbers of the tasks; empty before the first attempt. */
  planned: readonly PlannedTaskTold[];
  /** By `task/subtask`. */
  readonly subtasks: Map<string, SubtaskState>;
  /** By `operator/subtask`. */
  readonly operators: Map<string, OperatorState>;
  /** The checkpoint under way, with the event that triggered it. */
  pending: { readonly checkpoint: number; readonly savepoint: boolean; readonly seq: number } | null;
  /** The last that completed. */
  completed: { readonly checkpoint: number; readonly savepoint: boolean; readonly seq: number } | null;
}

export interface StreamsState {
  readonly jobs: Map<string, JobState>;
}

const JOB = columns('job.stateChanged');
const RESTORED = columns('job.restored');
const OPERATOR = columns('job.operatorPlanned');
const CHANNELS = columns('job.channelsPlanned');
const TASK = columns('task.stateChanged');
const LOADED = columns('task.loaded');
const WATERMARK = columns('watermark.advanced');
const IDLE = columns('watermark.idle');
const SPLIT = columns('source.splitPaused');
const TRIGGERED = columns('checkpoint.triggered');
const BARRIER = columns('barrier.received');
const SNAPSHOT = columns('checkpoint.snapshotTaken');
const ACKNOWLEDGED = columns('checkpoint.acknowledged');
const COMPLETED = columns('checkpoint.completed');

export const streamsModel: Model<StreamsState> = {
  start: () => ({ jobs: new Map() }),

  copy: (state) => ({
    jobs: new Map(
      Array.from(state.jobs, ([name, job]) => [
        name,
        {
          ...job,
          subtasks: new Map(Array.from(job.subtasks, ([key, s]) => [key, { ...s, alignment: s.alignment && { ...s.alignment } }])),
          operators: new Map(Array.from(job.operators, ([key, o]) => [key, { ...o }])),
        },
      ]),
    ),
  }),

  apply: byType({
    'job.stateChanged'(state, store, seq) {
      const job = jobAt(state, store, seq);
      job.state = store.texts[store.value(seq, JOB.to)]!;
      job.reason = store.texts[store.value(seq, JOB.reason)]!;
      job.delayMs = store.value(seq, JOB.delayMs);
      job.since = seq;
      const attempt = store.value(seq, JOB.attempt);
      if (job.state !== 'RUNNING' || attempt === job.attempt) return;
      // A new attempt: nothing of the one before it goes on. Event time begins anew, because watermarks are part of no checkpoint.
      job.attempt = attempt;
      job.restored = job.restoredBy = -1;
      job.pending = null;
      job.planned = [];
      job.subtasks.clear();
      for (const o of job.operators.values()) Object.assign(o, { watermarkMs: null, idle: false, held: [] });
    },
    'job.restored'(state, store, seq) {
      const job = jobAt(state, store, seq);
      job.restored = store.value(seq, RESTORED.checkpoint);
      job.parallelism = store.value(seq, RESTORED.parallelism);
      job.restoredBy = seq;
    },
    'job.operatorPlanned'(state, store, seq) {
      const text = (at: number) => store.texts[store.value(seq, at)]!;
      const topics = text(OPERATOR.topics);
      const operator = {
        name: text(OPERATOR.operator),
        role: text(OPERATOR.role) as PlannedTaskTold['operators'][number]['role'],
        stateful: store.value(seq, OPERATOR.stateful) === 1,
        topics: topics === '' ? [] : topics.split(','),
      };
      plan(jobAt(state, store, seq), store.value(seq, OPERATOR.number), (known) => ({
        name: text(OPERATOR.task),
        parallelism: store.value(seq, OPERATOR.parallelism),
        operators: [...(known?.operators ?? []), operator],
        inputs: known?.inputs ?? [],
      }));
    },
    'job.channelsPlanned'(state, store, seq) {
      const input = { from: store.value(seq, CHANNELS.from), partitioning: store.texts[store.value(seq, CHANNELS.partitioning)]! };
      plan(jobAt(state, store, seq), store.value(seq, CHANNELS.number), (known) => ({ ...known!, inputs: [...known!.inputs, input] }));
    },
    'task.stateChanged'(state, store, seq) {
      const job = jobAt(state, store, seq);
      const attempt = store.value(seq, TASK.attempt);
      const task = store.texts[store.value(seq, TASK.task)]!;
      const subtask = store.value(seq, TASK.subtask);
      const status = store.texts[store.value(seq, TASK.to)] as SubtaskStatus;
      const reason = store.texts[store.value(seq, TASK.reason)]!;
      const known = job.subtasks.get(`${task}/${subtask}`);
      if (known && known.attempt > attempt) return;
      if (known?.attempt === attempt && known.process === store.processAt(seq)) Object.assign(known, { status, reason, since: seq });
      else job.subtasks.set(`${task}/${subtask}`, newSubtask({ task, subtask, attempt, process: store.processAt(seq), status, reason, since: seq }));
    },
    'task.loaded'(state, store, seq) {
      const s = subtaskAt(state, store, seq);
      if (!s) return;
      s.busyPermille = store.value(seq, LOADED.busyPermille);
      s.backPressuredPermille = store.value(seq, LOADED.backPressuredPermille);
      s.level = store.texts[store.value(seq, LOADED.level)]!;
    },
    'operator.received'(state, store, seq) {
      operatorAt(state, store, seq).received++;
    },
    'operator.emitted'(state, store, seq) {
      operatorAt(state, store, seq).emitted++;
    },
    'operator.late'(state, store, seq) {
      operatorAt(state, store, seq).late++;
    },
    'window.fired'(state, store, seq) {
      operatorAt(state, store, seq).fired++;
    },
    'watermark.advanced'(state, store, seq) {
      const o = operatorAt(state, store, seq);
      o.watermarkMs = store.value(seq, WATERMARK.watermarkMs);
      o.idle = false;
    },
    'watermark.idle'(state, store, seq) {
      operatorAt(state, store, seq).idle = store.value(seq, IDLE.idle) === 1;
    },
    'source.splitPaused'(state, store, seq) {
      const o = operatorAt(state, store, seq);
      const split = `${store.texts[store.value(seq, SPLIT.topic)]}-${store.value(seq, SPLIT.partition)}`;
      const others = o.held.filter((one) => one !== split);
      o.held = store.value(seq, SPLIT.paused) === 1 ? [...others, split].sort() : others;
    },
    'checkpoint.triggered'(state, store, seq) {
      jobAt(state, store, seq).pending = { checkpoint: store.value(seq, TRIGGERED.checkpoint), savepoint: isSavepoint(store, seq, TRIGGERED.kind), seq };
    },
    'barrier.received'(state, store, seq) {
      const s = subtaskAt(state, store, seq);
      if (!s) return;
      const checkpoint = store.value(seq, BARRIER.checkpoint);
      const channel = store.value(seq, BARRIER.channel);
      const channels = store.value(seq, BARRIER.channels);
      const before = s.alignment?.checkpoint === checkpoint ? s.alignment : { arrived: [], blocked: [] };
      const arrived = [...before.arrived, channel];
      const blocked = arrived.length === channels ? [] : store.value(seq, BARRIER.blocked) === 1 ? [...before.blocked, channel] : before.blocked;
      s.alignment = { checkpoint, channels, arrived, blocked };
    },
    'checkpoint.snapshotTaken'(state, store, seq) {
      const s = subtaskAt(state, store, seq);
      if (!s) return;
      s.snapshot = store.value(seq, SNAPSHOT.checkpoint);
      if (s.alignment && s.alignment.checkpoint <= s.snapshot) s.alignment = null;
    },
    'checkpoint.acknowledged'(state, store, seq) {
      const s = subtaskAt(state, store, seq);
      if (s) s.acknowledged = store.value(seq, ACKNOWLEDGED.checkpoint);
    },
    'checkpoint.completed'(state, store, seq) {
      const job = jobAt(state, store, seq);
      const checkpoint = store.value(seq, COMPLETED.checkpoint);
      job.completed = { checkpoint, savepoint: isSavepoint(store, seq, COMPLETED.kind), seq };
      settle(job, checkpoint);
    },
    'checkpoint.failed'(state, store, seq) {
      settle(jobAt(state, store, seq), store.value(seq, COMPLETED.checkpoint));
    },
    'process.killed': ended,
    'process.exited': ended,
  }),
};

function settle(job: JobState, checkpoint: number): void {
  if (job.pending?.checkpoint === checkpoint) job.pending = null;
  for (const s of job.subtasks.values()) if (s.alignment && s.alignment.checkpoint <= checkpoint) s.alignment = null;
}

/** A process that ends takes its subtasks with it, and none of them can say so. */
function ended(state: StreamsState, store: TraceStore, seq: number): void {
  const process = store.processAt(seq);
  for (const job of state.jobs.values())
    for (const s of job.subtasks.values()) if (s.process === process && (s.status === 'RUNNING' || s.status === 'DEPLOYING')) Object.assign(s, { status: 'LOST', since: seq, alignment: null });
}

function isSavepoint(store: TraceStore, seq: number, at: number): boolean {
  return store.texts[store.value(seq, at)] === 'savepoint';
}

/** The job is the first field of every event of a job. */
function jobAt(state: StreamsState, store: TraceStore, seq: number): JobState {
  const job = store.texts[store.value(seq, JOB.job)]!;
  let found = state.jobs.get(job);
  if (!found) {
    found = {
      job,
      state: 'CREATED',
      attempt: 0,
      reason: '',
      delayMs: -1,
      since: -1,
      restored: -1,
      restoredBy: -1,
      parallelism: -1,
      planned: [],
      subtasks: new Map(),
      operators: new Map(),
      pending: null,
      completed: null,
    };
    state.jobs.set(job, found);
  }
  return found;
}

function plan(job: JobState, number: number, change: (known: PlannedTaskTold | undefined) => PlannedTaskTold): void {
  const planned = job.planned.slice();
  planned[number] = change(planned[number]);
  job.planned = planned;
}

/** Task and subtask are the second and third field of every event of a task. */
function subtaskAt(state: StreamsState, store: TraceStore, seq: number): SubtaskState | undefined {
  return jobAt(state, store, seq).subtasks.get(`${store.texts[store.value(seq, TASK.task)]}/${store.value(seq, TASK.subtask)}`);
}

/** Operator and subtask are the second and third field of every event of an operator. */
function operatorAt(state: StreamsState, store: TraceStore, seq: number): OperatorState {
  const { operators } = jobAt(state, store, seq);
  const operator = store.texts[store.value(seq, WATERMARK.operator)]!;
  const subtask = store.value(seq, WATERMARK.subtask);
  const key = `${operator}/${subtask}`;
  let found = operators.get(key);
  if (!found) operators.set(key, (found = { operator, subtask, watermarkMs: null, idle: false, held: [], received: 0, fired: 0, late: 0, emitted: 0 }));
  return found;
}

function newSubtask(given: Pick<SubtaskState, 'task' | 'subtask' | 'attempt' | 'process' | 'status' | 'reason' | 'since'>): SubtaskState {
  return { ...given, busyPermille: 0, backPressuredPermille: 0, level: 'OK', alignment: null, snapshot: 0, acknowledged: 0 };
}

/** Whether a subtask is at work. */
export function atWork(s: SubtaskState): boolean {
  return s.status === 'RUNNING' || s.status === 'DEPLOYING';
}
