// Node's timers on virtual time. The kernel calls back; cancelling leaves the kernel's entry in place and forgets the timer.
import type { Kernel, Process } from '../../kernel/kernel.ts';

type Callback = (...args: unknown[]) => unknown;

/** Kinds of the kernel timers that a guest process sets. */
export const GUEST_TIMER = { timer: 1, sweep: 2, socket: 3 } as const;

const MAX_DELAY_MS = 2_147_483_647;
/**
 * kafkajs 2.2.4 re-arms a check with a delay of minus the present time after every response (tulios/kafkajs#1704), a spin of 1 ms in Node.
 * Delays below this are taken for that check and made every 100 ms, all of a process together.
 */
const SPIN_MS = -1_000_000;
const SWEEP_US = 100_000;
/** One turn of the event loop for setImmediate, so that a program that only re-arms itself still moves virtual time. */
const TURN_US = 10;

/** What a timer looks like to the code that set it (Node's Timeout). Nothing of the engine can be reached through it. */
export class Timeout {
  readonly #id: number;
  readonly #owner: Timers;
  constructor(owner: Timers, id: number) {
    this.#owner = owner;
    this.#id = id;
  }
  /** Number of a timer, or -1 for anything else. */
  static idOf(value: unknown): number {
    return value instanceof Timeout ? value.#id : -1;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  refresh(): this {
    this.#owner.refresh(this.#id);
    return this;
  }
  close(): this {
    this.#owner.clear(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.#id;
  }
}

interface Armed {
  readonly callback: Callback;
  readonly args: readonly unknown[];
  readonly delayMs: number;
  readonly repeat: boolean;
  /** Rises with each arming: kernel timers of an earlier one are ignored. */
  generation: number;
}

export class Timers {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly call: (callback: Callback, args: readonly unknown[]) => void;
  private readonly armed = new Map<number, Armed>();
  private sweeps: number[] = [];
  private sweepSet = false;
  private next = 1;

  /** @param call runs a callback as learner code. */
  constructor(kernel: Kernel, process: Process, call: (callback: Callback, args: readonly unknown[]) => void) {
    this.kernel = kernel;
    this.process = process;
    this.call = call;
  }

  set(callback: unknown, delay: unknown, args: readonly unknown[], repeat: boolean): Timeout {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
    const asked = Number(delay);
    const id = this.next++;
    // As in Node: less than 1 ms, or too much, is 1 ms; parts of a millisecond are dropped.
    const delayMs = asked >= 1 && asked <= MAX_DELAY_MS ? Math.trunc(asked) : 1;
    const timer: Armed = { callback: callback as Callback, args, delayMs, repeat, generation: 0 };
    this.armed.set(id, timer);
    if (asked < SPIN_MS && !repeat) this.sweepLater(id);
    else this.arm(id, timer);
    return new Timeout(this, id);
  }

  setImmediate(callback: unknown, args: readonly unknown[]): Timeout {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
    const id = this.next++;
    this.armed.set(id, { callback: callback as Callback, args, delayMs: 0, repeat: false, generation: 0 });
    this.kernel.setTimer(this.process, TURN_US, GUEST_TIMER.timer, id, 0);
    return new Timeout(this, id);
  }

  clear(handle: unknown): void {
    const id = typeof handle === 'number' || typeof handle === 'string' ? Number(handle) : Timeout.idOf(handle);
    this.armed.delete(id);
  }

  refresh(id: number): void {
    const timer = this.armed.get(id);
    if (!timer) return;
    timer.generation++;
    this.arm(id, timer);
  }

  clearAll(): void {
    this.armed.clear();
    this.sweeps = [];
  }

  private arm(id: number, timer: Armed): void {
    this.kernel.setTimer(this.process, timer.delayMs * 1000, GUEST_TIMER.timer, id, timer.generation);
  }

  private sweepLater(id: number): void {
    this.sweeps.push(id);
    if (this.sweepSet) return;
    this.sweepSet = true;
    this.kernel.setTimer(this.process, SWEEP_US, GUEST_TIMER.sweep);
  }

  /** A kernel timer came. @returns whether learner code ran. */
  fire(kind: number, id: number, generation: number): boolean {
    if (kind === GUEST_TIMER.sweep) return this.sweep();
    const timer = this.armed.get(id);
    if (!timer || timer.generation !== generation) return false;
    if (!timer.repeat) this.armed.delete(id);
    this.call(timer.callback, timer.args);
    // A callback may have cleared its own interval.
    if (timer.repeat && this.armed.get(id) === timer) this.arm(id, timer);
    return true;
  }

  private sweep(): boolean {
    this.sweepSet = false;
    const due = this.sweeps;
    this.sweeps = [];
    let ran = false;
    for (const id of due) {
      const timer = this.armed.get(id);
      if (!timer) continue;
      this.armed.delete(id);
      this.call(timer.callback, timer.args);
      ran = true;
    }
    return ran;
  }
}
