// The native group consumer of workloads: an application that polls, works through what it was handed, and polls again, with the membership and
// the reading that Kafka's Java consumer has beneath it (Kafka ClassicKafkaConsumer, AsyncKafkaConsumer).
import type { ProcessSpec } from '../../contract/scenario.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { partitionKey, type TopicPartition } from '../assignors/members.ts';
import { Deadlines, type Deadline } from '../deadlines.ts';
import { errorName } from '../protocol/apiKeys.ts';
import { Client, CLIENT_TIMER } from './client.ts';
import { ClassicMembership } from './consumer/classicMembership.ts';
import { Commits } from './consumer/commits.ts';
import { AssignedMembership } from './consumer/assignedMembership.ts';
import { consumerHeartbeats } from './consumer/consumerHeartbeats.ts';
import { CoordinatorLink } from './consumer/coordinatorLink.ts';
import type { Membership, MembershipHost } from './consumer/membership.ts';
import { Reader } from './consumer/reader.ts';

export class Consumer implements Behavior, MembershipHost {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  private readonly client: Client;
  private readonly deadlines: Deadlines;
  private readonly link: CoordinatorLink;
  private readonly reader: Reader;
  private readonly commits: Commits;
  private readonly membership: Membership;
  private readonly workDone: Deadline;
  private readonly pollDue: Deadline;
  private readonly commitDue: Deadline;
  private started = false;
  private over = false;
  /** The application works through what it was handed; else it waits in poll. */
  private working = false;
  private readonly inNextPoll: (() => void)[] = [];

  constructor(kernel: Kernel, process: Process, spec: ProcessSpec, brokers: number) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.client = new Client({ kernel, process, spec, brokers, topics: spec.topics, onMetadata: () => this.metadataRead(), withIds: spec.groupProtocol === 'consumer' });
    this.deadlines = new Deadlines(kernel, process, CLIENT_TIMER.deadline);
    this.link = new CoordinatorLink(this.client, this.deadlines, spec.group!);
    this.reader = new Reader({ client: this.client, spec, deadlines: this.deadlines, onRecords: () => this.poll() });
    this.commits = new Commits({ client: this.client, spec, link: this.link, deadlines: this.deadlines, reader: this.reader, membership: () => this.membership });
    const parts = { client: this.client, host: this, link: this.link, deadlines: this.deadlines };
    this.membership = spec.groupProtocol === 'consumer' ? new AssignedMembership({ ...parts, heartbeats: consumerHeartbeats(spec) }) : new ClassicMembership({ ...parts, spec });
    this.workDone = this.deadlines.make(() => {
      this.working = false;
      this.deadlines.clear(this.pollDue);
      this.poll();
    });
    this.pollDue = this.deadlines.make(() => this.membership.pollExpired());
    this.commitDue = this.deadlines.make(() => this.poll());
  }

  start(): void {
    this.client.refresh();
  }

  timer(kind: number, a: number, b: number): void {
    if (!this.client.timer(kind, a, b)) this.deadlines.timer(a, b);
  }

  connected(conn: Conn): void {
    this.client.connected(conn);
  }

  closed(conn: Conn): void {
    this.client.closed(conn);
  }

  message(conn: Conn, m: Message): void {
    this.client.message(conn, m);
  }

  private metadataRead(): void {
    if (this.over) return;
    if (!this.started) {
      this.started = true;
      this.membership.start();
    } else this.membership.metadataChanged();
    this.reader.fetchAll();
  }

  /* ---- the application ---- */

  inPoll(job: () => void): void {
    if (this.working) this.inNextPoll.push(job);
    else job();
  }

  /** The application calls poll, or waits in it and something came. */
  private poll(): void {
    while (!this.over && !this.working) {
      if (this.inNextPoll.length > 0) for (const job of this.inNextPoll.splice(0)) job();
      this.membership.polled();
      if (this.commits.due) {
        this.scheduleCommit();
        this.commits.autoCommit((settled) => {
          if (settled === 'mayPass') this.scheduleCommit(this.spec.retryBackoffMs);
        });
      }
      const taken = this.reader.handOut();
      if (taken === 0) return;
      if (this.spec.workUsPerRecord > 0) {
        this.working = true;
        this.deadlines.set(this.workDone, (taken * this.spec.workUsPerRecord) / 1000);
        this.deadlines.set(this.pollDue, this.spec.rebalanceTimeoutMs);
      }
      this.reader.fetchAll();
    }
  }

  private scheduleCommit(intervalMs?: number): void {
    if (this.over) return;
    const ms = this.commits.schedule(intervalMs);
    if (ms < Number.POSITIVE_INFINITY) this.deadlines.set(this.commitDue, ms);
  }

  /** Ends in good order: commits, gives its partitions up and leaves the group. @param then when that is done. */
  close(then: () => void): void {
    if (this.over) return then();
    this.inPoll(() => {
      const owned = this.owned();
      this.commits.commitFirst(owned, () => {
        this.revoked(owned, false);
        this.membership.close(then);
        this.stop();
      });
    });
  }

  /** The process is asked to end: it closes, and is then done. */
  shutDown(): void {
    this.close(() => this.kernel.exit(this.process, 0));
  }

  private stop(): void {
    this.over = true;
    this.reader.stop();
    this.commits.stop();
    for (const d of [this.workDone, this.pollDue, this.commitDue]) this.deadlines.drop(d);
  }

  /* ---- what its membership asks ---- */

  owned(): readonly TopicPartition[] {
    return this.reader.partitions;
  }

  commitFirst(partitions: readonly TopicPartition[], then: () => void): void {
    this.commits.commitFirst(partitions, then);
  }

  hold(partitions: readonly TopicPartition[]): void {
    this.reader.hold(partitions);
  }

  assigned(added: readonly TopicPartition[]): void {
    this.scheduleCommit();
    this.reader.add(added);
    const k = this.kernel;
    k.cause = k.trace.emit('consumer.assigned', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(names(added)), k.trace.sym(names(this.reader.partitions)));
    this.commits.initialise();
    this.reader.fetchAll();
  }

  revoked(partitions: readonly TopicPartition[], lost: boolean): void {
    if (partitions.length === 0) return;
    const gone = names(partitions);
    this.reader.remove([...partitions]);
    const k = this.kernel;
    k.cause = k.trace.emit('consumer.revoked', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(gone), lost, k.trace.sym(names(this.reader.partitions)));
  }

  failed(error: number): void {
    const k = this.kernel;
    k.cause = k.trace.emit('consumer.failed', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(errorName(error)));
    this.stop();
  }
}

function names(partitions: readonly TopicPartition[]): string {
  return partitions.map(partitionKey).join(',');
}
