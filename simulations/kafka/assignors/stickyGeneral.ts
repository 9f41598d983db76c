// The sticky assignors where members subscribe to different topics: keep what is valid, hand the rest to whoever has least, then move single
// partitions while that balances better (Kafka AbstractStickyAssignor, general assignment).
import { byText, partitionKey, type ConsumerAssignment, type ConsumerMember, type TopicPartition, type Topics } from './members.ts';
import { remove, type Ownership } from './ownership.ts';
import { rackView, type RackView } from './racks.ts';

export function assignDifferentTopics(topics: Topics, members: readonly ConsumerMember[], ownership: Ownership): ConsumerAssignment {
  const state = new Balancing(topics, members, ownership);
  return state.build();
}

class Balancing {
  private readonly topics: Topics;
  private readonly racks: RackView;
  private readonly previous: ReadonlyMap<string, string>;
  /** Existing topics of each member, and members of each topic. */
  private readonly topicsOf = new Map<string, string[]>();
  private readonly membersOf = new Map<string, string[]>();
  private readonly assignment: ConsumerAssignment;
  private owner = new Map<string, string>();
  /** Members that take part in the balancing. */
  private readonly active = new Set<string>();
  private readonly moves = new Moves();
  private mustRevoke = false;

  constructor(topics: Topics, members: readonly ConsumerMember[], ownership: Ownership) {
    this.topics = topics;
    this.racks = rackView(topics, members);
    this.previous = ownership.previous;
    this.assignment = ownership.owned;
    for (const topic of topics.keys()) this.membersOf.set(topic, []);
    for (const m of members) {
      const mine = m.topics.filter((t) => topics.has(t));
      this.topicsOf.set(m.memberId, mine);
      for (const t of mine) this.membersOf.get(t)!.push(m.memberId);
    }
  }

  build(): ConsumerAssignment {
    this.keepOwned();
    const order = [...this.topics.keys()].sort((a, b) => this.membersOf.get(a)!.length - this.membersOf.get(b)!.length || byText(a, b));
    const all = order.flatMap((topic) => Array.from(this.topics.get(topic)!, (_, partition) => ({ topic, partition })));
    const unassigned = all.filter((tp) => !this.owner.has(partitionKey(tp)));
    for (const m of this.assignment.keys()) this.active.add(m);
    const fromNothing = [...this.assignment.values()].every((list) => list.length === 0);
    this.handOut(unassigned);

    const movable = (tp: TopicPartition) => this.membersOf.get(tp.topic)!.length >= 2;
    for (const m of this.assignment.keys()) if (!this.takesPart(m)) this.active.delete(m);
    const before = this.copy();
    if (!this.mustRevoke) this.reassign(unassigned.filter(movable));
    const moved = this.reassign(all.filter(movable));
    if (!fromNothing && moved && this.imbalance(this.assignment) >= this.imbalance(before)) for (const m of this.active) this.assignment.set(m, before.get(m)!);
    return this.assignment;
  }

  /** Drops what a member may no longer have. */
  private keepOwned(): void {
    for (const [member, list] of this.assignment) {
      const keep = list.filter((tp) => this.topicsOf.get(member)!.includes(tp.topic) && !this.racks.mismatch(member, tp));
      if (keep.length < list.length) this.mustRevoke = true;
      this.assignment.set(member, keep);
      for (const tp of keep) this.owner.set(partitionKey(tp), member);
    }
  }

  private handOut(unassigned: readonly TopicPartition[]): void {
    const far = this.racks.matters ? unassigned.filter((tp) => !this.giveToLeastLoaded(tp, true)) : unassigned;
    for (const tp of far) this.giveToLeastLoaded(tp, false);
  }

  private giveToLeastLoaded(tp: TopicPartition, nearOnly: boolean): boolean {
    const member = this.leastLoaded((m) => this.topicsOf.get(m)!.includes(tp.topic) && !(nearOnly && this.racks.mismatch(m, tp)));
    if (member === null) return false;
    this.assignment.get(member)!.push(tp);
    this.owner.set(partitionKey(tp), member);
    return true;
  }

  private load(member: string): number {
    return this.assignment.get(member)!.length;
  }

