// What becomes of a partition when its in-sync set, its replicas or the life of its brokers change: who leads, who is in sync, who may lead
// later without loss (Kafka PartitionChangeBuilder, PartitionReassignmentReplicas; KIP-966 for eligible leader replicas).
import type { PartitionState } from '../metadata/image.ts';

/**
 * ONLINE: the present leader if it may stay, else the first of the replicas that may lead. PREFERRED: the first replica where it may.
 * UNCLEAN: as ONLINE, and any live replica where none is in sync.
 */
export type Election = 'ONLINE' | 'PREFERRED' | 'UNCLEAN';

export interface PartitionChange {
  readonly state: PartitionState;
  /** Registered, not fenced, not shutting down. */
  readonly acceptable: (broker: number) => boolean;
  readonly election: Election;
  /** Whether eligible leader replicas are kept (eligible.leader.replicas.version 1, on from Kafka 4.1). */
  readonly elrEnabled: boolean;
  /** Effective min.insync.replicas. */
  readonly minIsr: number;
  /** The in-sync set wanted, dead members removed; the present one where it is not given. */
  readonly targetIsr?: readonly number[];
  readonly targetReplicas?: readonly number[];
  readonly targetAdding?: readonly number[];
  readonly targetRemoving?: readonly number[];
  /** Brokers that came back from an end they did not finish in order: what they held may be gone. */
  readonly uncleanShutdown?: readonly number[];
  /** The leader says that it has recovered from an unclean election. */
  readonly recovered?: boolean;
}

export interface PartitionChanged {
  readonly state: PartitionState;
  /** Whether a leader was elected that was neither in sync nor eligible. */
  readonly unclean: boolean;
}

/** @returns the state after the change, or null when nothing changes. */
export function changePartition(change: PartitionChange): PartitionChanged | null {
  const { state, elrEnabled } = change;
  const target = completed(change);
  const elr = elrEnabled ? targetElr(change, target.isr) : [];
  const elected = elect(change, target, elr);
  const moves = elected.leader !== state.leader;
  // A replica that lost its place makes a new epoch even where the leader stays: the leader must not count it any more.
  const lost = state.replicas.some((b) => !target.replicas.includes(b));
  const byElr = moves && !elected.unclean && elr.includes(elected.leader);
  let { isr } = target;
  if (moves && (elected.unclean || byElr)) isr = [elected.leader];
  // Without eligible replicas the last member stays in the in-sync set: it may hold what no other has.
  else if (isr.length === 0 && !elrEnabled) ({ isr } = state);
  const after: PartitionState = {
    replicas: target.replicas,
    adding: target.adding,
    removing: target.removing,
    isr,
    elr: moves && elected.unclean ? [] : elr.filter((b) => !(byElr && b === elected.leader)),
    lastKnownElr: lastKnownElr(change, isr, elected.leader),
    leader: elected.leader,
    leaderEpoch: state.leaderEpoch + (moves || lost ? 1 : 0),
    partitionEpoch: state.partitionEpoch + 1,
    recovering: moves && elected.unclean ? true : state.recovering && change.recovered !== true,
  };
  return after.leaderEpoch === state.leaderEpoch && same(after, state) ? null : { state: after, unclean: moves && elected.unclean };
}

interface Target {
  readonly isr: readonly number[];
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

/** What is wanted; a reassignment whose new replicas are all in sync is finished by this change. */
function completed(change: PartitionChange): Target {
  const { state } = change;
  const target: Target = {
    isr: change.targetIsr ?? state.isr,
    replicas: change.targetReplicas ?? state.replicas,
    adding: change.targetAdding ?? state.adding,
    removing: change.targetRemoving ?? state.removing,
  };
  if (target.adding.length === 0 && target.removing.length === 0) return target;
  const isr = target.isr.filter((b) => !target.removing.includes(b));
  const replicas = target.replicas.filter((b) => !target.removing.includes(b));
  if (isr.length === 0 || replicas.length === 0 || !replicas.every((b) => isr.includes(b))) return target;
  return { isr, replicas, adding: [], removing: [] };
}

/** Below min.insync.replicas, who fell out of the in-sync set stays eligible: nothing was committed without it. */
function targetElr(change: PartitionChange, targetIsr: readonly number[]): number[] {
  const { state } = change;
  if (targetIsr.length >= change.minIsr) return [];
  const candidates = new Set([...state.elr, ...state.isr]);
  return [...candidates].filter((b) => !targetIsr.includes(b) && !(change.uncleanShutdown ?? []).includes(b)).sort((a, b) => a - b);
}

function elect(change: PartitionChange, target: Target, elr: readonly number[]): { readonly leader: number; readonly unclean: boolean } {
  const { state, acceptable } = change;
  const eligible = (b: number) => (target.isr.includes(b) || (target.isr.length === 0 && elr.includes(b))) && acceptable(b);
  const [preferred] = target.replicas;
  if (change.election === 'PREFERRED' && preferred !== undefined && eligible(preferred)) return { leader: preferred, unclean: false };
  if (eligible(state.leader)) return { leader: state.leader, unclean: false };
  const first = target.replicas.find(eligible);
  if (first !== undefined) return { leader: first, unclean: false };
  const [last] = state.lastKnownElr;
  // Balanced recovery: who led last has all that was acknowledged, unless its disk lost it.
  if (change.elrEnabled && target.isr.length === 0 && elr.length === 0 && state.lastKnownElr.length === 1 && acceptable(last!)) return { leader: last!, unclean: true };
  const any = change.election === 'UNCLEAN' ? target.replicas.find(acceptable) : undefined;
  return any === undefined ? { leader: -1, unclean: false } : { leader: any, unclean: true };
}

/** Where nobody is in sync any more, who led last (-1 if nobody did, as Kafka writes it); nobody once there is a leader again. */
function lastKnownElr(change: PartitionChange, isr: readonly number[], leader: number): readonly number[] {
  const { state } = change;
  if (!change.elrEnabled) return state.lastKnownElr;
  if (isr.length === 0 && state.isr.length > 0) return [state.leader];
  return leader >= 0 ? [] : state.lastKnownElr;
}

function same(a: PartitionState, b: PartitionState): boolean {
  return (
    a.leader === b.leader &&
    a.recovering === b.recovering &&
    sameList(a.isr, b.isr) &&
    sameList(a.elr, b.elr) &&
    sameList(a.lastKnownElr, b.lastKnownElr) &&
    sameList(a.replicas, b.replicas) &&
    sameList(a.adding, b.adding) &&
    sameList(a.removing, b.removing)
  );
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
