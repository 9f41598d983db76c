// One subtask at work: takes a buffer, works on it for as long as its records take, hands on what comes of it; takes part in checkpoints
// (Flink StreamTask, CheckpointBarrierHandler, SubtaskCheckpointCoordinator).
import { drawInt } from '../../kernel/draws.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';
import type { OperatorNode } from '../graph/jobGraph.ts';
import type { StreamOperator } from '../operator.ts';
import { CepError } from '../cep/errors.ts';
import { StreamError } from '../errors.ts';
import { MAX_TIME } from '../time.ts';
import { Chain, type ChainHost } from './chain.ts';
import { Barriers } from './barriers.ts';
import type { Barrier, Buffer, StreamElement } from './elements.ts';
import { targetsOf, type ExecutionVertex } from './executionGraph.ts';
import { InputGate, type Channel } from './gate.ts';
import { InputTime } from './inputTime.ts';
import { LoadMeter } from './loadMeter.ts';
import { OperatorClock } from './operatorClock.ts';
import type { ChannelState, TaskId, TaskSnapshot } from './messages.ts';
import { sizeOfStates } from './sizes.ts';
import { Subpartition } from './subpartition.ts';
import type { TaskSource } from './taskSource.ts';

export interface TaskHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly deadlines: Deadlines;
  makeOperator(task: Task, node: OperatorNode): StreamOperator;
  makeSource(task: Task, node: OperatorNode): TaskSource;
  send(task: Task, edge: number, subpartition: number, buffer: Buffer, backlog: number): void;
  announce(task: Task, channel: number, credit: number): void;
  /** The task's part of a checkpoint is stored. */
  acknowledge(task: Task, checkpoint: number, snapshot: TaskSnapshot): void;
  state(task: Task, state: 'RUNNING' | 'ENDED' | 'FINISHED' | 'CANCELED' | 'FAILED', reason: string): void;
}

/** Buffers that a task's output holds before the task waits, for each subpartition and for all (Flink: local buffer pool of a result partition). */
const OUTPUT_PER_SUBPARTITION = 2;
const OUTPUT_FLOATING = 8;

export class Task {
  readonly id: TaskId;
  readonly execution: ExecutionVertex;
  readonly outputs: readonly (readonly Subpartition[])[];
  readonly gate: InputGate;
  readonly chain: Chain;
  readonly source: TaskSource | null;
  alive = true;
  private readonly host: TaskHost;
  private readonly inputTime: InputTime;
  private readonly barriers: Barriers;
  private readonly load: LoadMeter;
  private readonly workDone: Deadline;
  private readonly flushDue: Deadline;
  private readonly wake: Deadline;
  private readonly costUs: number;
  /** `waiting`: something outside must be done first, such as a flush before a barrier. */
  private phase: 'idle' | 'working' | 'blocked' | 'waiting' = 'idle';
  private current: { readonly channel: Channel | null; readonly elements: readonly StreamElement[]; readonly buffer: Buffer | null } | null = null;
  private readonly pendingTriggers: { readonly barrier: Barrier; readonly drain: boolean; readonly stop: boolean }[] = [];
  private hasEnded = false;
  private endWaits = false;
  /** What came due while the task waited for the outside: nothing may change its state between a barrier and the snapshot. */
  private readonly deferred: (() => void)[] = [];
  /** The next completed checkpoint is the last: the task finishes after it. */
  private finishAfter = -1;
  private readonly clock: OperatorClock;

  constructor(host: TaskHost, id: TaskId, execution: ExecutionVertex) {
    this.host = host;
    this.id = id;
    this.execution = execution;
    const { vertex, job } = execution;
    const { kernel, deadlines } = host;
    this.flushDue = deadlines.make(() => this.guard(() => this.flushAll()));
    this.workDone = deadlines.make(() => this.worked());
    this.wake = deadlines.make(() => this.proceed());
    this.clock = new OperatorClock(kernel, deadlines, (node) => this.clockReached(node));
    this.outputs = vertex.outputs.map((edge, number) =>
      targetsOf(edge, execution.subtask, execution.graph).map(
        (_, subpartition) =>
          new Subpartition({
            bufferRecords: job.bufferRecords,
            send: (buffer, backlog) => {
              host.send(this, number, subpartition, buffer, backlog);
              if (this.phase === 'blocked') this.wakeUp();
            },
            opened: () => deadlines.setIfAbsent(this.flushDue, job.bufferTimeoutMs),
            cause: () => kernel.cause,
          }),
      ),
    );
    this.gate = new InputGate(execution.inputs.length, (channel, credit) => host.announce(this, channel, credit));
    this.barriers = new Barriers(execution.inputs.length, job.checkpointing, this.barrierHost());
    this.load = new LoadMeter({ kernel, process: host.process, deadlines, task: this });
    this.inputTime = new InputTime(execution.inputs, {
      advance: (timeMs) => {
        if (timeMs > this.chain.head.watermarkMs) this.chain.watermark(this.chain.head, timeMs);
      },
      status: (active) => this.chain.status(this.chain.head, active),
    });
    this.costUs = vertex.nodes.reduce((sum, n) => sum + (n.workUs ?? job.workUsPerRecord), 0);
    this.chain = new Chain(this.chainHost());
    this.source = vertex.nodes[0]!.role.kind === 'source' ? host.makeSource(this, vertex.nodes[0]!) : null;
  }

