// The kernel: virtual clock, dispatch, processes and the merging of the fault schedule. It knows nothing of Kafka.
import type { Sym } from '../contract/events.ts';
import { drawKey, type DrawKey } from './draws.ts';
import { Network, type Conn, type Message } from './network.ts';
import { EPOCH_MS } from './epoch.ts';
import { EventQueue } from './queue.ts';
import type { TraceWriter } from './trace.ts';

export type Role = 'broker' | 'controller' | 'producer' | 'consumer' | 'guest' | 'jobmanager' | 'taskmanager';

/** What a process does. One object per incarnation: what it holds is volatile memory; what must survive lies in `process.disk`. */
export interface Behavior {
  start(): void;
  timer(kind: number, a: number, b: number): void;
  /** A connection this process asked for stands. */
  connected?(conn: Conn): void;
  closed(conn: Conn, reason: 'closed' | 'reset' | 'refused'): void;
  message(conn: Conn, message: Message): void;
  /** The operating system asks the process to end in order (SIGTERM): it goes on until it exits by itself. */
  shutDown?(): void;
  /** The process was killed or exited: drop outside resources. Nothing may be emitted or sent here. */
  stopped?(): void;
}

export interface Process {
  // What every event looks at comes first, so that it lies together.
  readonly index: number;
  readonly sym: Sym;
  state: 'unstarted' | 'running' | 'paused' | 'ended';
  /** Counts from 1; 0 before the first start. */
  incarnation: number;
  behavior: Behavior | null;
  readonly name: string;
  readonly role: Role;
  /** Survives kill and restart. */
  disk: unknown;
  /** What a loss of power does to the disk; null = all on it stays. */
  powerLost: (() => void) | null;
  readonly create: (process: Process) => Behavior;
  /** What arrived while it was paused, in order. */
  readonly waiting: Waiting[];
  /** Connections it takes part in, by the order of their making. */
  readonly conns: Set<Conn>;
  /** How many connections it has asked for: names them. */
  connCount: number;
}

interface Waiting {
  readonly type: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly payload: unknown;
  readonly conn: Conn | null;
  readonly cause: number;
}

/** An entry of the schedule: strikes or heals at a time, before anything else of that microsecond. */
export interface ScheduledAction {
  readonly timeUs: number;
  readonly apply: () => void;
}

export interface KernelLimits {
  readonly events: number;
  readonly payloadBytes: number;
  readonly processes: number;
}

const TIMER = 0;
const DELIVER = 1;
const START = 2;

/** `more`: the budget is used up. `hop`: learner code was touched. `idle`: nothing more is due by the time asked for. */
export type StopReason = 'more' | 'hop' | 'idle' | 'ended';

export class Kernel {
  nowUs = 0;
  /** Sequence number of the event that caused what happens now. */
  cause = -1;
  /** Dispatches so far: the kernel's own unit of work. */
  dispatches = 0;
  readonly processes: Process[] = [];
  readonly network: Network;
  readonly queue = new EventQueue();
  readonly seed: number;
  readonly trace: TraceWriter;
  /** Where the clock stands on the calendar when it starts, milliseconds since 1970. */
  readonly epochMs: number;
  private readonly byName = new Map<string, Process>();
  private schedule: ScheduledAction[] = [];
  private scheduleAt = 0;
  private guestTouched = false;
  private ended = false;
  private readonly horizonUs: number;
  private readonly limits: KernelLimits;
  private stopWith: { reason: string; detail: string } | null = null;

  constructor(options: { seed: number; trace: TraceWriter; horizonUs: number; limits: KernelLimits; epochMs?: number }) {
    this.seed = options.seed;
    this.trace = options.trace;
    this.horizonUs = options.horizonUs;
    this.limits = options.limits;
    this.epochMs = options.epochMs ?? EPOCH_MS;
    this.network = new Network(this);
  }

  /** Adds a process. It starts at `startUs`. */
  addProcess(name: string, role: Role, startUs: number, create: (process: Process) => Behavior): Process {
    if (this.byName.has(name)) throw new Error(`two processes are called ${name}`);
    const process: Process = {
      index: this.processes.length,
      sym: this.trace.sym(name),
      state: 'unstarted',
      incarnation: 0,
      behavior: null,
      name,
      role,
      disk: null,
      powerLost: null,
      create,
      waiting: [],
      conns: new Set(),
      connCount: 0,
    };
    this.processes.push(process);
    this.byName.set(name, process);
    const slot = this.queue.push(startUs, 0);
    this.fill(slot, START, process, 0, 0, 0, -1);
    return process;
  }

  processNamed(name: string): Process | undefined {
    return this.byName.get(name);
  }

  /** A source of draws for one process and purpose. */
  draws(process: Process, purpose: string): DrawKey {
    return drawKey(this.seed, `process/${process.name}/${purpose}`);
  }

