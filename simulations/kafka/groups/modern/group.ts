// A group whose assignment the broker computes, in the memory of its coordinator, and the changes that are written of it: consumer groups of
// KIP-848 and share groups of KIP-932 (Kafka ModernGroup, ConsumerGroup, ShareGroup).
import type { MetadataImage } from '../../metadata/image.ts';
import type { Deadline } from '../../deadlines.ts';
import { NOTHING, textOf, together, type Assignment } from '../assignment.ts';
import type { Protocol } from '../classic/group.ts';
import type { Offsets } from '../committed.ts';
import type { MemberState } from '../consumer/machine.ts';

/** What a member of a consumer group says that speaks the classic protocol (Kafka ConsumerGroupMemberMetadataValue.ClassicMemberMetadata). */
export interface ClassicMetadata {
  readonly sessionTimeoutMs: number;
  readonly protocols: readonly Protocol[];
}

/** What a member says of itself. */
export interface MemberMetadata {
  readonly instanceId: string | null;
  readonly rackId: string | null;
  /** Process it runs in. */
  readonly client: string;
  readonly clientId: string;
  readonly rebalanceTimeoutMs: number;
  /** Sorted. */
  readonly subscribedTopicNames: readonly string[];
  /** '' = none. */
  readonly subscribedTopicRegex: string;
  /** null = the group's default. */
  readonly serverAssignor: string | null;
  /** null = it speaks the group's own protocol. */
  readonly classic: ClassicMetadata | null;
}

/** How far it has come: what it may read, and what it is still to give up. */
export interface MemberProgress {
  readonly epoch: number;
  readonly previousEpoch: number;
  readonly state: MemberState;
  readonly assigned: Assignment;
  readonly pendingRevocation: Assignment;
}

export interface Member extends MemberMetadata, MemberProgress {
  readonly id: string;
}

export interface ResolvedRegex {
  readonly topics: readonly string[];
  /** Metadata offset at which it was resolved. */
  readonly version: number;
  readonly timeMs: number;
}

/** What is written of a group and read back. */
export interface GroupData {
  groupEpoch: number;
  /** The topics it reads and their partitions, as of the group epoch. */
  topicMetadata: string;
  assignmentEpoch: number;
  /** In order of joining; Kafka's order is that of a HashMap. */
  readonly members: Map<string, Member>;
  /** Member ids by group.instance.id. */
  readonly staticMembers: Map<string, string>;
  readonly target: Map<string, Assignment>;
  readonly regexes: Map<string, ResolvedRegex>;
}

/** Kafka ConsumerGroupState; share groups know only Empty and Stable, Dead is one that was deleted. */
export type ModernGroupState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable' | 'Dead';

export interface ModernGroup {
  readonly type: 'consumer' | 'share';
  readonly id: string;
  readonly home: number;
  data: GroupData;
  state: ModernGroupState;
  /** Topics changed since the topic metadata was last compared. */
  metadataExpired: boolean;
  /** Regular expressions are being resolved. */
  readonly resolving: Deadline;
  /** By member id; the rebalance timeout runs while a member is to give partitions up. */
  readonly timers: Map<string, { readonly session: Deadline; readonly rebalance: Deadline }>;
  /** Of members of the classic protocol: the time they have to join again, and from that to SyncGroup. */
  readonly classicTimers: Map<string, { readonly join: Deadline; readonly sync: Deadline }>;
  readonly offsets: Offsets;
}

export type GroupChange =
  /** null = gone. */
  | { readonly type: 'member'; readonly id: string; readonly metadata: MemberMetadata | null }
  | { readonly type: 'epoch'; readonly epoch: number }
  | { readonly type: 'topics'; readonly topicMetadata: string }
  | { readonly type: 'target'; readonly id: string; readonly partitions: Assignment | null }
  | { readonly type: 'assignmentEpoch'; readonly epoch: number }
  | { readonly type: 'progress'; readonly id: string; readonly progress: MemberProgress }
  | { readonly type: 'regex'; readonly regex: string; readonly resolved: ResolvedRegex | null };

/** Epochs with which a member leaves: for good, or as a static member for a while. */
export const LEAVE = -1;
export const LEAVE_STATIC = -2;

const NEW_PROGRESS: MemberProgress = { epoch: 0, previousEpoch: -1, state: 'STABLE', assigned: NOTHING, pendingRevocation: NOTHING };

export function emptyData(): GroupData {
  return { groupEpoch: 0, topicMetadata: '', assignmentEpoch: 0, members: new Map(), staticMembers: new Map(), target: new Map(), regexes: new Map() };
}

export function copyOf(data: GroupData): GroupData {
  return { ...data, members: new Map(data.members), staticMembers: new Map(data.staticMembers), target: new Map(data.target), regexes: new Map(data.regexes) };
}

export function newGroup(type: ModernGroup['type'], id: string, home: number, parts: Pick<ModernGroup, 'data' | 'resolving' | 'offsets'>): ModernGroup {
  return { type, id, home, state: 'Empty', metadataExpired: true, timers: new Map(), classicTimers: new Map(), ...parts };
}

export function newMember(id: string, client: string): Member {
  return { id, instanceId: null, rackId: null, client, clientId: '', rebalanceTimeoutMs: -1, subscribedTopicNames: [], subscribedTopicRegex: '', serverAssignor: null, classic: null, ...NEW_PROGRESS };
}

