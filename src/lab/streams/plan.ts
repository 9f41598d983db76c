// What a job is made of before it runs: its tasks of chained operators, the channels between their subtasks, and the windows of its
// operators. Worked out by the engine's own graph, so that the picture cannot differ from what is deployed.
import type { JobSpec } from '../../../simulations/contract/scenario.ts';
import type { JobState } from '../../readmodels/streams.ts';
import { StreamError } from '../../../simulations/streams/errors.ts';
import { jobGraphOf, type JobGraph, type OperatorNode } from '../../../simulations/streams/graph/jobGraph.ts';
import { graphOf } from '../../../simulations/streams/jobs/catalogue.ts';
import { executionOf } from '../../../simulations/streams/runtime/executionGraph.ts';
import { WindowOperator } from '../../../simulations/streams/windows/windowOperator.ts';

export interface PlannedOperator {
  readonly name: string;
  /** Whether the trace tells of each record that reaches it. */
  readonly stateful: boolean;
  readonly kind: 'source' | 'operator' | 'sink';
  /** Topics that a source reads, or the one that a sink writes. */
  readonly topics: readonly string[];
  /** null = it has no windows, or none by event time. */
  readonly windows: WindowPlan | null;
}

export interface WindowPlan {
  /** Windows that touch become one. */
  readonly merging: boolean;
  readonly allowedLatenessMs: number;
  /** The windows that a record belongs to; empty where only its value could tell. */
  of(timestampMs: number): readonly { readonly startMs: number; readonly endMs: number }[];
}

export interface PlannedTask {
  /** Names of its operators, joined by arrows: as the trace names it. */
  readonly name: string;
  readonly parallelism: number;
  readonly operators: readonly PlannedOperator[];
  /** Numbers of the tasks that it reads from. */
  readonly readsFrom: readonly number[];
}

export interface JobPlan {
  readonly job: string;
  readonly tasks: readonly PlannedTask[];
  /** By input channel of a subtask, the subtask at its other end. */
  channels(task: number, subtask: number): readonly { readonly task: number; readonly subtask: number }[];
}

const made = new WeakMap<JobSpec, Map<number, JobPlan | null>>();

/** The plan of a job as it runs. What learner code puts together is known by what the trace tells of it when it is deployed: everything but its windows. */
export function planFor(spec: JobSpec, job: JobState | null): JobPlan {
  return planOf(spec, job?.parallelism) ?? toldPlan(spec.name, job?.planned ?? []);
}

function toldPlan(job: string, planned: JobState['planned']): JobPlan {
  return {
    job,
    tasks: planned.map(({ name, parallelism, operators, inputs }) => ({
      name,
      parallelism,
      operators: operators.map(({ name: operator, role, stateful, topics }) => ({ name: operator, kind: role, stateful, topics, windows: null })),
      readsFrom: inputs.map(({ from }) => from),
    })),
    channels: (task, subtask) =>
      planned[task]!.inputs.flatMap(({ from, partitioning }) =>
        partitioning === 'forward' ? [{ task: from, subtask }] : Array.from({ length: planned[from]!.parallelism }, (_, other) => ({ task: from, subtask: other })),
      ),
  };
}

/** @param parallelism -1 = as the job has it. @returns null for a job that cannot run, or that learner code puts together. */
export function planOf(spec: JobSpec, parallelism = -1): JobPlan | null {
  let plans = made.get(spec);
  if (!plans) made.set(spec, (plans = new Map()));
  const wanted = parallelism < 0 ? spec.parallelism : parallelism;
  let plan = plans.get(wanted);
  if (plan === undefined) plans.set(wanted, (plan = makePlan(spec, wanted)));
  return plan;
}

function makePlan(spec: JobSpec, parallelism: number): JobPlan | null {
  let graph: JobGraph;
  try {
    graph = jobGraphOf(graphOf(spec), parallelism);
  } catch (error) {
    if (error instanceof StreamError) return null;
    throw error;
  }
  return {
    job: spec.name,
    tasks: graph.vertices.map((v) => ({ name: v.name, parallelism: v.parallelism, operators: v.nodes.map(operatorOf), readsFrom: v.inputs.map((e) => e.source) })),
    channels: (task, subtask) =>
      executionOf({ job: spec, learner: null, graph, vertex: graph.vertices[task]!, subtask, attempt: 0, maxParallelism: 1, hostOf: () => '' }).inputs.map(({ producer }) => ({
        task: producer.vertex,
        subtask: producer.subtask,
      })),
  };
}

function operatorOf({ name, stateful, role }: OperatorNode): PlannedOperator {
  const topics = role.kind === 'source' ? role.source.topics : role.kind === 'sink' ? [role.sink.topic] : [];
  return { name, stateful, kind: role.kind, topics, windows: role.kind === 'operator' ? windowsOf(role.make()) : null };
}

const whenItRuns = (): never => {
  throw new Error('Known when the job runs.');
};
const NO_TIME = { currentProcessingTime: whenItRuns, drawStagger: whenItRuns, staggerMs: null };

function windowsOf(operator: unknown): WindowPlan | null {
  if (!(operator instanceof WindowOperator)) return null;
  // What the operator was told is its own affair for everyone but the picture of it.
  const { assigner, allowedLatenessMs } = operator['spec'];
  if (!assigner.isEventTime) return null;
  return {
    merging: assigner.merging,
    allowedLatenessMs,
    of(timestampMs) {
      try {
        return assigner.assign(undefined, timestampMs, NO_TIME);
      } catch {
        // A session whose gap the record itself decides, or windows with a drawn shift: they are known once they fire.
        return [];
      }
    },
  };
}
