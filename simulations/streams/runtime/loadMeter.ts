// How a subtask spends its seconds: busy, back-pressured or idle (Flink TaskIOMetricGroup; levels as its web interface shows them).
import type { Kernel, Process } from '../../kernel/kernel.ts';
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';

export type Spending = 'busy' | 'backPressured' | 'idle';

const SECOND_US = 1_000_000;
/** Shares of less than this that changed are not told, in thousandths. */
const STEP = 50;

export class LoadMeter {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly deadlines: Deadlines;
  private readonly task: { readonly name: string; readonly id: { readonly job: string; readonly subtask: number } };
  private readonly tick: Deadline;
  private spending: Spending = 'idle';
  private sinceUs: number;
  private readonly spent: Record<Spending, number> = { busy: 0, backPressured: 0, idle: 0 };
  private told = { busy: 0, backPressured: 0 };

  constructor(options: { kernel: Kernel; process: Process; deadlines: Deadlines; task: LoadMeter['task'] }) {
    this.kernel = options.kernel;
    this.process = options.process;
    this.deadlines = options.deadlines;
    this.task = options.task;
    this.sinceUs = this.kernel.nowUs;
    this.tick = this.deadlines.make(() => this.second());
    this.deadlines.set(this.tick, 1_000);
  }

  now(spending: Spending): void {
    this.count();
    this.spending = spending;
  }

  private count(): void {
    this.spent[this.spending] += this.kernel.nowUs - this.sinceUs;
    this.sinceUs = this.kernel.nowUs;
  }

  private second(): void {
    this.count();
    const permille = (what: Spending) => Math.round((this.spent[what] * 1000) / SECOND_US);
    const busy = permille('busy');
    const backPressured = permille('backPressured');
    this.spent.busy = this.spent.backPressured = this.spent.idle = 0;
    this.deadlines.set(this.tick, 1_000);
    if (Math.abs(busy - this.told.busy) < STEP && Math.abs(backPressured - this.told.backPressured) < STEP) return;
    this.told = { busy, backPressured };
    const { trace } = this.kernel;
    const level = backPressured <= 100 ? 'OK' : backPressured <= 500 ? 'LOW' : 'HIGH';
    trace.emit('task.loaded', this.process.sym, -1, trace.sym(this.task.id.job), trace.sym(this.task.name), this.task.id.subtask, busy, backPressured, trace.sym(level));
  }

  close(): void {
    this.deadlines.drop(this.tick);
  }
}