  get name(): string {
    return this.execution.vertex.name;
  }

  private chainHost(): ChainHost {
    const { kernel, process } = this.host;
    return {
      trace: kernel.trace,
      execution: this.execution,
      outputs: this.outputs,
      cause: () => kernel.cause,
      setCause: (cause) => (kernel.cause = cause),
      processSym: () => process.sym,
      makeOperator: (node) => this.host.makeOperator(this, node),
      currentProcessingTime: () => this.clock.nowMs(),
      wakeAt: (node, timeMs) => this.clock.wakeAt(node, timeMs),
      fail: (reason) => this.fail(reason),
      draw: (name) => drawInt(kernel.draws(process, `job/${this.id.job}/${this.id.attempt}/${this.execution.subtask}/${name}`), 0, 4_294_967_296),
    };
  }

  private clockReached(node: OperatorNode): void {
    if (this.phase === 'waiting') {
      this.deferred.push(() => this.clockReached(node));
      return;
    }
    this.guard(() =>
      this.chain.processingTime(
        this.chain.links.find((l) => l.node === node)!,
        this.clock.nowMs(),
      ),
    );
    if (this.endWaits && !this.anyPending()) this.guard(() => this.endNow());
    if (this.phase === 'blocked') this.wakeUp();
  }

  private anyPending(): boolean {
    return this.chain.links.some((l) => l.operator?.pending === true);
  }

  /* ---- life ---- */

  start(restored: TaskSnapshot | null): void {
    this.guard(() => {
      if (restored) {
        this.chain.restore(restored.operators);
        const head = this.execution.vertex.nodes[0]!;
        const state = restored.operators[head.uid];
        this.source?.restore(state?.list ?? [], state?.everyList ?? []);
        this.putBack(restored.channels);
      }
      this.host.state(this, 'RUNNING', '');
      for (const { operator } of this.chain.links) operator?.started?.();
      this.source?.start();
    });
    this.proceed();
  }

  private putBack(channels: ChannelState | null): void {
    channels?.inputs.forEach((buffers, n) => this.gate.channels[n]?.queue.push(...buffers));
    channels?.outputs.forEach((partitions, edge) => partitions.forEach((buffers, n) => this.outputs[edge]?.[n]?.restore(buffers)));
  }

  cancel(): void {
    if (!this.alive) return;
    this.stop();
    this.host.state(this, 'CANCELED', '');
  }

  fail(reason: string): void {
    if (!this.alive) return;
    this.stop();
    this.host.state(this, 'FAILED', reason);
  }

  private stop(): void {
    this.alive = false;
    this.source?.close(() => {});
    for (const { operator } of this.chain.links) operator?.close?.();
    for (const d of [this.workDone, this.flushDue, this.wake]) this.host.deadlines.drop(d);
    this.clock.close();
    this.barriers.close();
    this.load.close();
  }

  /** What a learner's function throws fails the task, not the run. */
  private guard(work: () => void): void {
    if (!this.alive) return;
    const { learner } = this.execution;
    learner?.entered();
    try {
      work();
    } catch (error) {
      // What a condition of a pattern threw is the learner's own error; the pattern only says that it did.
      learner?.threw(error instanceof CepError && error.cause !== undefined ? error.cause : error);
      if (error instanceof StreamError || error instanceof CepError) this.fail(error.code);
      else if (error instanceof Error) this.fail(error.name);
      else this.fail('Error');
    }
  }

  /* ---- work ---- */

  /** Something came, or room is there: goes on as soon as what is happening now is over. */
  wakeUp(): void {
    if (this.alive) this.host.deadlines.setIfAbsent(this.wake, 0);
  }

  /** A buffer came in. */
  receive(channel: number, buffer: Buffer, backlog: number): void {
    if (buffer.event?.kind === 'barrier' && buffer.event.barrier.unaligned) {
      this.host.kernel.cause = buffer.cause;
      this.barriers.overtaking(channel, buffer.event.barrier);
      this.wakeUp();
      return;
    }
    if (!buffer.event) this.barriers.arrived(channel, buffer);
    this.gate.receive(channel, buffer, backlog);
    this.wakeUp();
  }

