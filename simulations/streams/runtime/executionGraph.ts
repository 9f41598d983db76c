// One attempt of a job: which subtask runs where, and which channels it reads and writes (Flink ExecutionGraph, InputGateDeploymentDescriptor).
import type { JobSpec } from '../../contract/scenario.ts';
import type { JobEdge, JobGraph, JobVertex } from '../graph/jobGraph.ts';
import type { LearnerHook, TaskId } from './messages.ts';

/** An input channel of a subtask: what it reads of one subtask of an edge's source. */
export interface InputSpec {
  readonly edge: JobEdge;
  readonly producer: TaskId;
  readonly producerHost: string;
  readonly subpartition: number;
}

/** Everything that a task manager needs to run one subtask. */
export interface ExecutionVertex {
  readonly job: JobSpec;
  readonly graph: JobGraph;
  readonly vertex: JobVertex;
  readonly subtask: number;
  readonly maxParallelism: number;
  readonly inputs: readonly InputSpec[];
  /** Whose functions the job calls; null = none of learner code. */
  readonly learner: LearnerHook | null;
}

/** Which subtasks of an edge's target read from a subtask of its source, in the order of the subpartitions. */
export function targetsOf(edge: JobEdge, subtask: number, graph: JobGraph): readonly number[] {
  if (edge.stream.partitioning === 'forward') return [subtask];
  return Array.from({ length: graph.vertices[edge.target]!.parallelism }, (_, i) => i);
}

/** @param hostOf the task manager of each slot. */
export function executionOf(options: {
  readonly job: JobSpec;
  readonly learner: LearnerHook | null;
  readonly graph: JobGraph;
  readonly vertex: JobVertex;
  readonly subtask: number;
  readonly attempt: number;
  readonly maxParallelism: number;
  readonly hostOf: (slot: number) => string;
}): ExecutionVertex {
  const { job, learner, graph, vertex, subtask, attempt, maxParallelism, hostOf } = options;
  const inputs: InputSpec[] = [];
  for (const edge of vertex.inputs) {
    const source = graph.vertices[edge.source]!;
    for (let from = 0; from < source.parallelism; from++) {
      const subpartition = targetsOf(edge, from, graph).indexOf(subtask);
      if (subpartition < 0) continue;
      inputs.push({ edge, subpartition, producer: { job: job.name, attempt, vertex: edge.source, subtask: from }, producerHost: hostOf(from) });
    }
  }
  return { job, learner, graph, vertex, subtask, maxParallelism, inputs };
}

/** Slots that a job needs: subtasks of different tasks share one. */
export function slotsNeeded(graph: JobGraph): number {
  return Math.max(...graph.vertices.map((v) => v.parallelism));
}
