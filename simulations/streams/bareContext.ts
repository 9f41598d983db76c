// An operator's context without a task around it: for tests, measurements and recorded cases, which run one operator by itself.
import type { OperatorContext, OperatorObserver, Output } from './operator.ts';

type Given = Partial<Omit<OperatorContext, 'output' | 'observer'>> & {
  /** What is left out goes nowhere. */
  readonly output: Partial<Output>;
  readonly observer?: Partial<OperatorObserver>;
};

const nowhere = (): void => {};

/** Subtask 0 of 1 at time 0, unless told otherwise. What fails throws. */
export function bareContext({ output, observer, ...given }: Given): OperatorContext {
  return {
    subtask: 0,
    parallelism: 1,
    maxParallelism: 128,
    currentProcessingTime: () => 0,
    wakeAt: nowhere,
    fail: (reason) => {
      throw new Error(reason);
    },
    draw: () => 0,
    ...given,
    output: { collect: nowhere, side: nowhere, watermark: nowhere, status: nowhere, ...output },
    observer: observer ? { windowFired: nowhere, windowClosed: nowhere, late: nowhere, partialMatch: () => -1, because: nowhere, idle: nowhere, ...observer } : null,
  };
}
