// The assignment strategies of the classic protocol as a consumer uses them: what it says of itself when it joins, and how a leader assigns
// (Kafka ConsumerPartitionAssignor, ConsumerProtocol).
import { byText, topicsWithoutRacks, type ConsumerAssignment, type ConsumerMember, type TopicPartition, type Topics } from '../../assignors/members.ts';
import { cooperativeUserData, stickyUserData } from '../../assignors/ownership.ts';
import { assignRange } from '../../assignors/range.ts';
import { assignRoundRobin } from '../../assignors/roundRobin.ts';
import { assignCooperativeSticky, assignSticky } from '../../assignors/sticky.ts';
import { decodeEmbedded, encodeEmbedded } from '../../protocol/codec.ts';
import type { ProcessSpec } from '../../../contract/scenario.ts';

export type Strategy = ProcessSpec['partitionAssignmentStrategy'][number];

/** Newest version of the embedded protocol (Kafka 4.0). */
const VERSION = 3;

const ASSIGN: Readonly<Record<Strategy, (topics: Topics, members: readonly ConsumerMember[]) => ConsumerAssignment>> = {
  range: assignRange,
  roundrobin: assignRoundRobin,
  sticky: assignSticky,
  'cooperative-sticky': assignCooperativeSticky,
};

/** Members keep their partitions while they join only if every strategy they name allows it (KIP-429). */
export function isCooperative(strategies: readonly Strategy[]): boolean {
  return strategies.every((s) => s === 'cooperative-sticky');
}

/** What a member holds as it joins, and what it was last assigned. */
export interface Holding {
  readonly topics: readonly string[];
  readonly owned: readonly TopicPartition[];
  /** -1 = in no generation. */
  readonly generation: number;
  readonly assigned: readonly TopicPartition[];
  readonly assignedGeneration: number;
}

export function subscriptionOf(strategy: Strategy, holding: Holding): Uint8Array {
  const userData =
    strategy === 'sticky' && holding.assignedGeneration >= 0
      ? stickyUserData(holding.assigned, holding.assignedGeneration)
      : strategy === 'cooperative-sticky'
        ? cooperativeUserData(holding.assignedGeneration)
        : null;
  return encodeEmbedded('ConsumerProtocolSubscription', VERSION, { topics: holding.topics, userData, ownedPartitions: byTopic(holding.owned), generationId: holding.generation, rackId: null });
}

/** What the leader of a generation assigns to each member. */
export function assignAll(
  strategy: Strategy,
  members: readonly { readonly memberId: string; readonly groupInstanceId: string | null; readonly metadata: Uint8Array }[],
  partitionsOf: (topic: string) => number,
): { memberId: string; assignment: Uint8Array }[] {
  const told = members.map(readMember);
  const topics = [...new Set(told.flatMap((m) => m.topics))].filter((topic) => partitionsOf(topic) > 0);
  const assigned = ASSIGN[strategy](topicsWithoutRacks(topics.map((topic) => [topic, partitionsOf(topic)] as const)), told);
  return told.map(({ memberId }) => ({ memberId, assignment: encodeEmbedded('ConsumerProtocolAssignment', VERSION, { assignedPartitions: byTopic(assigned.get(memberId) ?? []), userData: null }) }));
}

function readMember(m: { readonly memberId: string; readonly groupInstanceId: string | null; readonly metadata: Uint8Array }): ConsumerMember {
  const read = decodeEmbedded('ConsumerProtocolSubscription', m.metadata);
  const said = read.ok ? (read.body as unknown as { topics: string[]; userData: Uint8Array | null; ownedPartitions: TopicPartitions[]; generationId: number; rackId: string | null }) : null;
  return {
    memberId: m.memberId,
    groupInstanceId: m.groupInstanceId,
    rackId: said?.rackId ?? null,
    topics: said?.topics ?? [],
    ownedPartitions: flat(said?.ownedPartitions ?? []),
    generationId: said?.generationId ?? -1,
    userData: said?.userData ?? null,
  };
}

/** Topics that the members of a group read, as the leader learns them. */
export function topicsOf(members: readonly { readonly metadata: Uint8Array }[]): string[] {
  return [...new Set(members.flatMap((m) => readMember({ memberId: '', groupInstanceId: null, metadata: m.metadata }).topics))].sort(byText);
}

export function readAssignment(bytes: Uint8Array): TopicPartition[] {
  if (bytes.length === 0) return [];
  const read = decodeEmbedded('ConsumerProtocolAssignment', bytes);
  return read.ok ? flat((read.body['assignedPartitions'] as TopicPartitions[]) ?? []) : [];
}

interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

function flat(topics: readonly TopicPartitions[]): TopicPartition[] {
  return topics.flatMap((t) => t.partitions.map((partition) => ({ topic: t.topic, partition })));
}

function byTopic(partitions: readonly TopicPartition[]): TopicPartitions[] {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) {
    const of = topics.get(topic);
    if (of) of.push(partition);
    else topics.set(topic, [partition]);
  }
  return [...topics].map(([topic, list]) => ({ topic, partitions: list }));
}