  private proceed(): void {
    if (!this.alive || this.phase === 'working' || this.phase === 'waiting') return;
    for (let i = 0; i < 1_000 && this.alive; i++) {
      if (this.pendingTriggers.length > 0) {
        this.trigger();
        if (this.busy()) return;
        continue;
      }
      if (this.fullOperator() || this.fullOutput()) {
        this.setPhase('blocked');
        return;
      }
      if (!this.takeOne()) {
        this.setPhase('idle');
        return;
      }
      if (this.busy()) return;
    }
    this.wakeUp();
  }

  private busy(): boolean {
    return this.phase === 'working' || this.phase === 'waiting';
  }

  private setPhase(phase: Task['phase']): void {
    this.phase = phase;
    // Waiting for a full operator is the task's own work, as in Flink: only who waits for those behind it is back-pressured.
    this.load.now(phase === 'working' || phase === 'waiting' || (phase === 'blocked' && this.fullOperator()) ? 'busy' : phase === 'blocked' ? 'backPressured' : 'idle');
  }

  private fullOperator(): boolean {
    for (const { operator } of this.chain.links) if (operator?.full) return true;
    return false;
  }

  private fullOutput(): boolean {
    for (const partitions of this.outputs) {
      let waiting = 0;
      for (const p of partitions) waiting += p.backlog;
      if (waiting >= partitions.length * OUTPUT_PER_SUBPARTITION + OUTPUT_FLOATING) return true;
    }
    return false;
  }

  /** Takes the next piece of work. @returns whether there was one. */
  private takeOne(): boolean {
    if (this.source) {
      if (this.hasEnded) return false;
      const elements = this.source.poll();
      if (!elements) {
        if (!this.source.ended) return false;
        this.guard(() => this.end());
        return true;
      }
      this.work(
        { channel: null, elements, buffer: null },
        elements.reduce((n, e) => n + (e.kind === 'record' ? 1 : 0), 0),
      );
      return true;
    }
    const next = this.gate.next();
    if (!next) return false;
    const { channel, buffer } = next;
    if (buffer.event) {
      this.host.kernel.cause = buffer.cause;
      const { event } = buffer;
      this.guard(() => (event.kind === 'barrier' ? this.barriers.aligned(channel, event.barrier) : this.channelEnded(channel)));
      return true;
    }
    this.work({ channel, elements: buffer.elements, buffer }, buffer.records);
    return true;
  }

  private work(work: NonNullable<Task['current']>, records: number): void {
    this.current = work;
    this.setPhase('working');
    this.host.deadlines.set(this.workDone, (records * this.costUs) / 1000);
  }

  private worked(): void {
    if (this.phase === 'waiting') {
      this.deferred.push(() => this.worked());
      return;
    }
    const { current } = this;
    if (!current || !this.alive) return;
    this.current = null;
    this.setPhase('idle');
    this.guard(() => {
      for (const element of current.elements) this.take(element, current.channel);
      if (current.channel) this.gate.recycle(current.channel);
    });
    this.proceed();
  }

  private take(element: StreamElement, channel: Channel | null): void {
    const { head } = this.chain;
    const { kernel } = this.host;
    if (!channel) {
      this.takeFromSource(element);
      return;
    }
    const spec = this.execution.inputs[channel.number]!;
    if (element.kind === 'record') this.chain.element(head, element.record, spec.edge.stream.input);
    else {
      kernel.cause = element.cause;
      if (element.kind === 'watermark') this.inputTime.watermark(channel.number, element.timeMs);
      else this.inputTime.status(channel.number, element.active);
    }
  }

  private takeFromSource(element: StreamElement): void {
    const { chain } = this;
    const { kernel } = this.host;
    if (element.kind === 'record') {
      const { record } = element;
      kernel.cause = record.cause;
      chain.origin = record.record;
      chain.outputOf(chain.head).collect(record.value, record.timestampMs);
      chain.origin = -1;
      return;
    }
    kernel.cause = element.cause;
    if (element.kind === 'watermark') chain.watermark(chain.head, element.timeMs);
    else chain.status(chain.head, element.active);
  }

  private flushAll(): void {
    for (const partitions of this.outputs) for (const p of partitions) p.flush();
  }

  /* ---- the end of the data ---- */

  private channelEnded(channel: Channel): void {
    channel.ended = true;
    if (this.gate.channels.every((c) => c.ended)) this.end();
  }

