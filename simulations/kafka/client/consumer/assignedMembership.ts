// Membership in a group whose assignment the broker computes: heartbeats that say what changed, and steps towards the assignment that comes back
// (Kafka AbstractMembershipManager, AbstractHeartbeatRequestManager; KIP-848, KIP-932).
import type { TopicPartition } from '../../assignors/members.ts';
import type { Deadline, Deadlines } from '../../deadlines.ts';
import { fromWire, NOTHING, same, toWire, type Assignment } from '../../groups/assignment.ts';
import { ERR } from '../../protocol/apiKeys.ts';
import type { ConsumerGroupHeartbeatResponse, TopicIdPartitions } from '../../protocol/groupMessages.ts';
import { drawUuid } from '../../protocol/uuid.ts';
import { backoffUs, type Client } from '../client.ts';
import type { CoordinatorLink } from './coordinatorLink.ts';
import type { Identity, Membership, MembershipHost } from './membership.ts';

type Answered = Pick<ConsumerGroupHeartbeatResponse, 'errorCode' | 'memberEpoch' | 'heartbeatIntervalMs' | 'assignment'>;

/** The heartbeats of one kind of group. */
export interface Heartbeats {
  readonly api: number;
  readonly apiVersion: number;
  /** Whether a step towards an assignment waits for the application's poll. */
  readonly inPoll: boolean;
  /** @param member.changed gives a value if it is not what the coordinator has been told already, else null. */
  request(member: { memberId: string; epoch: number; owned: TopicIdPartitions[]; changed: <T>(field: string, value: T) => T | null }): unknown;
  leave(memberId: string): unknown;
}

/** A target and how many there were before it: an assignment that comes back is another target. */
interface Target {
  readonly number: number;
  readonly partitions: Assignment;
}

export class AssignedMembership implements Membership {
  private readonly client: Client;
  private readonly heartbeats: Heartbeats;
  private readonly host: MembershipHost;
  private readonly link: CoordinatorLink;
  private readonly deadlines: Deadlines;
  private readonly beatAt: Deadline;
  /** Made by the member itself, once (KIP-1082). */
  readonly memberId: string;
  private epoch = 0;
  /** `stale`: it did not poll in time and has left until it does. */
  private state: 'unjoined' | 'joining' | 'reconciling' | 'acknowledging' | 'stable' | 'stale' | 'over' = 'unjoined';
  /** Counts its stays in the group: answers to an earlier one no longer matter. */
  private stay = 0;
  private target: Target | null = null;
  private current: Target | null = null;
  private reconciling = false;
  private inFlight = false;
  private lookingFor = false;
  private intervalMs = 0;
  /** What the coordinator has been told, by field: only what changed is said again. */
  private told = new Map<string, string>();
  private failures = 0;
  private draws = 0;

  constructor(options: { client: Client; heartbeats: Heartbeats; host: MembershipHost; link: CoordinatorLink; deadlines: Deadlines }) {
    this.client = options.client;
    this.heartbeats = options.heartbeats;
    this.host = options.host;
    this.link = options.link;
    this.deadlines = options.deadlines;
    const { kernel, process } = this.client;
    this.memberId = drawUuid(kernel.seed, `consumer/${process.name}/${process.incarnation}`);
    this.beatAt = this.deadlines.make(() => {
      kernel.cause = -1;
      this.tick();
    });
  }

  private get member(): boolean {
    return this.state === 'reconciling' || this.state === 'acknowledging' || this.state === 'stable';
  }

  start(): void {
    this.join();
  }

  identity(): Identity | null {
    return this.member ? { memberId: this.memberId, epoch: this.epoch } : null;
  }

  private join(): void {
    this.reset('joining');
    this.tick();
  }

  /** Out of the group, with nothing. */
  private reset(state: 'joining' | 'stale' | 'over'): void {
    this.state = state;
    this.stay++;
    this.epoch = 0;
    this.target = this.current = null;
    this.reconciling = this.inFlight = false;
    this.told.clear();
    this.deadlines.clear(this.beatAt);
  }

  /* ---- heartbeats ---- */

  /** Sends a heartbeat if one is due: when the interval is over, and at once to join or to acknowledge an assignment. */
  private tick(): void {
    if ((!this.member && this.state !== 'joining') || this.inFlight || this.beatAt.dueUs !== Number.POSITIVE_INFINITY) return;
    if (this.link.known) return this.beat();
    if (this.lookingFor) return;
    this.lookingFor = true;
    this.link.ready(() => {
      this.lookingFor = false;
      this.tick();
    });
  }

  private beat(): void {
    const { stay } = this;
    this.inFlight = true;
    if (this.intervalMs > 0) this.deadlines.set(this.beatAt, this.intervalMs);
    const { memberId, epoch } = this;
    const body = this.heartbeats.request({ memberId, epoch, owned: toWire(this.current?.partitions ?? NOTHING), changed: (field, value) => this.changed(field, value) });
    this.link.send<Answered>(this.heartbeats.api, this.heartbeats.apiVersion, body, (answer) => {
      if (stay === this.stay) this.answered(answer);
    });
    if (this.state !== 'acknowledging') return;
    this.state = this.reached ? 'stable' : 'reconciling';
    this.reconcileSoon();
  }

  private changed<T>(field: string, value: T): T | null {
    const text = JSON.stringify(value);
    if (this.told.get(field) === text) return null;
    this.told.set(field, text);
    return value;
  }

