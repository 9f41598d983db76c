// Features of the cluster: what its software can do, and which level of each is in force (KIP-584, KIP-1022).
import type { Scenario } from '../../contract/scenario.ts';
import { keepsEligibleLeaders } from './effective.ts';

export interface Feature {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** 0 = off: such a one is not told among the finalized. */
  readonly finalized: number;
}

/** As a new cluster has them. Levels of metadata.version: 7 is 3.3-IV3, 25 is 4.0-IV3, 27 is 4.1-IV1 (Kafka MetadataVersion, Feature). */
export function featuresOf(scenario: Scenario): readonly Feature[] {
  const elr = keepsEligibleLeaders(scenario);
  const metadata = elr ? 27 : 25;
  return [
    { name: 'eligible.leader.replicas.version', minVersion: 0, maxVersion: 1, finalized: elr ? 1 : 0 },
    { name: 'group.version', minVersion: 0, maxVersion: 1, finalized: 1 },
    { name: 'kraft.version', minVersion: 0, maxVersion: 1, finalized: 0 },
    { name: 'metadata.version', minVersion: 7, maxVersion: metadata, finalized: metadata },
    // Version 2 bumps the producer epoch with every transaction (KIP-890).
    { name: 'transaction.version', minVersion: 0, maxVersion: 2, finalized: 2 },
  ];
}