  /** Calls `timer(kind, a, b)` on the process after a delay, unless it has ended by then. There is no cancelling: handlers check again. */
  setTimer(process: Process, delayUs: number, kind: number, a = 0, b = 0): void {
    const slot = this.queue.push(this.nowUs + (delayUs > 0 ? delayUs : 0), 0);
    this.fill(slot, TIMER, process, kind, a, b, this.cause);
  }

  /** Queues a hand-over of the network to a process. */
  deliver(process: Process, timeUs: number, tie: number, kind: number, payload: unknown, cause: number): void {
    const slot = this.queue.push(timeUs, tie);
    this.fill(slot, DELIVER, process, kind, 0, 0, cause);
    this.queue.payload[slot] = payload;
  }

  /** Queues the hand-over of a message, the commonest of all. @param number of the message in the run. */
  deliverMessage(process: Process, timeUs: number, tie: number, kind: number, conn: Conn, message: Message, number: number, cause: number): void {
    const slot = this.queue.push(timeUs, tie);
    this.fill(slot, DELIVER, process, kind, number, 0, cause);
    this.queue.payload[slot] = message;
    this.queue.conn[slot] = conn;
  }

  /** What it carries besides is null in a free slot. */
  private fill(slot: number, type: number, process: Process, kind: number, a: number, b: number, cause: number): void {
    const q = this.queue;
    q.type[slot] = type;
    q.process[slot] = process.index;
    q.incarnation[slot] = process.incarnation;
    q.kind[slot] = kind;
    q.a[slot] = a;
    q.b[slot] = b;
    q.cause[slot] = cause;
  }

  /** Sets the fault schedule. Entries must be in order of time. */
  setSchedule(actions: readonly ScheduledAction[]): void {
    this.schedule = actions.slice();
  }

  /** Adds an entry while the run goes on, behind those of the same time. Its time must not have passed. */
  addToSchedule(action: ScheduledAction): void {
    let at = this.schedule.length;
    while (at > this.scheduleAt && this.schedule[at - 1]!.timeUs > action.timeUs) at--;
    this.schedule.splice(at, 0, action);
  }

  /** When the next thing is due, microseconds; Infinity when nothing is. */
  nextDueUs(): number {
    const action = this.schedule[this.scheduleAt];
    return Math.min(this.queue.peekUs(), action ? action.timeUs : Infinity);
  }

  /** Learner code ran: the driver must let its microtasks drain before virtual time moves on. */
  touchGuest(): void {
    this.guestTouched = true;
  }

  /** Asks for the end of the run after the present event. */
  stop(reason: 'violation', detail: string): void {
    this.stopWith ??= { reason, detail };
  }

  /**
   * Handles up to `budget` events. `hop`: learner code was touched, call again after a macrotask.
   * @param untilUs for runs that follow a clock outside: nothing later is handled, and when all before is done the clock stands there.
   */
  advance(budget: number, untilUs = Infinity): StopReason {
    if (this.ended) return 'ended';
    const q = this.queue;
    for (let i = 0; i < budget; i++) {
      if (this.stopWith) return this.end(this.stopWith.reason, this.stopWith.detail);
      if (this.guestTouched) {
        this.guestTouched = false;
        return 'hop';
      }
      const nextUs = q.peekUs();
      if (this.scheduleAt < this.schedule.length && this.schedule[this.scheduleAt]!.timeUs <= nextUs) {
        const action = this.schedule[this.scheduleAt]!;
        if (action.timeUs > untilUs) return this.idle(untilUs);
        if (action.timeUs > this.horizonUs) return this.atHorizon();
        this.scheduleAt++;
        this.setNow(action.timeUs);
        this.cause = -1;
        action.apply();
        continue;
      }
      if (nextUs > untilUs) return this.idle(untilUs);
      if (nextUs > this.horizonUs) return this.atHorizon();
      this.setNow(nextUs);
      const slot = q.pop();
      this.dispatches++;
      this.dispatch(slot);
      if (this.trace.count >= this.limits.events) return this.limitReached('events', this.limits.events);
      if (this.trace.payloadBytes > this.limits.payloadBytes) return this.limitReached('payloadBytes', this.limits.payloadBytes);
    }
    return 'more';
  }

  private idle(untilUs: number): StopReason {
    this.setNow(Math.max(this.nowUs, untilUs));
    return 'idle';
  }

  private atHorizon(): StopReason {
    this.setNow(this.horizonUs);
    return this.end('horizon', '');
  }

  private limitReached(limit: string, amount: number): StopReason {
    this.cause = this.trace.emit('limit.reached', this.trace.sym(''), -1, this.trace.sym(limit), amount);
    return this.end('limit', limit);
  }

