// Share sessions: the partitions that a member reads at one broker, told once and then only changed (Kafka ShareSessionCache, KIP-932).
import { ERR } from '../../protocol/apiKeys.ts';

/** Epochs of a request: it opens a session, or closes it. */
export const INITIAL = 0;
export const FINAL = -1;
const HIGHEST = 2_147_483_647;

export interface SessionPart {
  readonly topicId: string;
  readonly partition: number;
}

/** group.share.max.groups (Kafka 4.0 default): with the members that a group may have, it says how many sessions a broker keeps. */
export const MAX_GROUPS = 10;
/** So long a session must have lain idle before another may take its place, milliseconds (Kafka KafkaBroker.MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS). */
const EVICTION_MS = 120_000;

interface Session {
  epoch: number;
  usedMs: number;
  readonly parts: Map<string, SessionPart>;
}

export class ShareSessions {
  /** The one that was used longest ago stands first. */
  private readonly sessions = new Map<string, Session>();
  private readonly most: number;
  private readonly nowMs: () => number;

  constructor(most: number, nowMs: () => number) {
    this.most = most;
    this.nowMs = nowMs;
  }

  /** Opens a session in the place of the one there is. @returns SHARE_SESSION_NOT_FOUND where there is no room for another, else 0. */
  open(group: string, member: string, parts: readonly SessionPart[]): number {
    const key = `${group}/${member}`;
    this.sessions.delete(key);
    if (this.sessions.size >= this.most && !this.evict()) return ERR.SHARE_SESSION_NOT_FOUND;
    this.sessions.set(key, { epoch: 1, usedMs: this.nowMs(), parts: new Map(parts.map((p) => [keyOf(p), p])) });
    return 0;
  }

  /** Makes room if the session that was used longest ago has lain idle for long. What its member still has stays locked until the locks run out. */
  private evict(): boolean {
    const [oldest] = this.sessions;
    return oldest !== undefined && this.nowMs() - oldest[1].usedMs > EVICTION_MS && this.sessions.delete(oldest[0]);
  }

  /** Goes on with a session at the epoch that is due. @returns SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH or 0. */
  next(group: string, member: string, epoch: number, added: readonly SessionPart[] = [], forgotten: readonly SessionPart[] = []): number {
    const key = `${group}/${member}`;
    const session = this.sessions.get(key);
    if (!session) return ERR.SHARE_SESSION_NOT_FOUND;
    if (epoch === FINAL) return 0;
    if (epoch !== session.epoch) return ERR.INVALID_SHARE_SESSION_EPOCH;
    session.epoch = epoch === HIGHEST ? 1 : epoch + 1;
    session.usedMs = this.nowMs();
    this.sessions.delete(key);
    this.sessions.set(key, session);
    for (const p of added) session.parts.set(keyOf(p), p);
    for (const p of forgotten) session.parts.delete(keyOf(p));
    return 0;
  }

  parts(group: string, member: string): SessionPart[] {
    return [...(this.sessions.get(`${group}/${member}`)?.parts.values() ?? [])];
  }

  close(group: string, member: string): SessionPart[] {
    const parts = this.parts(group, member);
    this.sessions.delete(`${group}/${member}`);
    return parts;
  }
}

export function keyOf({ topicId, partition }: SessionPart): string {
  return `${topicId}/${partition}`;
}
