// Which replica leads a partition after a change (Kafka PartitionChangeBuilder, without eligible leader replicas).
import type { PartitionState } from '../metadata/image.ts';

export interface ElectionInput {
  readonly state: PartitionState;
  /** The in-sync set wanted, dead members removed. */
  readonly targetIsr: readonly number[];
  /** Registered, not fenced, not shutting down. */
  readonly acceptable: (broker: number) => boolean;
  readonly uncleanAllowed: boolean;
}

/** @returns the state after the change, or null when nothing changes; `unclean` when the new leader was not in sync. */
export function elect(input: ElectionInput): { state: PartitionState; unclean: boolean } | null {
  const { state, acceptable } = input;
  // The last member is never taken out of the ISR: it may hold what no other replica has.
  let isr: readonly number[] = input.targetIsr.length > 0 ? input.targetIsr : state.isr;
  let leader = -1;
  let unclean = false;
  const valid = (b: number) => acceptable(b) && isr.includes(b);
  if (state.leader >= 0 && valid(state.leader)) leader = state.leader;
  else {
    const inSync = state.replicas.find(valid);
    if (inSync !== undefined) leader = inSync;
    else if (input.uncleanAllowed) {
      const any = state.replicas.find(acceptable);
      if (any !== undefined) {
        leader = any;
        isr = [any];
        unclean = true;
      }
    }
  }
  const sameIsr = isr.length === state.isr.length && isr.every((b) => state.isr.includes(b));
  if (leader === state.leader && sameIsr) return null;
  return {
    unclean,
    state: {
      replicas: state.replicas,
      isr: state.replicas.filter((b) => isr.includes(b)),
      leader,
      leaderEpoch: state.leaderEpoch + (leader === state.leader ? 0 : 1),
      partitionEpoch: state.partitionEpoch + 1,
    },
  };
}
