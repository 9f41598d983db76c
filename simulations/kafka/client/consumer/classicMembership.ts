// Membership by the classic protocol: join, sync, heartbeats, and what is given up when (Kafka AbstractCoordinator, ConsumerCoordinator; KIP-345, KIP-429).
import type { ProcessSpec } from '../../../contract/scenario.ts';
import { partitionKey, type TopicPartition } from '../../assignors/members.ts';
import type { Deadline, Deadlines } from '../../deadlines.ts';
import { ERR, KEY } from '../../protocol/apiKeys.ts';
import type { HeartbeatResponse, JoinGroupResponse, SyncGroupResponse } from '../../protocol/messages.ts';
import { backoffUs, type Client } from '../client.ts';
import type { CoordinatorLink } from './coordinatorLink.ts';
import type { Identity, Membership, MembershipHost } from './membership.ts';
import { assignAll, isCooperative, readAssignment, subscriptionOf, topicsOf, type Strategy } from './strategies.ts';

/** Added to the rebalance timeout when a JoinGroup waits for its answer (Kafka JOIN_GROUP_TIMEOUT_LAPSE). */
const JOIN_LAPSE_MS = 5_000;
const NO_GENERATION = -1;

export class ClassicMembership implements Membership {
  private readonly client: Client;
  private readonly spec: ProcessSpec;
  private readonly host: MembershipHost;
  private readonly link: CoordinatorLink;
  private readonly deadlines: Deadlines;
  private readonly cooperative: boolean;
  private readonly beatAt: Deadline;
  private readonly sessionEnds: Deadline;
  private readonly joinAgain: Deadline;
  private memberId = '';
  private generation = NO_GENERATION;
  private protocol: Strategy | null = null;
  private state: 'unjoined' | 'preparing' | 'completing' | 'stable' = 'unjoined';
  private rejoinNeeded = true;
  /** Whether what is held must be committed and given up before the next join. */
  private prepareNeeded = true;
  /** A round of prepare, join and sync is under way; answers of earlier rounds are ignored. */
  private inRound = false;
  private round = 0;
  private reason = '';
  private failures = 0;
  private draws = 0;
  /** What it was last assigned, as sticky strategies remember it. */
  private assigned: readonly TopicPartition[] = [];
  private assignedGeneration = NO_GENERATION;
  /** As the leader: what the assignment was made from, `topic=partitions` by topic; null otherwise. */
  private assignedFrom: string | null = null;
  private groupTopics: readonly string[] = [];
  private over = false;

  constructor(options: { client: Client; spec: ProcessSpec; host: MembershipHost; link: CoordinatorLink; deadlines: Deadlines }) {
    this.client = options.client;
    this.spec = options.spec;
    this.host = options.host;
    this.link = options.link;
    this.deadlines = options.deadlines;
    this.cooperative = isCooperative(this.spec.partitionAssignmentStrategy);
    this.beatAt = this.deadlines.make(() => this.beat());
    this.sessionEnds = this.deadlines.make(() => this.link.forget());
    this.joinAgain = this.deadlines.make(() => this.host.inPoll(() => this.polled()));
    this.link.onFound = () => {
      if (this.beats) this.deadlines.set(this.sessionEnds, this.spec.sessionTimeoutMs);
    };
  }

  /** Heartbeats are sent from the answer to a join until the next join. */
  private get beats(): boolean {
    return this.state === 'completing' || this.state === 'stable';
  }

  start(): void {
    this.host.inPoll(() => this.polled());
  }

  identity(): Identity | null {
    return this.state === 'stable' ? { memberId: this.memberId, epoch: this.generation } : null;
  }

  /* ---- a round: prepare, join, sync ---- */

  polled(): void {
    if (this.over || this.inRound || !this.rejoinNeeded || this.joinAgain.dueUs !== Number.POSITIVE_INFINITY) return;
    this.inRound = true;
    this.round++;
    this.link.ready(this.inRoundPoll(() => this.prepare()));
  }

  /** A step of the present round, done in the application's poll: forgotten when the round is over by then. */
  private inRoundPoll(step: () => void): () => void {
    const { round } = this;
    return () =>
      this.host.inPoll(() => {
        if (!this.over && this.inRound && round === this.round) step();
      });
  }

