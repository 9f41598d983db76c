// Deadlines of parked requests: one queue per length of wait, one kernel timer per queue, so that ten thousand waiting requests do not fill the event queue.
import type { Kernel, Process } from '../../kernel/kernel.ts';

/** Settled entries that may lie at the front of a queue. */
const TRIM = 32;

/** Something that waits. It is settled once, by what it waits for or by its deadline. */
export interface Expiring {
  done: boolean;
  expire: () => void;
  /** Its deadline, microseconds; set by the queue. */
  deadlineUs?: number;
  /** Its place in the queue, to let go of it when it is settled; set by the queue. */
  lane?: Lane | undefined;
  slot?: number;
}

interface Lane {
  readonly number: number;
  readonly waitUs: number;
  /** Who waits, in order of their deadlines; null where it was settled. */
  readonly waiting: (Expiring | null)[];
  head: number;
  /** Entries dropped from the front so far: slots count on over them. */
  dropped: number;
  armed: boolean;
}

/** Marks an operation as settled and lets go of it: thirty seconds of settled requests would otherwise stay in memory. */
export function settled(op: Expiring): void {
  op.done = true;
  const { lane, slot } = op;
  if (lane && slot !== undefined && slot >= lane.dropped) lane.waiting[slot - lane.dropped] = null;
}

/** Lets go of what is settled at the front of a queue, once it is the most of it. */
function trim(lane: Lane): void {
  while (lane.head < lane.waiting.length && lane.waiting[lane.head] === null) lane.head++;
  if (lane.head < TRIM || 2 * lane.head < lane.waiting.length) return;
  lane.waiting.splice(0, lane.head);
  lane.dropped += lane.head;
  lane.head = 0;
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
    let lane: Lane | undefined;
    for (const l of this.lanes) if (l.waitUs === waitUs) lane = l;
    if (!lane) this.lanes.push((lane = { number: this.lanes.length, waitUs, waiting: [], head: 0, dropped: 0, armed: false }));
    trim(lane);
    op.lane = lane;
    op.slot = lane.dropped + lane.waiting.length;
    op.deadlineUs = this.kernel.nowUs + waitUs;
    lane.waiting.push(op);
    if (!lane.armed) this.arm(lane, lane.waiting[lane.head]!);
  }

  /** The process's timer for this came; `number` is the lane. */
  timer(number: number): void {
    const lane = this.lanes[number]!;
    while (lane.head < lane.waiting.length) {
      const op = lane.waiting[lane.head] ?? null;
      if (op !== null && op.deadlineUs! > this.kernel.nowUs) break;
      // What expires may add to this queue.
      lane.waiting[lane.head++] = null;
      op?.expire();
    }
    trim(lane);
    const next = lane.waiting[lane.head];
    if (next) this.arm(lane, next);
    else lane.armed = false;
  }

  /** @param first the first that is not settled. */
  private arm(lane: Lane, first: Expiring): void {
    lane.armed = true;
    this.kernel.setTimer(this.process, first.deadlineUs! - this.kernel.nowUs, this.timerKind, lane.number);
  }
}
