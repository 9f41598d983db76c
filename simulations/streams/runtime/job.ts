// One job and its attempts: deployed when there are slots, checkpointed, canceled and started again when a part of it fails
// (Flink JobMaster, SchedulerBase, CheckpointCoordinator).
import type { JobSpec } from '../../contract/scenario.ts';
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';
import type { Kernel, Process } from '../../kernel/kernel.ts';
import { StreamError } from '../errors.ts';
import { jobGraphOf, type JobGraph, type StreamGraph } from '../graph/jobGraph.ts';
import { defaultMaxParallelism } from '../keyGroups.ts';
import { Alignments } from './alignments.ts';
import { Checkpoints, type CompletedCheckpoint } from './checkpoints.ts';
import { executionOf, slotsNeeded } from './executionGraph.ts';
import { taskKey, type StreamMessage, type TaskId } from './messages.ts';
import { redistribute } from './rescale.ts';
import { RestartStrategy } from './restartStrategy.ts';

/** What a job of the scenario is called that learner code puts together. */
export const SUBMITTED = 'submitted';

/** Makes the graph of a job. @throws StreamError for a job that cannot run. */
export type JobMaker = (spec: JobSpec) => StreamGraph;

/** What a job needs of the job manager. */
export interface JobHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly deadlines: Deadlines;
  send(taskManager: string, message: StreamMessage): void;
  /** Free slots, as the names of their task managers. */
  freeSlots(): string[];
}

export type JobState = 'CREATED' | 'RUNNING' | 'FAILING' | 'RESTARTING' | 'FINISHED' | 'FAILED' | 'SUSPENDED';

/** What outlives the job manager. */
export interface Stored {
  latest: CompletedCheckpoint | null;
  nextCheckpoint: number;
  attempt: number;
  parallelism: number;
  maxParallelism: number;
  over: 'FINISHED' | 'FAILED' | 'SUSPENDED' | null;
  /** What learner code handed over; null = a job of the catalogue, or not yet. */
  handedOver: Submitted | null;
  /** Actions that were carried out, by number. */
  done: number[];
}

type Submitted = Extract<StreamMessage, { kind: 'submitJob' }>;

type Told = Extract<StreamMessage, { kind: 'updateTaskState' | 'acknowledgeCheckpoint' | 'reportedWatermark' }>;

interface Running {
  readonly id: TaskId;
  readonly host: string;
  readonly name: string;
  state: 'DEPLOYING' | 'RUNNING' | 'ENDED' | 'FINISHED' | 'CANCELED' | 'FAILED';
}

export class Job {
  spec: JobSpec;
  /** The task manager of each slot that the present attempt uses. */
  slots: string[] = [];
  private readonly jm: JobHost;
  private readonly make: JobMaker;
  private readonly disk: Map<string, Stored>;
  private stored!: Stored;
  private graph!: JobGraph;
  private state: JobState = 'CREATED';
  private tasks = new Map<string, Running>();
  private readonly submit: Deadline;
  private readonly restart: Deadline;
  private readonly actions: readonly Deadline[];
  private readonly strategy: RestartStrategy;
  private readonly checkpoints: Checkpoints;
  private readonly alignments: Alignments;
  private isSubmitted = false;
  private tell: ((state: 'FINISHED' | 'FAILED' | 'SUSPENDED', reason: string) => void) | null = null;
  /** What a stop with a savepoint leads to. */
  private stopping: { readonly to: 'SUSPENDED' | 'FINISHED' | 'rescale'; readonly parallelism: number } | null = null;

