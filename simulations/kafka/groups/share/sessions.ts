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

interface Session {
  epoch: number;
  readonly parts: Map<string, SessionPart>;
}

export class ShareSessions {
  private readonly sessions = new Map<string, Session>();

  /** Opens a session in the place of the one there is. */
  open(group: string, member: string, parts: readonly SessionPart[]): void {
    const session: Session = { epoch: 1, parts: new Map() };
    for (const p of parts) session.parts.set(keyOf(p), p);
    this.sessions.set(`${group}/${member}`, session);
  }

  /** Goes on with a session at the epoch that is due. @returns SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH or 0. */
  next(group: string, member: string, epoch: number, added: readonly SessionPart[] = [], forgotten: readonly SessionPart[] = []): number {
    const session = this.sessions.get(`${group}/${member}`);
    if (!session) return ERR.SHARE_SESSION_NOT_FOUND;
    if (epoch === FINAL) return 0;
    if (epoch !== session.epoch) return ERR.INVALID_SHARE_SESSION_EPOCH;
    session.epoch = epoch === HIGHEST ? 1 : epoch + 1;
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
