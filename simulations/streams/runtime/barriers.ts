// What a subtask does with the barriers of a checkpoint: aligned, at least once, or unaligned (Flink SingleCheckpointBarrierHandler,
// CheckpointBarrierTracker, ChannelStateWriter).
import type { JobSpec } from '../../contract/scenario.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';
import type { OperatorState } from '../operator.ts';
import type { Barrier, Buffer } from './elements.ts';
import type { Channel } from './gate.ts';
import type { ChannelState, TaskId } from './messages.ts';
import { sizeOfStates } from './sizes.ts';

export interface BarrierHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly deadlines: Deadlines;
  readonly task: { readonly name: string; readonly id: TaskId };
  block(channel: number, blocked: boolean): void;
  ended(channel: number): boolean;
  /** Data buffers of a channel that came and were not worked through. */
  queued(channel: number): readonly Buffer[];
  /** Lets the operators do what must be done before the barrier goes on. */
  before(then: () => void): void;
  snapshot(checkpoint: number): Record<string, OperatorState>;
  sourceState(checkpoint: number): Record<string, OperatorState>;
  /** @returns what it overtook, by output edge and subpartition. */
  sendBarrier(barrier: Barrier): readonly (readonly (readonly Buffer[])[])[];
  store(checkpoint: number, operators: Readonly<Record<string, OperatorState>>, channels: ChannelState | null): void;
}

/** The checkpoint whose barriers are coming. */
interface Pending {
  barrier: Barrier;
  readonly from: Set<number>;
  readonly firstUs: number;
  /** Of an unaligned one: what was taken when the first barrier came. */
  taken: { readonly operators: Record<string, OperatorState>; readonly outputs: ChannelState['outputs'] } | null;
  /** Buffers that belong to it, by channel; null = not unaligned. */
  saved: Buffer[][] | null;
}

export class Barriers {
  private readonly channels: number;
  private readonly spec: JobSpec['checkpointing'];
  private readonly host: BarrierHost;
  private pending: Pending | null = null;
  /** The last checkpoint that this task is done with: barriers of older ones say nothing. */
  private done = 0;
  private readonly alignmentOver: Deadline;

  constructor(channels: number, spec: JobSpec['checkpointing'], host: BarrierHost) {
    this.channels = channels;
    this.spec = spec;
    this.host = host;
    this.alignmentOver = host.deadlines.make(() => this.stopAligning());
  }

  close(): void {
    this.host.deadlines.drop(this.alignmentOver);
  }

  /** A source takes part when the coordinator says so. */
  triggered(barrier: Barrier): void {
    this.take(barrier, this.host.kernel.nowUs);
  }

  /** A barrier came to its turn in a channel. */
  aligned(channel: Channel, barrier: Barrier): void {
    if (!this.accept(channel.number, barrier)) return;
    const pending = this.pending!;
    const all = this.complete(pending);
    const blocks = this.spec.mode === 'exactly-once' && !pending.saved && !all;
    this.tell(channel.number, barrier, blocks);
    if (blocks) this.host.block(channel.number, true);
    if (pending.saved) this.finishUnaligned(pending);
    else if (all) {
      this.unblock();
      this.pending = null;
      this.take(barrier, pending.firstUs);
    } else if (this.spec.unaligned && !barrier.savepoint && pending.from.size === 1) this.host.deadlines.set(this.alignmentOver, this.spec.alignedTimeoutMs);
  }

  /** A barrier came that overtakes what waits in its channel. */
  overtaking(channel: number, barrier: Barrier): void {
    if (!this.accept(channel, barrier)) return;
    this.tell(channel, barrier, false);
    const pending = this.pending!;
    if (!pending.saved) this.beginUnaligned(pending, barrier);
    this.finishUnaligned(pending);
  }

  /** A data buffer came: it belongs to an unaligned checkpoint as long as its channel's barrier has not come. */
  arrived(channel: number, buffer: Buffer): void {
    const { pending } = this;
    if (pending?.saved && !pending.from.has(channel)) pending.saved[channel]!.push(buffer);
  }