  constructor(jm: JobHost, given: JobSpec, make: JobMaker, disk: Map<string, Stored>) {
    this.jm = jm;
    this.spec = given;
    this.make = make;
    this.disk = disk;
    const { deadlines } = jm;
    this.submit = deadlines.make(() => this.begin());
    this.restart = deadlines.make(() => this.tryDeploy());
    this.actions = given.actions.map((_, i) => deadlines.make(() => this.act(i)));
    this.strategy = new RestartStrategy(() => this.spec, jm.kernel, jm.process);
    this.checkpoints = new Checkpoints({
      kernel: jm.kernel,
      process: jm.process,
      deadlines,
      spec: () => this.spec,
      stored: () => this.stored,
      attempt: () => this.stored.attempt,
      ready: () => this.state === 'RUNNING' && [...this.tasks.values()].every((t) => t.state === 'RUNNING' || t.state === 'ENDED'),
      tasks: () => [...this.tasks.values()].map((t) => t.id),
      nameOf: (id) => this.tasks.get(taskKey(id))!.name,
      trigger: (barrier, how) => this.toAll({ kind: 'triggerCheckpoint', job: given.name, attempt: this.stored.attempt, barrier, ...how }),
      completed: (checkpoint, last) => this.completed(checkpoint, last),
      failed: (reason) => this.fail(reason),
    });
    this.alignments = new Alignments((group, maxAllowedMs) => this.toAll({ kind: 'watermarkAlignment', job: given.name, attempt: this.stored.attempt, group, maxAllowedMs }));
  }

  start(): void {
    const { kernel, deadlines } = this.jm;
    const inMs = (atMs: number) => Math.max(0, atMs - kernel.nowUs / 1000);
    deadlines.set(this.submit, inMs(this.spec.startMs));
    const done = this.disk.get(this.spec.name)?.done ?? [];
    this.actions.forEach((a, i) => {
      if (!done.includes(i)) deadlines.set(a, inMs(this.spec.actions[i]!.atMs));
    });
  }

  private begin(): void {
    const known = this.disk.get(this.spec.name);
    const { parallelism, maxParallelism } = this.spec;
    this.stored = known ?? { latest: null, nextCheckpoint: 1, attempt: 0, parallelism, maxParallelism: maxParallelism ?? defaultMaxParallelism(parallelism), over: null, handedOver: null, done: [] };
    this.disk.set(this.spec.name, this.stored);
    if (this.stored.over) {
      this.state = this.stored.over;
      return;
    }
    if (this.spec.job === SUBMITTED) {
      const { handedOver } = this.stored;
      if (!handedOver) return;
      this.settle(handedOver);
    }
    this.isSubmitted = true;
    if (this.buildGraph()) this.tryDeploy();
  }

  /** Learner code hands the job over. @param tell whoever did so how it goes. */
  submitted(job: Submitted, tell: (state: 'ACCEPTED' | 'REJECTED' | 'FINISHED' | 'FAILED' | 'SUSPENDED', reason: string) => void): void {
    if (!this.stored) {
      // Handed over before the scenario says that it may run: waits until then.
      this.jm.deadlines.clear(this.submit);
      this.begin();
    }
    if (this.stored.handedOver) {
      tell('REJECTED', 'ALREADY_SUBMITTED');
      return;
    }
    this.settle(job);
    try {
      jobGraphOf(job.graph, this.stored.parallelism);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      tell('REJECTED', error.code);
      return;
    }
    this.stored.handedOver = job;
    this.tell = tell;
    tell('ACCEPTED', '');
    this.isSubmitted = true;
    if (this.buildGraph()) this.tryDeploy();
  }

  /** What the code says goes before what the scenario says. */
  private settle({ settings }: Submitted): void {
    const { checkpointing, parallelism } = settings;
    this.spec = { ...this.spec, ...(parallelism !== undefined && { parallelism }), checkpointing: { ...this.spec.checkpointing, ...checkpointing } };
    if (this.stored.attempt > 0 || parallelism === undefined) return;
    this.stored.parallelism = parallelism;
    this.stored.maxParallelism = this.spec.maxParallelism ?? defaultMaxParallelism(parallelism);
  }

  private buildGraph(): boolean {
    try {
      this.graph = jobGraphOf(this.stored.handedOver?.graph ?? this.make(this.spec), this.stored.parallelism);
      return true;
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.enter('FAILED', error.code);
      return false;
    }
  }