  private prepare(): void {
    if (!this.prepareNeeded) return this.join();
    this.prepareNeeded = false;
    const owned = this.host.owned();
    if (!this.cooperative) this.host.hold(owned);
    this.host.commitFirst(
      owned,
      this.inRoundPoll(() => this.giveUp()),
    );
  }

  /** Eager members give everything up before they join; cooperative ones keep it; who is out of the group has lost it. */
  private giveUp(): void {
    const owned = this.host.owned();
    if (this.generation === NO_GENERATION || this.memberId === '') this.host.revoked(owned, true);
    else if (!this.cooperative) this.host.revoked(owned, false);
    this.assignedFrom = null;
    this.join();
  }

  private join(): void {
    this.state = 'preparing';
    this.deadlines.clear(this.beatAt);
    this.deadlines.clear(this.sessionEnds);
    const { spec } = this;
    const holding = { topics: spec.topics, owned: this.host.owned(), generation: this.generation, assigned: this.assigned, assignedGeneration: this.assignedGeneration };
    const body = {
      groupId: spec.group!,
      sessionTimeoutMs: spec.sessionTimeoutMs,
      rebalanceTimeoutMs: spec.rebalanceTimeoutMs,
      memberId: this.memberId,
      groupInstanceId: spec.groupInstanceId ?? null,
      protocolType: 'consumer',
      protocols: spec.partitionAssignmentStrategy.map((name) => ({ name, metadata: subscriptionOf(name, holding) })),
      reason: this.reason,
    };
    const timeoutMs = Math.max(spec.requestTimeoutMs, spec.rebalanceTimeoutMs + JOIN_LAPSE_MS);
    const sent = this.who();
    // While it joins only the application's poll looks at the network: an answer waits until the work at hand is done.
    const { round } = this;
    this.link.send<JoinGroupResponse>(
      KEY.JoinGroup,
      9,
      body,
      (answer) => {
        if (round === this.round) this.inRoundPoll(() => this.joined(answer, sent))();
      },
      timeoutMs,
    );
  }

  private joined(answer: JoinGroupResponse | null, sent: string): void {
    if (!answer) return this.roundFailed(ERR.COORDINATOR_NOT_AVAILABLE);
    // Someone else's answer took it out of the group meanwhile.
    if (this.state !== 'preparing') return this.roundFailed(ERR.REQUEST_TIMED_OUT);
    if (answer.errorCode === ERR.MEMBER_ID_REQUIRED) {
      this.memberId = answer.memberId;
      this.generation = NO_GENERATION;
      this.inRound = false;
      this.requestRejoin('need to re-join with the given member-id');
      return this.polled();
    }
    if (answer.errorCode !== 0) {
      if (answer.errorCode === ERR.UNKNOWN_MEMBER_ID && sent === this.who()) this.reset(true, 'encountered UNKNOWN_MEMBER_ID from JOIN_GROUP response');
      return this.roundFailed(answer.errorCode);
    }
    this.state = 'completing';
    this.memberId = answer.memberId;
    this.generation = answer.generationId;
    this.protocol = answer.protocolName as Strategy;
    this.deadlines.set(this.beatAt, this.spec.heartbeatIntervalMs);
    this.deadlines.set(this.sessionEnds, this.spec.sessionTimeoutMs);
    this.sync(answer);
  }

  private sync(joined: JoinGroupResponse): void {
    if (joined.leader !== this.memberId) return this.sendSync([]);
    this.groupTopics = topicsOf(joined.members);
    const { round } = this;
    // A leader needs to know the partitions of what the others read too.
    this.client.want(this.groupTopics, () => {
      if (this.over || round !== this.round || this.state !== 'completing') return;
      this.assignedFrom = this.snapshot();
      this.sendSync(joined.skipAssignment ? [] : assignAll(this.protocol!, joined.members, (topic) => this.client.topics.get(topic)?.length ?? 0));
    });
  }

