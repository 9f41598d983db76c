// Wakes operators when processing time gets to what they asked for (Flink ProcessingTimeService).
import type { Deadline, Deadlines } from '../../kafka/deadlines.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { OperatorNode } from '../graph/jobGraph.ts';

interface Wake {
  readonly node: OperatorNode;
  readonly due: Deadline;
  /** Milliseconds since 1970; infinite = not asked for. */
  atMs: number;
}

export class OperatorClock {
  private readonly kernel: Kernel;
  private readonly deadlines: Deadlines;
  private readonly reached: (node: OperatorNode) => void;
  private readonly wakes: Wake[] = [];

  constructor(kernel: Kernel, deadlines: Deadlines, reached: (node: OperatorNode) => void) {
    this.kernel = kernel;
    this.deadlines = deadlines;
    this.reached = reached;
  }

  /** Milliseconds since 1970. */
  nowMs(): number {
    return this.kernel.epochMs + Math.floor(this.kernel.nowUs / 1000);
  }

  wakeAt(node: OperatorNode, timeMs: number): void {
    let wake = this.wakes.find((w) => w.node === node);
    if (!wake) {
      const made: Wake = {
        node,
        atMs: Number.POSITIVE_INFINITY,
        due: this.deadlines.make(() => {
          made.atMs = Number.POSITIVE_INFINITY;
          this.reached(node);
        }),
      };
      this.wakes.push((wake = made));
    }
    if (timeMs >= wake.atMs) return;
    wake.atMs = timeMs;
    this.deadlines.set(wake.due, Math.max(0, timeMs - this.kernel.epochMs - this.kernel.nowUs / 1000));
  }

  close(): void {
    for (const { due } of this.wakes) this.deadlines.drop(due);
  }
}
