// A task manager: a process with slots that runs subtasks, connects them with those of other task managers, and answers to the job manager
// (Flink TaskExecutor).
import type { StreamsSpec } from '../../contract/scenario.ts';
import { RowNaming } from '../../kafka/client/workload.ts';
import { Deadlines, type Deadline } from '../../kafka/deadlines.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { KafkaSink } from '../connectors/kafkaSink.ts';
import { KafkaSource } from '../connectors/kafkaSource.ts';
import type { OperatorNode } from '../graph/jobGraph.ts';
import type { StreamOperator } from '../operator.ts';
import type { Buffer } from './elements.ts';
import { taskKey, type StreamMessage, type TaskId, type TaskSnapshot } from './messages.ts';
import { Task, type TaskHost } from './task.ts';
import type { TaskSource } from './taskSource.ts';
import { Outbound, post } from './wire.ts';

/** Kinds of timers: one for all deadlines, and a hundred for each client of Kafka. */
const DEADLINES = 1;
const CLIENTS = 1_000;
const PER_CLIENT = 100;

/** How long a task manager waits before it tries the job manager again, ms (Flink cluster.registration.initial-timeout 100 ms, doubling; here as it stands). */
const REGISTER_AGAIN_MS = 500;

/** A client of Kafka in this process. */
interface Hosted {
  timer(kind: number, a: number, b: number): void;
  connected(conn: Conn): void;
  closedConn(conn: Conn): void;
  message(conn: Conn, message: Message): void;
}

type PartitionRequest = Extract<StreamMessage, { kind: 'partitionRequest' }>;

/** Where the buffers of a subpartition go. `conn` null: to a task of this process. */
interface Consumer {
  readonly request: PartitionRequest;
  readonly conn: Conn | null;
}

export class TaskManager implements Behavior, TaskHost {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly deadlines: Deadlines;
  private readonly spec: StreamsSpec;
  private readonly brokers: number;
  private readonly tasks = new Map<string, Task>();
  private readonly consumers = new Map<string, Consumer>();
  /** Requests for partitions of tasks that are not here yet. */
  private early: Consumer[] = [];
  private readonly peers = new Map<string, Outbound>();
  private readonly clients: Hosted[] = [];
  private readonly naming: RowNaming;
  private readonly byConn = new Map<Conn, Hosted>();
  private readonly sources = new Map<Task, KafkaSource>();
  private jobManager: Outbound | null = null;
  private readonly register: Deadline;
  private readonly heartbeatDue: Deadline;

