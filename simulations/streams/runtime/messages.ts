// What job manager and task managers say to each other. Flink uses Pekko RPC and Netty for it; the names are those of its gateways and messages.
import type { StreamGraph } from '../graph/jobGraph.ts';
import type { OperatorState } from '../operator.ts';
import type { Barrier, Buffer } from './elements.ts';
import type { ExecutionVertex } from './executionGraph.ts';

export const STREAM_API = {
  RegisterTaskManager: 1001,
  SubmitTask: 1002,
  CancelTasks: 1003,
  UpdateTaskState: 1004,
  TriggerCheckpoint: 1005,
  AcknowledgeCheckpoint: 1006,
  NotifyCheckpointComplete: 1007,
  Heartbeat: 1008,
  PartitionRequest: 1009,
  BufferResponse: 1010,
  AddCredit: 1011,
  ReportedWatermark: 1012,
  WatermarkAlignment: 1013,
  FinishTasks: 1014,
  SubmitJob: 1015,
  JobStatus: 1016,
} as const;

const NAMES = new Map<number, string>(Object.entries(STREAM_API).map(([name, key]) => [key, name]));

export function streamApiName(api: number): string | undefined {
  return NAMES.get(api);
}

/** A subtask of one attempt of a job. */
export interface TaskId {
  readonly job: string;
  readonly attempt: number;
  readonly vertex: number;
  readonly subtask: number;
}

export function taskKey(id: TaskId): string {
  return `${id.job}/${id.attempt}/${id.vertex}/${id.subtask}`;
}

/** Buffers that were under way when an unaligned checkpoint was taken. */
export interface ChannelState {
  /** By input channel. */
  readonly inputs: readonly (readonly Buffer[])[];
  /** By output edge, then by subpartition. */
  readonly outputs: readonly (readonly (readonly Buffer[])[])[];
}

/** What a checkpoint holds of one subtask. */
export interface TaskSnapshot {
  /** By the uid of each operator of the chain. */
  readonly operators: Readonly<Record<string, OperatorState>>;
  readonly channels: ChannelState | null;
  readonly bytes: number;
}

/** What learner code says of a job it hands over, in place of the scenario. */
export interface JobSettings {
  readonly parallelism?: number;
  readonly checkpointing?: { readonly intervalMs?: number; readonly mode?: 'exactly-once' | 'at-least-once'; readonly unaligned?: boolean };
}

/** What the process of learner code is told of its functions at work in a job. */
export interface LearnerHook {
  /** Its functions are about to be called. */
  entered(): void;
  /** One of them threw. */
  threw(error: unknown): void;
}

export type StreamMessage =
  | { readonly kind: 'submitJob'; readonly job: string; readonly graph: StreamGraph; readonly settings: JobSettings; readonly learner: LearnerHook }
  | { readonly kind: 'jobStatus'; readonly state: 'ACCEPTED' | 'REJECTED' | 'FINISHED' | 'FAILED' | 'SUSPENDED'; readonly reason: string }
  | { readonly kind: 'registerTaskManager'; readonly name: string; readonly slots: number }
  | { readonly kind: 'submitTask'; readonly task: TaskId; readonly execution: ExecutionVertex; readonly restored: TaskSnapshot | null }
  | { readonly kind: 'cancelTasks'; readonly job: string; readonly attempt: number }
  | { readonly kind: 'updateTaskState'; readonly task: TaskId; readonly state: 'RUNNING' | 'ENDED' | 'FINISHED' | 'CANCELED' | 'FAILED'; readonly reason: string }
  | { readonly kind: 'triggerCheckpoint'; readonly job: string; readonly attempt: number; readonly barrier: Barrier; readonly drain: boolean; readonly stop: boolean }
  | { readonly kind: 'acknowledgeCheckpoint'; readonly task: TaskId; readonly checkpoint: number; readonly snapshot: TaskSnapshot }
  | { readonly kind: 'notifyCheckpointComplete'; readonly job: string; readonly attempt: number; readonly checkpoint: number; readonly last: boolean }
  | { readonly kind: 'finishTasks'; readonly job: string; readonly attempt: number }
  | { readonly kind: 'heartbeat'; readonly answer: boolean }
  | { readonly kind: 'partitionRequest'; readonly producer: TaskId; readonly edge: number; readonly subpartition: number; readonly consumer: TaskId; readonly channel: number; readonly credit: number }
  | { readonly kind: 'buffer'; readonly consumer: TaskId; readonly channel: number; readonly buffer: Buffer; readonly backlog: number }
  | { readonly kind: 'addCredit'; readonly producer: TaskId; readonly edge: number; readonly subpartition: number; readonly credit: number }
  | { readonly kind: 'reportedWatermark'; readonly task: TaskId; readonly group: string; readonly watermarkMs: number; readonly idle: boolean }
  | { readonly kind: 'watermarkAlignment'; readonly job: string; readonly attempt: number; readonly group: string; readonly maxAllowedMs: number };

export type StreamMessageKind = StreamMessage['kind'];

/** Number of the API that carries a message. */
export const API_OF: Readonly<Record<StreamMessageKind, number>> = {
  submitJob: STREAM_API.SubmitJob,
  jobStatus: STREAM_API.JobStatus,
  registerTaskManager: STREAM_API.RegisterTaskManager,
  submitTask: STREAM_API.SubmitTask,
  cancelTasks: STREAM_API.CancelTasks,
  updateTaskState: STREAM_API.UpdateTaskState,
  triggerCheckpoint: STREAM_API.TriggerCheckpoint,
  acknowledgeCheckpoint: STREAM_API.AcknowledgeCheckpoint,
  notifyCheckpointComplete: STREAM_API.NotifyCheckpointComplete,
  finishTasks: STREAM_API.FinishTasks,
  heartbeat: STREAM_API.Heartbeat,
  partitionRequest: STREAM_API.PartitionRequest,
  buffer: STREAM_API.BufferResponse,
  addCredit: STREAM_API.AddCredit,
  reportedWatermark: STREAM_API.ReportedWatermark,
  watermarkAlignment: STREAM_API.WatermarkAlignment,
};
