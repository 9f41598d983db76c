// What the topology shows of a job at one moment: its subtasks on their task managers, and where the barriers of a checkpoint have come.
import { streamProcessNames, type Scenario } from '../../../simulations/contract/scenario.ts';
import { atWork, type JobState, type OperatorState, type SubtaskState } from '../../readmodels/streams.ts';
import { isOfStreams, type Selection } from '../selection.ts';
import type { SessionState } from '../session.ts';
import { planFor, type JobPlan } from '../streams/plan.ts';
import type { Status } from './model.ts';
import type { StreamsShape } from './streams-layout.ts';

export interface SubtaskNode {
  /** Number of its task. */
  readonly task: number;
  readonly subtask: number;
  readonly status: SubtaskState['status'];
  readonly reason: string;
  readonly busyPermille: number;
  readonly backPressuredPermille: number;
  readonly level: string;
  /** Event time of its last operator that has one; null = none yet. */
  readonly watermarkMs: number | null;
  readonly idle: boolean;
  /** Partitions that watermark alignment keeps its source from reading, as `topic-partition`. */
  readonly held: readonly string[];
  /** Its part of the checkpoint under way. */
  readonly part: 'none' | 'taken' | 'stored';
}

export interface SlotLane {
  readonly job: string;
  readonly subtask: number;
  /** By task; null = nothing of it is in this slot. Empty for a slot of another job. */
  readonly cells: readonly (SubtaskNode | null)[];
}

export interface ManagerNode {
  readonly name: string;
  readonly status: Status;
  readonly sinceUs: number;
  /** Slots in use, those of the job that is shown first. */
  readonly lanes: readonly SlotLane[];
  readonly slots: number;
}

export interface BarrierMark {
  readonly from: { readonly task: number; readonly subtask: number };
  readonly to: { readonly task: number; readonly subtask: number };
  /** In the channel; come and waiting for the other channels; come. */
  readonly state: 'underway' | 'waiting' | 'arrived';
}

export interface StreamsView {
  readonly job: string;
  /** All jobs of the scenario. */
  readonly jobs: readonly string[];
  readonly plan: JobPlan;
  /** null = nothing was heard of it yet. */
  readonly state: JobState | null;
  readonly jobManager: Status;
  readonly managers: readonly ManagerNode[];
  readonly barriers: readonly BarrierMark[];
  /** Since when the job is in its state, and times of the last words about checkpoints, microseconds; -1 = not yet. */
  readonly sinceUs: number;
  readonly pendingSinceUs: number;
  readonly completedAtUs: number;
}

/** The job that a selection belongs to. */
export function jobOf(selection: Selection | null): string | null {
  return selection && isOfStreams(selection) ? selection.job : null;
}

/** What of it has to be placed. */
export function shapeOf({ managers, plan }: StreamsView): StreamsShape {
  return { managers: managers.map((m) => ({ name: m.name, lanes: m.lanes.length })), tasks: plan.tasks };
}

/** @returns null for a scenario without stream jobs. */
export function streamsView(state: SessionState, scenario: Scenario, wanted: string | null): StreamsView | null {
  const { streams } = scenario;
  if (!streams) return null;
  const { jobs } = state.views.streams.at(state.position);
  const spec = streams.jobs.find((j) => j.name === wanted) ?? streams.jobs[0]!;
  const job = jobs.get(spec.name) ?? null;
  const plan = planFor(spec, job);
  const cluster = state.views.cluster.at(state.position);
  const statusOf = (name: string): Status => cluster.processes.get(name)?.status ?? 'unstarted';
  const timeOf = (seq: number | undefined) => (seq === undefined || seq < 0 ? -1 : state.trace.timeAt(seq));
  const managers = streamProcessNames(scenario)
    .slice(1)
    .map((name): ManagerNode => {
      const process = cluster.processes.get(name);
      const lanes = job ? lanesOn(name, job, plan) : [];
      for (const other of jobs.values()) if (other !== job) lanes.push(...otherLanes(name, other));
      return { name, status: statusOf(name), sinceUs: timeOf(process?.since), lanes: lanes.slice(0, streams.slots), slots: streams.slots };
    });
  return {
    job: spec.name,
    jobs: streams.jobs.map((j) => j.name),
    plan,
    state: job,
    jobManager: statusOf('jobmanager'),
    managers,
    barriers: job ? barriersOf(job, plan) : [],
    sinceUs: timeOf(job?.since),
    pendingSinceUs: timeOf(job?.pending?.seq),
    completedAtUs: timeOf(job?.completed?.seq),
  };
}

