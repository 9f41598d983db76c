// Checkers for the assignors of the Java clients, of kafkajs and of the group coordinator.
import type { GroupAssignment, GroupAssignor, GroupMember } from '../../simulations/kafka/assignors/groupMembers.ts';
import { assignGroupRange } from '../../simulations/kafka/assignors/groupRange.ts';
import { assignSimple } from '../../simulations/kafka/assignors/groupSimple.ts';
import { assignUniform } from '../../simulations/kafka/assignors/groupUniform.ts';
import { partitionKey, topicsWithoutRacks, type ConsumerAssignment, type ConsumerMember, type TopicPartition, type Topics } from '../../simulations/kafka/assignors/members.ts';
import { assignRange } from '../../simulations/kafka/assignors/range.ts';
import { assignKafkajsRoundRobin, assignRoundRobin } from '../../simulations/kafka/assignors/roundRobin.ts';
import { assignCooperativeSticky, assignSticky } from '../../simulations/kafka/assignors/sticky.ts';
import { encodeEmbedded } from '../../simulations/kafka/protocol/codec.ts';
import { all, equal, fromHex, toHex, type Case, type Checker } from './outcome.ts';

const CLIENT_ASSIGNORS: Readonly<Record<string, (topics: Topics, members: readonly ConsumerMember[]) => ConsumerAssignment>> = {
  range: assignRange,
  roundrobin: assignRoundRobin,
  sticky: assignSticky,
  'cooperative-sticky': assignCooperativeSticky,
};

interface GivenMember {
  readonly topics: readonly string[];
  readonly owned?: readonly string[];
  readonly generationId?: number;
  readonly groupInstanceId?: string;
  readonly rackId?: string;
  readonly userDataHex?: string;
}

const javaClients: Checker = (c) => {
  const assignor = c['assignor'] as string;
  const members = Object.entries(c['members'] as Record<string, GivenMember>).map(([id, given]) => memberOf(id, given));
  const counts = Object.entries(c['partitionsPerTopic'] as Record<string, number>);
  const replicas = c['replicasByPartition'] as Record<string, readonly (readonly string[])[]> | undefined;
  const topics: Topics = replicas ? new Map(counts.map(([topic]) => [topic, replicas[topic]!.map((of) => of.map(rackIn).filter((rack) => rack !== ''))])) : topicsWithoutRacks(counts);
  const assignment = CLIENT_ASSIGNORS[assignor]!(topics, members);
  const expected = c['expected'] as Record<string, readonly string[]>;
  if (!assignor.endsWith('sticky')) return all([inTopicOrder(expected), inTopicOrder(namesOf(assignment))]);
  const sorted = Object.fromEntries(Object.entries(namesOf(assignment)).map(([id, list]) => [id, [...list].sort(byPartition)]));
  if (equal(sortedLists(expected), sorted)) return { kind: 'pass' };
  const properties = c['properties'] as Case;
  return asGood(properties, propertiesOf(members, assignment)) ? { kind: 'equivalent' } : { kind: 'fail', expected, actual: sorted };
};

function memberOf(memberId: string, given: GivenMember): ConsumerMember {
  return {
    memberId,
    groupInstanceId: given.groupInstanceId ?? null,
    rackId: given.rackId ?? null,
    topics: given.topics,
    ownedPartitions: (given.owned ?? []).map(parsed),
    generationId: given.generationId ?? -1,
    userData: given.userDataHex === undefined ? null : fromHex(given.userDataHex),
  };
}

/** "node:rack", the rack missing where there is none. */
function rackIn(replica: string): string {
  const rack = replica.slice(replica.indexOf(':') + 1);
  return rack === 'null' || !replica.includes(':') ? '' : rack;
}

function parsed(name: string): TopicPartition {
  const dash = name.lastIndexOf('-');
  return { topic: name.slice(0, dash), partition: Number(name.slice(dash + 1)) };
}

function namesOf(assignment: ConsumerAssignment): Record<string, string[]> {
  return Object.fromEntries(Array.from(assignment, ([id, list]) => [id, list.map(partitionKey)]));
}

function byPartition(a: string, b: string): number {
  const [x, y] = [parsed(a), parsed(b)];
  return x.topic < y.topic ? -1 : x.topic > y.topic ? 1 : x.partition - y.partition;
}

function sortedLists(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([id, list]) => [id, [...list].sort(byPartition)]));
}

/** The order within each topic counts. Which topic stands first is the luck of a hash map in Kafka. */
function inTopicOrder(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(lists).map(([id, list]) => {
      const topics = [...new Set(list.map((name) => parsed(name).topic))].sort();
      return [id, topics.flatMap((topic) => list.filter((name) => parsed(name).topic === topic))];
    }),
  );
}

/** Another sticky assignment is as good when it is as even and keeps as much. */
function asGood(expected: Case, actual: Case): boolean {
  return ['spread', 'sizes', 'assignedPartitions', 'keptByThatOwner'].every((name) => equal(expected[name], actual[name]));
}

