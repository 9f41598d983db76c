// What a consumer and its membership in a group, of either protocol, want of each other.
import type { TopicPartition } from '../../assignors/members.ts';

/** The application's side: its poll loop and the partitions it reads. */
export interface MembershipHost {
  /** Runs in the application's next call of poll: at once while it waits there, else when its work is done. */
  inPoll(job: () => void): void;
  /** Commits what was handed out, as auto-commit does before partitions are given up; calls back when that is settled. */
  commitFirst(partitions: readonly TopicPartition[], then: () => void): void;
  /** Hands nothing more of these out: they are about to be given up. */
  hold(partitions: readonly TopicPartition[]): void;
  /** Partitions it now reads besides those it has. */
  assigned(added: readonly TopicPartition[]): void;
  /** Gives partitions up: `lost` when they may be another's already (onPartitionsLost), so that nothing can be committed. */
  revoked(partitions: readonly TopicPartition[], lost: boolean): void;
  owned(): readonly TopicPartition[];
  /** An error that the application's poll throws. */
  failed(error: number): void;
}

/** Who a commit or a read of offsets comes from. */
export interface Identity {
  readonly memberId: string;
  /** Generation or member epoch. */
  readonly epoch: number;
}

export interface Membership {
  start(): void;
  /** The application called poll. */
  polled(): void;
  /** Topics or partitions changed. */
  metadataChanged(): void;
  /** max.poll.interval.ms went by between two calls of poll. */
  pollExpired(): void;
  /** Who commits; null while the member is between two generations or in none, when a commit cannot succeed. */
  identity(): Identity | null;
  /** A commit or read by this identity was refused. */
  refused(error: number, as: Identity): void;
  /** Leaves the group in good order; calls back when it has been told. */
  close(then: () => void): void;
}