function lanesOn(manager: string, job: JobState, plan: JobPlan): SlotLane[] {
  const here = Array.from(job.subtasks.values()).filter((s) => s.process === manager);
  const numbers = Array.from(new Set(here.map((s) => s.subtask))).sort((a, b) => a - b);
  return numbers.map((subtask) => ({
    job: job.job,
    subtask,
    cells: plan.tasks.map((task, number) => {
      const s = here.find((one) => one.subtask === subtask && one.task === task.name);
      return s ? nodeOf(s, number, job, plan) : null;
    }),
  }));
}

function otherLanes(manager: string, job: JobState): SlotLane[] {
  const numbers = new Set<number>();
  for (const s of job.subtasks.values()) if (s.process === manager && atWork(s)) numbers.add(s.subtask);
  return Array.from(numbers)
    .sort((a, b) => a - b)
    .map((subtask) => ({ job: job.job, subtask, cells: [] }));
}

function nodeOf(s: SubtaskState, task: number, job: JobState, plan: JobPlan): SubtaskNode {
  const time = timeOf(job, plan, task, s.subtask);
  const pending = job.pending?.checkpoint ?? Infinity;
  return {
    task,
    subtask: s.subtask,
    status: s.status,
    reason: s.reason,
    busyPermille: s.busyPermille,
    backPressuredPermille: s.backPressuredPermille,
    level: s.level,
    watermarkMs: time?.watermarkMs ?? null,
    idle: time?.idle ?? false,
    held: time?.held ?? [],
    part: s.acknowledged >= pending ? 'stored' : s.snapshot >= pending ? 'taken' : 'none',
  };
}

/** Event time where records leave a subtask: that of its last operator that tells it. */
function timeOf(job: JobState, plan: JobPlan, task: number, subtask: number): OperatorState | undefined {
  let last: OperatorState | undefined;
  for (const { name, stateful, kind } of plan.tasks[task]!.operators) if (stateful || kind === 'source') last = job.operators.get(`${name}/${subtask}`) ?? last;
  return last;
}

/** Between the snapshot of whoever sends it and its arrival, a barrier is in the channel; the trace does not say where in it. */
function barriersOf(job: JobState, plan: JobPlan): BarrierMark[] {
  const { pending } = job;
  if (!pending) return [];
  const out: BarrierMark[] = [];
  plan.tasks.forEach((task, number) => {
    for (let subtask = 0; subtask < task.parallelism; subtask++) {
      const s = job.subtasks.get(`${task.name}/${subtask}`);
      if (!s || !atWork(s) || s.snapshot >= pending.checkpoint) continue;
      const alignment = s.alignment?.checkpoint === pending.checkpoint ? s.alignment : null;
      plan.channels(number, subtask).forEach((from, channel) => {
        const arrived = alignment?.arrived.includes(channel) ?? false;
        const sender = job.subtasks.get(`${plan.tasks[from.task]!.name}/${from.subtask}`);
        if (!arrived && (sender?.snapshot ?? 0) < pending.checkpoint) return;
        out.push({ from, to: { task: number, subtask }, state: !arrived ? 'underway' : alignment!.blocked.includes(channel) ? 'waiting' : 'arrived' });
      });
    }
  });
  return out;
}
