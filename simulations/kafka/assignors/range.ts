// The range assignor of the Java clients: per topic, members in order get contiguous ranges; where racks count, partitions near a member
// come first, and topics that could be joined stay aligned (Kafka RangeAssignor, KIP-881).
import { byInstanceThenId, byText, type ConsumerAssignment, type ConsumerMember, type Topics } from './members.ts';
import { rackOf, racksMatter } from './racks.ts';

/** What one topic still has to give, and to whom. */
interface TopicState {
  readonly topic: string;
  /** Subscribed members in order. */
  readonly members: readonly ConsumerMember[];
  readonly racks: readonly (readonly string[])[];
  readonly racksMatter: boolean;
  /** Whether any member names a rack: topics are compared for co-partitioning only then. */
  readonly racksNamed: boolean;
  /** Partition numbers not yet given, ascending. */
  readonly left: Set<number>;
  readonly given: Map<string, number>;
  readonly quota: number;
  /** Members that may still get one more than the quota. */
  extra: number;
}

export function assignRange(topics: Topics, members: readonly ConsumerMember[]): ConsumerAssignment {
  const assignment: ConsumerAssignment = new Map(members.map((m) => [m.memberId, []]));
  const inOrder = [...members].sort(byInstanceThenId);
  const states = [...topics]
    .filter(([, partitions]) => partitions.length > 0)
    .sort(([a], [b]) => byText(a, b))
    .map(([topic, racks]) => stateOf(topic, racks, inOrder));
  const useRacks = states.some((s) => s.racksMatter);
  if (useRacks) matchRacks(states, assignment);
  for (const s of states) giveRanges(s, () => true, assignment);
  if (useRacks) for (const list of assignment.values()) list.sort((a, b) => byText(a.topic, b.topic) || a.partition - b.partition);
  return assignment;
}

function stateOf(topic: string, racks: TopicState['racks'], inOrder: readonly ConsumerMember[]): TopicState {
  const members = inOrder.filter((m) => m.topics.includes(topic));
  const consumerRacks = new Set(members.map(rackOf).filter((rack) => rack !== null));
  return {
    topic,
    members,
    racks,
    racksMatter: racksMatter(consumerRacks, racks),
    racksNamed: consumerRacks.size > 0,
    left: new Set(racks.keys()),
    given: new Map(members.map((m) => [m.memberId, 0])),
    quota: members.length === 0 ? 0 : Math.floor(racks.length / members.length),
    extra: members.length === 0 ? 0 : racks.length % members.length,
  };
}

function room(s: TopicState, member: ConsumerMember): number {
  return Math.max(0, s.quota + (s.extra > 0 ? 1 : 0) - s.given.get(member.memberId)!);
}

function near(s: TopicState, member: ConsumerMember, partition: number): boolean {
  const rack = rackOf(member);
  return rack === null || s.racks[partition]!.includes(rack);
}

function give(s: TopicState, member: ConsumerMember, partitions: readonly number[], assignment: ConsumerAssignment): void {
  for (const partition of partitions) {
    assignment.get(member.memberId)!.push({ topic: s.topic, partition });
    s.left.delete(partition);
  }
  const given = s.given.get(member.memberId)! + partitions.length;
  s.given.set(member.memberId, given);
  if (given > s.quota) s.extra--;
}

function giveRanges(s: TopicState, may: (member: ConsumerMember, partition: number) => boolean, assignment: ConsumerAssignment): void {
  for (const member of s.members) {
    const partitions = [...s.left].filter((p) => may(member, p)).slice(0, room(s, member));
    if (partitions.length > 0) give(s, member, partitions, assignment);
  }
}

/** Topics with the same members and number of partitions are given together, so that joins stay possible; others one by one. */
function matchRacks(states: readonly TopicState[], assignment: ConsumerAssignment): void {
  const groups = new Map<string, TopicState[]>();
  for (const s of states) {
    const key = JSON.stringify([s.members.map((m) => [m.memberId, rackOf(m)]), s.racksNamed ? s.racks.length : 0]);
    groups.set(key, [...(groups.get(key) ?? []), s]);
  }
  for (const group of groups.values()) {
    if (group.length > 1) matchTogether(group, assignment);
    else if (group[0]!.racksMatter) giveRanges(group[0]!, (m, p) => near(group[0]!, m, p), assignment);
  }
}

function matchTogether(group: readonly TopicState[], assignment: ConsumerAssignment): void {
  const first = group[0]!;
  if (!first.racksNamed) return;
  const remaining = new Set(first.members);
  for (const p of first.racks.keys()) {
    const member = [...remaining].find((m) => group.every((s) => near(s, m, p) && room(s, m) > 0));
    if (!member) continue;
    for (const s of group) give(s, member, [p], assignment);
    if (group.every((s) => room(s, member) === 0)) remaining.delete(member);
  }
}