  private sendSync(assignments: readonly { memberId: string; assignment: Uint8Array }[]): void {
    const body = {
      groupId: this.spec.group!,
      generationId: this.generation,
      memberId: this.memberId,
      groupInstanceId: this.spec.groupInstanceId ?? null,
      protocolType: 'consumer',
      protocolName: this.protocol,
      assignments,
    };
    const sent = this.who();
    const { round } = this;
    this.link.send<SyncGroupResponse>(KEY.SyncGroup, 5, body, (answer) => {
      if (!this.over && this.inRound && round === this.round) this.synced(answer, sent);
    });
  }

  private synced(answer: SyncGroupResponse | null, sent: string): void {
    const failed = (error: number) => this.inRoundPoll(() => this.roundFailed(error))();
    if (!answer) return failed(ERR.COORDINATOR_NOT_AVAILABLE);
    const { errorCode } = answer;
    if (errorCode !== 0) {
      if ((errorCode === ERR.UNKNOWN_MEMBER_ID || errorCode === ERR.ILLEGAL_GENERATION) && sent === this.who()) {
        this.reset(errorCode === ERR.UNKNOWN_MEMBER_ID, 'encountered an error from SYNC_GROUP response');
      }
      return failed(errorCode);
    }
    // A heartbeat took it out of the group meanwhile.
    if (this.state !== 'completing') return failed(ERR.ILLEGAL_GENERATION);
    this.state = 'stable';
    this.rejoinNeeded = false;
    this.reason = '';
    this.failures = 0;
    const { assignment } = answer;
    this.inRoundPoll(() => this.complete(assignment, sent))();
  }

  /** The new assignment takes effect: eager members take all of it; cooperative ones what is new, and if they lose some, give it up and join again. */
  private complete(bytes: Uint8Array, sent: string): void {
    this.inRound = false;
    this.prepareNeeded = true;
    if (sent !== this.who() || this.state !== 'stable') {
      this.reset(true, 'the generation was changed before the rebalance was over');
      this.polled();
      return;
    }
    const assigned = readAssignment(bytes);
    const owned = this.host.owned();
    const assignedKeys = new Set(assigned.map(partitionKey));
    const ownedKeys = new Set(owned.map(partitionKey));
    const lost = owned.filter((tp) => !assignedKeys.has(partitionKey(tp)));
    if (lost.length > 0) {
      this.host.revoked(lost, false);
      if (this.cooperative) this.requestRejoin('need to revoke partitions and re-join');
    }
    this.assigned = assigned;
    this.assignedGeneration = this.generation;
    this.host.assigned(assigned.filter((tp) => !ownedKeys.has(partitionKey(tp))));
    this.metadataChanged();
    this.polled();
  }

  /** After errors that say only "once more" it joins at once, after others that may pass with a backoff; the rest the application hears. */
  private roundFailed(error: number): void {
    if (error === ERR.NOT_COORDINATOR || error === ERR.COORDINATOR_NOT_AVAILABLE) this.link.forget();
    this.inRound = false;
    this.requestRejoin('rebalance failed');
    switch (error) {
      case ERR.UNKNOWN_MEMBER_ID:
      case ERR.ILLEGAL_GENERATION:
      case ERR.REBALANCE_IN_PROGRESS:
        return this.polled();
      case ERR.NOT_COORDINATOR:
      case ERR.COORDINATOR_NOT_AVAILABLE:
      case ERR.COORDINATOR_LOAD_IN_PROGRESS:
      case ERR.REQUEST_TIMED_OUT:
        return this.deadlines.set(this.joinAgain, backoffUs(this.client, 'join', this.failures++, this.draws++) / 1000);
      default:
        return this.fail(error);
    }
  }

  private fail(error: number): void {
    this.stop();
    this.host.failed(error);
  }

  private requestRejoin(reason: string): void {
    this.reason = reason;
    this.rejoinNeeded = true;
  }

  /** Out of the group: what is held is lost. The member id may still be valid after ILLEGAL_GENERATION. */
  private reset(memberIdToo: boolean, reason: string): void {
    this.state = 'unjoined';
    this.generation = NO_GENERATION;
    if (memberIdToo) this.memberId = '';
    this.deadlines.clear(this.beatAt);
    this.deadlines.clear(this.sessionEnds);
    this.prepareNeeded = true;
    this.requestRejoin(reason);
  }

