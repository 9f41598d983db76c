// The part of the scenario document that says which stream jobs run, and on what (Flink 1.20 configuration).
import { choice, flag, integer, list, object, optional, record, text } from './schema.ts';

const FLINK = 'Flink 1.20 configuration';
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

const checkpointing = object(
  {
    intervalMs: integer({ min: 0, max: 600_000, default: 0, unit: 'ms', doc: 'execution.checkpointing.interval; 0 = no checkpoints.', source: FLINK }),
    mode: choice(['exactly-once', 'at-least-once'], { default: 'exactly-once', doc: 'execution.checkpointing.mode.', source: FLINK }),
    unaligned: flag({ default: false, doc: 'execution.checkpointing.unaligned.enabled; needs exactly-once.', source: FLINK }),
    alignedTimeoutMs: integer({
      min: 0,
      max: 600_000,
      default: 0,
      unit: 'ms',
      doc: 'execution.checkpointing.aligned-checkpoint-timeout of unaligned checkpoints; 0 = unaligned at once.',
      source: FLINK,
    }),
    timeoutMs: integer({ min: 10, max: 600_000, default: 600_000, unit: 'ms', doc: 'execution.checkpointing.timeout.', source: FLINK }),
    minPauseMs: integer({ min: 0, max: 600_000, default: 0, unit: 'ms', doc: 'execution.checkpointing.min-pause.', source: FLINK }),
    tolerableFailures: integer({ min: 0, max: 1_000, default: 0, doc: 'execution.checkpointing.tolerable-failed-checkpoints.', source: FLINK }),
    uploadUs: integer({ min: 0, max: 600_000_000, default: 20_000, unit: 'µs', doc: 'How long storing the part of one subtask takes at least.', source: 'Millrace' }),
    uploadUsPerKilobyte: integer({ min: 0, max: 1_000_000, default: 20, unit: 'µs', doc: 'What each kilobyte of state adds to that.', source: 'Millrace' }),
  },
  { doc: 'Checkpoints of a job.' },
);

const restart = object(
  {
    strategy: choice(['exponential-delay', 'fixed-delay', 'failure-rate', 'none'], {
      default: 'exponential-delay',
      doc: 'restart-strategy.type. Without checkpoints a job that sets nothing is not restarted.',
      source: FLINK,
    }),
    attempts: integer({ min: 0, max: 2_147_483_647, default: 1, doc: 'fixed-delay.attempts.', source: FLINK }),
    delayMs: integer({ min: 0, max: 600_000, default: 1_000, unit: 'ms', doc: 'Delay of fixed-delay and failure-rate.', source: FLINK }),
    maxFailuresPerInterval: integer({ min: 1, max: 1_000, default: 1, doc: 'failure-rate.max-failures-per-interval.', source: FLINK }),
    intervalMs: integer({ min: 1, max: 3_600_000, default: 60_000, unit: 'ms', doc: 'failure-rate.failure-rate-interval.', source: FLINK }),
  },
  { doc: 'What happens after a failure.' },
);

const action = object(
  {
    atMs: integer({ min: 1, max: 600_000, unit: 'ms', doc: 'When.' }),
    kind: choice(['savepoint', 'stop', 'drain', 'rescale'], {
      doc: 'savepoint: take one and go on. stop: stop with a savepoint. drain: the same after the last watermark. rescale: stop with a savepoint and start again from it with another parallelism.',
    }),
    parallelism: optional(integer({ min: 1, max: 8, doc: 'Parallelism after a rescale.' })),
  },
  { doc: 'What an operator of the system does with a running job.' },
);

const job = object(
  {
    name: text({ pattern: NAME, doc: 'Name of the job.' }),
    job: text({ pattern: NAME, doc: 'Which job of the catalogue it is.' }),
    parallelism: integer({ min: 1, max: 8, default: 2, doc: 'Subtasks of every operator that sets no number of its own.', source: FLINK }),
    maxParallelism: optional(integer({ min: 1, max: 32_768, doc: 'pipeline.max-parallelism: number of key groups.', source: FLINK })),
    startMs: integer({ min: 0, max: 600_000, default: 500, unit: 'ms', doc: 'When it is submitted.' }),
    autoWatermarkIntervalMs: integer({ min: 1, max: 60_000, default: 200, unit: 'ms', doc: 'pipeline.auto-watermark-interval.', source: FLINK }),
    bufferTimeoutMs: integer({ min: 0, max: 60_000, default: 100, unit: 'ms', doc: 'execution.buffer-timeout.interval.', source: FLINK }),
    bufferRecords: integer({ min: 1, max: 10_000, default: 100, doc: 'Records in one network buffer at most; stands for taskmanager.memory.segment-size.', source: 'Millrace simplification' }),
    workUsPerRecord: integer({ min: 0, max: 10_000_000, default: 20, unit: 'µs', doc: 'Time that an operator works on a record where the job sets none.', source: 'Millrace' }),
    checkpointing,
    restart,
    parameters: record(text({ max: 200, doc: 'Value.' }), { max: 40, doc: 'What the job is told; it says which names it knows.' }),
    actions: list(action, { max: 20, default: [], doc: 'What is done with it while it runs.' }),
  },
  { doc: 'A stream job.' },
);

export const streams = object(
  {
    taskManagers: integer({ min: 1, max: 8, default: 2, doc: 'Task managers, named taskmanager-1, taskmanager-2 ...', source: 'Millrace' }),
    slots: integer({ min: 1, max: 8, default: 2, doc: 'taskmanager.numberOfTaskSlots (1 where Flink is told nothing).', source: FLINK }),
    heartbeatIntervalMs: integer({ min: 100, max: 600_000, default: 10_000, unit: 'ms', doc: 'heartbeat.interval.', source: FLINK }),
    heartbeatTimeoutMs: integer({ min: 100, max: 600_000, default: 50_000, unit: 'ms', doc: 'heartbeat.timeout.', source: FLINK }),
    jobs: list(job, { min: 1, max: 8, doc: 'Jobs.' }),
  },
  { doc: 'Stream jobs, and the cluster they run on. The job manager is a process of its own, jobmanager.' },
);
