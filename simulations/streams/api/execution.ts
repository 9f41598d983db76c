// The environment of learner code: a job put together here is handed to the job manager of the run (Flink StreamExecutionEnvironment, JobClient).
import { StreamError } from '../errors.ts';
import type { JobSettings } from '../runtime/messages.ts';
import { StreamExecutionEnvironment as Environment } from './environment.ts';

/** What a job that was handed over can be asked. */
export interface JobClient {
  readonly jobName: string;
  /** Settles when the job is over. Rejects with a StreamError JOB_FAILED when it failed. */
  getJobExecutionResult(): Promise<{ readonly jobName: string; readonly state: 'FINISHED' | 'SUSPENDED' }>;
}

/** Hands a job over. Set by whoever runs the learner's code, for each process. */
export type Submit = (name: string, environment: StreamExecutionEnvironment) => Promise<JobClient>;

function whole(name: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) throw new StreamError('INVALID_SETTING', `${name} must be a whole number from ${min} to ${max}, and it is ${value}.`);
  return value;
}

export class StreamExecutionEnvironment extends Environment {
  private readonly submit: Submit;
  private parallelism: number | undefined;
  private readonly checkpointing: { -readonly [K in keyof NonNullable<JobSettings['checkpointing']>]: NonNullable<JobSettings['checkpointing']>[K] } = {};

  /** @internal Use getExecutionEnvironment. */
  constructor(submit: Submit) {
    super();
    this.submit = submit;
  }

  /** The environment of this process. */
  static getExecutionEnvironment(): StreamExecutionEnvironment {
    throw new StreamError('NO_ENVIRONMENT', 'There is no job manager here. Run this file in a scenario with stream jobs.');
  }

  /** Subtasks of every operator that sets no number of its own. @param parallelism 1 to 8. */
  setParallelism(parallelism: number): this {
    this.parallelism = whole('The parallelism', parallelism, 1, 8);
    return this;
  }

  /** @param intervalMs 10 to 600,000. */
  enableCheckpointing(intervalMs: number, mode: 'exactly-once' | 'at-least-once' = 'exactly-once'): this {
    this.checkpointing.intervalMs = whole('The checkpoint interval', intervalMs, 10, 600_000);
    this.checkpointing.mode = mode;
    return this;
  }

  /** Checkpoints whose barriers overtake the records that wait in buffers. Turns no checkpoints on by itself. */
  enableUnalignedCheckpoints(): this {
    this.checkpointing.unaligned = true;
    return this;
  }

  /** @internal What was set here, in place of what the scenario says. */
  settings(): JobSettings {
    return { ...(this.parallelism !== undefined && { parallelism: this.parallelism }), ...(Object.keys(this.checkpointing).length > 0 && { checkpointing: this.checkpointing }) };
  }

  /** Hands the job over. @param name of a job of the scenario that is to come from code. Settles when the job manager has taken it. */
  executeAsync(name: string): Promise<JobClient> {
    return this.submit(name, this);
  }

  /** Hands the job over and waits for its end. */
  async execute(name: string): Promise<{ readonly jobName: string; readonly state: 'FINISHED' | 'SUSPENDED' }> {
    return (await this.executeAsync(name)).getJobExecutionResult();
  }
}