  private who(): string {
    return `${this.memberId}/${this.generation}`;
  }

  /* ---- metadata ---- */

  private snapshot(): string {
    return this.groupTopics.map((topic) => `${topic}=${this.client.topics.get(topic)?.length ?? 0}`).join();
  }

  /** The leader asks for a rebalance when the partitions it assigned from are no longer what there is. */
  metadataChanged(): void {
    if (this.assignedFrom === null || this.state !== 'stable' || this.rejoinNeeded || this.assignedFrom === this.snapshot()) return;
    this.requestRejoin('cached metadata has changed');
    this.host.inPoll(() => this.polled());
  }

  /* ---- heartbeats ---- */

  private beat(): void {
    if (this.over || !this.beats) return;
    this.client.kernel.cause = -1;
    if (!this.link.known) {
      this.link.look();
      this.deadlines.set(this.beatAt, this.spec.retryBackoffMs);
      return;
    }
    this.deadlines.set(this.beatAt, this.spec.heartbeatIntervalMs);
    const sent = this.who();
    const body = { groupId: this.spec.group!, generationId: this.generation, memberId: this.memberId, groupInstanceId: this.spec.groupInstanceId ?? null };
    this.link.send<HeartbeatResponse>(KEY.Heartbeat, 4, body, (answer) => this.beaten(answer, sent));
  }

  private beaten(answer: HeartbeatResponse | null, sent: string): void {
    if (this.over || !this.beats) return;
    const error = answer ? answer.errorCode : ERR.COORDINATOR_NOT_AVAILABLE;
    switch (error) {
      case ERR.NONE:
        this.deadlines.set(this.sessionEnds, this.spec.sessionTimeoutMs);
        return;
      case ERR.REBALANCE_IN_PROGRESS:
        this.deadlines.set(this.sessionEnds, this.spec.sessionTimeoutMs);
        if (this.state !== 'stable') return;
        this.requestRejoin('group is already rebalancing');
        return this.host.inPoll(() => this.polled());
      case ERR.UNKNOWN_MEMBER_ID:
      case ERR.ILLEGAL_GENERATION:
      case ERR.FENCED_INSTANCE_ID:
        return this.refused(error, null, sent);
      default:
        if (answer) this.link.forget();
        this.deadlines.set(this.beatAt, this.spec.retryBackoffMs);
    }
  }

  refused(error: number, as: Identity | null, sent = as ? `${as.memberId}/${as.epoch}` : ''): void {
    if (this.over) return;
    if (error === ERR.FENCED_INSTANCE_ID) {
      this.host.inPoll(() => this.fail(error));
      return;
    }
    if (error === ERR.REBALANCE_IN_PROGRESS) {
      if (this.state === 'stable') this.requestRejoin('offset commit failed since group is already rebalancing');
    } else if (sent === this.who()) this.reset(error !== ERR.ILLEGAL_GENERATION, 'encountered an error of the group');
    else return;
    if (!this.inRound) this.host.inPoll(() => this.polled());
  }

  /* ---- leaving ---- */

  pollExpired(): void {
    if (this.over || !this.beats) return;
    this.leave('consumer poll timeout has expired.', () => {});
    this.reset(true, 'consumer pro-actively leaving the group');
    this.inRound = false;
  }

  close(then: () => void): void {
    if (this.over) return then();
    if (this.state === 'unjoined') {
      this.stop();
      return then();
    }
    this.leave('the consumer is being closed', then);
    this.stop();
  }

  /** Static members do not say that they leave: they may be back before their session ends. */
  private leave(reason: string, then: () => void): void {
    if (this.spec.groupInstanceId !== undefined || !this.link.known || this.memberId === '') return then();
    const body = { groupId: this.spec.group!, memberId: '', members: [{ memberId: this.memberId, groupInstanceId: null, reason }] };
    this.link.send(KEY.LeaveGroup, 5, body, () => then());
  }

  private stop(): void {
    this.over = true;
    this.state = 'unjoined';
    for (const d of [this.beatAt, this.sessionEnds, this.joinAgain]) this.deadlines.drop(d);
  }
}