  private enter(to: JobState, reason: string, delayMs = -1): void {
    const { kernel: k, process } = this.jm;
    k.cause = k.trace.emit('job.stateChanged', process.sym, k.cause, k.trace.sym(this.spec.name), this.stored.attempt, k.trace.sym(this.state), k.trace.sym(to), k.trace.sym(reason), delayMs);
    this.state = to;
    if (to === 'FINISHED' || to === 'FAILED' || to === 'SUSPENDED') {
      this.stored.over = to;
      this.slots = [];
      this.tell?.(to, reason);
    }
  }

  /* ---- deployment ---- */

  slotsChanged(): void {
    if (this.isSubmitted && this.state === 'CREATED') this.tryDeploy();
  }

  private tryDeploy(): void {
    if (this.state === 'RESTARTING') this.enter('CREATED', '');
    if (this.state !== 'CREATED') return;
    const needed = slotsNeeded(this.graph);
    const free = this.jm.freeSlots();
    if (free.length < needed) return;
    this.slots = free.slice(0, needed);
    this.deploy();
  }

  private deploy(): void {
    const { stored, spec, graph, jm } = this;
    stored.attempt++;
    const { attempt, latest, maxParallelism } = stored;
    this.enter('RUNNING', '');
    const { kernel: k, process } = jm;
    if (latest) k.cause = k.trace.emit('job.restored', process.sym, k.cause, k.trace.sym(spec.name), attempt, latest.checkpoint, slotsNeeded(graph));
    this.tellPlan();
    this.tasks = new Map();
    const restored = latest ? redistribute(latest, maxParallelism) : null;
    for (const vertex of graph.vertices) {
      for (let subtask = 0; subtask < vertex.parallelism; subtask++) {
        const task: TaskId = { job: spec.name, attempt, vertex: vertex.number, subtask };
        const host = this.slots[subtask]!;
        this.tasks.set(taskKey(task), { id: task, host, name: vertex.name, state: 'DEPLOYING' });
        const execution = executionOf({ job: spec, learner: stored.handedOver?.learner ?? null, graph, vertex, subtask, attempt, maxParallelism, hostOf: (slot) => this.slots[slot]! });
        jm.send(host, { kind: 'submitTask', task, execution, restored: restored?.(vertex, subtask) ?? null });
      }
    }
    this.checkpoints.begin();
  }

  /** What the attempt is made of: a job of learner code is known by nothing else. */
  private tellPlan(): void {
    const { kernel: k, process } = this.jm;
    const { trace } = k;
    const { vertices } = this.graph;
    const of = [trace.sym(this.spec.name), this.stored.attempt] as const;
    for (const { number, name, parallelism, nodes, inputs } of vertices) {
      const task = [number, trace.sym(name)] as const;
      for (const { name: operator, role, stateful } of nodes) {
        const topics = role.kind === 'source' ? role.source.topics.join(',') : role.kind === 'sink' ? role.sink.topic : '';
        trace.emit('job.operatorPlanned', process.sym, k.cause, ...of, ...task, parallelism, trace.sym(operator), trace.sym(role.kind), stateful, trace.sym(topics));
      }
      for (const { source, stream } of inputs) trace.emit('job.channelsPlanned', process.sym, k.cause, ...of, ...task, source, trace.sym(vertices[source]!.name), trace.sym(stream.partitioning));
    }
  }

  private toAll(message: StreamMessage): void {
    for (const host of new Set(this.slots)) this.jm.send(host, message);
  }

  /* ---- what tasks tell ---- */

  told(m: Told): void {
    if (m.task.attempt !== this.stored.attempt) return;
    if (m.kind === 'acknowledgeCheckpoint') this.checkpoints.acknowledged(m.task, m.checkpoint, m.snapshot);
    else if (m.kind === 'reportedWatermark') this.alignments.reported(m, this.graph.vertices[m.task.vertex]!);
    else this.taskState(m);
  }

