// One classic group in the memory of its coordinator (Kafka ClassicGroup, ClassicGroupMember).
import type { Request } from '../../broker/broker.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import { decodeEmbedded } from '../../protocol/codec.ts';
import type { Deadline } from '../../deadlines.ts';
import { hashMapOrder } from '../../javaHash.ts';
import type { Offsets } from '../committed.ts';
import { GROUP_TABLE, type GroupEvent, type GroupState } from './machine.ts';

export interface Protocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export interface ClassicMember {
  readonly id: string;
  /** group.instance.id; null = a dynamic member. */
  readonly instanceId: string | null;
  /** Process it runs in. */
  readonly client: string;
  readonly clientId: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly Protocol[];
  assignment: Uint8Array;
  /** Parked JoinGroup and SyncGroup. */
  join: Request | null;
  sync: Request | null;
  /** Until its first join is answered it cannot send heartbeats: its session is then the time a join may wait. */
  isNew: boolean;
  readonly session: Deadline;
}

export interface ClassicGroup {
  readonly type: 'classic';
  readonly id: string;
  /** Partition of the offsets topic that keeps it. */
  readonly home: number;
  state: GroupState;
  previousState: GroupState;
  generation: number;
  /** '' = none yet: a group that only keeps offsets. */
  protocolType: string;
  protocolName: string | null;
  leader: string | null;
  /** In order of joining; Kafka's order is that of a HashMap. */
  members: Map<string, ClassicMember>;
  /** Member ids by group.instance.id. */
  readonly staticMembers: Map<string, string>;
  /** Ids given out with MEMBER_ID_REQUIRED and not yet used, with the end of their session. */
  readonly pending: Map<string, Deadline>;
  /** Members of this generation that have not yet sent SyncGroup. */
  readonly pendingSync: Set<string>;
  /** Whether someone joined since the delay of the first rebalance was last set, and what may still be added to it. */
  newMemberAdded: boolean;
  initialDelayMs: number;
  initialRemainingMs: number;
  /** As of the last generation. */
  subscribed: Set<string> | null;
  readonly joinDeadline: Deadline;
  readonly syncDeadline: Deadline;
  readonly offsets: Offsets;
}

/** @returns the state before, or null when the machine has no such step. */
export function step(group: ClassicGroup, event: GroupEvent): GroupState | null {
  const from = group.state;
  const to = GROUP_TABLE.next(from, event);
  if (to === null) return null;
  group.previousState = from;
  group.state = to;
  return from;
}

/** Whether a member with these protocols fits: the type is the group's, and one protocol is known to every present member. */
export function supportsProtocols(group: ClassicGroup, protocolType: string, protocols: readonly Protocol[]): boolean {
  if (group.state === 'Empty') return protocolType !== '' && protocols.length > 0;
  if (group.protocolType !== protocolType) return false;
  return protocols.some((p) => everyMemberKnows(group, p.name));
}

/** What a choice of protocol looks at. */
interface Speakers {
  readonly members: ReadonlyMap<string, { readonly protocols: readonly Protocol[] }>;
}

function everyMemberKnows(group: Speakers, name: string): boolean {
  for (const m of group.members.values()) if (!m.protocols.some((p) => p.name === name)) return false;
  return true;
}

/** The protocol that most members put first among those all support; of equals the first in the order of a HashMap (Kafka selectProtocol). */
export function chooseProtocol(group: Speakers): string | null {
  const votes = new Map<string, number>();
  for (const m of group.members.values()) {
    const vote = m.protocols.find((p) => everyMemberKnows(group, p.name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  let best: string | null = null;
  for (const name of hashMapOrder([...votes.keys()])) if (best === null || votes.get(name)! > votes.get(best)!) best = name;
  return best;
}

export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return a.length === b.length && a.every((p, i) => p.name === b[i]!.name && p.metadata.length === b[i]!.metadata.length && p.metadata.every((v, j) => v === b[i]!.metadata[j]));
}

export function metadataFor(member: { readonly protocols: readonly Protocol[] }, protocol: string | null): Uint8Array {
  return member.protocols.find((p) => p.name === protocol)?.metadata ?? new Uint8Array(0);
}

/** Whether a member is who it says it is. @returns 0, UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID when another has taken its group.instance.id. */
export function validateMember(group: ClassicGroup, memberId: string, instanceId: string | null): number {
  if (instanceId !== null) {
    const holder = group.staticMembers.get(instanceId);
    if (holder === undefined) return ERR.UNKNOWN_MEMBER_ID;
    if (holder !== memberId) return ERR.FENCED_INSTANCE_ID;
  }
  return group.members.has(memberId) ? 0 : ERR.UNKNOWN_MEMBER_ID;
}

/** Whether a member may commit offsets. A commit from outside the group (generation below 0) needs an empty group. @returns 0 or Kafka's error. */
export function validateCommit(group: ClassicGroup, memberId: string, instanceId: string | null, generation: number, transactional = false): number {
  if (group.state === 'Dead') return ERR.COORDINATOR_NOT_AVAILABLE;
  if (generation < 0 && group.state === 'Empty') return 0;
  // A producer that does not say of which member it commits may do so at any time (before TxnOffsetCommit v3).
  if (generation < 0 && memberId === '' && instanceId === null) return transactional ? 0 : ERR.UNKNOWN_MEMBER_ID;
  const error = validateMember(group, memberId, instanceId);
  if (error !== 0) return error;
  if (generation !== group.generation) return ERR.ILLEGAL_GENERATION;
  return !transactional && group.state === 'CompletingRebalance' ? ERR.REBALANCE_IN_PROGRESS : 0;
}

/** Largest of its members' rebalance timeouts, milliseconds. */
export function rebalanceTimeoutMs(group: ClassicGroup): number {
  let ms = 0;
  for (const m of group.members.values()) ms = Math.max(ms, m.rebalanceTimeoutMs);
  return ms;
}

export function hasAllMembersJoined(group: ClassicGroup): boolean {
  if (group.pending.size > 0) return false;
  for (const m of group.members.values()) if (!m.join) return false;
  return true;
}

/** Topics that the members of a generation read; null when the group is not one of consumers, or its metadata cannot be read (Kafka computeSubscribedTopics). */
export function subscribedTopics(group: ClassicGroup): Set<string> | null {
  if (group.protocolType !== 'consumer') return null;
  const topics = new Set<string>();
  if (group.members.size === 0) return topics;
  if (group.protocolName === null) return null;
  for (const m of group.members.values()) {
    const read = decodeEmbedded('ConsumerProtocolSubscription', metadataFor(m, group.protocolName));
    if (!read.ok) return null;
    for (const topic of read.body['topics'] as string[]) topics.add(topic);
  }
  return topics;
}

/** Whether the group reads a topic. Where it is not known a group of consumers counts as reading it. */
export function isSubscribed(group: ClassicGroup, topic: string): boolean {
  return group.subscribed?.has(topic) ?? group.protocolType === 'consumer';
}