  /** All that will ever come has come: the last watermark goes through, and the end behind it. */
  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (this.source || this.chain.head.watermarkMs < MAX_TIME) this.chain.watermark(this.chain.head, MAX_TIME);
    if (this.anyPending()) this.endWaits = true;
    else this.endNow();
  }

  private endNow(): void {
    this.endWaits = false;
    for (const partitions of this.outputs) for (const p of partitions) p.end();
    this.host.state(this, 'ENDED', '');
  }

  /* ---- checkpoints ---- */

  /** The coordinator wants a checkpoint of a source. */
  triggerCheckpoint(barrier: Barrier, drain: boolean, stop: boolean): void {
    this.pendingTriggers.push({ barrier, drain, stop });
    this.wakeUp();
  }

  private trigger(): void {
    const { barrier, drain, stop } = this.pendingTriggers.shift()!;
    if (drain) this.guard(() => this.end());
    if (stop) {
      this.source?.stopReading();
      this.hasEnded = true;
    }
    this.guard(() => this.barriers.triggered(barrier));
  }

  private barrierHost(): ConstructorParameters<typeof Barriers>[2] {
    const { kernel, process, deadlines } = this.host;
    return {
      kernel,
      process,
      deadlines,
      task: this,
      block: (channel, blocked) => {
        this.gate.channels[channel]!.blocked = blocked;
        if (!blocked) this.wakeUp();
      },
      ended: (channel) => this.gate.channels[channel]!.ended,
      queued: (channel) => {
        const waiting = this.gate.channels[channel]!.queue.filter((b) => !b.event);
        const { current } = this;
        return current?.buffer && current.channel?.number === channel ? [current.buffer, ...waiting] : waiting;
      },
      before: (then) => this.before(then),
      snapshot: (checkpoint) => this.chain.snapshot(checkpoint),
      sourceState: (checkpoint) => (this.source ? { [this.execution.vertex.nodes[0]!.uid]: { keyed: [], list: this.source.snapshot(checkpoint) } } : {}),
      sendBarrier: (barrier) => this.outputs.map((partitions) => partitions.map((p) => p.barrier(barrier))),
      store: (checkpoint, operators, channels) => this.store(checkpoint, operators, channels),
    };
  }

  /** Lets the operators do what must be done before the barrier. While they wait for the outside the task does nothing else. */
  private before(then: () => void): void {
    const waiting = this.chain.links.flatMap(({ operator }) => (operator?.beforeBarrier ? [operator] : []));
    let left = waiting.length;
    if (left === 0) {
      then();
      return;
    }
    this.setPhase('waiting');
    let inCall = true;
    const done = () => {
      if (--left > 0) return;
      this.setPhase(this.current ? 'working' : 'idle');
      this.guard(then);
      for (const work of this.deferred.splice(0)) work();
      if (!inCall) this.proceed();
    };
    for (const operator of waiting) operator.beforeBarrier!(done);
    inCall = false;
  }

  private store(checkpoint: number, operators: TaskSnapshot['operators'], channels: ChannelState | null): void {
    const { kernel, process, deadlines } = this.host;
    const { uploadUs, uploadUsPerKilobyte } = this.execution.job.checkpointing;
    const bytes = sizeOfStates(operators);
    const jitterUs = drawInt(kernel.draws(process, `upload/${this.id.job}/${this.id.vertex}/${this.id.subtask}`), checkpoint, Math.floor(uploadUs / 2) + 1);
    const stored = deadlines.make(() => {
      deadlines.drop(stored);
      if (this.alive) this.host.acknowledge(this, checkpoint, { operators, channels, bytes });
    });
    deadlines.set(stored, (uploadUs + jitterUs + Math.floor((bytes * uploadUsPerKilobyte) / 1024)) / 1000);
  }

  /** @param last whether the task finishes after it. */
  checkpointComplete(checkpoint: number, last: boolean): void {
    if (!this.alive) return;
    if (last) this.finishAfter = checkpoint;
    const told = this.chain.links.flatMap(({ operator }) => (operator?.checkpointComplete ? [operator] : []));
    let left = told.length;
    const done = () => {
      if (--left <= 0 && this.finishAfter === checkpoint) this.finish();
    };
    this.guard(() => {
      this.source?.checkpointComplete(checkpoint);
      for (const operator of told) operator.checkpointComplete!(checkpoint, done);
    });
    if (told.length === 0) done();
  }

  /** Without checkpoints the end of the data is the end of the task. */
  finish(): void {
    if (!this.alive) return;
    const finished = () => {
      if (!this.alive) return;
      this.stop();
      this.host.state(this, 'FINISHED', '');
    };
    if (this.source) this.source.close(finished);
    else finished();
  }
}
