// The job manager: knows the task managers, deploys jobs to their slots, restarts what fails (Flink Dispatcher, JobMaster, ResourceManager).
// Its disk stands for the store of completed checkpoints and for the high-availability services: it finds its jobs again after a crash.
import type { StreamsSpec } from '../../contract/scenario.ts';
import { Deadlines, type Deadline } from '../../kafka/deadlines.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { Job, SUBMITTED, type JobHost, type JobMaker, type Stored } from './job.ts';
import type { StreamMessage } from './messages.ts';
import { post } from './wire.ts';

const DEADLINES = 1;

/** A task manager that has registered. */
export interface Registered {
  readonly name: string;
  readonly slots: number;
  readonly conn: Conn;
  readonly heartbeatLost: Deadline;
}

export class JobManager implements Behavior, JobHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly deadlines: Deadlines;
  readonly taskManagers = new Map<string, Registered>();
  private readonly spec: StreamsSpec;
  private readonly jobs: Job[];
  private readonly beat: Deadline;

  constructor(kernel: Kernel, process: Process, spec: StreamsSpec, make: JobMaker) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.deadlines = new Deadlines(kernel, process, DEADLINES);
    const disk = (process.disk ??= new Map<string, Stored>()) as Map<string, Stored>;
    this.jobs = spec.jobs.map((job) => new Job(this, job, make, disk));
    this.beat = this.deadlines.make(() => this.heartbeat());
  }

  start(): void {
    for (const job of this.jobs) job.start();
    this.deadlines.set(this.beat, this.spec.heartbeatIntervalMs);
  }

  timer(_kind: number, a: number, b: number): void {
    this.deadlines.timer(a, b);
  }

  closed(conn: Conn): void {
    for (const [name, registered] of this.taskManagers) if (registered.conn === conn) this.lost(name, 'TaskManager disconnected');
  }

  message(conn: Conn, m: Message): void {
    const message = m.body as StreamMessage;
    switch (message.kind) {
      case 'registerTaskManager':
        this.register(conn, message.name, message.slots);
        return;
      case 'submitJob': {
        const job = this.jobs.find((j) => j.spec.name === message.job && j.spec.job === SUBMITTED);
        if (job) job.submitted(message, (state, reason) => post(this.kernel, this.process, conn, { kind: 'jobStatus', state, reason }));
        else post(this.kernel, this.process, conn, { kind: 'jobStatus', state: 'REJECTED', reason: 'UNKNOWN_JOB' });
        return;
      }
      case 'heartbeat': {
        for (const r of this.taskManagers.values()) if (r.conn === conn) this.deadlines.set(r.heartbeatLost, this.spec.heartbeatTimeoutMs);
        return;
      }
      case 'updateTaskState':
      case 'acknowledgeCheckpoint':
      case 'reportedWatermark':
        this.jobs.find((j) => j.spec.name === message.task.job)?.told(message);
        return;
      case 'submitTask':
      case 'cancelTasks':
      case 'triggerCheckpoint':
      case 'notifyCheckpointComplete':
      case 'finishTasks':
      case 'partitionRequest':
      case 'buffer':
      case 'addCredit':
      case 'watermarkAlignment':
      case 'jobStatus':
        throw new Error(`the job manager was sent ${message.kind}`);
    }
  }

  private register(conn: Conn, name: string, slots: number): void {
    if (this.taskManagers.has(name)) this.lost(name, 'TaskManager registered again');
    const heartbeatLost = this.deadlines.make(() => this.lost(name, 'heartbeat timeout'));
    this.taskManagers.set(name, { name, slots, conn, heartbeatLost });
    this.deadlines.set(heartbeatLost, this.spec.heartbeatTimeoutMs);
    for (const job of this.jobs) job.slotsChanged();
  }

  private lost(name: string, reason: string): void {
    const registered = this.taskManagers.get(name)!;
    this.taskManagers.delete(name);
    this.deadlines.drop(registered.heartbeatLost);
    this.kernel.network.close(registered.conn, false);
    for (const job of this.jobs) job.taskManagerLost(name, `${reason}: ${name}`);
  }

  private heartbeat(): void {
    this.deadlines.set(this.beat, this.spec.heartbeatIntervalMs);
    for (const r of this.taskManagers.values()) post(this.kernel, this.process, r.conn, { kind: 'heartbeat', answer: false });
  }

  send(name: string, message: StreamMessage): void {
    const registered = this.taskManagers.get(name);
    if (registered) post(this.kernel, this.process, registered.conn, message);
  }

  /** Free slots, as task managers: one entry for each, those of one task manager together, in order of their names. */
  freeSlots(): string[] {
    const used = new Map<string, number>();
    for (const job of this.jobs) for (const host of job.slots) used.set(host, (used.get(host) ?? 0) + 1);
    return [...this.taskManagers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).flatMap((r) => Array.from({ length: Math.max(0, r.slots - (used.get(r.name) ?? 0)) }, () => r.name));
  }
}
