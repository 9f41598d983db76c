// A follower's session at a leader (KIP-227): what it has asked for and been told, and which of its partitions have anything to look at.
// A partition that has been told everything is quiet: a fetch passes over it, so that it costs what has changed and not what is followed.
import type { FetchPartition } from '../protocol/messages.ts';
import type { Broker, Request } from './broker.ts';
import { settled, type Expiring } from './expiry.ts';
import type { FollowerState, Partition } from './partition.ts';

/** One partition in a session. */
export class SessionPart {
  /** Its place in the order in which the session's partitions were first asked for. */
  readonly order: number;
  readonly session: FetchSession;
  readonly partition: Partition;
  asked: FetchPartition;
  /** Last high watermark and log start offset that this follower was told. */
  toldHighWatermark = -1;
  toldLogStart: number;
  /** The follower while the partition is quiet: its times move on with the session's. */
  private quiet: FollowerState | null = null;

  constructor(session: FetchSession, order: number, partition: Partition, asked: FetchPartition) {
    this.session = session;
    this.order = order;
    this.partition = partition;
    this.asked = asked;
    this.toldLogStart = asked.logStartOffset;
  }

  /** Whether the next fetch has nothing to tell here. */
  private told(): boolean {
    const { partition: p, asked } = this;
    return (
      p.role === 'leader' &&
      asked.currentLeaderEpoch === p.state.leaderEpoch &&
      asked.fetchOffset === p.log.logEndOffset &&
      (asked.lastFetchedEpoch < 0 || asked.lastFetchedEpoch === p.log.latestEpoch()) &&
      this.toldHighWatermark === p.highWatermark &&
      this.toldLogStart === p.log.logStartOffset
    );
  }

  /** Quiet it is when a fetch would only note that it came. @returns whether it is from now on. */
  calm(): boolean {
    if (!this.told()) return false;
    const { partition: p, session } = this;
    const f = p.followers[session.replica];
    if (f?.logEndOffset !== p.log.logEndOffset || f.lastFetchUs !== session.fetchedUs || f.leaderEndAtLastFetch !== p.log.logEndOffset || !p.maximalIsr().includes(session.replica)) return false;
    this.quiet = f;
    return true;
  }

  stir(): void {
    const f = this.quiet;
    if (!f) return;
    this.quiet = null;
    // As if each fetch meanwhile had noted it (see Partition.noteFetch).
    const notedUs = this.session.notedUs(this);
    f.lastCaughtUpUs = Math.max(f.lastCaughtUpUs, notedUs);
    f.lastFetchUs = notedUs;
    this.session.add(this);
  }

  wake(): void {
    this.stir();
    this.session.woken(this.session);
  }

  /** Whether an answer would carry records or an error. */
  hasNews(): boolean {
    const { partition: p, asked } = this;
    return p.role !== 'leader' || asked.currentLeaderEpoch !== p.state.leaderEpoch || asked.fetchOffset !== p.log.logEndOffset;
  }
}

export class FetchSession {
  readonly replica: number;
  /** Called when a partition has news. */
  readonly woken: (session: FetchSession) => void;
  /** When it last fetched, microseconds. */
  fetchedUs = -1;
  /** The request that waits for news; null = none does. */
  request: Request | null = null;
  /** Its deadline, one for all requests of the session. */
  readonly deadline: Expiring;
  /** In the order in which they were first asked for. */
  parts: SessionPart[] = [];
  /** Those that are not quiet, in the same order. */
  stirred: SessionPart[] = [];
  private made = 0;
  /** Place up to which the fetch at hand has come in noting partitions, and when it came. */
  private reached = -1;
  private reachedUs = -1;

  /** @param expired called when the request has waited long enough. */
  constructor(replica: number, woken: (session: FetchSession) => void, expired: (session: FetchSession) => void) {
    this.replica = replica;
    this.woken = woken;
    this.deadline = { done: true, expire: () => expired(this) };
  }

  partOf(p: Partition): SessionPart | undefined {
    for (const part of p.sessions) if (part.session === this) return part;
    return undefined;
  }

  /** Takes a partition into the session, or notes what is asked of it now. */
  ask(p: Partition, asked: FetchPartition): void {
    const known = this.partOf(p);
    if (known) {
      known.stir();
      known.asked = asked;
      return;
    }
    const part = new SessionPart(this, this.made++, p, asked);
    this.parts.push(part);
    this.stirred.push(part);
    p.sessions = [...p.sessions, part];
  }

  /** Back among those to look at, at its place. */
  add(part: SessionPart): void {
    const { stirred } = this;
    let at = stirred.length;
    stirred.push(part);
    for (; at > 0 && stirred[at - 1]!.order > part.order; at--) stirred[at] = stirred[at - 1]!;
    stirred[at] = part;
  }

  /**
   * A session's fetch is one of every partition in it, told or not: caught-up times move, and a replica that has caught up asks back in.
   * Only those that are not quiet are visited, those stirred meanwhile included.
   * @param replicaEpoch broker epoch of the follower; -1 = not told.
   */
  note(broker: Broker, replicaEpoch: number): void {
    const { replica } = this;
    const { nowUs, cause } = broker.kernel;
    this.reachedUs = nowUs;
    for (let i = 0; i < this.stirred.length; i++) {
      const part = this.stirred[i]!;
      this.reached = part.order;
      const p = part.partition;
      const f = p.followers[replica];
      if (!f || f.logEndOffset < p.log.logEndOffset) continue;
      if (p.maximalIsr().includes(replica)) {
        p.noteFetch(f, f.logEndOffset, nowUs);
        continue;
      }
      broker.kernel.cause = cause;
      broker.replication.followerFetched(p, replica, f.logEndOffset, replicaEpoch);
      // What was stirred may have come in before it.
      while (this.stirred[i] !== part) i++;
    }
    broker.kernel.cause = cause;
    this.fetchedUs = nowUs;
    this.reached = -1;
  }

  /** The last fetch that has noted a quiet partition, microseconds. */
  notedUs(part: SessionPart): number {
    return part.order < this.reached ? this.reachedUs : this.fetchedUs;
  }

  hasNews(): boolean {
    for (const part of this.stirred) if (part.hasNews()) return true;
    return false;
  }

  /** Lets go of every partition that has been told everything. */
  calm(): void {
    const { stirred } = this;
    let kept = 0;
    for (const part of stirred) if (!part.calm()) stirred[kept++] = part;
    // Setting its length would leave compiled code.
    while (stirred.length > kept) stirred.pop();
  }

  drop(p: Partition): void {
    const part = this.partOf(p);
    if (!part) return;
    part.stir();
    leave(part);
    this.parts = this.parts.filter((other) => other !== part);
    this.stirred = this.stirred.filter((other) => other !== part);
  }

  /** Its connection is gone, or another session takes its place. */
  end(): void {
    if (this.request) settled(this.deadline);
    this.request = null;
    for (const part of this.parts) {
      part.stir();
      leave(part);
    }
    this.parts = [];
    this.stirred = [];
  }
}

function leave(part: SessionPart): void {
  const p = part.partition;
  p.sessions = p.sessions.filter((other) => other !== part);
}
