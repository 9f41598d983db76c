// An operator's context without a task around it: for tests, measurements and recorded cases, which run one operator by itself.
import type { OperatorContext } from './operator.ts';

/** Subtask 0 of 1 at time 0, unless told otherwise. What fails throws. */
export function bareContext(given: Pick<OperatorContext, 'output'> & Partial<OperatorContext>): OperatorContext {
  return {
    subtask: 0,
    parallelism: 1,
    maxParallelism: 128,
    currentProcessingTime: () => 0,
    wakeAt: () => {},
    fail: (reason) => {
      throw new Error(reason);
    },
    draw: () => 0,
    observer: null,
    ...given,
  };
}