function propertiesOf(members: readonly ConsumerMember[], assignment: ConsumerAssignment): Case {
  const sizes = Array.from(assignment.values(), (list) => list.length).sort((a, b) => a - b);
  const claims = new Map<string, string[]>();
  for (const m of members) for (const key of m.ownedPartitions.map(partitionKey)) claims.set(key, [...(claims.get(key) ?? []), m.memberId]);
  const single = [...claims].filter(([, owners]) => owners.length === 1);
  const kept = single.filter(([key, [owner]]) => assignment.get(owner!)!.some((tp) => partitionKey(tp) === key));
  return { sizes, spread: sizes.length === 0 ? 0 : sizes.at(-1)! - sizes[0]!, assignedPartitions: sizes.reduce((a, b) => a + b, 0), ownedByOneMember: single.length, keptByThatOwner: kept.length };
}

const kafkajsRoundRobin: Checker = (c) => {
  const assignment = assignKafkajsRoundRobin(Object.entries(c['partitionsPerTopic'] as Record<string, number>), c['memberIds'] as string[]);
  const plain = Object.fromEntries(Array.from(assignment, ([id, of]) => [id, Object.fromEntries(of)]));
  const bytes = Object.fromEntries(
    Array.from(assignment, ([id, of]) => [
      id,
      toHex(encodeEmbedded('ConsumerProtocolAssignment', 0, { assignedPartitions: Array.from(of, ([topic, partitions]) => ({ topic, partitions })), userData: new Uint8Array(0) })),
    ]),
  );
  return all([c['expected'], plain], [c['expectedAssignmentHex'], bytes]);
};

/** The group says whether its members' subscriptions are the same; only the uniform assignor is told. */
function groupAssignor(name: string, homogeneous: boolean): GroupAssignor {
  return name === 'range' ? assignGroupRange : name === 'simple' ? assignSimple : (members, partitionsOf) => assignUniform(members, partitionsOf, homogeneous);
}

type PlainAssignment = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

const server: Checker = (c) => {
  const given = c['members'] as Record<string, { subscribedTopicIds: string[]; instanceId: string | null; rackId: string | null; current: Record<string, number[]> }>;
  const counts = c['partitionsPerTopic'] as Record<string, number>;
  const members = (c['memberIterationOrder'] as string[]).map((memberId): GroupMember => {
    const m = given[memberId]!;
    return { memberId, instanceId: m.instanceId, rackId: m.rackId, topicIds: m.subscribedTopicIds, assigned: new Map(Object.entries(m.current)) };
  });
  const result = groupAssignor(c['assignor'] as string, c['subscriptionType'] === 'Homogeneous')(members, (topicId) => counts[topicId] ?? -1);
  if (!result.ok) return all([c['expectedError'], 'PartitionAssignorException']);
  const expected = plainAssignment(c['expected'] as PlainAssignment);
  const actual = plainAssignment(Object.fromEntries(Array.from(result.assignment, ([id, of]) => [id, Object.fromEntries(of)])));
  if (equal(expected, actual)) return { kind: 'pass' };
  // Where subscriptions differ, Kafka's result may hang on the order of a set: as good when it is valid and as even.
  const asEven = c['subscriptionType'] === 'Heterogeneous' && validFor(members, result.assignment, counts) && equal(loads(expected), loads(actual));
  return asEven ? { kind: 'equivalent' } : { kind: 'fail', expected, actual };
};

function plainAssignment(of: PlainAssignment): PlainAssignment {
  return Object.fromEntries(Object.entries(of).map(([id, topics]) => [id, Object.fromEntries(Object.entries(topics).map(([topic, list]) => [topic, [...list].sort((a, b) => a - b)]))]));
}

function loads(of: PlainAssignment): number[] {
  return Object.values(of).map((topics) => Object.values(topics).reduce((sum, list) => sum + list.length, 0)).sort((a, b) => a - b);
}

/** Every partition once, and only with those who subscribe to it. */
function validFor(members: readonly GroupMember[], assignment: GroupAssignment, counts: Readonly<Record<string, number>>): boolean {
  const seen = members.flatMap((m) => Array.from(assignment.get(m.memberId) ?? [], ([topic, list]) => (m.topicIds.includes(topic) ? list.map((p) => `${topic}/${p}`) : ['wrong'])).flat());
  const wanted = [...new Set(members.flatMap((m) => m.topicIds))].reduce((sum, topic) => sum + counts[topic]!, 0);
  return !seen.includes('wrong') && new Set(seen).size === seen.length && seen.length === wanted;
}

export const KAFKA_ASSIGNORS: Readonly<Record<string, Checker>> = {
  'assignor-java-clients': javaClients,
  'assignor-java-clients-recorded': javaClients,
  'assignor-kafkajs-roundrobin': kafkajsRoundRobin,
  'assignor-server': server,
  'assignor-server-recorded': server,
};