  private leastLoaded(fits: (member: string) => boolean): string | null {
    let best: string | null = null;
    for (const m of this.active) if (fits(m) && (best === null || this.load(m) < this.load(best) || (this.load(m) === this.load(best) && m < best))) best = m;
    return best;
  }

  private possible(member: string): number {
    return this.topicsOf.get(member)!.reduce((sum, t) => sum + this.topics.get(t)!.length, 0);
  }

  /** A member that has all it can have, and shares no topic, stays as it is. */
  private takesPart(member: string): boolean {
    return this.load(member) < this.possible(member) || this.assignment.get(member)!.some((tp) => this.membersOf.get(tp.topic)!.length >= 2);
  }

  private balanced(): boolean {
    let least = Infinity;
    let most = 0;
    for (const m of this.active) {
      least = Math.min(least, this.load(m));
      most = Math.max(most, this.load(m));
    }
    if (least >= most - 1) return true;
    for (const m of this.active) {
      const load = this.load(m);
      if (load === this.possible(m)) continue;
      for (const topic of this.topicsOf.get(m)!) {
        for (const partition of this.topics.get(topic)!.keys()) {
          const other = this.owner.get(partitionKey({ topic, partition }))!;
          if (other !== m && load + 1 < this.load(other)) return false;
        }
      }
    }
    return true;
  }

  /** Moves partitions one by one until nothing more is gained. @returns whether any moved. */
  private reassign(partitions: readonly TopicPartition[]): boolean {
    let moved = false;
    for (let again = true; again;) {
      again = false;
      for (const tp of partitions) {
        if (this.balanced()) break;
        const owner = this.owner.get(partitionKey(tp))!;
        const load = this.load(owner);
        const lighter = (m: string) => load > this.load(m) + 1;
        const before = this.previous.get(partitionKey(tp));
        if (before !== undefined && this.active.has(before) && this.topicsOf.get(before)!.includes(tp.topic) && lighter(before)) this.move(tp, before);
        else if (this.membersOf.get(tp.topic)!.some(lighter))
          this.move(
            tp,
            this.leastLoaded((m) => this.topicsOf.get(m)!.includes(tp.topic))!,
          );
        else continue;
        moved = again = true;
      }
    }
    return moved;
  }

  private move(wanted: TopicPartition, to: string): void {
    const tp = this.moves.instead(wanted, this.owner.get(partitionKey(wanted))!, to);
    const from = this.owner.get(partitionKey(tp))!;
    this.moves.note(tp, from, to);
    remove(this.assignment.get(from)!, tp);
    this.assignment.get(to)!.push(tp);
    this.owner.set(partitionKey(tp), to);
  }

  private copy(): ConsumerAssignment {
    return new Map(Array.from(this.active, (m) => [m, [...this.assignment.get(m)!]] as const));
  }

  /** Sum of the differences between every two members: lower is better. */
  private imbalance(assignment: ConsumerAssignment): number {
    const loads = Array.from(this.active, (m) => assignment.get(m)!.length);
    return loads.reduce((sum, a, i) => sum + loads.slice(i + 1).reduce((of, b) => of + Math.abs(a - b), 0), 0);
  }
}

/** Which partitions of a topic went from whom to whom, so that two members never exchange partitions of one topic. */
class Moves {
  private readonly byPartition = new Map<string, { readonly tp: TopicPartition; readonly from: string; readonly to: string }>();

  /** A partition that went the other way before, to be sent back instead of the one that was to move. */
  instead(tp: TopicPartition, owner: string, to: string): TopicPartition {
    const from = this.byPartition.get(partitionKey(tp))?.from ?? owner;
    let back: TopicPartition | null = null;
    for (const m of this.byPartition.values()) if (m.tp.topic === tp.topic && m.from === to && m.to === from && (back === null || m.tp.partition < back.partition)) back = m.tp;
    return back ?? tp;
  }

  note(tp: TopicPartition, from: string, to: string): void {
    const key = partitionKey(tp);
    const origin = this.byPartition.get(key)?.from ?? from;
    this.byPartition.delete(key);
    if (origin !== to) this.byPartition.set(key, { tp, from: origin, to });
  }
}
