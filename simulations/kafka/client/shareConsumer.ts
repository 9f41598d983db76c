// The native share consumer of workloads: an application that polls, works through what it was given, and accepts, releases or rejects each record
// (Kafka ShareConsumerImpl, KIP-932).
import type { ProcessSpec } from '../../contract/scenario.ts';
import type { Behavior, Kernel, Process } from '../../kernel/kernel.ts';
import type { Conn, Message } from '../../kernel/network.ts';
import { partitionKey, type TopicPartition } from '../assignors/members.ts';
import { Deadlines, type Deadline } from '../deadlines.ts';
import { errorName } from '../protocol/apiKeys.ts';
import { Client, CLIENT_TIMER } from './client.ts';
import { AssignedMembership } from './consumer/assignedMembership.ts';
import { CoordinatorLink } from './consumer/coordinatorLink.ts';
import type { MembershipHost } from './consumer/membership.ts';
import { ACCEPT, REJECT, RELEASE } from './share/acknowledgements.ts';
import { shareHeartbeats } from './share/shareHeartbeats.ts';
import { ShareReader, type Handed } from './share/shareReader.ts';

export class ShareConsumer implements Behavior, MembershipHost {
  private readonly kernel: Kernel;
  private readonly process: Process;
  private readonly spec: ProcessSpec;
  private readonly client: Client;
  private readonly deadlines: Deadlines;
  private readonly reader: ShareReader;
  private readonly membership: AssignedMembership;
  private readonly workDone: Deadline;
  private readonly pollDue: Deadline;
  private started = false;
  private over = false;
  private working = false;
  private readonly inNextPoll: (() => void)[] = [];
  /** What was handed out and is not yet acknowledged. */
  private current: readonly Handed[] = [];
  /** Records handed out in all. */
  private handed = 0;

  constructor(kernel: Kernel, process: Process, spec: ProcessSpec, brokers: number) {
    this.kernel = kernel;
    this.process = process;
    this.spec = spec;
    this.client = new Client({ kernel, process, spec, brokers, topics: spec.topics, onMetadata: () => this.metadataRead(), withIds: true });
    this.deadlines = new Deadlines(kernel, process, CLIENT_TIMER.deadline);
    const link = new CoordinatorLink(this.client, this.deadlines, spec.group!);
    this.membership = new AssignedMembership({ client: this.client, heartbeats: shareHeartbeats(spec), host: this, link, deadlines: this.deadlines });
    this.reader = new ShareReader({ client: this.client, spec, deadlines: this.deadlines, memberId: () => this.membership.memberId, onRecords: () => this.poll() });
    this.workDone = this.deadlines.make(() => {
      this.working = false;
      this.deadlines.clear(this.pollDue);
      this.poll();
    });
    this.pollDue = this.deadlines.make(() => this.membership.pollExpired());
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
      this.poll();
    } else this.membership.metadataChanged();
  }

  /* ---- the application ---- */

  inPoll(job: () => void): void {
    if (this.working) this.inNextPoll.push(job);
    else job();
  }

  /** The application calls poll, or waits in it and something came. */
  private poll(): void {
    while (!this.over && !this.working) {
      for (const job of this.inNextPoll.splice(0)) job();
      if (this.over) return;
      this.membership.polled();
      this.acknowledge();
      this.current = this.reader.next();
      if (this.current.length === 0) return this.reader.wantMore();
      const taken = this.handOut();
      if (this.spec.workUsPerRecord === 0) continue;
      this.working = true;
      this.deadlines.set(this.workDone, (taken * this.spec.workUsPerRecord) / 1000);
      this.deadlines.set(this.pollDue, this.spec.rebalanceTimeoutMs);
    }
  }

  /** @returns number of records. */
  private handOut(): number {
    const k = this.kernel;
    let taken = 0;
    for (const { topic, partition, firstOffset, lastOffset, firstRecord } of this.current) {
      const count = lastOffset - firstOffset + 1;
      taken += count;
      k.trace.emit('consumer.delivered', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(topic), partition, firstOffset, lastOffset + 1, count, firstRecord);
    }
    return taken;
  }

  /** Says of every record handed out what has become of it: accepted, but for each n-th that the workload wants released or rejected. */
  private acknowledge(): void {
    if (this.current.length === 0) return;
    const { rejectEvery, releaseEvery } = this.spec;
    const said: { handed: Handed; type: number }[] = [];
    for (const run of this.current) {
      if (rejectEvery === 0 && releaseEvery === 0) {
        said.push({ handed: run, type: ACCEPT });
        continue;
      }
      for (let offset = run.firstOffset; offset <= run.lastOffset; offset++) {
        const n = ++this.handed;
        const type = rejectEvery > 0 && n % rejectEvery === 0 ? REJECT : releaseEvery > 0 && n % releaseEvery === 0 ? RELEASE : ACCEPT;
        said.push({ handed: { ...run, firstOffset: offset, lastOffset: offset }, type });
      }
    }
    this.current = [];
    this.reader.acknowledge(said);
  }

  /** Ends in good order: what the application has said is told, what it has not is released, then it leaves. @param then when that is done. */
  close(then: () => void): void {
    if (this.over) return then();
    this.inPoll(() => {
      // Records that are acknowledged by the next poll alone go back.
      if (this.spec.rejectEvery > 0 || this.spec.releaseEvery > 0) this.acknowledge();
      this.over = true;
      for (const d of [this.workDone, this.pollDue]) this.deadlines.drop(d);
      this.reader.close(() => this.membership.close(then));
    });
  }

  shutDown(): void {
    this.close(() => this.kernel.exit(this.process, 0));
  }

  /* ---- what its membership asks ---- */

  owned(): readonly TopicPartition[] {
    return this.reader.partitions;
  }

  commitFirst(_partitions: readonly TopicPartition[], then: () => void): void {
    then();
  }

  hold(): void {}

  assigned(added: readonly TopicPartition[]): void {
    const k = this.kernel;
    const owned = names([...this.reader.partitions, ...added]);
    k.cause = k.trace.emit('consumer.assigned', this.process.sym, k.cause, k.trace.sym(this.spec.group!), k.trace.sym(names(added)), k.trace.sym(owned));
    this.reader.add(added);
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
    this.over = true;
    this.reader.stop();
    for (const d of [this.workDone, this.pollDue]) this.deadlines.drop(d);
  }
}

function names(partitions: readonly TopicPartition[]): string {
  return partitions.map(partitionKey).join(',');
}