  constructor(kernel: Kernel, process: Process, spec: StreamsSpec, brokers: number) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.brokers = brokers;
    this.deadlines = new Deadlines(kernel, process, DEADLINES);
    this.naming = new RowNaming(kernel, process);
    this.register = this.deadlines.make(() => this.connect());
    this.heartbeatDue = this.deadlines.make(() => this.lostJobManager());
  }

  start(): void {
    this.connect();
  }

  private connect(): void {
    this.jobManager = new Outbound(this.kernel, this.process, this.kernel.processNamed('jobmanager')!);
    this.jobManager.send({ kind: 'registerTaskManager', name: this.process.name, slots: this.spec.slots });
    this.deadlines.set(this.heartbeatDue, this.spec.heartbeatTimeoutMs);
  }

  timer(kind: number, a: number, b: number): void {
    if (kind >= CLIENTS) this.clients[Math.floor((kind - CLIENTS) / PER_CLIENT)]!.timer(kind, a, b);
    else this.deadlines.timer(a, b);
  }

  connected(conn: Conn): void {
    if (conn.clientData instanceof Outbound) conn.clientData.connected();
    else this.clientOf(conn)?.connected(conn);
  }

  closed(conn: Conn): void {
    if (conn === this.jobManager?.conn) {
      this.lostJobManager();
      return;
    }
    const client = this.clientOf(conn);
    if (client) {
      client.closedConn(conn);
      return;
    }
    for (const [name, peer] of this.peers) if (peer.conn === conn) this.lostPeer(name);
    for (const [key, { request, conn: used }] of this.consumers) {
      if (used !== conn) continue;
      this.consumers.delete(key);
      this.tasks.get(taskKey(request.producer))?.fail('RemoteTransportException');
    }
    this.early = this.early.filter((e) => e.conn !== conn);
  }

  message(conn: Conn, m: Message): void {
    const client = this.clientOf(conn);
    if (client) client.message(conn, m);
    else this.handle(conn, m.body as StreamMessage);
  }

  /** A client's connection: whoever asked for it made it while it was handling something, so its channel is known by its data. */
  private clientOf(conn: Conn): Hosted | undefined {
    if (conn.client !== this.process || conn.clientData instanceof Outbound) return undefined;
    let client = this.byConn.get(conn);
    if (!client) {
      client = this.clients[Math.floor(((conn.clientData as { timerKind: number }).timerKind - CLIENTS) / PER_CLIENT)]!;
      this.byConn.set(conn, client);
    }
    return client;
  }

  private lostJobManager(): void {
    this.jobManager?.close();
    this.jobManager = null;
    for (const task of this.tasks.values()) task.cancel();
    this.tasks.clear();
    this.deadlines.clear(this.heartbeatDue);
    this.deadlines.set(this.register, REGISTER_AGAIN_MS);
  }

  private lostPeer(name: string): void {
    this.peers.delete(name);
    for (const task of this.tasks.values()) if (task.execution.inputs.some((i) => i.producerHost === name)) task.fail('RemoteTransportException');
  }

  private handle(conn: Conn, m: StreamMessage): void {
    switch (m.kind) {
      case 'submitTask':
        this.submit(m.task, m.execution, m.restored);
        return;
      case 'cancelTasks':
        for (const [key, task] of this.tasks) {
          if (task.id.job !== m.job || task.id.attempt > m.attempt) continue;
          task.cancel();
          this.tasks.delete(key);
        }
        return;
      case 'triggerCheckpoint':
        for (const task of this.tasks.values()) if (task.source && task.id.job === m.job && task.id.attempt === m.attempt) task.triggerCheckpoint(m.barrier, m.drain, m.stop);
        return;
      case 'notifyCheckpointComplete':
        for (const task of this.tasks.values()) if (task.id.job === m.job && task.id.attempt === m.attempt) task.checkpointComplete(m.checkpoint, m.last);
        return;
      case 'finishTasks':
        for (const task of this.tasks.values()) if (task.id.job === m.job && task.id.attempt === m.attempt) task.finish();
        return;
      case 'watermarkAlignment':
        for (const [task, source] of this.sources) if (task.alive && task.id.job === m.job && task.id.attempt === m.attempt && alignmentOf(task) === m.group) source.align(m.maxAllowedMs);
        return;
      case 'heartbeat':
        this.deadlines.set(this.heartbeatDue, this.spec.heartbeatTimeoutMs);
        this.toJobManager({ kind: 'heartbeat', answer: true });
        return;
      case 'partitionRequest':
        this.serve({ request: m, conn });
        return;
      case 'buffer':
        this.tasks.get(taskKey(m.consumer))?.receive(m.channel, m.buffer, m.backlog);
        return;
      case 'addCredit':
        this.tasks.get(taskKey(m.producer))?.outputs[m.edge]![m.subpartition]!.addCredit(m.credit);
        return;
      case 'registerTaskManager':
      case 'submitJob':
      case 'jobStatus':
      case 'updateTaskState':
      case 'acknowledgeCheckpoint':
      case 'reportedWatermark':
        throw new Error(`a task manager was sent ${m.kind}`);
    }
  }

  private toJobManager(message: StreamMessage): void {
    this.jobManager?.send(message);
  }

  /* ---- tasks ---- */

  private submit(id: TaskId, execution: Task['execution'], restored: TaskSnapshot | null): void {
    const { kernel: k, process } = this;
    k.cause = k.trace.emit('task.stateChanged', process.sym, k.cause, k.trace.sym(id.job), k.trace.sym(execution.vertex.name), id.subtask, id.attempt, k.trace.sym('DEPLOYING'), k.trace.sym(''));
    const task = new Task(this, id, execution);
    this.tasks.set(taskKey(id), task);
    const served = this.early.filter((e) => taskKey(e.request.producer) === taskKey(id));
    this.early = this.early.filter((e) => !served.includes(e));
    task.start(restored);
    for (const e of served) this.serve(e);
    execution.inputs.forEach((input, channel) => {
      const { credit } = task.gate.channels[channel]!;
      const request: PartitionRequest = { kind: 'partitionRequest', producer: input.producer, edge: input.edge.output, subpartition: input.subpartition, consumer: id, channel, credit };
      if (input.producerHost === this.process.name) this.serve({ request, conn: null });
      else this.peer(input.producerHost).send(request);
    });
  }

  private peer(name: string): Outbound {
    let peer = this.peers.get(name);
    if (!peer) this.peers.set(name, (peer = new Outbound(this.kernel, this.process, this.kernel.processNamed(name)!)));
    return peer;
  }

  private serve(consumer: Consumer): void {
    const { producer, edge, subpartition, credit } = consumer.request;
    const task = this.tasks.get(taskKey(producer));
    if (!task) {
      this.early.push(consumer);
      return;
    }
    this.consumers.set(partitionKey(task, edge, subpartition), consumer);
    task.outputs[edge]![subpartition]!.connect(credit);
  }

  send(task: Task, edge: number, subpartition: number, buffer: Buffer, backlog: number): void {
    const { request, conn } = this.consumers.get(partitionKey(task, edge, subpartition))!;
    const { consumer, channel } = request;
    if (conn) post(this.kernel, this.process, conn, { kind: 'buffer', consumer, channel, buffer, backlog });
    else this.tasks.get(taskKey(consumer))?.receive(channel, buffer, backlog);
  }

  announce(task: Task, channel: number, credit: number): void {
    const { producer, producerHost, edge, subpartition } = task.execution.inputs[channel]!;
    if (producerHost === this.process.name) this.tasks.get(taskKey(producer))?.outputs[edge.output]![subpartition]!.addCredit(credit);
    else this.peers.get(producerHost)?.send({ kind: 'addCredit', producer, edge: edge.output, subpartition, credit });
  }

  acknowledge(task: Task, checkpoint: number, snapshot: TaskSnapshot): void {
    this.toJobManager({ kind: 'acknowledgeCheckpoint', task: task.id, checkpoint, snapshot });
  }

  state(task: Task, state: 'RUNNING' | 'ENDED' | 'FINISHED' | 'CANCELED' | 'FAILED', reason: string): void {
    const { kernel: k, process } = this;
    if (state !== 'ENDED')
      k.cause = k.trace.emit('task.stateChanged', process.sym, k.cause, k.trace.sym(task.id.job), k.trace.sym(task.name), task.id.subtask, task.id.attempt, k.trace.sym(state), k.trace.sym(reason));
    if (!task.alive) {
      this.sources.delete(task);
      for (const [key, { request }] of this.consumers) if (taskKey(request.producer) === taskKey(task.id)) this.consumers.delete(key);
      if (state !== 'CANCELED') this.tasks.delete(taskKey(task.id));
    }
    this.toJobManager({ kind: 'updateTaskState', task: task.id, state, reason });
  }

  /* ---- clients of Kafka ---- */

  private timerBase(): number {
    return CLIENTS + this.clients.length * PER_CLIENT;
  }

  makeOperator(task: Task, node: OperatorNode): StreamOperator {
    const { role } = node;
    if (role.kind === 'source') throw new Error('a source is no operator');
    if (role.kind === 'operator') return role.make();
    const sink = new KafkaSink(
      { kernel: this.kernel, process: this.process, brokers: this.brokers, timerBase: this.timerBase(), naming: this.naming, job: task.id.job, operator: node.name, wake: () => task.wakeUp() },
      role.sink,
    );
    this.clients.push(sink);
    return sink;
  }

  makeSource(task: Task, node: OperatorNode): TaskSource {
    const { role } = node;
    if (role.kind !== 'source') throw new Error('no source');
    const { execution, id } = task;
    const source = new KafkaSource(
      {
        kernel: this.kernel,
        process: this.process,
        brokers: this.brokers,
        timerBase: this.timerBase(),
        job: id.job,
        operator: node.name,
        subtask: execution.subtask,
        parallelism: execution.vertex.parallelism,
        autoWatermarkIntervalMs: execution.job.autoWatermarkIntervalMs,
        wake: () => task.wakeUp(),
        fail: (reason) => task.fail(reason),
        report: (group, watermarkMs, idle) => this.toJobManager({ kind: 'reportedWatermark', task: id, group, watermarkMs, idle }),
      },
      role.source,
      role.strategy,
    );
    this.clients.push(source);
    this.sources.set(task, source);
    return source;
  }
}

function alignmentOf(task: Task): string | null {
  const { role } = task.execution.vertex.nodes[0]!;
  return role.kind === 'source' ? (role.strategy.alignment?.group ?? null) : null;
}

function partitionKey(task: Task, edge: number, subpartition: number): string {
  return `${taskKey(task.id)}/${edge}/${subpartition}`;
}