export function metadataOf(m: Member): MemberMetadata {
  const { instanceId, rackId, client, clientId, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, serverAssignor, classic } = m;
  return { instanceId, rackId, client, clientId, rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, serverAssignor, classic };
}

export function progressOf({ epoch, previousEpoch, state, assigned, pendingRevocation }: Member): MemberProgress {
  return { epoch, previousEpoch, state, assigned, pendingRevocation };
}

export function sameProgress(a: MemberProgress, b: MemberProgress): boolean {
  return progressText(a) === progressText(b);
}

/** Puts a change into effect; also in the order in which changes are read back. */
export function apply(data: GroupData, change: GroupChange): void {
  switch (change.type) {
    case 'member': {
      const { id, metadata } = change;
      const before = data.members.get(id);
      if (metadata) {
        data.members.set(id, { ...(before ?? newMember(id, metadata.client)), ...metadata });
        if (metadata.instanceId !== null) data.staticMembers.set(metadata.instanceId, id);
        return;
      }
      data.members.delete(id);
      if (before && before.instanceId !== null && data.staticMembers.get(before.instanceId) === id) data.staticMembers.delete(before.instanceId);
      return;
    }
    case 'epoch':
      data.groupEpoch = change.epoch;
      return;
    case 'topics':
      data.topicMetadata = change.topicMetadata;
      return;
    case 'target':
      if (change.partitions) data.target.set(change.id, change.partitions);
      else data.target.delete(change.id);
      return;
    case 'assignmentEpoch':
      data.assignmentEpoch = change.epoch;
      return;
    case 'progress':
      data.members.set(change.id, { ...data.members.get(change.id)!, ...change.progress });
      return;
    case 'regex':
      if (change.resolved) data.regexes.set(change.regex, change.resolved);
      else data.regexes.delete(change.regex);
  }
}

/** As text for the digest of what is written. */
export function changeText(change: GroupChange): string {
  switch (change.type) {
    case 'member': {
      const m = change.metadata;
      if (!m) return `-${change.id}`;
      const classic = m.classic ? `/${m.classic.sessionTimeoutMs}/${m.classic.protocols.map((p) => p.name).join('+')}` : '';
      return `+${change.id}/${[m.instanceId, m.rackId, m.clientId, m.rebalanceTimeoutMs, m.subscribedTopicNames.join('+'), m.subscribedTopicRegex, m.serverAssignor].join('/')}${classic}`;
    }
    case 'epoch':
      return `epoch ${change.epoch}`;
    case 'topics':
      return `topics ${change.topicMetadata}`;
    case 'target':
      return `target ${change.id} ${change.partitions ? textOf(change.partitions) : 'none'}`;
    case 'assignmentEpoch':
      return `target epoch ${change.epoch}`;
    case 'progress':
      return `${change.id} ${progressText(change.progress)}`;
    case 'regex':
      return `regex ${change.regex} ${change.resolved ? change.resolved.topics.join('+') : 'none'}`;
  }
}

function progressText(p: MemberProgress): string {
  return `${p.epoch}/${p.previousEpoch}/${p.state}/${textOf(p.assigned)}/${textOf(p.pendingRevocation)}`;
}

/** Of share groups members are never reconciled step by step. */
export function stateOf({ type, data }: Pick<ModernGroup, 'type' | 'data'>): ModernGroupState {
  if (data.members.size === 0) return 'Empty';
  if (type === 'share') return 'Stable';
  if (data.groupEpoch > data.assignmentEpoch) return 'Assigning';
  for (const m of data.members.values()) if (!isReconciledTo(m, data.assignmentEpoch)) return 'Reconciling';
  return 'Stable';
}

export function isReconciledTo(member: MemberProgress, assignmentEpoch: number): boolean {
  return member.state === 'STABLE' && member.epoch === assignmentEpoch;
}

/** Everything that some member may read or has not yet given up. */
export function held(members: Iterable<MemberProgress>): Assignment {
  let all: Assignment = NOTHING;
  for (const m of members) all = together(all, together(m.assigned, m.pendingRevocation));
  return all;
}

/** Names of the topics a member reads, its regular expression included as far as it is resolved. */
export function topicsOf(data: GroupData, member: MemberMetadata): string[] {
  const matched = data.regexes.get(member.subscribedTopicRegex)?.topics ?? [];
  return [...new Set([...member.subscribedTopicNames, ...matched])];
}

/** The topics that the group reads and that exist, with their ids and numbers of partitions: what an assignment depends on. */
export function topicMetadataOf(data: GroupData, image: MetadataImage): string {
  const names = new Set<string>();
  for (const m of data.members.values()) for (const name of topicsOf(data, m)) names.add(name);
  return [...names]
    .sort()
    .flatMap((name) => {
      const topic = image.topics.get(name);
      return topic ? [`${name}/${topic.id}/${topic.partitions.length}`] : [];
    })
    .join();
}

/** Whether anyone reads a topic. */
export function reads(data: GroupData, topic: string): boolean {
  for (const m of data.members.values()) if (topicsOf(data, m).includes(topic)) return true;
  return false;
}

export function subscribers(data: GroupData, regex: string): number {
  let n = 0;
  for (const m of data.members.values()) if (m.subscribedTopicRegex === regex) n++;
  return n;
}
