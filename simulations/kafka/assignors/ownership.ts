// What a member of a sticky group holds, and in which generation it got it: read from its subscription or its user data
// (Kafka StickyAssignor, CooperativeStickyAssignor).
import { Reader, Writer } from '../protocol/bytes.ts';
import { utf8Length } from '../protocol/utf8.ts';
import { Malformed } from '../protocol/varint.ts';
import { partitionKey, type ConsumerMember, type TopicPartition, type Topics } from './members.ts';

/** A generation that nobody has: told by members that never were in the group. */
export const NO_GENERATION = -1;

/** What one member claims. */
export interface Claim {
  readonly partitions: readonly TopicPartition[];
  /** null = not told. */
  readonly generation: number | null;
}

/** The eager sticky assignor reads user data only: its members have given everything up before they join. */
export function stickyClaim(member: ConsumerMember): Claim {
  const { userData } = member;
  if (userData === null || userData.length === 0) return { partitions: [], generation: null };
  return readStickyUserData(userData, true) ?? readStickyUserData(userData, false) ?? { partitions: [], generation: null };
}

/** The cooperative one reads the fields of the subscription; the generation stands in the user data of older clients. */
export function cooperativeClaim(member: ConsumerMember): Claim {
  if (member.generationId >= 0) return { partitions: member.ownedPartitions, generation: member.generationId };
  if (member.userData === null) return { partitions: member.ownedPartitions, generation: null };
  const generation = member.userData.length >= 4 ? new Reader(member.userData).int32() : NO_GENERATION;
  return { partitions: member.ownedPartitions, generation };
}

/** Version 1: partitions by topic, then the generation. Version 0 ends before it. @returns null when the bytes are not of that form. */
function readStickyUserData(bytes: Uint8Array, withGeneration: boolean): Claim | null {
  try {
    const reader = new Reader(bytes);
    const partitions: TopicPartition[] = [];
    for (let topics = reader.int32(); topics > 0; topics--) {
      const topic = reader.text(reader.int16());
      for (let count = reader.int32(); count > 0; count--) partitions.push({ topic, partition: reader.int32() });
    }
    return { partitions, generation: withGeneration ? reader.int32() : null };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** User data of a sticky member, version 1. */
export function stickyUserData(partitions: readonly TopicPartition[], generation: number): Uint8Array {
  const topics = new Map<string, number[]>();
  for (const tp of partitions) topics.set(tp.topic, [...(topics.get(tp.topic) ?? []), tp.partition]);
  const writer = new Writer();
  writer.int32(topics.size);
  for (const [topic, numbers] of topics) {
    const length = utf8Length(topic);
    writer.int16(length);
    writer.text(topic, length);
    writer.int32(numbers.length);
    for (const n of numbers) writer.int32(n);
  }
  writer.int32(generation);
  return writer.done();
}

/** User data of a cooperative-sticky member: its generation. */
export function cooperativeUserData(generation: number): Uint8Array {
  const writer = new Writer(4);
  writer.int32(generation);
  return writer.done();
}

/** Who holds what before the assignment. */
export interface Ownership {
  /** Valid claims per member, in the order told. */
  readonly owned: Map<string, TopicPartition[]>;
  /** Partitions that two members of one generation claim: nobody's. */
  readonly disputed: ReadonlySet<string>;
  /** Last member, other than the owner, that a partition had in an older generation: it may go back there. */
  readonly previous: ReadonlyMap<string, string>;
  /** Whether all members subscribe to the same topics. */
  readonly sameTopics: boolean;
}

/** Reads the claims of all members: of two for one partition the one of the later generation stands (Kafka AbstractStickyAssignor). */
export function readOwnership(topics: Topics, members: readonly ConsumerMember[], claimOf: (member: ConsumerMember) => Claim): Ownership {
  const owned = new Map<string, TopicPartition[]>();
  const disputed = new Set<string>();
  const ownerOf = new Map<string, ConsumerMember>();
  const claims = new Map(members.map((m) => [m.memberId, claimOf(m)]));
  let latest = NO_GENERATION;
  for (const m of members) {
    const claim = claims.get(m.memberId)!;
    const generation = claim.generation ?? NO_GENERATION;
    latest = Math.max(latest, generation);
    const mine: TopicPartition[] = [];
    owned.set(m.memberId, mine);
    for (const tp of claim.partitions) {
      if (!topics.has(tp.topic)) continue;
      const key = partitionKey(tp);
      const other = ownerOf.get(key);
      if (other) {
        // Of the other one the field of its subscription counts, whatever its user data says.
        if (generation < other.generationId) continue;
        remove(owned.get(other.memberId)!, tp);
        if (generation === other.generationId) disputed.add(key);
        else mine.push(tp);
      } else mine.push(tp);
      ownerOf.set(key, m);
    }
  }
  return { owned, disputed, previous: previousOwners(members, claims, latest), sameTopics: sameTopics(members) };
}

function previousOwners(members: readonly ConsumerMember[], claims: ReadonlyMap<string, Claim>, latest: number): Map<string, string> {
  const found = new Map<string, { readonly member: string; readonly generation: number }>();
  for (const m of members) {
    const { partitions, generation } = claims.get(m.memberId)!;
    if ((generation ?? NO_GENERATION) >= latest) continue;
    for (const tp of partitions) {
      const key = partitionKey(tp);
      if ((generation ?? NO_GENERATION) > (found.get(key)?.generation ?? -Infinity)) found.set(key, { member: m.memberId, generation: generation ?? NO_GENERATION });
    }
  }
  return new Map(Array.from(found, ([key, of]) => [key, of.member]));
}

function sameTopics(members: readonly ConsumerMember[]): boolean {
  const first = new Set(members[0]?.topics);
  return members.every((m) => m.topics.length === first.size && m.topics.every((t) => first.has(t)));
}

/** Takes a partition out of a list. */
export function remove(list: TopicPartition[], tp: TopicPartition): void {
  const at = list.findIndex((x) => x.partition === tp.partition && x.topic === tp.topic);
  if (at >= 0) list.splice(at, 1);
}
