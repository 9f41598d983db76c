// Deadlines of one process: set, moved and cleared by their owner; what is moved further back costs no new kernel timer
// (Kafka CoordinatorTimer).
import type { Kernel, Process } from '../kernel/kernel.ts';

const NOT_SET = Number.POSITIVE_INFINITY;

export interface Deadline {
  readonly number: number;
  /** When it is due, microseconds; infinite = not set. */
  dueUs: number;
  /** When its kernel timer comes, microseconds; -1 = none under way. */
  armedUs: number;
  /** Counts its kernel timers: only the last one counts. */
  arms: number;
  /** Event in whose course it was last set. */
  cause: number;
  readonly run: () => void;
}

export class Deadlines {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly timerKind: number;
  private readonly byNumber = new Map<number, Deadline>();
  private made = 0;

  constructor(kernel: Kernel, process: Process, timerKind: number) {
    this.kernel = kernel;
    this.process = process;
    this.timerKind = timerKind;
  }

  /** A deadline that is not set yet. */
  make(run: () => void): Deadline {
    const deadline: Deadline = { number: this.made++, dueUs: NOT_SET, armedUs: -1, arms: 0, cause: -1, run };
    this.byNumber.set(deadline.number, deadline);
    return deadline;
  }

  /** Sets it, or moves it to then. */
  set(deadline: Deadline, delayMs: number): void {
    deadline.dueUs = this.kernel.nowUs + Math.max(0, Math.round(delayMs * 1000));
    deadline.cause = this.kernel.cause;
    if (deadline.armedUs < 0 || deadline.armedUs > deadline.dueUs) this.arm(deadline);
  }

  setIfAbsent(deadline: Deadline, delayMs: number): void {
    if (deadline.dueUs === NOT_SET) this.set(deadline, delayMs);
  }

  clear(deadline: Deadline): void {
    deadline.dueUs = NOT_SET;
  }

  /** Its owner is gone. */
  drop(deadline: Deadline): void {
    deadline.dueUs = NOT_SET;
    this.byNumber.delete(deadline.number);
  }

  /** The process's timer for a deadline came, late when the process was paused. */
  timer(number: number, arms: number): void {
    const deadline = this.byNumber.get(number);
    if (!deadline || deadline.arms !== arms) return;
    deadline.armedUs = -1;
    if (deadline.dueUs === NOT_SET) return;
    if (deadline.dueUs > this.kernel.nowUs) {
      this.arm(deadline);
      return;
    }
    deadline.dueUs = NOT_SET;
    this.kernel.cause = deadline.cause;
    deadline.run();
  }

  private arm(deadline: Deadline): void {
    deadline.armedUs = deadline.dueUs;
    this.kernel.setTimer(this.process, deadline.dueUs - this.kernel.nowUs, this.timerKind, deadline.number, ++deadline.arms);
  }
}
