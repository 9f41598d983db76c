// Changes of partitions as the controller commits them: what a broker's end or return means for each, and how a change is told
// (Kafka ReplicationControlManager.generateLeaderAndIsrUpdates).
import type { PartitionState } from '../metadata/image.ts';
import { changePartition, type PartitionChange } from './election.ts';
import type { ControllerState } from './state.ts';

export class Partitions {
  private readonly state: ControllerState;

  constructor(state: ControllerState) {
    this.state = state;
  }

  /** Decides and commits one change. @returns the state afterwards; null when nothing changed. */
  change(topic: string, partition: number, wanted: Partial<PartitionChange>): PartitionState | null {
    const { state } = this;
    const before = state.image.partition(topic, partition)!;
    const config = state.configOf(topic);
    const changed = changePartition({
      state: before,
      acceptable: state.isActive,
      election: config.uncleanLeaderElectionEnable ? 'UNCLEAN' : 'ONLINE',
      elrEnabled: state.elr,
      minIsr: Math.min(config.minInsyncReplicas, state.image.partition(topic, 0)!.replicas.length),
      ...wanted,
    });
    if (!changed) return null;
    this.commit(topic, partition, before, changed.state, changed.unclean);
    return changed.state;
  }

  private commit(topic: string, partition: number, before: PartitionState, after: PartitionState, unclean: boolean): void {
    const { kernel: k, process } = this.state;
    this.state.write({ type: 'partition', topic, partition, state: after });
    const name = k.trace.sym(topic);
    const isr = k.trace.sym(after.isr.join(','));
    const replicas = k.trace.sym(after.replicas.join(','));
    if (!sameIds(after.isr, before.isr))
      k.cause = k.trace.emit('kafka.isrChanged', process.sym, k.cause, name, partition, isr, k.trace.sym(before.isr.join(',')), after.leader, after.leaderEpoch, after.partitionEpoch);
    if (!sameIds(after.elr, before.elr) || !sameIds(after.lastKnownElr, before.lastKnownElr))
      k.cause = k.trace.emit('kafka.elrChanged', process.sym, k.cause, name, partition, k.trace.sym(after.elr.join(',')), k.trace.sym(after.lastKnownElr.join(',')));
    if (after.leader !== before.leader) k.cause = k.trace.emit('kafka.leaderElected', process.sym, k.cause, name, partition, after.leader, before.leader, after.leaderEpoch, isr, replicas, unclean);
    if (!sameIds(after.replicas, before.replicas) || !sameIds(after.adding, before.adding) || !sameIds(after.removing, before.removing)) {
      const [adding, removing] = [after.adding, after.removing].map((ids) => k.trace.sym(ids.join(',')));
      k.cause = k.trace.emit('kafka.reassigned', process.sym, k.cause, name, partition, replicas, adding!, removing!, k.trace.sym(before.replicas.join(',')));
    }
  }

  /** Goes over partitions, each change caused by the same event. */
  each(concerned: (state: PartitionState) => boolean, wanted: (state: PartitionState) => Partial<PartitionChange>): void {
    const { kernel: k, image } = this.state;
    const { cause } = k;
    for (const topic of image.topics.values()) {
      topic.partitions.forEach((state, partition) => {
        if (!concerned(state)) return;
        k.cause = cause;
        this.change(topic.name, partition, wanted(state));
      });
    }
    k.cause = cause;
  }

  /** Takes a broker that has gone out of every in-sync set and leadership. */
  brokerGone(id: number): void {
    this.each(
      (state) => state.isr.includes(id) || state.leader === id,
      (state) => ({ targetIsr: without(state.isr, id) }),
    );
  }

  /** A broker came back from an end that was not in order: it may lack what it had, so it is not eligible either. */
  brokerLostData(id: number): void {
    const acceptable = (b: number) => b !== id && this.state.isActive(b);
    this.each(
      (state) => state.isr.includes(id) || state.elr.includes(id) || state.leader === id,
      (state) => ({ targetIsr: without(state.isr, id), uncleanShutdown: [id], acceptable }),
    );
  }

  /** A broker left the cluster for good. */
  brokerRemoved(id: number): void {
    this.brokerGone(id);
    this.each(
      (state) => state.elr.includes(id),
      () => ({ uncleanShutdown: [id] }),
    );
  }

  /** A broker may lead again: partitions without a leader are tried. */
  brokerBack(): void {
    this.each(
      (state) => state.leader < 0,
      () => ({}),
    );
  }

  hasLeaderships(id: number): boolean {
    for (const topic of this.state.image.topics.values()) if (topic.partitions.some((state) => state.leader === id)) return true;
    return false;
  }

  /** Forgets eligible leaders: what made them so has changed with min.insync.replicas. @param topic null = of all topics. */
  clearElr(topic: string | null): void {
    const { image, kernel: k, process } = this.state;
    const { cause } = k;
    for (const t of image.topics.values()) {
      if (topic !== null && t.name !== topic) continue;
      t.partitions.forEach((state, partition) => {
        if (state.elr.length === 0 && state.lastKnownElr.length === 0) return;
        this.state.write({ type: 'partition', topic: t.name, partition, state: { ...state, elr: [], lastKnownElr: [] } });
        k.trace.emit('kafka.elrChanged', process.sym, cause, k.trace.sym(t.name), partition, k.trace.sym(''), k.trace.sym(''));
      });
    }
  }
}

export function without(ids: readonly number[], id: number): number[] {
  return ids.filter((b) => b !== id);
}

function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}
