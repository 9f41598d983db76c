// What the watchers of invariants share: the logs as the trace tells them, and where a verdict goes.
import type { Sym } from '../contract/events.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ConditionId, InvariantId } from './catalogue.ts';
import type { PartitionView, Replicas } from './replicas.ts';

export interface Tally {
  violations: number;
  /** How often the property was put to the test. */
  tested: number;
  atUs: number;
  seq: number;
  promised: boolean;
  unmet: ConditionId | '';
}

/** What a violation is about. */
export interface Where {
  readonly view?: PartitionView;
  readonly offset?: number;
  readonly key?: string;
  readonly subject?: Sym;
  readonly record?: number;
}

export interface Judge {
  readonly kernel: Kernel;
  readonly replicas: Replicas;
  readonly tally: (id: InvariantId) => Tally;
  /** @param unmet the condition under which Kafka does not promise it; '' = a promise is broken. */
  readonly violated: (id: InvariantId, cause: number, unmet: ConditionId | '', where: Where) => void;
  /** What in a partition excuses that committed records are lost. */
  readonly lossCondition: (view: PartitionView) => ConditionId | '';
}
