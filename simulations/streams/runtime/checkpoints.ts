// The checkpoint coordinator of a job (Flink CheckpointCoordinator). One checkpoint at a time, as with Flink's default of
// execution.checkpointing.max-concurrent-checkpoints.
import type { JobSpec } from '../../contract/scenario.ts';
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Barrier } from './elements.ts';
import { taskKey, type TaskId, type TaskSnapshot } from './messages.ts';

export interface CompletedCheckpoint {
  readonly checkpoint: number;
  readonly savepoint: boolean;
  /** By vertex and subtask. */
  readonly snapshots: readonly { readonly task: TaskId; readonly snapshot: TaskSnapshot }[];
}

/** Whether the sources stop at the barrier, or end the stream in front of it. */
export interface Stopping {
  readonly drain: boolean;
  readonly stop: boolean;
}

interface Pending {
  readonly barrier: Barrier;
  readonly left: Set<string>;
  readonly snapshots: CompletedCheckpoint['snapshots'][number][];
  /** A savepoint that stops the job, or the checkpoint behind the end of the data. */
  readonly last: boolean;
}

export interface CheckpointsHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly deadlines: Deadlines;
  spec(): JobSpec;
  stored(): { latest: CompletedCheckpoint | null; nextCheckpoint: number };
  attempt(): number;
  /** All tasks run. */
  ready(): boolean;
  tasks(): readonly TaskId[];
  nameOf(id: TaskId): string;
  trigger(barrier: Barrier, how: Stopping): void;
  completed(checkpoint: number, last: boolean): void;
  /** More checkpoints failed than are tolerable. */
  failed(reason: string): void;
}

export class Checkpoints {
  private readonly host: CheckpointsHost;
  private readonly due: Deadline;
  private readonly timeout: Deadline;
  private pending: Pending | null = null;
  private failures = 0;
  private last = false;
  private waitsForTasks = false;

  constructor(host: CheckpointsHost) {
    this.host = host;
    this.due = host.deadlines.make(() => this.periodic());
    this.timeout = host.deadlines.make(() => this.expired());
  }

  private get spec(): JobSpec['checkpointing'] {
    return this.host.spec().checkpointing;
  }

  /** An attempt begins. */
  begin(): void {
    this.failures = 0;
    this.last = false;
    if (this.spec.intervalMs > 0) this.host.deadlines.set(this.due, this.spec.intervalMs);
  }

  /** The attempt is over, for good or by a failure. */
  end(): void {
    this.host.deadlines.clear(this.due);
    this.host.deadlines.clear(this.timeout);
    this.pending = null;
  }

  abort(): void {
    if (this.pending) this.tellFailed(this.pending, 'jobFailed');
    this.end();
  }

  /** All data has gone through: the next checkpoint to complete ends the job. */
  nextIsLast(): void {
    this.last = true;
  }

  taskReady(): void {
    if (this.waitsForTasks && this.host.ready()) this.periodic();
  }

  private periodic(): void {
    this.waitsForTasks = false;
    this.host.deadlines.setIfAbsent(this.due, this.spec.intervalMs);
    if (this.pending) return;
    if (!this.host.ready()) {
      this.waitsForTasks = true;
      return;
    }
    this.trigger(false, { drain: false, stop: false });
  }

  /** @returns false when a checkpoint is under way or the tasks do not all run. */
  savepoint(how: Stopping): boolean {
    if (this.pending || !this.host.ready()) return false;
    this.trigger(true, how);
    return true;
  }

  private trigger(savepoint: boolean, how: Stopping): void {
    const { kernel: k, process } = this.host;
    const spec = this.host.spec();
    const stored = this.host.stored();
    const checkpoint = stored.nextCheckpoint++;
    const { unaligned, alignedTimeoutMs } = this.spec;
    const barrier: Barrier = { checkpoint, savepoint, unaligned: unaligned && !savepoint && alignedTimeoutMs === 0, triggeredUs: k.nowUs };
    k.cause = k.trace.emit('checkpoint.triggered', process.sym, k.cause, k.trace.sym(spec.name), checkpoint, k.trace.sym(kindOf(barrier)), this.host.attempt());
    const last = savepoint ? how.drain || how.stop : this.last;
    if (last) this.host.deadlines.clear(this.due);
    this.pending = { barrier, left: new Set(this.host.tasks().map(taskKey)), snapshots: [], last };
    this.host.deadlines.set(this.timeout, this.spec.timeoutMs);
    this.host.trigger(barrier, how);
  }

  acknowledged(task: TaskId, checkpoint: number, snapshot: TaskSnapshot): void {
    const { pending } = this;
    if (!pending || pending.barrier.checkpoint !== checkpoint || !pending.left.delete(taskKey(task))) return;
    pending.snapshots.push({ task, snapshot });
    const { kernel: k, process } = this.host;
    const spec = this.host.spec();
    k.cause = k.trace.emit('checkpoint.acknowledged', process.sym, k.cause, k.trace.sym(spec.name), k.trace.sym(this.host.nameOf(task)), task.subtask, checkpoint);
    if (pending.left.size === 0) this.complete(pending);
  }

  private complete({ barrier, snapshots, last }: Pending): void {
    const { kernel: k, process, deadlines } = this.host;
    const spec = this.host.spec();
    this.pending = null;
    deadlines.clear(this.timeout);
    this.failures = 0;
    const { checkpoint, savepoint, triggeredUs } = barrier;
    // A savepoint that the job goes on from is its owner's: a failure does not go back to it, and sinks commit nothing for it (since Flink 1.15).
    const own = last || !savepoint;
    if (own) this.host.stored().latest = { checkpoint, savepoint, snapshots };
    const bytes = snapshots.reduce((sum, s) => sum + s.snapshot.bytes, 0);
    k.cause = k.trace.emit('checkpoint.completed', process.sym, k.cause, k.trace.sym(spec.name), checkpoint, k.trace.sym(kindOf(barrier)), k.nowUs - triggeredUs, bytes);
    if (!last && this.spec.intervalMs > 0) this.scheduleNext(triggeredUs);
    if (own) this.host.completed(checkpoint, last);
  }

  /** The next one comes an interval after this one was triggered, and min-pause after it was completed. */
  private scheduleNext(triggeredUs: number): void {
    const { kernel: k, deadlines } = this.host;
    const sinceMs = (k.nowUs - triggeredUs) / 1000;
    deadlines.set(this.due, Math.max(this.spec.intervalMs - sinceMs, this.spec.minPauseMs, 0));
  }

  private expired(): void {
    const { pending } = this;
    if (!pending) return;
    const { barrier, last } = pending;
    this.pending = null;
    this.tellFailed(pending, 'expired');
    // Savepoints do not count, but one that was to stop the job has stopped its sources: they start again with the job.
    if (!barrier.savepoint) this.failures++;
    if (barrier.savepoint && last) this.host.failed('Stop-with-savepoint failed');
    else if (this.failures > this.spec.tolerableFailures) this.host.failed('Exceeded checkpoint tolerable failure threshold');
    else if (this.spec.intervalMs > 0) this.scheduleNext(barrier.triggeredUs);
  }

  private tellFailed({ barrier }: Pending, reason: 'expired' | 'jobFailed'): void {
    const { kernel: k, process } = this.host;
    const spec = this.host.spec();
    k.cause = k.trace.emit('checkpoint.failed', process.sym, k.cause, k.trace.sym(spec.name), barrier.checkpoint, k.trace.sym(kindOf(barrier)), k.trace.sym(reason));
  }
}

function kindOf(barrier: Barrier): string {
  return barrier.savepoint ? 'savepoint' : 'checkpoint';
}