  private taskState(m: Extract<Told, { kind: 'updateTaskState' }>): void {
    const task = this.tasks.get(taskKey(m.task));
    if (!task) return;
    task.state = m.state;
    if (m.state === 'FAILED') this.fail(m.reason);
    else if (this.state === 'FAILING') this.canceled();
    else if (m.state === 'ENDED') this.ended();
    else if (m.state === 'FINISHED' && this.all('FINISHED')) this.finished();
    else if (m.state === 'RUNNING' && this.state === 'RUNNING') this.checkpoints.taskReady();
  }

  private all(state: Running['state']): boolean {
    return [...this.tasks.values()].every((t) => t.state === state);
  }

  /** All data has gone through. With checkpoints one more commits what the sinks hold; without them it is over. */
  private ended(): void {
    if (!this.all('ENDED') || this.stopping) return;
    if (this.spec.checkpointing.intervalMs === 0) this.toAll({ kind: 'finishTasks', job: this.spec.name, attempt: this.stored.attempt });
    else this.checkpoints.nextIsLast();
  }

  private completed(checkpoint: number, last: boolean): void {
    this.toAll({ kind: 'notifyCheckpointComplete', job: this.spec.name, attempt: this.stored.attempt, checkpoint, last });
  }

  private finished(): void {
    this.checkpoints.end();
    const { stopping } = this;
    this.stopping = null;
    if (stopping?.to === 'rescale') {
      this.stored.parallelism = stopping.parallelism;
      this.slots = [];
      this.enter('CREATED', 'rescale');
      if (this.buildGraph()) this.tryDeploy();
    } else this.enter(stopping ? stopping.to : 'FINISHED', '');
  }

  /* ---- failure ---- */

  taskManagerLost(name: string, reason: string): void {
    if (!this.isSubmitted) return;
    let hit = false;
    for (const task of this.tasks.values()) {
      if (task.host !== name || task.state === 'FINISHED') continue;
      task.state = 'FAILED';
      hit = true;
    }
    if (!hit || !this.slots.includes(name)) return;
    if (this.state === 'RUNNING') this.fail(reason);
    else if (this.state === 'FAILING') this.canceled();
  }

  /** The whole job restarts: its tasks are connected by pipelined exchanges, so they are one region. */
  private fail(reason: string): void {
    if (this.state !== 'RUNNING') {
      if (this.state === 'FAILING') this.canceled();
      return;
    }
    this.checkpoints.abort();
    this.stopping = null;
    this.enter('FAILING', reason);
    this.toAll({ kind: 'cancelTasks', job: this.spec.name, attempt: this.stored.attempt });
    this.canceled();
  }

  private canceled(): void {
    const left = [...this.tasks.values()].some((t) => t.state === 'RUNNING' || t.state === 'ENDED' || t.state === 'DEPLOYING');
    if (left) return;
    this.slots = [];
    const delayMs = this.strategy.failed();
    if (delayMs === null) {
      this.enter('FAILED', 'no restart left');
      return;
    }
    this.enter('RESTARTING', '', delayMs);
    this.jm.deadlines.set(this.restart, delayMs);
  }

  /* ---- what is done with the job from outside ---- */

  private act(number: number): void {
    const action = this.spec.actions[number]!;
    if (!this.isSubmitted || this.state !== 'RUNNING' || this.stopping) {
      // Nothing to act on now: tried again until it runs, as someone would at a command line.
      if (this.stored?.over === null || !this.isSubmitted) this.jm.deadlines.set(this.actions[number]!, 1_000);
      return;
    }
    if (action.kind === 'savepoint') {
      if (this.checkpoints.savepoint({ drain: false, stop: false })) this.stored.done.push(number);
      else this.jm.deadlines.set(this.actions[number]!, 1_000);
      return;
    }
    const drain = action.kind === 'drain';
    if (!this.checkpoints.savepoint({ drain, stop: !drain })) {
      this.jm.deadlines.set(this.actions[number]!, 1_000);
      return;
    }
    this.stored.done.push(number);
    this.stopping = { to: action.kind === 'rescale' ? 'rescale' : drain ? 'FINISHED' : 'SUSPENDED', parallelism: action.parallelism ?? this.stored.parallelism };
  }
}
