// The uniform assignor where members subscribe to different topics: keep, hand out topic by topic to whoever has least, then move partitions
// from the most to the least loaded subscribers of each topic (Kafka UniformHeterogeneousAssignmentBuilder, KAFKA-17710).
import { compareUuids } from '../protocol/uuid.ts';
import { put, type GroupAssignment, type GroupMember } from './groupMembers.ts';

/** Rounds over the topics after which balancing ends, balanced or not. */
const MAX_ROUNDS = 16;

interface State {
  readonly members: readonly GroupMember[];
  readonly partitionsOf: (topicId: string) => number;
  /** Indices of the members that subscribe to a topic, ascending. */
  readonly subscribers: Map<string, number[]>;
  /** Index of each partition's member; -1 = none. */
  readonly owners: Map<string, number[]>;
  /** Partitions that each member has. */
  readonly loads: number[];
}

/** Topics must exist. */
export function assignMixed(members: readonly GroupMember[], partitionsOf: (topicId: string) => number): GroupAssignment {
  const s: State = { members, partitionsOf, subscribers: new Map(), owners: new Map(), loads: members.map(() => 0) };
  members.forEach((m, index) => {
    for (const topicId of m.topicIds) {
      const list = s.subscribers.get(topicId);
      if (list) list.push(index);
      else s.subscribers.set(topicId, [index]);
    }
  });
  const order = inOrder(s);
  for (const topicId of order)
    s.owners.set(
      topicId,
      Array.from({ length: partitionsOf(topicId) }, () => -1),
    );
  keep(s);
  for (const topicId of order) handOut(s, topicId);
  balance(
    s,
    order.filter((topicId) => s.subscribers.get(topicId)!.length >= 2),
  );
  const assignment: GroupAssignment = new Map(members.map((m) => [m.memberId, new Map()]));
  for (const [topicId, owners] of s.owners) owners.forEach((owner, partition) => put(assignment.get(members[owner]!.memberId)!, topicId, partition));
  return assignment;
}

/** Topics with most partitions per subscriber first, then those with fewer subscribers, then by id. */
function inOrder(s: State): string[] {
  const count = (topicId: string) => s.subscribers.get(topicId)!.length;
  const share = (topicId: string) => s.partitionsOf(topicId) / count(topicId);
  return [...s.subscribers.keys()].sort((a, b) => share(b) - share(a) || count(a) - count(b) || compareUuids(a, b));
}

function keep(s: State): void {
  s.members.forEach((m, index) => {
    for (const [topicId, partitions] of m.assigned) {
      if (!m.topicIds.includes(topicId)) continue;
      for (const p of partitions) {
        if (p >= s.partitionsOf(topicId)) continue;
        s.owners.get(topicId)![p] = index;
        s.loads[index]!++;
      }
    }
  });
}

function handOut(s: State, topicId: string): void {
  const owners = s.owners.get(topicId)!;
  const ends = new Ends(s.subscribers.get(topicId)!, s.loads);
  owners.forEach((owner, partition) => {
    if (owner >= 0) return;
    const member = ends.least();
    owners[partition] = member;
    s.loads[member]!++;
  });
}

/** Goes round the topics until one whole round moved nothing. */
function balance(s: State, topicIds: readonly string[]): void {
  let last = -1;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (let i = 0; i < topicIds.length; i++) {
      if (i === last) return;
      const moved = balanceTopic(s, topicIds[i]!);
      if (moved > 0 || last === -1) last = i;
    }
  }
}

/** @returns partitions moved. */
function balanceTopic(s: State, topicId: string): number {
  const ends = new Ends(s.subscribers.get(topicId)!, s.loads);
  if (ends.spread <= 1) return 0;
  const owners = s.owners.get(topicId)!;
  const held = new Map<number, number[]>();
  owners.forEach((owner, partition) => held.set(owner, [...(held.get(owner) ?? []), partition]));
  for (let moved = 0; ; moved++) {
    let giver = ends.most();
    while (giver >= 0 && (held.get(giver) ?? []).length === 0) {
      ends.excludeMost();
      giver = ends.most();
    }
    if (giver < 0) return moved;
    const partition = held.get(giver)!.pop()!;
    const taker = ends.least();
    if (ends.balanced()) return moved;
    owners[partition] = taker;
    s.loads[giver]!--;
    s.loads[taker]!++;
  }
}

/** The members of one topic by load, with a range at each end in which loads are equal: the lower grows as its members get partitions, the upper as they give. */
class Ends {
  private readonly sorted: number[];
  private readonly loads: readonly number[];
  /** The lower range is [0, lowEnd); its load before this turn, and whose turn it is. */
  private lowEnd = 0;
  private lowLoad: number;
  private lowNext = 0;
  /** The upper range is [highStart, highEnd); members past it have nothing to give. */
  private highStart: number;
  private highEnd: number;
  private highLoad: number;
  private highNext: number;

  constructor(members: readonly number[], loads: readonly number[]) {
    this.loads = loads;
    this.sorted = [...members].sort((a, b) => loads[a]! - loads[b]! || a - b);
    const n = this.sorted.length;
    this.lowLoad = loads[this.sorted[0]!]! - 1;
    this.highStart = this.highEnd = n;
    this.highLoad = loads[this.sorted[n - 1]!]! + 1;
    this.highNext = n - 1;
  }

  get spread(): number {
    return this.highLoad - this.lowLoad - 2;
  }

  /** The member that should get the next partition. */
  least(): number {
    if (this.lowNext >= this.lowEnd) {
      this.lowLoad++;
      while (this.lowEnd < this.sorted.length && this.loads[this.sorted[this.lowEnd]!] === this.lowLoad) this.lowEnd++;
      this.lowNext = 0;
    }
    return this.sorted[this.lowNext++]!;
  }

  /** The member that should give the next one; -1 = nobody has one to give. */
  most(): number {
    if (this.highNext < this.highStart) {
      if (this.highEnd <= this.highStart && this.highStart > 0) this.highLoad = this.loads[this.sorted[this.highStart - 1]!]!;
      else this.highLoad--;
      while (this.highStart > 0 && this.loads[this.sorted[this.highStart - 1]!] === this.highLoad) this.highStart--;
      this.highNext = this.highEnd - 1;
    }
    return this.highNext < 0 ? -1 : this.sorted[this.highNext--]!;
  }

  /** The member that `most` gave last has nothing to give: it leaves the upper range. */
  excludeMost(): void {
    const at = this.highNext + 1;
    const member = this.sorted[at]!;
    this.sorted[at] = this.sorted[this.highEnd - 1]!;
    this.sorted[this.highEnd - 1] = member;
    this.highEnd--;
  }

  balanced(): boolean {
    return this.highLoad - this.lowLoad <= 1;
  }
}
