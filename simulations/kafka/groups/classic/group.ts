// One consumer group in the memory of its coordinator (Kafka ClassicGroup, ClassicGroupMember).
import type { Request } from '../../broker/broker.ts';
import { GROUP_TABLE, type GroupEvent, type GroupState } from './machine.ts';

export interface Protocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface Member {
  readonly id: string;
  /** Process it runs in; '' after a load until it is heard of. */
  client: string;
  clientId: string;
  /** Number within the coordinator, for timers. */
  readonly number: number;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly Protocol[];
  assignment: Uint8Array;
  lastHeardUs: number;
  join: Request | null;
  sync: Request | null;
}

export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

export interface Group {
  readonly id: string;
  /** Number within the coordinator, for timers. */
  readonly number: number;
  /** Partition of the offsets topic that keeps it. */
  readonly home: number;
  state: GroupState;
  generation: number;
  protocolType: string;
  protocolName: string | null;
  leader: string | null;
  /** In order of joining. */
  readonly members: Map<string, Member>;
  /** Ids given out with MEMBER_ID_REQUIRED and not yet used. */
  readonly pending: Set<string>;
  readonly offsets: Map<string, CommittedOffset>;
  /** Rises with every phase, so that a timer of an old phase is known. */
  phase: number;
  /** The first rebalance of an empty group waits a little for more members. */
  initialDelay: { untilUs: number; readonly startedUs: number; newcomers: boolean } | null;
}

/** @returns the state before, or null when the machine has no such step. */
export function step(group: Group, event: GroupEvent): GroupState | null {
  const from = group.state;
  const to = GROUP_TABLE.next(from, event);
  if (to === null) return null;
  group.state = to;
  group.phase++;
  return from;
}

/** The protocol that most members put first among those all support (Kafka selectProtocol). */
export function chooseProtocol(group: Group): string | null {
  const members = [...group.members.values()];
  const common = members[0]?.protocols.map((p) => p.name).filter((name) => members.every((m) => m.protocols.some((p) => p.name === name))) ?? [];
  const votes = new Map<string, number>();
  for (const m of members) {
    const vote = m.protocols.find((p) => common.includes(p.name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  let best: string | null = null;
  for (const [name, n] of votes) if (best === null || n > votes.get(best)!) best = name;
  return best;
}

export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return a.length === b.length && a.every((p, i) => p.name === b[i]!.name && p.metadata.length === b[i]!.metadata.length && p.metadata.every((v, j) => v === b[i]!.metadata[j]));
}

export function metadataFor(member: Member, protocol: string | null): Uint8Array {
  return member.protocols.find((p) => p.name === protocol)?.metadata ?? new Uint8Array(0);
}

export function offsetKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
