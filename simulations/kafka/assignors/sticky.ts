// The sticky assignors where all members subscribe to the same topics: everyone keeps what it holds up to its share, the rest goes round
// (Kafka AbstractStickyAssignor, constrained assignment; KIP-54, KIP-341, KIP-881). Different subscriptions are in stickyGeneral.ts.
import { byText, partitionKey, wanted, type ConsumerAssignment, type ConsumerMember, type TopicPartition, type Topics } from './members.ts';
import { cooperativeClaim, readOwnership, stickyClaim, type Ownership } from './ownership.ts';
import { rackView, type RackView } from './racks.ts';
import { assignDifferentTopics } from './stickyGeneral.ts';

export function assignSticky(existing: Topics, members: readonly ConsumerMember[]): ConsumerAssignment {
  const topics = wanted(existing, members);
  const inOrder = [...members].sort((a, b) => byText(a.memberId, b.memberId));
  const ownership = readOwnership(topics, inOrder, stickyClaim);
  return ownership.sameTopics ? assignSameTopics(topics, inOrder, ownership).assignment : assignDifferentTopics(topics, inOrder, ownership);
}

/** The cooperative one withholds what another member still has: that one gives it up first, and the next rebalance hands it over (KIP-429). */
export function assignCooperativeSticky(existing: Topics, members: readonly ConsumerMember[]): ConsumerAssignment {
  const topics = wanted(existing, members);
  const inOrder = [...members].sort((a, b) => byText(a.memberId, b.memberId));
  const ownership = readOwnership(topics, inOrder, cooperativeClaim);
  let assignment: ConsumerAssignment;
  let moving: ReadonlySet<string>;
  if (ownership.sameTopics) ({ assignment, moving } = assignSameTopics(topics, inOrder, ownership));
  else {
    assignment = assignDifferentTopics(topics, inOrder, ownership);
    moving = changingHands(inOrder, assignment);
  }
  return new Map(Array.from(assignment, ([member, list]) => [member, list.filter((tp) => !moving.has(partitionKey(tp)))] as const));
}

/** Partitions that one member loses and another gets. */
function changingHands(members: readonly ConsumerMember[], assignment: ConsumerAssignment): Set<string> {
  const added = new Set<string>();
  const lost = new Set<string>();
  for (const m of members) {
    const before = new Set(m.ownedPartitions.map(partitionKey));
    const after = new Set(assignment.get(m.memberId)!.map(partitionKey));
    for (const key of after) if (!before.has(key)) added.add(key);
    for (const key of before) if (!after.has(key)) lost.add(key);
  }
  return new Set([...added].filter((key) => lost.has(key)));
}

/** @returns the assignment, and the partitions that their new member gets from another one. */
function assignSameTopics(topics: Topics, members: readonly ConsumerMember[], ownership: Ownership): { assignment: ConsumerAssignment; moving: ReadonlySet<string> } {
  const assignment: ConsumerAssignment = new Map(members.map((m) => [m.memberId, []]));
  const moving = new Set<string>();
  if (members.length === 0) return { assignment, moving };
  const racks = rackView(topics, members);
  const all = [...topics.keys()].sort(byText).flatMap((topic) => Array.from(topics.get(topic)!, (_, partition) => ({ topic, partition })));
  const shares = new Shares(assignment, Math.floor(all.length / members.length), all.length % members.length);
  const revoked = keepOwned(members, ownership, racks, shares);
  const taken = new Set([...assignment.values()].flat().map(partitionKey));
  shares.sort();
  let left = racks.fewestConsumersFirst(all.filter((tp) => !taken.has(partitionKey(tp))));
  const give = (member: string, tp: TopicPartition) => {
    const key = partitionKey(tp);
    const before = revoked.get(key);
    // A member that lost a partition to its rack may get it back when all is counted: then nothing moves (KAFKA-15170).
    if ((before !== undefined && before !== member) || ownership.disputed.has(key)) moving.add(key);
    shares.give(member, tp);
  };
  if (racks.matters) left = giveNearby(left, racks, shares, give);
  for (const tp of left) give(shares.next(), tp);
  return { assignment, moving };
}

