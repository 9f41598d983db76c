// Deadlines of parked requests: one queue per length of wait, one kernel timer per queue, so that ten thousand waiting requests do not fill the event queue.
import type { Kernel, Process } from '../../kernel/kernel.ts';

export interface Expiring {
  done: boolean;
  expire: () => void;
}

/** Marks an operation as settled and lets go of what its expiry held: thirty seconds of settled requests would otherwise stay in memory. */
export function settled(op: Expiring): void {
  op.done = true;
  op.expire = nothing;
}

function nothing(): void {}

interface Lane {
  readonly waitUs: number;
  readonly entries: { readonly deadlineUs: number; readonly op: Expiring }[];
  head: number;
  armed: boolean;
}

export class Expiry {
  private readonly lanes: Lane[] = [];
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly timerKind: number;

  constructor(kernel: Kernel, process: Process, timerKind: number) {
    this.kernel = kernel;
    this.process = process;
    this.timerKind = timerKind;
  }

  add(op: Expiring, waitUs: number): void {
    let lane = this.lanes.find((l) => l.waitUs === waitUs);
    if (!lane) this.lanes.push((lane = { waitUs, entries: [], head: 0, armed: false }));
    lane.entries.push({ deadlineUs: this.kernel.nowUs + waitUs, op });
    if (!lane.armed) this.arm(lane);
  }

  /** The process's timer for this came; `number` is the lane. */
  timer(number: number): void {
    const lane = this.lanes[number]!;
    lane.armed = false;
    for (;;) {
      const entry = lane.entries[lane.head];
      if (!entry) break;
      if (!entry.op.done) {
        if (entry.deadlineUs > this.kernel.nowUs) break;
        entry.op.expire();
      }
      lane.head++;
    }
    if (lane.head > 1024 && lane.head * 2 > lane.entries.length) {
      lane.entries.splice(0, lane.head);
      lane.head = 0;
    }
    if (lane.head < lane.entries.length) this.arm(lane);
    else {
      lane.entries.length = 0;
      lane.head = 0;
    }
  }

  private arm(lane: Lane): void {
    lane.armed = true;
    this.kernel.setTimer(this.process, lane.entries[lane.head]!.deadlineUs - this.kernel.nowUs, this.timerKind, this.lanes.indexOf(lane));
  }
}