  private end(reason: string, detail: string): StopReason {
    this.trace.emit('run.ended', this.trace.sym(''), this.cause, this.trace.sym(reason), this.trace.sym(detail));
    this.trace.flush();
    this.ended = true;
    return 'ended';
  }

  private setNow(timeUs: number): void {
    // A time that fits 32 bits is kept as an engine keeps small integers: what is computed from it needs no box.
    const small = timeUs | 0;
    const now = small === timeUs ? small : timeUs;
    this.nowUs = now;
    this.trace.nowUs = now;
  }

  private dispatch(slot: number): void {
    const q = this.queue;
    const process = this.processes[q.process[slot]!]!;
    const type = q.type[slot]!;
    const kind = q.kind[slot]!;
    const cause = q.cause[slot]!;
    const a = q.a[slot]!;
    if (type === TIMER) {
      const b = q.b[slot]!;
      const alive = q.incarnation[slot] === process.incarnation;
      q.release(slot);
      if (!alive || process.state === 'ended') return;
      if (process.state === 'paused') process.waiting.push({ type, kind, a, b, payload: null, conn: null, cause });
      else {
        this.cause = cause;
        process.behavior!.timer(kind, a, b);
      }
      return;
    }
    if (type === DELIVER) {
      const payload = q.payload[slot];
      const conn = q.conn[slot] ?? null;
      q.payload[slot] = null;
      if (conn) q.conn[slot] = null;
      q.release(slot);
      this.cause = cause;
      if (process.state === 'paused' && !this.network.handledByHost(kind, payload)) process.waiting.push({ type, kind, a, b: 0, payload, conn, cause });
      else this.network.arrive(kind, payload, conn, a);
      return;
    }
    q.release(slot);
    this.cause = cause;
    if (process.state === 'unstarted') this.startProcess(process);
  }

  private startProcess(process: Process): void {
    const first = process.incarnation === 0;
    process.incarnation++;
    process.state = 'running';
    process.behavior = process.create(process);
    this.cause = first
      ? this.trace.emit('process.started', process.sym, this.cause, this.trace.sym(process.role), process.incarnation)
      : this.trace.emit('process.restarted', process.sym, this.cause, process.incarnation);
    process.behavior.start();
  }

  /** Ends a process at once: memory lost, sockets reset. @returns false when it was not running. */
  kill(process: Process, reason: 'fault' | 'uncaught'): boolean {
    if (process.state !== 'running' && process.state !== 'paused') return false;
    this.cause = this.trace.emit('process.killed', process.sym, this.cause, process.incarnation, this.trace.sym(reason));
    this.endProcess(process);
    return true;
  }

  /**
   * The host of a process loses power: memory is lost, connections fall silent instead of being reset, and the disk keeps what was flushed.
   * Power is back when the process starts again. @param fault its number in the schedule. @returns false when the process had not yet started.
   */
  powerOff(process: Process, fault: number): boolean {
    if (process.state === 'unstarted') return false;
    this.network.faults.powerOff(process, fault);
    this.kill(process, 'fault');
    process.powerLost?.();
    return true;
  }

  /** A process ends itself. */
  exit(process: Process, code: number): void {
    if (process.state !== 'running') return;
    this.cause = this.trace.emit('process.exited', process.sym, this.cause, process.incarnation, code);
    this.endProcess(process);
  }

  /** Asks a process to end in order. @returns false when it was not running, or knows no way to. */
  shutDown(process: Process): boolean {
    if (process.state !== 'running' || !process.behavior!.shutDown) return false;
    process.behavior!.shutDown();
    return true;
  }

  private endProcess(process: Process): void {
    process.state = 'ended';
    process.waiting.length = 0;
    process.behavior?.stopped?.();
    process.behavior = null;
    this.network.processEnded(process);
  }

  /** Starts a process that had ended. @returns false when it was running, or had not yet started. */
  restart(process: Process): boolean {
    if (process.state !== 'ended') return false;
    this.network.faults.powerOn(process);
    this.startProcess(process);
    return true;
  }

  /** @returns false when it was not running. */
  pause(process: Process): boolean {
    if (process.state !== 'running') return false;
    process.state = 'paused';
    this.cause = this.trace.emit('process.paused', process.sym, this.cause, process.incarnation);
    return true;
  }

  /** @returns false when it was not paused. */
  resume(process: Process): boolean {
    if (process.state !== 'paused') return false;
    process.state = 'running';
    const waiting = process.waiting.splice(0);
    this.cause = this.trace.emit('process.resumed', process.sym, this.cause, process.incarnation, waiting.length);
    for (const w of waiting) {
      const slot = this.queue.push(this.nowUs, 0);
      this.fill(slot, w.type, process, w.kind, w.a, w.b, w.cause);
      this.queue.payload[slot] = w.payload;
      if (w.conn) this.queue.conn[slot] = w.conn;
    }
    return true;
  }
}