/** Everyone keeps what it holds up to its share. @returns what must be given up, and by whom. */
function keepOwned(members: readonly ConsumerMember[], ownership: Ownership, racks: RackView, shares: Shares): Map<string, string> {
  const revoked = new Map<string, string>();
  for (const { memberId } of members) {
    const mine: TopicPartition[] = [];
    for (const tp of ownership.owned.get(memberId)!) {
      if (racks.mismatch(memberId, tp)) revoked.set(partitionKey(tp), memberId);
      else if (!ownership.disputed.has(partitionKey(tp))) mine.push(tp);
    }
    mine.sort((a, b) => a.partition - b.partition || byText(a.topic, b.topic));
    for (const tp of mine.slice(shares.keep(memberId, mine))) revoked.set(partitionKey(tp), memberId);
  }
  return revoked;
}

/** Partitions to members on their racks as far as shares go. @returns what could not be placed so. */
function giveNearby(partitions: readonly TopicPartition[], racks: RackView, shares: Shares, give: (member: string, tp: TopicPartition) => void): TopicPartition[] {
  const left: TopicPartition[] = [];
  let at = 0;
  for (const tp of partitions) {
    const { under, exact } = shares;
    const index = racks.nextOnRack(tp, under, at);
    if (index >= 0) {
      const before = under.length;
      give(under[index]!, tp);
      at = under.length === 0 ? 0 : (under.length === before ? index + 1 : index) % under.length;
      continue;
    }
    const spare = shares.mayExceed ? racks.nextOnRack(tp, exact, 0) : -1;
    if (spare >= 0) give(exact[spare]!, tp);
    else left.push(tp);
  }
  return left;
}

/** How many partitions each member should have: all the quota, some one more. */
class Shares {
  /** Members below the quota. */
  readonly under: string[] = [];
  /** Members at the quota that may get one more. */
  readonly exact: string[] = [];
  private readonly assignment: ConsumerAssignment;
  private readonly quota: number;
  /** Members that should have one more than the quota, and those that have. */
  private readonly overWanted: number;
  private over = 0;
  private turn = 0;

  constructor(assignment: ConsumerAssignment, quota: number, overWanted: number) {
    this.assignment = assignment;
    this.quota = quota;
    this.overWanted = overWanted;
  }

  get mayExceed(): boolean {
    return this.over < this.overWanted;
  }

  /** Gives a member the first of its own partitions. @returns how many it keeps. */
  keep(member: string, mine: readonly TopicPartition[]): number {
    let kept = mine.length;
    if (mine.length < this.quota) this.under.push(member);
    else if (mine.length > this.quota && this.mayExceed) {
      kept = this.quota + 1;
      if (++this.over === this.overWanted) this.exact.length = 0;
    } else {
      kept = this.quota;
      if (this.mayExceed) this.exact.push(member);
    }
    this.assignment.get(member)!.push(...mine.slice(0, kept));
    return kept;
  }

  sort(): void {
    this.under.sort(byText);
    this.exact.sort(byText);
  }

  /** The next member in turn: first all to the quota, then one more each. */
  next(): string {
    if (this.under.length === 0) return this.exact[0]!;
    if (this.turn >= this.under.length) this.turn = 0;
    return this.under[this.turn++]!;
  }

  give(member: string, tp: TopicPartition): void {
    const list = this.assignment.get(member)!;
    list.push(tp);
    if (list.length === this.quota) {
      const at = this.under.indexOf(member);
      this.under.splice(at, 1);
      if (this.turn > at) this.turn--;
      if (this.overWanted > 0) this.exact.push(member);
    } else if (list.length > this.quota) {
      this.over++;
      this.exact.splice(this.exact.indexOf(member), 1);
    }
  }
}