  private accept(channel: number, barrier: Barrier): boolean {
    if (barrier.checkpoint <= this.done) return false;
    if (this.pending && this.pending.barrier.checkpoint < barrier.checkpoint) this.abandon();
    if (this.pending && this.pending.barrier.checkpoint > barrier.checkpoint) return false;
    this.pending ??= { barrier, from: new Set(), firstUs: this.host.kernel.nowUs, taken: null, saved: null };
    this.pending.from.add(channel);
    return true;
  }

  private complete(pending: Pending): boolean {
    for (let c = 0; c < this.channels; c++) if (!pending.from.has(c)) return false;
    return true;
  }

  /** A newer checkpoint has begun before this one had all its barriers. */
  private abandon(): void {
    this.done = this.pending!.barrier.checkpoint;
    this.pending = null;
    this.unblock();
  }

  private unblock(): void {
    this.host.deadlines.clear(this.alignmentOver);
    for (let c = 0; c < this.channels; c++) this.host.block(c, false);
  }

  /** Alignment takes longer than aligned-checkpoint-timeout: goes on unaligned. */
  private stopAligning(): void {
    const { pending } = this;
    if (!pending || pending.saved) return;
    this.unblock();
    this.beginUnaligned(pending, { ...pending.barrier, unaligned: true });
    this.finishUnaligned(pending);
  }

  private take(barrier: Barrier, firstUs: number): void {
    const { host } = this;
    this.done = barrier.checkpoint;
    host.before(() => {
      const outputs = host.sendBarrier(barrier);
      const operators = { ...host.snapshot(barrier.checkpoint), ...host.sourceState(barrier.checkpoint) };
      const inFlight = count(outputs.flat());
      this.tellTaken(barrier, operators, host.kernel.nowUs - firstUs, inFlight);
      host.store(barrier.checkpoint, operators, barrier.unaligned ? { inputs: [], outputs } : null);
    });
  }

  private beginUnaligned(pending: Pending, barrier: Barrier): void {
    const { host } = this;
    pending.barrier = barrier;
    pending.saved = Array.from({ length: this.channels }, (_, c) => [...host.queued(c)]);
    host.before(() => {
      const outputs = host.sendBarrier(barrier);
      pending.taken = { operators: host.snapshot(barrier.checkpoint), outputs };
      this.finishUnaligned(pending);
    });
  }

  /** Ends it when the snapshot was taken and every barrier has come. */
  private finishUnaligned(pending: Pending): void {
    const { barrier, taken, saved, firstUs } = pending;
    if (this.pending !== pending || !taken || !this.complete(pending)) return;
    this.pending = null;
    this.done = barrier.checkpoint;
    this.tellTaken(barrier, taken!.operators, this.host.kernel.nowUs - firstUs, count(saved!) + count(taken!.outputs.flat()));
    this.host.store(barrier.checkpoint, taken!.operators, { inputs: saved!, outputs: taken!.outputs });
  }

  private tell(channel: number, barrier: Barrier, blocked: boolean): void {
    const { kernel: k, process, task } = this.host;
    k.cause = k.trace.emit('barrier.received', process.sym, k.cause, k.trace.sym(task.id.job), k.trace.sym(task.name), task.id.subtask, barrier.checkpoint, channel, this.channels, blocked);
  }

  private tellTaken(barrier: Barrier, operators: Record<string, OperatorState>, alignmentUs: number, inFlight: number): void {
    const { kernel: k, process, task } = this.host;
    k.cause = k.trace.emit(
      'checkpoint.snapshotTaken',
      process.sym,
      k.cause,
      k.trace.sym(task.id.job),
      k.trace.sym(task.name),
      task.id.subtask,
      barrier.checkpoint,
      sizeOfStates(operators),
      alignmentUs,
      inFlight,
    );
  }
}

function count(buffers: readonly (readonly Buffer[])[]): number {
  return buffers.reduce((sum, of) => sum + of.reduce((n, b) => n + b.records, 0), 0);
}