  private answered(answer: Answered | null): void {
    this.inFlight = false;
    const error = answer ? answer.errorCode : ERR.REQUEST_TIMED_OUT;
    if (!answer || error !== 0) return this.failed(error);
    this.failures = 0;
    this.epoch = answer.memberEpoch;
    if (answer.heartbeatIntervalMs !== this.intervalMs) {
      this.intervalMs = answer.heartbeatIntervalMs;
      this.deadlines.set(this.beatAt, this.intervalMs);
    }
    if (answer.assignment) this.received(fromWire(answer.assignment.topicPartitions));
    else this.tick();
  }

  private failed(error: number): void {
    // After an error everything is said again: the coordinator may have heard nothing of it.
    this.told.clear();
    switch (error) {
      case ERR.FENCED_MEMBER_EPOCH:
      case ERR.UNKNOWN_MEMBER_ID:
        this.host.revoked(this.host.owned(), true);
        return this.join();
      case ERR.NOT_COORDINATOR:
      case ERR.COORDINATOR_NOT_AVAILABLE:
        this.link.forget();
        this.deadlines.clear(this.beatAt);
        return this.tick();
      case ERR.REQUEST_TIMED_OUT:
      case ERR.COORDINATOR_LOAD_IN_PROGRESS:
        return this.deadlines.set(this.beatAt, backoffUs(this.client, 'heartbeat', this.failures++, this.draws++) / 1000);
      default:
        this.host.revoked(this.host.owned(), true);
        this.stop();
        this.host.inPoll(() => this.host.failed(error));
    }
  }

  /* ---- reconciliation ---- */

  private get reached(): boolean {
    return this.current !== null && this.target !== null && this.current.number === this.target.number && same(this.current.partitions, this.target.partitions);
  }

  private received(partitions: Assignment): void {
    if (!this.target || !same(this.target.partitions, partitions)) this.target = { number: (this.target?.number ?? -1) + 1, partitions };
    if (this.reached) {
      if (this.state === 'joining' || this.state === 'reconciling') this.state = 'stable';
      this.tick();
      return;
    }
    this.state = 'reconciling';
    this.reconcileSoon();
  }

  private reconcileSoon(): void {
    if (this.state !== 'reconciling' || this.reconciling) return;
    this.reconciling = true;
    const { stay } = this;
    const step = () => {
      if (stay === this.stay) this.reconcile();
    };
    if (this.heartbeats.inPoll) this.host.inPoll(step);
    else step();
  }

  /** Gives up what is no longer assigned, once it is committed, takes what is new, and tells the coordinator. Topics that are not known yet have to wait. */
  private reconcile(): void {
    this.reconciling = false;
    const { target, current } = this;
    if (this.state !== 'reconciling' || !target) return;
    const unknown = [...target.partitions.keys()].filter((id) => this.client.nameOf(id) === undefined);
    if (unknown.length > 0) this.client.wantIds(unknown);
    const reachable: Target = { number: target.number, partitions: new Map([...target.partitions].filter(([id]) => !unknown.includes(id))) };
    if (current && same(current.partitions, reachable.partitions)) {
      if (current.number !== target.number) this.acknowledge(reachable);
      return;
    }
    const assigned = this.named(reachable.partitions);
    const owned = this.host.owned();
    const has = (list: readonly TopicPartition[], tp: TopicPartition) => list.some((o) => o.topic === tp.topic && o.partition === tp.partition);
    const revoked = owned.filter((tp) => !has(assigned, tp));
    this.reconciling = true;
    this.host.hold(revoked);
    const { stay } = this;
    this.host.commitFirst(owned, () => {
      if (stay !== this.stay) return;
      this.reconciling = false;
      this.host.revoked(revoked, false);
      this.host.assigned(assigned.filter((tp) => !has(owned, tp)));
      this.acknowledge(reachable);
    });
  }

  private acknowledge(reached: Target): void {
    this.current = reached;
    this.state = 'acknowledging';
    this.deadlines.clear(this.beatAt);
    this.tick();
  }

  private named(assignment: Assignment): TopicPartition[] {
    return [...assignment].flatMap(([id, partitions]) => partitions.map((partition) => ({ topic: this.client.nameOf(id)!, partition })));
  }

  metadataChanged(): void {
    this.reconcileSoon();
  }

  polled(): void {
    if (this.state === 'stale') this.join();
  }

  /** The coordinator finds out by itself what is wrong, and heartbeats hear of it. */
  refused(): void {}

  /* ---- leaving ---- */

  /** It leaves by itself, and what it had is lost at once; it joins again when the application polls. */
  pollExpired(): void {
    if (!this.member && this.state !== 'joining') return;
    this.sayLeave(() => {});
    this.reset('stale');
    this.host.revoked(this.host.owned(), true);
  }

  close(then: () => void): void {
    if (!this.member) {
      this.stop();
      return then();
    }
    this.sayLeave(then);
    this.stop();
  }

  private sayLeave(then: () => void): void {
    if (!this.link.known) return then();
    this.link.send(this.heartbeats.api, this.heartbeats.apiVersion, this.heartbeats.leave(this.memberId), () => then());
  }

  private stop(): void {
    this.reset('over');
    this.deadlines.drop(this.beatAt);
  }
}
